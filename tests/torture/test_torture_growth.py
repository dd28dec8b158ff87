"""Twice the page takes twice the time, whatever it is made of."""

import time

import pytest

import scraper
from bench.torture.pages import article, page

RATIO = 2.6
NOISE = 0.02
"""Seconds below which a time is not compared."""
SIZE = 20_000
"""Bytes of the smaller page; the larger has twice as many."""
TEXT = article()

FAMILIES = {
    "div": "<div>",
    "ul": "<ul><li>",
    "table": "<table><tr><td>",
    "blockquote": "<blockquote>",
    "span": "<span>",
    "b": "<b>",
    "font": "<font size=#>",
    "a p": "<a href=#><p>",
    "b i": "<b a#><i b#>",
    "font p": "<font size=#><p>",
    "option": "<option>o",
    "td": "<td>x",
    "br": "<br>",
    "p": "<p>x y z</p>",
    "prose": "<p>The ferry left the quay at nine, and by noon the island was in sight of all.</p>",
    "link": "<a href=/#>link #</a> ",
    "heading": "<h2>Heading #</h2>",
    "meta": "<meta name=author content='Ada Writer #'>",
    "JSON-LD": '<script type=application/ld+json>{"@type":"Article","headline":"a#"}</script>',
    "comment": "<!-- c -->",
    "comment opens": "<!--",
    "lt": "< ",
    "amp": "&amp",
    "digits": "2024-01-",
    "spaces": " \n\t",
    "word": "x",
    "cdata": "]]>",
    "time": "<time datetime=2024-01-0#>x</time>",
    "img": "<img src=/#.jpg srcset='/#.jpg 2x'>",
    "svg": "<svg><g>",
    "select": "<select><option>o</select>",
    "form": "<form><div></form>",
    "list item": "<li>Item number #</li>",
    "script": "<script>var a# = 'b';</script>",
    "newsletter": "<div class=newsletter>Subscribe to our newsletter #</div>",
    "end tags": "</div></p></b>",
}
WRAPPED = {
    "attributes": ("<div ", "a#=1 ", ">x</div>"),
    "class list": ("<div class='", "c# ", "'>x</div>"),
    "quotes": ('<div a="', "' ", '">x</div>'),
    "srcset": ("<img srcset='", "/a#.jpg 1x, ", "'>"),
    "JSON-LD depth": ("<script type=application/ld+json>", "[", "</script>"),
    "state": ("<script>var a = {", '"author": {"name": "A#"},', "}</script>"),
    "options": ("<select>", "<option>o#", "</select>"),
    "title": ("<title>", "long ", "</title>"),
}


def made(parts, size):
    begin, unit, end = parts
    units = (unit.replace("#", str(number)) for number in range(size // len(unit)))
    return page(TEXT + begin + "".join(units) + end).encode()


def seconds(body):
    best = 9.0
    for _ in range(3):
        began = time.process_time()
        scraper.extract(body)
        best = min(best, time.process_time() - began)
    return best


@pytest.mark.torture
@pytest.mark.parametrize("name", [*FAMILIES, *WRAPPED])
def test_time_grows_with_the_page(name):
    parts = WRAPPED.get(name) or ("", FAMILIES[name], "")
    ordinary = seconds(page(TEXT).encode())
    for size in (SIZE, 2 * SIZE, SIZE, 2 * SIZE):  # a busy machine may spoil a pair
        once, twice = (seconds(made(parts, factor * size)) - ordinary for factor in (1, 2))
        if twice < NOISE or twice < RATIO * max(once, NOISE / 2):
            return
    pytest.fail(f"{once:.3f} s, {twice:.3f} s")
