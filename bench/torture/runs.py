"""Crawls a small site in processes that may be killed at any moment, and reads what they left."""

import contextlib
import json
import multiprocessing
import os
import random
import resource
import shutil
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterator
from functools import partial
from multiprocessing import forkserver
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import NamedTuple

import bench
from bench.torture.behaviours import Behaviour, Step, whole
from bench.torture.faults import Fault, Watch
from bench.torture.server import misbehaving

PAGES = 10
"""Addresses of a host."""

SLOW = 0.1
"""Seconds that the slow page of each host takes."""

REFUSED = 4
DONE = (0, 1)
"""Exit codes of a run that came to its end: some of the addresses fail."""

_ROOT = Path(bench.__file__).parent.parent
_ALONE = {"SCRAPER_ALLOW_PRIVATE": "1", "SCRAPER_WORKERS": "0"}
_OPTIONS = ("-q", "--delay", "0", "--robots", "ignore", "--retries", "0", "--concurrency", "4")
_THINGS = "ferry harbour council bridge school library museum orchard station market".split()
_DEEDS = "opened closed moved repaired painted sold rented measured counted praised".split()
_PEOPLE = "mayor captain teacher baker gardener printer surgeon farmer pilot clerk".split()


class Record(NamedTuple):
    """What a record says that must not depend on how often the run was killed."""

    status: str
    code: str | None
    version: int
    content_hash: str
    duplicate_of: str | None


@contextlib.contextmanager
def scratch() -> Iterator[Path]:
    """Yield an empty folder: in memory where there is one, since every record is synced."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as folder:
        yield Path(folder)


@contextlib.contextmanager
def serving(hosts: int) -> Iterator[list[str]]:
    """Serve ten addresses on each of some hosts; yield them, page by page."""
    with contextlib.ExitStack() as stack:
        ports = [stack.enter_context(misbehaving(_host(number))) for number in range(hosts)]
        yield [f"http://127.0.0.1:{port}/{page}" for page in range(PAGES) for port in ports]


def _host(number: int) -> dict[str, Behaviour]:
    """Return what a host answers.

    Articles, one of them slow; one article twice, one through a redirect; one failure of the
    server, and one page that is not there.
    """
    answers: dict[str, tuple[Step, ...]] = {
        str(page): (_sent(article(PAGES * number + page)),) for page in range(PAGES)
    }
    answers["3"] = (SLOW, *answers["3"])
    answers["5"] = answers["0"]
    answers["6"] = (whole(b"", b"Location: /1", status=b"302 Found"),)
    answers["7"] = (whole(b"", status=b"500 Broken"),)
    del answers["8"]
    return {name: Behaviour(partial(iter, steps), frozenset()) for name, steps in answers.items()}


def _sent(page: bytes) -> bytes:
    return whole(page, b"Content-Type: text/html; charset=utf-8")


def article(number: int) -> bytes:
    """Return a page that is an article without doubt, and like no other."""
    chance = random.Random(number)
    sentences = [
        f"The {chance.choice(_PEOPLE)} of the {chance.choice(_THINGS)} said that the"
        f" {chance.choice(_THINGS)} would be {chance.choice(_DEEDS)} by the"
        f" {chance.choice(_PEOPLE)} before the {chance.choice(_THINGS)} was"
        f" {chance.choice(_DEEDS)} again, {chance.randrange(1000)} days from now."
        for _ in range(12)
    ]
    title = f"Report {number} from the {chance.choice(_THINGS)}"
    text = "".join(f"<p>{sentence}</p>" for sentence in sentences)
    return f"<title>{title}</title><article><h1>{title}</h1>{text}</article>".encode()


class Crawl:
    """A corpus folder that is crawled into until nothing is left, however often that is broken off.

    Each run is a process of its own, forked from one that is ready.
    """

    def __init__(self, scratch: Path, urls: list[str], layout: str = "jsonl") -> None:
        self.folder = scratch / "corpus"
        self.log = scratch / "stderr.txt"
        self.counted = scratch / "calls.json"
        self._layout = layout
        self._list = scratch / "urls.txt"
        self._list.write_text("\n".join(urls))

    def started(self, fault: Fault | None = None, file_size: int = 0) -> BaseProcess:
        """Start a run, which goes on where the last one was broken off.

        ``fault`` strikes it; ``file_size`` is the most bytes that a file may have, 0 for any.
        """
        watch = (self.folder, self.counted, fault) if fault is not None else None
        return forked(self._arguments(), self.log, file_size=file_size, watch=watch)

    def run(self, fault: Fault | None = None, file_size: int = 0, timeout: float = 60.0) -> int:
        """Run to the end; return the exit code, or the negative number of the signal."""
        process = self.started(fault, file_size)
        process.join(timeout)
        code = process.exitcode
        assert code is not None, "the run does not end"
        process.close()
        return code

    def rebuild(self) -> int:
        """Make the state anew from the records; return the exit code."""
        process = forked(["rebuild", str(self.folder)], self.log)
        process.join()
        return process.exitcode or 0

    def said(self) -> str:
        """Return what the last run said on standard error."""
        return self.log.read_text() if self.log.exists() else ""

    def _arguments(self) -> list[str]:
        """Return the arguments of a run: the same again, unless the last one came to its end.

        Then a run with the list would be a new one, which tries again what failed.
        """
        lists = () if self._is_finished() else ("-i", str(self._list))
        place = ("-C", str(self.folder), "--layout", self._layout)
        return ["crawl", *lists, *place, *_OPTIONS]

    def _is_finished(self) -> bool:
        """Whether the last run came to its end; a copy is read, to recover nothing here."""
        with tempfile.TemporaryDirectory() as copy, contextlib.suppress(sqlite3.Error):
            for path in self.folder.glob("state.sqlite*"):
                shutil.copy(path, copy)
            with contextlib.closing(sqlite3.connect(Path(copy, "state.sqlite"))) as state:
                found = state.execute("SELECT finished FROM runs").fetchone()
                return bool(found and found[0])
        return False


Watched = tuple[Path, Path, Fault]
"""A folder, the file that tells of the calls that touched it, the fault among them."""


def forked(
    arguments: list[str],
    log: Path,
    *,
    file_size: int = 0,
    watch: Watched | None = None,
    drain: float | None = None,
) -> BaseProcess:
    """Start the command line in a process forked from one that is ready; ``log`` is its stderr.

    ``drain`` takes the place of the seconds that fetches under way get after a signal.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["bench.torture.prepared"])
    with contextlib.chdir(_ROOT):  # Python 3.11 looks for what it loads before here only
        forkserver.ensure_running()
    place = (arguments, log, file_size, watch, drain)
    process = context.Process(target=_run, args=place)
    process.start()
    return process


def _run(
    arguments: list[str], log: Path, size: int, watched: Watched | None, drain: float | None
) -> None:
    from scraper.cli import main
    from scraper.pipeline import crawling

    os.environ.update(_ALONE)
    os.dup2(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 2)
    crawling.DRAIN = drain or crawling.DRAIN
    if size:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    if watched is None:
        main(arguments, prog_name="scraper")
        return
    folder, counted, fault = watched
    watch = Watch(folder, fault)
    watch.install()
    try:
        main(arguments, prog_name="scraper")
    finally:
        if not fault.at:
            counted.write_text(json.dumps(watch.names))


def calls(crawl: Crawl) -> list[str]:
    """Return the names of the calls that the last run made, which had ``Fault()`` for a fault."""
    names: list[str] = json.loads(crawl.counted.read_text())
    return names


def records(folder: Path) -> dict[str, list[Record]]:
    """Return the records of a corpus by their ids; ValueError where one is not whole."""
    found: dict[str, list[Record]] = {}
    for line in _lines(folder):
        said = json.loads(line)
        code = said["error"]["code"] if said["error"] else None
        record = Record(
            *(said["status"], code, said["version"], said["content_hash"], said["duplicate_of"])
        )
        found.setdefault(said["id"], []).append(record)
    return found


def _lines(folder: Path) -> Iterator[bytes]:
    for name in ("articles.jsonl", "errors.jsonl"):
        if (folder / name).exists():
            *lines, rest = (folder / name).read_bytes().split(b"\n")
            if rest:
                raise ValueError(f"{name} ends in a torn line")
            yield from lines
    for path in (folder / "articles").rglob("*.json"):
        yield path.read_bytes()


def differences(expected: dict[str, list[Record]], found: dict[str, list[Record]]) -> list[str]:
    """Return what ``found`` lacks, has twice, or has otherwise than ``expected``.

    Which of two pages with one text is read first is left to chance, so either may be the original.
    """
    kinds: Counter[str] = Counter()
    for name, records_ in expected.items():
        there = found.get(name, [])
        kinds["missing"] += not there
        kinds["twice"] += len(there) > 1
        kinds["different"] += bool(there) and _told(there[-1]) != _told(records_[-1])
    kinds["unknown"] += len(found.keys() - expected.keys())
    kinds["originals too many or few"] += len(_originals(found) ^ _originals(expected))
    return [f"{number} {kind}" for kind, number in kinds.items() if number]


def _told(record: Record) -> Record:
    same = {"ok": "article", "duplicate": "article"}
    return record._replace(status=same.get(record.status, record.status), duplicate_of=None)


def _originals(found: dict[str, list[Record]]) -> set[tuple[str, int]]:
    """Return the texts that have originals, and how many each has."""
    last = (said[-1] for said in found.values())
    return set(Counter(record.content_hash for record in last if record.status == "ok").items())


def defects(crawl: Crawl, code: int) -> list[str]:
    """Return what is wrong with how a run ended that was not killed: its code, what it said."""
    said = crawl.said()
    found = []
    if code not in (*DONE, REFUSED):
        found.append(f"exit code {code}")
    if "Traceback" in said or (code == REFUSED and said.count("\n") != 1):
        found.append(f"said {said[-300:]!r}")
    return found
