"""Tells a person how a run goes: a bar on a terminal, one summary line otherwise."""

import sys
import time
from collections import Counter
from typing import TYPE_CHECKING

import click

from scraper.cli.exits import exit_code

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.cli.progress import LogFormat
    from scraper.model import Article


class Tally:
    """Counts how the URLs of a run ended."""

    def __init__(self) -> None:
        self.statuses: Counter[str] = Counter()
        self.codes: Counter[str] = Counter()
        self._started = time.monotonic()

    def add(self, article: "Article") -> None:
        """Count one record."""
        self.count(article.status, article.error.code if article.error else None)

    def count(self, status: str, code: str | None) -> None:
        """Count one URL by its status, and by the code of its failure where it has one."""
        self.statuses[status] += 1
        if code:
            self.codes[code] += 1

    def now(self) -> str:
        """Return the counts of the most frequent statuses: ``80 ok, 35 unchanged``."""
        return ", ".join(f"{number} {status}" for status, number in self.statuses.most_common(4))

    def summary(self, unit: str, extra: str = "") -> str:
        """Return the run in one line, such as ``12 URLs: 10 ok, 2 error (2 http_4xx) in 3.1 s``."""
        parts = [f"{number} {status}" for status, number in self.statuses.most_common()]
        codes = ", ".join(f"{number} {code}" for code, number in self.codes.most_common(5))
        total = self.statuses.total()
        line = f"{total} {unit if total == 1 else unit + 's'}"
        line += ": " + ", ".join(parts) if parts else ""
        line += f" ({codes})" if codes else ""
        return f"{line} in {time.monotonic() - self._started:.1f} s{extra}"

    def close(
        self,
        *,
        unit: str,
        fail_on: float,
        quiet: bool,
        extra: str = "",
        log_format: "LogFormat" = "text",
    ) -> int:
        """Say the summary, unless the user wants quiet and all went well; return the exit code."""
        code = exit_code(self.statuses, fail_on)
        if code or not quiet:
            summary = self.summary(unit, extra)
            line = self._log_line(summary, code) if log_format == "json" else f"scraper: {summary}"
            click.echo(line, err=True)
        return code

    def _log_line(self, summary: str, code: int) -> str:
        from scraper.cli.progress import log_line

        return log_line(
            "summary",
            "warning" if code else "info",
            urls=self.statuses.total(),
            statuses=dict(self.statuses.most_common()),
            codes=dict(self.codes.most_common()),
            seconds=round(time.monotonic() - self._started, 3),
            message=summary,
        )


def followed(
    articles: "Iterator[Article]", tally: Tally, *, total: int | None, quiet: bool
) -> "Iterator[Article]":
    """Yield the records, counting them, with a progress bar where stderr is a terminal."""
    counted = _counted(articles, tally)
    if quiet or not sys.stderr.isatty():
        yield from counted
        return
    from scraper.cli.progress import with_bar

    yield from with_bar(counted, tally.now, lambda: total)


def _counted(articles: "Iterator[Article]", tally: Tally) -> "Iterator[Article]":
    for article in articles:
        tally.add(article)
        yield article
