"""Says which URL is next: hosts take turns, one request a host at a time, a pause between."""

import heapq
import threading
import time
from collections import deque
from typing import Protocol

from scraper.model import Task

WINDOW = 1000
"""Hosts that take turns at the same time; the rest wait on disk. At the default pause of a second
that is room for a thousand pages a second, far more than are extracted."""

BUFFER = 16
"""URLs of a host that are taken from the disk at a time. A host that has had them goes behind those
that wait for a place in the window."""


class Frontier(Protocol):
    """Where URLs wait. Those handed out wait on, until they are settled."""

    def hosts(self, after: int, count: int) -> list[tuple[int, str]]:
        """Return number and name of the next hosts after ``after`` with URLs that wait."""

    def take(self, host: int, after: int, count: int) -> list[Task]:
        """Return the next URLs of a host with numbers above ``after``."""


class _Host:
    """A host in the window.

    ``tasks`` wait, up to the number ``last``; those ``in_hand`` are not settled yet; one of them is
    being fetched while ``busy``. The next may be from the monotonic time ``rest`` on.
    """

    __slots__ = ("busy", "in_hand", "last", "number", "rest", "tasks")

    def __init__(self, number: int, rest: float) -> None:
        self.number = number
        self.rest = rest
        self.tasks: deque[Task] = deque()
        self.last = 0
        self.in_hand: set[int] = set()
        self.busy = False


class Schedule:
    """The turns of the hosts; threads ask for the next task, which comes when its host is due.

    ``close`` says that nothing will be added to the frontier any more, ``wake`` that something was.
    """

    def __init__(self, frontier: Frontier) -> None:
        self._frontier = frontier
        self._window: dict[str, _Host] = {}
        self._due: list[tuple[float, int, str]] = []
        self._order = 0
        self._rests: dict[str, float] = {}  # of hosts that left the window before they were over
        self._after = 0  # the look through the hosts on disk has come up to this number
        self._more = True  # and is not at its end
        self._again = False  # there is reason for another
        self._closed = False
        self._stopped = False
        self._changed = threading.Condition()

    def next(self) -> Task | None:
        """Return the next task whose host is due, waiting for it; None when nothing is left."""
        with self._changed:
            while not self._stopped:
                self._fill()
                pause = self._due[0][0] - time.monotonic() if self._due else None
                if pause is not None and pause <= 0:
                    return self._start(heapq.heappop(self._due)[2])
                if pause is None and self._closed and not self._window and not self._more:
                    break
                self._changed.wait(pause)
            self._changed.notify()  # the next one goes home too
            return None

    def release(self, task: Task, pause: float) -> None:
        """Let the host of ``task`` rest for ``pause`` seconds, then have its next turn."""
        with self._changed:
            host = self._window[task.host]
            host.busy = False
            host.rest = time.monotonic() + pause
            self._push(task.host, host)

    def put_back(self, task: Task, pause: float) -> None:
        """Let ``task`` be the first of its host again, in ``pause`` seconds."""
        with self._changed:
            self._window[task.host].tasks.appendleft(task)
        self.release(task, pause)

    def settle(self, task: Task) -> None:
        """Note that ``task`` waits in the frontier no more; its turn must have been released."""
        with self._changed:
            host = self._window[task.host]
            host.in_hand.discard(task.seq)
            if not (host.tasks or host.in_hand or host.busy):
                self._push(task.host, host)

    def wake(self) -> None:
        """Look for URLs again: some were added."""
        with self._changed:
            self._look_again()
            self._changed.notify()

    def close(self) -> None:
        """Nothing will be added any more."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def stop(self) -> None:
        """Let every thread that asks go home."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    def _start(self, name: str) -> Task:
        host = self._window[name]
        task = host.tasks.popleft()
        host.in_hand.add(task.seq)
        host.busy = True
        return task

    def _push(self, name: str, host: _Host) -> None:
        """Give a host its next turn; one without tasks gets some, or leaves the window."""
        if not host.tasks:
            self._refill(host)
        if host.tasks:
            self._order += 1
            heapq.heappush(self._due, (host.rest, self._order, name))
            self._changed.notify()
        else:
            self._leave(name, host)

    def _refill(self, host: _Host) -> None:
        """Take the next tasks of a host from the disk, unless other hosts wait for its place.

        When none is in hand any more, from the first: what was named again stands before the last.
        """
        if self._more and len(self._window) >= WINDOW and host.last:
            self._look_again()
            return
        after = host.last if host.in_hand else 0
        host.tasks.extend(self._frontier.take(host.number, after, BUFFER))
        if host.tasks:
            host.last = host.tasks[-1].seq

    def _leave(self, name: str, host: _Host) -> None:
        """Drop a host all of whose tasks are settled; it comes again if it has more on disk."""
        if host.tasks or host.in_hand or host.busy:
            return
        del self._window[name]
        now = time.monotonic()
        if host.rest > now:
            self._rests[name] = host.rest
            if len(self._rests) > 2 * WINDOW:
                self._rests = {name: rest for name, rest in self._rests.items() if rest > now}
        if not self._window or self._more:
            self._changed.notify()

    def _look_again(self) -> None:
        """Look through the hosts on disk once more, after the look under way if there is one."""
        self._again = self._after > 0
        self._more = True

    def _fill(self) -> None:
        """Take hosts into the window, from where the last look at the disk ended."""
        while self._more and len(self._window) < WINDOW:
            found = self._frontier.hosts(self._after, WINDOW - len(self._window))
            for number, name in found:
                self._after = number
                host = self._window.get(name)
                if host is None:
                    host = self._window[name] = _Host(number, self._rests.pop(name, 0.0))
                if not host.tasks and not host.busy:
                    self._push(name, host)
            if not found:
                self._more, self._again, self._after = self._again, False, 0
