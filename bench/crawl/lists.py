"""The folder of one crawl of ours: its list, its command lines, and what it has written."""

import contextlib
import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from bench.crawl.measure import scraper
from bench.crawl.systems import CONCURRENCY

ARTICLES, ERRORS, STATE = "articles.jsonl", "errors.jsonl", "state.sqlite"


class _Origin(msgspec.Struct):
    requested_url: str


class _Row(msgspec.Struct):
    status: str
    fetch: _Origin


class Lines(NamedTuple):
    """Whole records of a folder, different addresses among them, and how many are `ok`."""

    records: int
    addresses: int
    ok: int


def crawl_command(
    folder: Path, urls: Iterable[str], options: Sequence[str] = (), concurrency: int = CONCURRENCY
) -> list[str]:
    """Write the list into `folder`; return the command that crawls it into `folder`/corpus."""
    (folder / "urls.txt").write_text("".join(f"{url}\n" for url in urls), "utf-8")
    flags = ("--delay", 0, "--concurrency", concurrency, "-q", "--fail-on", "never", *options)
    return scraper("crawl", "-i", folder / "urls.txt", "-C", folder / "corpus", *flags)


def lines_of(corpus: Path) -> Lines:
    """Count the records of articles.jsonl and errors.jsonl; a torn last line is none."""
    addresses: set[str] = set()
    records = ok = 0
    for line in _lines(corpus / ARTICLES, corpus / ERRORS):
        row = msgspec.json.decode(line, type=_Row)
        addresses.add(row.fetch.requested_url)
        records += 1
        ok += row.status == "ok"
    return Lines(records, len(addresses), ok)


def _lines(*paths: Path) -> Iterator[bytes]:
    for path in paths:
        if path.exists():
            with path.open("rb") as lines:
                yield from (line for line in lines if line.endswith(b"\n"))


def known(corpus: Path) -> int | None:
    """Return how many addresses the state of a crawl that runs has; None where there is none."""
    try:
        opened = sqlite3.connect(f"file:{corpus / STATE}?mode=ro", uri=True)
        with contextlib.closing(opened) as state:
            (count,) = state.execute("SELECT max(seq) FROM urls").fetchone()
    except sqlite3.Error:  # not there yet, or just being made
        return None
    return count or 0


def digest(corpus: Path) -> str:
    """Hash articles.jsonl (sha256, hex)."""
    with (corpus / ARTICLES).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
