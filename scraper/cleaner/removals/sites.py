"""Marks what the rule for a site names: the article's containers, what to cut, what to keep."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from selectolax.lexbor import LexborNode

from scraper.cleaner.removals.mark import Mark
from scraper.cleaner.removals.matching import Found, Plan, TooMuch, search
from scraper.outline import Outline
from scraper.sites import SiteRule
from scraper.sites.css import parse_selector
from scraper.text import count_words

MIN_WORDS = 25
"""Words that the article's containers must hold, what is cut aside: with fewer, the selector found
a teaser or a caption, or the site has changed since the rule was written."""

MAX_INLINE = 8
"""Inline elements between one that is found and the block-level element around it."""


class SiteMarks(NamedTuple):
    """Blocks of the page by what the rule says of them.

    ``body`` are those of the article, None where no selector finds it. No mark of ``strip`` holds
    a block of ``keep``.
    """

    body: frozenset[int] | None
    strip: list[Mark]
    keep: frozenset[int]


def mark_site(page: Outline, rule: SiteRule) -> SiteMarks:
    """Return what the rule finds on the page, which must be read."""
    bodies, strip, keep, plan = _plan(rule)
    found = _Elements(page, plan)
    kept = frozenset(found.blocks(keep))
    marks = found.marks(strip, kept, f"site.{rule.domain}")
    cut = {block for mark in marks for block in range(mark.start, mark.end)}
    return SiteMarks(_body(page, map(found.blocks, bodies), cut), marks, kept)


def _body(page: Outline, candidates: Iterable[set[int]], cut: set[int]) -> frozenset[int] | None:
    for blocks in candidates:
        if sum(count_words(page.texts[block]) for block in blocks - cut) >= MIN_WORDS:
            return frozenset(blocks)
    return None


@lru_cache(maxsize=256)
def _plan(rule: SiteRule) -> tuple[list[int], int, int, Plan]:
    """Return the bits of each selector of the body, of all of ``strip``, of ``keep``; the plan."""
    lists = rule.body, rule.strip, rule.keep
    plan = Plan([parse_selector(selector) for selectors in lists for selector in selectors])
    strip = len(rule.body)
    keep = strip + len(rule.strip)
    return plan.ends[:strip], _joined(plan.ends[strip:keep]), _joined(plan.ends[keep:]), plan


def _joined(bits: Iterable[int]) -> int:
    joined = 0
    for bit in bits:
        joined |= bit
    return joined


class _Elements:
    """The elements that a plan finds on a page.

    Of block-level elements it is known by which selectors they, or one around them, were found;
    the other elements found are kept with the block-level one around them.
    """

    def __init__(self, page: Outline, plan: Plan) -> None:
        self._page = page
        self._inside = [0] * len(page.ids)
        self._inline: list[tuple[Found, int]] = []
        self._texts: dict[tuple[int, str], list[int]] = {}
        if page.body is None:
            return
        try:
            self._read(page.body, plan)
        except TooMuch:
            self._inside, self._inline = [0] * len(page.ids), []

    def _read(self, body: LexborNode, plan: Plan) -> None:
        elements = {identity: element for element, identity in enumerate(self._page.ids)}
        ends = _joined(plan.ends)
        for found in search(body, plan):
            element = elements.get(found.node.mem_id)
            if element is not None:
                self._inside[element] = (found.at | found.around) & ends
            elif found.at & ends:
                owner = _owner(found.node, elements)
                self._inline += [(found, owner)] if owner is not None else []

    def blocks(self, bits: int) -> set[int]:
        """Return the blocks in the elements that one of the selectors found."""
        if not bits:
            return set()
        inside = self._inside
        found = {block for block, owner in enumerate(self._page.owners) if inside[owner] & bits}
        return found.union(block for block, _ in self._filled(bits))

    def marks(self, bits: int, spared: frozenset[int], rule: str) -> list[Mark]:
        """Return the blocks of the outermost elements found, but for those spared, in order."""
        page, inside = self._page, self._inside
        spans: list[tuple[Sequence[int], int]] = [
            (page.blocks_in(element), element)
            for element, found in enumerate(inside)
            if found & bits and not (element and inside[page.parents[element]] & bits)
        ]
        spans += [((block,), owner) for block, owner in self._filled(bits)]
        return sorted(
            Mark(run[0], run[-1] + 1, element, "site", rule)
            for blocks, element in spans
            for run in _runs(block for block in blocks if block not in spared)
        )

    def _filled(self, bits: int) -> Iterator[tuple[int, int]]:
        """Yield block and owner where an inline element that was found is all of a block.

        Of several that read alike in one owner each takes one, in the order of the page.
        """
        taken: dict[tuple[int, str], int] = defaultdict(int)
        for found, owner in self._inline:
            if not found.at & bits or found.around & bits:
                continue
            key = owner, _squeezed(found.node.text())
            blocks = self._by_text().get(key, ())
            if taken[key] < len(blocks):
                yield blocks[taken[key]], owner
            taken[key] += 1

    def _by_text(self) -> dict[tuple[int, str], list[int]]:
        if not self._texts:
            page = self._page
            for block, (owner, text) in enumerate(zip(page.owners, page.texts, strict=True)):
                self._texts.setdefault((owner, _squeezed(text)), []).append(block)
        return self._texts


def _squeezed(text: str) -> str:
    """Return the text without space: line breaks stand in a block's text and not in a node's."""
    return "".join(text.split())


def _owner(node: LexborNode, elements: dict[int, int]) -> int | None:
    """Return the block-level element around an inline one, if it is near."""
    holder = node.parent
    for _ in range(MAX_INLINE):
        if holder is None or holder.mem_id in elements:
            return elements[holder.mem_id] if holder is not None else None
        holder = holder.parent
    return None


def _runs(blocks: Iterable[int]) -> Iterator[list[int]]:
    """Yield the stretches of blocks that follow each other."""
    for _, run in groupby(enumerate(blocks), key=lambda pair: pair[1] - pair[0]):
        yield [block for _, block in run]
