"""Turns stated bylines into authors: one name each, without role, label, duplicate or address."""

import re
from collections.abc import Iterable

from scraper.model import Author
from scraper.normalizer.metadata import Clue
from scraper.text import one_line, squeezed
from scraper.urls import resolve

MAX_NAME = 80
"""Characters. Longer ones are sentences."""

_BY = re.compile(r"^(by|von|par|por|di|da|door|av|af|od|autor|author)\s*:?\s+", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*[,;|/&]\s*|\s+(?:and|und|et|y|e|og|och|en)\s+")
_SUFFIX = re.compile(r"^(jr|sr|ii|iii|md|phd|ph\.d)\.?$", re.IGNORECASE)
_NOT_A_NAME = re.compile(
    r"https?:|www\.|@|\{|\}|^\W*$|^(admin|n/?a|null|none|undefined|staff)$", re.IGNORECASE
)


def read_people(clues: Iterable[Clue], site_name: str | None, base: str) -> tuple[Author, ...]:
    """Return the authors that ``clues`` state, in their order, the site itself only when alone."""
    authors: dict[str, Author] = {}
    for clue in clues:
        for name in _names(clue):
            key = squeezed(name)
            if key and key not in authors:
                authors[key] = _author(name, clue, key, site_name, base)
    people = [author for author in authors.values() if author.kind == "person"]
    return tuple(people or authors.values())


def _names(clue: Clue) -> list[str]:
    """Split a byline; JSON-LD states one name at a time, and an organization's may hold 'and'."""
    text = _BY.sub("", one_line(clue.value))
    if _NOT_A_NAME.search(text):
        return []
    parts = [text] if clue.kind == "organization" else _BETWEEN.split(text)
    names = [part for part in parts if not _SUFFIX.match(part)]
    return [name for name in names if 1 < len(name) <= MAX_NAME and not _NOT_A_NAME.search(name)]


def _author(name: str, clue: Clue, key: str, site_name: str | None, base: str) -> Author:
    is_site = bool(site_name) and key == squeezed(site_name or "")
    return Author(
        name=name,
        url=resolve(base, clue.url) if clue.url else None,
        kind="organization" if is_site or clue.kind == "organization" else "person",
    )
