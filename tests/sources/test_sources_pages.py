"""Pages and OPML that name feeds, and what a document is."""

import gzip

import pytest
from reading import SITE, fixture, urls

from scraper.sources import kind_of, read_alternates, read_opml


def test_a_page_names_its_feeds():
    assert urls(read_alternates(fixture("home.html"), f"{SITE}/")) == [
        "/feed/",
        "/atom.xml",
        "/feed.json",
        "/index.rdf",
    ]


def test_what_a_page_names_are_feeds_of_that_page():
    links = read_alternates(fixture("home.html"), f"{SITE}/")
    assert {(link.kind, link.source) for link in links} == {("feed", f"{SITE}/")}


def test_opml_names_feeds_at_any_depth():
    links = read_opml(fixture("reader.opml"))
    assert [link.url for link in links] == [
        "https://harbour.example/feed?a=1&b=2",
        "https://isle.example/rss",
        "https://quay.example/atom.xml",
    ]


def test_opml_names_feeds():
    assert {link.kind for link in read_opml(fixture("reader.opml"))} == {"feed"}


def test_relative_feeds_count_from_where_the_opml_was():
    body = b"<opml><outline xmlUrl='feed.xml'/></opml>"
    assert [read_opml(body), urls(read_opml(body, f"{SITE}/a/b.opml"))] == [[], ["/a/feed.xml"]]


KINDS = {
    "wordpress.xml": "feed",
    "rss-0.91.xml": "feed",
    "rss-1.0.xml": "feed",
    "atom.xml": "feed",
    "atom-prefixed.xml": "feed",
    "jsonfeed.json": "feed",
    "broken.xml": "feed",
    "billion-laughs.xml": "feed",
    "sitemap.xml": "sitemap",
    "sitemap-index.xml": "sitemap",
    "sitemap-broken.xml": "sitemap",
    "sitemap.txt": "sitemap",
    "reader.opml": "opml",
    "home.html": "page",
}


@pytest.mark.parametrize("name", KINDS)
def test_a_document_is_told_by_content(name):
    assert kind_of(fixture(name)) == KINDS[name]


@pytest.mark.parametrize("name", KINDS)
def test_a_gzipped_document_is_told_by_content(name):
    assert kind_of(gzip.compress(fixture(name))) == KINDS[name]


@pytest.mark.parametrize(
    "body", [b"", b"hello", b'{"a": 1}', b"User-agent: *\nDisallow: /", b"%PDF-1.4", b"\x1f\x8b"]
)
def test_what_is_none_of_them_has_no_kind(body):
    assert kind_of(body) is None


def test_an_xhtml_page_is_a_page():
    assert kind_of(b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'>") == "page"
