"""The gate's verdicts and how floors are pinned."""

import pytest

from bench import peers
from bench.corpora.case import Case, Promo
from bench.gate import Measured, compare, measure, pinned, read_floors, regressions, write_floors
from bench.output import Output
from bench.sample import choose, digest


def measured(sha256="s", pages=10, **scores):
    return {"wcxb": Measured(pages, sha256, scores)}


def failed(checks):
    return [check.metric for check in checks if not check.passed]


def test_an_equal_score_passes():
    assert not failed(compare(measured(word_f1=0.9), measured(word_f1=0.9)))


def test_a_score_within_the_tolerance_passes():
    assert not failed(compare(measured(word_f1=0.9), measured(word_f1=0.8996)))


def test_a_score_below_the_floor_fails():
    assert failed(compare(measured(word_f1=0.9), measured(word_f1=0.8994))) == ["word_f1"]


def test_more_leak_fails():
    old, new = measured(promo_drop_leak=0.02), measured(promo_drop_leak=0.03)
    assert failed(compare(old, new)) == ["promo_drop_leak"]


def test_less_leak_passes():
    assert not failed(compare(measured(promo_drop_leak=0.02), measured(promo_drop_leak=0.01)))


def test_more_leak_between_the_paragraphs_fails():
    old, new = measured(promo_inside_leak=0.02), measured(promo_inside_leak=0.03)
    assert failed(compare(old, new)) == ["promo_inside_leak"]


def test_a_figure_that_is_not_pinned_yet_passes():
    old, new = measured(word_f1=0.9), measured(word_f1=0.9, promo_keep_recall=0.9)
    assert not failed(compare(old, new))


def test_pinning_adds_a_figure_that_was_not_pinned():
    old, new = measured(word_f1=0.9), measured(word_f1=0.9, promo_keep_recall=0.9)
    assert pinned(old, new) == new


def test_another_sample_fails():
    old, new = measured("a", word_f1=0.9), measured("b", word_f1=0.95)
    assert failed(compare(old, new)) == ["sample"]


def test_a_smaller_sample_fails():
    assert failed(compare(measured(pages=10), measured(pages=9))) == ["sample"]


def test_a_corpus_that_is_absent_passes():
    assert not failed(compare(measured(word_f1=0.9), {}))


def test_a_corpus_without_floors_fails():
    assert failed(compare({}, measured(word_f1=0.9))) == ["sample"]


def test_a_metric_that_is_no_longer_measured_fails():
    assert failed(compare(measured(word_f1=0.9), measured())) == ["word_f1"]


def test_a_lower_score_is_named_as_regression():
    (line,) = regressions(measured(word_f1=0.9), measured(word_f1=0.8))
    assert line == "wcxb word_f1: 0.9 -> 0.8"


def test_a_better_score_is_no_regression():
    assert not regressions(measured(word_f1=0.9), measured(word_f1=0.95))


def test_pinning_raises_a_floor():
    assert pinned(measured(word_f1=0.9), measured(word_f1=0.95)) == measured(word_f1=0.95)


def test_pinning_keeps_a_floor_that_noise_would_lower():
    assert pinned(measured(word_f1=0.9), measured(word_f1=0.8997)) == measured(word_f1=0.9)


def test_pinning_lowers_a_ceiling():
    old, new = measured(promo_drop_leak=0.02), measured(promo_drop_leak=0.01)
    assert pinned(old, new) == new


def test_pinning_lowers_a_floor_where_told():
    old, new = measured(word_f1=0.9), measured(word_f1=0.8)
    assert pinned(old, new, lower=True) == new


def test_pinning_keeps_the_floors_of_absent_corpora():
    old = measured(word_f1=0.9)
    assert pinned(old, {}) == old


def test_floors_survive_a_round_trip(tmp_path):
    floors = measured(word_f1=0.9)
    write_floors(tmp_path / "floors.json", floors)
    assert read_floors(tmp_path / "floors.json") == floors


def test_no_file_means_no_floors(tmp_path):
    assert read_floors(tmp_path / "floors.json") == {}


def test_the_gate_measures_the_promo_exam(tmp_path, monkeypatch):
    promo = Promo(
        ("Buy it", "Join"), (True, False), ("ad", "ad"), ("prose", "more"), (False, False)
    )
    page = tmp_path / "page.html"
    page.write_bytes(b"<p>x")
    case = Case("promo", "wcxb:1", None, page, "example.org", promo=promo)
    ours = peers.System("ours", "json", "json", lambda html, url: Output("Prose. Buy it"))
    monkeypatch.setitem(peers.REGISTRY, "ours", ours)
    assert measure([case]).scores == {
        "promo_perfect": 0.0,
        "promo_drop_leak": 0.5,
        "promo_inside_leak": 1.0,
        "promo_keep_recall": 0.5,
    }


@pytest.fixture
def cases(tmp_path):
    page = tmp_path / "page.html"
    page.write_bytes(b"<p>x")
    return [
        Case("c", f"{kind}{number}", None, page, "example.org", gold="x", page_type=kind)
        for kind in ("article", "forum")
        for number in range(9)
    ]


def test_the_sample_takes_the_quota_of_each_group(cases):
    groups = [case.group for case in choose(cases, {"article": 4, "*": 2})]
    assert (groups.count("article"), groups.count("forum")) == (4, 2)


def test_the_sample_does_not_depend_on_the_order_of_the_corpus(cases):
    assert choose(cases, {"": 5}) == choose(cases[::-1], {"": 5})


def test_the_sample_keeps_its_pages_when_others_leave(cases):
    chosen = choose(cases, {"": 5})
    assert choose([case for case in cases if case in chosen], {"": 5}) == chosen


def test_the_digest_notices_a_changed_page(cases):
    before = digest(cases)
    cases[0].path.write_bytes(b"<p>y")
    assert digest(cases) != before
