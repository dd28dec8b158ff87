"""A crawl that is killed at any moment and taken up: nothing is lost, nothing is there twice.

All of it, 200 moments and every call: ``python -m bench.torture.kill``.
"""

import pytest

from bench.torture import kill, runs
from bench.torture.faults import KILLS
from bench.torture.runs import Record

TIMES = 6
SAMPLE = 3
"""Calls at which a run is killed, chosen by chance among all of them."""


@pytest.fixture
def scratch():
    with runs.scratch() as folder:
        yield folder


@pytest.fixture(scope="module")
def urls():
    with runs.serving(1) as urls:
        yield urls


@pytest.mark.parametrize("layout", kill.LAYOUTS)
def test_a_crawl_that_is_not_killed_has_one_record_for_each_url(layout, urls, scratch):
    found, _, _ = kill.good(scratch, urls, layout)
    assert [len(records) for records in found.values()] == [1] * len(urls)


def test_a_site_has_all_kinds_of_answers(urls, scratch):
    found, _, _ = kill.good(scratch, urls, "jsonl")
    statuses = sorted(record.status for (record,) in found.values())
    assert statuses == ["duplicate"] * 2 + ["error"] * 2 + ["ok"] * 6


OK = Record("ok", None, 1, "x", None)
TWIN = OK._replace(status="duplicate", duplicate_of="a")
WHOLE = {"a": [OK], "b": [TWIN]}


@pytest.mark.parametrize(
    ("found", "wrong"),
    [
        ({"a": [OK], "b": [TWIN]}, []),
        ({"b": [OK], "a": [TWIN]}, []),
        ({"a": [OK]}, ["1 missing"]),
        ({"a": [OK, OK], "b": [TWIN]}, ["1 twice"]),
        ({"a": [OK], "b": [TWIN._replace(version=2)]}, ["1 different"]),
        ({"a": [OK], "b": [TWIN], "c": [OK]}, ["1 unknown", "2 originals too many or few"]),
        ({"a": [TWIN], "b": [TWIN]}, ["1 originals too many or few"]),
    ],
)
def test_the_comparison_sees_what_is_wrong(found, wrong):
    assert runs.differences(WHOLE, found) == wrong


@pytest.mark.parametrize("layout", kill.LAYOUTS)
def test_a_crawl_killed_at_random_moments_ends_as_any(layout, urls, scratch):
    trials = list(kill.kills(scratch, urls, layout, TIMES, seed=7))
    assert [trial for trial in trials if trial.wrong] == []
    assert len(trials) == TIMES


@pytest.mark.parametrize("way", KILLS)
@pytest.mark.parametrize("layout", kill.LAYOUTS)
def test_a_crawl_killed_at_a_call_that_writes_ends_as_any(layout, way, urls, scratch):
    trials = list(kill.faults(scratch, urls, layout, (way,), SAMPLE))
    assert [trial for trial in trials if trial.wrong] == []
    assert len(trials) == SAMPLE
