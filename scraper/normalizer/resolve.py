"""Chooses a value for a metadata field: the first usable clue in the evidence table's order."""

import tomllib
from collections.abc import Callable, Sequence
from functools import cache
from importlib import resources
from typing import NamedTuple

from scraper.model import Evidence
from scraper.normalizer.metadata import Clue
from scraper.text import squeezed


class Chosen(NamedTuple):
    """The value chosen for a field and what speaks for it."""

    value: str
    evidence: Evidence


@cache
def evidence_table() -> dict[str, dict[str, tuple[float, float]]]:
    """Return by field and source how often the source is right: alone, and when another agrees."""
    text = (resources.files("scraper") / "data" / "evidence.toml").read_text("utf-8")
    return {
        field: {source: (alone, agreed) for source, (alone, agreed) in sources.items()}
        for field, sources in tomllib.loads(text).items()
    }


def ranked(field: str, clues: Sequence[Clue]) -> list[Clue]:
    """Return the clues of ``field``, best source first, each source's own order kept."""
    order = {source: rank for rank, source in enumerate(evidence_table()[field])}
    mine = [clue for clue in clues if clue.field == field and clue.source in order]
    return sorted(mine, key=lambda clue: order[clue.source])


def choose(field: str, clues: Sequence[Clue], read: Callable[[str], str | None]) -> Chosen | None:
    """Return the first clue that ``read`` can read, with the confidence of its source."""
    readable = [(clue, read(clue.value)) for clue in ranked(field, clues)]
    usable = [(clue, value) for clue, value in readable if value]
    if not usable:
        return None
    first, value = usable[0]
    agreed = any(
        _group(clue) != _group(first) and squeezed(other) == squeezed(value)
        for clue, other in usable[1:]
    )
    return Chosen(value, evidence_for(field, first, agreed=agreed))


def evidence_for(field: str, clue: Clue, *, agreed: bool) -> Evidence:
    """Return source and confidence of a clue that was chosen."""
    return Evidence(source=clue.source, confidence=evidence_table()[field][clue.source][agreed])


def best_source(field: str, clues: Sequence[Clue]) -> list[Clue]:
    """Return all clues of the best source that says anything: lists are never mixed."""
    candidates = ranked(field, clues)
    return [clue for clue in candidates if clue.source == candidates[0].source]


def _group(clue: Clue) -> str:
    return clue.source.partition(".")[0]
