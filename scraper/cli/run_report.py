"""``scraper report``: tell how the runs of a corpus went, in one HTML page."""

import time
from pathlib import Path

import click


@click.command(
    epilog="""\b
Examples:
  scraper report corpus -o report.html
  scraper report corpus > /srv/www/runs.html"""
)
@click.argument(
    "folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path)
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File to write, in one piece.  [default: standard output]",
)
def command(folder: Path, output: Path | None) -> None:
    """Write one HTML page on the runs of a corpus folder.

    It holds what the last run came to by status, failure and host, the course of it and of all
    runs, the lengths of the articles and what was cut of them. It needs no network and no script.
    """
    from scraper.cli.output import open_output
    from scraper.errors import UsageError
    from scraper.writer.report import render
    from scraper.writer.runs import FOLDER, read_runs

    runs = read_runs(folder)
    if not runs:
        raise UsageError(f"{folder}: no runs in {folder / FOLDER}; crawl or refresh make them")
    page = render(runs, _totals(folder), folder.resolve().name)
    with open_output(output) as stream:
        stream.write(page.encode("utf-8"))


def _totals(folder: Path) -> dict[str, int]:
    """Return the totals of the state; nothing where it is damaged, since the runs are not."""
    from scraper.errors import StateError
    from scraper.state import totals

    try:
        return totals(folder, time.time())
    except StateError:
        return {}
