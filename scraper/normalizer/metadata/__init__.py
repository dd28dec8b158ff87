"""Readers of metadata: each looks at one part of the page, yields clues and decides nothing."""

from selectolax.lexbor import LexborHTMLParser

from scraper.normalizer.metadata import head, jsonld, page
from scraper.normalizer.metadata.clue import Clue

__all__ = ["Clue", "collect"]


def collect(tree: LexborHTMLParser) -> list[Clue]:
    """Return every clue of the page in the order found; call it before the tree is stripped."""
    return [*jsonld.read(tree), *head.read(tree), *page.read(tree)]
