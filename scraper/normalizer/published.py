"""Finds when an article was published and when it was changed, of all days that a page names."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from scraper.normalizer import wordlists
from scraper.normalizer.ballot import Candidate
from scraper.normalizer.dates import find_dates, names_a_day, read_date
from scraper.normalizer.metadata import Clue, Zone
from scraper.normalizer.wordlists import MARKS, phrases
from scraper.urls import host_of

MAX_CANDIDATES = 30
LABEL = 40
"""Characters before a date in which its label stands."""
ALONE = 0.6
"""Share of a line that the date takes up from which the line is a date and no more."""
PROSE = 60
"""Characters beside a date above which a line is prose or a caption, which may name any day."""

URL_DAY = "url.day"
ONLY_CHANGED = frozenset(("class:changed-stated", "class:changed-shown"))

_URL_DAY = re.compile(
    r"(?<!\d)((?:19|20)\d\d)[-/_.]?(0?[1-9]|1[0-2])[-/_.]?(0?[1-9]|[12]\d|3[01])(?!\d)", re.ASCII
)
_URL_PARTS = re.compile(r"/((?:19|20)\d\d)/(\d{1,2}|[a-z]{3})/(\d{1,2})(?=/|$|-)", re.ASCII)
_URL_MONTH = re.compile(r"/((?:19|20)\d\d)[/-]?(0[1-9]|1[0-2])(?=/)", re.ASCII)
_CHANGED_NAME = re.compile(r"updat|modif|edit|revis|aktualis|actualiz|chang", re.IGNORECASE)
_PUBLISHED_NAME = re.compile(r"pubdate|publi|post|creat|issue|erschein", re.IGNORECASE)
_MONTH_FIRST = frozenset(("en", "en-us", ""))
"""Languages in which 3/4/2026 is March 4, unless the host's country says otherwise."""
_DAY_FIRST_HOSTS = re.compile(r"\.(uk|au|nz|ie|in|za|ng|ke|sg|my|pk|eu|de|fr|it|es)(:\d+)?$")


class Sighting(NamedTuple):
    """A date that somebody states or shows: its vote, its source, whether it is one of a change."""

    value: str
    vote: str
    source: str
    changed: bool
    other: str | None = None


class _Site(NamedTuple):
    language: str
    month_first: bool


def sightings(clues: Sequence[Clue], zone: Zone, url: str, language: str) -> tuple[Sighting, ...]:
    """Return all dates that the clues name, in order; ``language`` is what the page states."""
    tag = language.lower().replace("_", "-")
    day_first = tag not in _MONTH_FIRST or _DAY_FIRST_HOSTS.search(host_of(url) or "")
    site = _Site(tag.partition("-")[0], month_first=not day_first)
    found: list[Sighting] = []
    for clue in clues:
        if clue.source == "page.time":
            found += _of_time(clue, zone, site)
        elif clue.source in ("page.line", "page.date-box"):
            if names_a_day(clue.value):
                found += _of_text(clue, zone, site)
        elif clue.field in ("date_published", "date_modified"):
            value = read_date(clue.value)
            if value:
                changed = clue.field == "date_modified"
                found.append(Sighting(value, clue.source, clue.source, changed))
    day = _url_day(url)
    if day:
        found.append(Sighting(day, URL_DAY, URL_DAY, changed=False))
    return tuple(found)


def _of_time(clue: Clue, zone: Zone, site: _Site) -> Iterator[Sighting]:
    """Yield the date of a ``time`` element, whose attribute says more than its text."""
    text, names = clue.details.get("text", ""), clue.details.get("name", "")
    value, other = read_date(clue.value), None
    if value is None:
        shown = find_dates(text or clue.value, **site._asdict())
        if not shown:
            return
        value, other = shown[0].value, shown[0].other
    changed = _is_change(names) or _label(text) == "updated"
    where = "near" if zone.is_near(clue.place) else "far"
    yield Sighting(value, f"time-{where}", clue.source, changed, other)
    if _PUBLISHED_NAME.search(names):
        yield Sighting(value, f"time-published-{where}", clue.source, changed)


def _of_text(clue: Clue, zone: Zone, site: _Site) -> Iterator[Sighting]:
    """Yield the dates in a line or a box, each with what its label says of it."""
    text = " ".join(clue.value.split())
    is_box = clue.source == "page.date-box"
    where = zone.where(clue.place)
    end = 0
    for shown in find_dates(text, **site._asdict()):
        label = _label(text[end : shown.start]) or _label_after(text[shown.end :])
        end = shown.end
        changed = label == "updated"
        if is_box and not label:
            changed = _is_change(clue.details.get("name", ""))
        kind = "box" if is_box else _kind(len(text), shown.end - shown.start, label)
        yield Sighting(shown.value, f"{kind}-{where}", clue.source, changed, shown.other)
        if label == "published":
            yield Sighting(shown.value, f"labelled-{where}", clue.source, changed)


def _kind(whole: int, part: int, label: str) -> str:
    """Return what a line with a date is, by the characters of both."""
    if whole - part > PROSE and not label:
        return "prose"
    return "line-alone" if part >= ALONE * whole else "line"


def _is_change(name: str) -> bool:
    """Whether a name speaks of changes alone: blog software writes ``published updated``."""
    return bool(_CHANGED_NAME.search(name)) and not _PUBLISHED_NAME.search(name)


def _label(before: str) -> str:
    """Return ``published`` or ``updated`` where the words before a date say so, or nothing."""
    said = before[-LABEL:].strip(MARKS)
    words = said.split()
    if not words:
        return ""
    for kind in ("updated", "published"):
        found = phrases(kind)
        if wordlists.end(found, words, said) >= 0 or wordlists.start(found, words, said):
            return kind
    return ""


def _label_after(after: str) -> str:
    said = after[:LABEL].strip(MARKS)
    words = said.split()
    kinds = ("updated", "published")
    return next(
        (kind for kind in kinds if words and wordlists.start(phrases(kind), words, said)), ""
    )


def _url_day(url: str) -> str | None:
    """Return the day that an address names."""
    match = _URL_PARTS.search(url.lower()) or _URL_DAY.search(url)
    if not match:
        return None
    year, month, day = match.groups()
    number = month if month.isdigit() else wordlists.months().get(month, {}).get("en", 0)
    try:
        return date(int(year), int(number), int(day)).isoformat()
    except ValueError:
        return None


def date_candidates(found: Sequence[Sighting], url: str) -> list[Candidate]:
    """Return the days on which the article may have been published, each with its votes."""
    votes: dict[str, set[str]] = {}
    sources: dict[str, str] = {}
    firsts: set[str] = set()

    def ballot_of(value: str, source: str) -> set[str] | None:
        day = value[:10]
        if day not in votes and len(votes) == MAX_CANDIDATES:
            return None
        sources.setdefault(day, source)
        return votes.setdefault(day, set())

    for one in found:
        mine = ballot_of(one.value, one.source)
        if mine is None:
            continue
        if one.changed:
            is_shown = one.source.startswith("page.")
            mine.add("changed:" + one.vote if is_shown else "changed:stated")
            continue
        mine.add(one.vote)
        if one.source.startswith("page.") and one.vote not in firsts:
            firsts.add(one.vote)
            mine.add("first:" + one.vote)
        elif _group(one.vote) in ("stated", "page"):
            mine.add(_precision(one.value))
        other = ballot_of(one.other, one.source) if one.other else None
        if other is not None and one.other and one.other[:10] != one.value[:10]:
            other.add("other-reading")
    changed = {one.value[:10] for one in found if one.changed}
    month = _URL_MONTH.search(url)
    found_days = []
    for day, mine in votes.items():
        cast = mine | _signs(day, votes, changed, month)
        found_days.append(Candidate(day, frozenset((*cast, _class(cast))), sources[day]))
    return found_days


def _signs(
    day: str, days: dict[str, set[str]], changed: set[str], month: re.Match[str] | None
) -> set[str]:
    """Return the votes that a day has for its place among the others."""
    signs = set()
    if month and day.startswith(f"{month[1]}-{month[2]}"):
        signs.add("url.month")
    if any(_days_apart(day, other) == 1 for other in days):
        signs.add("neighbour")
    if len(days) == 1:
        signs.add("only")
    if day == min(days):
        signs.add("earliest")
    if day in changed:
        signs.add("changed")
    return signs


def _precision(value: str) -> str:
    """Return how exactly a time is stated: in the site's own zone its day is the one it shows."""
    if len(value) == 10:
        return "stated:day"
    if value.endswith("Z"):
        return "stated:utc"
    return "stated:local" if len(value) == 19 else "stated:zone"


def _class(votes: set[str]) -> str:
    """Return in one word where a day is named: agreement is worth more than its parts."""
    groups = {_group(vote) for vote in votes}
    if "shown" in groups:
        return "class:stated+shown" if groups & {"stated", "page"} else "class:shown"
    for group in ("stated", "page", "changed-shown", "changed-stated", "far"):
        if group in groups:
            return f"class:{group}"
    return "class:other"


def _group(vote: str) -> str:
    if vote.startswith("changed:"):
        return "changed-stated" if vote == "changed:stated" else "changed-shown"
    if vote.startswith("jsonld-page."):
        return "page"
    if vote.startswith(("head.", "jsonld.", "microdata.", "state.", URL_DAY)):
        return "stated"
    if vote.startswith(("time-", "line-", "box-", "labelled-", "prose-")):
        is_shown = not vote.endswith("-far") and not vote.startswith(("prose-", "box-end"))
        return "shown" if is_shown else "far"
    return ""


def _days_apart(one: str, other: str) -> int:
    return abs((date.fromisoformat(one) - date.fromisoformat(other)) // timedelta(days=1))


def best_instant(day: str, found: Sequence[Sighting], *, changed: bool) -> Sighting:
    """Return the most exact of the dates named on ``day``: with a zone, with a time, stated first.

    ``changed`` asks for those of changes; where there is none of the kind, all are looked at.
    """
    same = [one for one in found if one.value.startswith(day)]
    kind = [one for one in same if one.changed == changed] or same
    if not kind:  # the other reading of a date
        return Sighting(day, "other-reading", "page.line", changed)
    return max(kind, key=lambda one: (_exactness(one.value), not one.source.startswith("page.")))


def _exactness(value: str) -> int:
    return 0 if len(value) == 10 else 1 if len(value) == 19 else 2
