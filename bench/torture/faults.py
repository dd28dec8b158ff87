"""Fails or kills at the k-th call that changes a folder: write, fsync, rename, commit ..."""

import errno
import functools
import os
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

KILLS = ("kill before", "kill after")
ERRORS = ("ENOSPC", "EIO")
WAYS = (*KILLS, *ERRORS)

_BY_DESCRIPTOR = ("write", "pwrite", "fsync", "ftruncate")
_BY_PATH = ("rename", "replace", "open", "mkdir", "unlink")
_SQLITE = {"ENOSPC": "SQLITE_FULL", "EIO": "SQLITE_IOERR_FSYNC"}


class Fault(NamedTuple):
    """What happens at which call, counted from 1; none where ``at`` is 0."""

    at: int = 0
    way: str = "kill before"


class Watch:
    """Counts the calls of this process that touch ``folder``, and lets ``fault`` happen.

    ``names`` are the calls in their order.
    """

    def __init__(self, folder: Path, fault: Fault) -> None:
        self.names: list[str] = []
        self._folder = str(folder.resolve())
        self._fault = fault
        self._counting = threading.Lock()

    def install(self) -> None:
        """Put the watch in the place of the system's calls, until the process ends."""
        for name in _BY_DESCRIPTOR:
            setattr(os, name, self._watched(name, getattr(os, name), _file_of))
        for name in _BY_PATH:
            setattr(os, name, self._watched(name, getattr(os, name), os.fsdecode))
        sqlite3.connect = functools.partial(  # type: ignore[assignment]
            sqlite3.connect, factory=self._connection()
        )

    def _watched(
        self, name: str, call: Callable[..., Any], path_of: Callable[[Any], str]
    ) -> Callable[..., Any]:
        @functools.wraps(call)
        def watched(first: Any, *rest: Any, **named: Any) -> Any:
            if not path_of(first).startswith(self._folder):
                return call(first, *rest, **named)
            return self.around(name, lambda: call(first, *rest, **named))

        return watched

    def around(self, name: str, call: Callable[[], Any]) -> Any:
        """Count a call and make it, unless it is the one that fails."""
        with self._counting:
            self.names.append(name)
            is_due = len(self.names) == self._fault.at
        if is_due and self._fault.way == "kill before":
            os._exit(137)
        if is_due and self._fault.way in ERRORS:
            raise _error(name, self._fault.way)
        result = call()
        if is_due and self._fault.way == "kill after":
            os._exit(137)
        return result

    def _connection(self) -> type[sqlite3.Connection]:
        watch = self

        class Connection(sqlite3.Connection):
            def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
                if sql == "COMMIT":
                    found: sqlite3.Cursor = watch.around(
                        "commit", lambda: sqlite3.Connection.execute(self, sql, *values)
                    )
                    return found
                return super().execute(sql, *values)

        return Connection


def _file_of(descriptor: int) -> str:
    try:
        return str(Path(f"/proc/self/fd/{descriptor}").readlink())
    except OSError:
        return ""


def _error(name: str, way: str) -> Exception:
    if name == "commit":
        error = sqlite3.OperationalError("as if by SQLite")
        error.sqlite_errorname = _SQLITE[way]
        return error
    number = getattr(errno, way)
    return OSError(number, os.strerror(number))
