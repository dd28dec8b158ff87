"""Asks robots.txt whether and how fast a host may be read (RFC 9309), once a host and run."""

import codecs
import math
import threading
from typing import Literal, NamedTuple
from urllib.parse import urlsplit

import requests
from protego import Protego

from scraper.fetcher.attempt import Refusal, Wish, attempt
from scraper.model import Page
from scraper.settings import Settings
from scraper.urls import host_of

MAX_ROBOTS = 500 * 1024
"""Bytes that are read; the rest is ignored, as RFC 9309 allows."""

MAX_DELAY = 30.0
"""Seconds. A longer Crawl-delay would stall a list for days; Nutch and StormCrawler cap it so."""


_ABSENT = ("http_4xx", "too_many_redirects", "redirect_loop", "bad_redirect", "blocked_scheme")
"""Failures that mean that there is no robots.txt, which allows everything."""


class Verdict(NamedTuple):
    """What robots.txt says of one URL.

    ``delay`` is the Crawl-delay in seconds, 0 without one; ``failure`` says why robots.txt is
    unreachable.
    """

    robots: Literal["allowed", "disallowed", "unreachable", "ignored"]
    delay: float = 0.0
    failure: str = ""


class RobotsCache:
    """The robots.txt of every host of a run."""

    def __init__(self, settings: Settings, session: requests.Session) -> None:
        self._settings = settings
        self._session = session
        self._token = settings.user_agent.partition("/")[0].strip() or "*"
        self._rules: dict[str, Protego | str] = {}
        self._lock = threading.Lock()

    def knows(self, url: str) -> bool:
        """Whether the rules for the host of ``url`` are at hand."""
        return _origin(url) in self._rules

    def load(self, url: str) -> None:
        """Fetch the rules for the host of ``url``; unreachable rules are remembered as such."""
        wish = Wish(is_page=False, max_size=MAX_ROBOTS)
        answer = attempt(_origin(url) + "/robots.txt", self._settings, self._session, wish)
        rules = _rules(answer)
        with self._lock:
            self._rules[_origin(url)] = rules

    def forget(self, url: str) -> None:
        """Let the rules for the host of ``url`` be fetched again."""
        with self._lock:
            self._rules.pop(_origin(url), None)

    def verdict(self, url: str) -> Verdict:
        """Return whether ``url`` may be fetched; its host's rules must be loaded."""
        rules = self._rules[_origin(url)]
        if isinstance(rules, str):
            return Verdict("unreachable", failure=rules)
        stated = rules.crawl_delay(self._token) or 0.0
        delay = min(stated, MAX_DELAY) if 0 < stated < math.inf else 0.0
        return Verdict("allowed" if rules.can_fetch(url, self._token) else "disallowed", delay)


def _origin(url: str) -> str:
    return f"{urlsplit(url).scheme}://{host_of(url)}"


def _rules(answer: Page | Refusal) -> Protego | str:
    """Return the rules in an answer: none for 4xx; the failure's code where nothing is known."""
    if isinstance(answer, Refusal):
        return Protego.parse("") if answer.code in _ABSENT else answer.code
    text = answer.body.removeprefix(codecs.BOM_UTF8).decode("utf-8", "replace")
    return Protego.parse(text)
