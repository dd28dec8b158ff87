"""Kills crawls, fails their writes, fills their disk: python -m bench.torture.kill --times 200."""

import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, NamedTuple

import click

from bench.markdown import table
from bench.torture.faults import WAYS, Fault
from bench.torture.runs import Crawl, Record, calls, defects, differences, records, serving

Layout = Literal["jsonl", "files"]
LAYOUTS: tuple[Layout, ...] = ("jsonl", "files")

KILLS = 3
"""Most kills in a row before a run may end."""

SIZES = range(4_000, 120_000, 4_000)
"""Bytes that a file may have where the disk is full: from less than an empty state to more than
ten pages need."""


class Trial(NamedTuple):
    """A crawl that was broken off and taken up: where that was, and what is wrong after it."""

    check: str
    place: str
    wrong: list[str]


def kills(scratch: Path, urls: list[str], layout: Layout, times: int, seed: int) -> Iterator[Trial]:
    """Kill crawls at ``times`` random moments, up to three in a row, then let them end."""
    chance = random.Random(seed)
    expected, seconds, _ = good(scratch, urls, layout)
    while times > 0:
        crawl = fresh(scratch, urls, layout)
        moments = [chance.uniform(0, seconds) for _ in range(min(times, chance.randint(1, KILLS)))]
        times -= len(moments)
        for moment in moments:
            killed_after(crawl, moment)
        code = crawl.run()
        wrong = defects(crawl, code) + differences(expected, records(crawl.folder))
        place = ", ".join(f"{moment:.3f} s" for moment in moments)
        yield from [Trial(f"SIGKILL, {layout}", place, wrong)] * len(moments)


def killed_after(crawl: Crawl, seconds: float) -> None:
    """Start a run and kill it, unless it ends before."""
    process = crawl.started()
    process.join(seconds)
    process.kill()
    process.join()
    process.close()


def faults(
    scratch: Path, urls: list[str], layout: Layout, ways: tuple[str, ...] = WAYS
) -> Iterator[Trial]:
    """Let every call that writes fail once, in each way."""
    expected, _, names = good(scratch, urls, layout)
    for way in ways:
        for at, name in enumerate(names, 1):
            wrong = struck(fresh(scratch, urls, layout), Fault(at, way), expected)
            yield Trial(f"{way}, {layout}", f"call {at} ({name})", wrong)


def struck(crawl: Crawl, fault: Fault, expected: dict[str, list[Record]]) -> list[str]:
    """Return what is wrong after a fault and a run that goes on after it."""
    code = crawl.run(fault)
    wrong = [] if code == 137 else defects(crawl, code)
    code = crawl.run()
    return wrong + defects(crawl, code) + differences(expected, records(crawl.folder))


def full_disks(scratch: Path, urls: list[str], layout: Layout) -> Iterator[Trial]:
    """Let no file grow beyond a size, for many sizes; then let there be room again."""
    expected, _, _ = good(scratch, urls, layout)
    for size in SIZES:
        crawl = fresh(scratch, urls, layout)
        wrong = defects(crawl, crawl.run(file_size=size))
        code = crawl.run()
        wrong += defects(crawl, code) + differences(expected, records(crawl.folder))
        yield Trial(f"full disk, {layout}", f"{size} bytes a file", wrong)


def good(
    scratch: Path, urls: list[str], layout: Layout
) -> tuple[dict[str, list[Record]], float, list[str]]:
    """Return the records, the seconds and the calls of a crawl that nothing befalls."""
    fresh(scratch, urls, layout).run()  # starts the process that the others are forked from
    crawl = fresh(scratch, urls, layout)
    began = time.monotonic()
    crawl.run(Fault())
    return records(crawl.folder), time.monotonic() - began, calls(crawl)


def fresh(scratch: Path, urls: list[str], layout: Layout) -> Crawl:
    """Return a crawl into a folder that is not there yet."""
    return Crawl(Path(tempfile.mkdtemp(dir=scratch)), urls, layout)


@click.command()
@click.option("--times", type=click.IntRange(0), default=200, help="Random kills. Default: 200.")
@click.option("--seed", type=int, default=7, help="Of their moments. Default: 7.")
@click.option("--faults/--no-faults", "with_faults", default=True, help="Fail every write once.")
@click.option("--disks/--no-disks", "with_disks", default=True, help="Fill the disk.")
@click.option(
    "--scratch",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder for the corpora, in memory if that is to be quick. Default: the system's.",
)
def main(
    *, times: int, seed: int, with_faults: bool, with_disks: bool, scratch: Path | None
) -> None:
    """Break off crawls of a small site and take them up again; exit 1 where records differ."""
    began = time.monotonic()
    trials: Counter[str] = Counter()
    bad: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(dir=scratch) as folder, serving(4) as many, serving(1) as few:
        for trial in _all(Path(folder), many, few, times, seed, with_faults, with_disks):
            trials[trial.check] += 1
            bad[trial.check] += bool(trial.wrong)
            if trial.wrong:
                click.echo(f"{trial.check}: {trial.place}: {'; '.join(trial.wrong)}", err=True)
    click.echo(table(["check", "times", "wrong"], [[n, k, bad[n]] for n, k in trials.items()]))
    click.echo(f"\n{trials.total()} in {time.monotonic() - began:.0f} s")
    sys.exit(bool(bad.total()))


def _all(  # noqa: PLR0913, PLR0917 - the command's options
    scratch: Path,
    many: list[str],
    few: list[str],
    times: int,
    seed: int,
    with_faults: bool,
    with_disks: bool,
) -> Iterator[Trial]:
    for layout, share in zip(LAYOUTS, (times - times // 4, times // 4), strict=True):
        if share:
            yield from kills(scratch, many, layout, share, seed)
    for layout in LAYOUTS:
        if with_faults:
            yield from faults(scratch, few, layout)
        if with_disks:
            yield from full_disks(scratch, few, layout)


if __name__ == "__main__":
    main()
