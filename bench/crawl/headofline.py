"""Shows whether a slow host holds up the others: python -m bench.crawl.headofline."""

import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import click

from bench.crawl.lists import crawl_command
from bench.crawl.measure import started
from bench.crawl.origin import Origin, Site, address, serving
from bench.crawl.sections import output_option, write_section
from bench.crawl.systems import CONCURRENCY
from bench.markdown import table

# How much longer the fast hosts may take beside a slow one.
LIMIT = 1.10

_SLOW_HOST = address(0)
NOTES = f"""\
Articles of five sentences, no delay, {CONCURRENCY} requests at a time. Seconds from the first page
of a fast host to the last, without and with a host before them in the list that takes 1 s an
answer; the two take turns, medians of the rounds. Passed: at most {LIMIT:.2f} times as long.
"""


@dataclass(frozen=True, slots=True)
class Pair:
    """Seconds of a round for the fast hosts, alone and beside the slow one."""

    alone: float
    beside: float


@click.command()
@output_option
@click.option("--hosts", type=click.IntRange(1), default=999, help="Fast hosts. Default: 999.")
@click.option("--pages", type=click.IntRange(1), default=4, help="Pages a fast host. Default: 4.")
@click.option("--slow", type=click.IntRange(1), default=50, help="Slow pages. Default: 50.")
@click.option("--rounds", type=click.IntRange(1), default=3, help="Default: 3.")
@click.option("--time-limit", type=float, default=600.0, help="Seconds a crawl. Default: 600.")
def main(
    *, output: Path | None, hosts: int, pages: int, slow: int, rounds: int, time_limit: float
) -> None:
    """Time the fast hosts without and with a slow one; exit 1 where it holds them up."""
    site = Site(slow=frozenset({_SLOW_HOST}), slow_latency=1.0)
    with serving(site) as origin:
        fast = [origin.url(number, address(1 + number % hosts)) for number in range(hosts * pages)]
        waiting = [origin.url(len(fast) + number, _SLOW_HOST) for number in range(slow)]
        pairs = [
            Pair(
                _seconds(origin, fast, len(fast), time_limit),
                _seconds(origin, waiting + fast, len(fast), time_limit),
            )
            for _ in range(rounds)
        ]
    alone = median(pair.alone for pair in pairs)
    beside = median(pair.beside for pair in pairs)
    passed = beside <= LIMIT * alone
    verdict = f"{beside / alone:.2f} times as long: {'passed' if passed else 'FAILED'}."
    rows = [[number, f"{p.alone:.2f}", f"{p.beside:.2f}"] for number, p in enumerate(pairs, 1)]
    text = "\n\n".join(
        [
            f"## Head of line: {hosts} fast hosts of {pages} pages, a slow one of {slow}",
            NOTES.strip(),
            table(["round", "alone s", "beside a slow host s"], rows),
            verdict,
        ]
    )
    write_section(output, "head of line", text, {"alone": alone, "beside": beside})
    sys.exit(not passed)


def _seconds(origin: Origin, urls: Sequence[str], fast: int, time_limit: float) -> float:
    """Crawl until all fast pages were asked for, then kill; return the seconds that they took."""
    origin.reset()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        with started(crawl_command(folder, urls), folder) as process:
            ends = time.monotonic() + time_limit
            while (tally := origin.tally()).pages < fast:
                if time.monotonic() > ends or process.poll() is not None:
                    log = (folder / "log.txt").read_text("utf-8")[-2000:]
                    raise click.ClickException(f"{tally.pages} of {fast} fast pages\n{log}")
                time.sleep(0.1)
    assert tally.first is not None
    assert tally.last is not None
    return tally.last - tally.first


if __name__ == "__main__":
    main()
