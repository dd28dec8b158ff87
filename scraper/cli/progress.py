"""Shows how a run of visits goes: a bar on a terminal, a line for each URL where it is wanted."""

import json
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import click

from scraper.cli.exits import FAILED
from scraper.urls import for_logs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scraper.cli.report import Tally
    from scraper.model import Visit

T = TypeVar("T")
LogFormat = Literal["text", "json"]


def followed(
    visits: "Iterator[Visit]",
    tally: "Tally",
    *,
    total: "Callable[[], int | None]",
    quiet: bool,
    verbose: int,
    log_format: LogFormat,
) -> "Iterator[Visit]":
    """Yield the visits, counting them, and say on stderr how it goes.

    A terminal has a bar with ``total()`` as its end, which may grow, and None where nobody knows
    it. From ``verbose`` 1 on each URL has a line, in JSON where ``log_format`` says so; a log of
    JSON has no bar. ``quiet`` wins over all of it.
    """
    line = json_line_of if log_format == "json" else line_of
    lines = bool(verbose) and not quiet
    if quiet or log_format == "json" or not sys.stderr.isatty():
        for visit in visits:
            tally.count(visit.status, visit.code)
            if lines:
                click.echo(line(visit), err=True)
            yield visit
    else:
        counted = _counted(visits, tally)
        yield from with_bar(counted, tally.now, total, line=line_of if lines else None)


def _counted(visits: "Iterator[Visit]", tally: "Tally") -> "Iterator[Visit]":
    for visit in visits:
        tally.count(visit.status, visit.code)
        yield visit


def line_of(visit: "Visit") -> str:
    """Return a visit as three words: status, code or ``-``, and the URL without a space."""
    return f"{visit.status} {visit.code or '-'} {_shown(visit.link.url)}"


def log_line(event: str, level: str, **fields: Any) -> str:
    """Return one line of JSON in ASCII: no text can end it or send a terminal a command."""
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return json.dumps({"time": now, "level": level, "event": event} | fields)


def json_line_of(visit: "Visit") -> str:
    """Return a visit as a line of JSON."""
    article = visit.article
    return log_line(
        "visit",
        "warning" if visit.status in FAILED else "info",
        url=for_logs(visit.link.url),
        status=visit.status,
        code=visit.code,
        http_status=visit.fetch.http_status,
        elapsed_ms=visit.fetch.elapsed_ms,
        words=article.word_count if article else None,
        version=article.version if article else None,
    )


def _shown(url: str) -> str:
    """Return a URL as one printable word, so that it cannot pose as another line or word."""
    return "".join(filter(str.isprintable, for_logs(url).replace(" ", "%20")))


def with_bar(
    items: "Iterator[T]",
    now: "Callable[[], str]",
    total: "Callable[[], int | None]",
    *,
    line: "Callable[[T], str] | None" = None,
) -> "Iterator[T]":
    """Yield ``items`` with a bar that says what ``now`` says; above it the ``line`` of each."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[now]}"),
    )
    # Lines go through this console: it draws the bar anew below them.
    console = Console(stderr=True, markup=False, highlight=False, emoji=False)
    with Progress(*columns, console=console, transient=True) as progress:
        bar = progress.add_task("", total=total(), rate="", now="")
        for item in items:
            speed = progress.tasks[0].speed
            rate = "" if speed is None else f"{speed:.1f}/s"
            progress.update(bar, advance=1, total=total(), rate=rate, now=now())
            if line is not None:
                console.print(line(item), soft_wrap=True)
            yield item
