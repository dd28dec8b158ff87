"""``scraper export``: write the articles in the forms that other tools read."""

import os
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scraper.cli.exits import NOTHING, OK, SOME_FAILED
from scraper.exports import SCHEMAS, export

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

STDIN = "-"
TITLE = "Articles"


@click.command(
    epilog="""\b
Examples:
  scraper export corpus --schema schemaorg -o articles.jsonl
  scraper export corpus --schema jsonfeed --title "Harbour news" -o feed.json
  scraper get https://example.org/news/one | scraper export - --schema zyte"""
)
@click.argument("sources", metavar="SOURCE...", nargs=-1, required=True)
@click.option(
    "--schema",
    type=click.Choice(SCHEMAS),
    required=True,
    help="The tool in whose form the articles are written.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="File to write, in one piece.",
)
@click.option("--title", help=f"Title of the feed, for --schema jsonfeed.  [default: {TITLE}]")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing unless a record is wrong.")
def command(
    sources: tuple[str, ...], schema: str, output: Path | None, title: str | None, quiet: bool
) -> int:
    """Write articles in the form of schema.org, Zyte, trafilatura and others.

    SOURCE is a corpus folder, a folder of article files, a file of records (JSON lines or JSON), or
    - for standard input. One JSON object a line; for jsonfeed one feed. Records that are no
    articles are skipped and counted. docs/exports.md has the fields.
    """
    from scraper.cli.output import open_output
    from scraper.errors import UsageError
    from scraper.exports.stream import feed, json_lines

    if title is not None and schema != "jsonfeed":
        raise UsageError("--title is for --schema jsonfeed")
    for source in sources:
        _check(source)
    files = (file for source in sources for file in _files(source))
    counts: Counter[str] = Counter()
    items = (export(record, schema) for record in _articles(files, output, counts))
    with open_output(output) as stream:
        feed_title = TITLE if title is None else title
        for piece in feed(items, feed_title) if schema == "jsonfeed" else json_lines(items):
            stream.write(piece.encode("utf-8"))
    done, wrong = counts.pop("exported", 0), counts.pop("wrong", 0)
    code = NOTHING if not done else SOME_FAILED if wrong else OK
    if code or not quiet:
        extra = f" -> {output}" if output else ""
        click.echo(f"scraper: {_summary(done, wrong, counts)}{extra}", err=True)
    return code


def _check(source: str) -> None:
    """Raise UsageError where ``source`` is nothing to read, before anything is written."""
    from scraper.errors import UsageError

    if source == STDIN:
        return
    try:
        there, is_folder = Path(source).exists(), Path(source).is_dir()
    except OSError as error:  # a name that is too long, a folder that may not be entered
        raise UsageError(f"{source}: {error.strerror}") from None
    if not there:
        raise UsageError(f"{source}: no such file or folder")
    if is_folder and not _is_corpus(Path(source)) and next(_files(source), None) is None:
        raise UsageError(f"{source}: no records in this folder")


def _is_corpus(folder: Path) -> bool:
    """Whether ``crawl`` has written into ``folder``, if only failures."""
    from scraper.writer.corpus import ARTICLES, ERRORS

    return any((folder / name).is_file() for name in (ARTICLES, ERRORS))


def _files(source: str) -> "Iterator[str]":
    """Yield the files of records of a source: both layouts of a corpus, or all of a folder."""
    from scraper.writer.corpus import ARTICLES

    folder = Path(source)
    if source == STDIN or not folder.is_dir():
        yield source
    elif not _is_corpus(folder):
        yield from _walk(folder)
    else:
        if (folder / ARTICLES).is_file():
            yield str(folder / ARTICLES)
        yield from _walk(folder / "articles")


def _walk(folder: Path) -> "Iterator[str]":
    """Yield the JSON files below ``folder`` in order, one folder's names in memory at a time."""
    for parent, folders, names in os.walk(folder):
        folders.sort()
        yield from (str(Path(parent) / name) for name in sorted(names) if name.endswith(".json"))


def _articles(
    files: "Iterable[str]", output: Path | None, counts: Counter[str]
) -> "Iterator[dict[str, Any]]":
    """Yield the records that are articles, and count all: exported, wrong, or why they are not."""
    import msgspec

    from scraper.cli.records import read_records
    from scraper.schema import complaint
    from scraper.text import one_line

    for name in files:
        _spare(name, output)
        for number, line in read_records(name):
            reason = complaint(line)
            if reason is not None:
                counts["wrong"] += 1
                click.echo(one_line(f"{name}:{number}: {reason}"), err=True)
                continue
            record: dict[str, Any] = msgspec.json.decode(line)
            missing = _missing(record)
            counts[missing or "exported"] += 1
            if not missing:
                yield record


def _spare(name: str, output: Path | None) -> None:
    """Raise UsageError where the export would take the place of its own source."""
    from scraper.errors import UsageError

    if output is None or STDIN in (name, str(output)):
        return
    try:
        same = output.is_file() and output.samefile(name)
    except OSError:  # whoever opens it next will tell
        return
    if same:
        raise UsageError(f"{name}: is read, and cannot be written at the same time")


def _missing(record: dict[str, Any]) -> str:
    """Return why a record is no article: its status, or that it has no text; empty for articles."""
    from scraper.writer.corpus import ARTICLE_STATUSES

    if record["status"] not in ARTICLE_STATUSES:
        return str(record["status"])
    return "" if record["text"] else "without text"


def _summary(done: int, wrong: int, skipped: Counter[str]) -> str:
    line = f"{done} exported"
    if skipped:
        reasons = ", ".join(f"{count} {reason}" for reason, count in skipped.most_common())
        line += f", {skipped.total()} skipped ({reasons})"
    return line + (f", {wrong} wrong" if wrong else "")
