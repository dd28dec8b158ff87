"""Gathers the links that a document names: usable ones, each once, up to a cap."""

import re
from collections.abc import Callable, Iterable

from msgspec.structs import replace

from scraper.model import Link, LinkKind
from scraper.sources.moments import read_moment
from scraper.urls import resolve

# Joining costs half of the time that a sitemap takes, and changes none of these.
_ABSOLUTE = re.compile(r"https?://\S+", re.IGNORECASE)


def link_to(
    reference: str | None,
    base: str,
    *,
    kind: LinkKind = "page",
    source: str | None,
    moment: str = "",
) -> Link | None:
    """Return the link that ``reference`` makes at ``base``; None where it is no web address."""
    if not reference:
        return None
    url = resolve("" if _ABSOLUTE.fullmatch(reference) else base, reference)
    if url is None:
        return None
    return Link(url=url, kind=kind, source=source, last_modified=read_moment(moment))


def gather(links: Iterable[Link | None], limit: int, key: Callable[[str], str] = str) -> list[Link]:
    """Return the first ``limit`` links with different keys of their URLs, in their order.

    Of two to the same address the first stays, with the other's time if it has none.
    """
    found: dict[str, Link] = {}
    for link in links:
        if link is None:
            continue
        name = key(link.url)
        known = found.get(name)
        if known is None and len(found) == limit:
            break
        if known is None:
            found[name] = link
        elif known.last_modified is None and link.last_modified:
            found[name] = replace(known, last_modified=link.last_modified)
    return list(found.values())
