"""Reads a response's body within its bounds of size and time."""

import time
from typing import Any

import requests

from scraper.errors import FetchError

PIECE = 65536
"""Bytes asked for at a time: a compressed bomb is noticed after one piece too many."""


def read_body(response: requests.Response, max_size: int, deadline: float) -> bytes:
    """Return the decoded body of at most ``max_size`` bytes; ``deadline`` is a monotonic time.

    ``read1`` returns what has arrived. ``iter_content`` waits for whole pieces, so that its caller
    sees a dripping server only when the whole body has come.

    Raises:
        FetchError: ``too_large`` or ``deadline_exceeded``.
    """
    raw: Any = response.raw
    pieces: list[bytes] = []
    size = 0
    while piece := raw.read1(PIECE, decode_content=True):
        size += len(piece)
        if size > max_size:
            raise FetchError("too_large", f"the body is larger than {max_size} bytes")
        if time.monotonic() > deadline:
            raise FetchError("deadline_exceeded", "the body was not complete within the timeout")
        pieces.append(piece)
    return b"".join(pieces)
