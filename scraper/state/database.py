"""Opens the state's SQLite file: checked, brought up to date, every fault named in one line."""

import contextlib
import sqlite3
import struct
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scraper.errors import StateError
from scraper.state.schema import APPLICATION_ID, MIGRATIONS

PATIENCE = 10.0
"""Seconds to wait for another process that reads or writes the file."""

_FULL = ("SQLITE_FULL", "SQLITE_IOERR_SHMSIZE")
"""What a full disk is called; the second, on a tmpfs, where the index of the log has no room."""

_MAGIC = b"SQLite format 3\x00"
_HEADER = struct.Struct(">60xI4xI28x")
"""The first 100 bytes of a database: user_version and application_id of its file format."""


class Database:
    """A connection for one writer at a time and one that reads beside it.

    Without a path all is kept in a temporary file that nobody sees, and there is one connection.
    A commit outlives the process, however that ends. It may not outlive a power failure: the
    record files do, and are read again at the next start.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        with self._named():
            if path is not None:
                _check_file(path) if path.exists() else _create(path)
            self._write = _connect(path)
            try:
                _prepare(self._write, path)
                if path is not None:
                    self._write.execute("PRAGMA journal_mode = WAL")
                    self._write.execute("PRAGMA synchronous = NORMAL")
            except BaseException:
                self._write.close()
                raise
            self._read = _connect(path) if path else self._write
        self._writing = threading.RLock()
        self._reading = threading.Lock() if path else self._writing

    def close(self) -> None:
        """Close; what was committed is there."""
        with self._writing, self._reading, contextlib.suppress(sqlite3.Error):
            self._read.close()
            self._write.close()

    @contextlib.contextmanager
    def change(self) -> Iterator[sqlite3.Connection]:
        """Yield the connection for changes that are made all, at the end of the block, or none."""
        with self._named(), self._writing:
            self._write.execute("BEGIN IMMEDIATE")
            try:
                yield self._write
                self._write.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(sqlite3.Error):
                    self._write.execute("ROLLBACK")
                raise

    def rows(self, query: str, *values: Any) -> list[Any]:
        """Return the rows of a query over what is committed."""
        with self._named(), self._reading:
            return self._read.execute(query, values).fetchall()

    @contextlib.contextmanager
    def _named(self) -> Iterator[None]:
        """Turn SQLite's errors into one line that says what to do."""
        try:
            yield
        except sqlite3.Error as error:
            raise explained(error, self._path) from error


def explained(error: sqlite3.Error, path: Path | None) -> StateError:
    """Return the fault behind an error of SQLite."""
    name = getattr(error, "sqlite_errorname", "") or ""
    if name in _FULL:
        return StateError("disk_full", f"{path}: no space left on the disk")
    if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_IOERR")):
        return StateError("state_unwritable", f"{path}: cannot be read and written: {error}")
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return StateError("state_locked", f"{path}: another program holds the database")
    return _corrupt(path, str(error))


def _corrupt(path: Path | None, reason: str) -> StateError:
    return StateError("state_corrupt", f"{path}: the state is damaged ({reason}); {_anew(path)}")


def _anew(path: Path | None) -> str:
    return f"`scraper rebuild {path.parent if path else '.'}` makes it anew from the records"


def _check_file(path: Path) -> None:
    """Refuse what is no database of ours, before SQLite touches it: it may write when it closes.

    A log beside the file may hold more tables, but never another owner or an older version.
    """
    try:
        with path.open("rb") as file:
            head = file.read(_HEADER.size)
    except OSError as error:
        raise StateError("state_unwritable", f"{path}: {error.strerror}") from None
    if len(head) < _HEADER.size or not head.startswith(_MAGIC):
        raise _corrupt(path, "it is no SQLite database")
    version, owner = _HEADER.unpack(head)
    if owner != APPLICATION_ID:
        raise _corrupt(path, "it is the database of another program")
    _check_version(version, path)


def _check_version(version: int, path: Path | None) -> None:
    if version > len(MIGRATIONS):
        raise StateError(
            "state_newer",
            f"{path}: written by a newer scraper (version {version} of the state); use that one,"
            f" or {_anew(path)}",
        )


def _create(path: Path) -> None:
    """Make an empty state beside and move it into place: a killed run leaves no half of one.

    A log that a database left behind is removed: SQLite would play it into the new one.
    """
    new = path.with_name(path.name + ".new")
    try:
        for ending in (".new", "-wal", "-shm"):
            path.with_name(path.name + ending).unlink(missing_ok=True)
        with contextlib.closing(_connect(new)) as connection:
            _prepare(connection)
        new.replace(path)
    except OSError as error:
        raise StateError("state_unwritable", f"{path}: {error.strerror}") from None


def _connect(path: Path | None) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path or "", timeout=PATIENCE, isolation_level=None, check_same_thread=False
    )
    if path is None:
        connection.execute("PRAGMA synchronous = OFF")
    return connection


def _prepare(connection: sqlite3.Connection, path: Path | None = None) -> None:
    """Check the version; make what is missing."""
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    _check_version(version, path)
    for number in range(version, len(MIGRATIONS)):
        connection.executescript(
            f"BEGIN IMMEDIATE; {MIGRATIONS[number]}"
            f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {number + 1}; COMMIT;"
        )
