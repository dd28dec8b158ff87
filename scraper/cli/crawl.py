"""``scraper crawl``: fetch lists of URLs, feeds and sitemaps into a corpus folder."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import click

from scraper.cli.corpus_run import corpus_options, run, told
from scraper.cli.options import default_workers, settings_from

if TYPE_CHECKING:
    from scraper.model import Link, LinkKind

_FILE = click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)


@click.command(
    epilog="""\b
Examples:
  scraper crawl -i urls.txt -C corpus
  sort -R urls.txt | scraper crawl - --delay 2
  scraper crawl --feed https://example.org/feed.xml -C corpus
  scraper crawl https://example.org/1 https://example.org/2 --layout files"""
)
@click.argument("sources", metavar="[URL|-]...", nargs=-1)
@click.option(
    "-i",
    "--input",
    "lists",
    multiple=True,
    type=_FILE,
    help="File with one URL a line, or that file gzipped; several times; - is standard input.",
)
@click.option("--feed", "feeds", multiple=True, metavar="URL", help="RSS, Atom or JSON feed.")
@click.option("--sitemap", "sitemaps", multiple=True, metavar="URL", help="Sitemap or its index.")
@click.option("--opml", "opmls", multiple=True, type=_FILE, help="File that lists feeds.")
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
@corpus_options
def command(
    sources: tuple[str, ...],
    lists: tuple[Path, ...],
    feeds: tuple[str, ...],
    sitemaps: tuple[str, ...],
    opmls: tuple[Path, ...],
    folder: Path,
    again: bool,
    config: Path | None,
    **flags: Any,
) -> int:
    """Fetch many URLs and write one record for each.

    Articles go to DIR/articles.jsonl (or DIR/articles/HOST/SLUG-ID8.json), everything else to
    DIR/errors.jsonl. Run it again to go on where it stopped: what is there is not fetched twice.
    Feeds and sitemaps are looked at in each run, and by refresh from then on.
    """
    from scraper.errors import UsageError
    from scraper.state import NAME

    telling = told(flags)
    settings = settings_from(config, flags, workers=default_workers())
    if not (sources or lists or feeds or sitemaps or opmls or (folder / NAME).exists()):
        raise UsageError("no URLs: give some, or a list with -i FILE")
    named = [*_named(feeds, "feed"), *_named(sitemaps, "sitemap"), *_feeds_of(opmls)]
    links = _links(sources, lists, named)
    return run("crawl", folder, settings, telling, lambda job: job.crawl(links, again=again))


def _named(urls: Iterable[str], kind: "LinkKind") -> "list[Link]":
    from scraper.cli.urls import checked
    from scraper.model import Link

    return [Link(url=url, kind=kind) for url in checked(urls)]


def _feeds_of(files: Iterable[Path]) -> "list[Link]":
    from scraper.errors import UsageError
    from scraper.sources import read_opml

    found = []
    for path in files:
        try:
            with click.open_file(str(path), "rb") as file:
                feeds = read_opml(file.read())
        except (OSError, RuntimeError) as error:
            raise UsageError(f"{path}: {getattr(error, 'strerror', None) or error}") from None
        if not feeds:
            raise UsageError(f"{path}: names no feeds")
        found += feeds
    return found


def _links(
    sources: tuple[str, ...], lists: tuple[Path, ...], named: "list[Link]"
) -> "Iterator[Link]":
    """Return the links of the arguments, now, and of the lists, when they are asked for."""
    from scraper.cli.urls import checked
    from scraper.model import Link

    urls = checked(source for source in sources if source != "-")
    named = [*named, *(Link(url=url) for url in urls)]
    files = (*lists, *(Path("-") for source in sources if source == "-"))
    return _read(named, files)


def _read(named: "list[Link]", files: tuple[Path, ...]) -> "Iterator[Link]":
    from scraper.errors import UsageError
    from scraper.sources import open_list, read_list

    yield from named
    for path in files:
        try:
            with click.open_file(str(path), "rb") as stream:
                yield from read_list(open_list(cast("BinaryIO", stream)))
        except (OSError, RuntimeError) as error:  # RuntimeError: standard input is closed
            raise UsageError(f"{path}: {getattr(error, 'strerror', None) or error}") from None
