"""``scraper robots``: say what robots.txt says of URLs."""

from typing import Any

import click

from scraper.cli.options import config, setting, settings_from


@click.command(
    epilog="""\b
Examples:
  scraper robots https://example.org/news/one
  scraper robots https://example.org/ -A "bot/1.0 (+mailto:a@b.example)\""""
)
@click.argument("urls", metavar="URL...", nargs=-1, required=True)
@setting("user_agent", "-A")
@setting("timeout", "-m")
@setting("proxy", "-x")
@setting("allow_private")
@config
def command(urls: tuple[str, ...], config: Any, **flags: Any) -> int:
    """Say whether URLs may be fetched, and the delay and sitemaps that their hosts state.

    A line for each URL: allowed, disallowed or unreachable, the Crawl-delay in seconds, the URL;
    then the sitemaps. The exit code is 1 where one may not be fetched.
    """
    from scraper.cli.exits import OK, SOME_FAILED
    from scraper.cli.urls import checked
    from scraper.fetcher import RobotsCache, open_session
    from scraper.text import one_line

    settings = settings_from(config, flags)
    code, sitemaps = OK, dict[str, None]()
    with open_session(settings) as session:
        robots = RobotsCache(settings, session)
        for url in checked(urls):
            verdict = robots.verdict(url)
            why = f" ({verdict.failure})" if verdict.failure else ""
            click.echo(f"{verdict.robots}{why} {verdict.delay:g} {url}")
            code = code if verdict.robots == "allowed" else SOME_FAILED
            sitemaps.update(dict.fromkeys(robots.sitemaps(url)))
    for sitemap in sitemaps:
        click.echo(f"sitemap {one_line(sitemap)}")
    return code
