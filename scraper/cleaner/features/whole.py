"""What holds of the page as a whole."""

import numpy as np

from scraper.cleaner.features.arrays import Floats
from scraper.cleaner.features.characters import IDEOGRAPH
from scraper.cleaner.features.view import TAG_NUMBERS, TAGS, View

_COUNTED = (
    "p h1 h2 h3 li td article section form pre blockquote dd figure nav aside button noscript"
).split()
"""Tags whose elements are counted."""


def whole_page(view: View) -> Floats:
    """Return sizes, shares, and how many elements of some tags there are."""
    total = max(1.0, float(view.element_words[0]))
    prose, proses = float(view.element_prose[0]), float(view.element_proses[0])
    counts = np.bincount(view.tags, minlength=len(TAGS) + 1)
    ideographs = view.characters.kinds[:, IDEOGRAPH].sum()
    return np.array(
        [
            np.log1p(view.count),
            np.log1p(total),
            np.log1p(prose),
            prose / total,
            float(view.element_linked[0]) / total,
            np.log1p(proses),
            proses / view.count,
            prose / max(1.0, proses) / 50,
            float(view.main.inside @ view.prose_words) / max(1.0, prose),
            np.log1p(view.words.max()),
            np.log1p(view.depths.max()),
            view.headline / view.count,
            ideographs / max(1, view.characters.lengths.sum()),
            *np.log1p([counts[TAG_NUMBERS[tag]] for tag in _COUNTED]),
        ],
        np.float32,
    )
