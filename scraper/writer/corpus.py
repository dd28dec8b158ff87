"""A corpus folder: articles, failures, a lock; every line whole, whatever happens to the run."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Literal, Self

import msgspec

from scraper.errors import OutputError, ScraperError
from scraper.model import Article
from scraper.urls import url_key
from scraper.writer.files import ArticleFiles

ARTICLES, ERRORS, LOCK = "articles.jsonl", "errors.jsonl", "lock"
ARTICLE_STATUSES = ("ok", "partial", "duplicate")
"""Statuses whose records are articles; all others go to the errors file."""


class CorpusLockedError(ScraperError):
    """Another run is writing to the folder."""


class _Origin(msgspec.Struct):
    requested_url: str


class _Written(msgspec.Struct):
    fetch: _Origin


class Corpus:
    """The folder that a crawl writes into.

    Each record is one write of one whole line (or one atomic file), so that a killed run leaves
    at most a torn last line, which the next run moves to ``FILE.partial``.
    """

    def __init__(self, folder: Path, layout: Literal["jsonl", "files"]) -> None:
        self.folder = folder
        self._files = ArticleFiles(folder / "articles") if layout == "files" else None
        self._lines: dict[str, int] = {}
        names = (ERRORS,) if self._files else (ARTICLES, ERRORS)
        with contextlib.ExitStack() as opened:
            try:
                folder.mkdir(parents=True, exist_ok=True)
                opened.callback(os.close, _lock(folder / LOCK))
                for name in names:
                    _repair(folder / name)
                    self._lines[name] = _open_for_append(folder / name)
                    opened.callback(os.close, self._lines[name])
            except OSError as error:
                raise OutputError(f"{error.filename or folder}: {error.strerror}") from error
            self._opened = opened.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        with self._opened:
            for descriptor in self._lines.values():
                os.fsync(descriptor)

    def keys(self) -> set[str]:
        """Return the URL keys of the pages whose articles are already here."""
        return {url_key(url) for url in self._requested()}

    def _requested(self) -> Iterator[str]:
        for line in self._records():
            try:
                yield msgspec.json.decode(line, type=_Written).fetch.requested_url
            except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
                continue  # not ours; `validate` tells

    def _records(self) -> Iterator[bytes]:
        """Yield the articles of both layouts: a folder may have been written in either."""
        for path in sorted((self.folder / "articles").rglob("*.json")):
            yield path.read_bytes()
        if (self.folder / ARTICLES).exists():
            with (self.folder / ARTICLES).open("rb") as lines:
                yield from lines

    def write(self, article: Article) -> None:
        """Add one record.

        Raises:
            OutputError: the disk is full or the folder has become unwritable.
        """
        if article.status not in ARTICLE_STATUSES:
            self._append(ERRORS, article)
        elif self._files:
            self._files.write(article)
        else:
            self._append(ARTICLES, article)

    def _append(self, name: str, article: Article) -> None:
        line = article.to_json().encode("utf-8") + b"\n"
        try:
            while line:
                line = line[os.write(self._lines[name], line) :]
        except OSError as error:
            raise OutputError(f"{self.folder / name}: {error.strerror}") from error


def _lock(path: Path) -> int:
    """Take the folder's lock, which the system frees when the process ends, however it does."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        if isinstance(error, BlockingIOError):
            raise CorpusLockedError(f"{path.parent}: another run is writing here") from None
        raise
    return descriptor


def _open_for_append(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)


def _repair(path: Path) -> None:
    """Move what follows the last whole line, the trace of a killed run, to ``FILE.partial``."""
    if not path.exists():
        return
    with path.open("r+b") as file:
        whole = _end_of_last_line(file)
        file.seek(whole)
        torn = file.read()
        if torn:
            with path.with_name(path.name + ".partial").open("ab") as partial:
                partial.write(b"\n" + torn if partial.tell() else torn)
            file.truncate(whole)


def _end_of_last_line(file: BinaryIO) -> int:
    """Return the place behind the last newline, found from the end."""
    place = file.seek(0, os.SEEK_END)
    while place:
        start = max(0, place - 65536)
        file.seek(start)
        newline = file.read(place - start).rfind(b"\n")
        if newline >= 0:
            return start + newline + 1
        place = start
    return 0
