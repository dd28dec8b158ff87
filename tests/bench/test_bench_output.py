"""What systems report apart from the text, and the golds that begin with it."""

import dataclasses
import sys
from types import SimpleNamespace

import pytest

from bench import peers
from bench.corpora.case import Case
from bench.output import Output
from bench.runner import run_one
from bench.scores import score_page, summarize

WHOLE = Output("text", title="Headline", subtitle="Standfirst")


@pytest.fixture
def case(tmp_path):
    page = tmp_path / "page.html"
    page.write_bytes(b"<p>x")
    return Case("daniel", "1", None, page, "example.org", gold="Headline\n\ntext")


def with_gold(case, **flags):
    return dataclasses.replace(case, **flags)


def system(extract, title=None):
    return peers.System("there", "json", "json", extract, title)


def test_the_text_alone_is_scored_where_the_gold_is_the_text_alone(case):
    assert WHOLE.for_gold(case) == "text"


def test_the_standfirst_stands_before_the_text_where_the_gold_has_it(case):
    assert WHOLE.for_gold(with_gold(case, standfirst_in_gold=True)) == "Standfirst\n\ntext"


def test_the_headline_stands_before_the_standfirst(case):
    both = with_gold(case, standfirst_in_gold=True, headline_in_gold=True)
    assert WHOLE.for_gold(both) == "Headline\n\nStandfirst\n\ntext"


def test_a_text_that_begins_with_the_headline_does_not_get_it_twice(case):
    output = Output("| HEADLINE |\ntext", title="Headline")
    assert output.for_gold(with_gold(case, headline_in_gold=True)) == output.text


def test_a_text_that_has_the_headline_later_gets_it(case):
    output = Output("text, headline", title="Headline")
    assert output.for_gold(with_gold(case, headline_in_gold=True)).startswith("Headline\n")


def test_the_call_for_the_headline_is_made_where_the_gold_has_it(case):
    two = system(lambda html, url: Output("text"), lambda html, url: "Headline")
    outputs = [two.read(with_gold(case, headline_in_gold=flag), b"") for flag in (True, False)]
    assert [output.title for output in outputs] == ["Headline", None]


def test_a_headline_that_raises_leaves_the_text(case):
    def raises(html, url):
        raise ValueError

    two = system(lambda html, url: Output("text"), raises)
    assert two.read(with_gold(case, headline_in_gold=True), b"") == Output("text")


def test_a_failed_page_has_no_headline(case):
    def raises(html, url):
        raise ValueError

    two = system(raises, lambda html, url: "Headline")
    assert run_one(two, with_gold(case, headline_in_gold=True), b"").words.f1 == 0


def test_the_text_alone_is_scored_beside_the_text_with_its_headline(case):
    score = score_page(with_gold(case, headline_in_gold=True), "ours", WHOLE)
    assert (score.words.f1, score.text_f1) == (1.0, pytest.approx(2 / 3))


def test_the_summary_averages_the_text_alone(case):
    headed = with_gold(case, headline_in_gold=True)
    pages = [score_page(headed, "ours", output) for output in (WHOLE, Output(""))]
    assert summarize(pages).text_f1 == pytest.approx(1 / 3)


def test_a_function_that_the_package_lacks_is_named():
    absent = peers.System("later", "json", "json", lambda html, url: Output(""), needs="no_such")
    assert peers.missing(absent) == "later skipped: module 'json' has no attribute 'no_such'"


def article(**made):
    extraction = SimpleNamespace(confidence=0.5, **made)
    fields = {"text": "text", "title": "Headline", "subtitle": None, "error": None}
    return SimpleNamespace(extraction=extraction, **fields)


@pytest.fixture
def ours(monkeypatch):
    def returns(record):
        stand_in = SimpleNamespace(extract=lambda html, url: record)
        monkeypatch.setitem(sys.modules, "scraper", stand_in)
        return peers.ours(b"", None)

    return returns


def test_ours_says_its_page_type_and_confidence(ours):
    output = ours(article(page_type=SimpleNamespace(name="forum", probability=0.8)))
    assert (output.page_type, output.confidence) == ("forum", 0.5)


def test_a_record_without_page_type_says_none(ours):
    assert ours(article()).page_type is None


def test_a_defect_in_ours_is_an_error(ours):
    record = article()
    record.error = SimpleNamespace(code="internal", message="KeyError in extraction")
    with pytest.raises(RuntimeError, match="KeyError"):
        ours(record)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("trafilatura", {}),
        ("trafilatura-fast", {"fast": True}),
        ("trafilatura-precision", {"favor_precision": True}),
    ],
)
def test_trafilatura_leaves_comments_out(monkeypatch, name, options):
    asked = {}
    stand_in = SimpleNamespace(extract=lambda html, **given: asked.update(given))
    monkeypatch.setitem(sys.modules, "trafilatura", stand_in)
    assert peers.REGISTRY[name].extract(b"", None) == Output("")
    assert asked == {"url": None, "include_comments": False, **options}
