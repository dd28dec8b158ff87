"""Ends a request at its deadline, whatever the server does.

The timeouts of sockets are from byte to byte: a server that drips headers, interim answers or a
chunk's size keeps any client of requests waiting for ever. Here a timer shuts the socket.
"""

import contextlib
import socket
import threading
import time
from typing import Any, Self

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from scraper.errors import FetchError

_here = threading.local()


class Deadline:
    """A block of requests of one thread that must be over in ``seconds``.

    Leaving it too late raises FetchError, whatever the shut socket looked like to the block: a
    broken connection or the end of the body.
    """

    def __init__(self, seconds: float) -> None:
        self.passed = False
        self._seconds = seconds
        self._ends = time.monotonic() + seconds
        self._outer: Deadline | None = None
        self._sockets: list[socket.socket] = []
        self._lock = threading.Lock()
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._outer = getattr(_here, "deadline", None)
        _here.deadline = self
        self._timer.start()
        return self

    def __exit__(self, *failure: object) -> None:
        self._timer.cancel()
        _here.deadline = self._outer
        if self.passed:
            raise FetchError("deadline_exceeded", f"not complete after {self._seconds:g} s")

    def left(self) -> float:
        """Return the seconds left, at least a few milliseconds: libraries refuse none."""
        return max(0.005, self._ends - time.monotonic())

    def watch(self, connected: socket.socket) -> None:
        """Shut ``connected`` when the time is over, or that of the block around this one."""
        if self._outer:
            self._outer.watch(connected)
        with self._lock:
            self._sockets.append(connected)
            if self.passed:
                _shut(connected)

    def _cut(self) -> None:
        with self._lock:
            self.passed = True
            for connected in self._sockets:
                _shut(connected)


def _shut(connected: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connected.shutdown(socket.SHUT_RDWR)


class _Watched:
    """Reports a connection's socket to the deadline of the thread that uses it."""

    sock: Any

    def getresponse(self) -> Any:
        deadline: Deadline | None = getattr(_here, "deadline", None)
        if deadline is not None and self.sock is not None:
            deadline.watch(self.sock)
        return super().getresponse()  # type: ignore[misc]


class _Connection(_Watched, HTTPConnection):
    pass


class _SecureConnection(_Watched, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class WatchedAdapter(HTTPAdapter):
    """An adapter whose connections can be ended by a deadline."""

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        """Let the pools make watched connections."""
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}
