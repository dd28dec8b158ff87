"""``scraper discover``: print the pages that a site names in its feeds and sitemaps."""

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scraper.cli.exits import NOTHING, OK, SOME_FAILED
from scraper.cli.options import config, setting, settings_from

if TYPE_CHECKING:
    from scraper.discovery import Document
    from scraper.model import Link


def _since(_ctx: click.Context, _param: click.Parameter, stated: str | None) -> float | None:
    """Return a day or time as Unix seconds."""
    from scraper.text import moment

    seconds = moment(stated)
    if stated is not None and seconds is None:
        raise click.BadParameter("expected a day or time such as 2026-03-04")
    return seconds


@click.command(
    epilog="""\b
Examples:
  scraper discover example.org
  scraper discover example.org --since 2026-03-01 | scraper crawl - -C corpus
  scraper discover https://example.org/feed.xml -f jsonl"""
)
@click.argument("site", metavar="SITE")
@click.option("--feeds/--no-feeds", default=True, show_default=True, help="Look into feeds.")
@click.option(
    "--sitemaps/--no-sitemaps", default=True, show_default=True, help="Look into sitemaps."
)
@click.option(
    "--since",
    metavar="DATE",
    callback=_since,
    help="Leave out pages that are known to be older: 2026-03-04, or a time in RFC 3339.",
)
@click.option("--limit", type=click.IntRange(min=1), help="Pages to print.  [default: all]")
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(["text", "jsonl"]),
    default="text",
    show_default=True,
    help="An address a line, or a JSON object with url, source and last_modified.",
)
@click.option("-q", "--quiet", is_flag=True, help="Say nothing unless something failed.")
@setting("delay")
@setting("timeout", "-m")
@setting("user_agent", "-A")
@setting("robots")
@setting("proxy", "-x")
@setting("allow_private")
@config
def command(
    site: str,
    feeds: bool,
    sitemaps: bool,
    since: float | None,
    limit: int | None,
    form: str,
    quiet: bool,
    config: Path | None,
    **flags: Any,
) -> int:
    """Print the addresses of the pages that SITE names in its feeds and sitemaps.

    SITE is a host name, the address of a home page, or that of a feed or sitemap. What its home
    page and its robots.txt name is read; where they name nothing, a few usual places are tried.
    """
    from scraper.discovery import Scope, discover
    from scraper.errors import OutputError, UsageError

    if not feeds and not sitemaps:
        raise UsageError("nothing to look into: leave out --no-feeds or --no-sitemaps")
    settings = settings_from(config, flags)
    if sys.stdout is None:
        raise OutputError("standard output is closed")
    account = _Account(site, quiet=quiet)
    scope = Scope(feeds=feeds, sitemaps=sitemaps, since=since, limit=limit)
    for link in discover(_checked(site), settings, scope, account.hear):
        account.links += 1
        sys.stdout.buffer.write(_line(link, form))
        sys.stdout.buffer.flush()  # for who reads along: a site takes minutes
    return account.close()


def _checked(site: str) -> str:
    """Return ``site``, unless it is neither a web address nor the name of a host."""
    from scraper.cli.urls import checked

    checked([site if "://" in site else f"https://{site}"])
    return site


def _line(link: "Link", form: str) -> bytes:
    import msgspec

    if form == "text":
        return f"{link.url}\n".encode()
    entry = {"url": link.url, "source": link.source, "last_modified": link.last_modified}
    return msgspec.json.encode(entry) + b"\n"


class _Account:
    """Counts what a search came to, and says what failed when it does."""

    def __init__(self, site: str, *, quiet: bool) -> None:
        self.links = 0
        self._site = site
        self._quiet = quiet
        self._documents = 0
        self._failed = 0
        self._started = time.monotonic()

    def hear(self, document: "Document") -> None:
        """Count a document."""
        self._failed += bool(document.failure)
        self._documents += bool(document.links or not (document.failure or document.note))
        if document.failure or (document.note and not self._quiet):
            self._say(f"{document.url}: {document.failure or document.note}")

    def close(self) -> int:
        """Say the summary, unless the user wants quiet and all went well; return the exit code."""
        if self._failed or not self._quiet:
            self._say(self._summary())
        if not self._failed:
            return OK
        return SOME_FAILED if self.links else NOTHING

    def _summary(self) -> str:
        if not self.links and not self._documents and not self._failed:
            return f"{self._site} names no feed and no sitemap"
        line = f"{_many(self.links, 'URL')} from {_many(self._documents, 'document')}"
        line += f", {self._failed} failed" if self._failed else ""
        return f"{line} in {time.monotonic() - self._started:.1f} s"

    @staticmethod
    def _say(message: str) -> None:
        from scraper.text import one_line

        click.echo(f"scraper: {one_line(message)}", err=True)


def _many(number: int, noun: str) -> str:
    return f"{number} {noun if number == 1 else noun + 's'}"
