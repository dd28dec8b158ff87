"""What one run of a corpus came to, counted while it goes and kept in ``FOLDER/runs``."""

import os
import re
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from heapq import nlargest
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from scraper import __version__
from scraper.errors import OutputError
from scraper.model import Article, Visit
from scraper.urls import host_of
from scraper.writer.atomic import replacing

FOLDER = "runs"

MAX_HOSTS = 20_000
"""Hosts that are counted singly, later ones in one sum: so many took 11 MB."""

TOP_HOSTS = 200
"""Hosts that a run names, those with most visits; its file had 57 KB with a day of minutes."""

MAX_MINUTES = 1_500
"""Buckets of time: a day of minutes and an hour; a longer run has buckets of 2, 4, 8 minutes."""

WORDS = (50, 100, 200, 400, 800, 1_600, 3_200, 6_400)
"""Upper bounds of the sizes of articles, in words."""

MILLISECONDS = (50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000)
"""Upper bounds of the times of fetches."""

MAX_FILE = 4 << 20
"""Bytes of a file of a run that is read; ours are 70 times smaller."""

GAVE_TEXT = ("ok", "partial", "duplicate")
FAILED = ("error", "blocked")

Outcome = Literal["ok", "unchanged", "failed", "other"]

_NAME = re.compile(r"\d{8}T\d{6}Z-\d{1,10}\.json")

# 2**53: what every reader of JSON can hold. 300 years: what a person can make sense of.
Number = Annotated[int, Meta(ge=0, le=1 << 53)]
Seconds = Annotated[float, Meta(ge=0.0, le=1e10)]
Instant = Annotated[str, Meta(pattern=r"^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$")]


class Changes(Struct, frozen=True, kw_only=True):
    """Articles by what a run did to them; ``kept`` stood in spite of what came."""

    new: Number = 0
    changed: Number = 0
    unchanged: Number = 0
    kept: Number = 0


class Host(Struct, frozen=True, kw_only=True):
    """What the visits to one host came to."""

    statuses: dict[str, Number]
    codes: dict[str, Number]
    bytes: Number


class Span(Struct, frozen=True, array_like=True):
    """Visits of one bucket of time: with a text, without a new one, failed, and all others."""

    ok: Number = 0
    unchanged: Number = 0
    failed: Number = 0
    other: Number = 0


_PLACES = Span.__struct_fields__


class Histogram(Struct, frozen=True, kw_only=True):
    """How many values are at most each bound, and above the one before; the last has no bound."""

    bounds: tuple[Number, ...]
    counts: tuple[Number, ...]
    total: Number
    """Sum of the values."""


class Run(Struct, frozen=True, kw_only=True):
    """One run, whole or as far as it is: ``finished`` and ``reason`` are None while it goes.

    Times are RFC 3339 in UTC. ``by_host`` names the hosts with most visits, under "" is the sum of
    all others; ``spans`` are buckets of ``span_minutes`` minutes each, from the start.
    """

    format: Literal["scraper.run/1"] = "scraper.run/1"
    tool: str
    command: str
    started: Instant
    finished: Instant | None
    seconds: Seconds
    reason: str | None
    statuses: dict[str, Number]
    codes: dict[str, Number]
    http_statuses: dict[str, Number]
    articles: Changes
    bytes: Number
    hosts: Number
    by_host: dict[str, Host]
    span_minutes: Annotated[int, Meta(ge=1, le=1 << 20)]
    spans: Annotated[tuple[Span, ...], Meta(max_length=MAX_MINUTES)]
    words: Histogram
    milliseconds: Histogram
    removed: dict[str, Number]

    @property
    def visits(self) -> int:
        """How many URLs were visited."""
        return sum(self.statuses.values())


class RunLog:
    """Counts the visits of a run, in memory that does not grow with their number."""

    def __init__(
        self, command: str, started: float, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Begin to count; ``started`` is Unix time, ``clock`` counts seconds and never jumps."""
        self._command, self._started = command, started
        self._clock, self._began = clock, clock()
        self._statuses, self._codes = Counter[str](), Counter[str]()
        self._http: Counter[str] = Counter()
        self._articles: Counter[str] = Counter()
        self._removed: Counter[str] = Counter()
        self._bytes = 0
        self._hosts: dict[str, _HostCount] = {}
        self._rest = _HostCount()
        self._time = _Timeline()
        self._words, self._milliseconds = _Bins(WORDS), _Bins(MILLISECONDS)

    def add(self, visit: Visit) -> None:
        """Count one visit."""
        self._statuses[visit.status] += 1
        if visit.code:
            self._codes[visit.code] += 1
        self._articles["kept"] += visit.kept
        self._articles["unchanged"] += visit.status == "unchanged"
        self._bytes += visit.fetch.bytes or 0
        self._host(visit).add(visit)
        self._time.add(visit.status, self._clock() - self._began)
        if visit.fetch.http_status is not None:
            self._http[str(visit.fetch.http_status)] += 1
        if visit.fetch.elapsed_ms is not None:
            self._milliseconds.add(visit.fetch.elapsed_ms)
        if visit.article is not None:
            self._add_article(visit.article)

    def run(self, reason: str | None) -> Run:
        """Return the run as it is now; ``reason`` says why it ended, None that it goes on."""
        seconds = max(0.0, self._clock() - self._began)
        return Run(
            tool=f"scraper/{__version__}",
            command=self._command,
            started=_instant(self._started),
            finished=None if reason is None else _instant(self._started + seconds),
            seconds=round(seconds, 3),
            reason=reason,
            statuses=_ranked(self._statuses),
            codes=_ranked(self._codes),
            http_statuses=_ranked(self._http),
            articles=Changes(**self._articles),
            bytes=self._bytes,
            hosts=len(self._hosts),
            by_host=self._by_host(),
            span_minutes=self._time.minutes,
            spans=tuple(Span(*bucket) for bucket in self._time.buckets),
            words=self._words.histogram(),
            milliseconds=self._milliseconds.histogram(),
            removed=_ranked(self._removed),
        )

    def _host(self, visit: Visit) -> "_HostCount":
        name = host_of(visit.link.url) or ""
        if name not in self._hosts and (not name or len(self._hosts) >= MAX_HOSTS):
            return self._rest
        return self._hosts.setdefault(name, _HostCount())

    def _add_article(self, article: Article) -> None:
        if article.status not in GAVE_TEXT:
            return
        self._articles["new" if article.version == 1 else "changed"] += 1
        self._words.add(article.word_count)
        for removal in article.removed:
            self._removed[removal.kind] += removal.count

    def _by_host(self) -> dict[str, Host]:
        top = nlargest(TOP_HOSTS, self._hosts.items(), key=lambda one: one[1].visits)
        named = {name: count.host() for name, count in top}
        others = [count for name, count in self._hosts.items() if name not in named]
        rest = _summed([self._rest, *others])
        return named | ({"": rest.host()} if rest.visits else {})


def outcome_of(status: str) -> Outcome:
    """Return which of the four outcomes of a ``Span`` a status is.

    >>> outcome_of("partial"), outcome_of("blocked"), outcome_of("gone")
    ('ok', 'failed', 'other')
    """
    if status in GAVE_TEXT:
        return "ok"
    if status == "unchanged":
        return "unchanged"
    return "failed" if status in FAILED else "other"


def write_run(folder: Path, run: Run) -> Path:
    """Write the run into ``FOLDER/runs``, in the place of what was written of it before.

    Raises:
        OutputError: it cannot be written.
    """
    stamp = run.started.replace("-", "").replace(":", "")
    path = folder / FOLDER / f"{stamp}-{os.getpid()}.json"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{path.parent}: {error.strerror or error}") from error
    with replacing(path) as file:
        file.write(msgspec.json.encode(run) + b"\n")
    return path


def read_runs(folder: Path) -> list[Run]:
    """Return the runs of a corpus, the oldest first, without files that are no whole run."""
    paths = sorted((folder / FOLDER).glob("*.json"))
    return [run for run in map(_read, paths) if run is not None]


def _read(path: Path) -> Run | None:
    if not _NAME.fullmatch(path.name):
        return None
    try:
        if not path.is_file() or path.stat().st_size > MAX_FILE:
            return None
        run = msgspec.json.decode(path.read_bytes(), type=Run)
        datetime.fromisoformat(run.started)
    except (OSError, ValueError, msgspec.MsgspecError, RecursionError):
        return None
    return run


class _HostCount:
    """The counts of one host, of which there may be many."""

    __slots__ = ("bytes", "codes", "statuses")

    def __init__(self) -> None:
        self.statuses: dict[str, int] = {}
        self.codes: dict[str, int] = {}
        self.bytes = 0

    @property
    def visits(self) -> int:
        return sum(self.statuses.values())

    def add(self, visit: Visit) -> None:
        self.statuses[visit.status] = self.statuses.get(visit.status, 0) + 1
        if visit.code:
            self.codes[visit.code] = self.codes.get(visit.code, 0) + 1
        self.bytes += visit.fetch.bytes or 0

    def host(self) -> Host:
        return Host(statuses=_ranked(self.statuses), codes=_ranked(self.codes), bytes=self.bytes)


def _summed(counts: Iterable[_HostCount]) -> _HostCount:
    total = _HostCount()
    statuses, codes = Counter[str](), Counter[str]()
    for count in counts:
        statuses.update(count.statuses)
        codes.update(count.codes)
        total.bytes += count.bytes
    total.statuses, total.codes = statuses, codes
    return total


class _Timeline:
    """Visits by time since the start, in buckets that grow wider so that they stay few."""

    def __init__(self) -> None:
        self.minutes = 1
        self.buckets: list[list[int]] = []

    def add(self, status: str, seconds: float) -> None:
        minute = int(max(0.0, seconds) // 60)
        while minute // self.minutes >= MAX_MINUTES:
            self._widen()
        index = minute // self.minutes
        self.buckets += [[0, 0, 0, 0] for _ in range(index + 1 - len(self.buckets))]
        self.buckets[index][_PLACES.index(outcome_of(status))] += 1

    def _widen(self) -> None:
        self.minutes *= 2
        odd = [*self.buckets[1::2], *([[0, 0, 0, 0]] if len(self.buckets) % 2 else [])]
        pairs = zip(self.buckets[::2], odd, strict=True)
        self.buckets = [[a + b for a, b in zip(*pair, strict=True)] for pair in pairs]


class _Bins:
    """Counts of values between fixed bounds."""

    def __init__(self, bounds: tuple[int, ...]) -> None:
        self._bounds, self._counts, self._total = bounds, [0] * (len(bounds) + 1), 0

    def add(self, value: int) -> None:
        self._counts[bisect_left(self._bounds, value)] += 1
        self._total += value

    def histogram(self) -> Histogram:
        return Histogram(bounds=self._bounds, counts=tuple(self._counts), total=self._total)


def _ranked(counts: dict[str, int]) -> dict[str, int]:
    """Return the counts, the largest first; equal ones by name, so that files can be compared."""
    return {name: n for name, n in sorted(counts.items(), key=lambda one: (-one[1], one[0])) if n}


def _instant(unix: float) -> str:
    return datetime.fromtimestamp(unix, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
