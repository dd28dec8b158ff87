"""Writes a record's dates in the forms that consumers document; no time and no zone is invented."""

import re
from datetime import UTC, datetime

_RFC3339 = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?P<zone>Z|[+-]\d{2}:\d{2})?", re.ASCII)


def read(stated: str | None) -> datetime | None:
    """Return a date of the record as Python reads it: a bare day as its midnight."""
    try:
        return datetime.fromisoformat(stated) if stated else None
    except ValueError:
        return None


def day(stated: str | None) -> str | None:
    """Return the day as stated, whatever the zone.

    >>> day("2026-03-04T23:15:00-05:00"), day("2026-03-04"), day(None)
    ('2026-03-04', '2026-03-04', None)
    """
    moment = read(stated)
    return moment.date().isoformat() if moment else None


def timed(stated: str | None) -> str | None:
    """Return date and time of day, with the zone where one is stated; None for a bare day.

    >>> timed("2026-03-04T08:15:00"), timed("2026-03-04")
    ('2026-03-04T08:15:00', None)
    """
    match = _timed(stated)
    return match.group() if match else None


def instant(stated: str | None) -> str | None:
    """Return what is an instant, in RFC 3339; None for a bare day and for a time without a zone.

    >>> instant("2026-03-04T08:15:00+01:00"), instant("2026-03-04T08:15:00")
    ('2026-03-04T08:15:00+01:00', None)
    """
    match = _timed(stated)
    return match.group() if match and match["zone"] else None


def _timed(stated: str | None) -> re.Match[str] | None:
    moment = read(stated)
    if moment is None or stated is None or ":" not in stated:
        return None
    return _RFC3339.fullmatch(moment.isoformat(timespec="seconds").replace("+00:00", "Z"))


def utc(stated: str | None) -> str | None:
    """Return an instant in UTC; None for what is no instant.

    >>> utc("2026-03-04T08:15:00+01:00")
    '2026-03-04T07:15:00Z'
    """
    known = instant(stated)
    try:
        moment = datetime.fromisoformat(known).astimezone(UTC) if known else None
    except OverflowError:  # the first or last hours of the calendar
        return None
    return moment.isoformat().replace("+00:00", "Z") if moment else None


def clock(stated: str | None) -> str | None:
    """Return ``YYYY-MM-DD HH:MM:SS`` as stated, the zone dropped; a bare day as its midnight.

    >>> clock("2026-03-04T08:15:00+01:00"), clock("2026-03-04")
    ('2026-03-04 08:15:00', '2026-03-04 00:00:00')
    """
    moment = read(stated)
    return moment.replace(tzinfo=None).isoformat(" ", "seconds") if moment else None
