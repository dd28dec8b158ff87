"""``scraper clean``: extract articles from saved pages."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scraper.cli.exits import fail_on_option
from scraper.cli.options import config, default_workers, format_option, setting, settings_from

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.model import Article


@click.command(
    epilog="""\b
Examples:
  scraper clean page.html --url https://example.org/news/one
  scraper clean saved-pages/ -j 4 -o articles.jsonl
  scraper clean saved-pages/ --layout files -o articles/
  curl -s https://example.org/news/one | scraper clean - -f md"""
)
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@format_option("jsonl")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="File to write, in one piece; with --layout files the folder.",
)
@click.option("--url", help="Address of the page, where PATH is a single file or -.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing unless something failed.")
@fail_on_option
@setting("workers", "-j", default="one a processor")
@setting("layout")
@setting("mode")
@setting("keep")
@setting("site_rules")
@setting("hosts")
@setting("removed")
@setting("max_size")
@setting("extract_timeout")
@config
def command(
    paths: tuple[str, ...],
    form: Any,
    output: Path | None,
    url: str | None,
    quiet: bool,
    fail_on: float,
    config: Path | None,
    **flags: Any,
) -> int:
    """Extract articles from files, folders (recursively), .gz files or standard input (-).

    One record for each page, in the order of the paths; a folder's pages in the order of their
    names. The same pages give the same bytes, whatever the number of workers.
    """
    from scraper.cli.report import Tally, followed
    from scraper.cli.urls import checked
    from scraper.errors import UsageError
    from scraper.pipeline import clean
    from scraper.reader import find_pages
    from scraper.writer import shaped

    settings = settings_from(config, flags, workers=default_workers())
    if settings.layout == "files" and output is None:
        raise UsageError("--layout files needs -o FOLDER")
    files = list(find_pages(paths))
    if url is not None:
        checked([url])
        if len(files) != 1:
            raise UsageError(f"--url names one page, but there are {len(files)}")
    tally = Tally()
    articles = followed(clean(files, settings, url=url), tally, total=len(files), quiet=quiet)
    _write(
        (shaped(article, settings.removed) for article in articles), settings.layout, output, form
    )
    extra = f" -> {output}" if output else ""
    return tally.close(unit="page", fail_on=fail_on, quiet=quiet, extra=extra)


def _write(articles: "Iterator[Article]", layout: str, output: Path | None, form: Any) -> None:
    from scraper.cli.output import open_output
    from scraper.writer import ArticleFiles, write_all

    if layout == "files" and output is not None:
        folder = ArticleFiles(output)
        for article in articles:
            folder.write(article)
        return
    with open_output(output) as stream:
        for _ in write_all(articles, stream, form):
            pass
