"""Kills crawls, fails their writes, fills their disk: python -m bench.torture.kill --times 200."""

import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Literal, NamedTuple

import click

from bench.markdown import table
from bench.torture.faults import WAYS, Fault
from bench.torture.runs import (
    REFUSED,
    Crawl,
    Record,
    calls,
    defects,
    differences,
    records,
    scratch,
    serving,
)
from scraper.state import NAME
from scraper.writer.corpus import ARTICLE_STATUSES

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


def kills(folder: Path, urls: list[str], layout: Layout, times: int, seed: int) -> Iterator[Trial]:
    """Kill crawls at ``times`` random moments, up to three in a row, then let them end."""
    chance = random.Random(seed)
    good(folder, urls, layout)  # starts the process that the others are forked from
    expected, seconds, _ = good(folder, urls, layout)
    while times > 0:
        crawl = fresh(folder, urls, layout)
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
    folder: Path,
    urls: list[str],
    layout: Layout,
    ways: Sequence[str] = WAYS,
    sample: int | None = None,
) -> Iterator[Trial]:
    """Let every call that writes fail once, or so many of them as ``sample`` says, in each way."""
    expected, _, names = good(folder, urls, layout)
    every = list(enumerate(names, 1))
    for way in ways:
        for at, name in random.Random(way).sample(every, sample) if sample else every:
            wrong = struck(fresh(folder, urls, layout), Fault(at, way), expected)
            yield Trial(f"{way}, {layout}", f"call {at} ({name})", wrong)


def struck(crawl: Crawl, fault: Fault, expected: dict[str, list[Record]]) -> list[str]:
    """Return what is wrong after a fault and a run that goes on after it."""
    code = crawl.run(fault)
    wrong = [] if code == 137 else defects(crawl, code)
    code = crawl.run()
    return wrong + defects(crawl, code) + differences(expected, records(crawl.folder))


def full_disks(
    folder: Path, urls: list[str], layout: Layout, sizes: Iterable[int] = SIZES
) -> Iterator[Trial]:
    """Let no file grow beyond a size, for many sizes; then let there be room again."""
    expected, _, _ = good(folder, urls, layout)
    for size in sizes:
        crawl = fresh(folder, urls, layout)
        wrong = defects(crawl, crawl.run(file_size=size))
        code = crawl.run()
        wrong += defects(crawl, code) + differences(expected, records(crawl.folder))
        yield Trial(f"full disk, {layout}", f"{size} bytes a file", wrong)


def flips(folder: Path, urls: list[str], times: int, seed: int) -> Iterator[Trial]:
    """Flip one bit of a whole state; where that is noticed, the state is made anew."""
    chance = random.Random(seed)
    whole = fresh(folder, urls, "jsonl")
    whole.run()
    expected = articles(whole)
    size = (whole.folder / NAME).stat().st_size
    for place in (chance.randrange(size) for _ in range(times)):
        crawl = fresh(folder, urls, "jsonl")
        shutil.copytree(whole.folder, crawl.folder)
        flip(crawl.folder / NAME, place, 1 << chance.randrange(8))
        code = crawl.run()
        wrong = defects(crawl, code)
        if code == REFUSED:
            wrong += defects(crawl, crawl.rebuild()) + defects(crawl, crawl.run())
        wrong += differences(expected, articles(crawl))
        check = "flipped bit, refused and rebuilt" if code == REFUSED else "flipped bit, unnoticed"
        yield Trial(check, f"byte {place} of {size}", wrong)


def flip(path: Path, place: int, bit: int) -> None:
    """Change one bit of a file."""
    with path.open("r+b") as file:
        file.seek(place)
        (byte,) = file.read(1)
        file.seek(place)
        file.write(bytes([byte ^ bit]))


def articles(crawl: Crawl) -> dict[str, list[Record]]:
    """Return the records that are articles: failures are tried again, and told again."""
    found = records(crawl.folder)
    return {name: said for name, said in found.items() if said[-1].status in ARTICLE_STATUSES}


def good(
    folder: Path, urls: list[str], layout: Layout
) -> tuple[dict[str, list[Record]], float, list[str]]:
    """Return the records, the seconds and the calls of a crawl that nothing befalls."""
    crawl = fresh(folder, urls, layout)
    began = time.monotonic()
    crawl.run(Fault())
    return records(crawl.folder), time.monotonic() - began, calls(crawl)


def fresh(folder: Path, urls: list[str], layout: Layout) -> Crawl:
    """Return a crawl into a folder that is not there yet."""
    return Crawl(Path(tempfile.mkdtemp(dir=folder)), urls, layout)


@click.command()
@click.option("--times", type=click.IntRange(0), default=200, help="Random kills. Default: 200.")
@click.option("--seed", type=int, default=7, help="Of their moments. Default: 7.")
@click.option("--faults/--no-faults", "with_faults", default=True, help="Fail every write once.")
@click.option("--disks/--no-disks", "with_disks", default=True, help="Fill the disk.")
@click.option("--flips", "bits", type=click.IntRange(0), default=100, help="Default: 100.")
def main(*, times: int, seed: int, with_faults: bool, with_disks: bool, bits: int) -> None:
    """Break off crawls of a small site and take them up again; exit 1 where records differ."""
    began = time.monotonic()
    trials: Counter[str] = Counter()
    bad: Counter[str] = Counter()
    with scratch() as folder, serving(4) as many, serving(1) as few:
        checks = [flips(folder, few, bits, seed)]
        for layout, share in zip(LAYOUTS, (times - times // 4, times // 4), strict=True):
            checks.append(kills(folder, many, layout, share, seed))
            checks += [faults(folder, few, layout)] * with_faults
            checks += [full_disks(folder, few, layout)] * with_disks
        for trial in chain(*checks):
            trials[trial.check] += 1
            bad[trial.check] += bool(trial.wrong)
            if trial.wrong:
                click.echo(f"{trial.check}: {trial.place}: {'; '.join(trial.wrong)}", err=True)
    click.echo(table(["check", "times", "wrong"], [[n, k, bad[n]] for n, k in trials.items()]))
    click.echo(f"\n{trials.total()} in {time.monotonic() - began:.0f} s")
    sys.exit(bool(bad.total()))


if __name__ == "__main__":
    main()
