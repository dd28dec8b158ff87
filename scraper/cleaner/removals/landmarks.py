"""Marks what HTML itself names: navigation, page footer, dialogs, skip links, hidden parts."""

from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser

from scraper.cleaner.removals.mark import Mark
from scraper.cleaner.removals.prose import Prose
from scraper.cleaner.rules import load_rules


def mark_landmarks(tree: LexborHTMLParser, prose: Prose) -> Iterator[Mark]:
    """Yield a mark for each node that a rule's CSS selector finds."""
    if tree.body is None:
        return
    for rule in load_rules():
        if not rule.select:
            continue
        for node in tree.body.css(rule.select):
            mark = prose.mark(node, rule)
            if mark:
                yield mark
