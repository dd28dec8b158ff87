"""What a block's text looks like, and how it relates to the page's titles and headline."""

import numpy as np

from scraper.cleaner.features.arrays import Array
from scraper.cleaner.features.characters import (
    BAR,
    COMMA,
    DIGIT,
    IDEOGRAPH,
    LOWER,
    QUOTE,
    SIGN,
    STOP,
    UPPER,
)
from scraper.cleaner.features.view import TAG_NUMBERS, View


def text(view: View) -> list[Array]:
    """Length, link share, punctuation, case, first and last character."""
    counted, kinds = view.characters, view.characters.kinds
    characters, words = np.maximum(1, counted.lengths), np.maximum(1, view.words)
    letters = np.maximum(1, kinds[:, LOWER] + kinds[:, UPPER] + kinds[:, IDEOGRAPH])
    stops, commas = kinds[:, STOP], kinds[:, COMMA]
    return [
        np.log1p(counted.lengths),
        np.log1p(view.words),
        view.linked,
        view.prose,
        np.log1p(stops),
        np.log1p(commas),
        stops / words,
        commas / words,
        kinds[:, DIGIT] / characters,
        kinds[:, UPPER] / letters,
        np.log1p(kinds[:, BAR]),
        kinds[:, SIGN] > 0,
        kinds[:, QUOTE] > 0,
        counted.lengths / words / 8,
        *(counted.first_kinds == kind for kind in (UPPER, LOWER, DIGIT, QUOTE)),
        *(counted.last_kinds == kind for kind in (STOP, QUOTE)),
        _one_of(counted.last_codes, ":："),
        _one_of(counted.last_codes, "…?"),
        np.array(view.page.breaks),
        np.fromiter(("\n" in block for block in view.page.texts), np.bool_, view.count),
    ]


def _one_of(codes: Array, members: str) -> Array:
    one, other = map(ord, members)
    return np.asarray((codes == one) | (codes == other))


def relation(view: View) -> list[Array]:
    """Likeness to the page's titles and descriptions; distance to the headline; repetition."""
    titles, described = view.likeness
    away = view.places - view.headline
    h1s = np.cumsum(view.own_tags == TAG_NUMBERS["h1"])
    earlier, others = _repeated(view.page.texts)
    return [
        away > 0,
        np.clip(away, -30, 60) / 30,
        np.clip((view.before - view.before[view.headline]) / 300, -2, 6),
        titles,
        titles > 0.8,
        described,
        described > 0.8,
        np.minimum(h1s, 3),
        np.log1p(earlier),
        np.log1p(others),
    ]


def _repeated(texts: list[str]) -> tuple[Array, Array]:
    """Return how many blocks before each hold the same text, and how many others at all."""
    earlier = []
    seen: dict[str, int] = {}
    for block in texts:
        times = seen.get(block, 0)
        earlier.append(times)
        seen[block] = times + 1
    return np.array(earlier), np.array([seen[block] for block in texts]) - 1
