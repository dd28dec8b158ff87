"""Reads dates as machines state them and as pages show them, in any language; writes RFC 3339.

Nothing is guessed: a day without a year is none, a time without a zone stays without, and what may
be read as day and month or month and day keeps its other reading beside it.
"""

import re
import unicodedata
from datetime import UTC, date, datetime, time
from email.utils import parsedate_to_datetime
from functools import cache
from typing import NamedTuple

from scraper.normalizer import wordlists

MAX_DATE = 80
"""Characters. A longer value is no date, and digits without end must not reach a parser."""

MAX_SHOWN = 400
"""Characters of a shown text in which dates are looked for."""

FIRST_YEAR, LAST_YEAR = 1990, 2100
_BUDDHIST = 543
"""Years that the Thai calendar is ahead."""

_STAMP = re.compile(r"1\d{9}(?:\d{3})?", re.ASCII)
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T?(\d\d)(\d\d)(\d\d)?)?(Z|[+-]\d\d:?\d\d)?", re.ASCII)
_FRACTION = re.compile(r"(:\d{2})[.,]\d+")
_SPACED_ZONE = re.compile(r"(:\d{2})\s+([+-]\d{2}:?\d{2}|Z)$")

_WORD = r"(?P<month>[^\W\d_][^\s\d.,;:/()|\-–—]{1,29})(?:\s?/\s?[^\W\d_]\w{1,19})?"
_JOIN = r"(?:\s?(?:de|del|di|of|the|d['’]|den|da|do|ng|ta['’]|i|พศ|ឆ្នាំ)(?!\w))?"
_YEAR_WORD = r"[-\s]?\s?(?:gada|gadu|m\.|г\.|жыл\w{0,5}|йил\w{0,5}|yil\w{0,5}|оны|e?ko|წლის)"
_ORDINAL = r"(?:st|nd|rd|th|er|re|an?|d\.|[.ºª°])?"
_YEAR, _DAY = r"(?<!\d)(?P<year>\d{4})", r"(?P<d>\d{1,2})"
_NUMBERS = r"\s?(?P<sep>[-./])\s?(?P<m>\d{1,2})\s?(?P=sep)\s?"
_DAY_MONTH = rf"{_DAY}{_ORDINAL}[-\s]?{_JOIN}[-\s]?{_WORD}[.,]?[-\s]?{_JOIN}[-\s,]{{0,3}}"
_MONTH_DAY = rf"{_WORD}[.]?\s?{_DAY}(?:st|nd|rd|th|[.])?\s?[,،]?\s{{0,3}}{_JOIN}\s?"
_MONGOLIAN = r"\s?оны\s(?P<m>\d{1,2})(?:-?\w{1,7}|\s\w{1,7})?\sсарын\s"
_SHAPES = tuple(
    re.compile(shape)
    for shape in (
        rf"{_YEAR}\s?[年년]\s?(?P<m>\d{{1,2}})\s?[月월]\s?{_DAY}\s?[日일]?",
        rf"(?<!\.){_YEAR}{_NUMBERS}{_DAY}(?!\d)",
        rf"(?<![\d.,]){_DAY}{_NUMBERS}(?P<year>\d{{4}}|\d{{2}}(?!\d))",
        rf"(?<!\d){_DAY_MONTH}(?P<year>\d{{4}})(?!\d)",
        rf"(?<!\w){_MONTH_DAY}(?P<year>\d{{4}})(?!\d)",
        rf"{_YEAR}[.,]?(?:{_YEAR_WORD})?\s?{_WORD}[.]?\s{{0,2}}{_DAY}(?!\d)(?:an?\b|\sd\.)?",
        rf"{_YEAR}[.,]?{_YEAR_WORD}\s?{_DAY}[-.\s]{{0,2}}{_WORD}",
        rf"{_YEAR}{_MONGOLIAN}{_DAY}(?!\d)",
        rf"(?<!\d){_DAY}\s?(?:tháng|-)\s?(?P<m>\d{{1,2}})\s?(?:,|năm|-)?\s?(?P<year>\d{{4}})(?!\d)",
    )
)
"""How days are written: by numbers in three orders, with a month's name before or after the day."""

_TIME = r"""
    (?P<half>오전|오후|上午|下午|午前|午後|凌晨|晚上)?\s?
    (?P<hour>[01]?\d|2[0-3])
    (?:\s?(?:(?P<sep>[:：.h]|ч\.?)\s?(?=\d\d)|[시時时點点]\s?)(?P<minute>[0-5]?\d)
       (?::(?P<second>[0-5]\d))?)?
    (?![\d.]?\d)
    (?:\s?[分분])?
    \s?(?P<ampm>[ap]\.?\s?m\b\.?|[μπ]\.?μ\.?|[مص]\b|petang|malam|pagi|ng\s(?:hapon|umaga|gabi)
       |পিএম|এএম)?
    (?P<clock>\s?(?:uhr|heures?|h(?:rs?)?)\b\.?)?
"""
_ZONE = r"""
    \(?(?P<zone>(?:UTC|GMT)\s?(?P<offset>[+-−]\s?\d{1,2}(?::?\d{2})?)?|[+-]\d{2}:?\d{2}|[A-Z]{2,5})\b\)?
"""
_AT = r"(?P<at>(?:(?!오[전후]|[上下]午|午[前後])[^\s\d,.|(]{1,8}\.?\s{1,2}){0,2})"
_AFTER = re.compile(
    rf"(?:\s?(?:г|р|r)\.)?[.\s,،|•·–—@-]{{0,4}}{_AT}{_TIME}\s?(?:{_ZONE})?",
    re.VERBOSE | re.IGNORECASE,
)
_BEFORE = re.compile(
    rf"(?<![\d.:]){_TIME}\s?(?:{_ZONE})?[\s,|•·–—-]{{1,4}}(?:(?:on|am|le|den|el)\s)?\Z",
    re.VERBOSE | re.IGNORECASE,
)
_WEEKDAY = re.compile(
    r"[(（][^\W\d_]{1,9}[)）]|[^\W\d_]{1,12}曜日|星期.|(?<=[일日]) ?[월화수목금토일]요일"
)
_AFTERNOON = frozenset("오후 下午 午後 晚上 pm μμ م petang malam nghapon nggabi পিএম".split())
_MORNING = frozenset("오전 上午 午前 凌晨 am πμ ص pagi ngumaga এএম".split())
_HOURS = {
    "Z": 0, "UTC": 0, "GMT": 0, "WET": 0, "WEST": 1, "BST": 1, "CET": 1, "MEZ": 1, "CEST": 2,
    "MESZ": 2, "EET": 2, "SAST": 2, "CAT": 2, "WAT": 1, "EAT": 3, "EEST": 3, "MSK": 3, "WIB": 7,
    "ICT": 7, "HKT": 8, "SGT": 8, "PHT": 8, "JST": 9, "KST": 9, "AEST": 10, "AEDT": 11, "NZST": 12,
    "NZDT": 13, "EST": -5, "EDT": -4, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8,
    "PDT": -7,
}  # fmt: skip
"""Hours by abbreviation; those of several meanings (IST, CST) are left out."""


_OTHER_DIGIT = re.compile(r"(?![0-9])\d")
_THAI_DOTS = re.compile("(?<=[\u0e01-\u0e4e])\\.")


class Shown(NamedTuple):
    """A date in a text: as RFC 3339, where it stands, and its other reading, if it has one."""

    value: str
    start: int
    end: int
    other: str | None


def read_date(stated: str) -> str | None:
    """Return the instant in RFC 3339, a local time without zone, or a bare day; None for the rest.

    >>> read_date("2026-03-04T08:15:00.000+0100"), read_date("Wed, 04 Mar 2026 08:15:00 GMT")
    ('2026-03-04T08:15:00+01:00', '2026-03-04T08:15:00Z')
    >>> read_date("2026-03-04"), read_date("2026-02-30"), read_date("soon"), read_date("1772612100")
    ('2026-03-04', None, None, '2026-03-04T08:15:00Z')
    """
    text = stated.strip()
    if not text or len(text) > MAX_DATE:
        return None
    for read in (_stamp, _compact, _iso, _mail):
        found = read(text)
        if found is not None:
            return _written(found)
    shown = find_dates(text)
    return shown[0].value if shown else None


def _written(moment: datetime | date) -> str | None:
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        return None
    if isinstance(moment, datetime):
        return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
    return moment.isoformat()


def _stamp(text: str) -> datetime | None:
    """Read seconds or milliseconds since 1970."""
    if not _STAMP.fullmatch(text):
        return None
    return datetime.fromtimestamp(int(text[:10]), UTC)


def _compact(text: str) -> datetime | date | None:
    match = _COMPACT.fullmatch(text)
    if not match:
        return None
    year, month, day, hour, minute, second, zone = match.groups()
    iso = f"{year}-{month}-{day}" + (
        f"T{hour}:{minute}:{second or '00'}{zone or ''}" if hour else ""
    )
    return _iso(iso)


def _iso(text: str) -> datetime | date | None:
    plain = _SPACED_ZONE.sub(r"\1\2", _FRACTION.sub(r"\1", text)).replace("UTC", "Z")
    try:
        return date.fromisoformat(plain) if len(plain) == 10 else datetime.fromisoformat(plain)
    except ValueError:
        return None


def _mail(text: str) -> datetime | None:
    """Read the form of mail headers, which some sites put into JSON-LD."""
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return moment if moment.tzinfo else None  # else its zone was not understood


_DAY_HINT = re.compile(
    r"(?:[12]\d{3}|\d{1,2}[./-]\s?\d{1,2}[./-]\s?\d\d)(?!\d)|[\u0660-\u0e59\uff10-\uff19]"
)


def names_a_day(text: str) -> bool:
    """Whether a text may name a day; quick, and never wrong where it says no."""
    return _DAY_HINT.search(text) is not None


def find_dates(text: str, *, month_first: bool = False, language: str = "") -> list[Shown]:
    """Return the dates in a short text, in its order.

    ``month_first`` reads 3/4/2026 as March 4; ``language`` decides which month a name means that
    is one month in Croatian and another in Czech.
    """
    plain = _joined_months(_ascii_digits(text[:MAX_SHOWN]))
    found: list[Shown] = []
    taken = 0
    for match in _matches(plain):
        if match.start() < taken:
            continue
        day = _day(match, month_first=month_first, language=language)
        if day is None:
            continue
        value, other = day
        moment, end = _time_beside(plain, match, taken)
        taken = end
        found.append(Shown(value + moment, match.start(), end, other + moment if other else None))
    return found


def _ascii_digits(text: str) -> str:
    """Return text with the digits of all scripts as ours; dots in Thai months go."""
    if text.isascii():
        return text
    text = _THAI_DOTS.sub("", text)
    return _OTHER_DIGIT.sub(lambda match: str(unicodedata.decimal(match[0])), text)


def _joined_months(text: str) -> str:
    """Put a ``_`` between the words of a month's name, as the list has them; no length changes."""
    if text.isascii() or _long_firsts().isdisjoint(text.casefold().split()):
        return text
    return _long_months().sub(lambda match: re.sub(r"\s", "_", match[0]), text)


@cache
def _long_names() -> tuple[str, ...]:
    """Return the months' names of several words, longest first."""
    names = (name for name in wordlists.months() if "_" in name)
    plain = (name for name in names if not any(map(str.isdigit, name)))
    return tuple(sorted(plain, key=lambda name: (-len(name), name)))


@cache
def _long_firsts() -> frozenset[str]:
    return frozenset(name.partition("_")[0] for name in _long_names())


@cache
def _long_months() -> re.Pattern[str]:
    found = "|".join(re.escape(name).replace("_", r"\s") for name in _long_names())
    return re.compile(rf"(?<!\w)(?:{found})(?!\w)", re.IGNORECASE)


def _matches(text: str) -> list[re.Match[str]]:
    found = [match for shape in _SHAPES for match in shape.finditer(text)]
    return sorted(found, key=lambda match: (match.start(), -match.end()))


def _day(
    match: re.Match[str], *, month_first: bool, language: str
) -> tuple[str, str | None] | None:
    told = match.groupdict()
    year = int(told["year"])
    if len(told["year"]) == 2:
        if told["sep"] == "-":
            return None
        year += 2000
    if year > LAST_YEAR:
        year -= _BUDDHIST
    day = int(told["d"])
    if told.get("month"):
        month = _month(told["month"], language)
        value = _iso_day(year, month, day) if month else None
        return (value, None) if value else None
    month = int(told["m"])
    as_written = _iso_day(year, month, day)
    if told.get("sep") is None or (
        len(match["year"]) == 4 and match.start("year") == match.start()
    ):
        return (as_written, None) if as_written else None
    swapped = _iso_day(year, day, month) if day != month else None
    if told["sep"] == ".":
        return (as_written, None) if as_written else None
    first, second = (swapped, as_written) if month_first else (as_written, swapped)
    if first is None:
        first, second = second, None
    return (first, second) if first else None


def _iso_day(year: int, month: int, day: int) -> str | None:
    try:
        return _written(date(year, month, day))
    except ValueError:
        return None


def _month(name: str, language: str) -> int | None:
    """Return the number of a month's name; of several the language's own, else the commonest."""
    meanings = wordlists.months().get(unicodedata.normalize("NFC", name.casefold().strip("'’.")))
    if not meanings:
        return None
    known = meanings.get(language)
    if known:
        return known
    numbers = list(meanings.values())
    return max(numbers, key=lambda number: (numbers.count(number), -number))


def _time_beside(text: str, match: re.Match[str], taken: int) -> tuple[str, int]:
    """Return the time of day that stands after a date or before it, and where the whole ends."""
    rest = text[match.end() : match.end() + 80]
    weekday = _WEEKDAY.match(rest.lstrip(" ,"))
    skipped = len(rest) - len(rest.lstrip(" ,")) + weekday.end() if weekday else 0
    if rest.startswith("T"):
        skipped += 1
    after = _AFTER.match(rest, skipped)
    moment = _moment(after) if after else ""
    if moment and after:
        return moment, match.end() + after.end()
    before = _BEFORE.search(text[max(taken, match.start() - 30) : match.start()])
    return (_moment(before) if before else ""), match.end()


def _moment(match: re.Match[str]) -> str:
    """Return ``T08:15:00`` with the zone as stated, or nothing where it is no time of day."""
    told = match.groupdict()
    half = told["half"] or (told["ampm"] or "").replace(".", "").replace(" ", "").lower()
    if told["minute"] is None and not (half or told["clock"]):
        return ""
    is_bare = not (told.get("at") or told["clock"] or half or told["zone"])
    if told["sep"] == "." and is_bare:
        return ""
    hour, minute = int(told["hour"]), int(told["minute"] or 0)
    if half in _AFTERNOON and hour < 12:
        hour += 12
    elif half in _MORNING and hour == 12:
        hour = 0
    moment = time(hour, minute, int(told["second"] or 0))
    return f"T{moment.isoformat()}{_zone(told)}"


def _zone(told: dict[str, str | None]) -> str:
    zone, offset = (told["zone"] or "").upper(), told["offset"]
    if not zone:
        return ""
    if offset is None and zone[0] in "+-":
        offset = zone
    if offset is not None:
        digits = re.sub(r"\D", "", offset)
        hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "0")
        if int(hours or 0) > 14 or int(minutes) > 59:
            return ""
        sign = "+" if offset[0] == "+" else "-"
        return f"{sign}{int(hours or 0):02d}:{int(minutes):02d}"
    hours_known = _HOURS.get(zone)
    if hours_known is None:
        return ""
    if hours_known == 0:
        return "Z"
    return f"{hours_known:+03d}:00"
