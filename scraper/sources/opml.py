"""Reads OPML, in which feed readers exchange their lists of feeds."""

from collections.abc import Iterator

from scraper.model import Link
from scraper.sources.found import gather, link_to
from scraper.sources.markup import attributes_of, decoded, elements

MAX_FEEDS = 10_000
"""Feeds that are read; the largest lists that people share hold some thousand."""


def read_opml(body: bytes, url: str | None = None) -> list[Link]:
    """Return the feeds of an OPML document, at whatever depth, each once, in order; never raises.

    ``url`` is where it was found; a file has none, and then relative links lead nowhere.

    >>> read_opml(b'<opml><body><outline xmlUrl="https://a.example/rss"/>')[0].url
    'https://a.example/rss'
    """
    return gather(_feeds(decoded(body), url or ""), MAX_FEEDS)


def _feeds(text: str, url: str) -> Iterator[Link | None]:
    for element in elements(text, {"outline"}):
        stated = attributes_of(element)
        kind = stated.get("type", "").lower()
        feed = stated.get("xmlurl") or (stated.get("url") if kind in ("rss", "atom") else None)
        yield link_to(feed, url, kind="feed", source=url or None)
