"""Measures each block: its text, its place, what holds it, how it relates to title and body.

``characters`` and ``likeness`` read texts; ``view`` holds the arrays of one page that the groups
of columns share; ``wording``, ``placing``, ``containers`` and ``sayings`` are the groups; ``whole``
describes the page. Nothing but the lexicons behind ``sayings`` knows a language; characters of
scripts without spaces are weighed as parts of words.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from scraper.cleaner.cues import Cues
from scraper.cleaner.features import containers, placing, sayings, whole, wording
from scraper.cleaner.features.arrays import Array, Floats, Ints
from scraper.cleaner.features.view import ANCESTORS, TAGS, View
from scraper.cleaner.lexicon import Heard
from scraper.outline import FLAGGED, Outline

__all__ = [
    "ANCESTORS",
    "GROUPS",
    "Features",
    "Floats",
    "Ints",
    "Places",
    "column_groups",
    "measure",
]

_GROUPS: dict[str, Callable[[View], list[Array]]] = {
    "text": wording.text,
    "position": placing.position,
    "relation": wording.relation,
    "containers": containers.containers,
    "groups": containers.groups,
    "neighbours": placing.neighbours,
    "sections": containers.sections,
    "sayings": sayings.sayings,
}

GROUPS = tuple(_GROUPS)
"""Groups of columns in their order; tags and flags come after."""


class Places(NamedTuple):
    """Where blocks stand in the page's tree.

    ``parents`` and ``ends`` of each element; ``lines``: the block's own element and those above
    it, one row for each of ``ANCESTORS``; ``kinds``: the number of each element's tag and name;
    ``firsts`` and ``lasts``: the blocks that each element holds, up to but not with the last.
    """

    parents: Ints
    ends: Ints
    lines: list[Ints]
    kinds: Ints
    firsts: Ints
    lasts: Ints


class Features(NamedTuple):
    """``blocks``: a row a block. ``page``: one row for the page.

    ``words``: weight of each block in words; ``counts``: its words and ideographs, counted;
    ``heard``: what the lexicons hear in it.
    """

    blocks: Floats
    page: Floats
    words: Floats
    counts: Ints
    places: Places
    heard: list[Heard | None]


def measure(page: Outline, cues: Cues) -> Features:
    """Return the features of a page that has at least one block."""
    view = View(page, cues)
    columns = [column for group in _GROUPS.values() for column in group(view)]
    matrix = np.empty((view.count, len(columns) + len(TAGS) + 1 + len(FLAGGED)), np.float32)
    for number, column in enumerate(columns):
        matrix[:, number] = column
    placing.write_tags_and_flags(view, matrix[:, len(columns) :])
    places = Places(
        view.parents, view.ends, view.lines, view.element_kinds, view.firsts, view.lasts
    )
    words = view.words.astype(np.float32)
    return Features(matrix, whole.whole_page(view), words, view.counts, places, view.heard)


def column_groups() -> dict[str, slice]:
    """Return the columns of each group, for training, as counted on a page of one block."""
    page = Outline()
    page.tags, page.parents, page.depths, page.names = ["body"], [-1], [0], [""]
    page.flags, page.firsts = [0], [0]
    page.texts, page.owners, page.links, page.breaks = ["a"], [0], [0], [0]
    page.inline_tags, page.inline_names = [""], [""]
    view = View(page, Cues((), (), ()))
    sizes = {name: len(group(view)) for name, group in _GROUPS.items()}
    sizes |= {"tags": len(TAGS) + 1, "flags": len(FLAGGED)}
    found, start = {}, 0
    for name, size in sizes.items():
        found[name] = slice(start, start + size)
        start += size
    return found
