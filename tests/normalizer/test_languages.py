"""The language: what the page states, checked on its text."""

import pytest

import scraper

GERMAN = "<p>Die Fähre verließ den Anleger um neun, und gegen Mittag sahen alle die Insel.</p>"
ENGLISH = "<p>The ferry left the quay at nine, and by noon the island was in sight of all.</p>"
SWAHILI = "<p>Meli iliondoka bandarini saa tatu, na adhuhuri watu wote waliona kisiwa hicho.</p>"


def extract(stated, text, times):
    paragraphs = "".join(text.replace(".</p>", f" {n}.</p>") for n in range(times))
    return scraper.extract(f"<html {stated}><article><h1>Noon</h1>{paragraphs}")


def language(stated, text, times=12):
    return extract(stated, text, times).language


@pytest.mark.parametrize(("stated", "text"), [("de", GERMAN), ("en-GB", ENGLISH)])
def test_what_is_stated_and_heard_stands(stated, text):
    assert language(f"lang={stated}", text) == stated


def test_a_theme_s_default_gives_way_to_the_text():
    assert language("lang=en-US", SWAHILI) == "sw"


def test_a_short_text_is_not_heard_against_the_page():
    assert language("lang=en", GERMAN, 3) == "en"


def test_without_a_statement_the_text_is_heard():
    assert language("", GERMAN) == "de"


def test_neither_stated_nor_heard_is_none():
    assert scraper.extract("<p>Noon.</p>").language is None


def test_evidence_names_the_text():
    article = extract("lang=en", SWAHILI, 12)
    assert article.extraction.evidence["language"].source == "text.detected"
