"""Holds a corpus folder for one run; the system lets go when the process ends, however it does."""

import errno
import fcntl
import json
import os
import socket
import time
from pathlib import Path

from scraper.errors import CorpusLockedError, OutputError

NAME = "lock"

_EVERY = 0.1
"""Seconds between two looks at a folder that is waited for."""


def hold(folder: Path, wait: float = 0.0) -> int:
    """Return the descriptor that holds ``folder``, waiting up to ``wait`` seconds for another run.

    Raises:
        CorpusLockedError: another run holds it; the message says which, and for how long.
        OutputError: the folder's file system knows no locks.
    """
    descriptor = os.open(folder / NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        _take(descriptor, folder, time.monotonic() + wait)
        holder = {"pid": os.getpid(), "host": socket.gethostname(), "started": int(time.time())}
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, json.dumps(holder).encode() + b"\n", 0)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _take(descriptor: int, folder: Path, until: float) -> None:
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            left = until - time.monotonic()
            if left <= 0:
                message = f"{folder}: another run is writing here{_holder(descriptor)}"
                raise CorpusLockedError(message) from None
            time.sleep(min(_EVERY, left))
        except OSError as error:
            if error.errno in (errno.ENOLCK, errno.EOPNOTSUPP):
                raise OutputError(
                    f"{folder}: its file system has no locks; use a local disk"
                ) from None
            raise
        else:
            return


def _holder(descriptor: int) -> str:
    """Return who holds the folder, in words; nothing where that cannot be read."""
    try:
        holder = json.loads(os.pread(descriptor, 1000, 0))
        minutes = max(0, int(time.time()) - int(holder["started"])) // 60
        return f" (process {int(holder['pid'])} on {str(holder['host'])[:100]}, for {minutes} min)"
    except (OSError, ValueError, KeyError, TypeError):
        return ""
