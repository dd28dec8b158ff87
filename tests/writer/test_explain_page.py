"""An explanation as one HTML page: whole, safe, bounded."""

import base64
import hashlib
import re
from html.parser import HTMLParser

import msgspec
import pytest
from explained import FERRY, cut, explanation, kept
from hypothesis import given
from hypothesis import strategies as st

from scraper.blank import failed
from scraper.model import (
    Access,
    Author,
    Evidence,
    Explanation,
    Extraction,
    Fetch,
    Image,
    PageType,
    Redirect,
    Signal,
)
from scraper.writer.explain import render_page
from scraper.writer.explain.kinds import COLOURS

VOID = {"meta", "input"}


class Parsed(HTMLParser):
    """The elements of a page with their attributes, and its texts by the element around them."""

    def __init__(self, page):
        super().__init__()
        self.elements, self.open, self.texts = [], [], []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, "elements are nested as they should be"

    def handle_data(self, data):
        self.texts.append((self.open[-1] if self.open else "", data))

    def handle_comment(self, data):
        raise AssertionError("a comment")

    def tags(self):
        return [tag for tag, _ in self.elements]

    def all(self, tag, **attributes):
        return [a for name, a in self.elements if name == tag and attributes.items() <= a.items()]

    def text(self):
        return " ".join(data for tag, data in self.texts if tag != "style")


def page(*pieces, **fields):
    return render_page(explanation(*pieces, **fields))


def test_the_same_explanation_gives_the_same_page():
    assert page(*FERRY) == page(*FERRY)


def test_all_text_stands_in_the_page_in_order():
    text = Parsed(page(*FERRY)).text()
    wanted = ["Home", "News", "Sport", "The ferry left", "Sign up for", "No thanks", "By noon"]
    places = [text.rindex(words) for words in wanted]
    assert places == sorted(places)


def test_a_removal_is_told_with_kind_rule_words_votes_and_path():
    text = " ".join(Parsed(page(*FERRY)).text().split())
    assert "newsletter .name 8 words model 0.07 to 0.12 text newsletter: no thanks" in text
    assert "body > aside.box" in text


def test_kept_text_is_no_removal():
    parsed = Parsed(page(*FERRY))
    assert len(parsed.all("details")) == 2
    assert [a["class"] for a in parsed.all("p") if "kept" in a.get("class", "")] == [
        "kept title",
        "kept p",
        "kept p",
    ]


def test_long_removals_are_closed_and_show_how_they_begin():
    parsed = Parsed(page(cut("Short."), kept("One."), cut("A comment of a reader. " * 20)))
    assert ["open" in one for one in parsed.all("details")] == [True, False]
    assert parsed.text().count("A comment of a reader.") > 20


def test_a_legend_entry_switches_the_removals_of_its_kind():
    rendered = page(*FERRY)
    parsed = Parsed(rendered)
    slots = [one["id"] for one in parsed.all("input", type="checkbox") if one["id"] != "votes"]
    assert slots == ["t0", "t1"]
    assert [one["class"].split()[-1] for one in parsed.all("details")] == ["t1", "t0"]
    assert ":root:has(#t1:not(:checked)) .t1 { display: none }" in rendered


def test_a_place_on_the_strip_leads_to_its_removal():
    parsed = Parsed(page(*FERRY))
    assert [one["href"] for one in parsed.all("a")] == ["#s0", "#s2"]
    assert [one["id"] for one in parsed.all("details")] == ["s0", "s2"]


def test_the_strip_has_the_width_of_the_words():
    rects = Parsed(page(cut("a b c"), kept("d e f g h"), cut("i j", "ad"))).all("rect")
    places = [(int(one["x"]), int(one["width"])) for one in rects if "x" in one]
    assert places == [(0, 300), (800, 200)]


def test_metadata_stands_beside_its_evidence():
    made = explanation().article.extraction
    evidence = {"title": Evidence(source="jsonld.headline", confidence=0.95, candidate=None)}
    made = msgspec.structs.replace(made, evidence=evidence)
    text = " ".join(Parsed(page(*FERRY, extraction=made, language="en")).text().split())
    assert "title jsonld.headline 0.95 Noon at the quay" in text
    assert "language en" in text
    assert "Not found: subtitle, authors, date published" in text


def test_what_was_not_sure_enough_is_told():
    made = explanation().article.extraction
    doubtful = Evidence(source="page.date-box", confidence=0.36, candidate="2020-01-01")
    made = msgspec.structs.replace(made, evidence={"date_published": doubtful})
    text = " ".join(Parsed(page(*FERRY, extraction=made)).text().split())
    assert "page.date-box 0.36 none; perhaps 2020-01-01" in text


def test_access_stands_beside_its_evidence():
    signals = (Signal(signal="jsonld.isAccessibleForFree", value="false"),)
    access = Access(status="paywalled", declared=False, truncated=True, evidence=signals)
    text = " ".join(Parsed(page(*FERRY, access=access)).text().split())
    assert "status paywalled declared free no breaks off yes" in text
    assert "signal jsonld.isAccessibleForFree false" in text


def test_texts_find_their_own_direction():
    parsed = Parsed(page(kept("שלום"), cut("اشترك")))
    assert parsed.all("p", dir="auto")
    assert all("dir" in one for one in parsed.all("p") if "kept" in one.get("class", ""))


def test_a_failure_is_a_page_too():
    record = failed(explanation().article, "extract_timeout", "stopped after 30 s")
    text = " ".join(Parsed(render_page(Explanation(article=record, pieces=()))).text().split())
    assert "extract_timeout stopped after 30 s" in text
    assert "There is no text on this page" in text


def test_a_page_without_a_kept_word_shows_what_was_removed():
    text = " ".join(Parsed(page(cut("Sign in", "signin"), status="not_article")).text().split())
    assert "0 of 2 words kept (0 %), 2 cut in 1 place" in text


# Safety

PAYLOADS = {
    "a script": "<script>document.title='owned'</script>",
    "the end of the style": "</style><script>alert(1)</script><style>*{display:none}",
    "the end of a comment": "--><img src=x onerror=alert(1)><!--",
    "an attribute": '" onmouseover="alert(1)" style="color:red',
    "another attribute": "' onfocus='alert(1)' autofocus '",
    "a URL": "javascript:alert(1)",
    "a link": '<a href="javascript:alert(1)">x</a><base href="//evil.example/">',
    "a reload": '<meta http-equiv="refresh" content="0;url=//evil.example/">',
    "a template": "{{ 7 * 7 }} {% for x in y %} {{ self.__init__ }}",
    "entities": "&lt;script&gt;&#60;script&#62;&quot;",
    "controls": "a\x00b\x1b[31mc\x9bd\x07",
    "directions": "\u202eabc\u2066def\u2069\u200f",
    "lone surrogates": "a\ud800b",
    "line separators": "a\u2028b\u2029c\x85d",
    "CDATA": "]]><![CDATA[<script>",
}


def everywhere(text):
    """An explanation whose every text is ``text``."""
    fetch = Fetch(
        requested_url=text,
        final_url=text + "/",
        redirects=(Redirect(url=text, status=301),),
        http_status=200,
        fetched_at=text,
        elapsed_ms=1,
        bytes=1,
        content_type=text,
        encoding=text,
        encoding_source="http",
        etag=text,
        last_modified=text,
        x_robots_tag=text,
        from_="http",
        robots="allowed",
    )
    fields = ("title", "authors", "tags", "language", "site_name", "image")
    made = Extraction(
        tool=text,
        confidence=0.5,
        page_type=PageType(name="article", probability=0.5),
        body_source="model",
        evidence={
            name: Evidence(source=text, confidence=0.5, candidate=text) for name in (*fields, text)
        },
        kept_ratio=0.5,
        warnings=(text,),
    )
    names = "url canonical_url host site_name title subtitle description language section"
    told = dict.fromkeys(f"{names} date_published date_modified".split(), text)
    return explanation(
        kept(text, "title", (text,)),
        kept(text, "subtitle", (text,)),
        kept(text, "text", (text,)),
        cut(text, text, text, text, (text, text + " 0.5", text + " 0.7")),
        cut(f"{text} " * 60, text + "x", text, text, (text,)),
        **told,
        authors=(Author(name=text, url=text, kind="organization"),),
        tags=(text,),
        image=Image(url=text, caption=text, credit=text, width=1, height=1),
        access=Access(
            status="metered",
            declared=True,
            truncated=True,
            evidence=(Signal(signal=text, value=text),),
        ),
        fetch=fetch,
        extraction=made,
        error=failed(explanation().article, "http_4xx", text).error,
    )


TAGS = set(
    "html head meta title style body header p bdi h1 ul li span b svg rect a div aside section h2"
    " fieldset legend input label table thead tbody tfoot tr th td dl dt dd main details"
    " summary".split()
)
FREE = {"class", "content", "aria-label", "viewbox"}
VALUES = {
    "id": r"[st]\d+|votes|show-(all|kept|cut)",
    "href": r"#s\d+",
    "for": r"show-(all|kept|cut)",
    "x": r"\d+",
    "width": r"\d+",
    "height": r"\d+",
    "dir": "auto|ltr",
    "tabindex": "-1",
    "type": "radio|checkbox",
    "name": "show|viewport|referrer|robots|color-scheme",
    "role": "img",
    "scope": "row|col",
    "lang": "en",
    "charset": "utf-8",
    "http-equiv": "Content-Security-Policy",
    "preserveaspectratio": "none",
    "autocomplete": "off",
    "aria-hidden": "true",
}
CLASSES = set(COLOURS) | set(
    "eyebrow address badges good fair bad plain trouble summary strip ground hue sheet legend facts"
    " row-kept swatch meaning bar why-all missing wide pairs from kept title subtitle heading p li"
    " quote code margin label votes cut note name kind count why vote path excerpt unseen".split()
)


def check_markup(rendered):
    """Fail where an element or an attribute is none that the template itself writes."""
    parsed = Parsed(rendered)
    assert set(parsed.tags()) <= TAGS
    assert parsed.tags().count("style") == parsed.tags().count("html") == 1
    for tag, attributes in parsed.elements:
        for name, value in attributes.items():
            if name in {"open", "checked"}:
                assert value is None
            elif name == "class":
                assert {one for one in value.split() if not re.fullmatch(r"t\d+", one)} <= CLASSES
            elif name not in FREE:
                assert re.fullmatch(VALUES[name], value), (tag, name, value)
    for name in FREE - {"class"}:
        assert {a[name] for _, a in parsed.elements if name in a} <= {
            a[name] for _, a in Parsed(page(*FERRY)).elements if name in a
        }


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
def test_no_text_becomes_markup(payload):
    check_markup(render_page(everywhere(payload)))


@given(st.text())
def test_no_text_at_all_becomes_markup(text):
    check_markup(render_page(everywhere(text)))


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
def test_no_unsafe_character_is_written(payload):
    rendered = render_page(everywhere(payload))
    assert not re.search(
        "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", rendered
    )
    rendered.encode("utf-8")


def test_texts_are_shown_as_they_are():
    payload = PAYLOADS["a script"]
    assert payload in Parsed(page(kept(payload))).text()


def policy(rendered):
    (meta,) = Parsed(rendered).all("meta", **{"http-equiv": "Content-Security-Policy"})
    return meta["content"]


def test_the_policy_allows_one_style_and_nothing_else():
    rendered = page(*FERRY)
    (style,) = re.findall(r"<style>(.*?)</style>", rendered, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy(rendered) == (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )


def test_the_policy_stands_before_all_that_it_rules():
    assert Parsed(page(*FERRY)).tags()[:4] == ["html", "head", "meta", "meta"]


def test_the_policy_is_the_same_for_every_page():
    assert policy(page(*FERRY)) == policy(render_page(everywhere("x")))


def test_the_style_loads_nothing():
    (style,) = re.findall(r"<style>(.*?)</style>", page(*FERRY), re.DOTALL)
    assert not re.search(r"url\(|@import|expression|javascript|<", style)


def test_every_colour_has_a_style():
    rendered = page(*FERRY)
    assert [one for one in COLOURS if f".{one} {{ --h:" not in rendered] == []


# Bounds


def test_twenty_megabytes_of_removals_are_a_small_page():
    assert len(page(*(cut("word " * 40_000, f"kind-{n}") for n in range(100)))) < 1_500_000


def test_thousands_of_kinds_are_a_small_page():
    rendered = page(*(cut("word", f"kind-{n}") for n in range(5000)))
    assert len(rendered) < 5_000_000
    assert len(Parsed(rendered).all("input", type="checkbox")) == 42


def test_marks_on_the_strip_are_bounded():
    rendered = page(*(cut("word", ("ad", "share")[n % 2]) for n in range(10_000)))
    assert len(Parsed(rendered).all("rect")) < 1100
