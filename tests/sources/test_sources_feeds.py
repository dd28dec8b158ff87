"""Feeds as software writes them and as they arrive."""

import gzip

import pytest
from reading import SITE, fixture, shown, urls

from scraper.sources import feeds, read_feed

URL = f"{SITE}/dir/feed.xml"

FEEDS = {
    "wordpress.xml": [
        ("/news/ferry/?utm_source=rss&utm_medium=feed", "2026-03-04T08:15:00Z"),
        ("/news/nets/", "2026-03-03T17:00:00Z"),
    ],
    "rss-0.91.xml": [
        ("http://harbour.example/old/1.html", None),
        ("http://harbour.example/old/2.html", None),
    ],
    "rss-1.0.xml": [("/a", "2026-03-04T08:15:00+01:00"), ("/b", "2026-03-03")],
    "atom.xml": [
        ("/blog/one?a=1&b=2", "2026-03-02T10:30:00+01:00"),
        ("/blog/2026/two", "2026-03-01T08:00:00-05:00"),
        ("/blog/three", "2026-02-28T08:00:00Z"),
    ],
    "atom-prefixed.xml": [("/4", "2026-03-04")],
    "feedburner.xml": [("/1", "2026-03-04T08:15:00-05:00"), ("/2", "mer., 4 mars 2026")],
    "jsonfeed.json": [
        ("/1", "2026-03-04T08:15:00+01:00"),
        ("/2", "2026-03-03T08:00:00Z"),
        ("/3", None),
    ],
    "broken.xml": [
        ("/n?id=1&copy=2&lang=de", None),
        ("/sch\u00f6ne-see", "4.3.2026"),
        ("/3?a=1&b=2", None),
        ("/4", None),
    ],
    "billion-laughs.xml": [("/&m;&file;", None), ("/plain", None)],
}


@pytest.mark.parametrize("name", FEEDS)
def test_a_feed_is_read(name):
    assert shown(read_feed(fixture(name), URL)) == FEEDS[name]


def test_a_link_names_its_feed():
    assert {link.source for link in read_feed(fixture("atom.xml"), URL)} == {URL}


def test_a_gzipped_feed_is_read():
    packed = gzip.compress(fixture("rss-1.0.xml"))
    assert shown(read_feed(packed, URL)) == FEEDS["rss-1.0.xml"]


def rss(*items):
    return f"<rss><channel>{''.join(f'<item>{item}</item>' for item in items)}</channel></rss>"


ITEMS = {
    "relative to the feed": ("<link>one</link>", ["/dir/one"]),
    "without its scheme's letters": ("<link>//harbour.example/one</link>", ["/one"]),
    "a fragment": ("<link>/one#two</link>", ["/one"]),
    "another scheme": ("<link>mailto:ines@harbour.example</link>", []),
    "a password": ("<link>https://ada:secret@harbour.example/</link>", []),
    "a space": ("<link>/one two</link>", ["/one%20two"]),
    "a line break in it": ("<link>/one\n</link>", ["/one"]),
    "a named character": ("<link>/caf&eacute;</link>", ["/caf\u00e9"]),
    "a numbered character": ("<link>/a?b&#x3d;&#49;</link>", ["/a?b=1"]),
    "a name that HTML does not know": ("<link>/a&copyx;b</link>", ["/a&copyx;b"]),
    "an empty link and a guid": (f"<link/><guid>{SITE}/one</guid>", ["/one"]),
    "a guid that is a number": ("<guid>1201</guid>", []),
    "a guid that says no": (f"<guid isPermaLink='false'>{SITE}/one</guid>", []),
    "atom's link": ("<atom:link href='/one'/>", ["/one"]),
    "atom's link to itself": ("<atom:link rel='self' href='/one'/>", []),
    "link before guid": (f"<guid>{SITE}/two</guid><link>/one</link>", ["/one"]),
    "comments in the text": ("<link>/o<!-- x -->ne</link>", ["/one"]),
    "a link of 9 KB": (f"<link>/{'x' * 9000}</link>", []),
    "only a file": ("<enclosure url='/one.mp3'/>", []),
}


@pytest.mark.parametrize(("item", "expected"), ITEMS.values(), ids=ITEMS)
def test_an_item_with(item, expected):
    assert urls(read_feed(rss(item).encode(), URL)) == expected


def test_what_is_changed_later_has_that_time():
    item = "<link>/1</link><pubDate>2026-03-01</pubDate><atom:updated>2026-03-02</atom:updated>"
    assert shown(read_feed(rss(item).encode(), URL)) == [("/1", "2026-03-02")]


@pytest.mark.parametrize("again", ["/one", "http://harbour.example/one", "/one?utm_source=rss"])
def test_the_same_page_twice_is_one_link(again):
    body = rss("<link>/one</link>", f"<link>{again}</link>")
    assert urls(read_feed(body.encode(), URL)) == ["/one"]


def test_what_follows_the_items_is_not_of_the_last():
    body = "<rss><item><title>x</title></item><link>/home</link></rss>"
    assert read_feed(body.encode(), URL) == []


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "utf-8"])
def test_a_feed_in_any_unicode_is_read(codec):
    body = rss("<link>/sj\u00f3r</link>").encode(codec)
    assert urls(read_feed(body, URL)) == ["/sj\u00f3r"]


def test_the_http_header_names_the_encoding():
    body = rss("<link>/\u043c\u043e\u0440\u0435</link>").encode("windows-1251")
    links = read_feed(body, URL, "text/xml; charset=windows-1251")
    assert urls(links) == ["/\u043c\u043e\u0440\u0435"]


def test_the_declaration_names_the_encoding():
    body = "<?xml version='1.0' encoding='koi8-r'?>" + rss("<link>/\u043c\u043e\u0440\u0435</link>")
    assert urls(read_feed(body.encode("koi8-r"), URL)) == ["/\u043c\u043e\u0440\u0435"]


def test_a_feed_cut_within_a_character_is_still_utf8():
    body = rss("<link>/sj\u00f3r</link>").encode() + "\u20ac".encode()[:2]
    assert urls(read_feed(body, URL)) == ["/sj\u00f3r"]


def test_at_most_ten_thousand_items_are_read(monkeypatch):
    assert feeds.MAX_ITEMS == 10_000
    monkeypatch.setattr(feeds, "MAX_ITEMS", 3)
    body = "".join(f"<item><link>/{number}</link></item>" for number in range(5))
    assert urls(read_feed(body.encode(), URL)) == ["/0", "/1", "/2"]


NO_FEEDS = {
    "nothing": b"",
    "a page": b"<!doctype html><p>x</p>",
    "JSON without items": b'{"a": 1}',
    "JSON whose items are no list": b'{"items": {"url": "/x"}}',
    "broken JSON": b'{"items": [{"url": "https://harbour.example/"}',
    "JSON too deep": b'{"items": ' + b"[" * 100_000,
    "a picture": b"\x89PNG\r\n\x1a\n\x00\x00",
}


@pytest.mark.parametrize("body", NO_FEEDS.values(), ids=NO_FEEDS)
def test_what_is_no_feed_has_no_links(body):
    assert read_feed(body, URL) == []
