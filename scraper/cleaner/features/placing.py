"""Where a block stands among the others: its position, its neighbours, its tag."""

import numpy as np

from scraper.cleaner.features.arrays import Array, Floats
from scraper.cleaner.features.view import TAGS, View
from scraper.outline import FLAGGED, HIDDEN

_INLINES = {tag: number for number, tag in enumerate("a b strong em i span time font".split())}
_OTHER_INLINE = len(_INLINES)
_INLINES[""] = _OTHER_INLINE + 1  # has no column of its own: all others are 0

FAR = 50
"""Blocks from which on prose and headings are equally far."""


def position(view: View) -> list[Array]:
    """Place by blocks, by words and by words of prose, from both ends."""
    before, after = view.around(view.words)
    prose_before, prose_after = view.around(view.prose_words)
    total, prose = max(1.0, before[-1] + view.words[-1]), max(1.0, view.prose_words.sum())
    return [
        view.places / view.count,
        before / total,
        np.log1p(view.places),
        np.log1p(view.count - view.places),
        np.log1p(before),
        np.log1p(after),
        prose_before / prose,
        np.log1p(prose_before),
        np.log1p(prose_after),
    ]


def neighbours(view: View) -> list[Array]:
    """Distance to prose before and after; the heading above; inline markup at the start."""
    places, owners = view.places, view.owners
    previous = np.maximum.accumulate(np.where(view.prose, places, -FAR))
    backwards = np.where(view.prose, places, view.count + FAR)[::-1]
    following = np.minimum.accumulate(backwards)[::-1]
    is_heading = (view.own_tags >= TAGS.index("h1")) & (view.own_tags <= TAGS.index("h6"))
    heading = np.maximum.accumulate(np.where(is_heading, places, -FAR))
    level = np.where(heading >= 0, view.own_tags[np.maximum(heading, 0)], 0)
    numbers = (_INLINES.get(tag, _OTHER_INLINE) for tag in view.page.inline_tags)
    inline = np.fromiter(numbers, np.intp, view.count)
    same_owner = np.zeros(view.count, bool)
    same_owner[1:] = owners[1:] == owners[:-1]
    return [
        np.log1p(np.clip(places - previous, 0, FAR)),
        np.log1p(np.clip(following - places, 0, FAR)),
        np.log1p(np.clip(places - heading, 0, FAR)),
        level,
        same_owner,
        view.flags & HIDDEN > 0,
        *(inline == number for number in range(_OTHER_INLINE + 1)),
    ]


def write_tags_and_flags(view: View, target: Floats) -> None:
    """Write which tag owns the block and which tags stand above it."""
    target[:] = 0
    target[view.places, view.own_tags] = 1
    target[:, len(TAGS) + 1 :] = (view.flags[:, None] >> np.arange(len(FLAGGED))) & 1
