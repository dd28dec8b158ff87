"""Ends a request at its deadline, whatever the server does.

The timeouts of sockets are from byte to byte: a server that drips headers, interim answers or a
chunk's size keeps any client of requests waiting for ever. Here one thread, which sleeps until the
next deadline, shuts the sockets of what is overdue.
"""

import contextlib
import heapq
import itertools
import os
import socket
import threading
import time
from typing import Self

from scraper.errors import FetchError

_here = threading.local()


class Deadline:
    """A block of requests of one thread that must be over in ``seconds``.

    Leaving it too late raises FetchError, whatever the shut socket looked like to the block: a
    broken connection or the end of the body.
    """

    def __init__(self, seconds: float) -> None:
        self.over = self.passed = False
        self.ends = time.monotonic() + seconds
        self._seconds = seconds
        self._outer: Deadline | None = None
        self._sockets: list[socket.socket] = []
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        self._outer = current_deadline()
        _here.deadline = self
        _watchdog.watch(self)
        return self

    def __exit__(self, *failure: object) -> None:
        _here.deadline = self._outer
        with self._lock:
            self.over = True
            for watched in self._sockets:
                watched.close()
            self._sockets.clear()
        if self.passed:
            raise FetchError("deadline_exceeded", f"not complete after {self._seconds:g} s")

    def left(self) -> float:
        """Return the seconds left, at least a few milliseconds: libraries refuse none."""
        own = max(0.005, self.ends - time.monotonic())
        return min(own, self._outer.left()) if self._outer else own

    def watch(self, connected: socket.socket) -> None:
        """Shut ``connected`` when the time is over, or that of the block around this one.

        A duplicate is kept: a TLS socket takes over the number of the plain one, and a closed
        socket's number may soon be another's.
        """
        if self._outer:
            self._outer.watch(connected)
        duplicate = _duplicate(connected)
        with self._lock:
            self._sockets.append(duplicate)
            if self.passed:
                _shut(duplicate)

    def cut(self) -> None:
        """Shut what is watched, unless the block is over."""
        with self._lock:
            if self.over:
                return
            self.passed = True
            for watched in self._sockets:
                _shut(watched)


def current_deadline() -> Deadline | None:
    """Return the deadline of the innermost block that this thread is in."""
    found: Deadline | None = getattr(_here, "deadline", None)
    return found


def _duplicate(connected: socket.socket) -> socket.socket:
    number = os.dup(connected.fileno())
    return socket.socket(connected.family, connected.type, connected.proto, fileno=number)


def _shut(watched: socket.socket) -> None:
    with contextlib.suppress(OSError):
        watched.shutdown(socket.SHUT_RDWR)


class _Watchdog:
    """The thread that cuts, and the deadlines it waits for, the next one first.

    A deadline that was met stays in the heap until its time and costs nothing more: fetches that
    end in time never wake the thread.
    """

    def __init__(self) -> None:
        self._waiting: list[tuple[float, int, Deadline]] = []
        self._order = itertools.count()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def watch(self, deadline: Deadline) -> None:
        with self._changed:
            heapq.heappush(self._waiting, (deadline.ends, next(self._order), deadline))
            if self._thread is None or not self._thread.is_alive():  # after a fork, too
                self._thread = threading.Thread(target=self._run, name="deadlines", daemon=True)
                self._thread.start()
            elif self._waiting[0][2] is deadline:
                self._changed.notify()

    def _run(self) -> None:
        while True:
            for deadline in self._due():
                deadline.cut()

    def _due(self) -> list[Deadline]:
        """Wait for the next deadline that is not met; return what is overdue."""
        with self._changed:
            self._drop_met()
            pause = self._waiting[0][0] - time.monotonic() if self._waiting else None
            if pause is None or pause > 0:
                self._changed.wait(pause)
            due = []
            while self._waiting and self._waiting[0][0] <= time.monotonic():
                due.append(heapq.heappop(self._waiting)[2])
            return due

    def _drop_met(self) -> None:
        while self._waiting and self._waiting[0][2].over:
            heapq.heappop(self._waiting)


_watchdog = _Watchdog()
