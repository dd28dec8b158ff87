"""Times systems page by page in turns, so that load on the machine falls on all alike."""

import gc
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import TypeVar

from bench import peers
from bench.corpora.case import Case
from bench.metrics import percentile

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Timing:
    """CPU milliseconds a page, best of the rounds; ratios are to the reference system."""

    system: str
    pages: int
    errors: int
    median: float
    mean: float
    p95: float
    max: float
    pages_per_second: float
    ratio_median: float | None
    ratio_mean: float | None


def time_pages(
    cases: Sequence[Case],
    systems: Sequence[peers.System],
    rounds: int,
    clock: Callable[[], float] = time.process_time,
) -> dict[str, list[float | None]]:
    """Return each system's best CPU time by page in ms; None where it raised.

    The order of the systems rotates by page and round.
    """
    for system in systems:
        peers.warm_up(system)
    best: dict[str, list[float | None]] = {system.name: [] for system in systems}
    with peers.silence():
        for index, case in enumerate(cases):
            html = case.html
            times: dict[str, list[float | None]] = {system.name: [] for system in systems}
            for turn in range(rounds):
                for system in rotated(systems, index + turn):
                    times[system.name].append(_once(system, case, html, clock))
            for name, values in times.items():
                known = [value for value in values if value is not None]
                best[name].append(min(known) if known else None)
    return best


def _once(
    system: peers.System, case: Case, html: bytes, clock: Callable[[], float]
) -> float | None:
    gc.collect()  # the garbage of the system before is not this one's time
    started = clock()
    try:
        system.extract(html, case.url)
    except Exception:
        return None
    return (clock() - started) * 1000


def rotated(items: Sequence[T], by: int) -> list[T]:
    """Start a sequence at another place.

    >>> rotated(["a", "b", "c"], 4)
    ['b', 'c', 'a']
    """
    start = by % len(items)
    return [*items[start:], *items[:start]]


def timings(best: dict[str, list[float | None]], reference: str = "trafilatura") -> list[Timing]:
    """Summarize times by system; ratios are to the reference on the pages that both did.

    >>> row = timings({"trafilatura": [2.0, 4.0], "ours": [1.0, 1.0]})[1]
    >>> row.median, row.pages_per_second, row.ratio_mean
    (1.0, 1000.0, 0.3333333333333333)
    """
    return [_timing(name, values, best.get(reference)) for name, values in best.items()]


def _timing(name: str, values: list[float | None], reference: list[float | None] | None) -> Timing:
    known = [value for value in values if value is not None] or [0.0]
    pairs = [
        (own, other)
        for own, other in zip(values, reference or values, strict=True)
        if own is not None and other is not None
    ]
    own, other = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    comparable = reference is not None and pairs
    return Timing(
        system=name,
        pages=len(values),
        errors=values.count(None),
        median=median(known),
        mean=fmean(known),
        p95=percentile(known, 0.95),
        max=max(known),
        pages_per_second=1000 / fmean(known) if any(known) else 0.0,
        ratio_median=median(own) / median(other) if comparable else None,
        ratio_mean=fmean(own) / fmean(other) if comparable else None,
    )
