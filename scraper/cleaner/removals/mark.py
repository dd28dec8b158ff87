"""What a removal pass yields."""

from typing import NamedTuple


class Mark(NamedTuple):
    """Blocks to cut, from ``start`` up to but not with ``end``, and the element that holds them.

    ``wide``: they may be of several kinds.
    """

    start: int
    end: int
    element: int
    kind: str
    rule: str
    wide: bool = False
