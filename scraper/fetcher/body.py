"""Reads a response's body: within bounds on the wire and unpacked, and only if it is a page."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import requests

from scraper.errors import ERROR_CODES, FetchError
from scraper.fetcher.deadline import current_deadline
from scraper.fetcher.inflate import PIECE, inflate, take_first
from scraper.fetcher.sniff import SNIFFED, Kind, is_page

BOMB = 50
"""Unpacked to packed; pages reach 20, and what is beyond the limit at 50 was made to be. What was
sent by then is known to 64 KiB only."""


class Bounds(NamedTuple):
    """How much of a body is read, in bytes; ``cut`` drops what is beyond instead of refusing."""

    max_size: int
    max_wire: int
    cut: bool = False


def end_without_body(response: requests.Response) -> None:
    """Let the connection of an answer that has no body be used again."""
    raw: Any = response.raw
    if raw.length_remaining == 0:
        raw.read1(1, decode_content=False)


class _Wire:
    """The bytes of a response as they come, and how many there were."""

    def __init__(self, response: requests.Response) -> None:
        self.read = 0
        self._raw: Any = response.raw

    def pieces(self, bounds: Bounds) -> Iterator[bytes]:
        deadline = current_deadline()
        while piece := self._raw.read1(PIECE, decode_content=False):
            # what came before the socket was shut can still be read: megabytes in tiny chunks
            if deadline and deadline.passed:
                return
            self.read += len(piece)
            if self.read > bounds.max_wire and not bounds.cut:
                raise FetchError("too_large", f"more than {bounds.max_wire} bytes were sent")
            yield piece
            if self.read > bounds.max_wire:
                return


def read_body(response: requests.Response, bounds: Bounds, promised: Kind | None = None) -> bytes:
    """Return the unpacked body; ``promised`` says of a page what its Content-Type said.

    Raises:
        FetchError: ``too_large`` or ``bomb``, unless it is cut; ``not_html`` after the first piece
            where a page was promised; ``bad_encoding``, ``truncated``.
    """
    wire = _Wire(response)
    encoding = response.headers.get("Content-Encoding", "")
    unpacked = inflate(wire.pieces(bounds), encoding)
    if promised:
        start, unpacked = take_first(unpacked, SNIFFED)
        if not is_page(start, promised):
            raise FetchError("not_html", ERROR_CODES["not_html"].meaning)
    taken: list[bytes] = []
    size = 0
    for piece in unpacked:
        size += len(piece)
        taken.append(piece)
        if size > bounds.max_size:
            if bounds.cut:
                break
            code = "bomb" if size > BOMB * wire.read else "too_large"
            raise FetchError(code, f"the body is larger than {bounds.max_size} bytes")
    return b"".join(taken)[: bounds.max_size]
