"""Decides which blocks are the article, which its standfirst, and how sure that is."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from scraper.cleaner.features import Features, Floats
from scraper.cleaner.model import Prediction
from scraper.cleaner.removals import Mark
from scraper.model import PageType
from scraper.outline import Outline

KEEP = 0.5
"""Probability from which a block is kept."""

STANDFIRST = 0.5
"""Probability from which a block is the standfirst."""

STANDFIRST_BEFORE = 2
"""Kept blocks that may stand before the standfirst: it opens the article."""

MIN_STANDFIRST = 5
"""Words of a standfirst's block: fewer are a label."""

MAX_STANDFIRST = 3
"""Blocks of a standfirst: some sites set it as a short list."""

SURE = 0.97
"""Probability from which a block is kept although its box has a name that speaks against it."""

WHOLE_ARTICLE = 3
"""Kept blocks in one ``article`` from which another with a headline of its own is another one."""


class Selection(NamedTuple):
    """Indices of the kept blocks and of the standfirst's, ascending; expected F1 of the body."""

    kept: tuple[int, ...]
    standfirst: tuple[int, ...]
    confidence: float | None
    page_type: PageType | None


NOTHING = Selection((), (), None, None)


def select(
    page: Outline,
    features: Features,
    prediction: Prediction,
    votes: Iterable[Mark],
    calibration: Sequence[Sequence[float]],
) -> Selection:
    """Return what of the page is the article.

    ``votes`` are boxes that a rule would cut; ``calibration`` are points (expected, true F1)
    between which is interpolated.
    """
    needed = np.full(len(prediction.body), KEEP)
    for mark in votes:
        needed[mark.start : mark.end] = SURE
    chosen = prediction.body >= needed
    chosen[_second_article(page, chosen) :] = False
    standfirst = _standfirst(page, features, prediction, chosen)
    chosen[list(standfirst)] = False
    kept = tuple(int(index) for index in np.flatnonzero(chosen))
    expected = expected_f1(prediction.body, features.words, chosen)
    xs, ys = zip(*calibration, strict=True)
    name = max(prediction.types, key=lambda name: prediction.types[name])
    page_type = PageType(name=name, probability=round(prediction.types[name], 3))
    return Selection(kept, standfirst, round(float(np.interp(expected, xs, ys)), 3), page_type)


def _second_article(page: Outline, chosen: npt.NDArray[np.bool_]) -> int:
    """Return the first block of a second article, as pages that scroll on load them; or the end.

    It stands in an ``article`` of its own, with an ``h1``, after an ``article`` that is kept and
    has one: the parts of a live report and the posts of a thread have none.
    """
    count = len(page.texts)
    if page.tags.count("article") < 2 or page.tags.count("h1") < 2:
        return count
    ends = page.ends()
    headlines = [index for index, tag in enumerate(page.tags) if tag == "h1"]
    kept = np.concatenate([[0], np.cumsum(chosen)])
    first_end = 0
    for element, tag in enumerate(page.tags):
        if tag != "article":
            continue
        following = bisect_right(headlines, element)
        if following == len(headlines) or headlines[following] >= ends[element]:
            continue
        blocks = page.blocks_in(element)
        if first_end and element >= first_end:
            return blocks.start
        if not first_end and kept[blocks.stop] - kept[blocks.start] >= WHOLE_ARTICLE:
            first_end = ends[element]
    return count


def _standfirst(
    page: Outline, features: Features, prediction: Prediction, chosen: npt.NDArray[np.bool_]
) -> tuple[int, ...]:
    """Return the blocks likely to be an article's standfirst, where they open it.

    A first paragraph that nothing sets apart from the second is the article's beginning.
    """
    if max(prediction.types, key=lambda name: prediction.types[name]) != "article":
        return ()
    likely = (prediction.standfirst >= STANDFIRST) & (features.counts >= MIN_STANDFIRST)
    before = np.cumsum(chosen & ~likely)
    opening = [int(index) for index in np.flatnonzero(likely) if before[index] <= STANDFIRST_BEFORE]
    following = [int(index) for index in np.flatnonzero(chosen & ~likely)]
    return tuple(
        index
        for index in opening[:MAX_STANDFIRST]
        if not any(_is_alike(page, index, other) for other in following if other > index)
    )


def _is_alike(page: Outline, one: int, other: int) -> bool:
    """Whether two blocks are paragraphs of one element by the same tag and name."""
    first, second = page.owners[one], page.owners[other]
    return (
        page.parents[first] == page.parents[second]
        and page.tags[first] == page.tags[second]
        and page.names[first] == page.names[second]
    )


def expected_f1(body: Floats, words: Floats, chosen: npt.NDArray[np.bool_]) -> float:
    """Return the F1 by words that the probabilities lead to expect of the choice."""
    hits = float(body[chosen] @ words[chosen])
    sizes = float(words[chosen].sum()) + float(body @ words)
    return 2 * hits / sizes if sizes else 0.0
