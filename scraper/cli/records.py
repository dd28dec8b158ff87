"""Reads records from files, for the commands that take them."""

import itertools
from collections.abc import Iterator

import click


def read_records(name: str) -> Iterator[tuple[int, bytes]]:
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
