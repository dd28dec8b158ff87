"""Writes a file so that a reader sees the old one or the new one, never a part."""

import contextlib
import itertools
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from scraper.errors import OutputError

_numbers = itertools.count()
_LEFTOVERS = ".scraper-*.tmp"


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Open a new file that takes the place of ``path`` when the block ends without an exception.

    A pipe or device is no file to be replaced: it is written to as it is.

    Raises:
        OutputError: the file cannot be written; what stood at ``path`` stands there still.
    """
    if "\0" in str(path):
        raise OutputError(f"{str(path)!r}: no file can have this name")
    try:
        special = path.exists() and not path.is_file() and not path.is_dir()
        with path.open("wb") if special else _new_file(path) as file:
            yield file
    except OSError as error:
        raise OutputError(f"{path}: {error.strerror or error}") from error


@contextlib.contextmanager
def _new_file(path: Path) -> Iterator[BinaryIO]:
    temporary = path.parent / f".scraper-{os.getpid()}-{next(_numbers)}.tmp"
    try:
        with temporary.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        synced_folder(path.parent)
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def synced_folder(folder: Path) -> None:
    """Let new names in ``folder`` outlive a power failure; where the system cannot, it cannot."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def remove_leftovers(folder: Path) -> None:
    """Remove the unfinished files of killed runs; nobody else may be writing in ``folder``."""
    for pattern in (_LEFTOVERS, f"*/{_LEFTOVERS}", f"*/*/{_LEFTOVERS}"):
        for path in folder.glob(pattern):
            with contextlib.suppress(OSError):
                path.unlink()
