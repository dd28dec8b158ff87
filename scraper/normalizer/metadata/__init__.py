"""Readers of metadata: each looks at one part of the page, yields clues and decides nothing."""

from collections.abc import Sequence
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser

from scraper.normalizer.metadata import head, jsonld, microdata, shown, state, terms
from scraper.normalizer.metadata.clue import Clue
from scraper.normalizer.metadata.jsonld import TOO_LARGE
from scraper.normalizer.metadata.shown import NO_ZONE, Zone
from scraper.normalizer.metadata.terms import paywalled_parts
from scraper.outline import Outline

__all__ = [
    "NO_ZONE",
    "TOO_LARGE",
    "Clue",
    "Collected",
    "Zone",
    "collect",
    "collect_shown",
    "paywalled_parts",
]


class Collected(NamedTuple):
    """All evidence of a page: what is stated and shown, the page's blocks, the article's place."""

    clues: Sequence[Clue]
    page: Outline | None = None
    zone: Zone = NO_ZONE


def collect(tree: LexborHTMLParser, page: Outline, url: str | None) -> list[Clue]:
    """Return what the page states of itself and its headings, in the order found."""
    declared = [clue.value for clue in head.read_canonical(tree)]
    own_urls = frozenset().union(*map(jsonld.address_keys, filter(None, (url, *declared))))
    clues = [*jsonld.read(tree, own_urls), *head.read(tree), *microdata.read(tree, page)]
    clues += shown.read_headlines(tree, page)
    clues += state.read(tree, frozenset(clue.field for clue in clues))
    return [*clues, *terms.read(tree, paywalled_parts(clues))]


def collect_shown(
    tree: LexborHTMLParser, page: Outline, clues: Sequence[Clue], kept: Sequence[int]
) -> Collected:
    """Return ``clues`` with what is shown around the article, made of the blocks ``kept``."""
    zone = shown.zone_of(page, clues, kept)
    return Collected([*clues, *shown.read_signs(tree, page, zone, clues)], page, zone)
