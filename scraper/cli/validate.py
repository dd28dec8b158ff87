"""``scraper validate``: check records against the schema."""

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
    """Yield line number and JSON of each record: a ``.json`` file is one record or an array."""
    import msgspec

    from scraper.errors import UsageError

    try:
        with click.open_file(name, "rb") as stream:
            if not name.endswith(".json"):
                yield from ((n, line) for n, line in enumerate(stream, 1) if line.strip())
                return
            whole = stream.read()
    except OSError as error:
        raise UsageError(f"{name}: {error.strerror}") from None
    if not whole.lstrip().startswith(b"["):
        yield 1, whole
        return
    try:
        records = msgspec.json.decode(whole, type=list[msgspec.Raw])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise UsageError(f"{name}: {error}") from None
    yield from ((number, bytes(record)) for number, record in enumerate(records, 1))
