"""What extraction in a process of its own costs and how its memory grows: bench.crawl.isolation.

Each page is extracted here and by a worker, in turns, so that both meet the same load.
"""

import gc
import os
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from statistics import median

import click

from bench.corpora.case import Case
from bench.markdown import table
from bench.options import corpora_option, load_corpora, require_corpora

SOURCES = ("wcxb", "fundus", "trafilatura", "daniel")


@dataclass(frozen=True, slots=True)
class Turn:
    """One page: seconds of CPU here, seconds of CPU by a worker (both ends), MiB held after it."""

    here: float
    there: float
    resident: float


@click.command()
@corpora_option
@click.option("--pages", type=click.IntRange(30), default=300, help="Real pages. Default: 300.")
@click.option("--there-only", is_flag=True, help="By a worker alone: for its memory, in less time.")
def main(*, root: Path | None, pages: int, there_only: bool) -> None:
    """Compare extraction here with extraction by a worker on real pages."""
    cases = list(_cases(require_corpora(root), pages))
    turns, peak = _turns(cases, alone=there_only)
    if not there_only:
        here, there = sum(turn.here for turn in turns), sum(turn.there for turn in turns)
        print(
            f"{len(turns)} pages, ms of CPU a page: here {1000 * here / len(turns):.2f},", end=" "
        )
        print(f"by a worker {1000 * there / len(turns):.2f} ({there / here - 1:+.1%})")
    longest = max(turn.there for turn in turns)
    print(f"longest page {longest:.2f} s of CPU; most mapped beyond the start {peak:.0f} MiB")
    print(table(["pages", "MiB resident"], _growth(turns)))
    print("a new worker, ms: " + ", ".join(f"{name} {value:.1f}" for name, value in _respawn()))


def _cases(root: Path, count: int) -> Iterator[Case]:
    """Take pages from the sources in turns, the first again where they do not suffice."""
    loaded = [iter(cases) for cases in load_corpora(root, SOURCES, -(-count // 3)).values()]
    return islice(_in_turns(loaded), count)


def _in_turns(columns: list[Iterator[Case]]) -> Iterator[Case]:
    while columns:
        for column in list(columns):
            case = next(column, None)
            if case is None:
                columns.remove(column)
            else:
                yield case


def _turns(cases: Iterable[Case], *, alone: bool) -> tuple[list[Turn], float]:
    from scraper.blank import blank_fetch
    from scraper.extraction import extract_page
    from scraper.model import Page
    from scraper.workers import Limits, Workers

    never = Limits(memory=64 * 2**30, pages=2**40, resident=2**50)
    turns: list[Turn] = []
    first = Page(body=b"<p>Noon", url=None, fetch=blank_fetch("first"))
    with Workers(1, 300.0, limits=never) as workers:
        workers.extract(first)
        pid = _pid(workers)
        mapped = _status(pid, "VmPeak")
        extract_page(first)
        gc.freeze()  # as in a worker: else collections here cost 10 % more than there
        for case in cases:
            page = Page(body=case.html, url=case.url, fetch=blank_fetch(case.url or case.id))
            ways = (
                {"there": workers.extract}
                if alone
                else {"here": extract_page, "there": workers.extract}
            )
            if len(turns) % 2:  # the second finds the page in the caches of the processor
                ways = dict(reversed(ways.items()))
            spent = {name: _spent(way, page, pid) for name, way in ways.items()}
            turns.append(Turn(spent.get("here", 0.0), spent["there"], _status(pid, "VmRSS")))
        return turns, _status(pid, "VmPeak") - mapped


def _spent(way: Callable, page: object, pid: int) -> float:
    """Return the seconds of CPU of both processes together."""
    began = time.process_time() + _cpu(pid)
    error = way(page).error
    assert error is None or not error.code.startswith("extract_"), error
    return time.process_time() + _cpu(pid) - began


def _pid(workers: object) -> int:
    (worker,) = workers._all  # noqa: SLF001 - no user needs the number
    return worker.pid


def _cpu(pid: int) -> float:
    """Return the seconds of CPU that a process has had."""
    return int(Path(f"/proc/{pid}/schedstat").read_text("ascii").split()[0]) / 1e9


def _status(pid: int, name: str) -> float:
    """Return a size from a process's status in MiB."""
    lines = Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{name}:"))


def _growth(turns: list[Turn]) -> list[tuple[int, str]]:
    """Sample the resident set ten times, evenly over the run."""
    steps = [len(turns) * tenth // 10 for tenth in range(1, 11)]
    return [(step, f"{turns[step - 1].resident:.0f}") for step in [1, *steps]]


def _respawn(count: int = 20) -> Iterator[tuple[str, float]]:
    """Kill a worker and use the next, ``count`` times: medians in ms."""
    from scraper.blank import blank_fetch
    from scraper.model import Page
    from scraper.workers import Workers

    page = Page(
        body=b"<h1>Noon</h1>" + b"<p>The boats went out." * 9, url=None, fetch=blank_fetch("x")
    )
    rows = []
    with Workers(1, 60.0) as workers:
        workers.extract(page)
        for _ in range(count):
            began = time.perf_counter()
            workers.extract(page)
            warm = time.perf_counter()
            os.kill(_pid(workers), 9)
            time.sleep(0.05)
            killed = time.perf_counter()
            workers.extract(page)
            rows.append((warm - began, time.perf_counter() - killed))
    names = ("a page by the old one", "by the new one, with its start")
    return zip(names, (1000 * median(column) for column in zip(*rows, strict=True)), strict=True)


if __name__ == "__main__":
    main()
