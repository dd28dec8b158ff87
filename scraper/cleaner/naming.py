"""Names why each block is cut: the box that it stands in, what it says, what stands beside it.

A box of one kind names all that is in it, but for boxes in it that promote something else: an
advertisement among teasers. A box that holds many things (``wide`` in the rules: the footer of the
page, a column of asides) yields to what is in it and to what a block of it says. What is left
without a name has that of the small box around it, where all that is named there is of one kind.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from scraper.cleaner.lexicon import Heard
from scraper.cleaner.removals import BlockMark, Mark
from scraper.cleaner.removals.said import NOTE
from scraper.outline import Outline

MAX_BOX, MAX_CLIMB = 25, 4
"""Blocks of a box whose blocks name each other, and how far up from a block it may be."""

FEW, MOST = 1 / 3, 2 / 3
"""Share of the blocks of such a box that are named: of a box that offers something, and of others.
Short items of lists do not count."""

MAX_ITEM = 8
"""Words of a short item: it names a topic or an edition."""

SEVERAL = 2
"""Blocks of a part of a box that speak of one kind, which is not the box's: the part is of it."""

LINKED = 0.9
"""Share of link text from which a block of a wide box is an entry of its menu or a teaser, whatever
it says."""

TEASER_WORDS, TEASER_SIGNS = range(5, 21), 12
"""Words, and characters at least, of a link after the text that is a teaser though no rule says so:
shorter ones are entries of a menu, longer ones the whole of it."""

_PARTS = frozenset(
    "author-bio byline caption copyright feedback hidden navigation share tags".split()
)
"""Kinds that are parts of any box, and have none: the byline of a teaser is the teaser's."""

_COLUMNS = ("boilerplate", "navigation", "related")
"""Kinds of boxes in which anything may stand; a promotion in another box is of the box's kind."""

_LOOSE = _PARTS.difference(("byline",)).union(("player", "signin"))
"""Kinds of single lines, which say little of what stands beside them."""


class Reason(NamedTuple):
    """Why a block was cut: kind, rule and the element that was marked, -1 where none was.

    ``by_box``: a box around it says so; ``firm``: and the box holds nothing else.
    """

    kind: str
    rule: str
    element: int
    by_box: bool = False
    firm: bool = False


OUTSIDE = Reason("boilerplate", "boilerplate.outside-body", -1)
"""The model left it out, and no rule has a name for it."""


class Cutting(NamedTuple):
    """A page of which the blocks ``kept`` stay: the rest is to be named."""

    page: Outline
    words: Sequence[int]
    heard: Sequence[Heard | None]
    kept: frozenset[int]

    def speaks(self, index: int) -> str | None:
        """Return the kind of which a block speaks."""
        found = self.heard[index]
        return found.kind if found is not None and found.kind != NOTE else None

    def is_linked(self, index: int) -> bool:
        """Whether a block is a link and nothing else."""
        return self.page.links[index] >= LINKED * len(self.page.texts[index])

    def is_headline(self, index: int) -> bool:
        """Whether a block has the length of a headline, and so a link that of a teaser."""
        return self.words[index] in TEASER_WORDS and len(self.page.texts[index]) >= TEASER_SIGNS

    def boxes(self, index: int) -> Iterator[tuple[int, range]]:
        """Yield the small boxes around a block, inner ones first; none holds what is kept."""
        page, element = self.page, self.page.owners[index]
        for _ in range(MAX_CLIMB):
            blocks = page.blocks_in(element)
            if element <= 0 or len(blocks) > MAX_BOX or any(map(self._stays, blocks)):
                return
            yield element, blocks
            element = page.parents[element]

    def _stays(self, index: int) -> bool:
        return index in self.kept or self.page.tags[self.page.owners[index]] == "h1"


def reasons(
    cutting: Cutting, marks: Sequence[Mark], promos: Mapping[int, BlockMark]
) -> list[Reason]:
    """Return for each block of the page why it is cut, if it is.

    ``marks`` are what rules about boxes found, outer ones first; ``promos`` are the blocks that
    were selected and cut after all, by index.
    """
    told = list(_by_boxes(marks, len(cutting.page.texts)))
    for index, reason in enumerate(told):
        kind = cutting.speaks(index)
        if kind is not None and _yields(reason, is_linked=cutting.is_linked(index)):
            told[index] = Reason(kind, f"{kind}.phrase", cutting.page.owners[index])
    for index, promo in promos.items():
        if promo.kind == "site" or not told[index].firm:
            told[index] = Reason(promo.kind, promo.rule, cutting.page.owners[index])
    _name_parts(cutting, told)
    _name_teasers(cutting, told)
    _name_neighbours(cutting, told)
    return told


def _by_boxes(marks: Sequence[Mark], count: int) -> Iterator[Reason]:
    """Yield for each block the reason that the boxes around it give."""
    around: list[tuple[int, Reason]] = []
    following = 0
    for index in range(count):
        while around and around[-1][0] <= index:
            around.pop()
        while following < len(marks) and marks[following].start <= index:
            mark = marks[following]
            outer = around[-1][1] if around else OUTSIDE
            inner = Reason(mark.kind, mark.rule, mark.element, by_box=True, firm=not mark.wide)
            around.append((mark.end, inner if _names_itself(inner, outer) else outer))
            following += 1
        yield around[-1][1] if around else OUTSIDE


def _names_itself(inner: Reason, outer: Reason) -> bool:
    """Whether a box in another has a name of its own."""
    if not outer.firm:
        is_vague = inner.kind == "promotion" and outer.kind not in _COLUMNS
        is_second = inner.element == outer.element  # of two rules for one, the first names it
        return inner.firm or not (is_vague or is_second)
    is_other = inner.kind != outer.kind and inner.element != outer.element
    return inner.firm and is_other and not {inner.kind, outer.kind} & _PARTS


def _yields(reason: Reason, *, is_linked: bool) -> bool:
    """Whether what a block says is a better name than the box around it."""
    is_entry = is_linked and reason.by_box and reason.kind in _COLUMNS
    return not reason.firm and not is_entry


def _name_parts(cutting: Cutting, told: list[Reason]) -> None:
    """Let the part of a box that speaks of one kind, and of that alone, be of that kind."""
    for index, reason in enumerate(tuple(told)):
        kind = cutting.speaks(index)
        if kind is None or kind in _PARTS or (reason.by_box and reason.kind in _PARTS):
            continue
        part = None
        for element, blocks in cutting.boxes(index):
            spoken = [one for one in map(cutting.speaks, blocks) if one and one not in _PARTS]
            if set(spoken) != {kind}:
                break
            if len(spoken) >= SEVERAL:
                part = element, blocks
        for place in part[1] if part else ():
            outer = told[place]
            if part and outer.by_box and outer.element < part[0] and outer.kind not in _PARTS:
                told[place] = Reason(kind, f"{kind}.box", part[0])


def _name_teasers(cutting: Cutting, told: list[Reason]) -> None:
    """Call a link after the text that no rule names a teaser, if it is as long as one."""
    for index in range(min(cutting.kept, default=0), len(told)):
        is_teaser = cutting.is_headline(index) and cutting.is_linked(index)
        if is_teaser and told[index] is OUTSIDE and index not in cutting.kept:
            told[index] = Reason("related", "related.link", cutting.page.owners[index])


def _name_neighbours(cutting: Cutting, told: list[Reason]) -> None:
    """Give what has no name that of the smallest box around it in which something has one.

    What only stands in a wide box has none; an entry of a menu has nothing to do with the next.
    """
    before = tuple(told)
    for index, reason in enumerate(before):
        is_entry = cutting.is_linked(index) and not cutting.is_headline(index)
        if reason is not OUTSIDE or index in cutting.kept or is_entry:
            continue
        for element, blocks in cutting.boxes(index):
            named = [before[place] for place in blocks if _has_name(before[place])]
            if named:
                others = sum(
                    not _has_name(before[place]) and not _is_item(cutting, place)
                    for place in blocks
                )
                kind = named[0].kind
                needed = (MOST if kind in _LOOSE else FEW) * (len(named) + others)
                if len(named) >= needed and all(one.kind == kind for one in named):
                    told[index] = Reason(kind, f"{kind}.box", element)
                break


def _has_name(reason: Reason) -> bool:
    return reason is not OUTSIDE and (reason.firm or not reason.by_box)


def _is_item(cutting: Cutting, index: int) -> bool:
    tag = cutting.page.tags[cutting.page.owners[index]]
    return tag == "li" and cutting.words[index] <= MAX_ITEM
