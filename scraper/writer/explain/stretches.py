"""What an explanation shows of the text: stretches in the order of the page, and their sums.

Terminal and browser show the same. All is counted; what is shown is bounded (``shown``).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from scraper.model import Article, Explanation, Piece
from scraper.text import count_words
from scraper.writer.explain.kinds import kind_of
from scraper.writer.explain.shown import (
    MAX_NAME,
    Budget,
    Paragraph,
    flat,
    merged,
    take_paragraphs,
    take_runs,
)

MAX_KINDS = 40
"""Kinds with a line of their own in the legend; the rest are one."""

LONG_WORDS, LONG_RUNS = 45, 5
"""A removed stretch of more is collapsed."""

EXCERPT = 220

OTHER = "other kinds"

_HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})


class Stretch(NamedTuple):
    """Neighbouring blocks that were kept, or removed for one reason.

    ``runs`` are a removal's lines, short ones together; ``start`` and ``words`` count all words,
    ``unseen`` those that are not shown. ``slot`` is the kind's place in the legend.
    """

    number: int
    kind: str
    rule: str
    path: str
    votes: tuple[str, ...]
    paragraphs: tuple[Paragraph, ...]
    runs: tuple[tuple[str, ...], ...]
    start: int
    words: int
    blocks: int
    unseen: int
    slot: int
    colour: str

    @property
    def kept(self) -> bool:
        """Whether the stretch is part of the article."""
        return not self.kind

    @property
    def rest(self) -> str:
        """Return what the rule's name says beyond the kind, with which it begins."""
        alike = self.rule.startswith(self.kind + ".")
        return self.rule[len(self.kind) :] if alike else f" {self.rule}".rstrip()

    @property
    def long(self) -> bool:
        """Whether the stretch is more than a glance takes in."""
        return self.words > LONG_WORDS or len(self.runs) > LONG_RUNS

    @property
    def excerpt(self) -> str:
        """Return how the removed text begins."""
        flat = " · ".join(part for run in self.runs[:LONG_RUNS] for part in run)
        return flat if len(flat) <= EXCERPT else flat[:EXCERPT].rstrip() + "…"


class Entry(NamedTuple):
    """A line of the legend: places and words of one kind; ``share`` is in hundredths."""

    kind: str
    meaning: str
    colour: str
    slot: int
    places: int
    words: int
    share: int


class View(NamedTuple):
    """All of an explanation's text that is shown, and the sums of all of it."""

    stretches: tuple[Stretch, ...]
    legend: tuple[Entry, ...]
    kept_words: int
    kept_blocks: int
    cut_words: int
    places: int
    unseen_kept: int
    unseen_cut: int

    @property
    def words(self) -> int:
        """Return the words of the page."""
        return self.kept_words + self.cut_words


class _Group(NamedTuple):
    """Neighbouring pieces of one fate, and the words of all."""

    kind: str
    rule: str
    path: str
    pieces: Sequence[Piece]
    words: int


def view_of(explanation: Explanation) -> View:
    """Return what is shown of an explanation."""
    groups = list(_groups(explanation.pieces))
    legend, slots = _legend(groups)
    forms = _forms(explanation.article)
    budget = Budget()
    shown: list[Stretch] = []
    start = unseen_kept = unseen_cut = 0
    for number, group in enumerate(groups):
        slot = slots.get(group.kind, MAX_KINDS)
        stretch = _stretch(group, number, start, slot, budget, forms)
        start += group.words
        if stretch.runs or stretch.paragraphs:
            shown.append(stretch)
        if stretch.kept:
            unseen_kept += stretch.unseen
        elif not stretch.runs:
            unseen_cut += stretch.unseen
    kept = [group for group in groups if not group.kind]
    kept_words = sum(group.words for group in kept)
    return View(
        stretches=tuple(shown),
        legend=legend,
        kept_words=kept_words,
        kept_blocks=sum(len(group.pieces) for group in kept),
        cut_words=start - kept_words,
        places=len(groups) - len(kept),
        unseen_kept=unseen_kept,
        unseen_cut=unseen_cut,
    )


def _groups(pieces: Iterable[Piece]) -> Iterator[_Group]:
    for (kind, rule, path), some in groupby(pieces, key=_fate):
        together = list(some)
        yield _Group(kind, rule, path, together, sum(count_words(one.text) for one in together))


def _fate(piece: Piece) -> tuple[str, str, str]:
    if piece.part != "removed":
        return "", "", ""
    return flat(piece.kind) or "boilerplate", flat(piece.rule), flat(piece.path, 2 * MAX_NAME)


def _legend(groups: Iterable[_Group]) -> tuple[tuple[Entry, ...], dict[str, int]]:
    """Return the kinds, those with most words first, and the place of each that has one."""
    words: Counter[str] = Counter()
    places: Counter[str] = Counter()
    for group in groups:
        if group.kind:
            words[group.kind] += group.words
            places[group.kind] += 1
    ranked = sorted(words, key=lambda kind: (-words[kind], kind))
    most = max(1, words[ranked[0]]) if ranked else 1
    entries = [
        Entry(kind, *_look(kind), slot, places[kind], words[kind], 100 * words[kind] // most)
        for slot, kind in enumerate(ranked[:MAX_KINDS])
    ]
    rest = ranked[MAX_KINDS:]
    if rest:
        count, total = sum(places[kind] for kind in rest), sum(words[kind] for kind in rest)
        share = min(100, 100 * total // most)
        entries.append(Entry(OTHER, f"{len(rest)} more", "grey", MAX_KINDS, count, total, share))
    return tuple(entries), {entry.kind: entry.slot for entry in entries if entry.slot < MAX_KINDS}


def _look(kind: str) -> tuple[str, str]:
    known = kind_of(kind)
    return known.meaning, known.colour


def _forms(article: Article) -> dict[str, str]:
    """Return the form of kept blocks that are more than a paragraph, by their text."""
    return {
        " ".join(block.text.split()): "heading" if block.role in _HEADINGS else block.role
        for block in article.blocks
        if block.role in _HEADINGS or block.role in {"li", "quote", "code"}
    }


def _stretch(
    group: _Group, number: int, start: int, slot: int, budget: Budget, forms: dict[str, str]
) -> Stretch:
    paragraphs: list[Paragraph] = []
    runs: list[list[str]] = []
    before = budget.seen
    if group.kind:
        runs = take_runs(group.pieces, budget)
    else:
        paragraphs = take_paragraphs(group.pieces, budget, forms)
    return Stretch(
        number=number,
        kind=group.kind,
        rule=group.rule,
        path=group.path,
        votes=merged(vote for piece in group.pieces for vote in piece.votes) if group.kind else (),
        paragraphs=tuple(paragraphs),
        runs=tuple(map(tuple, runs)),
        start=start,
        words=group.words,
        blocks=len(group.pieces),
        unseen=max(0, group.words - (budget.seen - before)),
        slot=slot,
        colour=kind_of(group.kind).colour if slot < MAX_KINDS else "grey",
    )
