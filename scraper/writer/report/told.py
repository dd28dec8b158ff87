"""How the report says numbers, times and names: one form each, safe to show."""

from datetime import datetime, timedelta

from scraper.writer.explain.shown import flat
from scraper.writer.runs import Run, outcome_of

MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
)

ENDS = {
    "finished": "came to its end",
    "max-time": "stopped at its time limit, with work left",
    "max-pages": "stopped at its page limit, with work left",
    "failed": "ended in an error",
    "SIGINT": "was stopped by Ctrl-C",
    "SIGTERM": "was stopped by SIGTERM",
    "SIGHUP": "was stopped by SIGHUP",
}
"""What a run did in the end, by its reason."""


def number(value: int) -> str:
    """Return a number with a comma every three digits: ``1,204``."""
    return f"{value:,}"


def counted(value: int, unit: str) -> str:
    """Return a number with its unit.

    >>> counted(1, "URL"), counted(1200, "host")
    ('1 URL', '1,200 hosts')
    """
    return f"{value:,} {unit}" if value == 1 else f"{value:,} {unit}s"


def share(part: int, whole: int) -> str:
    """Return a share in per cent; only nothing is 0 %, only all is 100 %.

    >>> share(1, 3), share(1, 5000), share(0, 4), share(4999, 5000), share(0, 0)
    ('33 %', '< 1 %', '0 %', '> 99 %', '')
    """
    if not whole:
        return ""
    if 0 < part < whole / 100:
        return "< 1 %"
    if whole * 0.99 < part < whole:
        return "> 99 %"
    return f"{100 * part / whole:.0f} %"


def size(value: int) -> str:
    """Return bytes in the unit that gives the fewest digits.

    >>> size(0), size(1500), size(48_200_000), size(7_300_000_000)
    ('0 B', '1.5 kB', '48 MB', '7.3 GB')
    """
    scaled, units = float(value), ["TB", "GB", "MB", "kB", "B"]
    while scaled >= 999.5 and len(units) > 1:
        scaled /= 1000
        units.pop()
    whole = units[-1] == "B" or scaled >= 9.95
    return f"{scaled:,.0f} {units[-1]}" if whole else f"{scaled:.1f} {units[-1]}"


def duration(seconds: float) -> str:
    """Return a stretch of time in at most two units.

    >>> duration(0.4), duration(41), duration(2463), duration(7200), duration(90_000)
    ('0.4 s', '41 s', '41 min 3 s', '2 h', '1 d 1 h')
    """
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    left = round(seconds)
    parts: list[str] = []
    for unit, length in (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1)):
        amount, left = divmod(left, length)
        if amount or parts:
            parts.append(f"{amount:,} {unit}" if amount else "")
    return " ".join(filter(None, parts[:2]))


def began(run: Run) -> datetime:
    """Return when the run began, in UTC."""
    return datetime.fromisoformat(run.started)


def day_and_time(moment: datetime) -> str:
    """Return a day and a minute for a table: ``2026-11-28 18:04``."""
    return f"{moment:%Y-%m-%d %H:%M}"


def clock(run: Run, seconds: float) -> str:
    """Return the time of day some seconds after the start, with the day where it is another."""
    start = began(run)
    moment = start + timedelta(seconds=seconds)
    return f"{moment:%H:%M}" if moment.date() == start.date() else day_and_time(moment)


def outcomes(run: Run) -> dict[str, int]:
    """Return how many visits had each of the four outcomes."""
    sums = {"ok": 0, "unchanged": 0, "failed": 0, "other": 0}
    for status, count in run.statuses.items():
        sums[outcome_of(status)] += count
    return sums


def sentence(run: Run) -> str:
    """Return the run in one sentence."""
    start = began(run)
    day = f"{start.day} {MONTHS[start.month - 1]} {start.year} at {start:%H:%M} UTC"
    visited = f"visited {counted(run.visits, 'URL')} on {counted(run.hosts, 'host')}"
    took = f"in {duration(run.seconds)} and {_end(run)}"
    return f"The last run ({flat(run.command, 60)}) began on {day}, {visited} {took}."


def _end(run: Run) -> str:
    if run.reason is None:
        return "has not said that it ended: it is still going, or was killed"
    return ENDS.get(run.reason) or f"ended with {flat(run.reason, 60)}"
