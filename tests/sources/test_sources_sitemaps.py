"""Sitemaps as sites write them, and robots.txt's lines that name them."""

import gzip
import tracemalloc

import pytest
from reading import SITE, fixture, shown, urls

from scraper.sources import read_robots_sitemaps, read_sitemap, sitemaps
from scraper.sources.packed import inflated

URL = f"{SITE}/maps/sitemap.xml"

SITEMAPS = {
    "sitemap.xml": [
        ("/news/ferry/", "2026-03-04T08:15:00Z"),
        ("/news/nets/?a=1&b=2", "2026-03-03"),
        ("/relative", None),
    ],
    "sitemap-news.xml": [
        ("/news/1", "2026-03-04T08:15:00+01:00"),
        ("/news/2?a=1&b=2", "2026-03-05T00:00:00Z"),
    ],
    "sitemap-index.xml": [
        ("/sitemap-2025.xml.gz", "2025-12-31"),
        ("/sitemap-2026.xml.gz", "2026-03-04"),
    ],
    "sitemap-broken.xml": [("/1?a=1&b=2", "gestern"), ("/2", None), ("/3", "2026-03-0")],
    "sitemap.txt": [("/1", None), ("/2", None), ("/3", None)],
}


@pytest.mark.parametrize("name", SITEMAPS)
def test_a_sitemap_is_read(name):
    assert shown(read_sitemap(fixture(name), URL)) == SITEMAPS[name]


@pytest.mark.parametrize("name", SITEMAPS)
def test_a_gzipped_sitemap_is_read(name):
    assert shown(read_sitemap(gzip.compress(fixture(name)), URL)) == SITEMAPS[name]


def test_an_index_names_sitemaps():
    assert {link.kind for link in read_sitemap(fixture("sitemap-index.xml"), URL)} == {"sitemap"}


def test_a_sitemap_names_pages_and_itself_as_their_source():
    links = read_sitemap(fixture("sitemap.xml"), URL)
    assert {(link.kind, link.source) for link in links} == {("page", URL)}


def test_the_first_address_of_an_entry_counts():
    body = b"<url><loc>/1</loc><lastmod>2026-03-04</lastmod><loc>/2</loc><lastmod>2025</lastmod>"
    assert shown(read_sitemap(body, URL)) == [("/1", "2026-03-04")]


def test_a_page_named_twice_has_the_time_that_either_says():
    body = b"<url><loc>/1</loc></url><url><loc>/1</loc><lastmod>2026-03-04</lastmod></url>"
    assert shown(read_sitemap(body, URL)) == [("/1", "2026-03-04")]


def entries(count):
    return "".join(f"<url><loc>{SITE}/{number}</loc></url>" for number in range(count)).encode()


def test_at_most_fifty_thousand_pages_are_read(monkeypatch):
    assert sitemaps.MAX_URLS == 50_000
    monkeypatch.setattr(sitemaps, "MAX_URLS", 3)
    assert urls(read_sitemap(entries(5), URL)) == ["/0", "/1", "/2"]


def test_of_a_damaged_gzip_the_whole_part_is_read():
    packed = gzip.compress(entries(1000))
    assert 100 < len(read_sitemap(packed[: len(packed) // 2], URL)) < 1000


def test_all_members_of_a_gzip_are_read():
    packed = gzip.compress(entries(1)) + gzip.compress(f"<url><loc>{SITE}/x</loc>".encode())
    assert urls(read_sitemap(packed + b"\0\0\0", URL)) == ["/0", "/x"]


def test_a_gzip_is_inflated_no_further_than_its_bound():
    packed = gzip.compress(bytes(10**7))
    tracemalloc.start()
    assert len(inflated(packed, 70_000)) == 70_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2**20


def test_what_stands_before_the_bound_of_a_bomb_is_read(monkeypatch):
    assert sitemaps.MAX_SITEMAP == 52_428_800
    monkeypatch.setattr(sitemaps, "MAX_SITEMAP", 2**20)
    packed = gzip.compress(entries(3)) + gzip.compress(bytes(5 * 2**20))
    assert urls(read_sitemap(packed, URL)) == ["/0", "/1", "/2"]


def test_entities_are_never_expanded():
    laughs = fixture("billion-laughs.xml").replace(b"<item><link>", b"<url><loc>")
    assert urls(read_sitemap(laughs.replace(b"</link>", b"</loc>"), URL)) == [
        "/&m;&file;",
        "/plain",
    ]


ROBOTS = {
    "a line": (b"User-agent: *\nSitemap: https://harbour.example/a.xml\n", ["/a.xml"]),
    "small letters": (b"sitemap:https://harbour.example/a.xml", ["/a.xml"]),
    "Windows line ends": (b"Sitemap: /a.xml\r\nSitemap: /b.xml\r\n", ["/a.xml", "/b.xml"]),
    "old line ends": (b"Sitemap: /a.xml\rSitemap: /b.xml\r", ["/a.xml", "/b.xml"]),
    "a comment behind": (b"  Sitemap : /a.xml # news", ["/a.xml"]),
    "a comment": (b"# Sitemap: /a.xml", []),
    "another site's": (b"Sitemap: https://cdn.example/a.xml", ["https://cdn.example/a.xml"]),
    "the same twice": (b"Sitemap: /a.xml\nSitemap: /a.xml", ["/a.xml"]),
    "no address": (b"Sitemap:\nSitemap: ftp://harbour.example/a", []),
    "a byte order mark": (b"\xef\xbb\xbfSitemap: /a.xml", ["/a.xml"]),
    "nothing": (b"", []),
}


@pytest.mark.parametrize(("body", "expected"), ROBOTS.values(), ids=ROBOTS)
def test_a_robots_txt_with(body, expected):
    assert urls(read_robots_sitemaps(body, f"{SITE}/robots.txt")) == expected
