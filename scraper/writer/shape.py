"""Cuts the ledger of a record to the length that the user asked for."""

from typing import Literal

import msgspec

from scraper.model import Article, Removal


def shaped(article: Article, removed: Literal["counts", "full", "none"]) -> Article:
    """Return the record with its ledger in full, summed up by rule, or without it."""
    if removed == "full" or not article.removed:
        return article
    entries = _summed(article.removed) if removed == "counts" else ()
    return msgspec.structs.replace(article, removed=entries)


def _summed(removals: tuple[Removal, ...]) -> tuple[Removal, ...]:
    """Return one entry for each rule, in the order of the rules' names."""
    sums: dict[tuple[str, str], tuple[int, int]] = {}
    for removal in removals:
        words, count = sums.get((removal.kind, removal.rule), (0, 0))
        sums[removal.kind, removal.rule] = (words + removal.words, count + removal.count)
    return tuple(
        Removal(kind=kind, rule=rule, text=None, path=None, position=None, words=words, count=count)
        for (kind, rule), (words, count) in sorted(sums.items())
    )
