"""Reads the state that a page embeds for its scripts, where nothing else names date or author."""

import json
import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser

from scraper.normalizer.metadata.clue import MAX_VALUE, Clue

MAX_SCRIPTS = 60
MAX_CHARACTERS = 400_000
"""Characters read of all scripts together; the keys stand early, or in a state of their own."""
MAX_FOUND = 4
"""Values of one field that are looked at: the first are the page's, later ones of teasers."""

_KEYS = {
    "date_published": (
        "datePublished publishedAt published_at publishDate publish_date publicationDate"
        " firstPublishedAt firstPublished first_publish_date display_date published_time pubDate"
        " datePublication publishedDate publicationTime"
    ),
    "authors": "authorName author_name byline bylineName author",
}
_QUOTE = r'\\?"'
_PATTERNS = {
    field: re.compile(
        rf"{_QUOTE}(?:{'|'.join(keys.split())}){_QUOTE}\s{{0,3}}:\s{{0,3}}"
        rf"(?:\[?\s?\{{\s?(?:{_QUOTE}[\w@]{{1,20}}{_QUOTE}\s?:\s?{_QUOTE}?[\w-]{{0,40}}{_QUOTE}?\s?,\s?){{0,3}}"
        rf"{_QUOTE}name{_QUOTE}\s?:\s?)?{_QUOTE}((?:[^\"\\]|\\u[0-9a-fA-F]{{4}}){{2,80}}?){_QUOTE}"
    )
    for field, keys in _KEYS.items()
}
_HINTS = {"date_published": ("ubli", "pub"), "authors": ("uthor", "yline")}
"""What a script holds at least that has such a key."""


def read(tree: LexborHTMLParser, stated: frozenset[str]) -> Iterator[Clue]:
    """Yield dates and authors from embedded state, of the fields that are not ``stated``."""
    wanted = [field for field in _PATTERNS if field not in stated]
    left = MAX_CHARACTERS
    found = dict.fromkeys(wanted, 0)
    for script in tree.css("script:not([src])")[:MAX_SCRIPTS] if wanted else ():
        text = script.text()[:left]
        left -= len(text)
        for field in wanted:
            if not any(hint in text for hint in _HINTS[field]):
                continue
            for match in _PATTERNS[field].finditer(text):
                if found[field] == MAX_FOUND:
                    break
                found[field] += 1
                yield Clue(field, f"state.{field}", _unescaped(match[1])[:MAX_VALUE])
        if left <= 0:
            return


def _unescaped(text: str) -> str:
    try:
        return str(json.loads(f'"{text}"'))
    except ValueError:
        return text
