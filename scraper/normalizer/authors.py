"""Finds who signed an article, of all names that a page states or shows."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from scraper.model import Author
from scraper.normalizer.ballot import Candidate
from scraper.normalizer.metadata import Clue, Zone
from scraper.normalizer.people import (
    after_by,
    by_inside,
    is_caseless,
    is_organization,
    is_person,
    names_in,
)
from scraper.normalizer.wordlists import MARKS, phrases
from scraper.text import one_line, squeezed
from scraper.urls import resolve

MAX_CANDIDATES = 40
SHORT_LINE = 80
"""Characters of a line that may be a name alone; twice as many where a word introduces one."""
SIGNATURE = 2
"""Blocks after the text among which a name alone is its signature."""
MAX_HOUSE = 120
"""Characters of an organization's name."""
MANY = 3
"""Authors above which a byline is long."""

_LINKS = ("page.rel-author", "page.author-link")
"""Sources whose clues are one name each, so that those of one place make up one byline."""
_BOX = "page.byline-box"
_LINE = "page.line"
_NOBODY = frozenset(("head.twitter:creator", "head.twitter:site"))
"""Names of accounts: 2 to 6 % of them are the author's."""


class Signed(NamedTuple):
    """Names that are stated or shown together, as written and folded; the vote; the source."""

    names: tuple[str, ...]
    keys: tuple[str, ...]
    vote: str
    source: str


class Byline(NamedTuple):
    """A candidate and the authors that it stands for."""

    candidate: Candidate
    authors: tuple[Author, ...]


def signatures(clues: Sequence[Clue], zone: Zone, language: str = "") -> list[Signed]:
    """Return all bylines that the clues name: stated ones, boxes, lines, links."""
    stated: dict[str, list[Clue]] = {}
    links: dict[tuple[str, str], list[Clue]] = {}
    shown: list[Signed] = []
    for clue in clues:
        if clue.source in _LINKS:
            links.setdefault((clue.source, zone.where(clue.place)), []).append(clue)
        elif clue.source == _BOX:
            names = names_in(clue.value, strict=True, language=language)
            shown += _signed(names, f"{clue.source}-{zone.where(clue.place)}", clue.source)
        elif clue.source == _LINE:
            shown += _line(clue, zone, language)
        elif clue.field == "authors" and clue.source not in _NOBODY:
            stated.setdefault(clue.source, []).append(clue)
    found: list[Signed] = []
    for source, several in stated.items():
        if source.startswith("microdata."):
            found += _microdata(source, several, zone)
        else:
            found += _joined(several, source, source)
    found += shown
    for (source, where), several in links.items():
        found += _joined(several, f"{source}-{where}", source)
        if len(several) > 1:
            found += _joined(several[:1], f"{source}-{where}-first", source)
    return found


def _signed(names: Iterable[str], vote: str, source: str) -> Iterator[Signed]:
    found = tuple(names)
    if found:
        yield Signed(found, tuple(map(squeezed, found)), vote, source)


def _joined(clues: Iterable[Clue], vote: str, source: str) -> Iterator[Signed]:
    names: dict[str, str] = {}
    for clue in clues:
        for name in _house(clue) or names_in(clue.value, strict=False):
            key = squeezed(name)
            if key not in names or _looks(name) > _looks(names[key]):
                names[key] = name
    yield from _signed(names.values(), vote, source)


def _house(clue: Clue) -> list[str]:
    """Return the name of what is stated as an organization, whole: it may hold an ``and``."""
    name = one_line(clue.value) if clue.details.get("kind") == "organization" else ""
    return [name] if squeezed(name) and len(name) <= MAX_HOUSE else []


def _microdata(source: str, clues: Sequence[Clue], zone: Zone) -> Iterator[Signed]:
    """Yield the properties around the headline, and the first of all: later ones are of teasers."""
    near = [clue for clue in clues if zone.is_near(clue.place) or clue.place < 0]
    yield from _joined(near, source, source)
    if len(near) < len(clues):
        yield from _joined(clues[:1], f"{source}-first", source)


def _line(clue: Clue, zone: Zone, language: str) -> Iterator[Signed]:
    """Yield the names in a line: after a word that introduces them, beside a date, or alone."""
    text = clue.value
    if len(text) > 2 * SHORT_LINE:
        return
    where = zone.where(clue.place)
    if where == "near" and zone.headline >= 0:
        is_below = zone.headline <= clue.place <= zone.first
        where = "before" if clue.place < zone.headline else "below" if is_below else where
    kind, rest = "by-line", None
    words = text.split()
    firsts = phrases("by").firsts
    if words[0].strip(MARKS).casefold() in firsts or ":" in words[0] or not text.isascii():
        rest = after_by(text, language)
    if rest is None and (":" in text or not firsts.isdisjoint(words)):
        kind, rest = "by-inside", by_inside(text, language)
    if rest is not None:
        names = names_in(rest, strict=True, language=language) or _pen_name(rest)
        yield from _signed(names, f"{kind}-{where}", "page.byline-line")
    elif _may_be_a_name(clue, zone, where, words):
        names = names_in(text, strict=True, language=language)
        if all(is_person(name) for name in names):
            kind = "dated-name" if any(map(str.isdigit, text)) else "name-line"
            yield from _signed(names, f"{kind}-{where}", "page.name-line")


def _may_be_a_name(clue: Clue, zone: Zone, where: str, words: Sequence[str]) -> bool:
    """Whether a line may be a name alone, by its place and its capitals: most lines are not."""
    is_signature = where == "end" and clue.place - zone.last <= SIGNATURE
    if len(clue.value) > SHORT_LINE or not (where == "below" or is_signature):
        return False
    return sum(not word[0].islower() for word in words) >= 2 or is_caseless(words[0])


def _pen_name(rest: str) -> list[str]:
    """Return a single word that is all of a byline, or all before a sign or a date."""
    first = names_in(rest[:SHORT_LINE], strict=False)[:1]
    return [name for name in first if " " not in name and len(name) > 2]


class _Around(NamedTuple):
    """What names are judged by: what is shown near the headline and at the end, the site."""

    near: str
    end: str
    sites: frozenset[str]


def author_candidates(
    found: Sequence[Signed], clues: Sequence[Clue], zone: Zone, site_names: Iterable[str]
) -> list[Byline]:
    """Return the sets of authors that may have signed, each with its votes; without their pages."""
    around = _around(clues, zone, site_names)
    known = _known(found, clues, around.sites)
    groups: dict[frozenset[str], tuple[tuple[Author, ...], str, set[str]]] = {}
    seen: set[str] = set()
    for one in found:
        keys = _signing(one, known, around.sites)
        authors, key = tuple(known[name] for name in keys), frozenset(keys)
        if key not in groups and len(groups) == MAX_CANDIDATES:
            continue
        votes = groups.setdefault(key, (authors, one.source, set()))[2]
        votes.add(one.vote)
        if one.source.startswith("page.") and one.vote not in seen:
            seen.add(one.vote)
            votes.add("first:" + one.vote)
    bylines = []
    for key, (authors, source, votes) in groups.items():
        cast = votes | _signs(key, authors, list(groups), around)
        value = ", ".join(author.name for author in authors)
        candidate = Candidate(value, frozenset((*cast, _class(cast))), source)
        bylines.append(Byline(candidate, authors))
    return bylines


def _around(clues: Sequence[Clue], zone: Zone, site_names: Iterable[str]) -> _Around:
    lines = [clue for clue in clues if clue.source == _LINE]
    near = (clue.value for clue in lines if zone.is_near(clue.place))
    end = (clue.value for clue in lines if zone.is_end(clue.place))
    sites = frozenset(map(squeezed, site_names)) - {""}
    return _Around(squeezed(" ".join(near)), squeezed(" ".join(end)), sites)


def _known(
    found: Sequence[Signed], clues: Sequence[Clue], sites: frozenset[str]
) -> dict[str, Author]:
    """Return the author that each name stands for, in its best spelling: not ``ada-fern``."""
    houses = {squeezed(clue.value) for clue in clues if clue.details.get("kind") == "organization"}
    best: dict[str, str] = {}
    for one in found:
        for key, name in zip(one.keys, one.names, strict=True):
            if key not in best or _looks(name) > _looks(best[key]):
                best[key] = name
    return {
        key: Author(
            name=name,
            url=None,
            kind="organization"
            if key in sites or key in houses or is_organization(name)
            else "person",
        )
        for key, name in best.items()
    }


def _looks(name: str) -> int:
    return 2 * (" " in name) + (name != name.lower()) + (name != name.upper())


def _signing(one: Signed, known: Mapping[str, Author], sites: frozenset[str]) -> list[str]:
    """Return whose names sign: the site itself only where no person signs with it."""
    people = any(known[key].kind == "person" for key in one.keys)
    return [key for key in dict.fromkeys(one.keys) if not people or key not in sites]


def with_pages(authors: Iterable[Author], clues: Sequence[Clue], base: str) -> tuple[Author, ...]:
    """Return authors with the addresses of their pages, as far as the clues have them."""
    pages: dict[str, str] = {}
    for clue in clues:
        if clue.field == "authors" and clue.details.get("url"):
            pages.setdefault(squeezed(" ".join(clue.value.split())), clue.details["url"])
    found = []
    for author in authors:
        page = pages.get(squeezed(author.name))
        url = resolve(base, page) if page else None
        found.append(Author(name=author.name, url=url, kind=author.kind))
    return tuple(found)


def _signs(
    key: frozenset[str],
    authors: Sequence[Author],
    keys: Sequence[frozenset[str]],
    around: _Around,
) -> set[str]:
    """Return the votes that some names have by themselves and for their place among the others."""
    people = [author.name for author in authors if author.kind == "person"]
    words = [name for name in people if " " not in name and not is_caseless(name)]
    is_near = [name in around.near for name in key]
    is_end = [name in around.end for name in key]
    told = {
        "shown": all(is_near),
        "shown-at-end": all(is_end) and not all(is_near),
        "not-shown": not any(is_near) and not any(is_end),
        "part-of-another": any(key < other for other in keys),
        "holds-another": any(key > other for other in keys),
        "organization": not people,
        "site": bool(key & around.sites),
        "one-word": bool(words),
        "lower": any(name.islower() and not is_caseless(name) for name in people),
        "many": len(authors) > MANY,
        "like-a-name": all(is_person(author.name) for author in authors),
        "only": len(keys) == 1,
    }
    return {sign for sign, is_so in told.items() if is_so}


def _class(votes: set[str]) -> str:
    """Return in one word who signs and where that is said: agreement is more than its parts."""
    kinds = {"site": "site", "organization": "organization", "one-word": "word"}
    kind = next((name for sign, name in kinds.items() if sign in votes), "person")
    groups = {_group(vote) for vote in votes}
    said = len(groups & {"jsonld", "head", "microdata"})
    seen = len(groups & {"link", "box", "line"})
    how = f"stated{min(said, 2)}" if said else ""
    how += f"+shown{min(seen, 2)}" if seen else "+seen" if "shown" in votes else ""
    return f"class:{kind}:{how or 'far'}"


_GROUPS = {"jsonld": "jsonld", "head": "head.", "microdata": "microdata."}
"""Embedded state is none of them: half of the authors that it names first are not the article's."""


def _group(vote: str) -> str:
    vote = vote.removeprefix("first:")
    for group, said in _GROUPS.items():
        if vote.startswith(said):
            return group
    if vote.endswith(("-far", "-before", "-end")):
        return ""
    if vote.startswith(_LINKS):
        return "link"
    if vote.startswith("page.byline"):
        return "box"
    return "line" if vote.startswith(("by-", "name-", "dated-")) else ""
