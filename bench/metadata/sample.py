"""The gate's sample of pages with metadata gold, and the figures of it that are held to floors."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.metadata.gold import LOADERS, MetaCase, load
from bench.metadata.report import scores
from bench.metadata.rows import Row
from bench.sample import choose

# Pages a corpus; 430 in all, which the engine reads in about 20 s. Of htmldate's pages, most of
# which are trafilatura's, only the date is scored.
QUOTAS = {"fundus": 60, "wcxb": 120, "trafilatura": 150, "htmldate": 100}


def metadata_sample(root: Path) -> dict[str, list[MetaCase]]:
    """Choose pages with any gold by the hash of their ids, from the corpora that are there."""
    loaded = {name: [case for case in load(root, name) if any(gold(case))] for name in LOADERS}
    return {name: choose(cases, {"": QUOTAS[name]}) for name, cases in loaded.items() if cases}


def gold(case: MetaCase) -> list[Any]:
    """List what a page's metadata is scored against."""
    return [case.title, case.authors, case.date, case.tags, case.undated]


def gate_scores(rows: Sequence[Row]) -> dict[str, float]:
    """Return the figures that floors are held to; those without gold are left out."""
    made = scores(rows)
    figures = {}
    if "title" in made:
        figures["title_exact"] = made["title"].exact
    if "authors" in made:
        figures["authors_f1"] = made["authors"].f1
    if "date" in made:
        figures["date_accuracy"] = made["date"].accuracy
        figures["date_wrong"] = made["date"].wrong
    if "tags" in made:
        figures["tags_f1"] = made["tags"].f1
    return figures
