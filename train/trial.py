"""Judges a recipe by cross-validation over registrable domains, two by a paired bootstrap."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from multiprocessing import get_context
from statistics import fmean

import numpy as np
import torch

from bench.metrics import segment_counts, segment_score, tokens, word_score
from scraper.cleaner.selection import KEEP, expected_f1
from train.fitting import Fitted, Guess, fit, guesses
from train.network import TYPES
from train.pages import FOLDS, TrainingPage

BUCKETS = 20
"""Points of the calibration, each the mean of as many pages."""

Key = tuple[str, str]
Keep = Callable[[int, Fitted], None]
Figures = dict[str, dict[Key, float]]


def cross_validated(
    pages: Sequence[TrainingPage], seeds: Sequence[int], jobs: int, keep: Keep | None = None
) -> list[Guess]:
    """Return for every page the mean guess of models that have not seen its domain.

    ``keep`` is called with the number of each fold and its first model.
    """
    with get_context("fork").Pool(jobs) as pool:
        parts = pool.map(partial(_fold, pages, seeds, keep), range(FOLDS), chunksize=1)
    by_key = {page.key: page for page in pages}
    return [Guess(by_key[key], *arrays) for part in parts for key, *arrays in part]


def _fold(
    pages: Sequence[TrainingPage], seeds: Sequence[int], keep: Keep | None, fold: int
) -> list[tuple]:
    torch.set_num_threads(1)
    known = [page for page in pages if page.fold != fold]
    unknown = [page for page in pages if page.fold == fold]
    models = [fit(known, seed) for seed in seeds]
    if keep is not None:
        keep(fold, models[0])
    return [
        (guess.page.key, guess.likely, guess.as_article, guess.standfirst, guess.types)
        for guess in mean_guesses(models, unknown)
    ]


def mean_guesses(models: Sequence, pages: Sequence[TrainingPage]) -> Iterable[Guess]:
    """Yield the mean of what some models make of each page."""
    for several in zip(*(guesses(model, pages) for model in models), strict=True):
        arrays = (
            np.mean([getattr(guess, name) for guess in several], axis=0)
            for name in ("likely", "as_article", "standfirst", "types")
        )
        yield Guess(several[0].page, *arrays)


def figures_of(found: Iterable[Guess]) -> Figures:
    """Return for each measure, by page, the word F1; `type` is whether the type is right."""
    figures: Figures = defaultdict(dict)
    for guess in found:
        case, key = guess.page.case, guess.page.key
        if case.gold is None:
            continue
        group = case.page_type if case.corpus == "wcxb" else case.language or ""
        f1 = _word_f1(guess, guess.likely)
        figures[f"{case.corpus} all"][key] = f1
        figures[f"{case.corpus} {group}"][key] = f1
        if case.corpus == "wcxb":
            figures["type"][key] = float(TYPES[int(guess.types.argmax())] == case.page_type)
        if guess.page.type == "article" or case.corpus == "daniel":
            as_article = _word_f1(guess, guess.as_article)
            figures[f"{case.corpus} {group} as article"][key] = as_article
    return figures


def _word_f1(guess: Guess, likely: np.ndarray) -> float:
    return word_score(tokens(guess.page.case.gold or ""), tokens(_kept(guess, likely))).f1


def _kept(guess: Guess, likely: np.ndarray) -> str:
    """Return the kept text; where the gold holds the standfirst, with it."""
    keep = likely >= KEEP
    if guess.page.case.standfirst_in_gold:
        keep = keep | (guess.standfirst >= KEEP)
    return "\n".join(text for text, kept in zip(guess.page.texts, keep, strict=True) if kept)


def segments_of(found: Iterable[Guess]) -> float:
    """Return the segment F1 over the pages that have segments."""
    counts = [
        segment_counts(guess.page.case.with_, guess.page.case.without, _kept(guess, guess.likely))
        for guess in found
        if guess.page.case.corpus == "trafilatura"
    ]
    return segment_score(counts).f1


def summary(found: Sequence[Guess]) -> dict[str, list[float]]:
    """Return for each measure the number of pages and the mean."""
    means = {
        name: [len(pages), round(fmean(pages.values()), 4)]
        for name, pages in sorted(figures_of(found).items())
    }
    segmented = sum(guess.page.case.corpus == "trafilatura" for guess in found)
    if segmented:
        means["trafilatura segments"] = [segmented, round(segments_of(found), 4)]
    return means


def table(means: Mapping[str, Sequence[float]]) -> str:
    """Return the measures as a Markdown table."""
    rows = [f"| {name} | {pages:.0f} | {mean:.4f} |" for name, (pages, mean) in means.items()]
    return "\n".join(["| pages of | pages | |", "|---|---|---|", *rows])


def difference(
    one: Mapping[Key, float], other: Mapping[Key, float], domains: Mapping[Key, str]
) -> tuple[float, float, float]:
    """Return other - one on the pages of both, and its 95 % interval: domains drawn, not pages."""
    by_domain: dict[str, list[float]] = defaultdict(list)
    for key in one.keys() & other.keys():
        by_domain[domains[key]].append(other[key] - one[key])
    sums = np.array([[sum(values), len(values)] for values in by_domain.values()])
    draws = np.random.default_rng(0).integers(0, len(sums), (2000, len(sums)))
    totals = sums[draws].sum(1)
    low, high = np.quantile(totals[:, 0] / totals[:, 1], (0.025, 0.975))
    return float(sums[:, 0].sum() / sums[:, 1].sum()), float(low), float(high)


def calibration(found: Iterable[Guess]) -> list[list[float]]:
    """Return points (expected F1, true F1), rising, between which use interpolates."""
    pairs = []
    for guess in found:
        if guess.page.case.gold is None:
            continue
        chosen = guess.likely >= KEEP
        expected = expected_f1(guess.likely, guess.page.features.words, chosen)
        pairs.append((expected, _word_f1(guess, guess.likely)))
    pairs.sort()
    means = [np.mean(part, axis=0) for part in np.array_split(np.array(pairs), BUCKETS)]
    truths = np.maximum.accumulate([mean[1] for mean in means])
    points = [[float(mean[0]), float(truth)] for mean, truth in zip(means, truths, strict=True)]
    rounded = [[round(value, 4) for value in point] for point in points]
    return [[0.0, min(0.5, rounded[0][1])], *rounded, [1.0, max(0.99, rounded[-1][1])]]
