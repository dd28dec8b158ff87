"""Guards prose: tells how much of it a removal would take, so that none eats an article."""

from bisect import bisect_left
from itertools import accumulate

from selectolax.lexbor import LexborNode

from scraper.cleaner.removals.mark import Mark
from scraper.cleaner.rules import Rule
from scraper.cleaner.runs import Outline, Run

MIN_WORDS = 15
"""Words from which an unlinked run counts as prose; most teasers and buttons are shorter. This and
the next two are judgements, tried as a whole by bench.quality."""

MAX_LINK_SHARE = 0.3
"""Share of link words above which a run is a link list, not prose."""

_PARAGRAPHS = ("p", "li", "blockquote")  # sites name a paragraph so without meaning a box

LEAD = 100
"""Words of prose that must precede a section of any length (comments, related) to be cut."""


class Prose:
    """How many words of prose stand before each place of the page."""

    def __init__(self, outline: Outline) -> None:
        self._outline = outline
        self._starts = [run.place for run in outline.runs]
        self._sums = [0, *accumulate(run.words if is_prose(run) else 0 for run in outline.runs)]
        headings = (run.place for run in outline.runs if run.node.tag == "h1")
        self._headline = next(headings, -1)

    def mark(self, node: LexborNode, rule: Rule) -> Mark | None:
        """Return the mark for ``node``, or None where the rule would take the headline or prose."""
        if node.mem_id not in self._outline.places:
            return None
        start, end = self._outline.span(node)
        if start <= self._headline < end or self._is_told(rule, start, end):
            return None
        before = self._before(start)
        inside = self._before(end) - before
        allowed = 0 if node.tag in _PARAGRAPHS else rule.max_prose
        if inside > allowed and not (rule.after_prose and before >= LEAD):
            return None
        return Mark(node, rule.kind, rule.id, start, end)

    def _is_told(self, rule: Rule, start: int, end: int) -> bool:
        """Whether fewer words than the rule asks for are links."""
        if not rule.min_links:
            return False
        runs = self._outline.runs[bisect_left(self._starts, start) : bisect_left(self._starts, end)]
        words = sum(run.words for run in runs)
        return sum(run.link_words for run in runs) < rule.min_links * words

    def words(self, node: LexborNode) -> int:
        """Return the words of prose in ``node``."""
        start, end = self._outline.span(node)
        return self._before(end) - self._before(start)

    def _before(self, place: int) -> int:
        return self._sums[bisect_left(self._starts, place)]


def is_prose(run: Run) -> bool:
    """Whether a run is text to be read: long enough, and no list of links."""
    return run.words >= MIN_WORDS and run.link_words <= MAX_LINK_SHARE * run.words
