"""All pages of the corpora, once each: python -m bench.torture.corpora; exit 1 on any exception.

Time is CPU time of one call in one process, other work on the machine makes it longer.
"""

import resource
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

import scraper
from bench.corpora import LOADERS
from bench.corpora.case import read_bytes
from bench.markdown import table
from bench.options import corpora_option, require_corpora
from bench.torture.pages import PAGES
from fuzz.promises import check_record


@dataclass(frozen=True, slots=True)
class Read:
    """What one page cost and gave; ``broken`` says which promise it broke, or nothing."""

    name: str
    seconds: float
    size: int
    tags: int
    source: str
    detected: bool
    warnings: tuple[str, ...]
    broken: str


def paths(root: Path) -> Iterator[Path]:
    """Yield every page of every corpus, each file once."""
    found = [case.path for loader in LOADERS.values() for case in loader(root)]
    found += sorted((root / "htmldate" / "pages").glob("*"))
    yield from dict.fromkeys(found)


def read(path: Path) -> Read:
    """Extract a page and hold its record to its promises."""
    body = read_bytes(path)
    began = time.process_time()
    article = scraper.extract(body)
    seconds = time.process_time() - began
    broken = "internal" if "internal" in article.extraction.warnings else ""
    try:
        check_record(article)
    except AssertionError as error:
        broken = str(error)
    return Read(
        name=f"{path.parent.name}/{path.name}",
        seconds=seconds,
        size=len(body),
        tags=body.count(b"<") - body.count(b"</"),
        source=article.extraction.body_source or "none",
        detected=article.fetch.encoding_source == "detected",
        warnings=article.extraction.warnings,
        broken=broken,
    )


def reason(one: Read) -> str:
    """Say what a slow page spends its time on."""
    parts = [f"{one.size / 1e6:.1f} MB, {one.tags:,} tags"]
    if one.source == "trafilatura":
        parts.append("trafilatura was asked")
    if one.detected:
        parts.append("encoding was guessed")
    return "; ".join(parts)


def report(found: list[Read]) -> str:
    """Lay out counts, times and the slowest pages."""
    times = sorted(one.seconds for one in found)
    shares = [(label, times[int(share * (len(times) - 1))]) for label, share in _SHARES]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    rows = [["pages", f"{len(found)}"], ["broken", f"{sum(bool(one.broken) for one in found)}"]]
    rows += [[label, f"{seconds * 1e3:.0f} ms"] for label, seconds in shares]
    rows += [["slowest", f"{times[-1] * 1e3:.0f} ms"], ["peak memory", f"{peak:.0f} MiB"]]
    for code in ("mended_markup", "too_many_blocks"):
        rows.append([code, f"{sum(code in one.warnings for one in found)}"])
    rows.append(["state", f"{sum(one.source == 'state' for one in found)}"])
    slowest = sorted(found, key=lambda one: -one.seconds)[:10]
    slow = [[one.name, f"{one.seconds * 1e3:.0f} ms", reason(one)] for one in slowest]
    return f"{table(['', 'all'], rows)}\n\n{table(['page', 'CPU', 'why'], slow)}"


_SHARES = (("p50", 0.5), ("p99", 0.99), ("p99.9", 0.999))


@click.command()
@corpora_option
def main(*, root: Path | None) -> None:
    """Read all pages and print what they cost."""
    scraper.extract(PAGES["00_plain"].make())  # what is loaded once is no page's cost
    found = [read(path) for path in paths(require_corpora(root))]
    for one in found:
        if one.broken or set(one.warnings) & {"mended_markup", "too_many_blocks"}:
            print(one.name, one.broken, *one.warnings)
        if one.source == "state":
            print(one.name, "state")
    print(report(found))
    if any(one.broken for one in found):
        sys.exit(1)


if __name__ == "__main__":
    main()
