"""The limiter: what it takes out, what it leaves, and that twice is as good as once."""

import random
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from bench.torture.pages import MARKERS, PAGES, article, before
from fuzz.mutation import mutated
from fuzz.promises import check_limiter
from scraper.limiter import MAX_ATTRIBUTES, MAX_DEPTH, MAX_OPTIONS, limited, swallowed

FIXTURES = sorted((Path(__file__).parent.parent / "fixtures" / "pages").glob("*/page.html"))
DEEPEST = 2 * MAX_DEPTH + 8
"""With html, body, a link, and the row and body that the parser adds around a cell."""
TAGS = "div p a b i font span table tr td ul li svg math mi desc select option form button".split()


def depth(html):
    """How deep the elements of a page are nested, as the parser sees it."""
    deepest, waiting = 0, [(LexborHTMLParser(html).root, 1)]
    while waiting:
        node, level = waiting.pop()
        deepest = max(deepest, level)
        waiting += [(child, level + 1) for child in node.iter()]
    return deepest


def elements(html):
    return len(LexborHTMLParser(html).css("*"))


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.parent.name)
def test_an_ordinary_page_stays_as_it_is(path):
    html = path.read_text("utf-8", "replace").replace("\0", "")
    if not re.search(r"&#(x?)0*[01]?\d?;", html):
        assert limited(html) == html


@pytest.mark.parametrize(
    "unit",
    [
        "<div>",
        "<ul><li>",
        "<table><tr><td>",
        "<blockquote>",
        "<span>",
        "<form><div></form>",
        "<b><div></b>",
        "<p><button><div></div>",
        "<svg><desc><div></div>",
        "<svg><style><g></style>",
        "<div><table><td></div>",
        "<table><td><table></td>",
        "<svg><g>",
        "<object><div></object>",
        "<svg><section></section>",
        "<svg><font x></font>",
        "<svg><font color=x></svg>",
        "<div><script></div></script>",
        "<template><div></div>",
        "<a href=x><div>",
    ],
)
def test_no_nesting_is_deeper_than_browsers_allow(unit):
    html = limited("<svg><div>" + unit * 6000 + "text")
    assert depth(html) <= DEEPEST


@pytest.mark.parametrize(
    "unit", ["<font size=#><p>", "<b i#><i j#>", "<div><b a#></div>x", "<p><u a#><em b#></p><p>x"]
)
def test_formatting_is_not_opened_again_without_end(unit):
    html = "".join(unit.replace("#", str(number)) for number in range(3000))
    assert elements(limited(html)) < 4 * 3000 + 100


def test_formatting_that_is_left_open_as_on_old_pages_stays():
    html = "<p><font color=red>x" * 1900
    assert limited(html) == html


@pytest.mark.parametrize("value", ["1", "'>'", '"<"', "'<p>'"])
def test_attributes_are_few(value):
    tag = "".join(f" a{number}={value}" for number in range(5000))
    node = LexborHTMLParser(limited(f"<div{tag}>x</div>")).css_first("div")
    assert len(node.attributes) == MAX_ATTRIBUTES
    assert node.text() == "x"


def test_one_long_attribute_stays():
    html = f"<div data-x='{'x ' * 100_000}'>x</div>"
    assert limited(html) == html


def test_options_are_bounded_in_each_list():
    html = f"<select>{'<option>x' * 6000}</select>" * 2
    assert limited(html).count("<option>") == 2 * MAX_OPTIONS


def test_text_is_kept():
    html = limited(before("<div><b><font size=1>" * 3000))
    text = LexborHTMLParser(html).text()
    assert [marker for marker in MARKERS if marker not in text] == []


def test_links_of_a_rewritten_page_stay_inline():
    html = limited("<div>" * 6000 + "<p>a <a href=/x>link</a> b</p>")
    assert "<a href=/x>link</a> b</p>" in html


def test_a_rewritten_page_keeps_its_scripts():
    script = "<script>if (a<b && '<div>') {}</script>"
    assert script in limited("<div>" * 6000 + script)


@pytest.mark.parametrize(
    "reference", ["&#1;", "&#8;", "&#xFFFE;", "&#xD800;", "&#x110000;", "&#0;", "&#99999999999;"]
)
def test_a_reference_to_no_character_goes(reference):
    assert reference not in limited(f"<p>a{reference}b")


@pytest.mark.parametrize("reference", ["&#10;", "&#xe9;", "&#128;", "&#x1F600;", "&#;", "&#x;"])
def test_other_references_stay(reference):
    assert reference in limited(f"<p>a{reference}b")


def test_what_is_dropped_makes_no_new_tag():
    html = "<div>" * 6000 + "<<b>script>alert(1)<<b>/script>"
    assert "<script" not in limited(html)


def test_what_is_dropped_makes_no_new_reference():
    assert "&#1;" not in limited("<div>" * 6000 + "&#<b>1;")


@pytest.mark.parametrize("name", PAGES)
def test_twice_is_as_good_as_once(name):
    if name not in ("08_nest_1M", "11_text_10MB", "10_attr_10MB", "52_20k_p_good"):  # for the time
        check_limiter(PAGES[name].make()[:400_000].decode("utf-8", "replace"))


@given(st.lists(st.sampled_from([*TAGS, *(f"/{tag}" for tag in TAGS)]), min_size=1, max_size=8))
@hypothesis_settings(max_examples=40)
def test_no_mixture_of_tags_is_deep(tags):
    html = limited("".join(f"<{tag}>" for tag in tags) * (5_000 // len(tags) + 1))
    assert depth(html) <= DEEPEST
    check_limiter(html)


def test_spoiled_pages_keep_their_promise():
    chance, pages = random.Random(3), [path.read_bytes() for path in FIXTURES]
    for _ in range(100):
        check_limiter(mutated(pages, chance).decode("utf-8", "replace"))


@pytest.mark.parametrize(
    ("html", "ending"),
    [
        ("<p>a<!-- b", "-->"),
        ("<p>a<script>b", "</script>"),
        ("<title>a<p>b", "</title>"),
        ("<TEXTAREA>a", "</textarea>"),
    ],
)
def test_what_swallows_the_rest_is_found(html, ending):
    assert swallowed(html)[1] == ending


@pytest.mark.parametrize(
    "html", ["<!-- a -->b", "<script>'<!--'</script>", "<!-->", "<p title='<!--'>"]
)
def test_what_is_closed_swallows_nothing(html):
    assert swallowed(html) is None


def test_an_article_alone_is_innocent():
    assert limited(article()) == article()


def test_a_link_in_the_deepest_block_is_no_reason_to_begin_anew():
    """Found by fuzzing."""
    check_limiter("<noscript><time>" * 2500 + "<article><h3><a href=/a>\n<header></header><h1>x")
