"""Reads lists of URLs: one a line, as people and programs write them, also packed by gzip."""

import codecs
import itertools
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from scraper.model import Link
from scraper.sources.packed import MAGIC, PIECE, inflate

MAX_LINE = 65_536
"""Bytes of a line that are read: far more than a URL may have, so that its record says too long."""

_WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_list(lines: Iterable[bytes]) -> Iterator[Link]:
    r"""Yield a link for each line that is not blank and no ``#`` comment, with its line number.

    Byte order mark, Windows line ends and surrounding space are dropped; bytes that are no UTF-8
    become U+FFFD, so that the line ends in a record and not in nothing.

    >>> [link.url for link in read_list([b"https://a.example/ \r\n", b"# no\n", b"\n"])]
    ['https://a.example/']
    """
    for number, line in enumerate(lines, start=1):
        text = line[:MAX_LINE].removeprefix(codecs.BOM_UTF8).decode("utf-8", "replace").strip()
        if text and not text.startswith("#"):
            yield Link(url=text, line=number)


def open_list(stream: BinaryIO) -> Iterator[bytes]:
    """Yield the lines of a list as they come, before the stream ends, for ``read_list``.

    gzip is told by its first bytes and inflated; UTF-16 with a byte order mark, which Windows
    writes, becomes UTF-8. No line is kept much longer than ``MAX_LINE``: memory is bounded.

    Raises:
        OSError: the stream cannot be read; ``gzip.BadGzipFile``: it is damaged or ends too early.
    """
    first, pieces = _peeked(_pieces(stream))
    if first.startswith(MAGIC):
        first, pieces = _peeked(inflate(pieces))
    yield from _lines(_narrowed(pieces) if first.startswith(_WIDE_MARKS) else pieces)


def _pieces(stream: BinaryIO) -> Iterator[bytes]:
    """Yield what the stream has ready: a pipe is not waited for until a buffer is full."""
    read = getattr(stream, "read1", stream.read)
    while piece := read(PIECE):
        yield piece


def _peeked(pieces: Iterator[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """Return the first two bytes or more, and all pieces with them."""
    first = b""
    for piece in pieces:
        first += piece
        if len(first) >= 2:
            break
    return first, itertools.chain((first,), pieces)


def _narrowed(pieces: Iterator[bytes]) -> Iterator[bytes]:
    return (text.encode() for text in codecs.iterdecode(pieces, "utf-16", "replace"))


def _lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    rest = b""
    for piece in pieces:
        *lines, rest = (rest + piece).split(b"\n")
        yield from lines
        rest = rest[:MAX_LINE]
    if rest:
        yield rest
