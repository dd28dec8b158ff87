"""The tables of the report: each count with its meaning and its share."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from http import HTTPStatus
from itertools import pairwise
from typing import NamedTuple

from scraper.errors import ERROR_CODES
from scraper.writer.explain.kinds import kind_of
from scraper.writer.explain.shown import flat
from scraper.writer.report.charts import ORDER
from scraper.writer.report.told import (
    began,
    day_and_time,
    duration,
    number,
    outcomes,
    share,
    size,
)
from scraper.writer.runs import Histogram, Host, Run, outcome_of

MAX_ROWS = 60
"""Rows of a table of names; the closed lists are shorter, and what is not ours may be long."""

FIRST_HOSTS = 20
"""Hosts that are seen at once, the others on demand."""

MAX_RUNS = 100
"""Rows of the table of runs."""

SCALE = 1000
"""Units of the longest bar."""

STATUSES = {
    "ok": "an article",
    "partial": "an article of which a part is missing",
    "unchanged": "the page is as it was, or was not due",
    "duplicate": "an article that repeats another",
    "not_article": "a page, but no article",
    "blocked": "a bot check or a consent page in place of the page",
    "error": "no page: see the failures",
    "skipped": "not fetched: forbidden by robots.txt",
    "gone": "the page is no longer there",
}

TOTALS = {
    "urls": "all that were ever seen",
    "articles": "have an article",
    "never": "were not visited yet",
    "queued": "wait for their turn",
    "due": "may have changed and are to be looked at again",
}

FETCHED_WELL = 400
"""HTTP statuses from here on are failures."""


class Row(NamedTuple):
    """A name with its count; ``width`` is its bar's, in units of ``SCALE``."""

    name: str
    meaning: str
    amount: int
    share: str
    width: int
    outcome: str


class HostRow(NamedTuple):
    """One host; ``parts`` are places on its bar: outcome, start and width."""

    name: str
    visits: int
    ok: int
    unchanged: int
    failed: int
    troubles: str
    size: str
    parts: tuple[tuple[str, int, int], ...]


class RunRow(NamedTuple):
    """One run of the list of runs."""

    began: str
    command: str
    took: str
    visits: int
    rate: str
    new: int
    changed: int
    unchanged: int
    failed: int
    size: str
    reason: str


def status_rows(run: Run) -> list[Row]:
    """Return the outcomes of the run."""
    counts = _of(run.statuses)
    return _rows((name, STATUSES.get(name, ""), n, outcome_of(name)) for name, n in counts)


def code_rows(run: Run) -> list[Row]:
    """Return the failures of the run by code, with what each means."""
    return _rows((name, _meaning(name), n, "failed") for name, n in _of(run.codes))


def http_rows(run: Run) -> list[Row]:
    """Return the answers of the servers."""
    return _rows((name, *_answer(name, n)) for name, n in _of(run.http_statuses))


def removed_rows(run: Run) -> list[Row]:
    """Return what was cut of the articles, by kind."""
    return _rows((name, kind_of(name).meaning, n, "plain") for name, n in _of(run.removed))


def word_rows(run: Run) -> list[Row]:
    """Return the articles by their length."""
    return _binned(run.words, number)


def time_rows(run: Run) -> list[Row]:
    """Return the fetches by the time that they took."""
    return _binned(run.milliseconds, _seconds)


def host_rows(run: Run) -> list[HostRow]:
    """Return the hosts with most visits, and last the sum of those that have no name here."""
    named = [_host(flat(name), host) for name, host in run.by_host.items() if name]
    rest = run.by_host.get("")
    return named + ([_host("all others", rest)] if rest else [])


def run_rows(runs: Sequence[Run]) -> list[RunRow]:
    """Return the last runs, the latest first."""
    return [_run(run) for run in reversed(runs[-MAX_RUNS:])]


def total_rows(totals: Mapping[str, int]) -> list[Row]:
    """Return how many URLs of the corpus are in which state, and how many wait or are due."""
    urls = totals.get("urls", 0)
    most = max(totals.values(), default=0)
    return [
        Row(flat(name), TOTALS.get(name, ""), n, share(n, urls), _width(n, most), "plain")
        for name, n in list(totals.items())[:MAX_ROWS]
        if name != "hosts"
    ]


def mean(histogram: Histogram) -> int:
    """Return the mean of the values, 0 where there are none."""
    return histogram.total // max(1, sum(histogram.counts))


def _of(counts: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    yield from sorted(counts.items(), key=lambda one: -one[1])[:MAX_ROWS]


def _rows(told: Iterable[tuple[str, str, int, str]]) -> list[Row]:
    given = list(told)
    most = max((count for _, _, count, _ in given), default=0)
    whole = sum(count for _, _, count, _ in given)
    return [
        Row(flat(name) or "no name", meaning, n, share(n, whole), _width(n, most), outcome)
        for name, meaning, n, outcome in given
    ]


def _width(count: int, most: int) -> int:
    """Return the length of a bar, which is seen where there is anything at all."""
    return max(4, SCALE * count // most) if count else 0


def _meaning(code: str) -> str:
    known = ERROR_CODES.get(code)
    if known is None:
        return ""
    return known.meaning + ("; may pass" if known.retryable else "")


def _answer(status: str, count: int) -> tuple[str, int, str]:
    try:
        answer = HTTPStatus(int(status))
    except ValueError:
        return "", count, "plain"
    return answer.phrase, count, "failed" if answer >= FETCHED_WELL else "ok"


def _binned(histogram: Histogram, say: Callable[[int], str]) -> list[Row]:
    bounds = [say(bound) for bound in histogram.bounds]
    names = [f"up to {bounds[0]}" if bounds else "all"]
    names += [f"{low} to {high}" for low, high in pairwise(bounds)]
    names += [f"above {bounds[-1]}"] if bounds else []
    if not any(histogram.counts):
        return []
    pairs = zip(names, histogram.counts, strict=False)
    return _rows((name, "", count, "plain") for name, count in pairs)


def _seconds(milliseconds: int) -> str:
    return f"{milliseconds} ms" if milliseconds < 1000 else f"{milliseconds // 1000} s"


def _host(name: str, host: Host) -> HostRow:
    sums = dict.fromkeys(ORDER, 0)
    for status, count in host.statuses.items():
        sums[outcome_of(status)] += count
    visits = sum(sums.values())
    troubles = ", ".join(f"{number(n)} {flat(code)}" for code, n in list(host.codes.items())[:3])
    parts, start = [], 0
    for outcome in ORDER:
        width = SCALE * sums[outcome] // visits if visits else 0
        if width:
            parts.append((outcome, start, width))
        start += width
    figures = sums["ok"], sums["unchanged"], sums["failed"]
    return HostRow(name, visits, *figures, troubles, size(host.bytes), tuple(parts))


def _run(run: Run) -> RunRow:
    sums = outcomes(run)
    rate = 60 * run.visits / run.seconds if run.seconds >= 1 else None
    return RunRow(
        began=day_and_time(began(run)),
        command=flat(run.command, 60),
        took=duration(run.seconds),
        visits=run.visits,
        rate="" if rate is None else f"{rate:,.0f}",
        new=run.articles.new,
        changed=run.articles.changed,
        unchanged=sums["unchanged"],
        failed=sums["failed"],
        size=size(run.bytes),
        reason="not told" if run.reason is None else flat(run.reason, 60),
    )
