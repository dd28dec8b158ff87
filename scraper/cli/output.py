"""Where the records of ``get`` and ``clean`` go: standard output, or a file made in one piece."""

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from scraper.errors import OutputError
from scraper.writer import replacing


@contextlib.contextmanager
def open_output(path: Path | None) -> Iterator[BinaryIO]:
    """Yield the stream to write to; a file appears only when everything is written."""
    if path is None or str(path) == "-":
        if sys.stdout is None:
            raise OutputError("standard output is closed")
        stream = sys.stdout.buffer
        yield stream
        stream.flush()
    else:
        with replacing(path) as file:
            yield file
