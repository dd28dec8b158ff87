"""Compares blocks with what the page states as its titles and descriptions."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np

from scraper.cleaner.cues import Cues
from scraper.cleaner.features.arrays import Array, Ints

MIN_LIKE = 10
MAX_LIKE = 600
"""Characters from which and up to which a block is compared with titles and descriptions."""


def likeness(texts: Sequence[str], lengths: Ints, cues: Cues) -> tuple[Array, Array]:
    """Return for each short text its likeness to a title and to a description, 0 to 1."""
    titles = {_word_set(title) for title in cues.titles if title.strip()}
    described = {_word_set(text) for text in cues.descriptions if text.strip()}
    known = frozenset().union(*titles, *described)
    to_title, to_text = np.zeros(len(texts)), np.zeros(len(texts))
    if not known:
        return to_title, to_text
    for place in np.flatnonzero((lengths >= MIN_LIKE) & (lengths < MAX_LIKE)).tolist():
        words = _word_set(texts[place])
        if not known.isdisjoint(words):
            to_title[place] = _best(words, titles)
            to_text[place] = _best(words, described)
    return to_title, to_text


def _word_set(text: str) -> frozenset[str]:
    """Return the words of a text; of a text without spaces its pairs of characters.

    The character in the middle tells which of the two it is.
    """
    folded = text[:MAX_LIKE].casefold()
    if not folded.isascii() and "\u3040" <= folded[len(folded) // 2] <= "\u9fff":
        return frozenset(map("".join, pairwise(folded)))
    return frozenset(folded.split())


def _best(words: frozenset[str], others: Iterable[frozenset[str]]) -> float:
    """Return the best Dice coefficient with one of the others, 0 to 1."""
    best = 0.0
    for other in others:
        best = max(best, 2 * len(words & other) / (len(words) + len(other) or 1))
    return best
