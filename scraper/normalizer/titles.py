"""Chooses the headline's wording: cuts the site's name by evidence, never by a dash alone."""

import html
import re
from collections.abc import Sequence

from scraper.normalizer.metadata import Clue
from scraper.text import one_line, squeezed, words

MAX_TITLE = 500
"""Characters kept of a title; of 2,453 pages of the corpora the longest has 258."""

MIN_SHARED = 0.3
"""Share of words that a page's h1 must share with another stated title: on some sites the h1 is the
site's name or the section's."""

_SEPARATOR = re.compile(r"\s+[-–—|·•:»«~]\s+|\s*[|｜ㅣ»]\s*")


def title_clues(clues: Sequence[Clue]) -> list[Clue]:
    """Return the clues of the title without headings that no other source confirms."""
    stated = [clue for clue in clues if clue.field == "title"]
    others = [_word_set(clue.value) for clue in stated if clue.source != "page.h1"]
    return [
        clue
        for clue in stated
        if clue.source != "page.h1" or not others or _confirmed(_word_set(clue.value), others)
    ]


def _word_set(text: str) -> frozenset[str]:
    return frozenset(word.casefold() for word in words(text[:MAX_TITLE]))


def _confirmed(mine: frozenset[str], others: list[frozenset[str]]) -> bool:
    return any(2 * len(mine & other) >= MIN_SHARED * (len(mine) + len(other)) for other in others)


def read_title(stated: str, site_names: tuple[str, ...]) -> str:
    """Return ``stated`` without the parts that are a name of the site; empty if it is just that.

    >>> read_title("Tide turns - early | The Harbour Post", ("The Harbour Post",))
    'Tide turns - early'
    """
    names = {squeezed(name) for name in site_names} - {""}
    title = one_line(html.unescape(stated))[:MAX_TITLE]
    shorter = _cut(title, names)
    while shorter != title:
        title, shorter = shorter, _cut(shorter, names)
    return "" if squeezed(title) in names else title


def _cut(title: str, names: set[str]) -> str:
    """Cut the first name that stands alone on one side of a separator."""
    for match in _SEPARATOR.finditer(title):
        before, after = title[: match.start()], title[match.end() :]
        if before and squeezed(after) in names:
            return before
        if after and squeezed(before) in names:
            return after
    return title
