"""Times a refresh in which nothing has changed: python -m bench.crawl.refresh --pages 20000."""

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import click

from bench.crawl.lists import crawl_command, digest, lines_of
from bench.crawl.measure import Cost, cost, scraper
from bench.crawl.origin import Site, serving
from bench.crawl.sections import output_option, write_section
from bench.crawl.systems import CONCURRENCY
from bench.markdown import table

NOTES = f"""\
Articles of five sentences with an ETag, no delay, {CONCURRENCY} requests at a time: a crawl, then
`scraper refresh DIR --all`, which the origin answers 304 for every page. Passed: each page was
asked for once and answered 304, and articles.jsonl is the same byte for byte.
"""


@click.command()
@output_option
@click.option("--pages", type=click.IntRange(1), default=20_000, help="Default: 20000.")
@click.option("--hosts", type=click.IntRange(1), default=100, help="Default: 100.")
@click.option("--time-limit", type=float, default=1800.0, help="Seconds a run. Default: 1800.")
@click.argument("options", nargs=-1)
def main(
    *, output: Path | None, pages: int, hosts: int, time_limit: float, options: Sequence[str]
) -> None:
    """Crawl small pages, refresh them all unchanged; exit 1 where anything was written anew.

    OPTIONS after -- go to `scraper refresh`.
    """
    if subprocess.run(scraper("refresh", "--help"), capture_output=True, check=False).returncode:
        click.echo("skipped: this scraper has no refresh")
        return
    with serving(Site()) as origin, tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        corpus = folder / "corpus"
        crawled = cost(crawl_command(folder, origin.urls(pages, hosts)), folder, time_limit)
        before, lines = digest(corpus), lines_of(corpus)
        origin.reset()
        flags = ("--delay", 0, "--concurrency", CONCURRENCY, "-q", *options)
        refreshed = cost(scraper("refresh", corpus, "--all", *flags), folder, time_limit)
        tally, same = origin.tally(), digest(corpus) == before
        log = (folder / "log.txt").read_text("utf-8")[-2000:]
    passed = same and tally.not_modified == tally.pages == pages == lines.addresses
    rows = [_row("crawl", crawled, pages), _row("refresh", refreshed, pages)]
    said = (
        f"{tally.pages} pages asked for, {tally.again} of them again, {tally.not_modified} "
        f"answered 304; articles.jsonl {'the same' if same else 'CHANGED'}: "
        f"{'passed' if passed else 'FAILED'}."
    )
    text = "\n\n".join(
        [
            f"## Refresh: {pages} unchanged pages, {hosts} hosts",
            NOTES.strip(),
            table(["run", "exit", "s", "pages/s", "CPU ms a page", "MiB"], rows),
            said,
        ]
    )
    write_section(output, "refresh", text, {"crawl": crawled.seconds, "refresh": refreshed.seconds})
    if not passed:
        click.echo(log, err=True)
    sys.exit(not passed)


def _row(name: str, spent: Cost, pages: int) -> list[object]:
    rate = pages / spent.seconds
    work = 1000 * spent.cpu / pages
    figures = (f"{spent.seconds:.1f}", f"{rate:.1f}", f"{work:.2f}", f"{spent.peak_mb:.0f}")
    return [name, spent.code, *figures]


if __name__ == "__main__":
    main()
