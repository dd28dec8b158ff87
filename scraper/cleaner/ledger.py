"""Writes the ledger: what was cut, by which rule, and what of the page the body left out."""

from collections.abc import Collection, Mapping, Sequence
from itertools import groupby

from scraper.cleaner.blocks import Outline
from scraper.cleaner.removals import Mark, kind_of
from scraper.model import Removal
from scraper.text import count_words, one_line

MAX_TEXT = 20_000
"""Characters of one ledger entry: enough for a long menu; ``words`` counts all of it."""

_PATH_DEPTH = 6
"""Levels of a removal's path: enough to find it again, short enough to read."""

BODY_RULE = "boilerplate.outside-body"


def ledger(
    page: Outline,
    words: Sequence[int],
    kept: Collection[int],
    marks: Sequence[Mark],
    labels: Mapping[int, tuple[str, str]],
) -> tuple[Removal, ...]:
    """Return an entry for each stretch of blocks that the article does not hold, in page order.

    ``words`` counts those of each block, ``kept`` are the indices of the article's blocks,
    ``marks`` name what the rules found; ``labels`` give kind and rule of single blocks that were
    cut by what they say. Of the rest, which the body never held, short blocks are named by what
    they say.
    """
    told: list[tuple[str, str, int]] = [("boilerplate", BODY_RULE, -1)] * len(page.texts)
    for mark in marks:
        told[mark.start : mark.end] = [(mark.kind, mark.rule, mark.element)] * (
            mark.end - mark.start
        )
    for index, (kind, rule) in labels.items():
        told[index] = (kind, rule, page.owners[index])
    kept = frozenset(kept)
    cut = [
        index
        for index, owner in enumerate(page.owners)
        if index not in kept and page.tags[owner] != "h1"  # the headline is the title, not cut
    ]
    for index in cut:
        heard = kind_of(page.texts[index]) if told[index][2] < 0 else None
        if heard is not None:
            told[index] = (heard.kind, heard.id, page.owners[index])
    positions = [0]
    for count in words:
        positions.append(positions[-1] + count)
    # Neighbours on the page for the same reason are one entry; what is kept between parts them.
    stretches = groupby(enumerate(cut), key=lambda pair: (pair[1] - pair[0], told[pair[1]]))
    return tuple(
        _entry(page, [index for _, index in stretch], reason, positions)
        for (_, reason), stretch in stretches
    )


def _entry(
    page: Outline, blocks: list[int], reason: tuple[str, str, int], positions: Sequence[int]
) -> Removal:
    kind, rule, element = reason
    lines = (line for index in blocks for line in page.texts[index].split("\n"))
    text = "\n".join(line for line in map(one_line, lines) if line)
    holder = element if element >= 0 else page.owners[blocks[0]]
    return Removal(
        kind=kind,
        rule=rule,
        text=text[:MAX_TEXT],
        path=path_of(page, holder),
        position=positions[blocks[0]],
        words=count_words(text),
        count=1,
    )


def path_of(page: Outline, element: int) -> str:
    """Return the last levels of the way to an element, as ``main > div#story > aside.news``."""
    levels: list[str] = []
    while element >= 0 and len(levels) < _PATH_DEPTH:
        levels.append(_level(page.tags[element], page.names[element]))
        element = page.parents[element]
    return one_line(" > ".join(reversed(levels)))


def _level(tag: str, names: str) -> str:
    """Name an element by its first class, or by its id."""
    known = [name for name in one_line(names).split() if not name.startswith(("role-", "prop-"))]
    if not known:
        return tag
    return f"{tag}{known[0]}"[:80] if known[0].startswith("#") else f"{tag}.{known[0]}"[:80]
