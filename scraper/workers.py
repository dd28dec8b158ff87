"""The killable processes in which pages are parsed: a page that hangs costs itself only."""

import contextlib
import hashlib
import pickle
import queue
import signal
import socket
import threading
import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, Self

import msgspec
from msgspec import Struct

from scraper.advice import PLAIN, Reading
from scraper.blank import blank_article, failed
from scraper.errors import OutputError
from scraper.fork_server import BURST, SERVER, Terms, receive, resident, send
from scraper.model import Article, Explanation, Page
from scraper.writer import replacing

QUARANTINE_FILES = 100
"""Pages in a quarantine: enough to see a pattern, few enough to look at."""

QUARANTINE_BYTES = 200 * 2**20
"""Of all pages in a quarantine; ten of the largest that are fetched."""


class Limits(Struct, frozen=True):
    """What a page and a process may use.

    ``cpu``: seconds of processor time for a page; None: as many as it has by the clock.
    ``memory``: bytes that a process may map beyond those of its start. ``pages`` and ``resident``
    (bytes, those shared included): a process that has done so many, or holds more, is replaced.

    Of 3,000 real pages the longest took 0.6 s and the largest mapped 115 MiB; 20 MB of prose map
    over 800 MiB, 20 MB of one-letter elements 5.5 GB. One process held 195 MiB after its first
    page, 279 after 1,459, and no more after all 3,000 (bench.crawl.isolation).
    """

    cpu: float | None = None
    memory: int = 2 * 2**30
    pages: int = 1000
    resident: int = 600 * 2**20


class Workers:
    """A pool that extracts pages; safe to call from many threads, served in the order they come.

    With ``count`` 0 pages are extracted in this process, one at a time, without any limit.
    Otherwise a page has ``timeout`` seconds. One that is stopped, or ends its process, is kept in
    the folder ``quarantine``, if there is to be one, as 16 digits of its SHA-256 and ``.html``.
    """

    def __init__(
        self,
        count: int,
        timeout: float,
        reading: Reading = PLAIN,
        *,
        limits: Limits = Limits(),  # noqa: B008 - frozen
        quarantine: Path | None = None,
    ) -> None:
        self._timeout = timeout
        self._reading = reading
        self._limits = limits
        self._terms = b""
        self._quarantine = quarantine
        self._here = threading.Lock() if count == 0 else None
        self._lock = threading.Lock()
        self._ended = False
        self._idle: deque[_Worker | None] = deque([None] * count)  # started when first needed
        self._waiting: deque[queue.SimpleQueue[_Worker | None]] = deque()
        self._all: set[_Worker] = set()
        if count:
            self._terms = pickle.dumps(Terms(reading, limits.cpu or timeout, limits.memory))
            SERVER.start()  # loads while the first page is fetched

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        with self._lock:
            self._ended = True
            idle, busy = set(filter(None, self._idle)), set(self._all)
            while self._waiting:
                self._waiting.popleft().put(None)
            self._idle.clear()
        for worker in busy - idle:
            worker.end()  # the thread that waits for it closes the pipe
        for worker in idle:
            worker.close()

    def extract(self, page: Page) -> Article:
        """Return the page's record; a page that hangs or kills its process gets a failure."""
        return self.explain(page, whole=False).article

    def explain(self, page: Page, *, whole: bool = True) -> Explanation:
        """Return the page's record and, if the ``whole`` is wanted, all of its blocks."""
        if self._here is not None:
            from scraper.extraction import explain_page  # noqa: PLC0415 - others load it

            with self._here:
                return explain_page(page, self._reading, whole=whole)
        try:
            with self._borrowed() as worker:
                found = self._tried(worker, page, whole=whole)
        except OSError as error:
            message = f"no process for extraction: {error.strerror or error}"
            found = Loss("extract_crashed", message)
        return found if isinstance(found, Explanation) else _lost(page, found)

    def _tried(self, worker: "_Worker | None", page: Page, *, whole: bool) -> "Explanation | Loss":
        if worker is None:
            return _STOPPED
        try:
            return worker.explain(page, whole, self._timeout)
        except TimeoutError:
            worker.end()
            loss = Loss("extract_timeout", f"stopped after {self._timeout:g} s")
        except (EOFError, OSError):
            loss = self._loss(worker.end())
        if self._ended:
            return _STOPPED
        return loss._replace(message=loss.message + self._kept(page.body))

    @contextlib.contextmanager
    def _borrowed(self) -> Iterator["_Worker | None"]:
        """Yield a worker that runs, None after the pool's end; its place is always given back."""
        worker = self._place()
        try:
            if worker is None or not worker.is_fresh(self._limits):
                self._discard(worker)
                worker = None  # should none be forked
                worker = self._started()
            yield worker
        except BaseException:  # Ctrl-C in the middle: its answer would be taken for the next page's
            self._discard(worker)
            worker = None
            raise
        finally:
            self._give_back(worker)

    def _place(self) -> "_Worker | None":
        """Return the worker that is idle for longest, None for one that is to be started."""
        with self._lock:
            if self._idle or self._ended:
                return self._idle.popleft() if self._idle else None
            mine: queue.SimpleQueue[_Worker | None] = queue.SimpleQueue()
            self._waiting.append(mine)
        return mine.get()

    def _give_back(self, worker: "_Worker | None") -> None:
        """Hand a worker to the thread that waits for longest: no other can overtake it."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().put(worker)
            elif not self._ended:
                self._idle.append(worker)
            elif worker is not None:
                worker.close()

    def _started(self) -> "_Worker | None":
        if self._ended:
            return None
        worker = _Worker(self._terms)
        with self._lock:
            self._all.add(worker)
            if not self._ended:
                return worker
        self._discard(worker)
        return None

    def _discard(self, worker: "_Worker | None") -> None:
        if worker is not None:
            worker.close()
            with self._lock:
                self._all.discard(worker)

    def _loss(self, code: int | None) -> "Loss":
        """Say what the end of a process means that was not asked for."""
        if code == -signal.SIGPROF:
            cpu = self._limits.cpu or self._timeout
            return Loss("extract_timeout", f"stopped after {cpu:g} s of processor time")
        if code == BURST:
            megabytes = self._limits.memory / 2**20
            return Loss("extract_memory", f"more than {megabytes:,.0f} MiB of memory needed")
        if code == -signal.SIGKILL:
            message = "killed by SIGKILL, as by the system where memory runs out"
            return Loss("extract_memory", message)
        if code is not None and code < 0:
            return Loss("extract_crashed", f"the extraction process died of {_name(-code)}")
        how = "died" if code is None else f"ended with exit code {code}"
        return Loss("extract_crashed", f"the extraction process {how}")

    def _kept(self, body: bytes) -> str:
        """Put a page into quarantine; return the words on that, none where it is not there."""
        if self._quarantine is None:
            return ""
        path = self._quarantine / f"{hashlib.sha256(body).hexdigest()[:16]}.html"
        with self._lock:
            try:
                if not path.exists() and not _has_room(path.parent, len(body)):
                    return ""
                if not path.exists():
                    with replacing(path) as file:
                        file.write(body)
            except (OSError, OutputError):  # a full disk is told by what writes records
                return ""
        return f"; the page is {path.name} in quarantine"


class Loss(NamedTuple):
    """Why a page has no record of its own: a code of ``ERROR_CODES``, and what happened."""

    code: str
    message: str


_STOPPED = Loss("extract_crashed", "the run was stopped before the page was extracted")


class _Worker:
    """One process and the pipe to it."""

    def __init__(self, terms: bytes) -> None:
        self._pipe, theirs = socket.socketpair()
        self._pages = 0
        self._code: int | None = None
        self._ending = threading.Lock()
        self._has_ended = False
        self.pid = 0
        try:
            with theirs:
                self.pid = SERVER.fork(theirs)
            send(self._pipe, terms)
        except BaseException:
            self.close()
            raise

    def is_fresh(self, limits: Limits) -> bool:
        """Whether the process runs, and has not yet done or eaten what it may."""
        worn = self._pages >= limits.pages or resident(self.pid) > limits.resident
        return not worn and self.is_alive()

    def is_alive(self) -> bool:
        """Whether the process runs: else the kernel has closed its end."""
        if self._has_ended:
            return False
        self._pipe.setblocking(False)
        try:
            self._pipe.recv(1, socket.MSG_PEEK)
        except BlockingIOError:  # neither an end nor an answer that nobody took
            return True
        except OSError:
            pass
        return False

    def explain(self, page: Page, whole: bool, timeout: float) -> Explanation:
        """Return the page's explanation; TimeoutError, EOFError or OSError if none comes."""
        deadline = time.monotonic() + timeout
        self._pages += 1
        send(self._pipe, msgspec.msgpack.encode((whole, page)), deadline)
        return msgspec.msgpack.decode(receive(self._pipe, deadline), type=Explanation)

    def end(self) -> int | None:
        """End the process at once; return its exit code, or minus the signal that it died of.

        A thread that waits for it gets EOFError, and closes the pipe.
        """
        with self._ending:
            if self.pid and not self._has_ended:
                self._code = SERVER.end(self.pid)
                self._has_ended = True
            return self._code

    def close(self) -> None:
        """End the process and close the pipe, which no other thread may be using."""
        self.end()
        self._pipe.close()


def _has_room(folder: Path, size: int) -> bool:
    folder.mkdir(parents=True, exist_ok=True)
    sizes = [path.stat().st_size for path in folder.glob("*.html")]
    return len(sizes) < QUARANTINE_FILES and sum(sizes) + size <= QUARANTINE_BYTES


def _name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _lost(page: Page, loss: Loss) -> Explanation:
    article = failed(blank_article(page.url, page.fetch), loss.code, loss.message)
    return Explanation(article=article, pieces=())
