"""Tells a person how a run goes: a bar on a terminal, one summary line otherwise."""

import sys
import time
from collections import Counter
from typing import TYPE_CHECKING

import click

from scraper.cli.exits import exit_code

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.model import Article


class Tally:
    """Counts how the URLs of a run ended."""

    def __init__(self) -> None:
        self.statuses: Counter[str] = Counter()
        self.codes: Counter[str] = Counter()
        self._started = time.monotonic()

    def add(self, article: "Article") -> None:
        """Count one record."""
        self.statuses[article.status] += 1
        if article.error:
            self.codes[article.error.code] += 1

    def summary(self, unit: str, extra: str = "") -> str:
        """Return the run in one line, such as ``12 URLs: 10 ok, 2 error (2 http_4xx) in 3.1 s``."""
        parts = [f"{number} {status}" for status, number in self.statuses.most_common()]
        codes = ", ".join(f"{number} {code}" for code, number in self.codes.most_common(5))
        total = self.statuses.total()
        line = f"{total} {unit if total == 1 else unit + 's'}"
        line += ": " + ", ".join(parts) if parts else ""
        line += f" ({codes})" if codes else ""
        return f"{line} in {time.monotonic() - self._started:.1f} s{extra}"

    def close(self, *, unit: str, fail_on: float, quiet: bool, extra: str = "") -> int:
        """Say the summary, unless the user wants quiet and all went well; return the exit code."""
        code = exit_code(self.statuses, fail_on)
        if code or not quiet:
            click.echo("scraper: " + self.summary(unit, extra), err=True)
        return code


def followed(
    articles: "Iterator[Article]", tally: Tally, *, total: int | None, quiet: bool
) -> "Iterator[Article]":
    """Yield the records, counting them, with a progress bar where stderr is a terminal."""
    if quiet or not sys.stderr.isatty():
        for article in articles:
            tally.add(article)
            yield article
        return
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
        TimeRemainingColumn(),
        TextColumn("{task.fields[now]}"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("", total=total, now="")
        for article in articles:
            tally.add(article)
            now = ", ".join(
                f"{number} {status}" for status, number in tally.statuses.most_common(4)
            )
            progress.update(bar, advance=1, now=now)
            yield article
