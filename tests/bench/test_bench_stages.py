"""The profile by stage, on a package of three functions."""

import sys
from types import ModuleType, SimpleNamespace

import pytest

from bench import peers
from bench.output import Output
from bench.speed.report import stages_markdown
from bench.speed.stages import REST, STAGES, Profile, absent, patched, profile_pages, summary

MADE = {"date": "d", "python": "p", "machine": "m", "versions": {"ours": "1"}}


@pytest.fixture
def clock():
    return SimpleNamespace(now=0.0)


@pytest.fixture
def package(clock, monkeypatch):
    """Put package `staged` into place: outer (2 s of its own) calls inner (3 s)."""
    inside, home = ModuleType("staged.inside"), ModuleType("staged")

    def inner():
        clock.now += 3

    def outer():
        clock.now += 2
        home.borrowed()

    inside.inner, home.outer, home.borrowed = inner, outer, inner
    monkeypatch.setitem(sys.modules, "staged", home)
    monkeypatch.setitem(sys.modules, "staged.inside", inside)
    return home


TABLE = {"one": ("staged:outer",), "two": ("staged.inside:inner", "staged:no_such")}


def test_a_stage_is_timed_without_the_stages_inside_it(package, clock):
    profile = Profile(lambda: clock.now)
    with patched(profile, TABLE, "staged"):
        package.outer()
    assert profile.spent == {"one": 2, "two": 3}


def test_a_method_is_timed_in_its_class(package, clock):
    class Model:
        def predict(self):
            clock.now += 4

    package.Model, plain = Model, Model.predict
    profile = Profile(lambda: clock.now)
    with patched(profile, {"model": ("staged:Model.predict",)}, "staged"):
        Model().predict()
    assert (profile.spent, Model.predict) == ({"model": 4}, plain)


def test_a_stage_that_raises_is_timed(clock):
    def raises():
        clock.now += 1
        raise ValueError

    profile = Profile(lambda: clock.now)
    with pytest.raises(ValueError):  # noqa: PT011
        profile.timed("one", raises)()
    assert profile.spent == {"one": 1}


def test_the_package_is_left_as_it_was(package):
    outer = package.outer
    with patched(Profile(), TABLE, "staged"):
        assert package.outer is not outer
    assert package.outer is outer


def test_functions_that_are_not_there_are_named(package):
    assert absent({**TABLE, "three": ("no_such_module:f",)}) == [
        "staged:no_such",
        "no_such_module:f",
    ]


def test_a_page_that_fails_is_left_out():
    def raises(html, url):
        raise ValueError

    case = SimpleNamespace(html=b"", url=None)
    assert profile_pages(peers.System("ours", "json", "json", raises), [case], 1) == []


def test_what_no_stage_names_is_the_rest():
    case = SimpleNamespace(html=b"", url=None)
    idle = peers.System("ours", "json", "json", lambda html, url: Output(""))
    (spent,) = profile_pages(idle, [case], 2)
    assert list(spent) == [REST]


def test_shares_are_of_the_whole():
    rows = summary([{"parse": 1.0, REST: 3.0}, {"parse": 2.0, REST: 2.0}])
    assert rows["parse"] == {"median": 1.5, "mean": 1.5, "share": 0.375}
    assert rows["all"]["mean"] == 4.0


def test_the_table_has_a_row_a_stage_and_names_what_is_absent():
    text = stages_markdown(MADE, {"wcxb": {"ours": [{"parse": 1.0, REST: 3.0}]}}, ["a:b"])
    assert "| parse | 1.0 | 1.0 | 25.0 |" in text
    assert "a:b" in text


def test_decoding_is_found_in_the_package():
    assert STAGES["decode"][0] not in absent({"decode": STAGES["decode"]})
