"""Readers of metadata: each looks at one part of the page, yields clues and decides nothing."""

from selectolax.lexbor import LexborHTMLParser

from scraper.normalizer.metadata import head, jsonld, page, terms
from scraper.normalizer.metadata.clue import Clue
from scraper.normalizer.metadata.terms import paywalled_parts
from scraper.urls import url_key

__all__ = ["Clue", "collect", "paywalled_parts"]


def collect(tree: LexborHTMLParser, url: str | None) -> list[Clue]:
    """Return every clue of the page in the order found; call it before the tree is stripped."""
    declared = [clue.value for clue in page.read_canonical(tree)]
    own_urls = frozenset(url_key(address) for address in (url, *declared) if address)
    clues = [*jsonld.read(tree, own_urls), *head.read(tree), *page.read(tree)]
    return [*clues, *terms.read(tree, paywalled_parts(clues))]
