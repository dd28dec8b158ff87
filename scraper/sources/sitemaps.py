"""Reads sitemaps: lists of pages, indexes of sitemaps, plain text, gzip; and robots.txt's."""

import re
from collections.abc import Iterator
from itertools import islice

from scraper.model import Link
from scraper.sources.found import gather, link_to
from scraper.sources.markup import Element, Record, decoded, records, text_of
from scraper.sources.packed import inflated

MAX_URLS = 50_000
"""Addresses in one sitemap, as the protocol has it (sitemaps.org)."""

MAX_SITEMAP = 50 * 2**20
"""Bytes of one sitemap, inflated, as the protocol has it (52,428,800)."""

MAX_SITEMAPS = 1000
"""Sitemaps of one robots.txt that are read; large sites name some dozen."""

_RECORDS = frozenset(("url", "sitemap"))
_FIELDS = frozenset(("loc", "lastmod", "publication_date"))
_LINES = re.MULTILINE | re.IGNORECASE
_TEXT_LINE = re.compile(r"^[ \t\ufeff]*(https?://\S+)[ \t]*\r?$", _LINES)
_ROBOTS_LINE = re.compile(r"^[ \t\ufeff]*site-?map[ \t]*:[ \t]*([^\s#]+)", _LINES)


def read_sitemap(body: bytes, url: str) -> list[Link]:
    """Return what a sitemap at ``url`` names: pages, and of an index sitemaps; each once, in order.

    ``last_modified`` is its ``lastmod``, else the publication date of a news sitemap. At most
    50,000 links and 50 MB; never raises.
    """
    text = decoded(inflated(body, MAX_SITEMAP)[:MAX_SITEMAP])
    named = _records(text, url) if "<" in text else _lines(text, url)
    return gather(islice(named, MAX_URLS), MAX_URLS)


def _records(text: str, url: str) -> Iterator[Link | None]:
    return (_link(record, url) for record in records(text, _RECORDS, _FIELDS))


def _link(record: Record, url: str) -> Link | None:
    """Return the link of a ``url`` or ``sitemap``: its ``loc``, never that of its images."""
    fields = {
        field.name: text_of(field)
        for field in reversed(record.fields)
        if not field.closes and _is_own(field, record.element)
    }
    return link_to(
        fields.get("loc"),
        url,
        kind="sitemap" if record.element.name == "sitemap" else "page",
        source=url,
        moment=fields.get("lastmod") or fields.get("publication_date", ""),
    )


def _is_own(field: Element, element: Element) -> bool:
    return field.name == "publication_date" or field.prefix == element.prefix


def _lines(text: str, url: str) -> Iterator[Link | None]:
    for match in _TEXT_LINE.finditer(text):
        yield link_to(match[1], url, source=url)


def read_robots_sitemaps(body: bytes, url: str) -> list[Link]:
    """Return the sitemaps that the robots.txt at ``url`` names, each once, in order.

    >>> read_robots_sitemaps(b"Sitemap: /map.xml", "https://harbour.example/robots.txt")[0].url
    'https://harbour.example/map.xml'
    """
    lines = islice(_ROBOTS_LINE.finditer(decoded(body).replace("\r", "\n")), MAX_SITEMAPS)
    named = (link_to(line[1], url, kind="sitemap", source=url) for line in lines)
    return gather(named, MAX_SITEMAPS)
