"""Counts the characters of each class and the words of each block, all blocks at once.

The texts are joined and each character is looked up in one table: a loop over characters in
Python would take longer than all the rest.
"""

import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from scraper.cleaner.features.arrays import Array, Ints

# Classes of characters; those that make up words spaced apart stand together.
OTHER, SPACE, LOWER, UPPER, DIGIT, STOP, COMMA, IDEOGRAPH, UNSPACED, QUOTE, BAR, SIGN = range(12)
_CLASSES = 12

_MEMBERS = {
    STOP: ".!?。！？؟।…｡",
    COMMA: ",、،，;；:：",
    QUOTE: '"“”„«»‘’「」『』',
    BAR: "|›·•→/>",
    SIGN: "©@#$€£¥",
    SPACE: "\t\n\r\x0b\x0c",
}

_RANGES = (
    (0x3005, 0x3007, IDEOGRAPH),
    (0x3041, 0x30FF, IDEOGRAPH),
    (0x3400, 0x4DBF, IDEOGRAPH),
    (0x4E00, 0x9FFF, IDEOGRAPH),
    (0xF900, 0xFAFF, IDEOGRAPH),
    (0x0E01, 0x0EDF, UNSPACED),
    (0x1000, 0x109F, UNSPACED),
    (0x1780, 0x17DD, UNSPACED),
)

_PLANE = 0x10000
"""Characters of the basic plane, which the table holds; those above are read as its last."""

_IDEOGRAPHIC_PLANES = 0x20000
"""From here on Unicode holds nearly only ideographs."""


class Characters(NamedTuple):
    """The characters of each block.

    ``lengths`` in characters; ``kinds``: how many of each class, a row a block; ``spaced``: words
    of scripts that set spaces; ``unspaced``: runs of letters of those that do not; class and code
    of the first and the last character.
    """

    lengths: Ints
    kinds: Ints
    spaced: Ints
    unspaced: Ints
    first_kinds: Array
    last_kinds: Array
    first_codes: Array
    last_codes: Array


def count(texts: Sequence[str]) -> Characters:
    """Count the characters of at least one text; none is empty."""
    blocks = len(texts)
    lengths = np.fromiter(map(len, texts), np.intp, blocks)
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32)
    kinds = _classified(codes)
    starts = np.cumsum(lengths) - lengths
    lasts = starts + lengths - 1
    cells = np.repeat(np.arange(blocks) * _CLASSES, lengths)
    counted = np.bincount(cells + kinds, minlength=blocks * _CLASSES)
    return Characters(
        lengths,
        counted.reshape(blocks, _CLASSES),
        _runs((kinds >= LOWER) & (kinds <= DIGIT), starts),
        _runs(kinds == UNSPACED, starts),
        kinds[starts],
        kinds[lasts],
        codes[starts],
        codes[lasts],
    )


def _classified(codes: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint8]:
    kinds = character_classes()[np.minimum(codes, _PLANE - 1)]
    if codes.max() >= _IDEOGRAPHIC_PLANES:
        kinds[codes >= _IDEOGRAPHIC_PLANES] = IDEOGRAPH
    return kinds


def _runs(members: npt.NDArray[np.bool_], starts: Ints) -> Ints:
    """Return how many runs of ``members`` begin in each block."""
    begins = members.copy()
    begins[1:] &= ~members[:-1]
    begins[starts] = members[starts]
    return np.add.reduceat(begins.astype(np.intp), starts)


@cache
def character_classes() -> npt.NDArray[np.uint8]:
    """Return the class of each character of the basic plane."""
    table = np.fromiter(map(_class_of, map(chr, range(_PLANE))), np.uint8, _PLANE)
    for start, end, kind in _RANGES:
        table[start : end + 1] = kind
    for kind, members in _MEMBERS.items():
        table[[ord(member) for member in members]] = kind
    return table


def _class_of(character: str) -> int:
    """Return the class that a character's Unicode category gives it."""
    category = unicodedata.category(character)
    if category[0] in "LM":
        return UPPER if category == "Lu" else LOWER
    if category == "Nd":
        return DIGIT
    return SPACE if category[0] == "Z" else OTHER
