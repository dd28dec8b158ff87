"""Watches memory and open files of a long crawl: python -m bench.crawl.soak --pages 50000."""

import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import click

from bench.crawl.lists import Lines, crawl_command, lines_of
from bench.crawl.measure import started
from bench.crawl.origin import Site, serving
from bench.crawl.pages import corpus_pages
from bench.crawl.sections import output_option, write_section
from bench.crawl.watch import Late, Look, slope, watch
from bench.markdown import table
from bench.options import corpora_option, require_corpora

# KiB a page that the parent may grow from one third of the run on, and the workers together: at
# 50,000 pages 33 MiB each. trafilatura#216 was 1 MB a page.
LIMIT_KB = 1.0

# Open files of the last third over those of the first: sockets come and go.
LIMIT_FDS = 16

NOTES = f"""\
MiB are resident sets; what the workers share counts for each. KiB a page: growth by least squares,
from one third of the run on, start and end left out. Passed: at
most {LIMIT_KB:g} KiB for the parent and for the workers together, at most {LIMIT_FDS} open files
more in the last third than in the first, and one record for each address.
"""

_ROWS = 12


@dataclass(frozen=True, slots=True)
class Verdict:
    """Growth in KiB a page of parent and workers, and of the most open files."""

    parent_kb: float
    workers_kb: float
    fds: int

    @property
    def passed(self) -> bool:
        """Tell whether all of them stayed level."""
        return max(self.parent_kb, self.workers_kb) <= LIMIT_KB and self.fds <= LIMIT_FDS


@click.command()
@corpora_option
@output_option
@click.option("--pages", type=click.IntRange(10), default=50_000, help="Default: 50000.")
@click.option("--hosts", type=click.IntRange(1), default=100, help="Default: 100.")
@click.option("--small", is_flag=True, help="Small articles of our own instead of corpus pages.")
@click.option("--interval", type=float, default=2.0, help="Seconds between looks. Default: 2.")
@click.option("--time-limit", type=float, default=7200.0, help="Seconds. Default: 7200.")
@click.argument("options", nargs=-1)
def main(  # noqa: PLR0913  a command's options are its arguments
    *,
    root: Path | None,
    output: Path | None,
    pages: int,
    hosts: int,
    small: bool,
    interval: float,
    time_limit: float,
    options: Sequence[str],
) -> None:
    """Crawl the corpus pages over and over; exit 1 where memory or open files grow.

    OPTIONS after -- go to `scraper crawl`. After the time limit the crawl is killed and judged.
    """
    files = () if small else corpus_pages(require_corpora(root), pages)
    with serving(Site(files)) as origin, tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        looks: list[Look] = []
        ended = True
        with started(crawl_command(folder, origin.urls(pages, hosts), options), folder) as process:
            try:
                looks.extend(watch(process, origin, interval, time_limit))
            except Late as late:
                ended = False
                click.echo(f"cut short: {late}", err=True)
        lines = lines_of(folder / "corpus")
        if not looks:
            raise click.ClickException((folder / "log.txt").read_text("utf-8")[-2000:])
    verdict = judge(looks)
    whole = not ended or lines.addresses == lines.records == pages
    kind = "small articles" if small else "corpus pages"
    text = "\n\n".join(
        [
            f"## Soak: {looks[-1].pages} of {pages} {kind}, {hosts} hosts",
            NOTES.strip(),
            _table(looks),
            _said(verdict, lines, passed=verdict.passed and whole),
        ]
    )
    figures = {"parent_kb": verdict.parent_kb, "workers_kb": verdict.workers_kb}
    write_section(output, f"soak {kind}", text, figures)
    sys.exit(not (verdict.passed and whole))


def judge(looks: Sequence[Look]) -> Verdict:
    """Compare the last two thirds of a run by their slopes, the last with the first by files."""
    under_way = [look for look in looks if 0 < look.pages < looks[-1].pages] or list(looks)
    third = max(1, len(under_way) // 3)
    later = under_way[third:] or under_way
    return Verdict(
        parent_kb=1024 * slope(later, [look.parent_mb for look in later]),
        workers_kb=1024 * slope(later, [look.workers_mb for look in later]),
        fds=_usual_fds(under_way[-third:]) - _usual_fds(under_way[:third]),
    )


def _usual_fds(looks: Sequence[Look]) -> int:
    """Return the median: a leak raises it, a worker that is being replaced does not."""
    return round(median(look.fds for look in looks))


def _table(looks: Sequence[Look]) -> str:
    step = max(1, len(looks) // _ROWS)
    rows = [
        [f"{x.seconds:.0f}", x.pages, f"{x.parent_mb:.0f}", f"{x.workers_mb:.0f}", x.fds]
        for x in [*looks[:-1:step], looks[-1]]
    ]
    return table(["s", "pages", "parent MiB", "workers MiB", "open files"], rows)


def _said(verdict: Verdict, lines: Lines, *, passed: bool) -> str:
    return (
        f"Parent {verdict.parent_kb:+.2f} KiB a page, workers {verdict.workers_kb:+.2f}, "
        f"open files {verdict.fds:+d}; {lines.records} records of {lines.addresses} addresses, "
        f"{lines.ok} ok: {'passed' if passed else 'FAILED'}."
    )


if __name__ == "__main__":
    main()
