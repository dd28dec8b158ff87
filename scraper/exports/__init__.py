"""The record in the forms of other tools: one module a consumer, each a pure function.

A map takes the plain dict of a record, as ``Article.to_dict`` gives it, and returns a new one with
the consumer's keys; docs/exports.md says which of our fields goes where and what is lost.
"""

from collections.abc import Callable
from typing import Any

from scraper.exports import jsonfeed, newspaper, newsplease, schemaorg, trafilatura, zyte

__all__ = ["SCHEMAS", "export"]

_MAPS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "schemaorg": schemaorg.convert,
    "zyte": zyte.convert,
    "trafilatura": trafilatura.convert,
    "newsplease": newsplease.convert,
    "newspaper": newspaper.convert,
    "jsonfeed": jsonfeed.convert,
}

SCHEMAS = tuple(_MAPS)
"""Names of the consumers."""


def export(record: dict[str, Any], schema: str) -> dict[str, Any]:
    """Return ``record`` in the form of a consumer.

    Raises:
        ValueError: ``schema`` is none of ``SCHEMAS``.
    """
    if schema not in _MAPS:
        raise ValueError(f"no schema {schema!r}: choose from {', '.join(SCHEMAS)}")
    return _MAPS[schema](record)
