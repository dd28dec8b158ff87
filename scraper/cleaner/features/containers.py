"""What holds a block: elements above it, others of their kind, the main one, the article."""

import numpy as np

from scraper.cleaner.features.arrays import Array, Ints
from scraper.cleaner.features.characters import STOP
from scraper.cleaner.features.view import TAG_NUMBERS, View

MAX_ARTICLES = 500
"""Articles of a page that are told apart."""

MAX_STEPS = 64
"""Elements above the main container that are looked at."""


def containers(view: View) -> list[Array]:
    """Statistics of the block's element and those above; where the main container stands."""
    words, prose, linked = view.element_words, view.element_prose, view.element_linked
    stops = view.sums(view.characters.kinds[:, STOP].astype(float))
    blocks = (view.lasts - view.firsts).astype(float)
    total, all_prose = max(1.0, float(words[0])), max(1.0, float(prose[0]))
    columns = []
    for line in view.lines:
        inside, held = np.maximum(1, words[line]), blocks[line]
        columns += [
            np.log1p(words[line]),
            np.log1p(prose[line]),
            linked[line] / inside,
            words[line] / total,
            prose[line] / all_prose,
            np.log1p(held),
            view.element_proses[line] / np.maximum(1, held),
            stops[line] / inside,
        ]
    return [*columns, *_main_container(view)]


def _main_container(view: View) -> list[Array]:
    """Where the block stands to the main container: in it, how far off in the tree, in blocks."""
    main, direct, inside = view.main
    depths, depth = view.depths[view.owners], view.depths[main]
    path = [main]
    while path[-1]:
        path.append(int(view.parents[path[-1]]))
    steps = np.array(path[:MAX_STEPS], dtype=np.intp)
    owners = view.owners[:, None]
    common = ((owners >= steps) & (owners < view.ends[steps])).sum(1)
    shared = common + depth + 1 - len(path)
    above = direct[view.lines[1]]
    return [
        inside,
        depths + 1 - shared,
        shared - 1 - depth,
        depths,
        above / max(1.0, float(direct.max())),
        np.log1p(above),
        np.clip(view.places - view.lasts[main], 0, 40) / 20,
        np.clip(view.firsts[main] - view.places, 0, 40) / 20,
    ]


def groups(view: View) -> list[Array]:
    """How often elements of the same tag and name come, and what they hold together.

    Posts of a thread and teasers of a list both repeat; they differ in prose and links.
    """
    kinds = view.element_kinds
    times = np.bincount(kinds)
    words = np.bincount(kinds, view.element_words)
    prose = np.bincount(kinds, view.element_prose)
    linked = np.bincount(kinds, view.element_linked)
    total = max(1.0, float(view.element_prose[0]))
    columns = []
    for line in view.lines:
        kind = kinds[line]
        columns += [
            np.log1p(times[kind]),
            linked[kind] / np.maximum(1, words[kind]),
            np.minimum(prose[kind] / total, 2),
            np.log1p(words[kind] / times[kind]),
        ]
    return columns


def sections(view: View) -> list[Array]:
    """Which of the page's articles the block is in: a second one may follow the first."""
    articles = np.flatnonzero(view.tags == TAG_NUMBERS["article"])
    before = np.searchsorted(articles, view.owners, side="right")
    article = _innermost(view, articles)
    inside = article >= 0
    share = view.element_prose[article] / max(1.0, float(view.element_prose[0]))
    largest = int(article[np.argmax(np.where(inside, share, -1))]) if inside.any() else -1
    return [
        np.log1p(before),
        np.where(inside, share, 0),
        inside & (article == largest),
        inside & (article > largest),
    ]


def _innermost(view: View, elements: Ints) -> Ints:
    """Return for each block the innermost of ``elements`` (ascending) that it is in, or -1."""
    found = np.full(view.count, -1)
    for element in elements[:MAX_ARTICLES].tolist():
        found[view.firsts[element] : view.lasts[element]] = element
    return found
