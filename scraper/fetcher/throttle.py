"""Says which URL is next: hosts take turns, one request a host at a time, a pause between."""

import heapq
import threading
import time
from collections import deque
from collections.abc import Iterable

from msgspec import Struct

from scraper.model import Link


class Task(Struct, frozen=True, kw_only=True):
    """A URL to fetch, its host, and the tries it has had."""

    link: Link
    host: str
    attempts: int = 0


class Schedule:
    """The URLs that wait, by host; threads take turns in asking for the next one due."""

    def __init__(self, tasks: Iterable[Task]) -> None:
        self._waiting: dict[str, deque[Task]] = {}
        for task in tasks:
            self._waiting.setdefault(task.host, deque()).append(task)
        self._due = [(0.0, order, host) for order, host in enumerate(self._waiting)]
        self._order = len(self._due)
        self._open = sum(len(queue) for queue in self._waiting.values())
        self._stopped = False
        self._changed = threading.Condition()

    def next(self) -> Task | None:
        """Return the next task whose host is due, waiting for it; None when nothing is left."""
        with self._changed:
            while self._open and not self._stopped:
                pause = self._due[0][0] - time.monotonic() if self._due else None
                if pause is not None and pause <= 0:
                    return self._waiting[heapq.heappop(self._due)[2]].popleft()
                self._changed.wait(pause)
            return None

    def finish(self, task: Task, pause: float) -> None:
        """Note that ``task`` is done; its host rests for ``pause`` seconds."""
        with self._changed:
            self._open -= 1
            self._rest(task.host, pause)

    def put_back(self, task: Task, pause: float) -> None:
        """Let ``task`` be the first of its host again, in ``pause`` seconds."""
        with self._changed:
            self._waiting[task.host].appendleft(task)
            self._rest(task.host, pause)

    def stop(self) -> None:
        """Let every thread that asks go home."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    def _rest(self, host: str, pause: float) -> None:
        if self._waiting[host]:
            self._order += 1
            heapq.heappush(self._due, (time.monotonic() + pause, self._order, host))
        else:
            del self._waiting[host]
        self._changed.notify_all()
