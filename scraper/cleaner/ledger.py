"""Writes the ledger: what was cut, by which rule, and what of the page the body left out."""

from collections.abc import Collection, Sequence
from itertools import groupby
from typing import Literal

from scraper.cleaner.choice import Choice
from scraper.cleaner.naming import Reason
from scraper.model import Piece, Removal
from scraper.outline import Outline
from scraper.text import count_words, keep_lines, one_line

MAX_TEXT = 20_000
"""Characters of one ledger entry: enough for a long menu; ``words`` counts all of it."""

_PATH_DEPTH = 6
"""Levels of a removal's path: enough to find it again, short enough to read."""


Part = Literal["title", "subtitle", "text", "removed"]


def ledger(
    page: Outline, words: Sequence[int], kept: Collection[int], told: Sequence[Reason]
) -> tuple[Removal, ...]:
    """Return an entry for each stretch of blocks that the article does not hold, in page order.

    ``words`` counts those of each block, ``kept`` are the indices of the article's blocks,
    ``told`` says why the others were cut.
    """
    kept = frozenset(kept)
    cut = [
        index
        for index, owner in enumerate(page.owners)
        if index not in kept and page.tags[owner] != "h1"  # the headline is the title, not cut
    ]
    positions = [0]
    for count in words:
        positions.append(positions[-1] + count)
    # Neighbours on the page for the same reason are one entry; what is kept between parts them.
    stretches = groupby(enumerate(cut), key=lambda pair: (pair[1] - pair[0], told[pair[1]]))
    return tuple(
        _entry(page, [index for _, index in stretch], reason, positions)
        for (_, reason), stretch in stretches
    )


def _entry(page: Outline, blocks: list[int], reason: Reason, positions: Sequence[int]) -> Removal:
    kind, rule, element, *_ = reason
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


def told_pieces(
    choice: Choice, shown: Collection[int], told: Sequence[Reason]
) -> tuple[Piece, ...]:
    """Return every block of the page in order, kept or removed, with the votes on it."""
    page, standfirst = choice.page, frozenset(choice.selection.standfirst)
    named = {index: box.rule for box in choice.named for index in range(box.start, box.end)}
    pieces = []
    for index, (text, owner) in enumerate(zip(page.texts, page.owners, strict=True)):
        votes = [f"model {choice.likely[index]:.2f}"]
        heard = choice.heard[index]
        if heard is not None:
            votes.append(f"text {heard.kind}: {heard.phrase}")
        if index in named:
            votes.append(f"box {named[index]}")
        if index in choice.cut:
            votes += choice.cut[index].votes
        if index in shown or page.tags[owner] == "h1":
            part = _part(is_standfirst=index in standfirst, is_shown=index in shown)
            pieces.append(_piece(text, part, votes))
            continue
        reason = told[index]
        path = path_of(page, reason.element if reason.element >= 0 else owner)
        pieces.append(_piece(text, "removed", votes, reason, path))
    return tuple(pieces)


def _part(*, is_standfirst: bool, is_shown: bool) -> Part:
    if is_standfirst:
        return "subtitle"
    return "text" if is_shown else "title"


def _piece(
    text: str,
    part: Part,
    votes: Sequence[str],
    reason: Reason | None = None,
    path: str | None = None,
) -> Piece:
    return Piece(
        text=keep_lines(text),
        part=part,
        kind=reason.kind if reason else None,
        rule=reason.rule if reason else None,
        path=path,
        votes=tuple(votes),
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
