"""The evidence table: which sources state each metadata field, best first, and how often right.

Title, authors and publication date are elected (``ballot``); of their sources the table has only
the names.
"""

import tomllib
from functools import cache
from importlib import resources
from typing import NamedTuple


class Worth(NamedTuple):
    """How often a source is right: when it stands alone, and when another group agrees."""

    alone: float
    agreed: float


@cache
def _tables() -> tuple[dict[str, dict[str, Worth]], dict[str, list[str]]]:
    text = (resources.files("scraper") / "data" / "evidence.toml").read_text("utf-8")
    tables = tomllib.loads(text)
    elected = tables.pop("elected")
    ordered = {
        field: {source: Worth(*shares) for source, shares in sources.items()}
        for field, sources in tables.items()
    }
    return ordered, elected


def evidence_table() -> dict[str, dict[str, Worth]]:
    """Return by field the worth of its sources, best first; elected fields are not among them."""
    return _tables()[0]


@cache
def fields_of(group: str) -> dict[str, str]:
    """Return by name, without the group, the field that each source of a group speaks of."""
    ordered, elected = _tables()
    return {
        source.removeprefix(group + "."): field
        for field, sources in (*ordered.items(), *elected.items())
        for source in sources
        if source.startswith(group + ".")
    }
