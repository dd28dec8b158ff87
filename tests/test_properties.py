"""Properties of extract over pages that nobody would write."""

import html
import json
import random
import re
import subprocess
import sys
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

import scraper
from bench.torture.pages import PARAGRAPHS, article, page
from fuzz.mutation import mutated
from fuzz.promises import check as check_promises
from scraper.encoding import decode
from scraper.text import count_words, one_line, without_unsafe, words

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


class _Tokens(HTMLParser):
    """The words of a page as another parser sees them: all of its text, attributes too."""

    def __init__(self, body):
        super().__init__()
        self.words = set()
        self.feed(body)

    def handle_data(self, data):
        self.words.update(words(one_line(data)))

    def handle_starttag(self, tag, attrs):
        for _, value in attrs:
            self.handle_data(value or "")


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.parent.name)
def test_no_word_is_invented(path):
    body = path.read_bytes()
    found = scraper.extract(body)
    known = _Tokens(without_unsafe(decode(body).text)).words
    joined = "".join(sorted(known))  # words that tags stand in come in parts
    invented = [word for word in words(found.text) if word not in known and word not in joined]
    parts = [word for word in invented if not _is_joined(word, known)]
    assert parts == []


def _is_joined(word, known):
    """Whether a word is made of words of the page, as of a drop cap and the rest."""
    return any(word[:cut] in known and word[cut:] in known for cut in range(1, len(word)))


def test_paragraphs_keep_their_order_and_number():
    blocks = [block.text for block in scraper.extract(page(article())).blocks]
    assert blocks == list(PARAGRAPHS)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.parent.name)
def test_no_paragraph_comes_more_often_than_in_the_page(path):
    body = path.read_bytes()
    found = scraper.extract(body)
    seen = one_line(re.sub("<[^<>]*>", "", html.unescape(decode(body).text)))
    counts = Counter(block.text for block in found.blocks if count_words(block.text) > 8)
    assert [text for text, count in counts.items() if count > max(1, seen.count(text))] == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.parent.name)
def test_the_text_of_the_text_is_the_text(path):
    """Extraction again, from the article as a bare page, loses and adds next to nothing."""
    found = scraper.extract(path.read_bytes())
    if found.word_count < 60 or found.status != "ok":
        return
    body = "".join(f"<p>{html.escape(line)}</p>" for line in found.text.split("\n") if line)
    again = scraper.extract(
        f"<title>{found.title}</title><article>{body}</article>", mode="article"
    )
    assert _f1(again.text, found.text) > 0.9


def _f1(one, other):
    ours, theirs = Counter(words(one)), Counter(words(other))
    return 2 * (ours & theirs).total() / max(1, ours.total() + theirs.total())


PAGE = page(article())
TEXT = scraper.extract(PAGE).text
CHANGES = {
    "wrapped": PAGE.replace("<article>", "<div>" * 400 + "<article>"),
    "comments": PAGE.replace("<p>", "<!-- a --><p><!-- b -->"),
    "upper case": re.sub(r"</?\w+", lambda match: match[0].upper(), PAGE),
    "CRLF": PAGE.replace(". ", ".\r\n"),
    "minified": PAGE.replace("</p>", ""),
    "nav": PAGE.replace("<article>", "<nav><a href=/x>Weather</a></nav><article>"),
    "scripts": PAGE.replace("<p>", "<script>var a = '<p>b';</script><style>p {}</style><p>"),
    "junk behind": PAGE + "\n<!-- served in 3 ms -->\0\0",
    "quotes": re.sub(r"=(/\w)", r"='\1'", PAGE),
}
ENCODINGS = ["utf-8", "utf-16", "utf-16le", "utf-16be", "shift_jis", "gb18030", "windows-1252"]


@pytest.mark.parametrize("name", CHANGES)
def test_what_a_reader_does_not_see_changes_nothing(name):
    assert scraper.extract(CHANGES[name]).text == TEXT


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_the_encoding_changes_nothing(encoding):
    declared = PAGE.replace("charset=utf-8", f"charset={encoding}")
    assert scraper.extract(declared.encode(encoding)).text == TEXT


@pytest.mark.parametrize("tenth", range(4, 10))
def test_a_page_cut_short_gives_the_beginning_of_its_text(tenth):
    parts = tuple(f"Part {number}. {text}" for number in range(4) for text in PARAGRAPHS)
    body = page(article(parts))
    cut = scraper.extract(body[: len(body) * tenth // 10]).text
    assert scraper.extract(body).text.startswith(cut[:-40])
    assert len(cut) > 200


def test_extraction_opens_nothing():
    """No file, no socket, no process, once what it needs is loaded."""
    code = (
        "import sys, scraper; from pathlib import Path;"
        f"pages = [path.read_bytes() for path in Path({str(PAGES[0].parent.parent)!r})"
        ".glob('a*/page.html')]; [scraper.extract(page) for page in pages]; seen = [];"
        "sys.addaudithook(lambda event, _: seen.append(event) if event.startswith("
        "('open', 'socket', 'subprocess', 'os.', 'exec', 'urllib')) else None);"
        "[scraper.extract(page) for page in pages]; print(sorted(set(seen)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


def test_spoiled_pages_keep_all_promises():
    chance, pages = random.Random(11), [path.read_bytes() for path in PAGES]
    for _ in range(120):
        check_promises(mutated(pages, chance), "https://harbour.example/news/ferry")
