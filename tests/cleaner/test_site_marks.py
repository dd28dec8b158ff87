"""Rules for sites on a page: which blocks they name, and that nothing makes them slow."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper import cleaner
from scraper.cleaner.removals.matching import Plan, search
from scraper.cleaner.removals.sites import mark_site
from scraper.outline import outline
from scraper.sites import SiteRule
from scraper.sites.css import parse_selector

SENTENCE = "The tide came in and went out, and the boats rose and fell with it all day long. "
PROSE = f"<p>{SENTENCE * 2}</p>"


def marked(html, **lists):
    """Return the page's blocks and what a rule with these lists says of them."""
    page = outline(cleaner.parse(f"<!doctype html>{html}"))
    rule = SiteRule(domain="harbour.example", **lists)
    return page.texts, mark_site(page, rule)


def cut(html, *selectors, keep=()):
    """Return the texts of the blocks that are to be cut."""
    texts, marks = marked(html, strip=selectors, keep=keep)
    return [text for mark in marks.strip for text in texts[mark.start : mark.end]]


def body(html, *selectors, **lists):
    """Return the texts of the article's blocks, None where it is not found."""
    texts, marks = marked(html, body=selectors, **lists)
    return None if marks.body is None else [texts[block] for block in sorted(marks.body)]


# What is found


def test_a_box_is_cut_whole():
    assert cut("<div class='promo x'>Join<p>us</p></div><p>News</p>", ".promo") == ["Join", "us"]


def test_a_mark_names_the_site_and_the_element():
    (mark,) = marked("<p>News</p><div class=promo>Join us</div>", strip=(".promo",))[1].strip
    assert (mark.start, mark.end, mark.kind, mark.rule) == (1, 2, "site", "site.harbour.example")
    assert mark.element == 2


def test_a_box_within_a_box_is_one_mark():
    html = "<div class=promo>Join<div class=promo>us</div></div>"
    assert len(marked(html, strip=(".promo",))[1].strip) == 1


def test_marks_stand_in_the_order_of_the_page():
    html = "<p class=b>one</p><p><b class=a>two</b></p><p class=b>three</p>"
    assert cut(html, ".a", ".b") == ["one", "two", "three"]


def test_an_inline_element_that_is_all_of_a_block_is_cut():
    assert cut("<p><b><a class=more>Read <i>more</i></a></b></p>", ".more") == ["Read more"]


def test_an_inline_element_with_a_line_break_is_all_of_a_block():
    assert cut("<p><span class=more>Read<br>more</span></p>", ".more") == ["Read\nmore"]


def test_an_inline_element_in_a_sentence_is_left():
    assert cut("<p>Please <a class=more>read more</a></p>", ".more") == []


def test_inline_elements_that_read_alike_are_cut_as_often_as_they_are_found():
    html = "<td><a class=m>More</a><br><br><a class=m>More</a><br><br><a>More</a>"
    assert cut(f"<table>{html}</table>", ".m") == ["More", "More"]


def test_one_of_two_inline_elements_around_a_block_counts():
    html = "<p><b class=a><i class=b>More</i></b></p><p>More</p>"
    assert cut(html, ".a", ".b") == ["More"]


def test_blocks_in_an_inline_element_are_cut():
    assert cut("<span class=promo><p>Join</p><p>us</p></span><p>News</p>", ".promo") == [
        "Join",
        "us",
    ]


def test_an_inline_element_far_below_its_block_is_left():
    assert cut(f"<p>{'<b>' * 40}<i class=more>More</i></p>", ".more") == []


def test_what_is_kept_is_never_cut():
    html = "<div class=promo><p>Join</p><p class=note>Correction</p><p>us</p></div>"
    assert cut(html, ".promo", keep=(".note",)) == ["Join", "us"]


def test_what_is_kept_parts_a_mark():
    html = "<div class=promo><p>Join</p><p class=note>Correction</p><p>us</p></div>"
    marks = marked(html, strip=(".promo",), keep=(".note",))[1]
    assert [(mark.start, mark.end) for mark in marks.strip] == [(0, 1), (2, 3)]
    assert marks.keep == {1}


def test_a_rule_that_finds_nothing_says_nothing():
    lists = {"body": (".story",), "strip": (".promo",), "keep": (".note",)}
    assert marked(PROSE, **lists)[1] == (None, [], frozenset())


@pytest.mark.parametrize("html", ["", "<body>", "<frameset><frame>", "<script>x</script>"])
def test_a_page_without_text_is_nothing_to_a_rule(html):
    assert marked(html, body=("*",), strip=("*",), keep=("*",))[1] == (None, [], frozenset())


# The body


def test_the_body_is_what_the_first_selector_finds():
    html = f"<div class=a>{PROSE}</div><div class=b>{PROSE}</div>"
    assert body(html, ".b", ".a") == [SENTENCE.strip() + " " + SENTENCE.strip()]


def test_a_selector_that_finds_nothing_is_passed_over():
    assert len(body(f"<div class=a>{PROSE}</div>", ".gone", ".a")) == 1


def test_a_selector_that_finds_a_teaser_is_passed_over():
    assert body(f"<div class=b>Tides</div><div class=a>{PROSE}</div>", ".b", ".a") != ["Tides"]


def test_a_body_of_a_few_words_is_none():
    assert body("<div class=a>Tides of the week</div>", ".a") is None


def test_what_is_cut_is_no_text_of_the_body():
    assert body(f"<div class=a><div class=b>{PROSE}</div></div>", ".a", strip=(".b",)) is None


def test_several_containers_are_one_body():
    html = f"<div class=a>{PROSE}</div><p>Join us</p><div class=a>{PROSE}</div>"
    assert len(body(html, ".a")) == 2


def test_containers_of_one_selector_s_alternatives_are_one_body():
    assert len(body(f"<h2 class=lead>Tides</h2><div class=a>{PROSE}</div>", ".lead, .a")) == 2


def test_an_inline_container_is_a_body():
    assert len(body(f"<span class=a>{PROSE}{PROSE}</span>", ".a")) == 2


def test_a_page_without_spaces_has_words():
    assert len(body(f"<div class=a>{'港に船が着いた' * 10}</div>", ".a")) == 1


# Selectors


PAGE = """<div id=one class="box Wide" data-kind="share-bar"><p>1</p><p class=a>2</p><h3>3</h3>
<p class="a b">4</p><ul><li>5</li><li class=a>6</li><li class=a>7</li></ul></div>
<div><p>8</p></div>"""

FOUND = {
    "p": "1248",
    "*": "12345678",
    "P.a": "24",
    ".a.b": "4",
    ".A": "",
    "#one > p": "124",
    "div p": "1248",
    "div > div": "",
    "div li": "567",
    "div>ul>li.a": "67",
    "p + p": "2",
    "p + h3": "3",
    "p ~ p": "24",
    "h3 ~ *": "4567",
    "h3, #one .b": "34",
    "p:first-child": "18",
    "p:nth-child(2)": "2",
    "p:nth-of-type(3)": "4",
    "p:nth-of-type(odd)": "148",
    "li:nth-child(n+2)": "67",
    "li:nth-child(-n+2)": "56",
    "li:nth-child(2n)": "6",
    "li:nth-child(1 of .a)": "6",
    "li:nth-child(2 of li.a, h3)": "7",
    "h3:first-of-type": "3",
    "p:not(.a)": "18",
    "p:not(.a, :first-child)": "",
    "p:not(:nth-child(1))": "24",
    ":is(h3, li):not([class])": "35",
    "div:where(.box) h3": "3",
    "[class]:not(div)": "2467",
    '[data-kind="share-bar"] h3': "3",
    "[data-kind=share-bar] h3": "3",
    "[data-kind='SHARE-BAR' i] h3": "3",
    "[data-kind^=share] h3": "3",
    "[data-kind$=bar] h3": "3",
    "[data-kind*='re-b'] h3": "3",
    "[data-kind|=share] h3": "3",
    "[class~=Wide] h3": "3",
    "[class='box Wide'] h3": "3",
    "[class=box] h3": "",
    "[data-other] h3": "",
    "html body h3": "3",
    "body > div:nth-child(2) p": "8",
    "body:nth-child(2) h3": "3",
    "head + body h3": "3",
}


@pytest.mark.parametrize("selector", FOUND)
def test_a_selector_finds(selector):
    html = PAGE.replace("\n", "")
    texts, marks = marked(html, keep=(selector,))
    assert "".join(texts[block] for block in sorted(marks.keep)) == FOUND[selector]


def test_classes_of_the_root_may_be_asked_for():
    assert cut("<html class=print><body class=x><p>1", ".print > .x p") == ["1"]


SIMPLE = ["p", "b", "div", "*", ".a", ".b", "#i", "[x]", "[x=a]", "[class*=a]", "p.a", "div[x]"]
FURTHER = [
    ":not(.a)",
    ":is(p, .b)",
    ":nth-child(2)",
    ":nth-of-type(2n+1)",
    ":first-child",
    ":nth-child(2 of .a)",
    ":not(:is(p, [x]))",
]
compounds = st.builds("".join, st.tuples(st.sampled_from(SIMPLE), st.sampled_from(["", *FURTHER])))
joints = st.sampled_from([" ", " > ", " + ", " ~ "])
chains = st.builds(
    lambda first, rest: f"body {first}" + "".join(joint + one for joint, one in rest),
    compounds,
    st.lists(st.tuples(joints, compounds), max_size=2),
)
nodes = st.sampled_from(["p", "b", "div", "div class=a", "b class='b a'", "div id=i", "b x=a x"])
trees = st.recursive(
    nodes.map(lambda tag: f"<{tag}>t</{tag.split()[0]}>".replace("<p>t</p>", "<p>t<b>u</b></p>")),
    lambda inner: st.builds(
        lambda tag, some: f"<{tag}>{'<!--x-->'.join(some)}</{tag.split()[0]}>",
        st.sampled_from(["div", "div class=a", "div x", "section id=i class=b"]),
        st.lists(inner, max_size=4),
    ),
    max_leaves=12,
)


@given(selector=st.lists(chains, min_size=1, max_size=2).map(", ".join), html=trees)
@settings(deadline=None, max_examples=150)
def test_a_selector_finds_what_the_parser_s_engine_finds(selector, html):
    """Below the body: the engine numbers no root, as the standard once said."""
    tree = cleaner.parse(f"<!doctype html><body>{html}<p>end</p></body>")
    plan = Plan([parse_selector(selector)])
    ours = {found.node.mem_id for found in search(tree.body, plan) if found.at & plan.ends[0]}
    assert ours == {node.mem_id for node in tree.body.css(selector)}


# Pages that were written to take time


def slow_pages():
    classes = " ".join(f"d{number} c{number}" for number in range(400))
    return {
        "deep": "<div>" * 6_000 + "<p>x</p>" * 6_000,
        "a long row": "<p>x</p>" * 20_000,
        "spans within spans": "<p>" + "<span class=a>" * 10_000 + "x",
        "spans in a row": "<p>" + "<span class=a>x</span>" * 10_000,
        "blocks under spans": "<span>" * 6_000 + "<p>x</p>" * 6_000,
        "a long attribute": f"<p class='{'a ' * 1_000_000}'>x",
        "many attributes": "<p " + " ".join(f"a{number}" for number in range(5_000)) + ">x",
        "all classes of the rule": f"<p class='{classes}'>x" * 1_000,
    }


SLOW = (
    ".a div div p",
    "div div div div .b",
    "p:nth-child(7 of p, .b)",
    "b ~ p",
    "p:nth-of-type(2n+1)",
    "span span .a",
    ".a",
    "[a7] *",
    *(f".c{number} .d{number}[class*='d']" for number in range(300)),
)


@pytest.mark.parametrize("name", slow_pages())
def test_no_page_takes_long(name):
    page = outline(cleaner.parse(slow_pages()[name]))
    rule = SiteRule(domain="harbour.example", body=SLOW[:4], strip=SLOW, keep=SLOW[:4])
    start = time.process_time()
    mark_site(page, rule)
    assert time.process_time() - start < 5


def test_a_page_that_asks_for_too_many_tests_is_left_as_it_is(monkeypatch):
    monkeypatch.setattr("scraper.cleaner.removals.matching.MAX_TESTS", 100)
    assert cut("<p class=promo>Join us</p>" * 200, ".promo") == []
