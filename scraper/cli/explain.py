"""``scraper explain``: show what was kept and cut of one page, and why."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scraper.cli.options import config, setting, settings_from

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from rich.console import Console
    from rich.text import Text

    from scraper.model import Explanation
    from scraper.writer.explain import Line

WIDTH = 100
"""Columns of a paragraph on a terminal: longer lines are hard to read."""

_ANSI = {
    "pink": "magenta",
    "red": "red",
    "orange": "bright_red",
    "amber": "yellow",
    "olive": "bright_yellow",
    "green": "green",
    "teal": "cyan",
    "blue": "bright_cyan",
    "violet": "bright_magenta",
    "slate": "bright_blue",
    "grey": "",
}
"""The sixteen colours, which follow the terminal's own theme, light or dark."""

_STYLES = {
    "strong": "bold",
    "muted": "dim",
    "good": "green",
    "fair": "yellow",
    "bad": "red",
    "cut": "dim",
}


@click.command(
    epilog="""\b
Examples:
  scraper explain https://example.org/news/one
  scraper explain page.html --html explained.html
  curl -s https://example.org/news/one | scraper explain - | less"""
)
@click.argument("target", metavar="URL|FILE")
@click.option(
    "--html",
    "page",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    help="Write one HTML page that holds all it needs; - is standard output.",
)
@click.option("--url", help="Address of the page, where it is read from a file.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing unless something failed.")
@setting("timeout", "-m")
@setting("retries")
@setting("max_size")
@setting("user_agent", "-A")
@setting("robots")
@setting("extract_timeout")
@setting("mode")
@setting("keep")
@setting("site_rules")
@setting("hosts")
@config
def command(
    target: str,
    page: Path | None,
    url: str | None,
    quiet: bool,
    config: Path | None,
    **flags: Any,
) -> int:
    """Show the text of a page in order, and what was cut of it by which rule.

    The page is fetched, or read from a file, or from standard input (-). Kept text is indented;
    what was cut stands behind a dash, under its kind, rule, words and the votes on it.
    """
    from scraper.cli.output import open_output
    from scraper.cli.report import Tally
    from scraper.pipeline import explain
    from scraper.writer.explain import render_page

    settings = settings_from(config, flags, delay=0.0, workers=1)
    _check(target, url)
    tally = Tally()
    with open_output(page) as stream:
        explanation = explain(target, settings, url=url)
        if page is None:
            _print(explanation, stream)
        else:
            stream.write(render_page(explanation).encode("utf-8"))
    tally.add(explanation.article)
    silent = quiet or (page is None and explanation.article.status == "ok")
    extra = f" -> {page}" if page is not None and str(page) != "-" else ""
    return tally.close(unit="page", fail_on=0.0, quiet=silent, extra=extra)


def _check(target: str, url: str | None) -> None:
    """Raise UsageError where the target is neither a URL nor one file."""
    from scraper.cli.urls import checked
    from scraper.errors import UsageError
    from scraper.reader import find_pages

    if "://" in target:
        checked([target])
        if url is not None:
            raise UsageError("--url is for a page from a file")
        return
    if not Path(target).exists() and _is_address(target):
        checked([target])  # says what is wrong, with the likely URL
    if next(find_pages([target]), None) != target:
        raise UsageError(f"{target}: a folder; name one page")
    if url is not None:
        checked([url])


def _is_address(target: str) -> bool:
    """Whether what is no file looks like a URL without its scheme: a host with a dot, a path."""
    host, slash, _ = target.partition("/")
    return bool(slash) and "." in host.strip(".")


def _print(explanation: "Explanation", stream: "BinaryIO") -> None:
    """Write the lines, with colours on a terminal that wants them."""
    from rich.console import Console

    from scraper.writer.explain import lines_of, render_text

    console = Console(highlight=False, emoji=False, markup=False)
    if not console.is_terminal or console.is_dumb_terminal or console.no_color:
        stream.write(render_text(explanation).encode("utf-8"))
        return
    for line in lines_of(explanation):
        with console.capture() as captured:
            for row in _rows(line, console):
                console.print(row, soft_wrap=True)
        stream.write(captured.get().encode("utf-8"))


def _rows(line: "Line", console: "Console") -> "Iterator[Text]":
    """Yield the rows of one line, each behind its margin."""
    from rich.text import Text

    tone = _ANSI.get(line.colour, "")
    style = _STYLES.get(line.style, "")
    margin = {
        "mark": "\N{BOX DRAWINGS LIGHT DOWN AND RIGHT} ",
        "cut": "\N{BOX DRAWINGS LIGHT VERTICAL} ",
    }
    left = margin.get(line.style, line.margin) if line.margin else ""
    text = Text(line.text, style=style)
    if line.style == "mark":
        text.stylize(tone or "dim")
        text.stylize(f"bold not dim {tone}".rstrip(), 0, line.lead)
    rows = text.wrap(console, max(20, min(WIDTH, console.width) - len(left)), overflow="fold")
    for row in rows or [text]:
        yield Text.assemble((left, tone or "dim"), row)
