"""Nothing hostile in a page reaches a record: characters, links, Markdown, lines."""

import json
import re

import pytest

import scraper
from bench.torture.pages import MARKERS, PARAGRAPHS, page
from fuzz.promises import check_record, strings
from scraper.extraction import explain

EVIL = (
    "a\x00b\x07c\x1b[31md\x1b]8;;http://x\x07e\x85f\x9bg\u202eh\u2066i\ufeffj\u2028k\ufffel\u0008"
)
LINKS = [
    "javascript:alert(1)",
    "vbscript:x",
    "data:text/html,<script>alert(1)</script>",
    " JaVaScRiPt&#58;alert(1)",
    "java\tscript:alert(1)",
    "java\nscript:alert(1)",
    "&#1;javascript:alert(1)",
    "file:///etc/passwd",
    "//[::1",
    "http://[bad",
    "http://a b/\x1b",
    "intent:x",
]
URL = "https://harbour.example/news/ferry"


def hostile(text, link):
    """A page with ``text`` and ``link`` wherever a record takes something from."""
    stated = json.dumps(
        {
            "@type": "NewsArticle",
            "headline": text,
            "author": {"name": text, "url": link},
            "image": {"url": link, "caption": text},
            "keywords": [text],
            "articleSection": text,
            "inLanguage": text,
            "datePublished": text,
            "publisher": {"name": text},
            "url": link,
        }
    )
    body = "".join(
        f"<p>{paragraph} {text} <a href='{link}'>more</a></p>" for paragraph in PARAGRAPHS
    )
    return page(
        f"<article class='{text}'><h1>{text}</h1><a rel=author href='{link}'>{text}</a>"
        f"<figure><img src='{link}' srcset='{link} 2x'><figcaption>{text}</figcaption></figure>"
        f"{body}<ul><li>{text} item of some length</ul><pre>{text}\n code</pre>"
        f"<table><tr><td>{text}<td>b<tr><td>c<td>d</table></article>"
        f"<div class=newsletter><p>Subscribe to our newsletter {text}</div>",
        f"<base href='{link}'><link rel=canonical href='{link}'><meta name=author content='{text}'>"
        f"<meta property=og:image content='{link}'><meta property=og:site_name content='{text}'>"
        f"<meta name=description content='{text}'>"
        f"<script type=application/ld+json>{stated}</script>",
    )


@pytest.mark.parametrize("url", [URL, None])
def test_no_field_holds_a_control_character(url):
    check_record(scraper.extract(hostile(EVIL, "/a"), url))


def test_no_ledger_or_explanation_holds_one():
    explained = explain(hostile(EVIL, "/a"), URL)
    told = "".join(piece.text + (piece.path or "") for piece in explained.pieces)
    assert re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", told) is None


@pytest.mark.parametrize("link", LINKS)
@pytest.mark.parametrize("url", [URL, None])
def test_no_field_holds_a_link_that_is_none_of_the_web_s(link, url):
    article = scraper.extract(hostile("text", link), url)
    check_record(article)
    assert [text for _, text in strings(article.to_dict()) if "script:" in text.lower()] == []


@pytest.mark.parametrize("link", LINKS)
def test_the_article_survives_any_link(link):
    text = scraper.extract(hostile("text", link), URL).text
    assert [marker for marker in MARKERS if marker not in text] == []


@pytest.mark.parametrize("link", LINKS)
def test_no_markdown_links_elsewhere(link):
    markdown = scraper.extract(hostile("text", link), URL).to_markdown()
    targets = re.findall(r"(?<!\\)\]\(<?([^)>]*)", markdown)
    assert [target for target in targets if not target.startswith("https://")] == []


@pytest.mark.parametrize(
    "markup",
    [
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "[a](javascript:x)",
        "![a](http://x)",
        "`code`",
        "# head",
        "&gt; quote",
        "- item",
        "+ item",
        "1. item",
        "***",
        "~~~",
        "&amp;lt;b&amp;gt;",
        "&lt;http://x&gt;",
        "a\\](b",
    ],
)
def test_a_page_s_characters_are_no_markdown(markup):
    markdown = scraper.extract(
        page(f"<article><p>{markup} and {PARAGRAPHS[0]}</article>")
    ).to_markdown()
    line = next(line for line in markdown.split("\n") if MARKERS[0] in line)
    assert re.search(r"(?<!\\)[<\[\]`]|^[#>+-]|^\d+\.|^~~~|(?<!\\)\*|(?<!\\)&\w+;", line) is None


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1e"])
def test_a_record_is_one_line(separator):
    article = scraper.extract(hostile(f"a{separator}b", "/a"), URL)
    assert len(article.to_json().splitlines()) == 1


def test_a_long_title_is_bounded():
    article = scraper.extract(page(f"<p>{PARAGRAPHS[0]}", f"<title>{'long ' * 100_000}</title>"))
    assert len(article.title or "") < 10_000
