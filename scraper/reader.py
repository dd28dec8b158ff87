"""Reads saved pages: files, gzip files, whole folders, standard input."""

import gzip
import io
import os
import sys
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from scraper.blank import blank_fetch
from scraper.errors import FetchError, UsageError
from scraper.model import Page
from scraper.text import without_unsafe

PAGE_NAMES = (".html", ".htm", ".xhtml", ".shtml")
"""Endings of what is taken for a page in a folder, plain or followed by ``.gz``."""

STDIN = "-"


def find_pages(paths: Iterable[str]) -> Iterator[str]:
    """Yield the files that ``paths`` name: themselves, and the pages below a folder, in order.

    Raises:
        UsageError: a path does not exist, or a folder cannot be read.
    """
    for path in paths:
        kind = "file" if path == STDIN else _kind(path)
        if kind == "file":
            yield path
        elif kind == "folder":
            yield from _walk(path)
        else:
            raise UsageError(f"{path}: no such file or folder")


def _kind(path: str) -> str:
    """Return ``file`` for all that can be read, pipes among them, ``folder``, or nothing."""
    try:
        if Path(path).is_dir():
            return "folder"
        return "file" if Path(path).exists() else ""
    except (OSError, ValueError):  # a name that no file can have
        return ""


def _walk(folder: str) -> Iterator[str]:
    for parent, folders, names in os.walk(folder, onerror=_unreadable):
        folders.sort()
        for name in sorted(names):
            if name.lower().removesuffix(".gz").endswith(PAGE_NAMES) or _bare_gzip(name):
                yield str(Path(parent) / name)


def _bare_gzip(name: str) -> bool:
    """Whether a name without any known ending is gzipped: archives of pages name them so."""
    return name.lower().endswith(".gz") and not name.lower().endswith((".tar.gz", ".warc.gz"))


def _unreadable(error: OSError) -> None:
    raise UsageError(f"{error.filename}: {error.strerror}") from None


def read_page(path: str, url: str | None, max_size: int) -> Page:
    """Return the page in a file, unpacked where it is gzip; ``-`` is standard input.

    Raises:
        FetchError: ``unreadable_file``, ``too_large``, ``truncated`` or ``bad_encoding``.
    """
    body = _unpacked(_read(path, max_size), max_size)
    fetch = msgspec.structs.replace(blank_fetch(shown(path), origin="file"), bytes=len(body))
    return Page(body=body, url=url, fetch=fetch)


def shown(path: str) -> str:
    """Return ``path`` as it may stand in a record: bytes that are no UTF-8 become U+FFFD."""
    return without_unsafe(os.fsencode(path).decode("utf-8", "replace"))


def _read(path: str, max_size: int) -> bytes:
    try:
        if path == STDIN:
            if sys.stdin is None:
                raise FetchError("unreadable_file", "standard input is closed")
            body = sys.stdin.buffer.read(max_size + 1)
        else:
            with Path(path).open("rb") as file:
                body = file.read(max_size + 1)
    except (OSError, ValueError) as error:  # ValueError: a path with NUL
        reason = getattr(error, "strerror", None) or "no file can have this name"
        raise FetchError("unreadable_file", reason) from None
    return _bounded(body, max_size)


def _unpacked(body: bytes, max_size: int) -> bytes:
    if not body.startswith(b"\x1f\x8b"):
        return body
    try:
        with gzip.open(io.BytesIO(body)) as file:
            return _bounded(file.read(max_size + 1), max_size)
    except EOFError:
        raise FetchError("truncated", "the gzip file breaks off") from None
    except (gzip.BadGzipFile, zlib.error):
        raise FetchError("bad_encoding", "the gzip file is damaged") from None


def _bounded(body: bytes, max_size: int) -> bytes:
    if len(body) > max_size:
        raise FetchError("too_large", f"larger than {max_size} bytes")
    return body
