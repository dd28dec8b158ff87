"""``scraper validate``: check records against the schema."""

import click

from scraper.cli.exits import OK, SOME_FAILED
from scraper.cli.records import read_records


@click.command(
    epilog="""\b
Examples:
  scraper validate corpus/articles.jsonl
  scraper get https://example.org/news/one -f jsonl | scraper validate -"""
)
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option("-q", "--quiet", is_flag=True, help="Say nothing unless a record is wrong.")
def command(files: tuple[str, ...], quiet: bool) -> int:
    """Check every record of JSON lines or JSON files; - is standard input.

    Prints FILE:LINE: REASON for each wrong record and exits 1 if there is one.
    """
    from scraper.schema import complaint
    from scraper.text import one_line

    good = wrong = 0
    for name in files:
        for number, line in read_records(name):
            reason = complaint(line)
            good += reason is None
            wrong += reason is not None
            if reason is not None:
                click.echo(f"{name}:{number}: {one_line(reason)}")
    if wrong or not quiet:
        click.echo(f"scraper: {good} valid, {wrong} wrong", err=True)
    return SOME_FAILED if wrong else OK
