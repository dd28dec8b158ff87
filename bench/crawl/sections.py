"""One file of results for all benches of the crawl: a section each, the figures beside it."""

import json
from collections.abc import Mapping
from pathlib import Path

import click

from bench.options import rounded

output_option = click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="Put the section into this file and the figures beside it as .json; else print it.",
)

_HEAD = "# Crawl\n"


def write_section(output: Path | None, name: str, text: str, figures: Mapping[str, object]) -> None:
    """Print a section, and put it in the place of the one with its name where there is a file."""
    click.echo(text)
    if output is None:
        return
    old = output.read_text("utf-8") if output.exists() else _HEAD
    output.write_text(replaced(old, name, text), "utf-8")
    beside = output.with_suffix(".json")
    kept = json.loads(beside.read_text("utf-8")) if beside.exists() else {}
    plain = json.dumps({**kept, name: rounded(dict(figures))}, indent=1, ensure_ascii=False)
    beside.write_text(plain + "\n", "utf-8")


def replaced(whole: str, name: str, text: str) -> str:
    r"""Return a file's text with one section in it anew, at its place or at the end.

    >>> print(replaced("# Crawl\n", "soak", "level"))
    # Crawl
    <BLANKLINE>
    <!-- soak -->
    level
    <!-- end of soak -->
    <BLANKLINE>
    """
    begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    section = f"{begin}\n{text.strip()}\n{end}"
    if begin not in whole or end not in whole:
        return f"{whole.rstrip()}\n\n{section}\n"
    before, _, rest = whole.partition(begin)
    return before + section + rest.partition(end)[2]
