"""Measures long lists and many hosts: python -m bench.crawl.scale --urls 100000 --hosts 1000."""

import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from bench.crawl.lists import Lines, crawl_command, known, lines_of
from bench.crawl.measure import started
from bench.crawl.origin import Origin, Site, serving
from bench.crawl.sections import output_option, write_section
from bench.crawl.systems import CONCURRENCY
from bench.crawl.watch import Late, Look, watch
from bench.markdown import table

NOTES = f"""\
Articles of five sentences from loopback hosts, no delay, {CONCURRENCY} requests at a time. A crawl
is killed (SIGKILL) after its first leg and started again with the same command. first fetch:
seconds from the start to the first page that the origin was asked for, of a list of one address,
of half of the list and of all; memory at that moment is that of the parent. taken in: until all
addresses are in the state; a leg lasts until then. B a waiting address: between half of the list
and all. B a page done: between the middle of the first leg and its end, which says nothing of a
short one. asked again: requests for pages that the origin was asked for before; the kill may cost
those under way. Records twice: records less different addresses.
"""

# Seconds between two looks at a crawl of which the first fetch is awaited, and at one on its way.
_SOON = 0.02
_NOW_AND_THEN = 0.5

# Seconds in which a list must come to its first fetch where only that is looked at.
_START_LIMIT = 600.0


@dataclass(frozen=True, slots=True)
class Limits:
    """Where a leg ends, after so many pages or so many seconds, and how long its list is."""

    pages: int
    seconds: float
    addresses: int


@dataclass(frozen=True, slots=True)
class Start:
    """The moment of the first fetch: seconds since the start, and the crawl then."""

    seconds: float
    look: Look


@dataclass(frozen=True, slots=True)
class Leg:
    """A crawl from its start until enough pages were fetched, it ended, or its time was over.

    `taken_in`: seconds until all addresses were in the state; None where they never were.
    """

    start: Start
    looks: tuple[Look, ...]
    taken_in: float | None

    @property
    def pages_per_second(self) -> float:
        """Return the pages asked for in a second, from the first to the last look."""
        first, last = self.looks[0], self.looks[-1]
        return (last.pages - first.pages) / max(1e-9, last.seconds - first.seconds)


@dataclass(frozen=True, slots=True)
class Figures:
    """What one number of hosts gave."""

    first_of_one: Start
    first_of_half: Start
    first_leg: Leg
    second_leg: Leg
    again: int
    lines: Lines


@click.command()
@output_option
@click.option("--urls", "count", type=click.IntRange(4), default=100_000, help="Default: 100000.")
@click.option(
    "--hosts",
    type=click.IntRange(1),
    multiple=True,
    default=(1, 1000, 100_000),
    help="Hosts of a crawl; may be repeated. Default: 1, 1000, 100000.",
)
@click.option("--leg", type=click.IntRange(1), help="Pages before and after the kill; else half.")
@click.option("--time-limit", type=float, default=1800.0, help="Seconds a leg. Default: 1800.")
@click.argument("options", nargs=-1)
def main(
    *,
    output: Path | None,
    count: int,
    hosts: Sequence[int],
    leg: int | None,
    time_limit: float,
    options: Sequence[str],
) -> None:
    """Crawl a long list, kill it, go on; print memory, times and rates by number of hosts.

    OPTIONS after -- go to `scraper crawl`.
    """
    columns = {}
    for number in hosts:
        with serving(Site()) as origin, tempfile.TemporaryDirectory() as scratch:
            urls = origin.urls(count, number)
            limits = Limits(leg or count // 2, time_limit, count)
            columns[number] = measure(origin, urls, Path(scratch), limits, options)
            click.echo(f"{number} hosts done", err=True)
    rows = [[name, *values] for name, values in _rows(count, list(columns.values()))]
    text = "\n\n".join(
        [
            f"## Scale: {count} addresses, legs of {leg or count // 2} pages",
            NOTES.strip(),
            table(["hosts", *map(str, columns)], rows),
        ]
    )
    plain = {str(number): asdict(column) for number, column in columns.items()}
    write_section(output, "scale", text, plain)
    sys.exit(any(column.lines.records != column.lines.addresses for column in columns.values()))


def measure(
    origin: Origin, urls: Sequence[str], scratch: Path, limits: Limits, options: Sequence[str] = ()
) -> Figures:
    """Start short lists, then crawl the whole one in two legs with a kill between."""
    parts = {"one": urls[:1], "half": urls[: len(urls) // 2], "whole": urls}
    commands = {
        name: crawl_command(_folder(scratch, name), part, options) for name, part in parts.items()
    }
    of_one = _first_fetch(origin, commands["one"], scratch)
    of_half = _first_fetch(origin, commands["half"], scratch)
    origin.reset()
    corpus = scratch / "whole" / "corpus"
    first = _leg(origin, commands["whole"], corpus, limits)
    second = _leg(origin, commands["whole"], corpus, limits)
    again = origin.tally().again
    return Figures(of_one, of_half, first, second, again, lines_of(corpus))


def _folder(scratch: Path, name: str) -> Path:
    folder = scratch / name
    folder.mkdir()
    return folder


def _first_fetch(origin: Origin, command: Sequence[str], scratch: Path) -> Start:
    """Run a crawl until its first fetch, then kill it."""
    before = origin.tally().pages
    with started(command, scratch) as process:
        return _start(watch(process, origin, _SOON, _START_LIMIT), before, scratch)


def _leg(origin: Origin, command: Sequence[str], corpus: Path, limits: Limits) -> Leg:
    """Run a crawl for another `limits.pages` pages and until all is taken in, then kill it."""
    before = origin.tally().pages
    scratch = corpus.parent
    taken_in = None
    looks: list[Look] = []
    with started(command, scratch) as process:
        begun = time.monotonic()
        start = _start(watch(process, origin, _SOON, limits.seconds), before, scratch)
        try:
            for found in watch(process, origin, _NOW_AND_THEN, limits.seconds):
                looks.append(found)
                count = known(corpus)
                if taken_in is None and count == limits.addresses:
                    taken_in = time.monotonic() - begun
                if found.pages >= before + limits.pages and (taken_in or count is None):
                    break
        except Late as late:
            click.echo(f"leg cut short: {late}", err=True)
    return Leg(start, tuple(looks or [start.look]), taken_in)


def _start(looks: Iterator[Look], before: int, scratch: Path) -> Start:
    """Return the first look that finds more than `before` pages asked for."""
    for found in looks:
        if found.pages > before:
            return Start(found.seconds, found)
    raise click.ClickException((scratch / "log.txt").read_text("utf-8")[-2000:])


def _rows(count: int, columns: Sequence[Figures]) -> list[tuple[str, list[str]]]:
    """Return the table's rows: a name, then a figure for each number of hosts."""
    whole = [column.first_leg.start for column in columns]
    waiting = [
        _bytes_each(c.first_of_half.look.parent_mb, c.first_leg.start.look.parent_mb, count / 2)
        for c in columns
    ]
    return [
        ("first fetch of 1 address, s", [f"{c.first_of_one.seconds:.2f}" for c in columns]),
        ("first fetch of half, s", [f"{c.first_of_half.seconds:.2f}" for c in columns]),
        ("first fetch of all, s", [f"{start.seconds:.2f}" for start in whole]),
        ("taken in, addresses/s", [_intake(count, c.first_leg) for c in columns]),
        ("MiB at first fetch of 1", [f"{c.first_of_one.look.parent_mb:.0f}" for c in columns]),
        ("MiB at first fetch of half", [f"{c.first_of_half.look.parent_mb:.0f}" for c in columns]),
        ("MiB at first fetch of all", [f"{start.look.parent_mb:.0f}" for start in whole]),
        ("B a waiting address", [f"{value:.0f}" for value in waiting]),
        ("pages/s", [f"{c.first_leg.pages_per_second:.1f}" for c in columns]),
        ("MiB at the end of the leg", [f"{_last(c).parent_mb:.0f}" for c in columns]),
        ("B a page done", [f"{_growth(c.first_leg):.0f}" for c in columns]),
        ("most open files", [str(max(x.fds for x in c.first_leg.looks)) for c in columns]),
        ("first fetch after kill -9, s", [f"{c.second_leg.start.seconds:.2f}" for c in columns]),
        ("pages/s after it", [f"{c.second_leg.pages_per_second:.1f}" for c in columns]),
        ("asked again", [str(c.again) for c in columns]),
        ("records", [str(c.lines.records) for c in columns]),
        ("records twice", [str(c.lines.records - c.lines.addresses) for c in columns]),
        ("records ok", [str(c.lines.ok) for c in columns]),
    ]


def _intake(count: int, leg: Leg) -> str:
    """Return addresses a second from the start on; empty where they were never all in the state."""
    return "" if leg.taken_in is None else f"{count / leg.taken_in:.0f}"


def _last(column: Figures) -> Look:
    return column.first_leg.looks[-1]


def _growth(leg: Leg) -> float:
    middle, last = leg.looks[len(leg.looks) // 2], leg.looks[-1]
    return _bytes_each(middle.parent_mb, last.parent_mb, last.pages - middle.pages)


def _bytes_each(before: float, after: float, count: float) -> float:
    """Spread a growth in MiB over a number of things, in bytes each.

    >>> _bytes_each(10.0, 12.0, 2**20)
    2.0
    """
    return (after - before) * 2**20 / max(1.0, count)


if __name__ == "__main__":
    main()
