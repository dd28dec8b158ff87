"""Removal passes: each marks what it would cut, by kind and rule; nothing is removed here."""

from collections.abc import Callable, Collection, Iterator, Sequence

from selectolax.lexbor import LexborHTMLParser

from scraper.cleaner.removals.columns import mark_columns
from scraper.cleaner.removals.landmarks import mark_landmarks
from scraper.cleaner.removals.mark import Mark
from scraper.cleaner.removals.names import mark_names
from scraper.cleaner.removals.promos import BlockMark, mark_promos, saved
from scraper.cleaner.removals.prose import Prose
from scraper.cleaner.removals.said import Said, Scene, overhear
from scraper.outline import Outline

__all__ = [
    "PASSES",
    "BlockMark",
    "Mark",
    "Said",
    "Scene",
    "mark",
    "mark_promos",
    "overhear",
    "saved",
    "vote",
]

Pass = Callable[[LexborHTMLParser, Prose], Iterator[Mark]]

PASSES: tuple[Pass, ...] = (mark_landmarks, mark_names, mark_columns)
"""In order: where two passes mark the same node, the earlier one names the kind."""


def mark(
    tree: LexborHTMLParser,
    page: Outline,
    words: Sequence[int],
    kept: Collection[int] | None = None,
) -> list[Mark]:
    """Run all passes; return the marks in reading order, outer ones first.

    ``words`` counts those of each block of ``page``, ``kept`` are the blocks that stay.
    """
    prose = Prose(page, words, kept)
    found = [mark for one_pass in PASSES for mark in one_pass(tree, prose)]
    found.sort(key=lambda mark: (mark.start, -mark.end, mark.element))
    return found


def vote(page: Outline, words: Sequence[int]) -> list[Mark]:
    """Return what the names of boxes speak against: the one pass that needs no tree.

    Its voice tells comments and teasers apart from the article on pages that the model doubts;
    all passes together say hardly more and cost four times as much.
    """
    return list(mark_names(None, Prose(page, words)))
