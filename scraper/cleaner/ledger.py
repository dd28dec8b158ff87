"""Writes the ledger: what was cut, by which rule, and what of the page the body left out."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from scraper.cleaner.removals import BlockMark, Mark
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
    starts = [run.place for run in outline.runs]
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
    at = bisect_right(starts, run.place) - 1
    return at >= 0 and run.place < marks[at].end


def left_out(
    runs: list[Run], blocks: Iterable[Block], labels: Mapping[str, BlockMark]
) -> list[Removal]:
    """Return an entry for each stretch of ``runs`` that the kept ``blocks`` do not hold.

    ``labels`` says by text which blocks a pass cut; the rest the body never held.
    """
    kept = {key for block in blocks for key in _keys(block.text, block.rows)}
    joined = "".join(squeezed(block.text) for block in blocks) if len(runs) <= MAX_CONTAINED else ""
    cut = {key: (m.kind, m.rule) for text, m in labels.items() for key in _keys(text, None)}

    def reason(run: Run) -> tuple[str, str] | None:
        key = squeezed(run.text)
        if key in cut:
            return cut[key]
        is_kept = not key or key in kept or (len(key) > 20 and key in joined)
        return None if is_kept else ("boilerplate", BODY_RULE)

    told = (run for run in runs if run.node.tag != "h1")  # the headline is the title, not cut
    stretches = ((why, list(stretch)) for why, stretch in groupby(told, key=reason))
    return [_stretch(stretch, *why) for why, stretch in stretches if why is not None]


def _keys(text: str, rows: Iterable[Iterable[str]] | None) -> Iterator[str]:
    """Yield the forms in which a block's text may stand in a run: whole, a line, a cell."""
    yield squeezed(text)
    yield from map(squeezed, text.split("\n"))
    for row in rows or ():
        yield from map(squeezed, row)


def _stretch(runs: list[Run], kind: str, rule: str) -> Removal:
    text = "\n".join(run.text for run in runs)
    return entry(kind, rule, text, path_of(runs[0].node), runs[0].position)


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
