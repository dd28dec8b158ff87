"""The second opinion: when trafilatura is asked, and what the record says of it."""

import itertools

import numpy as np
import pytest
import trafilatura

import scraper
from scraper import cleaner
from scraper.cleaner.model import Model
from scraper.cleaner.second_opinion import MAX_BLOCKS, MAX_DEPTH, find_body
from scraper.outline import outline

SENTENCE = "The tide came in and went out, and the boats rose and fell with it all day long."
PARAGRAPH = f"<p>{SENTENCE} {SENTENCE}</p>"
ARTICLE = f"<html><head><title>Tides</title></head><body><article>{PARAGRAPH * 6}</article></body>"


def found(html):
    tree = cleaner.parse(html)
    return find_body(tree, outline(tree))


def deep(levels):
    """Return an article whose paragraphs stand ``levels`` below the body."""
    return "<body>" + "<div>" * (levels - 1) + PARAGRAPH * 6


@pytest.fixture
def asked(monkeypatch):
    """The list of pages that trafilatura is asked about; it finds nothing on them."""
    pages = []
    monkeypatch.setattr(trafilatura, "bare_extraction", lambda html, **_: pages.append(html))
    return pages


@pytest.fixture
def blind(monkeypatch):
    """A model that finds no article on any page."""
    predict = Model.predict

    def nothing(*args, **options):
        answer = predict(*args, **options)
        none = np.zeros_like(answer.body)
        return answer._replace(body=none, standfirst=none)

    monkeypatch.setattr(Model, "predict", nothing)


def test_it_finds_an_article():
    assert {block.role for block in found(ARTICLE)} == {"p"}


def test_it_is_asked_about_a_page_of_many_blocks(asked):
    found("<p>x</p>" * MAX_BLOCKS)
    assert len(asked) == 1


def test_it_is_not_asked_about_a_page_of_too_many_blocks(asked):
    assert (found("<p>x</p>" * (MAX_BLOCKS + 1)), asked) == ((), [])


def test_it_is_asked_about_a_deep_page(asked):
    found(deep(MAX_DEPTH))
    assert len(asked) == 1


def test_it_is_not_asked_about_a_page_that_is_too_deep(asked):
    assert (found(deep(MAX_DEPTH + 1)), asked) == ((), [])


def test_it_is_not_asked_about_a_page_without_text(asked):
    assert (found("<body><div></div></body>"), asked) == ((), [])


def test_it_is_not_asked_where_the_model_finds_the_article(asked):
    assert (scraper.extract(ARTICLE).extraction.body_source, asked) == ("model", [])


def test_it_is_asked_where_the_model_finds_nothing(blind, asked):
    scraper.extract(ARTICLE)
    assert len(asked) == 1


def test_references_to_controls_do_not_lose_the_page(blind):
    html = ARTICLE.replace("boats", "boats&#1;")
    assert "boats rose" in scraper.extract(html).text


def test_the_record_says_that_the_model_found_the_text():
    assert scraper.extract(ARTICLE).extraction.body_source == "model"


def test_the_record_says_that_trafilatura_found_the_text(blind):
    record = scraper.extract(ARTICLE)
    assert SENTENCE in record.text
    assert record.extraction.body_source == "trafilatura"


def test_the_record_names_nobody_where_nobody_found_a_text(blind, asked):
    record = scraper.extract(ARTICLE)
    assert (record.text, record.extraction.body_source) == ("", None)


def test_there_is_no_confidence_in_a_text_that_the_model_did_not_find(blind):
    assert scraper.extract(ARTICLE).extraction.confidence is None


def test_the_model_s_type_is_told_all_the_same(blind):
    assert scraper.extract(ARTICLE).extraction.page_type is not None


def test_what_it_found_is_not_in_the_ledger(blind):
    html = ARTICLE.replace("<article>", "<nav><a href=x>Home</a></nav><article>")
    assert SENTENCE not in "".join(removal.text for removal in scraper.extract(html).removed)


def test_extract_text_does_not_ask_it(blind, asked):
    assert (scraper.extract_text(ARTICLE), asked) == ("", [])


def test_a_large_page_without_article_is_no_content(blind, asked):
    words = map("".join, itertools.product("abcdefgh", repeat=5))
    page = "".join(f"<p>{word}</p>" for word in itertools.islice(words, MAX_BLOCKS + 1))
    record = scraper.extract(page)
    assert (record.status, record.extraction.body_source, asked) == ("not_article", None, [])
