"""Chooses a value for a metadata field: the first usable clue in the evidence table's order."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from scraper.model import Evidence
from scraper.normalizer.evidence import evidence_table
from scraper.normalizer.metadata import Clue
from scraper.text import squeezed


class Chosen(NamedTuple):
    """The value chosen for a field and what speaks for it."""

    value: str
    evidence: Evidence


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
        clue.group != first.group and squeezed(other) == squeezed(value)
        for clue, other in usable[1:]
    )
    return Chosen(value, evidence_for(field, first.source, agreed=agreed))


def evidence_for(field: str, source: str, *, agreed: bool = False) -> Evidence:
    """Return source and confidence of a value that was chosen."""
    worth = evidence_table()[field][source]
    return Evidence(
        source=source, confidence=worth.agreed if agreed else worth.alone, candidate=None
    )
