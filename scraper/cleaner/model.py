"""The learned block model, evaluated in numpy: which blocks are the body, what type the page is.

Trained by ``train/``, which imports the features from here: what is measured in training is what is
measured in use. ``data/model/CARD.md`` tells what it was trained on and how well it does.
"""

import json
import threading
from collections.abc import Sequence
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any, NamedTuple

import numpy as np

from scraper.cleaner.cues import Cues
from scraper.cleaner.features import Features, Floats, Places
from scraper.cleaner.vocabulary import name_tokens
from scraper.model import Mode, TypeName
from scraper.outline import Outline

Weights = dict[str, Floats]
MAX_STANDARD = 6.0
"""Standard deviations at which a feature is cut: no freak of a page outweighs the rest."""


OTHER = 0.9
"""Probability of being no article from which a page is read as what it is: at 0.5 foreign news in
old layouts lose .011 of F1 to mistaken types, threads and products gain .002."""

ONE_THREAD = 1 << 18
"""Multiplications of a product that OpenBLAS still does in one thread."""

MAX_ROWS = 16_384
"""Names whose vectors are kept: half a megabyte; some sites make up new ones on every page."""

CHAIN = 0.25
"""Weight of the names above the grandparent: many of them add up."""


class Prediction(NamedTuple):
    """``body`` and ``standfirst``: probability of each block; ``types``: of each page type."""

    body: Floats
    standfirst: Floats
    types: dict[TypeName, float]


class Model:
    """The weights, and what they were trained to read."""

    def __init__(self, weights: Weights, names: list[str], cues: list[str], facts: Any) -> None:
        self.weights = weights
        self.names = {token: number for number, token in enumerate(names)}
        self.cues = {token: number for number, token in enumerate(cues)}
        self.types: list[TypeName] = facts["types"]
        self.calibration: list[list[float]] = facts["calibration"]
        self._lock = threading.Lock()
        self._known: tuple[dict[str, int], Floats] = ({}, np.zeros((0, 0), np.float32))

    def _rows(self, names: Sequence[str]) -> Floats:
        """Return a row for each name, the sum of its tokens' vectors.

        Rows are kept from page to page; other threads may read them while one adds.
        """
        numbers, rows = self._known
        try:
            return rows[[numbers[name] for name in names]]
        except KeyError:
            with self._lock:
                numbers, rows = self._with_rows(set(names))
                return rows[[numbers[name] for name in names]]

    def _with_rows(self, names: set[str]) -> tuple[dict[str, int], Floats]:
        numbers, rows = self._known
        if len(numbers) + len(names) > len(rows):
            size = max(MAX_ROWS, len(names))
            numbers, rows = {}, np.zeros((size, self.weights["names"].shape[1]), np.float32)
        table = self.weights["names"]
        for name in names.difference(numbers):
            tokens = [self.names[token] for token in name_tokens(name) if token in self.names]
            rows[len(numbers)] = table[tokens].sum(0, dtype=np.float32)
            numbers[name] = len(numbers)  # only now others see the row
        self._known = numbers, rows
        return self._known

    def predict(
        self, page: Outline, cues: Cues, features: Features, *, mode: Mode = "auto"
    ) -> Prediction:
        """Return what the model makes of a page.

        The body depends on the page's type: in mode ``article`` it is sought as an article's, in
        ``auto`` too unless the page is surely something else, in ``any`` by its likely types.
        """
        weights = self.weights
        values = [self._standard(features), self._named(page, features.places)]
        hidden = _relu(_linear(weights, "l1", np.hstack(values)))
        summary, types = self._page(features, cues, hidden)
        shown = types
        article = self.types.index("article")
        if mode == "article" or (mode == "auto" and 1 - types[article] < OTHER):
            shown = np.eye(len(types), dtype=np.float32)[article]
        context = np.concatenate([_linear(weights, "pv", summary), shown])
        width = hidden.shape[1]
        mixing, bias = weights["l2.weight"], weights["l2.bias"]
        told = context @ mixing[width:] + bias
        mixed = _relu(_product(hidden, mixing[:width]) + told)
        mixed = mixed + _relu(_convolved(weights, "c1", mixed, 1))
        mixed = mixed + _relu(_convolved(weights, "c2", mixed, 2))
        first = _linear(weights, "out", mixed)
        held = _shares(_sigmoid(first[:, 0]), features)
        refined = _relu(_linear(weights, "r1", np.hstack([mixed, held])))
        body = first[:, 0] + _linear(weights, "r2", refined)[:, 0]
        return Prediction(
            _sigmoid(body),
            _sigmoid(first[:, 1]),
            dict(zip(self.types, map(float, types), strict=True)),
        )

    def _standard(self, features: Features) -> Floats:
        weights = self.weights
        values = (features.blocks - weights["mean"]) * weights["scale"]
        return np.clip(values, -MAX_STANDARD, MAX_STANDARD, out=values)

    def _named(self, page: Outline, places: Places) -> Floats:
        """Return for each block what its own name, those above and the rest of the way say."""
        each = self._rows(page.names)
        inlines = self._rows(page.inline_names)
        # The sum over all ancestors: what has been opened, less what has been closed before.
        order = np.argsort(places.ends, kind="stable")
        opened = np.cumsum(each, axis=0, dtype=np.float64)
        closed = np.zeros((len(each) + 1, each.shape[1]))
        np.cumsum(each[order], axis=0, dtype=np.float64, out=closed[1:])
        own, above, grand = places.lines[0], places.lines[1], places.lines[2]
        top = places.parents[grand]
        gone = np.searchsorted(places.ends[order], top, side="right")
        chain = np.where((grand > 0)[:, None], opened[top] - closed[gone], 0)
        named = [each[own] + inlines, each[above], each[grand], CHAIN * chain]
        return np.hstack(named).astype(np.float32)

    def _page(self, features: Features, cues: Cues, hidden: Floats) -> tuple[Floats, Floats]:
        weights = self.weights
        heavy = np.log1p(features.words)[:, None]
        weighed = (hidden * heavy).sum(0) / max(1e-3, float(heavy.sum()))
        facts = (features.page - weights["page.mean"]) * weights["page.scale"]
        facts = np.clip(facts, -MAX_STANDARD, MAX_STANDARD)
        numbers = [self.cues[token] for token in cues.tokens if token in self.cues]
        told = weights["cues"][numbers].sum(0)
        pooled = [hidden.mean(0), weighed, facts, told]
        summary = _relu(_linear(weights, "pl", np.concatenate(pooled)))
        return summary, _softmax(_linear(weights, "ty", summary))


@cache
def load_model() -> Model:
    """Return the shipped model; read once a process."""
    return read_model(resources.files("scraper") / "data" / "model")


def read_model(folder: Traversable) -> Model:
    """Return the model in a folder, as ``train/export.py`` writes it."""
    with resources.as_file(folder / "weights.npz") as path, np.load(path) as stored:
        weights = {name: stored[name].astype(np.float32) for name in stored.files}
    names = (folder / "names.txt").read_text("utf-8").split("\n")[:-1]
    cues = (folder / "cues.txt").read_text("utf-8").split("\n")[:-1]
    return Model(weights, names, cues, json.loads((folder / "model.json").read_text("utf-8")))


def _shares(probabilities: Floats, features: Features) -> Floats:
    """Return how much of what holds each block, and of its like, the first look keeps.

    Four figures for each of the elements above a block: the kept share of its words, its share of
    all kept words, and the same of all elements of its tag and name.
    """
    places, words = features.places, features.words.astype(np.float64)
    kept = probabilities * words
    until = np.concatenate([[0.0], np.cumsum(kept)])
    until_words = np.concatenate([[0.0], np.cumsum(words)])
    total = until[-1] + 1.0
    columns = []
    for line in places.lines:
        first, last, kinds = places.firsts[line], places.lasts[line], places.kinds[line]
        inside = until[last] - until[first]
        size = int(kinds.max()) + 1
        alike, alike_words = np.bincount(kinds, kept, size), np.bincount(kinds, words, size)
        columns += [
            inside / (until_words[last] - until_words[first] + 1e-3),
            inside / total,
            (alike / (alike_words + 1e-3))[kinds],
            (alike / total)[kinds],
        ]
    return np.stack(columns, axis=1).astype(np.float32)


def _linear(weights: Weights, name: str, values: Floats) -> Floats:
    return _product(values, weights[name + ".weight"]) + weights[name + ".bias"]


def _product(values: Floats, weight: Floats) -> Floats:
    """Return the matrix product, a few rows at a time.

    Larger products are spread over threads by the libraries that numpy is built with, which wait
    for each other by spinning: on two cores that doubled the CPU time. It also keeps the sums in
    one order whatever the machine's number of cores.
    """
    if values.ndim == 1:
        return np.asarray(values @ weight, np.float32)
    size, width = weight.shape
    rows = max(1, ONE_THREAD // (size * width))
    product = np.empty((len(values), width), np.float32)
    for start in range(0, len(values), rows):
        np.matmul(values[start : start + rows], weight, out=product[start : start + rows])
    return product


def _convolved(weights: Weights, name: str, values: Floats, step: int) -> Floats:
    """Return a convolution over the sequence of blocks; beyond its ends stand zeros."""
    weight = weights[name + ".weight"]  # taps x in x out
    taps = len(weight)
    reach = taps // 2 * step
    padded = np.pad(values, ((reach, reach), (0, 0)))
    shifted = [padded[tap * step : tap * step + len(values)] for tap in range(taps)]
    flat = weight.reshape(-1, weight.shape[-1])
    return _product(np.hstack(shifted), flat) + weights[name + ".bias"]


def _relu(values: Floats) -> Floats:
    return np.maximum(values, 0, out=values)


def _sigmoid(values: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(values, -30, 30))), np.float32)


def _softmax(values: Floats) -> Floats:
    raised = np.exp(values - values.max())
    return np.asarray(raised / raised.sum(), np.float32)
