"""Unpacks a body piece by piece: no decoder gives out more than a piece at a time.

Each decoder is a generator of bytes made from a generator of bytes; a body packed twice is one
after the other. Whoever takes from the last decides when there was enough.
"""

import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any

import brotli

from scraper.errors import ERROR_CODES, FetchError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

PIECE = 65536
"""Bytes that a decoder gives out at a time."""

MAX_CHAIN = 2
"""Encodings one on the other; more have no use but to hide a bomb."""

ACCEPTED = "gzip, deflate, br, zstd"
"""What is asked for."""

_GZIP_MAGIC = b"\x1f\x8b"
_GZIP = zlib.MAX_WBITS | 16
_RAW_DEFLATE = -zlib.MAX_WBITS
# RFC 9659: over HTTP a window is at most 8 MiB.
_ZSTD_OPTIONS = {int(zstd.DecompressionParameter.window_log_max): 23}

Pieces = Iterator[bytes]


def inflate(pieces: Iterable[bytes], encoding: str) -> Pieces:
    """Return the pieces unpacked as the header Content-Encoding says, the last encoding first.

    Raises:
        FetchError: at once ``bad_encoding`` for what is unknown or a longer chain than
            ``MAX_CHAIN``; while reading ``bad_encoding`` for broken data, ``truncated`` where it
            ends before its end.
    """
    names = [name for part in encoding.lower().split(",") if (name := part.strip())]
    names = [name for name in names if name != "identity"]
    if len(names) > MAX_CHAIN or not set(names) <= _DECODERS.keys():
        raise _broken()
    unpacked = iter(pieces)
    for name in reversed(names):
        unpacked = _DECODERS[name](unpacked)
    return unpacked


def _gunzip(pieces: Pieces) -> Pieces:
    """Unpack gzip, any number of members; what is not packed at all is passed on as it is.

    Servers label plain error pages as gzip; after the last member some send zeros.
    """
    start, pieces = take_first(pieces, len(_GZIP_MAGIC))
    if start and not start.startswith(_GZIP_MAGIC):
        yield from pieces
        return
    yield from _members(pieces, _GZIP)


def _inflate(pieces: Pieces) -> Pieces:
    """Unpack deflate, with the header of zlib, as the standard has it, or without, as some do."""
    start, pieces = take_first(pieces, 2)
    is_zlib = len(start) > 1 and start[0] & 15 == 8 and int.from_bytes(start[:2], "big") % 31 == 0
    yield from _members(pieces, zlib.MAX_WBITS if is_zlib else _RAW_DEFLATE)


def _members(pieces: Pieces, window: int) -> Pieces:
    """Unpack streams of zlib that follow each other; what follows a whole one may be rubbish."""
    member = zlib.decompressobj(window)
    is_first = is_fresh = True
    for piece in pieces:
        rest = piece
        while rest:
            try:
                unpacked = member.decompress(rest, PIECE)
            except zlib.error:
                if is_first:
                    raise _broken() from None
                return
            if unpacked:
                yield unpacked
            is_fresh = False
            rest = member.unconsumed_tail
            if member.eof:
                rest, member = member.unused_data, zlib.decompressobj(window)
                is_first, is_fresh = False, True
    if is_fresh:
        return  # between two members, or nothing came
    while unpacked := member.decompress(b"", PIECE):
        yield unpacked
    if not member.eof:
        raise _truncated()


def _unbrotli(pieces: Pieces) -> Pieces:
    """Unpack brotli; its limit is soft, a piece may be twice as large."""
    decoder = brotli.Decompressor()
    came = False
    for piece in pieces:
        came = True
        rest = piece
        while unpacked := _brotli_piece(decoder, rest):
            yield unpacked
            rest = b""
    if came and not decoder.is_finished():
        raise _truncated()


def _brotli_piece(decoder: Any, packed: bytes) -> bytes:
    """Return what comes out next; nothing says that all of ``packed`` is in and out.

    The decoder also says whether it takes more data, but then it may still hold output.
    """
    try:
        while not decoder.is_finished():
            unpacked: bytes = decoder.process(packed, output_buffer_limit=PIECE)
            if unpacked or decoder.can_accept_more_data():
                return unpacked
            packed = b""
    except brotli.error:
        raise _broken() from None
    return b""  # what follows the end is rubbish


def _unzstd(pieces: Pieces) -> Pieces:
    """Unpack zstd, any number of frames."""
    decoder: Any = None
    for piece in pieces:
        rest = piece
        while rest or (decoder and not decoder.needs_input):
            decoder = decoder or zstd.ZstdDecompressor(options=_ZSTD_OPTIONS)
            try:
                unpacked = decoder.decompress(rest, PIECE)
            except zstd.ZstdError:
                raise _broken() from None
            if unpacked:
                yield unpacked
            rest = b""
            if decoder.eof:
                rest, decoder = decoder.unused_data, None
    if decoder:
        raise _truncated()


_DECODERS: dict[str, Callable[[Pieces], Pieces]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _inflate,
    "br": _unbrotli,
    "zstd": _unzstd,
}


def take_first(pieces: Pieces, size: int) -> tuple[bytes, Pieces]:
    """Return the first bytes, at least ``size`` if there are so many, and all pieces, these too."""
    taken: list[bytes] = []
    length = 0
    while length < size and (piece := next(pieces, None)) is not None:
        taken.append(piece)
        length += len(piece)
    return b"".join(taken), chain(taken, pieces)


def _broken() -> FetchError:
    return FetchError("bad_encoding", ERROR_CODES["bad_encoding"].meaning)


def _truncated() -> FetchError:
    return FetchError("truncated", ERROR_CODES["truncated"].meaning)
