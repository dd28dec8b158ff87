"""The killable processes in which pages are parsed: a page that hangs costs itself only."""

import contextlib
import multiprocessing
import queue
import signal
import threading
from collections.abc import Iterator
from multiprocessing.connection import Connection
from typing import Any, Self

import msgspec

from scraper.blank import blank_article, failed
from scraper.extraction import PLAIN, Reading, explain_page
from scraper.model import Article, Explanation, Page

_START = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
_PRELOAD = ["scraper.extraction"]  # loaded once, shared by every fork


class Workers:
    """A pool that extracts pages; safe to call from many threads.

    With ``count`` 0 pages are extracted in this process, one at a time, without a time limit.
    Otherwise a script that uses the pool must guard its entry by ``if __name__ == "__main__"``,
    as with everything that starts processes.
    """

    def __init__(self, count: int, timeout: float, reading: Reading = PLAIN) -> None:
        self._timeout = timeout
        self._reading = reading
        self._here = threading.Lock() if count == 0 else None
        self._idle: queue.SimpleQueue[_Worker | None] = queue.SimpleQueue()
        self._all: set[_Worker | None] = set()
        for _ in range(count):
            self._idle.put(None)  # started when first needed

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        for worker in filter(None, list(self._all)):
            worker.kill()

    def extract(self, page: Page) -> Article:
        """Return the page's record; a page that hangs or kills its worker gets a failure."""
        return self.explain(page, whole=False).article

    def explain(self, page: Page, *, whole: bool = True) -> Explanation:
        """Return the page's record and, if the ``whole`` is wanted, all of its blocks."""
        if self._here is not None:
            with self._here:
                return explain_page(page, self._reading, whole=whole)
        with self._borrowed() as worker:
            try:
                return worker.explain(page, whole, self._timeout)
            except TimeoutError:
                worker.kill()
                return _lost(page, "extract_timeout", f"stopped after {self._timeout:g} s")
            except (EOFError, OSError):
                worker.kill()
                return _lost(page, "extract_crashed", "the extraction process died")

    @contextlib.contextmanager
    def _borrowed(self) -> Iterator["_Worker"]:
        """Yield a worker that runs; its place in the pool is given back whatever happens."""
        worker = self._idle.get()
        try:
            if worker is None or not worker.is_alive():  # it may have died between two pages
                self._all.discard(worker)
                worker = _Worker(self._reading)
                self._all.add(worker)
            yield worker
        finally:
            self._idle.put(worker)


class _Worker:
    """One process and the pipe to it."""

    def __init__(self, reading: Reading) -> None:
        context: Any = multiprocessing.get_context(_START)
        context.set_forkserver_preload(_PRELOAD)
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, reading), daemon=True)
        self._process.start()
        self._ending = threading.Lock()
        theirs.close()

    def is_alive(self) -> bool:
        """Whether the process runs."""
        alive: bool = self._process.is_alive()
        return alive

    def explain(self, page: Page, whole: bool, timeout: float) -> Explanation:
        """Return the page's explanation; TimeoutError, EOFError or OSError if none comes."""
        late = threading.Event()

        def end() -> None:
            late.set()
            self._process.kill()

        timer = threading.Timer(timeout, end)
        timer.start()
        try:  # a process that hangs blocks even the sending, once the pipe is full
            self._pipe.send_bytes(msgspec.msgpack.encode((whole, page)))
            return msgspec.msgpack.decode(self._pipe.recv_bytes(), type=Explanation)
        except (EOFError, OSError):
            if late.is_set():
                raise TimeoutError from None
            raise
        finally:
            timer.cancel()

    def kill(self) -> None:
        """End the process at once; a thread that waits for it gets EOFError.

        The pipe is left to the garbage collector: that thread may still be reading from it.
        """
        with self._ending:
            self._process.kill()
            self._process.join()


def _serve(pipe: Connection, reading: Reading) -> None:
    """Extract pages until the pipe is closed; signals are for the parent, which then drains us."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    with contextlib.suppress(EOFError, OSError):
        while True:
            whole, page = msgspec.msgpack.decode(pipe.recv_bytes(), type=tuple[bool, Page])
            explanation = explain_page(page, reading, whole=whole)
            pipe.send_bytes(msgspec.msgpack.encode(explanation))


def _lost(page: Page, code: str, message: str) -> Explanation:
    article = failed(blank_article(page.url, page.fetch), code, message)
    return Explanation(article=article, pieces=())
