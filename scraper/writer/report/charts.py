"""Stacked bars over time, as numbers that a drawing of any width can be made of."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from msgspec.structs import astuple

from scraper.writer.report.told import began, clock, counted, day_and_time, number, outcomes
from scraper.writer.runs import Run, Span

HEIGHT = 1000
"""Units from the bottom to the top of a drawing."""

STEP, WIDTH = 10, 8
"""Units from one bar to the next, and of a bar."""

MAX_BARS = 96
"""Bars of a drawing: 3 pixels each on the narrowest telephone."""

MIN_BARS = 12
"""Bars that there is room for at least, so that one bar alone is no wall."""

NAMES = {"ok": "with text", "unchanged": "unchanged", "other": "others", "failed": "failed"}
"""Outcomes from the bottom up: what went well stands on the ground, trouble on top."""

ORDER = tuple(NAMES)


class Part(NamedTuple):
    """One colour of a bar; ``y`` counts from the top."""

    outcome: str
    y: float
    height: float


class Bar(NamedTuple):
    """One bar: where it stands, what it is of, its numbers in the order of ``ORDER``."""

    x: int
    label: str
    counts: tuple[int, ...]
    parts: tuple[Part, ...]

    @property
    def total(self) -> int:
        """All that the bar counts."""
        return sum(self.counts)

    @property
    def said(self) -> str:
        """The numbers in words."""
        return _said(self.counts)


class Chart(NamedTuple):
    """A drawing with what its axes say, and its text alternative."""

    title: str
    unit: str
    bars: tuple[Bar, ...]
    width: int
    top: int
    ends: tuple[str, ...]
    alternative: str


def chart_of_run(run: Run) -> Chart | None:
    """Return the visits of one run over its time; None where there are none."""
    merged = -(-len(run.spans) // MAX_BARS) or 1
    minutes = merged * run.span_minutes
    spans = [_sum(run.spans[at : at + merged]) for at in range(0, len(run.spans), merged)]
    starts = [clock(run, 60 * minutes * index) for index in range(len(spans))]
    every = "a minute" if minutes == 1 else f"each {number(minutes)} minutes"
    ends = (f"{starts[0]} UTC", clock(run, run.seconds)) if starts else ()
    return _chart(f"URLs {every}", "from", list(zip(starts, spans, strict=True)), ends)


def chart_of_runs(runs: Sequence[Run]) -> Chart | None:
    """Return the visits of the last runs, a bar for each; None where there are none."""
    shown = runs[-MAX_BARS:]
    labels = [day_and_time(began(run)) for run in shown]
    spans = [Span(**outcomes(run)) for run in shown]
    ends = (labels[0], labels[-1]) if len(shown) > 1 else tuple(labels)
    return _chart("URLs a run", "run", list(zip(labels, spans, strict=True)), ends)


def _chart(
    title: str, unit: str, columns: list[tuple[str, Span]], ends: tuple[str, ...]
) -> Chart | None:
    totals = [sum(_counts(span)) for _, span in columns]
    if not any(totals):
        return None
    top = _round_up(max(totals))
    bars = tuple(_bar(index * STEP, *column, top) for index, column in enumerate(columns))
    most = max(range(len(totals)), key=totals.__getitem__)
    sums = [sum(bar.counts[place] for bar in bars) for place in range(len(ORDER))]
    alternative = (
        f"{title}: {counted(len(bars), 'bar')} from {ends[0]} to {ends[-1]}; in all"
        f" {counted(sum(totals), 'URL')} ({_said(sums)}); most at {columns[most][0]},"
        f" {number(totals[most])}."
    )
    width = STEP * max(MIN_BARS, len(bars))
    below = ends if len(bars) >= MIN_BARS else (" to ".join(dict.fromkeys(ends)),)
    return Chart(title, unit, bars, width, top, below, alternative)


def _bar(x: int, label: str, span: Span, top: int) -> Bar:
    counts, y, parts = _counts(span), float(HEIGHT), []
    for outcome, count in zip(ORDER, counts, strict=True):
        height = HEIGHT * count / top
        y -= height
        if count:
            parts.append(Part(outcome, round(y, 1), round(height, 1)))
    return Bar(x, label, counts, tuple(parts))


def _counts(span: Span) -> tuple[int, ...]:
    return span.ok, span.unchanged, span.other, span.failed


def _said(counts: Iterable[int]) -> str:
    """Return the counts of ``ORDER`` in words: ``12 with text, 3 failed``."""
    told = zip(counts, NAMES.values(), strict=True)
    return ", ".join(f"{number(count)} {name}" for count, name in told if count) or "nothing"


def _sum(spans: Iterable[Span]) -> Span:
    return Span(*map(sum, zip(*map(astuple, spans), strict=True)))


def _round_up(value: int) -> int:
    """Return the number that ends the axis; its half is whole, too: 2, 4, 6, 8, 10, 20, 40 ...

    >>> [_round_up(value) for value in (1, 3, 7, 21, 120, 410, 990)]
    [2, 4, 8, 30, 200, 500, 1000]
    """
    power = 1
    while 10 * power < value:
        power *= 10
    steps = (2, 4, 6, 8, 10) if power == 1 else (2, 3, 4, 5, 6, 8, 10)
    return next(step * power for step in steps if value <= step * power)
