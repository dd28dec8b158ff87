"""Site-config files: which lines are taken, and that a translation finds the same elements."""

import lxml.html
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper import cleaner
from scraper.cleaner.removals.matching import Plan, search
from scraper.errors import UsageError
from scraper.sites import MAX_LIST, SiteRule
from scraper.sites.css import parse_selector
from scraper.sites.siteconfig import (
    convert,
    domain_of_file,
    find_files,
    is_made,
    joined,
    read_file,
)
from scraper.sites.xpath import Unsupported, to_css

# Expressions


def word(name):
    return f"contains(concat(' ',normalize-space(@class),' '),' {name} ')"


SAME = {
    "//article": "article",
    "//DIV": "div",
    "//*": "*",
    ".//p": "p",
    "//nyt_byline": "nyt_byline",
    "//p/b": "p > b",
    "//p//b": "p b",
    "//p/descendant::b": "p b",
    "//div[@id='text']": "div#text",
    '//div[@id = "text"]': "div#text",
    "//div[@id='4']": 'div[id="4"]',
    "//*[(@id = 'text')]": "#text",
    "//div[@class='a b']": 'div[class="a b"]',
    "//div[normalize-space(@class)='a']": 'div[class="a"]',
    "//div[@class]": "div[class]",
    "//div[not(@class)]": "div:not([class])",
    "//div[@class!='a']": 'div[class]:not([class="a"])',
    "//div[contains(@class, 'a')]": 'div[class*="a"]',
    "//div[contains(@class, ' a ')]": 'div[class*=" a "]',
    "//a[starts-with(@href, '/x')]": 'a[href^="/x"]',
    "//a[ends-with(@href, '/x')]": 'a[href$="/x"]',
    f"//div[{word('story')}]": "div.story",
    f"//div[{word('--leafs')}]": 'div[class~="--leafs"]',
    '//div[contains(concat(" ", normalize-space(@class), " "), " a ")]': "div.a",
    "//div[contains(concat(' ', @class, ' '), ' a ')]": "div.a",
    "//div[contains(concat(' ',normalize-space(@class),' '),' a')]": (
        'div:is([class*=" a"], [class^="a"])'
    ),
    "//div[contains(concat(' ',normalize-space(@class),' '),'a ')]": (
        'div:is([class*="a "], [class$="a"])'
    ),
    "//div[contains(concat(' ',normalize-space(@class),' '),'a')]": 'div[class*="a"]',
    f"//div[{word('a b')}]": (
        'div:is([class*=" a b "], [class^="a b "], [class$=" a b"], [class="a b"])'
    ),
    "//p[@id='a' or @class='b']": 'p:is(#a, [class="b"])',
    "//p[@id='a' and not(@class='b')]": 'p#a:not([class="b"])',
    "//p[@x and (@y or @z)]": "p[x]:is([y], [z])",
    "//p[not(@x or @y)]": "p:not(:is([x], [y]))",
    "//p[@x][@y]": "p[x][y]",
    "//p[1]": "p:nth-of-type(1)",
    "//*[2]": ":nth-child(2)",
    "//p[@x][2]": "p[x]:nth-child(2 of p[x])",
    "//p[2][@x]": "p:nth-of-type(2)[x]",
    "//p[position()=2]": "p:nth-of-type(2)",
    "//p[position() > 1]": "p:nth-of-type(n+2)",
    "//p[position()>=2]": "p:nth-of-type(n+2)",
    "//p[position()<3]": "p:nth-of-type(-n+2)",
    "//p[position()<=2]": "p:nth-of-type(-n+2)",
    "//main/article[1]/div[2]": "main > article:nth-of-type(1) > div:nth-of-type(2)",
    "/html/body/div": "html > body > div",
    "//footer/following-sibling::*": "footer ~ *",
    "//b/following-sibling::p[@x]": "b ~ p[x]",
    "//b/following-sibling::*[1]": "b + *",
    "//b/following-sibling::*[1][self::p and @x]": "b + :is(p)[x]",
    "//footer/self::footer": "footer",
    "//*[@x]/self::p": "p[x]",
    "//*[self::h2 or self::h3]": ":is(:is(h2), :is(h3))",
    "//p | //b": "p, b",
    "//p[@x='|']|//b": 'p[x="|"], b',
    "//p[@x='a\"b']": 'p[x="a\\"b"]',
    "//p[@x='a\\b']": 'p[x="a\\\\b"]',
    "//p[@data-x='http://a.example/?b=1']": 'p[data-x="http://a.example/?b=1"]',
}


@pytest.mark.parametrize("xpath", SAME)
def test_an_expression_is_translated(xpath):
    assert to_css(xpath) == SAME[xpath]


NOT_SAID = {
    "//p[contains(., 'Read on')]": "asks for text",
    "//p[contains(text(), 'Read on')]": "asks for text",
    "//p[.='Read on']": "asks for text",
    "//p[starts-with(string(.), 'Read')]": "asks for text",
    "//p/text()": "asks for text",
    "//comment()": "asks for text",
    "//div[.//a]": "asks for what an element holds",
    "//div[a]": "asks for what an element holds",
    "//div[child::a]": "asks for what an element holds",
    "//p[contains(strong, 'Read')]": "asks for what an element holds",
    "//p/parent::div": "looks up or back from an element",
    "//p/..": "looks up or back from an element",
    "//p/ancestor::div[1]": "looks up or back from an element",
    "//p[../@class='a']": "looks up or back from an element",
    "//p[ancestor::div]": "looks up or back from an element",
    "//p/preceding-sibling::*": "looks up or back from an element",
    "//p//following-sibling::b": "looks up or back from an element",
    "(//article)[1]": "asks for a place in the whole page",
    "(//article)[1]//small": "asks for a place in the whole page",
    "//p[last()]": "asks for a place that CSS cannot name",
    "//b/following-sibling::p[1]": "asks for a place that CSS cannot name",
    "//div/descendant::p[1]": "asks for a place that CSS cannot name",
    "//p[2][1]": "asks for a place that CSS cannot name",
    "//p[0]": "can match nothing",
    "/div": "can match nothing",
    "//p/self::b": "can match nothing",
    "//img/@src": "asks for an attribute",
    "//p[string-length(@class) = 15]": "string-length() is not supported",
    "//p[contains(@class, '')]": "looks for nothing",
    "div[@class='a']": "does not begin with //",
    "article": "does not begin with //",
    "": "does not begin with //",
    "//": "is no XPath that is understood",
    "//p[": "asks for what an element holds",
    "//p[@class='a'": "is no XPath that is understood",
    "//p[@class='a]": "is no XPath",
    "//p]": "is no XPath that is understood",
    "//p[@class=a]": "is no XPath that is understood",
    "//p[@*]": "is no XPath that is understood",
    "//svg:a": "is no XPath that is understood",
    "//p[" + "(" * 500 + "@a" + ")" * 500 + "]": "is no XPath that is understood",
    "//p" * 1000: "is too long",
    "//p[" + "not(" * 9 + "@a" + ")" * 9 + "]": "too many brackets within each other",
    "//p |": "does not begin with //",
    "//p £": "is no XPath",
}


@pytest.mark.parametrize("xpath", NOT_SAID, ids=range(len(NOT_SAID)))
def test_what_css_cannot_say_is_refused_with_the_reason(xpath):
    with pytest.raises(Unsupported) as refused:
        to_css(xpath)
    assert str(refused.value) == NOT_SAID[xpath]


@given(st.text("ab1/@[]()|='\" *.:,<>!ornd-", max_size=60).map(lambda text: f"//{text}"))
def test_no_expression_raises_anything_else(xpath):
    try:
        selector = to_css(xpath)
    except Unsupported:
        return
    parse_selector(selector)


tests = st.sampled_from(
    [
        "@class",
        "@x='a'",
        "@class!='a'",
        "@class='a b'",
        "contains(@class,'a')",
        "starts-with(@x,'a')",
        word("a"),
        word("a b"),
        "contains(concat(' ',normalize-space(@class),' '),' a')",
        "contains(concat(' ',normalize-space(@class),' '),'b ')",
        "self::p",
    ]
)
conditions = st.recursive(
    tests,
    lambda inner: st.one_of(
        st.builds("({} or {})".format, inner, inner),
        st.builds("{} and {}".format, tests, tests),
        st.builds("not({})".format, inner),
    ),
    max_leaves=3,
)
places = st.sampled_from(["1", "2", "position()>1", "position()<=2", "position()=3"])
steps = st.builds(
    "{}{}{}".format,
    st.sampled_from(["p", "div", "b", "*"]),
    st.lists(conditions, max_size=2).map(lambda some: "".join(f"[{one}]" for one in some)),
    st.one_of(st.just(""), places.map("[{}]".format)),
)
siblings = st.builds(
    "/following-sibling::{}[{}]".format, st.sampled_from(["p", "*"]), st.one_of(conditions)
)
paths = st.builds(
    lambda first, rest: f"//{first}{''.join(rest)}",
    steps,
    st.lists(st.one_of(steps.map("//{}".format), steps.map("/{}".format), siblings), max_size=2),
)
trees = st.recursive(
    st.sampled_from(
        ["<p>", "<p class=a>", "<b class='b a'>", "<b class='a b' x=a>", "<p x=ab>"]
    ).map(lambda tag: f"{tag}t</{tag[1]}>"),
    lambda inner: st.builds(
        "<div{}>{}</div>".format,
        st.sampled_from(["", " class=a", " x=a", " class='b'"]),
        st.lists(inner, max_size=4).map("".join),
    ),
    max_leaves=12,
)


@given(xpath=paths, html=trees)
@settings(deadline=None, max_examples=200)
def test_a_translation_finds_the_same_elements(xpath, html):
    """The elements are told apart by numbers in an attribute that both parsers keep."""
    pieces = f"<div>{html}</div>".split("<")
    numbered = "<".join(
        piece if not piece or piece[0] == "/" else piece.replace(">", f" n={number}>", 1)
        for number, piece in enumerate(pieces)
    )
    page = f"<!doctype html><html><body>{numbered}</body></html>"
    theirs = {node.get("n") for node in lxml.html.document_fromstring(page).xpath(xpath)}
    tree = cleaner.parse(page)
    plan = Plan([parse_selector(to_css(xpath))])
    ours = {
        found.node.attributes.get("n")
        for found in search(tree.body, plan)
        if found.at & plan.ends[0]
    }
    assert ours - {None} == theirs - {None}


# Files


FILE = f"""# The Harbour Post
title: //h1
body: //div[{word("story")}]
body: //article

strip: //aside | //p[@class='more']
strip: //p[contains(., 'Read on')]
strip_id_or_class: share-bar
#strip: //header
author://meta[@name='author']
http_header(Cookie): consent=1
requires_login: yes
login_uri: https://harbour.example/login
test_url: https://harbour.example/a
"""


def rule(text, name="harbour.example.txt"):
    data = text if isinstance(text, bytes) else text.encode()
    return convert(name, data)


def test_body_and_strip_are_taken():
    made = rule(FILE).rule
    assert (made.domain, made.body) == ("harbour.example", ("div.story", "article"))
    assert made.strip == ("aside", 'p[class="more"]', ".share-bar, #share-bar")


def test_what_is_left_out_is_told_with_line_and_reason():
    (left,) = rule(FILE).left
    assert left == (7, "strip: //p[contains(., 'Read on')]", "asks for text")


def test_logins_and_headers_are_neither_taken_nor_told():
    text = str(rule(FILE))
    assert [word for word in ("login", "Cookie", "consent", "meta") if word in text] == []


def test_the_origin_names_file_and_content():
    origin = rule(FILE).rule.origin
    assert origin.startswith("site config harbour.example.txt, sha256 ")
    assert origin != rule(FILE + "\n").rule.origin


def test_a_union_of_the_body_is_one_selector():
    assert rule("body: //h2 | //div[@id='a']").rule.body == ("h2, div#a",)


def test_a_body_is_taken_whole_or_not_at_all():
    assert rule("body: //h2[a] | //div[@id='a']").rule is None


def test_of_a_union_to_cut_each_part_counts_by_itself():
    converted = rule("strip: //h2[a] | //div[@id='a']")
    assert (converted.rule.strip, converted.taken, len(converted.left)) == (("div#a",), 1, 1)


NAMES = {
    "share-bar": ".share-bar, #share-bar",
    "'share-bar'": ".share-bar, #share-bar",
    "box is-wide": ".box.is-wide",
    "4col": '[class~="4col"], [id="4col"]',
    "a.b": '[class~="a.b"], [id="a.b"]',
    "md:flex wide": '[class~="md:flex"].wide',
    "//div[@id='a']": "div#a",
}


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_a_class_or_an_id(name):
    assert rule(f"strip_id_or_class: {name}").rule.strip == (NAMES[name],)


@pytest.mark.parametrize("name", ["'", "a\\b", "x" * 600, "//div[a]"])
def test_what_is_no_name_is_told(name):
    converted = rule(f"strip_id_or_class: {name}")
    assert (converted.rule, len(converted.left)) == (None, 1)


def test_a_selector_stands_once():
    assert rule("strip: //p\nstrip: //p\nbody: //b\nbody: //b").taken == 2


def test_more_selectors_than_a_rule_holds_are_told():
    converted = rule("".join(f"strip_id_or_class: c{number}\n" for number in range(MAX_LIST + 5)))
    assert (converted.taken, len(converted.left)) == (MAX_LIST, 5)


HARMLESS = {
    "nothing": b"",
    "no directive": b"body //p\n: //p\nbody:\nbody :   \n",
    "another encoding": "body: //p[@x='é']".encode("latin-1"),
    "UTF-16": "body: //p".encode("utf-16"),
    "zero bytes": b"body: //p[@x='\0']",
    "a line of a megabyte": b"strip: //p" + b"/p" * 500_000,
    "a line of a megabyte of space": b"strip: //p" + b" " * 1_000_000 + b"x",
    "a megabyte of lines": b"\n" * 1_000_000,
    "a megabyte of quotes": b"strip: " + b"\"'" * 500_000,
    "terminal escapes": b"strip: //p[@x='\x1b[31m']",
}


@pytest.mark.parametrize("data", HARMLESS.values(), ids=HARMLESS)
def test_a_hostile_file_is_harmless(data):
    assert convert("harbour.example.txt", data).rule is None


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_end_of_line_is_one(end):
    text = end.join(["\ufeffbody: //p", "strip: //b  "])
    assert rule(text).rule.body == ("p",)
    assert rule(text).rule.strip == ("b",)


def test_space_within_a_value_counts():
    assert rule("strip: //a[@rel='x  y']").rule.strip == ('a[rel="x  y"]',)


@given(st.binary(max_size=200))
def test_no_file_raises(data):
    convert("harbour.example.txt", b"body: //p[" + data)


@pytest.mark.parametrize(
    ("name", "domain"),
    [
        ("harbour.example.txt", "harbour.example"),
        (".harbour.example.txt", "harbour.example"),
        ("www.harbour.example.txt", "harbour.example"),
        ("Häfen.example.txt", "xn--hfen-loa.example"),
        ("LICENSE.txt", None),
        ("global.txt", None),
        ("../../x.txt", None),
        (".txt", None),
    ],
)
def test_the_name_of_a_file_is_its_domain(name, domain):
    assert domain_of_file(name) == domain


def test_a_file_of_no_domain_is_nothing():
    assert rule("body: //p", "LICENSE.txt") is None


def test_two_files_of_a_domain_are_joined():
    one, two = (SiteRule(domain="a.example", body=body) for body in (("p", "b"), ("b", "i")))
    assert joined([one, two]).body == ("p", "b", "i")
    assert joined([one]) is one


def test_a_rule_of_somebody_s_own_is_told_from_one_that_was_made():
    assert is_made(b'origin = "site config a.example.txt"')
    assert not is_made(b'body = ["p"]')


def test_a_folder_gives_its_files_in_order(tmp_path):
    for name in ("b.example.txt", "a.example.txt", "README.md"):
        (tmp_path / name).write_text("")
    found = list(find_files([str(tmp_path), str(tmp_path / "README.md")]))
    assert [path.name for path in found] == ["a.example.txt", "b.example.txt", "README.md"]


@pytest.mark.parametrize("name", ["gone", "a\0b"])
def test_a_path_that_is_missing(name):
    with pytest.raises(UsageError):
        list(find_files([name]))


def test_a_file_that_is_too_large(tmp_path):
    (tmp_path / "a").write_bytes(b"#" * (2**20 + 1))
    with pytest.raises(ValueError, match="larger than"):
        read_file(tmp_path / "a")


def test_a_file_that_is_none(tmp_path):
    with pytest.raises(ValueError, match="not a file"):
        read_file(tmp_path)
