"""Inflates gzip within bounds: a whole body, or a stream piece by piece."""

import gzip
import zlib
from collections.abc import Iterable, Iterator

MAGIC = b"\x1f\x8b"
"""The first bytes of a gzip member (RFC 1952)."""

PIECE = 65536
"""Bytes that are inflated at a time: a bomb is noticed after one piece too many."""


def inflated(body: bytes, limit: int) -> bytes:
    """Return ``body`` inflated if it is gzip, ``limit`` bytes at most; what is broken ends it.

    >>> inflated(b"plain", 100), inflated(gzip.compress(b"packed"), 4)
    (b'plain', b'pack')
    """
    if not body.startswith(MAGIC):
        return body
    found = bytearray()
    try:
        for piece in inflate([body]):
            found += piece
            if len(found) >= limit:
                break
    except gzip.BadGzipFile:
        pass  # what was read of a damaged sitemap still names pages
    return bytes(found[:limit])


def inflate(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the content of a gzip stream, all its members, at most ``PIECE`` bytes at a time.

    Raises:
        gzip.BadGzipFile: the stream is damaged or ends too early; what came before was yielded.
    """
    member = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
    for piece in pieces:
        waiting = piece
        while waiting:
            if member.eof:
                if not waiting.startswith(MAGIC[:1]):  # some writers pad with zeros
                    return
                member = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
            try:
                content = member.decompress(waiting, PIECE)
            except zlib.error:
                raise gzip.BadGzipFile("the gzip data are damaged") from None
            if content:
                yield content
            waiting = member.unused_data if member.eof else member.unconsumed_tail
    if not member.eof:
        raise gzip.BadGzipFile("the gzip data end too early")
