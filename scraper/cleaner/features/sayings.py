"""Whether a block says what promos and page furniture say, as far as the lexicons know it."""

import numpy as np

from scraper.cleaner.features.arrays import Array
from scraper.cleaner.features.view import View

TOGETHER = (
    "newsletter paywall registration membership donation signin app".split(),
    ["related"],
    ["share", "comments"],
    "ad affiliate consent promotion".split(),
    "author-bio byline caption tags".split(),
    "copyright feedback navigation player".split(),
    ["editorial-note"],
)
"""Kinds that have a column together: most are too rare on the training pages to have their own."""

_COLUMNS = {kind: column for column, kinds in enumerate(TOGETHER) for kind in kinds}


def sayings(view: View) -> list[Array]:
    """Which of the groups of kinds is heard, whether it is all of the block, whether a label."""
    columns = np.zeros((len(TOGETHER) + 2, view.count), np.bool_)
    for block, heard in enumerate(view.heard):
        if heard is not None:
            columns[_COLUMNS[heard.kind], block] = True
            columns[-2, block] = heard.whole
            columns[-1, block] = heard.label
    return list(columns)
