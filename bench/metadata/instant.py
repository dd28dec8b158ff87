"""Dates as gold and systems write them: the day, and the time and zone where they are there."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

# Seconds by which two instants may differ: pages round to minutes.
TOLERANCE = 60.0

# 2024-05-01T10:00:00.5+02:00, 2024-05-01 10:00, 2022-01.26, 2022-11-1.
_DATE = re.compile(
    r"""\s* (?P<year>\d{4}) [-./] (?P<month>\d{1,2}) [-./] (?P<day>\d{1,2}) (?!\d)
    (?: [T\s]+ (?P<time>\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?) \s* (?P<zone>Z|[+-]\d{2}:?\d{2})? )?
    """,
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Instant:
    """A day, and the moment of it where a time is given; naive where no zone is."""

    day: date
    moment: datetime | None

    @property
    def utc_day(self) -> date | None:
        """Return the day in UTC; None without a zone."""
        zoned = self.moment is not None and self.moment.tzinfo is not None
        return self.moment.astimezone(UTC).date() if zoned else None


def parse(text: str) -> Instant | None:
    """Read a date that begins with year, month and day; None where there is no such day.

    >>> parse("2024-05-01T23:30:00-04:00").utc_day
    datetime.date(2024, 5, 2)
    >>> parse("2022-01.26").day, parse("2003-11"), parse("2024-02-31")
    (datetime.date(2022, 1, 26), None, None)
    """
    found = _DATE.match(text)
    if found is None:
        return None
    try:
        day = date(int(found["year"]), int(found["month"]), int(found["day"]))
        return Instant(day, _moment(day, found["time"], found["zone"]))
    except ValueError:
        return None


def _moment(day: date, clock: str | None, zone: str | None) -> datetime | None:
    if clock is None:
        return None
    moment = datetime.combine(day, time.fromisoformat(clock.zfill(5) if ":" in clock else clock))
    return moment if zone is None else datetime.fromisoformat(f"{moment.isoformat()}{zone.upper()}")


def same_day(gold: Instant, answer: Instant) -> bool:
    """Tell whether the answer's day is the gold's, as written or in UTC.

    Two instants with zones may also agree in UTC alone: the same moment may be written in two.

    >>> same_day(parse("2024-05-01T23:30:00-04:00"), parse("2024-05-02"))
    True
    >>> same_day(parse("2024-05-01T22:30:00Z"), parse("2024-05-02T00:30:00+02:00"))
    True
    >>> same_day(parse("2024-05-01"), parse("2024-05-02T00:30:00+02:00"))
    False
    """
    in_utc = gold.utc_day
    return answer.day in {gold.day, in_utc} or (in_utc is not None and in_utc == answer.utc_day)


def has_time(gold: Instant) -> bool:
    """Tell whether a gold date is an instant: midnight to the second is a day written as one."""
    return gold.moment is not None and gold.moment.time() != time()


def same_instant(gold: Instant, answer: Instant) -> bool:
    """Compare two moments: in UTC where both have a zone, else as the clock reads.

    >>> same_instant(parse("2024-05-01 08:00:30+00:00"), parse("2024-05-01T10:00:00+02:00"))
    True
    >>> same_instant(parse("2024-05-01 08:00:00"), parse("2024-05-01T10:00:00+02:00"))
    False
    """
    one, other = gold.moment, answer.moment
    if one is None or other is None:
        return False
    if one.tzinfo is None or other.tzinfo is None:
        one, other = one.replace(tzinfo=None), other.replace(tzinfo=None)
    return abs((one - other).total_seconds()) <= TOLERANCE
