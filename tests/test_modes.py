"""What counts as the text: the modes of extract, and extract_text for the text alone."""

import functools
import json
from pathlib import Path

import pytest

import scraper
from scraper.text import squeezed

PAGES = Path(__file__).parent.parent / "fixtures" / "pages"
SLUGS = sorted(folder.name for folder in PAGES.iterdir())
MODES = ("article", "auto", "any")
FRONT = (PAGES / "index-page" / "page.html").read_bytes()
ARTICLE = (PAGES / "plain-article" / "page.html").read_bytes()


@functools.cache
def given(slug):
    url = json.loads((PAGES / slug / "page.json").read_text("utf-8"))["url"]
    return (PAGES / slug / "page.html").read_bytes(), url


def test_auto_is_the_default():
    assert scraper.extract(FRONT) == scraper.extract(FRONT, mode="auto")


def test_auto_is_the_default_of_the_text_alone():
    assert scraper.extract_text(ARTICLE) == scraper.extract_text(ARTICLE, mode="auto")


@pytest.mark.parametrize("mode", MODES)
def test_an_article_is_ok_in_every_mode(mode):
    assert scraper.extract(ARTICLE, mode=mode).status == "ok"


@pytest.mark.parametrize("mode", ["article", "auto"])
def test_a_front_page_is_no_article(mode):
    record = scraper.extract(FRONT, mode=mode)
    assert (record.status, record.extraction.warnings) == ("not_article", ("index_page",))


def test_a_front_page_is_what_it_is_where_any_page_is_wanted():
    record = scraper.extract(FRONT, mode="any")
    assert (record.status, "index_page" in record.extraction.warnings) == ("ok", False)


def test_a_front_page_has_text_where_any_page_is_wanted():
    assert scraper.extract(FRONT, mode="any").text


@pytest.mark.parametrize("slug", ["login-page", "not-found-page", "challenge-page"])
def test_what_is_no_page_at_all_is_none_in_any_mode(slug):
    assert scraper.extract(*given(slug), mode="any").status in ("not_article", "blocked")


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("slug", SLUGS)
def test_the_text_alone_is_that_of_the_record_but_for_the_headline(slug, mode):
    record = scraper.extract(*given(slug), mode=mode)
    if record.extraction.body_source == "trafilatura":
        pytest.skip("the model finds nothing here")
    text = scraper.extract_text(*given(slug), mode=mode)
    blocks = text.split("\n\n")
    headed = [block for block in blocks[:5] if squeezed(block) == squeezed(record.title or "")]
    for headline in headed:
        if headline not in record.text.split("\n\n"):
            blocks.remove(headline)
    assert "\n\n".join(blocks) == record.text


@pytest.mark.parametrize("body", [b"", b"%PDF-1.7 x", b"\x89PNG\r\n\x1a\n", bytes(range(256)) * 20])
def test_the_text_of_what_is_no_page_is_empty(body):
    assert scraper.extract_text(body) == ""


@pytest.mark.parametrize("url", ["http://[", "nonsense", "ftp://harbour.example/a", ""])
def test_an_address_that_is_none_changes_nothing(url):
    assert scraper.extract_text(ARTICLE, url) == scraper.extract_text(ARTICLE)


def test_the_text_of_a_decoded_document_of_another_kind_is_empty():
    document = "%PDF-1.7 " + ARTICLE.decode()
    assert scraper.extract(document).error.code == "not_html"
    assert scraper.extract_text(document) == ""


def test_the_text_of_a_decoded_page_is_that_of_its_bytes():
    assert scraper.extract_text(ARTICLE.decode()) == scraper.extract_text(ARTICLE)


def test_the_text_alone_never_raises(monkeypatch):
    monkeypatch.setattr("scraper.cleaner.body_text", lambda *_, **__: 1 / 0)
    assert scraper.extract_text(ARTICLE) == ""


def test_the_text_holds_no_unsafe_characters():
    assert "\u202e" not in scraper.extract_text(ARTICLE.decode().replace("<p>", "<p>\u202e"))
