"""Properties of extract over pages that nobody would write."""

import html
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

import scraper
from scraper.text import without_unsafe

PAGES = sorted((Path(__file__).parent.parent / "fixtures" / "pages").glob("*/page.html"))
TAGS = (
    "div p a b i table tr td ul li h1 h2 nav aside footer script style title textarea noscript"
    " template svg select option form iframe blockquote pre br img article time"
).split()
NASTY = [
    "class=newsletter",
    "id=comments",
    "hidden",
    "href='javascript:x'",
    "lang=\x00",
    "rel=author",
]

leaves = st.text(max_size=40) | st.sampled_from(["&#1;", "&#xFFFE;", "\u202e", "<!--", "]]>", "&"])


@st.composite
def element(draw, inside):
    tag, attribute = draw(st.sampled_from(TAGS)), draw(st.sampled_from(["", *NASTY]))
    closing = draw(st.sampled_from([f"</{tag}>", "", "</div>"]))
    return f"<{tag} {attribute}>{''.join(draw(st.lists(inside, max_size=4)))}{closing}"


soup = st.recursive(leaves, element, max_leaves=30)


def texts(value):
    """Yield every string of a record."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)


def check(article):
    """What must hold of any record."""
    record = article.to_dict()
    assert "internal" not in article.extraction.warnings
    assert len(article.to_json().splitlines()) == 1
    json.loads(article.to_json())
    for text in texts(record):
        assert without_unsafe(text.replace("\n", "")) == text.replace("\n", "")
    article.to_markdown()


@given(soup)
@hypothesis_settings(max_examples=150)
def test_tag_soup(page):
    check(scraper.extract(page))


@given(st.binary(max_size=3000))
def test_bytes(body):
    check(scraper.extract(body))


@given(soup, st.text(max_size=60))
def test_any_url_text_does_not_raise(page, url):
    check(scraper.extract(page, url))


@given(st.sampled_from(PAGES), st.integers(0, 4000), st.binary(max_size=20))
def test_a_damaged_page(path, place, junk):
    body = path.read_bytes()
    check(scraper.extract(body[:place] + junk + body[place + 7 :]))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.parent.name)
def test_a_page_cut_anywhere(path):
    body = path.read_bytes()
    for tenth in range(1, 10):
        check(scraper.extract(body[: len(body) * tenth // 10]))


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=200))
def test_text_is_on_the_page(sentence):
    """Nothing is invented: every word of the text is a word of the page."""
    page = f"<article><h1>T</h1><p>{html.escape(sentence)}</p><p>{'word ' * 80}</p></article>"
    found = scraper.extract(page)
    known = without_unsafe(sentence)
    assert all(
        word in known or word in "word T" or not word.isalnum() for word in found.text.split()
    )
