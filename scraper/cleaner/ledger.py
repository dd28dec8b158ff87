"""Writes the ledger: what was cut, by which rule, and what of the page the body left out."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from itertools import groupby

from scraper.cleaner.removals import Mark
from scraper.cleaner.runs import Outline, Run, path_of
from scraper.model import Block, Removal
from scraper.text import count_words, one_line, squeezed

MAX_TEXT = 20_000
"""Characters of one ledger entry: enough for a long menu; ``words`` counts all of it."""

MAX_CONTAINED = 5_000
"""Runs up to which a run is also looked for inside longer kept text; beyond, only whole blocks
are compared, which keeps the time linear."""

BODY_RULE = "boilerplate.outside-body"


def recorded(outline: Outline, marks: Iterable[Mark]) -> list[Removal]:
    """Return an entry for each mark that holds text; to be called before the nodes are removed."""
    starts = [run.index for run in outline.runs]
    entries = []
    for mark in marks:
        text = one_line(mark.node.text(separator=" "))
        if not text:
            continue
        first = bisect_left(starts, mark.start)
        position = outline.runs[first].position if first < len(starts) else outline.words
        entries.append(entry(mark.kind, mark.rule, text, path_of(mark.node), position))
    return entries


def uncut(outline: Outline, marks: list[Mark]) -> list[Run]:
    """Return the runs that no mark covers; ``marks`` are outermost and in document order."""
    starts = [mark.start for mark in marks]
    return [run for run in outline.runs if not _covered(run, marks, starts)]


def _covered(run: Run, marks: list[Mark], starts: list[int]) -> bool:
    at = bisect_right(starts, run.index) - 1
    return at >= 0 and run.index < marks[at].end


def left_out(runs: list[Run], blocks: Iterable[Block]) -> list[Removal]:
    """Return an entry for each stretch of ``runs`` that the kept ``blocks`` do not hold."""
    kept = {key for block in blocks for key in _keys(block)}
    joined = "".join(squeezed(block.text) for block in blocks) if len(runs) <= MAX_CONTAINED else ""
    entries = []
    told = [run for run in runs if run.node.tag != "h1"]  # the headline is the title, not cut
    for is_kept, stretch in groupby(told, key=lambda run: _holds(run.text, kept, joined)):
        if not is_kept:
            entries.append(_stretch(list(stretch)))
    return entries


def _keys(block: Block) -> Iterator[str]:
    yield squeezed(block.text)
    for line in block.text.split("\n"):
        yield squeezed(line)
    for row in block.rows or ():
        yield from map(squeezed, row)


def _holds(text: str, kept: set[str], joined: str) -> bool:
    key = squeezed(text)
    return not key or key in kept or (len(key) > 20 and key in joined)


def _stretch(runs: list[Run]) -> Removal:
    text = "\n".join(run.text for run in runs)
    return entry("boilerplate", BODY_RULE, text, path_of(runs[0].node), runs[0].position)


def entry(kind: str, rule: str, text: str, path: str, position: int) -> Removal:
    """Return one removal of the ledger."""
    return Removal(
        kind=kind,
        rule=rule,
        text=text[:MAX_TEXT],
        path=path,
        position=position,
        words=count_words(text),
        count=1,
    )
