"""Metadata of pages with a bad value: nothing raises, no field but its own is spoiled, in time."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

import scraper

URL = "https://www.harbour.example/news/noon"
PROSE = "".join(
    f"<p>The ferry left the quay at {hour}, and by noon the island was in sight of all.</p>"
    for hour in range(6, 12)
)
FIELDS = (
    *("title", "authors", "date_published", "date_modified", "language", "section", "tags"),
    *("site_name", "description", "image", "canonical_url"),
)
NODE = {
    "@type": "NewsArticle",
    "headline": "Ferry stops at noon",
    "author": [{"@type": "Person", "name": "Ada Fern", "url": "/people/ada"}],
    "datePublished": "2026-03-04T08:15:00+01:00",
    "dateModified": "2026-03-05T09:00:00+01:00",
    "publisher": {"@type": "Organization", "name": "Harbour Post"},
    "articleSection": "Island",
    "keywords": ["ferry", "tides"],
    "image": {"url": "/ferry.jpg", "caption": "The ferry", "width": 1200},
    "description": "Why the ferry stops.",
}
TOUCHED = {
    "headline": {"title", "description"},
    "author": {"authors"},
    "datePublished": {"date_published", "date_modified"},
    "dateModified": {"date_modified", "date_published"},
    "publisher": {"site_name", "title", "authors", "tags"},
    "articleSection": {"section"},
    "keywords": {"tags"},
    "image": {"image"},
    "description": {"description"},
}
"""Fields that a key may change: its own, and those that are judged by it."""

leaves = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=60)
    | st.sampled_from(["\x00", "<b>", "&amp;#0;", "9" * 5000, "{{x}}", "\ud800", "http://[", "#a"])
)
garbage = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["@id", "@type", "name", "url", "@graph"]), inner)
    ),
    max_leaves=12,
)


def extract(node, head="", shown=""):
    script = json.dumps(node).replace("<", "\\u003c")
    html = (
        f"<html lang=en><head><title>Ferry stops at noon</title>{head}"
        f"<link rel=canonical href={URL}>"
        f"<script type='application/ld+json'>{script}</script></head><body><article>"
        f"<h1>Ferry stops at noon</h1><p class=byline>By Ada Fern</p><p>4 March 2026</p>{shown}"
        f"{PROSE}</article></body></html>"
    )
    return scraper.extract(html.encode("utf-8", "surrogatepass"), URL)


BASE = extract(NODE)


@pytest.mark.parametrize("field", FIELDS)
def test_the_whole_page_states_every_field(field):
    assert getattr(BASE, field)


@pytest.mark.parametrize("key", sorted(TOUCHED))
@given(value=garbage)
@hypothesis_settings(max_examples=25, deadline=None)
def test_a_bad_value_spoils_no_other_field(key, value):
    article = extract({**NODE, key: value})
    assert "internal" not in article.extraction.warnings
    for field in FIELDS:
        if field not in TOUCHED[key]:
            assert getattr(article, field) == getattr(BASE, field), field


@given(name=st.sampled_from(["og:title", "author", "date", "keywords", "og:image"]), value=leaves)
@hypothesis_settings(max_examples=60, deadline=None)
def test_a_bad_meta_element_never_raises(name, value):
    text = str(value).replace("'", "&#39;").replace("<", "&lt;")
    article = extract(NODE, f"<meta property='{name}' content='{text}'>")
    assert "internal" not in article.extraction.warnings
    assert article.text == BASE.text


@given(shown=st.text(max_size=200))
@hypothesis_settings(max_examples=60, deadline=None)
def test_a_strange_byline_never_raises(shown):
    text = shown.replace("<", "&lt;").replace("&", "&amp;")
    article = extract(NODE, shown=f"<p class='byline date'>{text}</p>")
    assert "internal" not in article.extraction.warnings


@given(cut=st.integers(0, 800))
@hypothesis_settings(max_examples=40, deadline=None)
def test_jsonld_that_breaks_off_leaves_the_page(cut):
    script = json.dumps(NODE)[:cut]
    head = f"<script type='application/ld+json'>{script}</script>"
    html = f"<html lang=en><title>Ferry at noon</title>{head}<article><h1>Ferry at noon</h1>{PROSE}"
    article = scraper.extract(html, URL)
    assert (article.status, article.language) == ("ok", "en")
    assert article.title is not None


HOSTILE = {
    "a string of 5 MB": "<script type='application/ld+json'>"
    + json.dumps({"@type": "NewsArticle", "headline": "Noon", "articleBody": "x" * 5_000_000})
    + "</script>",
    "100,000 brackets": "<script type='application/ld+json'>" + "[" * 100_000 + "</script>",
    "100,000 objects": "<script type='application/ld+json'>" + '{"a":' * 100_000 + "</script>",
    "3,000 blocks": "".join(
        f'<script type="application/ld+json">{{"@type":"Article","headline":"N {n}"}}</script>'
        for n in range(3000)
    ),
    "times": "<time datetime=2026-01-01>x</time>" * 20_000,
    "properties": "<span itemprop=author>Ada</span>" * 20_000,
    "nested items": "<div itemscope itemprop=author class=author>" * 2000 + "Ada",
    "bylines": "<div class=byline>By Ada Fern and Bo Lind, 4 March 2026</div>" * 3000,
    "digits": f"<div class=date>{'1' * 200_000}</div><p>{'12/' * 1000}</p>",
    "separators": f"<title>{'Noon | ' * 3000}</title>",
    "state": "<script>" + '"author":{"name":' * 20_000 + "</script>",
    "dates": "<p>" + "4 March 2026 " * 30 + "</p>",
    "joined": f"<p class=byline>By {'Ada and ' * 3000}</p>",
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_metadata_takes_no_time(name):
    started = time.process_time()
    article = scraper.extract(f"<html lang=en><head></head><body>{HOSTILE[name]}{PROSE}", URL)
    assert "internal" not in article.extraction.warnings
    assert time.process_time() - started < 1.5  # under 1 s each on an idle machine


def test_jsonld_beyond_what_is_read_is_told():
    assert (
        "jsonld_too_large"
        in scraper.extract(HOSTILE["a string of 5 MB"] + PROSE).extraction.warnings
    )
