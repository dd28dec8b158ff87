"""The page type and the confidence that ours states, against the gold."""

import pytest

from bench.corpora.case import Case
from bench.output import Output
from bench.quality.claims import (
    NO_CONFIDENCE,
    NO_TYPES,
    accuracy,
    claims,
    confidence_section,
    confusion,
    reliability,
    type_section,
)
from bench.scores import score_page


def page(text="a b", gold_type="article", **said):
    case = Case("wcxb", "1", None, None, "example.org", gold="a b", page_type=gold_type)
    return score_page(case, "ours", Output(text, **said))


def test_types_are_counted_by_gold_and_claim():
    pages = [page(page_type="forum"), page(page_type="article"), page()]
    assert confusion(pages) == {("article", "forum"): 1, ("article", "article"): 1}


def test_accuracy_is_the_share_of_right_types():
    assert accuracy(confusion([page(page_type="forum"), page(page_type="article")])) == 0.5


def test_a_table_has_a_row_for_each_type_of_the_gold():
    pages = [page(page_type="article"), page(gold_type="forum", page_type="article")]
    text = type_section({"wcxb": pages})
    assert "| article | 1 |  | 100.0 |\n| forum | 1 |  | 0.0 |" in text


def test_a_type_that_only_ours_knows_has_a_column():
    pages = [page(page_type="shop"), page(gold_type="forum", page_type="forum")]
    assert "| article | forum | shop |" in type_section({"wcxb": pages})


def test_types_that_ours_does_not_say_are_one_line():
    assert type_section({"wcxb": [page()]}) == NO_TYPES


def test_a_corpus_of_one_type_has_no_table():
    assert type_section({"fundus": [page(page_type="article")]}) == NO_TYPES


def test_confident_pages_that_score_low_are_an_error():
    assert reliability([page("x", confidence=0.9)]).error == pytest.approx(0.9)


def test_buckets_hold_mean_confidence_and_mean_f1():
    pages = [page("a b", confidence=0.92), page("x", confidence=0.98)]
    (bucket,) = reliability(pages).buckets
    assert (bucket.low, bucket.count, bucket.f1) == (0.9, 2, 0.5)
    assert bucket.confidence == pytest.approx(0.95)


def test_the_error_is_weighed_by_pages():
    pages = [page("a b", confidence=1.0)] * 3 + [page("x", confidence=0.4)]
    assert reliability(pages).error == pytest.approx(0.1)


def test_full_confidence_falls_into_the_last_bucket():
    assert reliability([page(confidence=1.0)]).buckets[0].low == 0.9


def test_confidence_that_ours_does_not_say_is_one_line():
    assert confidence_section({"wcxb": [page()]}) == NO_CONFIDENCE


def test_the_figures_leave_out_corpora_of_which_ours_says_nothing():
    figures = claims({"wcxb": [page(page_type="forum", confidence=0.5)], "daniel": [page()]})
    assert list(figures) == ["wcxb"]
    assert figures["wcxb"]["types"] == {"article": {"forum": 1}}
