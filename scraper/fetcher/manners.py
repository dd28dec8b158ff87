"""Remembers which hosts asked for a rest and which are down, so that nobody knocks for nothing."""

import threading
import time
from typing import Any, NamedTuple

from scraper.urls import site_of_host

DOWN_AFTER = 5
"""Failed connections in a row after which a host is taken for down for the rest of the run."""

DEAD_CODES = frozenset(
    {"connect_failed", "connect_timeout", "dns_failed", "read_timeout", "deadline_exceeded"}
    | {"tls_failed"}
)
"""Failures that speak of the host rather than of the page."""

MAX_REST = 86400.0
"""Seconds. A longer rest is a mistake or a trap: the next day is soon enough to ask again."""

MAX_HOSTS = 50_000
"""Troubled hosts that are remembered; beyond that the oldest trouble is forgotten."""


class Answer(NamedTuple):
    """Whether a host may be asked: ``rest`` seconds from now on, or not at all where it is down."""

    rest: float = 0.0
    is_down: bool = False


class Manners:
    """What hosts have said in this run and, as ``rests`` tells, in earlier ones: Unix seconds."""

    def __init__(self, rests: dict[str, float] | None = None, now: float = 0.0) -> None:
        ahead = time.monotonic() - now
        self._rests = {host: until + ahead for host, until in (rests or {}).items()}
        self._failures: dict[str, int] = {}
        self._limited: dict[str, set[str]] = {}
        self._lock = threading.Lock()

    def ask(self, host: str) -> Answer:
        """Return whether ``host`` may be asked now."""
        with self._lock:
            if self._failures.get(host, 0) >= DOWN_AFTER:
                return Answer(is_down=True)
            if not self._rests:
                return Answer()
            until = max(self._rests.get(host, 0.0), self._rests.get(site_of_host(host), 0.0))
            return Answer(rest=max(0.0, until - time.monotonic()))

    def failed(self, host: str, code: str) -> None:
        """Count a failure that may mean that the host is down; any other is a sign of life."""
        with self._lock:
            if code not in DEAD_CODES:
                self._failures.pop(host, None)
                return
            self._failures[host] = self._failures.get(host, 0) + 1
            _bound(self._failures)

    def answered(self, host: str) -> None:
        """Note a sign of life."""
        if host in self._failures:
            with self._lock:
                self._failures.pop(host, None)

    def cool(self, host: str, seconds: float) -> None:
        """Let ``host`` rest; once a second host of its registrable domain asks, all of them."""
        domain = site_of_host(host)
        until = time.monotonic() + min(seconds, MAX_REST)
        with self._lock:
            asked = self._limited.setdefault(domain, set())
            if len(asked) < 2:
                asked.add(host)
            self._rests[host] = max(until, self._rests.get(host, 0.0))
            if len(asked) > 1:
                self._rests[domain] = max(until, self._rests.get(domain, 0.0))
            _bound(self._rests)
            _bound(self._limited)


def _bound(table: dict[str, Any]) -> None:
    while len(table) > MAX_HOSTS:
        del table[next(iter(table))]
