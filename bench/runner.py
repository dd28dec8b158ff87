"""Runs systems over pages in killable processes: a crash or a hang costs one error row."""

import contextlib
import multiprocessing
import os
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

from bench import peers
from bench.corpora.case import Case
from bench.output import Output
from bench.scores import PageScore, score_page

# Seconds for one system on one page; the slowest sound page of the peers took 4 s.
PAGE_TIMEOUT = 60.0

# A clean parent for the workers: it has imported no peer and runs no thread.
START_METHOD = "forkserver"

Job = tuple[Any, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Work:
    """What is done with a page: functions of modules, which the workers import.

    `warm_up` takes a system's name, `run` that, a page and its bytes, `failed` a page, a system's
    name and the error. The last two return a row that has `error`.
    """

    warm_up: Callable[[str], None]
    run: Callable[[str, Any, bytes], Any]
    failed: Callable[[Any, str, str], Any]


@dataclass(slots=True)
class Worker:
    """A process that scores one page at a time, and what it still owes."""

    process: BaseProcess
    connection: Connection
    case: Any = None
    owed: list[str] = field(default_factory=list)
    deadline: float = 0.0

    def take(self, job: Job, timeout: float) -> None:
        """Send a page with the systems to run on it, in this order."""
        self.case, systems = job
        self.owed = list(systems)
        self.deadline = time.monotonic() + timeout
        with contextlib.suppress(OSError):  # a dead worker is met when its answer is due
            self.connection.send((self.case, tuple(self.owed)))

    def stop(self) -> None:
        """Kill the process at once."""
        self.process.kill()
        self.process.join()
        self.connection.close()


def score_pages(
    cases: Sequence[Case], systems: Sequence[str], *, jobs: int = 1, timeout: float = PAGE_TIMEOUT
) -> Iterator[PageScore]:
    """Yield the score of every system's text on every page, in the order in which they end."""
    work = Work(_warm_up, _run, _failed)
    return run_pages(work, cases, systems, jobs=jobs, timeout=timeout)


def run_pages(
    work: Work,
    cases: Sequence[Any],
    systems: Sequence[str],
    *,
    jobs: int = 1,
    timeout: float = PAGE_TIMEOUT,
) -> Iterator[Any]:
    """Yield the row of every system on every page, in the order in which they end.

    The systems' order rotates from page to page, so that none is always the one that warms the
    caches. `timeout` is in seconds, for one system on one page.
    """
    queue: deque[Job] = deque(
        (case, tuple(systems[(index + step) % len(systems)] for step in range(len(systems))))
        for index, case in enumerate(cases)
    )
    workers = [_start(work, systems) for _ in range(max(1, min(jobs, len(queue))))]
    try:
        while queue or any(worker.owed for worker in workers):
            for worker in workers:
                if queue and not worker.owed:
                    worker.take(queue.popleft(), timeout)
            for index, worker in enumerate(workers):
                if worker.owed and (row := _outcome(work, worker, queue, timeout)):
                    if row.error in {"crashed", "timeout"}:
                        worker.stop()
                        workers[index] = _start(work, systems)
                    yield row
            _wait_for_any(workers)
    finally:
        for worker in workers:
            worker.stop()


def _wait_for_any(workers: Sequence[Worker]) -> None:
    busy = [worker for worker in workers if worker.owed]
    if busy:
        patience = min(worker.deadline for worker in busy) - time.monotonic()
        wait([worker.connection for worker in busy], max(0.0, patience))


def _outcome(work: Work, worker: Worker, queue: deque[Job], timeout: float) -> Any:
    """Take the next row of a worker; None while it works.

    A dead or late worker loses the system at hand, its further systems go back to the queue.
    """
    case, system = worker.case, worker.owed[0]
    try:
        if worker.connection.poll():
            row = worker.connection.recv()
            worker.owed.pop(0)
            worker.deadline = time.monotonic() + timeout
            return row
        error = "timeout" if time.monotonic() > worker.deadline else None
    except (EOFError, OSError):
        error = "crashed"
    if error is None:
        return None
    if worker.owed[1:]:
        queue.appendleft((case, tuple(worker.owed[1:])))
    worker.owed = []
    return work.failed(case, system, error)


def _start(work: Work, systems: Sequence[str]) -> Worker:
    context = multiprocessing.get_context(START_METHOD)
    near, far = context.Pipe()
    process = context.Process(target=_serve, args=(far, work, tuple(systems)), daemon=True)
    process.start()
    far.close()  # else the death of the process would not end the pipe
    return Worker(process, near)


def _serve(connection: Connection, work: Work, systems: Sequence[str]) -> None:
    """Work on pages until the pipe closes; a peer's chatter goes nowhere."""
    sink = os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, 1)
    os.dup2(sink, 2)
    with peers.silence():
        for name in systems:
            work.warm_up(name)
        while True:
            try:
                case, owed = connection.recv()
            except (EOFError, KeyboardInterrupt):
                return
            html = case.html
            for name in owed:
                connection.send(work.run(name, case, html))


def run_one(system: peers.System, case: Case, html: bytes) -> PageScore:
    """Extract and score one page; the CPU time is that of the extraction alone, in ms."""
    error, output = None, Output("")
    started = time.process_time()
    try:
        output = system.extract(html, case.url)
    except Exception as failure:
        error = type(failure).__name__
    spent = (time.process_time() - started) * 1000
    if error is None:
        output = system.titled(output, case, html)
    return score_page(case, system.name, output, error=error, cpu_ms=spent)


def _warm_up(name: str) -> None:
    peers.warm_up(peers.REGISTRY[name])


def _run(name: str, case: Case, html: bytes) -> PageScore:
    return run_one(peers.REGISTRY[name], case, html)


def _failed(case: Case, name: str, error: str) -> PageScore:
    return score_page(case, name, Output(""), error=error)
