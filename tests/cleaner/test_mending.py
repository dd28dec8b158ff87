"""Markup that hides a page's text is mended where prose stands in it, and only there."""

import pytest

import scraper
from bench.torture.pages import MARKERS, article
from scraper.cleaner import parse, unveiled
from scraper.cleaner.mending import mended

TEXT = article()
OPENERS = ["<!-- x", "<script>", "<style>", "<title>", "<textarea>", "<iframe src=/x>"]


@pytest.mark.parametrize("opener", OPENERS)
def test_what_is_swallowed_comes_back(opener):
    found = scraper.extract(f"<html><body>{opener}{TEXT}").text
    assert [marker for marker in MARKERS if marker not in found] == []


@pytest.mark.parametrize("opener", OPENERS)
def test_the_text_alone_is_mended_too(opener):
    assert MARKERS[5] in scraper.extract_text(f"<html><body>{opener}{TEXT}")


def test_a_mended_page_says_so():
    article = scraper.extract(f"<body><!-- x {TEXT}")
    assert article.extraction.warnings == ("mended_markup",)


def test_two_unclosed_elements_are_mended():
    found = scraper.extract(
        f"<body><script>var a;\n{TEXT.replace('<p>MARKER4', '<!-- <p>MARKER4')}"
    )
    assert MARKERS[5] in found.text


@pytest.mark.parametrize(
    "html",
    [
        TEXT,
        TEXT + "<script>var page = 'cut off in a script, as many are'; if (a",
        TEXT + "<!-- a comment that is cut",
        TEXT + f"<script>document.write('{TEXT.replace('</', '<')}",
        f"<!-- {TEXT} -->{TEXT}",
    ],
)
def test_what_hides_no_prose_stays(html):
    assert mended(html, parse(html)) is None


def test_code_before_the_prose_is_no_text():
    found = scraper.extract(f"<body><script>var secret = 1;\n{TEXT}").text
    assert "secret" not in found


def test_the_text_in_a_template_is_found():
    found = scraper.extract(f"<body><template shadowrootmode=open>{TEXT}</template>")
    assert MARKERS[0] in found.text


def test_a_template_beside_an_article_stays_hidden():
    found = scraper.extract(f"<body>{TEXT}<template><p>{'Not shown to anybody. ' * 20}</template>")
    assert "Not shown" not in found.text


def test_a_page_without_templates_has_nothing_to_unveil():
    assert unveiled(TEXT) is None
