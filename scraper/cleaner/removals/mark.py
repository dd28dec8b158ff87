"""What a removal pass yields."""

from typing import NamedTuple

from selectolax.lexbor import LexborNode


class Mark(NamedTuple):
    """A node to cut, its kind and rule, and the places it takes in document order."""

    node: LexborNode
    kind: str
    rule: str
    start: int
    end: int
