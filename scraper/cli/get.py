"""``scraper get``: fetch pages and print their articles."""

from pathlib import Path
from typing import Any

import click

from scraper.cli.exits import fail_on_option
from scraper.cli.options import config, format_option, setting, settings_from


@click.command(
    epilog="""\b
Examples:
  scraper get https://example.org/news/one
  scraper get https://example.org/news/one -f md > one.md
  scraper get https://example.org/1 https://example.org/2 -o both.json"""
)
@click.argument("urls", metavar="URL...", nargs=-1, required=True)
@format_option("json")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write here.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing unless something failed.")
@fail_on_option
@setting("timeout", "-m")
@setting("retries")
@setting("max_size")
@setting("user_agent", "-A")
@setting("headers", "-H")
@setting("proxy", "-x")
@setting("allow_private")
@setting("robots")
@setting("mode")
@setting("keep")
@setting("site_rules")
@setting("hosts")
@setting("removed")
@config
def command(
    urls: tuple[str, ...],
    form: Any,
    output: Path | None,
    quiet: bool,
    fail_on: float,
    config: Path | None,
    **flags: Any,
) -> int:
    """Fetch URLs and print their articles, in the order given."""
    from scraper.cli.output import open_output
    from scraper.cli.report import Tally
    from scraper.cli.urls import checked
    from scraper.pipeline import crawl
    from scraper.writer import shaped, write_all

    settings = settings_from(config, flags, delay=0.0)
    checked(urls)
    tally = Tally()
    with open_output(output) as stream:
        found = {outcome.link.url: outcome.article for outcome in crawl(urls, settings)}
        articles = [
            shaped(found[url], settings.removed) for url in dict.fromkeys(urls) if url in found
        ]
        for article in write_all(articles, stream, form, single=len(articles) == 1):
            tally.add(article)
    # what was wanted and printed needs no summary; a page that is no article does
    return tally.close(unit="URL", fail_on=fail_on, quiet=quiet or set(tally.statuses) <= {"ok"})
