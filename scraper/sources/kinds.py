"""Tells by content what a document is, so that a user may name any of them."""

import re
from typing import Literal

from scraper.model import Link
from scraper.sources.feeds import is_json, read_feed
from scraper.sources.markup import decoded, elements
from scraper.sources.opml import read_opml
from scraper.sources.packed import inflated
from scraper.sources.pages import read_alternates
from scraper.sources.sitemaps import MAX_SITEMAP, read_sitemap

Kind = Literal["feed", "sitemap", "opml", "page"]

SAMPLE = 65536
"""Bytes, inflated, that are looked at: comments and stylesheets stand before some roots."""

MAX_DOCUMENT = MAX_SITEMAP
"""Bytes of a feed, sitemap or list of feeds, inflated."""

_ROOTS: dict[str, Kind] = {
    "rss": "feed",
    "rdf": "feed",
    "channel": "feed",
    "feed": "feed",
    "entry": "feed",
    "urlset": "sitemap",
    "sitemapindex": "sitemap",
    "opml": "opml",
    **dict.fromkeys(("html", "head", "body", "title", "meta"), "page"),
}
_JSON_FEED = re.compile(rb'"version"\s*:\s*"https?:\\?/\\?/(www\.)?jsonfeed\.org|"items"\s*:\s*\[')
_ADDRESS = re.compile(r"\s*https?://\S+\s", re.IGNORECASE)


def kind_of(body: bytes) -> Kind | None:
    """Return what ``body`` is by the first root that it shows; None for what is none of them.

    >>> kind_of(b"<?xml version='1.0'?><rss>"), kind_of(b"<!doctype html><p>"), kind_of(b"hello")
    ('feed', 'page', None)
    """
    sample = inflated(body, SAMPLE)[:SAMPLE]
    if is_json(sample):
        return "feed" if _JSON_FEED.search(sample) else None
    text = decoded(sample)
    if _ADDRESS.match(text + "\n"):
        return "sitemap"
    root = next(elements(text, _ROOTS), None)
    if root:
        return _ROOTS[root.name]
    return "page" if text.lstrip()[:9].lower() == "<!doctype" else None


def read_links(body: bytes, url: str, otherwise: Kind) -> list[Link]:
    """Return the links of a document by what it is, ``otherwise`` where it does not show.

    People name a feed as a sitemap, and a page where they mean its feed.
    """
    kind = kind_of(body) or otherwise
    if kind == "feed":
        return read_feed(body, url)
    if kind == "sitemap":
        return read_sitemap(body, url)
    return read_opml(body, url) if kind == "opml" else read_alternates(body, url)
