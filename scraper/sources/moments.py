"""Reads the times of feeds and sitemaps: ISO 8601, and the dates of mail headers."""

import re
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache

from scraper.text import one_line

MAX_STATED = 64
"""Characters of a time that are read; the longest form of a mail header has 45."""

_ISO = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)"
    r"(?:(?:T|\s+)(?P<time>\d\d:\d\d(?::\d\d)?)(?:[.,]\d+)?\s*(?P<zone>Z|UTC|[+-]\d\d(?::?\d\d)?)?)?",
    re.ASCII | re.IGNORECASE,
)


@lru_cache(1000)  # the entries of a sitemap share few
def read_moment(stated: str) -> str | None:
    """Return a time in RFC 3339, without zone or as a bare day where no more is said.

    What cannot be read is returned as stated, in one line; None where nothing is.

    >>> read_moment("Wed, 04 Mar 2026 08:15:00 +0100"), read_moment("2026-03-04T08:15Z")
    ('2026-03-04T08:15:00+01:00', '2026-03-04T08:15:00Z')
    >>> read_moment("2026-03-04"), read_moment("mer., 4 mars 2026"), read_moment(" ")
    ('2026-03-04', 'mer., 4 mars 2026', None)
    """
    text = one_line(stated[:MAX_STATED]).strip()
    match = _ISO.fullmatch(text)
    if match and not match["time"]:
        return text
    read = _iso(match) if match else _mail(text)
    return _written(read) if read else text or None


def _iso(match: re.Match[str]) -> datetime | None:
    zone = (match["zone"] or "").upper().replace("UTC", "Z")
    try:
        return datetime.fromisoformat(f"{match['day']}T{match['time']}{zone}")
    except ValueError:
        return None


def _mail(text: str) -> datetime | None:
    """Read the form of mail headers; an unknown name of a zone leaves the time without one."""
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _written(read: datetime) -> str:
    return read.isoformat(timespec="seconds").replace("+00:00", "Z")
