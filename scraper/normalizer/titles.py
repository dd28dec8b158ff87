"""Finds the headline's wording: cuts the site's name by evidence, never by a dash alone."""

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from scraper.normalizer.ballot import Candidate
from scraper.normalizer.metadata import Clue
from scraper.outline import Outline
from scraper.text import one_line, squeezed, words

MAX_TITLE = 500
"""Characters kept of a title; of 2,453 pages of the corpora the longest has 258."""

MIN_PART = 12
"""Characters of a part that may stand for the whole of a title."""
LONG, SHORT = 140, 12
"""Characters above and below which a text is seldom a headline."""

MAX_CANDIDATES = 40

MIN_SHARED = 0.3
"""Share of words that a page's h1 must share with another stated title: on some sites the h1 is the
site's name or the section's."""

HEADING = "page.h1"
_HEADLINES = frozenset((HEADING, "text.headline"))
"""Sources that are headings; the second is a text's first line (``cleaner.clean_text``)."""
_HEADINGS = frozenset(("h1", "h2", "h3"))

_SEPARATOR = re.compile(r"\s+[-–—|·•:»«~›/]+\s+|\s*[|｜ㅣ»丨│]\s*|\s-(?=\S)|_(?=[^_]{2,20}$)|:\s")
_MARKUP = re.compile(r"<[^<>]{1,100}>")
_WHOLES = ("head.title", "head.og:title", "jsonld.headline", HEADING)
"""Sources of which parts are looked at too."""


class _Stated(NamedTuple):
    source: str
    text: str


class _Shown(NamedTuple):
    """The page's short texts by their length, and what of them are headings, squeezed."""

    texts: Mapping[int, Sequence[str]]
    headings: frozenset[str]

    def has(self, text: str) -> bool:
        """Whether a text stands on the page by itself."""
        folded = text.casefold()
        return (
            any(one.casefold() == folded for one in self.texts.get(len(text), ()))
            or squeezed(text) in self.headings
        )


def title_candidates(
    clues: Sequence[Clue], page: Outline | None, site_names: Iterable[str]
) -> list[Candidate]:
    """Return what the title may be, each wording once, with all that speaks for it.

    A heading that shares no word with any other title is left out. Parts of a title are candidates
    where the page shows just that part, or where a bar parts it from what follows.
    """
    names = {squeezed(name) for name in site_names} - {""}
    shown = _shown(page)
    found: dict[str, tuple[str, str, set[str]]] = {}

    def add(text: str, source: str, vote: str) -> None:
        key = squeezed(text)
        if key and key not in names and (key in found or len(found) < MAX_CANDIDATES):
            found.setdefault(key, (text, source, set()))[2].add(vote)

    for source, text in _stated(clues):
        title = without_site(text, names)
        add(title, source, source)
        if source in _WHOLES:
            for match in _SEPARATOR.finditer(title):
                before, after = title[: match.start()], title[match.end() :]
                for part in (before, after):
                    if len(part) >= MIN_PART and shown.has(part):
                        add(part, source, "part")
                if match.group().strip() in "|｜»" and len(before) >= MIN_PART:
                    add(before, source, "before-bar")
    keys = list(found)
    return [
        Candidate(text, frozenset(votes | _signs(text, votes, keys, shown)), source)
        for text, source, votes in found.values()
    ]


def headlines(clues: Sequence[Clue]) -> list[str]:
    """Return the page's headings of the first level that another title confirms."""
    return [text for source, text in _titles(clues) if source == HEADING]


def _titles(clues: Sequence[Clue]) -> list[_Stated]:
    """Return the stated titles, without headings that share no word with another of them."""
    titles = [
        _Stated(clue.source, clean_title(clue.value)) for clue in clues if clue.field == "title"
    ]
    others = [_word_set(text) for source, text in titles if not source.startswith(HEADING)]
    return [
        one
        for one in titles
        if not one.source.startswith(HEADING)
        or not others
        or _confirmed(_word_set(one.text), others)
    ]


def _stated(clues: Sequence[Clue]) -> list[_Stated]:
    """Return the titles that may be the page's, the first of each source."""
    stated: dict[str, str] = {}
    for source, text in _titles(clues):
        is_later = source == HEADING and HEADING in stated
        stated.setdefault("page.h1-later" if is_later else source, text)
    return [_Stated(source, text) for source, text in stated.items()]


def _signs(text: str, votes: set[str], keys: Sequence[str], shown: _Shown) -> set[str]:
    """Return the votes that a wording has by itself: shown, as a heading, its length, its kin."""
    key, signs = squeezed(text), set()
    if shown.has(text):
        signs.add("shown")
    if key in shown.headings or not votes.isdisjoint(_HEADLINES):
        signs.add("heading")
    if len(text) < SHORT:
        signs.add("short")
    elif len(text) > LONG:
        signs.add("long")
    if len(key) >= MIN_PART:
        others = [other for other in keys if other != key]
        if any(other.endswith(key) for other in others):
            signs.add("ends-another")
        if any(other.startswith(key) for other in others):
            signs.add("begins-another")
    return signs


def _shown(page: Outline | None) -> _Shown:
    if page is None:
        return _Shown({}, frozenset())
    texts: dict[int, list[str]] = {}
    for text in page.texts:
        if len(text) <= MAX_TITLE:
            texts.setdefault(len(text), []).append(text)
    headings = (
        squeezed(text)
        for text, owner in zip(page.texts, page.owners, strict=True)
        if page.tags[owner] in _HEADINGS and len(text) <= MAX_TITLE
    )
    return _Shown(texts, frozenset(headings))


def _word_set(text: str) -> frozenset[str]:
    return frozenset(word.casefold() for word in words(text[:MAX_TITLE]))


def _confirmed(mine: frozenset[str], others: list[frozenset[str]]) -> bool:
    return any(2 * len(mine & other) >= MIN_SHARED * (len(mine) + len(other)) for other in others)


def clean_title(stated: str) -> str:
    """Return a stated title as one line without markup and entities."""
    return one_line(_MARKUP.sub(" ", html.unescape(html.unescape(stated))))[:MAX_TITLE]


def without_site(title: str, names: set[str]) -> str:
    """Return a title without the parts that are a name of the site.

    >>> without_site("Tide turns - early | The Harbour Post", {"theharbourpost"})
    'Tide turns - early'
    """
    shorter = _cut(title, names)
    while shorter != title:
        title, shorter = shorter, _cut(shorter, names)
    return title


def _cut(title: str, names: set[str]) -> str:
    """Cut the first name that stands alone on one side of a separator."""
    for match in _SEPARATOR.finditer(title):
        before, after = title[: match.start()], title[match.end() :]
        if before and squeezed(after) in names:
            return before
        if after and squeezed(before) in names:
            return after
    return title
