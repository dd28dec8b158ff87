"""The crawlers that bench.crawl.throughput compares: how each is started, what each has written."""

import json
import shlex
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, NamedTuple

from bench.crawl.measure import ROOT, scraper

# Requests under way at the same time, for every system.
CONCURRENCY = 32

# What trafilatura's command line must be told to read loopback without its sleep of 5 s a host.
_TRAFILATURA = "[DEFAULT]\nSLEEP_TIME = 0\nSSRF_PROTECTION = off\n"


class Written(NamedTuple):
    """What a system left: records, different addresses among them, and how many have text.

    `addresses` is None where the records do not say of which address they are.
    """

    records: int
    addresses: int | None
    with_text: int


@dataclass(frozen=True, slots=True)
class Crawler:
    """A system: `command` takes addresses, a folder to write into and a share of the requests."""

    name: str
    package: str
    command: Callable[[Path, Path, int], list[str]]
    written: Callable[[Path], Written]
    processes: int = 1

    @property
    def version(self) -> str | None:
        """Return the version that is installed; None where there is none."""
        try:
            return version(self.package)
        except PackageNotFoundError:
            return None

    def start(self, urls: Sequence[str], folder: Path) -> list[str]:
        """Write the lists into `folder`; return one command line for all processes."""
        commands = []
        for number in range(self.processes):
            part = folder / f"part-{number}"
            part.mkdir()
            lines = part / "urls.txt"
            lines.write_text("".join(f"{url}\n" for url in urls[number :: self.processes]), "utf-8")
            commands.append(self.command(lines, part, CONCURRENCY // self.processes))
        if len(commands) == 1:
            return commands[0]
        side_by_side = " & ".join(shlex.join(command) for command in commands)
        return ["sh", "-c", f"{side_by_side} & wait"]

    def count(self, folder: Path) -> Written:
        """Count what all processes have written."""
        parts = [self.written(part) for part in sorted(folder.glob("part-*"))]
        addresses = [part.addresses for part in parts if part.addresses is not None]
        return Written(
            sum(part.records for part in parts),
            sum(addresses) if addresses else None,
            sum(part.with_text for part in parts),
        )


def _ours(urls: Path, folder: Path, concurrency: int) -> list[str]:
    flags = ("--delay", 0, "--concurrency", concurrency, "-q", "--fail-on", "never")
    return scraper("crawl", "-i", urls, "-C", folder / "corpus", *flags)


def _scrapy(urls: Path, folder: Path, concurrency: int) -> list[str]:
    spider = ROOT / "bench" / "crawl" / "spider.py"
    flags = ["-a", f"urls={urls}", "-O", str(folder / "pages.jsonl")]
    flags += ["-s", f"CONCURRENT_REQUESTS={concurrency}"]
    return [sys.executable, "-m", "scrapy", "runspider", str(spider), *flags]


def _trafilatura(urls: Path, folder: Path, concurrency: int) -> list[str]:
    config = folder / "trafilatura.cfg"
    config.write_text(_TRAFILATURA, "utf-8")
    flags = ["--json", "--with-metadata", "--no-comments", "--parallel", str(concurrency)]
    files = ["-i", str(urls), "-o", str(folder / "pages"), "--config-file", str(config)]
    return [sys.executable, "-m", "trafilatura.cli", *files, *flags]


def _in_lines(*names: str) -> Callable[[Path], Written]:
    def written(folder: Path) -> Written:
        return _written(row for name in names for row in _rows(folder / name))

    return written


def _written(rows: Iterator[dict[str, Any]]) -> Written:
    addresses, texts, records = set(), 0, 0
    for row in rows:
        records += 1
        addresses.add((row.get("fetch") or {}).get("requested_url") or row.get("url"))
        texts += bool(row.get("text"))
    return Written(records, len(addresses), texts)


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    if path.exists():
        with path.open("rb") as lines:
            yield from map(json.loads, lines)


def _files(folder: Path) -> Written:
    paths = list((folder / "pages").rglob("*.json"))
    return Written(len(paths), None, sum(path.stat().st_size > 0 for path in paths))


_OUR_FILES = _in_lines("corpus/articles.jsonl", "corpus/errors.jsonl")
_CRAWLERS = (
    Crawler("ours", "scraper", _ours, _OUR_FILES),
    Crawler("scrapy", "scrapy", _scrapy, _in_lines("pages.jsonl")),
    Crawler("scrapy x2", "scrapy", _scrapy, _in_lines("pages.jsonl"), processes=2),
    Crawler("trafilatura", "trafilatura", _trafilatura, _files),
    Crawler("trafilatura x2", "trafilatura", _trafilatura, _files, processes=2),
)
CRAWLERS = {crawler.name: crawler for crawler in _CRAWLERS}
