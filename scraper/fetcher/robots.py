"""Asks robots.txt whether and how fast a host may be read (RFC 9309), at most once a day."""

import codecs
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Literal, NamedTuple, Protocol
from urllib.parse import urlsplit

import msgspec
import requests
from protego import Protego

from scraper.fetcher.attempt import Refusal, Unchanged, Wish, attempt
from scraper.model import Page
from scraper.settings import Settings
from scraper.urls import host_of

MAX_ROBOTS = 500 * 1024
"""Bytes that are read; the rest is ignored, as RFC 9309 allows."""

MAX_DELAY = 30.0
"""Seconds. A longer Crawl-delay would stall a list for days; Nutch and StormCrawler cap it so."""

MAX_AGE = 24 * 3600.0
"""Seconds for which rules hold; RFC 9309 wants no more."""

MAX_FAILURE_AGE = 3600.0
"""Seconds for which an unreachable robots.txt is not asked for again; StormCrawler's figure."""

MAX_REDIRECTS = 5
"""Redirects to follow, to other hosts too: as many as RFC 9309 asks for."""

MAX_ORIGINS = 2000
"""Parsed rules held in memory."""

MAX_HELD = 16 * 2**20
"""Bytes of the files that they were parsed from: 500 KB take about 1 MB parsed."""

MAX_KNOWN = 50_000
"""Origins of which is remembered until when their rules hold; beyond, the store is asked."""

# Failures that mean that there is no robots.txt, which allows everything. What the page's own
# request will end in as well is told of the page.
_ABSENT = frozenset(
    "http_4xx too_many_redirects redirect_loop bad_redirect blocked_scheme"
    " blocked_address blocked_port bad_url credentials_in_url".split()
)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


class Verdict(NamedTuple):
    """What robots.txt says of one URL.

    ``delay`` is the Crawl-delay in seconds, 0 without one; ``failure`` says why robots.txt is
    unreachable.
    """

    robots: Literal["allowed", "disallowed", "unreachable", "ignored"]
    delay: float = 0.0
    failure: str = ""


class RobotsStore(Protocol):
    """Where robots.txt files outlast a run; ``origin`` is scheme, host and port.

    A file is the time it was fetched (Unix seconds), the code of the failure that made it
    unreachable or nothing, and its bytes.
    """

    def read(self, origin: str) -> tuple[float, str, bytes] | None:
        """Return the file last written for ``origin``, or None."""

    def write(self, origin: str, fetched_at: float, code: str, body: bytes) -> None:
        """Keep a file in place of the one before."""


class _Rules(NamedTuple):
    """The rules of one origin, or a failure's code in their place, when they came, their bytes."""

    fetched_at: float
    rules: Protego | str
    size: int


class RobotsCache:
    """The robots.txt of the hosts of a run.

    With ``store`` they are shared with other runs. ``clock`` gives Unix seconds. Threads may share
    it.
    """

    def __init__(
        self,
        settings: Settings,
        session: requests.Session,
        store: RobotsStore | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        # headers of the caller's are for the pages that the caller names
        self._settings = msgspec.structs.replace(settings, max_redirects=MAX_REDIRECTS, headers=())
        self._session = session
        self._store = store
        self._clock = clock
        self._token = settings.user_agent.partition("/")[0].strip() or "*"
        self._parsed: OrderedDict[str, _Rules] = OrderedDict()
        self._held = 0
        self._until: dict[str, float] = {}
        self._lock = threading.Lock()

    def knows(self, url: str) -> bool:
        """Whether the rules for the host of ``url`` were loaded and still hold."""
        return self._clock() < self._until.get(_origin(url), 0.0)

    def load(self, url: str) -> None:
        """Take the rules for the host of ``url`` from the store, or fetch them.

        Unreachable rules are remembered as such.
        """
        origin = _origin(url)
        self._keep(origin, self._stored(origin) or self._fetched(origin))

    def forget(self, url: str) -> None:
        """Let the rules for the host of ``url`` be fetched again."""
        origin = _origin(url)
        with self._lock:
            self._drop(origin)
            self._until.pop(origin, None)
        if self._store is not None:
            self._store.write(origin, 0.0, "", b"")

    def verdict(self, url: str) -> Verdict:
        """Return whether ``url`` may be fetched; rules that are not at hand are loaded."""
        rules = self._rules_for(url)
        if isinstance(rules, str):
            return Verdict("unreachable", failure=rules)
        stated = rules.crawl_delay(self._token) or 0.0
        delay = min(stated, MAX_DELAY) if 0 < stated < math.inf else 0.0
        return Verdict("allowed" if rules.can_fetch(url, self._token) else "disallowed", delay)

    def sitemaps(self, url: str) -> list[str]:
        """Return the sitemaps that the robots.txt of the host of ``url`` names, as it names them.

        Rules that are not at hand are loaded; unreachable ones name none.
        """
        rules = self._rules_for(url)
        return [] if isinstance(rules, str) else list(rules.sitemaps)

    def _rules_for(self, url: str) -> Protego | str:
        origin = _origin(url)
        with self._lock:
            found = self._parsed.get(origin)
            if found:
                self._parsed.move_to_end(origin)
        if found is None:  # never loaded, or more hosts than memory holds have come between
            found = self._keep(origin, self._stored(origin) or self._fetched(origin))
        return found.rules

    def _keep(self, origin: str, rules: _Rules) -> _Rules:
        with self._lock:
            self._drop(origin)
            self._parsed[origin] = rules
            self._held += rules.size
            self._until[origin] = rules.fetched_at + _lifetime(rules.rules)
            while len(self._parsed) > MAX_ORIGINS or self._held > MAX_HELD:
                self._drop(next(iter(self._parsed)))
            if len(self._until) > MAX_KNOWN:
                del self._until[next(iter(self._until))]
        return rules

    def _drop(self, origin: str) -> None:
        dropped = self._parsed.pop(origin, None)
        self._held -= dropped.size if dropped else 0

    def _stored(self, origin: str) -> _Rules | None:
        """Return the rules in the store while they hold; a clock set back ends them, too."""
        found = self._store.read(origin) if self._store is not None else None
        if found is None:
            return None
        fetched_at, code, body = found
        rules = code or _parse(body)
        age = self._clock() - fetched_at
        return _Rules(fetched_at, rules, len(body)) if 0 <= age < _lifetime(rules) else None

    def _fetched(self, origin: str) -> _Rules:
        wish = Wish(is_page=False, max_size=MAX_ROBOTS)
        code, body = _outcome(attempt(f"{origin}/robots.txt", self._settings, self._session, wish))
        fetched_at = self._clock()
        if self._store is not None:
            self._store.write(origin, fetched_at, code, body)
        return _Rules(fetched_at, code or _parse(body), len(body))


def _origin(url: str) -> str:
    return f"{urlsplit(url).scheme}://{host_of(url)}"


def _lifetime(rules: Protego | str) -> float:
    return MAX_FAILURE_AGE if isinstance(rules, str) else MAX_AGE


def _outcome(answer: Page | Refusal | Unchanged) -> tuple[str, bytes]:
    """Return the failure's code where nothing is known, and the bytes: none where none are."""
    if isinstance(answer, Page):
        return "", answer.body
    code = answer.code if isinstance(answer, Refusal) else "bad_http"
    return ("" if code in _ABSENT else code), b""


def _parse(body: bytes) -> Protego:
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return Protego.parse(body[len(mark) :].decode(encoding, "replace"))
    return Protego.parse(body.decode("utf-8", "replace"))
