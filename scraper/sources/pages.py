"""Reads which feeds a page names as its own."""

import re
from collections.abc import Iterator

from scraper.model import Link
from scraper.sources.found import gather, link_to
from scraper.sources.markup import Element, attributes_of, decoded, elements
from scraper.urls import resolve

MAX_HEAD = 2**20
"""Bytes of a page that are searched: some sites close the head early and name feeds far below."""

MAX_ALTERNATES = 100
"""Feeds of one page that are read."""

FEED_TYPES = frozenset(
    (
        "application/rss+xml",
        "application/atom+xml",
        "application/rdf+xml",
        "application/feed+json",
        "application/json",
    )
)
"""Media types of feeds; ``application/json`` is what JSON Feed 1.0 asked for."""

# Text of these is no markup: what a script writes is not named by the page.
_RAW = re.compile(
    r"<(script|style|noscript|template|textarea)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE
)
_REST_API = "/wp-json/"  # WordPress calls the page's own data an alternate, too


def read_alternates(body: bytes, url: str) -> list[Link]:
    """Return the feeds that the page at ``url`` names by ``<link rel=alternate>``; never raises.

    >>> head = b'<link rel=alternate type="application/rss+xml" href=/feed>'
    >>> read_alternates(head, "https://harbour.example/news/")[0].url
    'https://harbour.example/feed'
    """
    text = _RAW.sub("", decoded(body[:MAX_HEAD]))
    return gather(_feeds(text, url), MAX_ALTERNATES)


def _feeds(text: str, url: str) -> Iterator[Link | None]:
    base = url
    for element in elements(text, {"base", "link"}):
        if element.name == "base" and base is url:
            base = resolve(url, attributes_of(element).get("href", "")) or url
        elif element.name == "link":
            yield link_to(_feed_of(element), base, kind="feed", source=url)


def _feed_of(element: Element) -> str | None:
    stated = attributes_of(element)
    kind = stated.get("type", "").partition(";")[0].strip().lower()
    relation = stated.get("rel", "").lower().split()
    named = "alternate" in relation and kind in FEED_TYPES
    href = stated.get("href")
    return href if named and href and _REST_API not in href else None
