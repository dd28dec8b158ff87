"""Finds the tags of an article: the list of the best source that has one, each label once."""

import html
import re
from collections.abc import Iterable, Sequence

from scraper.normalizer.metadata import Clue
from scraper.normalizer.resolve import ranked
from scraper.text import one_line, squeezed

MAX_TAGS = 25
"""A longer list of keywords is stuffing."""
MAX_TAG = 60
"""Characters. A longer one is a sentence."""

_LIST = re.compile(r"[,;、，\n]")
_MARKUP = re.compile(r"<[^<>]{1,100}>")


def read_tags(clues: Sequence[Clue], site_names: Iterable[str]) -> tuple[tuple[str, ...], str]:
    """Return the tags and the source that they are from; lists of sources are never mixed."""
    sites = {squeezed(name) for name in site_names}
    lists: dict[str, list[str]] = {}
    for clue in ranked("tags", clues):
        lists.setdefault(clue.source, []).append(clue.value)
    for source, values in lists.items():
        tags: dict[str, str] = {}
        for value in values:
            for part in _LIST.split(_MARKUP.sub(" ", html.unescape(html.unescape(value)))):
                tag = one_line(part).strip("#•|· ")
                if 0 < len(tag) <= MAX_TAG and squeezed(tag) not in sites:
                    tags.setdefault(squeezed(tag), tag)
        if 0 < len(tags) <= MAX_TAGS:
            return tuple(tags.values()), source
    return (), ""
