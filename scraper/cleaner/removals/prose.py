"""Guards prose: tells how much of it a removal would take, so that none eats an article."""

from collections.abc import Collection, Sequence

import numpy as np

from scraper.cleaner.removals.mark import Mark
from scraper.cleaner.rules import Rule
from scraper.outline import Outline

MIN_WORDS = 15
"""Words from which an unlinked block counts as prose; most teasers and buttons are shorter. This
and the next two are judgements, tried as a whole by bench.quality."""

MAX_LINK_SHARE = 0.3
"""Share of link text above which a block is a link list, not prose."""

_PARAGRAPHS = ("p", "li", "blockquote")  # sites name a paragraph so without meaning a box

LEAD = 100
"""Words of prose that must precede a section of any length (comments, related) to be cut."""


class Prose:
    """How many words, link words and words of prose stand before each block of the page.

    ``kept``: what stays, where that is known. A box without any of it is cut already and only asked
    for its name: it may hold too much prose, and is wide then.
    """

    def __init__(
        self, page: Outline, words: Sequence[int], kept: Collection[int] | None = None
    ) -> None:
        self.page = page
        self._ends = page.ends()
        counts = np.array(words, dtype=np.int64)
        lengths = np.fromiter(map(len, page.texts), np.int64, len(page.texts))
        shares = np.array(page.links) / np.maximum(1, lengths)
        prose = (counts >= MIN_WORDS) & (shares <= MAX_LINK_SHARE)
        self._words: list[int] = [0, *np.cumsum(counts).tolist()]
        self._linked: list[float] = [0.0, *np.cumsum(shares * counts).tolist()]
        self._prose: list[int] = [0, *np.cumsum(counts * prose).tolist()]
        self._kept: list[int] | None = None
        if kept is not None:
            stays = np.zeros(len(words), dtype=np.int64)
            stays[list(kept)] = 1
            self._kept = [0, *np.cumsum(stays).tolist()]
        self._headline = page.tags.index("h1") if "h1" in page.tags else -1

    def span(self, element: int) -> tuple[int, int]:
        """Return the blocks in an element: from, up to but not with."""
        blocks = self.page.blocks_in(element)
        return blocks.start, blocks.stop

    def mark(self, element: int, rule: Rule) -> Mark | None:
        """Return the mark for an element, or None where it would take the headline or prose."""
        start, end = self.span(element)
        is_told = self._linked[end] - self._linked[start] < rule.min_links * (
            self._words[end] - self._words[start]
        )
        if start == end or is_told or element <= self._headline < self._ends[element]:
            return None
        allowed = 0 if self.page.tags[element] in _PARAGRAPHS else rule.max_prose
        is_cut = self._kept is not None and self._kept[end] == self._kept[start]
        is_late = rule.after_prose and self._prose[start] >= LEAD
        too_much = self._prose[end] - self._prose[start] > allowed and not is_late
        if too_much and not is_cut:
            return None
        return Mark(start, end, element, rule.kind, rule.id, wide=rule.wide or too_much)

    def words(self, element: int) -> int:
        """Return the words of prose in an element."""
        start, end = self.span(element)
        return self._prose[end] - self._prose[start]
