"""``scraper validate``: check records against the schema."""

import itertools
from collections.abc import Iterator

import click

from scraper.cli.exits import OK, SOME_FAILED


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
        for number, line in _records(name):
            reason = complaint(line)
            good += reason is None
            wrong += reason is not None
            if reason is not None:
                click.echo(f"{name}:{number}: {one_line(reason)}")
    if wrong or not quiet:
        click.echo(f"scraper: {good} valid, {wrong} wrong", err=True)
    return SOME_FAILED if wrong else OK


def _records(name: str) -> Iterator[tuple[int, bytes]]:
    """Yield line and JSON of each record: a line is one, or the whole is one or an array."""
    from scraper.errors import UsageError

    try:
        with click.open_file(name, "rb") as stream:
            first = stream.readline()
            if name.endswith(".json") or first.strip() == b"{" or first.startswith(b"["):
                yield from _indented(name, first + stream.read())
                return
            lines = enumerate(itertools.chain([first], stream), start=1)
            yield from ((number, line) for number, line in lines if line.strip())
    except (OSError, RuntimeError) as error:  # RuntimeError: standard input is closed
        raise UsageError(f"{name}: {getattr(error, 'strerror', None) or error}") from None


def _indented(name: str, whole: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield number and JSON of each record of an indented file, as ``get -f json`` writes it."""
    import msgspec

    from scraper.errors import UsageError

    if whole.startswith(b"{"):
        yield 1, whole
        return
    try:
        records = msgspec.json.decode(whole, type=list[msgspec.Raw])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise UsageError(f"{name}: {error}") from None
    yield from ((number, bytes(record)) for number, record in enumerate(records, 1))
