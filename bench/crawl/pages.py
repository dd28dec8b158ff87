"""The corpus pages that a crawl is given, the same ones everywhere."""

from pathlib import Path

from bench.corpora.case import Case
from bench.options import load_corpora

# Whole pages of the web, scripts and all. Those of wcxb are left out: 60 % have lost their scripts,
# which makes them cheaper than what a crawl meets.
SOURCES = ("trafilatura", "fundus", "daniel")


def corpus_pages(root: Path, count: int) -> tuple[Path, ...]:
    """Return the files of at most `count` pages, spread evenly over the corpora together."""
    loaded = load_corpora(root, SOURCES, None)
    return spread([case for cases in loaded.values() for case in cases], count)


def spread(cases: list[Case], count: int) -> tuple[Path, ...]:
    """Choose the files of at most `count` cases at equal distances."""
    chosen = min(count, len(cases))
    return tuple(cases[number * len(cases) // chosen].path for number in range(chosen))
