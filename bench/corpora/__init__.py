"""Loaders of the corpora; they stay outside the repository, see bench/README.md."""

from collections.abc import Callable, Iterator
from pathlib import Path

from bench.corpora import daniel, fundus, promo, trafilatura, wcxb
from bench.corpora.case import Case, Promo, decode

__all__ = ["LOADERS", "Case", "Promo", "decode", "load"]

LOADERS: dict[str, Callable[[Path], Iterator[Case]]] = {
    "wcxb": wcxb.load,
    "fundus": fundus.load,
    "trafilatura": trafilatura.load,
    "daniel": daniel.load,
    "promo": promo.load,
}


def load(root: Path, corpus: str, limit: int | None = None) -> list[Case]:
    """Load a corpus, or `limit` pages spread evenly over it; empty where the corpus is absent."""
    cases = list(LOADERS[corpus](root))
    if limit is None or limit >= len(cases):
        return cases
    return [cases[index * len(cases) // limit] for index in range(limit)]
