"""Removal passes: each marks what it would cut, by rule; the cleaner removes after all have marked."""

from collections.abc import Callable, Iterator

from selectolax.lexbor import LexborHTMLParser

from scraper.cleaner.removals.landmarks import mark_landmarks
from scraper.cleaner.removals.mark import Mark
from scraper.cleaner.removals.names import mark_names
from scraper.cleaner.removals.prose import Prose
from scraper.cleaner.runs import Outline

__all__ = ["PASSES", "Mark", "mark"]

Pass = Callable[[LexborHTMLParser, Prose], Iterator[Mark]]

PASSES: tuple[Pass, ...] = (mark_landmarks, mark_names)
"""In order: where two passes mark the same node, the earlier one names the kind."""


def mark(tree: LexborHTMLParser, outline: Outline) -> list[Mark]:
    """Run all passes; return the outermost marks in document order."""
    prose = Prose(outline)
    found = [mark for one_pass in PASSES for mark in one_pass(tree, prose)]
    found.sort(key=lambda mark: (mark.start, -mark.end))
    outermost: list[Mark] = []
    for candidate in found:
        if not outermost or candidate.start >= outermost[-1].end:
            outermost.append(candidate)
    return outermost
