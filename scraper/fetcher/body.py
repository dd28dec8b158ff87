"""Reads a response's body within its bound of size."""

from typing import Any

import requests

from scraper.errors import FetchError

PIECE = 65536
"""Bytes asked for at a time: a compressed bomb is noticed after one piece too many."""


def read_body(response: requests.Response, max_size: int, *, cut: bool = False) -> bytes:
    """Return the decoded body of at most ``max_size`` bytes; ``cut`` drops what is beyond.

    Raises:
        FetchError: ``too_large``, unless it is cut.
    """
    raw: Any = response.raw
    pieces: list[bytes] = []
    size = 0
    while size <= max_size and (piece := raw.read1(PIECE, decode_content=True)):
        size += len(piece)
        pieces.append(piece)
    if size > max_size and not cut:
        raise FetchError("too_large", f"the body is larger than {max_size} bytes")
    return b"".join(pieces)[:max_size]
