"""Compares pages a second and CPU of whole crawls: python -m bench.crawl.throughput."""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

import click

from bench.crawl.measure import Cost, cost, cpu_seconds
from bench.crawl.origin import Origin, Site, Tally, serving
from bench.crawl.pages import SOURCES, corpus_pages
from bench.crawl.sections import output_option, write_section
from bench.crawl.systems import CONCURRENCY, CRAWLERS, Crawler, Written
from bench.markdown import table
from bench.options import corpora_option, provenance, provenance_line, require_corpora

NOTES = f"""\
Loopback hosts, robots.txt allows all, no delay, {CONCURRENCY} requests at a time; pages of
{", ".join(SOURCES)}. The systems take turns; medians of the rounds. pages/s: addresses by seconds
from the start of the process to its end. CPU ms: of the whole process tree, a page. server: share
of the CPU time of one processor that the origin took meanwhile. MiB: highest proportional set size
of the tree. scrapy: a spider that calls trafilatura.bare_extraction with metadata where a page
arrives; trafilatura: its command line with --json --with-metadata and without its sleep, which
reads no robots.txt. Both extract in one process; x2 is two processes with half of the list each.
trafilatura writes no file where it finds no text, and one for pages of the same text.
"""


@dataclass(frozen=True, slots=True)
class Round:
    """One crawl of one system: its cost, the origin's figures and CPU seconds, the records."""

    cost: Cost
    tally: Tally
    server: float
    written: Written


@dataclass(frozen=True, slots=True)
class Figures:
    """Medians of a system's rounds; `cpu_ms` is a page's, `server` a share of one processor."""

    system: str
    pages_per_second: float
    cpu_ms: float
    server: float
    peak_mb: float
    asked: int
    records: int
    with_text: int
    complete: bool


@click.command()
@corpora_option
@output_option
@click.option("--pages", type=click.IntRange(1), default=2000, help="Addresses. Default: 2000.")
@click.option("--hosts", type=click.IntRange(1), default=100, help="Hosts. Default: 100.")
@click.option("--latency-ms", type=click.IntRange(0), default=0, help="Wait before each answer.")
@click.option("--rounds", type=click.IntRange(1), default=2, help="Crawls a system. Default: 2.")
@click.option(
    "--system",
    "names",
    type=click.Choice(list(CRAWLERS)),
    multiple=True,
    default=tuple(CRAWLERS),
    help="System to run; may be repeated. Default: all that are installed.",
)
@click.option("--time-limit", type=float, default=600.0, help="Seconds a crawl. Default: 600.")
def main(  # noqa: PLR0913  a command's options are its arguments
    *,
    root: Path | None,
    output: Path | None,
    pages: int,
    hosts: int,
    latency_ms: int,
    rounds: int,
    names: Sequence[str],
    time_limit: float,
) -> None:
    """Crawl the same pages by each system in turns; print pages a second, CPU and memory."""
    crawlers = _installed(names)
    files = corpus_pages(require_corpora(root), pages)
    runs: dict[str, list[Round]] = {crawler.name: [] for crawler in crawlers}
    with serving(Site(files, latency_ms / 1000)) as origin:
        urls = origin.urls(pages, hosts)
        for _ in range(rounds):
            for crawler in crawlers:
                runs[crawler.name].append(crawl(crawler, urls, origin, time_limit))
                click.echo(_brief(crawler, runs[crawler.name][-1], pages), err=True)
    figures = [summary(name, done, pages) for name, done in runs.items()]
    title = f"{pages} pages, {hosts} hosts, {latency_ms} ms latency, {rounds} rounds"
    made = provenance(crawlers)  # type: ignore[arg-type]
    parts = [f"## Throughput: {title}", provenance_line(made), NOTES.strip(), markdown(figures)]
    text = "\n\n".join([*parts, *ratios(figures)])
    plain = {"made": made, "systems": {row.system: asdict(row) for row in figures}}
    write_section(output, f"throughput {latency_ms} ms", text, plain)


def _installed(names: Sequence[str]) -> list[Crawler]:
    found = []
    for name in dict.fromkeys(names):
        if CRAWLERS[name].version is None:
            click.echo(f"{name} skipped: not installed", err=True)
        else:
            found.append(CRAWLERS[name])
    return found


def crawl(crawler: Crawler, urls: Sequence[str], origin: Origin, time_limit: float) -> Round:
    """Run one crawl in a folder of its own; `time_limit` is in seconds."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        command = crawler.start(urls, folder)
        origin.reset()
        before = cpu_seconds(origin.pid)
        spent = cost(command, folder, time_limit)
        server = cpu_seconds(origin.pid) - before
        return Round(spent, origin.tally(), server, crawler.count(folder))


def summary(name: str, runs: Sequence[Round], pages: int) -> Figures:
    """Take the medians of a system's rounds; of what it wrote, the round with the least."""
    least = min(runs, key=lambda run: run.written.records)
    return Figures(
        system=name,
        pages_per_second=median(pages / run.cost.seconds for run in runs),
        cpu_ms=median(1000 * run.cost.cpu / pages for run in runs),
        server=median(run.server / run.cost.seconds for run in runs),
        peak_mb=median(run.cost.peak_mb for run in runs),
        asked=least.tally.pages,
        records=least.written.records,
        with_text=least.written.with_text,
        complete=all(complete(run, pages) for run in runs),
    )


def complete(run: Round, pages: int) -> bool:
    """Tell whether a crawl ended by itself and left one record for each address.

    Of a system whose records do not name their address only the requests are counted.
    """
    ended = run.cost.code in {0, 1}
    asked = run.tally.pages - run.tally.again == pages
    addresses = run.written.addresses
    return ended and asked and (addresses is None or addresses == run.written.records == pages)


def markdown(figures: Sequence[Figures]) -> str:
    """Write the table of the systems."""
    header = ["system", "pages/s", "CPU ms", "server %", "MiB", "asked", "records", "with text"]
    rows = [
        [
            row.system,
            f"{row.pages_per_second:.1f}",
            f"{row.cpu_ms:.1f}",
            f"{100 * row.server:.0f}",
            f"{row.peak_mb:.0f}",
            row.asked,
            row.records,
            row.with_text,
            "yes" if row.complete else "NO",
        ]
        for row in figures
    ]
    return table([*header, "complete"], rows)


def ratios(figures: Sequence[Figures]) -> list[str]:
    """Say how ours stands to the best peer in pages a second, and in CPU a page."""
    by_name: Mapping[str, Figures] = {row.system: row for row in figures}
    ours = by_name.get("ours")
    peers = [row for row in figures if row.system != "ours"]
    if ours is None or not peers:
        return []
    fastest = max(peers, key=lambda row: row.pages_per_second)
    leanest = min(peers, key=lambda row: row.cpu_ms)
    speed = ours.pages_per_second / fastest.pages_per_second
    work = ours.cpu_ms / leanest.cpu_ms
    return [
        f"ours / fastest peer, {fastest.system}: {speed:.2f} in pages/s.",
        f"ours / leanest peer, {leanest.system}: {work:.2f} in CPU a page.",
    ]


def _brief(crawler: Crawler, run: Round, pages: int) -> str:
    rate = pages / run.cost.seconds
    return f"{crawler.name}: {rate:.1f} pages/s, {run.cost}, {run.tally}, {run.written}"


if __name__ == "__main__":
    main()
