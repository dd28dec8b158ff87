"""Reads what a page and its server ask of robots: meta robots and the X-Robots-Tag header."""

import re
from collections.abc import Sequence

from scraper.normalizer.metadata import Clue

DIRECTIVES = (
    *("noindex", "nofollow", "none", "noarchive", "nosnippet", "noimageindex", "notranslate"),
    *("noai", "noimageai", "indexifembedded", "unavailable_after"),
)
"""What is asked for, in the order of the record; permissions (``all``, ``index`` ...) ask nothing.
The names are those that search engines document, and two that artists' sites brought up."""

_WORD = re.compile(r"[a-z_]+")


def read_robots(clues: Sequence[Clue], header: str | None) -> tuple[str, ...]:
    """Return the directives of the page's meta elements and of ``header``, each once.

    A header may speak to one robot by name; what it asks of any is told.
    """
    stated = [clue.value for clue in clues if clue.field == "robots"]
    words = set(_WORD.findall(" ".join([*stated, header or ""]).lower()))
    return tuple(directive for directive in DIRECTIVES if directive in words)
