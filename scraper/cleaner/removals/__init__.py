"""Removal passes: each marks what it would cut; the cleaner removes after all have marked."""

from collections.abc import Callable, Iterator, Sequence

from selectolax.lexbor import LexborHTMLParser

from scraper.cleaner.removals.columns import mark_columns
from scraper.cleaner.removals.landmarks import mark_landmarks
from scraper.cleaner.removals.mark import Mark
from scraper.cleaner.removals.names import mark_names
from scraper.cleaner.removals.phrases import BlockMark, Said, mark_leads, mark_tail
from scraper.cleaner.removals.prose import Prose, is_prose
from scraper.cleaner.runs import Outline, Run
from scraper.model import Block
from scraper.text import squeezed

__all__ = ["BLOCK_PASSES", "PASSES", "BlockMark", "Mark", "is_prose", "mark", "mark_blocks"]

Pass = Callable[[LexborHTMLParser, Prose], Iterator[Mark]]
BlockPass = Callable[[Sequence[Said]], Iterator[BlockMark]]

PASSES: tuple[Pass, ...] = (mark_landmarks, mark_names, mark_columns)
"""In order: where two passes mark the same node, the earlier one names the kind."""

BLOCK_PASSES: tuple[BlockPass, ...] = (mark_leads, mark_tail)
"""Passes over the blocks that the body kept, in the same order of right to name the kind."""


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


def mark_blocks(blocks: Sequence[Block], remaining: Sequence[Run]) -> dict[int, BlockMark]:
    """Run all passes over the kept blocks; return the marks by the block's place.

    ``remaining`` are the runs of the page that the blocks were found in.
    """
    links = {squeezed(run.text): run.link_words / run.words for run in remaining if run.link_words}
    kept = [Said(block, links.get(squeezed(block.text), 0.0)) for block in blocks]
    marks = (mark for one_pass in BLOCK_PASSES for mark in one_pass(kept))
    return {mark.place: mark for mark in reversed(list(marks))}
