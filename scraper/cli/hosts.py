"""``scraper hosts``: learn from many pages of a host what recurs on it."""

from collections import Counter
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scraper.cli.exits import fail_on_option
from scraper.cli.options import config, default_workers, setting, settings_from

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scraper.cli.report import Tally
    from scraper.hosts import SeenPage, Told
    from scraper.model import Article

RECORDS = (".jsonl", ".json")
"""Endings of files that hold records; all others are pages."""


@click.command(
    epilog="""\b
Examples:
  scraper crawl -i urls.txt -C corpus --removed full && scraper hosts corpus
  scraper hosts saved-pages/ -j 4 -o hosts.json
  scraper hosts monday.jsonl tuesday.jsonl --least 3 -o hosts.json"""
)
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="File to write, in one piece; - is standard output.  [default: CORPUS/hosts.json]",
)
@click.option(
    "--least",
    type=click.IntRange(2),
    default=2,
    show_default=True,
    help="Different pages of a host on which a line must stand to recur.",
)
@click.option("-q", "--quiet", is_flag=True, help="Say nothing unless something failed.")
@fail_on_option
@setting("workers", "-j", default="one a processor")
@setting("mode")
@setting("max_size")
@setting("extract_timeout")
@config
def command(
    paths: tuple[str, ...],
    output: Path | None,
    least: int,
    quiet: bool,
    fail_on: float,
    config: Path | None,
    **flags: Any,
) -> int:
    """Write down which lines recur on different pages of a host.

    PATH is a saved page, a folder of pages, a file of records (.jsonl, .json) or a corpus folder.
    Pages that share their article count as one page. The same pages give the same file, whatever
    their order. docs/host-memory.md says what it is for.
    """
    from scraper.cli.output import open_output
    from scraper.cli.report import Tally, followed
    from scraper.hosts import build_profiles, dump_hosts
    from scraper.pipeline import clean
    from scraper.reader import find_pages

    # What a memory cut must not make the next one, and scraper.toml may name the file made here.
    settings = settings_from(config, {**flags, "hosts": ""}, workers=default_workers())
    output = output or _beside(paths)
    records = [file for path in paths for file in _record_files(path)]
    files = list(find_pages(path for path in paths if not _holds_records(path)))
    tally, hosts, unused = Tally(), set[str](), Counter[str]()
    extracted = followed(clean(files, settings), tally, total=len(files), quiet=quiet)
    articles = (article for article in extracted if article.error is None)
    pages = _usable(chain(_told(records, tally), articles), hosts, unused)
    profiles = build_profiles(pages, least)
    with open_output(output) as stream:
        stream.write(dump_hosts(profiles))
    blocks = sum(len(profile.blocks) for profile in profiles.values())
    extra = f"; {_number(blocks, 'recurring block')} on {len(profiles)} of "
    extra += _number(len(hosts), "host")
    extra += "".join(f"; {count} {reason}" for reason, count in sorted(unused.items()) if count)
    return tally.close(unit="page", fail_on=fail_on, quiet=quiet, extra=f"{extra} -> {output}")


def _number(count: int, unit: str) -> str:
    return f"{count} {unit}{'' if count == 1 else 's'}"


def _is_corpus(path: str) -> bool:
    """Whether ``path`` is a folder that ``crawl`` writes into."""
    from scraper.writer.corpus import ARTICLES, ERRORS

    return any((Path(path) / name).is_file() for name in (ARTICLES, ERRORS))


def _holds_records(path: str) -> bool:
    return _is_corpus(path) or (path.endswith(RECORDS) and not Path(path).is_dir())


def _record_files(path: str) -> list[Path]:
    """Return the files of records that ``path`` names: itself, or those of a corpus folder."""
    from scraper.writer.corpus import ARTICLES

    if not _is_corpus(path):
        return [Path(path)] if _holds_records(path) else []
    lines = Path(path) / ARTICLES
    return [*([lines] if lines.is_file() else []), *sorted(Path(path).glob("articles/**/*.json"))]


def _beside(paths: tuple[str, ...]) -> Path:
    """Return where the memory of a corpus folder stands."""
    from scraper.errors import UsageError
    from scraper.hosts import FILE_NAME

    if len(paths) == 1 and _is_corpus(paths[0]):
        return Path(paths[0]) / FILE_NAME
    raise UsageError("say where to write: -o FILE (only a single corpus folder has a place for it)")


def _told(files: "Iterable[Path]", tally: "Tally") -> "Iterator[Told]":
    """Yield what the records in some files tell, counting those that are none."""
    from scraper.hosts import read_record

    for line in chain.from_iterable(map(_lines, files)):
        try:
            record = read_record(line)
        except ValueError:
            tally.statuses["error"] += 1
            tally.codes["no record"] += 1
        else:
            tally.statuses["ok"] += 1
            yield record


def _lines(path: Path) -> "Iterator[bytes]":
    """Yield the JSON of each record of a file: each line is one, or the whole is one or an array.

    Raises:
        UsageError: the file cannot be read.
    """
    import msgspec

    from scraper.errors import UsageError

    try:
        if path.suffix == ".jsonl":
            with path.open("rb") as lines:
                yield from (line for line in lines if line.strip())
            return
        whole = path.read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        raise UsageError(f"{path}: {getattr(error, 'strerror', None) or error}") from None
    if not whole.lstrip().startswith(b"["):
        yield whole
        return
    try:
        records = msgspec.json.decode(whole, type=list[msgspec.Raw])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise UsageError(f"{path}: {error}") from None
    yield from map(bytes, records)


def _usable(
    records: "Iterable[Article | Told]", hosts: set[str], unused: Counter[str]
) -> "Iterator[SeenPage]":
    """Yield the pages that say something of their host, counting the others by their reason."""
    from scraper.hosts import seen_page

    for record in records:
        page = seen_page(record)
        if page is None:
            unused["without an article" if record.host else "without a host"] += 1
            continue
        hosts.add(page.host)
        unused["without the text of what was cut"] += bool(record.removed and not page.rest)
        yield page
