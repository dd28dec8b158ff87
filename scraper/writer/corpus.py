"""A corpus folder: articles, failures, a lock; every line whole, whatever happens to the run."""

import contextlib
import os
from collections import defaultdict
from collections.abc import Container, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, Literal, Self
from uuid import UUID

import msgspec

from scraper.errors import OutputError
from scraper.model import Article
from scraper.text import moment
from scraper.writer import lock
from scraper.writer.atomic import remove_leftovers, replacing, synced_folder
from scraper.writer.files import ArticleFiles

ARTICLES, ERRORS, FILES = "articles.jsonl", "errors.jsonl", "articles"
ARTICLE_STATUSES = ("ok", "partial", "duplicate")
"""Statuses whose records are articles; all others go to the errors file."""

Layout = Literal["jsonl", "files"]

Places = dict[str, tuple[int, int]]
"""Inode and size of each record file; of the folder of article files only that it was read."""


class Corpus:
    """The folder that a crawl writes into.

    What is written together into one file is on the disk, or none of it is. A killed run leaves at
    most a torn last line, which the next run moves to ``FILE.partial``. A file that is moved away
    while the run goes on, as log rotation does, is begun anew.
    """

    def __init__(self, folder: Path, layout: Layout, *, wait: float = 0) -> None:
        self.folder = folder
        self._files = ArticleFiles(folder / FILES) if layout == "files" else None
        self._lines: dict[str, int] = {}
        self._closing = contextlib.ExitStack()
        names = (ERRORS,) if self._files else (ARTICLES, ERRORS)
        with contextlib.ExitStack() as opened:
            try:
                folder.mkdir(parents=True, exist_ok=True)
                opened.callback(os.close, lock.hold(folder, wait))
                opened.callback(self._close_lines)
                if self._files:
                    (folder / FILES).mkdir(exist_ok=True)
                remove_leftovers(folder)
                self._found = {name: _place(folder / name) for name in names}
                for name in names:
                    _repair(folder / name)
                    self._open(name)
            except OSError as error:
                raise OutputError(f"{error.filename or folder}: {error.strerror}") from error
            self._closing = opened.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self._closing.close()

    def places(self) -> Places:
        """Return up to where the files are written."""
        states = {name: os.fstat(descriptor) for name, descriptor in self._lines.items()}
        found = {name: (state.st_ino, state.st_size) for name, state in states.items()}
        return {**found, FILES: (0, 0)}

    def beyond(self, places: Places) -> Iterator[Article]:
        """Yield the records that were written after ``places``: those of a run that was killed.

        A file that is another than the one that ``places`` speaks of was put there by someone else:
        only one that ``places`` knows nothing of is read.
        """
        if FILES not in places:
            for path in sorted((self.folder / FILES).rglob("*.json")):
                yield from _record(path.read_bytes())
        for name in (ARTICLES, ERRORS):
            path = self.folder / name
            if path.exists():
                yield from _records(path, *places.get(name, (path.stat().st_ino, 0)))

    def has_lost(self, places: Places) -> bool:
        """Whether the articles file is shorter than it was at ``places``, and was not emptied."""
        inode, size = self._found.get(ARTICLES, (0, 0))
        there = places.get(ARTICLES, (0, 0))
        return inode == there[0] and 0 < size < there[1]

    def present(self) -> tuple[set[bytes], float]:
        """Return the ids in the articles file, and when the first of its pages was fetched.

        The time is in Unix seconds, 0 where there is none.
        """
        ids: set[bytes] = set()
        first = 0.0
        for article in _records(self.folder / ARTICLES, _place(self.folder / ARTICLES)[0], 0):
            ids.add(UUID(article.id).bytes)
            first = first or moment(article.fetch.fetched_at) or 0.0
        return ids, first

    def remove(self, ids: Container[str]) -> int:
        """Rewrite the record files without the records of ``ids``; return how many there were."""
        removed = sum(self._rewrite(name, ids) for name in (*self._lines,))
        for path in (self.folder / FILES).rglob("*.json"):
            if any(article.id in ids for article in _record(path.read_bytes())):
                path.unlink()
                removed += 1
        return removed

    def _rewrite(self, name: str, ids: Container[str]) -> int:
        path, removed = self.folder / name, 0
        with path.open("rb") as lines, replacing(path) as kept:
            for line in lines:
                if any(article.id in ids for article in _record(line)):
                    removed += 1
                else:
                    kept.write(line)
        self._reopen(name)
        return removed

    def renew(self) -> bool:
        """Begin the files anew that were moved away; return whether any was.

        Raises:
            OutputError: the folder has become unwritable.
        """
        try:
            moved = [name for name in self._lines if self._is_moved(name)]
            for name in moved:
                self._reopen(name)
        except OSError as error:
            raise OutputError(f"{error.filename or self.folder}: {error.strerror}") from error
        return bool(moved)

    def write(self, *articles: Article) -> None:
        """Add records and wait until they are on the disk.

        Raises:
            OutputError: the disk is full or the folder has become unwritable.
        """
        lines: dict[str, list[bytes]] = defaultdict(list)
        for article in articles:
            if article.status in ARTICLE_STATUSES and self._files:
                self._files.write(article)
            else:
                name = ARTICLES if article.status in ARTICLE_STATUSES else ERRORS
                lines[name].append(article.to_json().encode("utf-8") + b"\n")
        for name, pieces in lines.items():
            self._append(name, b"".join(pieces))

    def _append(self, name: str, lines: bytes) -> None:
        """Write lines to the end of a file, all or none."""
        try:
            if self._is_moved(name):
                self._reopen(name)
            descriptor = self._lines[name]
            before = os.fstat(descriptor).st_size
            try:
                while lines:
                    lines = lines[os.write(descriptor, lines) :]
                os.fsync(descriptor)
            except OSError:
                with contextlib.suppress(OSError):
                    os.ftruncate(descriptor, before)
                raise
        except OSError as error:
            raise OutputError(f"{self.folder / name}: {error.strerror}") from error

    def _is_moved(self, name: str) -> bool:
        try:
            return (self.folder / name).stat().st_ino != os.fstat(self._lines[name]).st_ino
        except FileNotFoundError:
            return True

    def _reopen(self, name: str) -> None:
        before = self._lines[name]
        self._open(name)
        os.close(before)

    def _open(self, name: str) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
        self._lines[name] = os.open(self.folder / name, flags, 0o644)
        synced_folder(self.folder)

    def _close_lines(self) -> None:
        for descriptor in self._lines.values():
            os.close(descriptor)


def layout_of(folder: Path) -> Layout:
    """Return the layout in which a corpus was written."""
    in_files = (folder / FILES).is_dir() and not (folder / ARTICLES).exists()
    return "files" if in_files else "jsonl"


def _place(path: Path) -> tuple[int, int]:
    return (path.stat().st_ino, path.stat().st_size) if path.exists() else (0, 0)


def _records(path: Path, inode: int, size: int) -> Iterator[Article]:
    if path.stat().st_ino != inode or path.stat().st_size <= size:
        return
    with path.open("rb") as lines:
        lines.seek(size)
        for line in lines:
            yield from _record(line)


def _record(line: bytes) -> Sequence[Article]:
    """Return the record in ``line``, if it is one of ours; ``validate`` tells of others."""
    try:
        return [msgspec.json.decode(line, type=Article)]
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return []


def _repair(path: Path) -> None:
    """Move what follows the last whole line, the trace of a killed run, to ``FILE.partial``.

    A whole record that lacks but the end of its line gets it.
    """
    if not path.exists():
        return
    with path.open("r+b") as file:
        whole = _end_of_last_line(file)
        file.seek(whole)
        torn = file.read()
        if torn and _record(torn):
            file.write(b"\n")
        elif torn:
            with path.with_name(path.name + ".partial").open("ab") as partial:
                partial.write(b"\n" + torn if partial.tell() else torn)
                partial.flush()
                os.fsync(partial.fileno())
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
