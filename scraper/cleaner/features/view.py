"""The arrays of one page that the groups of features share."""

from functools import cached_property
from typing import NamedTuple

import numpy as np

from scraper.cleaner.cues import Cues
from scraper.cleaner.features import characters
from scraper.cleaner.features.arrays import Array, Ints
from scraper.cleaner.features.likeness import likeness
from scraper.cleaner.lexicon import Heard, listen_all
from scraper.outline import Outline

TAGS = (
    "p h1 h2 h3 h4 h5 h6 li td th div blockquote pre dd dt figcaption section article address"
    " legend summary main body aside header footer nav form ul ol dl tr figure noscript details"
    " fieldset center button"
).split()
"""Tags that have a column each; one more column is for all others."""
TAG_NUMBERS = {tag: number for number, tag in enumerate(TAGS)}

IDEOGRAPH_WORDS = 0.6
"""Words that one Chinese or Japanese character stands for: parallel texts hold 1.5 to 1.8 times
as many characters as English words."""
UNSPACED_WORDS = 0.2
"""Words that a letter of Thai, Lao, Khmer or Burmese stands for."""

PROSE_WORDS = 12
PROSE_LINKS = 0.35
"""A block of prose: at least so many words, at most that share of link text."""

ANCESTORS = 4
"""The block's own element and the three above it, whose statistics the block carries."""

_LIKE_TITLE = 0.5
"""Likeness to a title from which a block is the headline of a page without ``h1``."""


class Main(NamedTuple):
    """The main container: the element with most prose in paragraphs right below it.

    ``direct``: words of prose right below each element; ``inside``: whether each block is in it.
    """

    element: int
    direct: Array
    inside: Array


class View:
    """Arrays of one page: a value a block, or where said so a value an element."""

    def __init__(self, page: Outline, cues: Cues) -> None:
        self.page = page
        self.cues = cues
        self.count = len(page.texts)
        self.places = np.arange(self.count)
        self._place(page)
        self._weigh(page)

    def _place(self, page: Outline) -> None:
        """Set the arrays of elements, and which elements hold each block."""
        self.parents: Ints = np.maximum(np.array(page.parents, dtype=np.intp), 0)
        self.depths: Ints = np.array(page.depths, dtype=np.intp)
        self.ends: Ints = np.array(page.ends(), dtype=np.intp)
        firsts: Ints = np.array([*page.firsts, self.count], dtype=np.intp)
        self.firsts, self.lasts = firsts[:-1], firsts[self.ends]
        other = len(TAGS)
        tags = [TAG_NUMBERS.get(tag, other) for tag in page.tags]
        self.tags: Ints = np.array(tags, dtype=np.intp)
        self.owners: Ints = np.array(page.owners, dtype=np.intp)
        self.own_tags: Ints = self.tags[self.owners]
        self.flags: Array = np.array(page.flags, dtype=np.int64)[self.owners]
        self.lines = [self.owners]
        for _ in range(ANCESTORS - 1):
            self.lines.append(self.parents[self.lines[-1]])

    def _weigh(self, page: Outline) -> None:
        """Set how much each block says, and whether it is prose."""
        self.characters = characters.count(page.texts)
        ideographs = self.characters.kinds[:, characters.IDEOGRAPH]
        unspaced = self.characters.kinds[:, characters.UNSPACED]
        spaced = self.characters.spaced
        self.counts: Ints = spaced + ideographs + self.characters.unspaced
        self.words: Array = spaced + IDEOGRAPH_WORDS * ideographs + UNSPACED_WORDS * unspaced
        self.linked: Array = np.array(page.links) / np.maximum(1, self.characters.lengths)
        self.prose: Array = (self.words >= PROSE_WORDS) & (self.linked < PROSE_LINKS)
        self.prose_words: Array = self.words * self.prose

    @cached_property
    def heard(self) -> list[Heard | None]:
        """The phrase of a lexicon that is heard in each block."""
        return listen_all(self.page.texts)

    @cached_property
    def before(self) -> Array:
        """Words before each block."""
        return self.around(self.words)[0]

    @cached_property
    def likeness(self) -> tuple[Array, Array]:
        """Likeness of each block to a title and to a description."""
        return likeness(self.page.texts, self.characters.lengths, self.cues)

    @cached_property
    def headline(self) -> int:
        """Place of the headline: the ``h1`` most like a title, else the block most like one."""
        titles, _ = self.likeness
        headings = np.flatnonzero(self.own_tags == TAG_NUMBERS["h1"])
        if len(headings):
            return int(headings[np.argmax(titles[headings])])
        best = int(np.argmax(titles))
        return best if titles[best] > _LIKE_TITLE else 0

    def around(self, values: Array) -> tuple[Array, Array]:
        """Return the sums of ``values`` over the blocks before each and over those after."""
        until: Array = np.cumsum(values)
        return until - values, until[-1] - until

    def sums(self, values: Array) -> Array:
        """Return for each element the sum of ``values`` over the blocks in it."""
        until: Array = np.concatenate([[0.0], np.cumsum(values)])
        return np.asarray(until[self.lasts] - until[self.firsts])

    @cached_property
    def element_words(self) -> Array:
        """Words in each element."""
        return self.sums(self.words)

    @cached_property
    def element_prose(self) -> Array:
        """Words of prose in each element."""
        return self.sums(self.prose_words)

    @cached_property
    def element_linked(self) -> Array:
        """Words of links in each element."""
        return self.sums(self.words * self.linked)

    @cached_property
    def element_proses(self) -> Array:
        """Blocks of prose in each element."""
        return self.sums(self.prose.astype(float))

    @cached_property
    def element_kinds(self) -> Ints:
        """Number of each element's tag and name, the same for all that share both."""
        numbers: dict[tuple[str, str], int] = {}
        keys = zip(self.page.tags, self.page.names, strict=True)
        kinds = (numbers.setdefault(key, len(numbers)) for key in keys)
        return np.fromiter(kinds, np.intp, len(self.tags))

    @cached_property
    def main(self) -> Main:
        """The main container; what stands one level deeper counts half."""
        elements = len(self.tags)
        direct = np.bincount(self.lines[1], self.prose_words, elements)
        score = direct + 0.5 * np.bincount(self.lines[2], self.prose_words, elements)
        best = int(np.argmax(score))
        return Main(best, direct, (self.owners >= best) & (self.owners < self.ends[best]))
