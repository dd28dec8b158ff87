"""``scraper status``, ``retry``, ``forget`` and ``rebuild``: a corpus folder seen and mended."""

from pathlib import Path

import click

from scraper.cli.options import corpus_argument


@click.command()
@corpus_argument
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object.")
def status(folder: Path, as_json: bool) -> None:
    """Say what a corpus holds and what is due; another run may be writing meanwhile."""
    import json
    import time

    from scraper.state import totals
    from scraper.writer.runs import read_runs

    found: dict[str, object] = dict(totals(folder, time.time()))
    last = next(iter(read_runs(folder)[-1:]), None)
    if last is not None:
        found["last_run"] = {
            "command": last.command,
            "started": last.started,
            "finished": last.finished,
            "reason": last.reason,
            "statuses": last.statuses,
        }
    if as_json:
        click.echo(json.dumps(found, indent=2))
        return
    run = found.pop("last_run", None)
    for name, value in found.items():
        click.echo(f"{name:<14} {value:>10}")
    if run is not None and last is not None:
        ended = last.finished or "goes on, or was killed"
        click.echo(f"last run: {last.command}, {last.started} to {ended} ({last.reason})")


@click.command()
@corpus_argument
@click.option("--code", "codes", multiple=True, help="Only failures with this code; several times.")
def retry(folder: Path, codes: tuple[str, ...]) -> None:
    """Let the next crawl or refresh try failed URLs again, whatever their failure."""
    from scraper.errors import ERROR_CODES, UsageError
    from scraper.pipeline import Job
    from scraper.settings import Settings
    from scraper.writer import layout_of

    unknown = [code for code in codes if code not in ERROR_CODES]
    if unknown:
        raise UsageError(f"no failure has the code {unknown[0]}: see docs/codes.md")
    with Job(folder, Settings(layout=layout_of(folder))) as job:
        click.echo(f"scraper: {_counted(job.retry(codes))} to be tried by the next run", err=True)


@click.command()
@corpus_argument
@click.argument("names", metavar="URL|ID|HOST...", nargs=-1, required=True)
@click.option("--host", is_flag=True, help="The names are hosts: forget all of their URLs.")
def forget(folder: Path, names: tuple[str, ...], host: bool) -> int:
    """Remove URLs from a corpus: what is known of them and their records."""
    from scraper.cli.exits import SOME_FAILED
    from scraper.pipeline import Job
    from scraper.settings import Settings
    from scraper.writer import layout_of

    with Job(folder, Settings(layout=layout_of(folder))) as job:
        ids = job.forget(names, host=host)
    click.echo(f"scraper: {_counted(len(ids))} forgotten", err=True)
    return 0 if ids else SOME_FAILED


@click.command()
@corpus_argument
def rebuild(folder: Path) -> None:
    """Make the state of a corpus anew from its records, and move the old one aside."""
    from scraper.pipeline import rebuild as anew
    from scraper.settings import Settings
    from scraper.writer import layout_of

    click.echo(
        f"scraper: {_counted(anew(folder, Settings(layout=layout_of(folder))))} known again",
        err=True,
    )


def _counted(number: int) -> str:
    return "1 URL" if number == 1 else f"{number} URLs"
