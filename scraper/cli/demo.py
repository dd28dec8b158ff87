"""``scraper demo``: the main job on the bundled site, page by page."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from scraper.cli.exits import OK, SOME_FAILED
from scraper.cli.options import default_workers

if TYPE_CHECKING:
    from rich.console import Console

    from scraper.demo import Visit

SAMPLE = 68
"""Characters shown of a text."""


@click.command(
    epilog="""\b
Examples:
  scraper demo
  scraper demo -o output/demo --full"""
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    help="Also write articles.jsonl and errors.jsonl into this folder, replacing them.",
)
@click.option("--full", is_flag=True, help="Show every removal, not the largest of each kind.")
def command(output: Path | None, full: bool) -> int:
    """Serve the bundled news site on free loopback ports, crawl it, show what was kept and cut.

    Each page's record is checked against the site's own description; what differs is shown in
    red, and the exit code is 1.
    """
    from rich.console import Console

    from scraper.demo import Site, site_folder, visit
    from scraper.settings import load_settings

    console = Console(highlight=False, soft_wrap=True)
    settings = load_settings({"delay": 0, "workers": default_workers()})
    with Site(site_folder()) as site:
        visits = list(visit(site, settings))
    for one in visits:
        _show(console, one, full=full)
    if output:
        _write(visits, output)
    good = sum(not one.complaints for one in visits)
    wrong = f", [red]{len(visits) - good} not[/red]" if good < len(visits) else ""
    hosts = len({one.page.host for one in visits})
    console.print(f"\n{len(visits)} pages of {hosts} hosts: {good} as they must be{wrong}")
    if output:
        console.print(f"articles are in {output / 'articles.jsonl'}")
    return SOME_FAILED if good < len(visits) else OK


def _show(console: "Console", visit: "Visit", *, full: bool) -> None:
    from rich.markup import escape

    page, article = visit.page, visit.article
    mark = "[red]✗[/red]" if visit.complaints else "[green]✓[/green]"
    console.print(f"\n{mark} [bold]{page.host}{escape(page.path)}[/bold]  {escape(page.shows)}")
    ending = article.error.code if article.error else ", ".join(article.extraction.warnings)
    console.print(
        f"  {article.status}"
        + (f" ({ending})" if ending else "")
        + (f": {escape(article.title)}" if article.title else "")
    )
    if article.status == "ok":
        first, last = article.blocks[0].text, article.blocks[-1].text
        console.print(
            f"  [green]kept[/green]  {article.word_count} words: {escape(_ends(first, last))}"
        )
    for kind, words, text in _cuts(visit, full=full):
        console.print(
            f"  [yellow]cut[/yellow]   {kind} {words}: {escape(_sample(text))}", style="dim"
        )
    for complaint in visit.complaints:
        console.print(f"  [red]{escape(complaint)}[/red]")


def _cuts(visit: "Visit", *, full: bool) -> "list[tuple[str, int, str]]":
    """Return kind, words and text of each removal, or the sum and largest of each kind."""
    removed = visit.article.removed
    if full:
        return [(one.kind, one.words, one.text or "") for one in removed]
    kinds: dict[str, tuple[int, int, str]] = {}
    for one in removed:
        words, largest, text = kinds.get(one.kind, (0, -1, ""))
        if one.words > largest:
            largest, text = one.words, one.text or ""
        kinds[one.kind] = (words + one.words, largest, text)
    return [(kind, words, text) for kind, (words, _, text) in sorted(kinds.items())]


def _ends(first: str, last: str) -> str:
    half = SAMPLE // 2
    return f"{' '.join(first.split())[:half]} … {' '.join(last.split())[-half:]}"


def _sample(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= SAMPLE else flat[: SAMPLE - 1] + "…"


def _write(visits: "list[Visit]", folder: Path) -> None:
    """Write the records as a crawl into ``folder`` would, in place of those of the last demo."""
    from scraper.errors import OutputError
    from scraper.writer import replacing, shaped
    from scraper.writer.corpus import ARTICLE_STATUSES, ARTICLES, ERRORS

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{folder}: {error.strerror}") from None
    with replacing(folder / ARTICLES) as articles, replacing(folder / ERRORS) as errors:
        for visit in visits:
            record = shaped(visit.article, "full")
            good = record.status in ARTICLE_STATUSES
            (articles if good else errors).write(record.to_json().encode("utf-8") + b"\n")
