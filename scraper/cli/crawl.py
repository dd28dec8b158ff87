"""``scraper crawl``: fetch lists of URLs into a corpus folder."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scraper.cli.exits import fail_on_option
from scraper.cli.options import config, default_workers, setting, settings_from

if TYPE_CHECKING:
    from scraper.model import Link


@click.command(
    epilog="""\b
Examples:
  scraper crawl -i urls.txt -C corpus
  sort -R urls.txt | scraper crawl - --delay 2
  scraper crawl https://example.org/1 https://example.org/2 --layout files"""
)
@click.argument("sources", metavar="[URL|-]...", nargs=-1)
@click.option(
    "-i",
    "--input",
    "lists",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path),
    help="File with one URL a line; may be given several times; - is standard input.",
)
@click.option(
    "-C",
    "--dir",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default="output",
    show_default=True,
    help="Corpus folder to write into.",
)
@click.option("--again", is_flag=True, help="Fetch pages whose article is already there, too.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing unless something failed.")
@fail_on_option
@setting("delay")
@setting("concurrency")
@setting("timeout", "-m")
@setting("connect_timeout")
@setting("retries")
@setting("max_size")
@setting("max_redirects")
@setting("user_agent", "-A")
@setting("robots")
@setting("workers", "-j", default="one a processor")
@setting("extract_timeout")
@setting("layout")
@setting("mode")
@setting("keep")
@setting("site_rules")
@setting("hosts")
@setting("removed")
@config
def command(
    sources: tuple[str, ...],
    lists: tuple[Path, ...],
    folder: Path,
    again: bool,
    quiet: bool,
    fail_on: float,
    config: Path | None,
    **flags: Any,
) -> int:
    """Fetch many URLs and write one record for each.

    Articles go to DIR/articles.jsonl (or DIR/articles/HOST/SLUG-ID8.json), everything else to
    DIR/errors.jsonl. Run it again to go on where it stopped: what is there is not fetched twice.
    """
    from scraper.cli.report import Tally, followed
    from scraper.cli.stopping import stopped_by
    from scraper.pipeline import crawl
    from scraper.urls import url_key
    from scraper.writer import Corpus, shaped

    settings = settings_from(config, flags, workers=default_workers())
    links = _links(sources, lists)
    tally = Tally()
    with Corpus(folder, settings.layout) as corpus, stopped_by() as stop:
        known = set() if again else corpus.keys()
        wanted = [link for link in links if not known or url_key(link.url) not in known]
        outcomes = crawl(wanted, settings, stop=stop.event)
        articles = (outcome.article for outcome in outcomes)
        for article in followed(articles, tally, total=len(wanted), quiet=quiet):
            corpus.write(shaped(article, settings.removed))
    there = len(links) - len(wanted)
    extra = (f", {there} already there" if there else "") + f" -> {folder}"
    extra += "; stopped before the end" if stop.signal else ""
    code = tally.close(unit="URL", fail_on=fail_on, quiet=quiet, extra=extra)
    return 128 + stop.signal if stop.signal else code


def _links(sources: tuple[str, ...], lists: tuple[Path, ...]) -> "list[Link]":
    """Return the links of the arguments and of the lists, in that order."""
    from scraper.cli.urls import checked
    from scraper.errors import UsageError
    from scraper.model import Link
    from scraper.sources import read_list

    if not sources and not lists:
        raise UsageError("no URLs: give some, or a list with -i FILE")
    links = [Link(url=url) for url in checked(s for s in sources if s != "-")]
    for path in (*lists, *(Path("-") for s in sources if s == "-")):
        try:
            with click.open_file(str(path), "rb") as lines:
                links += read_list(lines)
        except (OSError, RuntimeError) as error:  # RuntimeError: standard input is closed
            raise UsageError(f"{path}: {getattr(error, 'strerror', None) or error}") from None
    return links
