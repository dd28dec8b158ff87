"""Reads dates as pages state them and writes them as RFC 3339, with the zone as stated."""

import re
from datetime import date, datetime
from email.utils import parsedate_to_datetime

MAX_DATE = 60
"""Characters. A longer value is no date, and digits without end must not reach a parser."""

FIRST_YEAR, LAST_YEAR = 1990, 2100
_DAY = re.compile(r"^(\d{4})-(\d{2})-(\d{2})$")
_FRACTION = re.compile(r"(:\d{2})[.,]\d+")


def read_date(stated: str) -> str | None:
    """Return the instant in RFC 3339, a local time without zone, or a bare day; None for the rest.

    >>> read_date("2026-03-04T08:15:00.000+0100"), read_date("Wed, 04 Mar 2026 08:15:00 GMT")
    ('2026-03-04T08:15:00+01:00', '2026-03-04T08:15:00Z')
    >>> read_date("2026-03-04"), read_date("2026-02-30"), read_date("soon")
    ('2026-03-04', None, None)
    """
    text = stated.strip()
    if not text or len(text) > MAX_DATE:
        return None
    if _DAY.match(text):
        return text if _day(text) else None
    moment = _iso(text) or _mail(text)
    if moment is None or not FIRST_YEAR <= moment.year <= LAST_YEAR:
        return None
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def _day(text: str) -> bool:
    try:
        return FIRST_YEAR <= date.fromisoformat(text).year <= LAST_YEAR
    except ValueError:
        return False


def _iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(_FRACTION.sub(r"\1", text))
    except ValueError:
        return None


def _mail(text: str) -> datetime | None:
    """Read the form of mail headers, which some sites put into JSON-LD."""
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
