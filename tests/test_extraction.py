"""What extract promises on any input, and what it makes of the seed's layout."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest
from loopback import article

import scraper
from scraper.blank import blank_fetch
from scraper.extraction import extract_page
from scraper.model import Page
from scraper.text import count_words

FIXTURES = Path(__file__).parent.parent / "fixtures"
SEED = FIXTURES / "site" / "meridian-brief" / "originals" / "2026" / "harbour-strike.html"
PARAGRAPH = "<p>The ferry left the quay at nine, and by noon the island was in sight of all.</p>"
PAGE = f"<html lang=en><title>Noon</title><body><h1>Noon</h1>{PARAGRAPH * 6}</body></html>"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", "error", "empty_body"),
        (b" \r\n\t", "error", "empty_body"),
        (b"\xef\xbb\xbf", "error", "empty_body"),
        (b"\x00" * 100_000, "error", "empty_body"),
        (b"%PDF-1.7 and so on", "error", "not_html"),
        (b"\x89PNG\r\n\x1a\n", "error", "not_html"),
        (bytes(range(256)) * 200, "error", "not_html"),
        (b"<html><body></body></html>", "not_article", "no_content"),
        (b"<p>Few words.</p>", "ok", "short_text"),
        (b"<form><input type=password>Log in</form>", "not_article", "login_page"),
    ],
)
def test_status_and_warning(body, status, code):
    article = scraper.extract(body)
    assert (article.status, code in article.extraction.warnings) == (status, True)


def test_error_records_carry_the_code_as_error_too():
    assert scraper.extract(b"%PDF-1.7").error.code == "not_html"


def test_a_page_without_an_article_has_no_error():
    assert scraper.extract(b"<html></html>").error is None


def test_text_and_bytes_give_the_same_text():
    assert scraper.extract(PAGE).text == scraper.extract(PAGE.encode()).text


def test_the_headline_is_not_repeated():
    assert "Noon" not in scraper.extract(PAGE).text.split("\n\n")


def test_record_is_frozen():
    with pytest.raises(AttributeError):
        scraper.extract(PAGE).title = "x"


def test_to_dict_is_what_json_says():
    article = scraper.extract(PAGE)
    assert msgspec.json.decode(article.to_json()) == article.to_dict()


def test_record_is_valid(validator):
    validator.validate(scraper.extract(PAGE).to_dict())


def test_id_is_that_of_the_url_without_tracking():
    one = scraper.extract(PAGE, "https://harbour.example/a?utm_source=x")
    assert one.id == scraper.extract(PAGE, "https://harbour.example/a").id


def test_id_without_url_is_that_of_the_bytes():
    assert scraper.extract(PAGE).id == scraper.extract(PAGE.encode()).id
    assert scraper.extract(PAGE).id != scraper.extract(PAGE + " ").id


def test_relative_links_become_absolute():
    html = PAGE.replace("<body>", "<meta property=og:image content=/a.jpg><body>")
    article = scraper.extract(html, "https://harbour.example/news/one")
    assert article.image.url == "https://harbour.example/a.jpg"


def test_an_exception_inside_becomes_a_record(monkeypatch):
    monkeypatch.setattr("scraper.cleaner.clean", lambda tree: 1 / 0)
    article = scraper.extract(PAGE)
    assert (article.status, article.error.code) == ("error", "internal")


def test_ten_threads_give_the_same_records():
    wanted = scraper.extract(SEED.read_bytes()).to_json()
    with ThreadPoolExecutor(10) as threads:
        found = list(threads.map(lambda _: scraper.extract(SEED.read_bytes()).to_json(), range(20)))
    assert set(found) == {wanted}


def test_another_process_locale_and_hash_seed_give_the_same_record():
    code = (
        f"import sys, scraper; page = open({str(SEED)!r}, 'rb').read();"
        "sys.stdout.buffer.write(scraper.extract(page).to_json().encode())"
    )
    environment = {"PYTHONHASHSEED": "7", "LC_ALL": "C", "TZ": "Asia/Tokyo", "PATH": ""}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, env=environment
    )
    assert done.stdout.decode() == scraper.extract(SEED.read_bytes()).to_json()


def test_http_charset_is_heard():
    fetch = msgspec.structs.replace(blank_fetch("x"), content_type="text/html; charset=koi8-r")
    page = Page(body="<p>привет</p>".encode("koi8-r"), url=None, fetch=fetch)
    article = extract_page(page)
    assert (article.text, article.fetch.encoding) == ("привет", "koi8-r")


def test_many_replacement_characters_are_told():
    article = scraper.extract(b"<meta charset=utf-16le>" + b"\xff\xfe" + b"\x00\xd8" * 50)
    assert article.status in ("ok", "not_article", "error")


def test_deep_nesting_does_not_raise():
    assert scraper.extract("<div>" * 3000 + PARAGRAPH * 5).status in ("ok", "not_article")


class TestSeedLayout:
    """The page from which the project started: a fine article, then forty lines of membership."""

    article = scraper.extract(SEED.read_bytes(), "https://meridian.example/originals/strike")

    def test_first_and_last_block_are_the_article_s(self):
        assert self.article.blocks[0].text.startswith("For nineteen days no crane moved")
        assert self.article.blocks[-1].text.startswith("Tarrabel climbed to his cab")

    @pytest.mark.parametrize(
        "promo",
        ["Skip to main content", "What's included", "Grain & Softs", "Try it free", "Sign in"],
    )
    def test_nothing_of_the_rest_is_left(self, promo):
        assert promo not in self.article.text

    @pytest.mark.parametrize("kind", ["navigation", "membership", "newsletter", "signin"])
    def test_the_ledger_tells_it(self, kind):
        assert kind in {removal.kind for removal in self.article.removed}

    def test_every_word_is_kept_or_in_the_ledger(self):
        """Or the standfirst; the headline is the title."""
        told = self.article.word_count + sum(removal.words for removal in self.article.removed)
        told += count_words(self.article.subtitle)
        words = self.article.word_count / self.article.extraction.kept_ratio
        assert told == pytest.approx(words, rel=0.03)


@pytest.mark.parametrize(("length", "told"), [(480, False), (9_000, True)])
def test_a_title_without_end_is_cut_and_told(length, told):
    title = ("Noon " * length)[:length].strip()
    page = article(title=title)
    record = scraper.extract(page)
    assert len(record.title) <= 500
    assert ("title_truncated" in record.extraction.warnings) == told
