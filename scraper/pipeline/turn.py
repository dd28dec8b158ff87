"""One URL's turn: whether its host may be asked, robots.txt, the fetch, another try or none."""

import random
from datetime import UTC, datetime
from typing import NamedTuple

import msgspec
import requests

from scraper.blank import blank_article, blank_fetch, failed
from scraper.errors import ERROR_CODES, FetchError
from scraper.fetcher import Manners, Refusal, RobotsCache, Unchanged, Verdict, Wish, attempt
from scraper.model import Article, Fetch, Page, Task
from scraper.settings import Settings
from scraper.sources import MAX_DOCUMENT
from scraper.urls import check_web_url, host_of

BACKOFF = 1.0
"""Seconds before the first retry; doubled for each further one, plus up to half by chance."""

_DEAD = frozenset({"connect_failed", "connect_timeout", "dns_failed", "tls_failed"})
"""Failures of robots.txt that are the host's own: the record says so instead of blaming robots."""

_RETRIED = frozenset(
    {"connect_failed", "connect_timeout", "connection_reset", "dns_failed", "rate_limited"}
)
_RETRIED_STATUS = frozenset({502, 503, 504})


class Turn(NamedTuple):
    """What a turn came to: an answer, or None where the task shall be tried again.

    ``pause`` is how long its host shall rest, in seconds.
    """

    task: Task
    answer: Page | Refusal | Unchanged | None
    pause: float


class Visitor:
    """Takes one turn after the other; safe to call from many threads."""

    def __init__(
        self, settings: Settings, session: requests.Session, robots: RobotsCache, manners: Manners
    ) -> None:
        self._settings = settings
        self._session = session
        self._robots = robots
        self._manners = manners

    def visit(self, task: Task, *, conditional: bool) -> Turn:
        """Ask for the URL once, if it may be asked for; ``conditional`` asks for changes only."""
        return self._not_now(task) or self._ask(task, conditional=conditional)

    def _not_now(self, task: Task) -> Turn | None:
        """Return the turn of what cannot be asked for, or not yet; None where it can."""
        if task.refused:
            return _refused(task, task.refused)
        host = self._manners.ask(task.host)
        if host.is_down:
            return _refused(task, "host_down")
        if host.rest > self._settings.max_wait:
            return _refused(task, "rate_limited", retry_after=host.rest)
        return Turn(task, None, host.rest) if host.rest else None

    def _ask(self, task: Task, *, conditional: bool) -> Turn:
        url = check_web_url(task.link.url)
        verdict = Verdict("ignored")
        if self._settings.robots == "obey":
            verdict = self._ask_robots(url)
            if verdict.failure:
                self._manners.failed(task.host, verdict.failure)
            if _may_pass(verdict.failure) and task.attempts < self._settings.retries:
                self._robots.forget(url)
                task = _tried(task)
                return Turn(task, None, _backoff(task.attempts))
            if verdict.robots != "allowed":
                return _forbidden(task, url, verdict)
        return self._fetch(url, _tried(task), verdict, conditional=conditional)

    def _ask_robots(self, url: str) -> Verdict:
        if not self._robots.knows(url):
            self._robots.load(url)
        return self._robots.verdict(url)

    def _fetch(self, url: str, task: Task, verdict: Verdict, *, conditional: bool) -> Turn:
        pause = max(self._settings.delay, verdict.delay)
        settings = _settings_for(task, self._settings)
        answer = attempt(url, settings, self._session, self._wish(task, conditional))
        fetch = msgspec.structs.replace(answer.fetch, robots=verdict.robots)
        if not isinstance(answer, Refusal):
            self._manners.answered(task.host)
            return Turn(task, _with_fetch(answer, fetch), pause)
        forbidden = answer.code.removeprefix("robots_")
        if forbidden != answer.code:  # by the robots.txt of a redirect's target
            fetch = msgspec.structs.replace(fetch, robots=forbidden)
        refusal = answer._replace(fetch=fetch)
        self._manners.failed(task.host, refusal.code)
        wait = self._retry_in(refusal, task.attempts)
        if refusal.retry_after or refusal.code == "rate_limited":
            self._manners.cool(task.host, refusal.retry_after or wait or 0.0)
        if wait is not None:
            return Turn(task, None, max(pause, wait))
        return Turn(task, refusal, pause)

    def _wish(self, task: Task, conditional: bool) -> Wish:
        is_page = task.link.kind == "page"
        return Wish(
            is_page=is_page,
            max_size=None if is_page else MAX_DOCUMENT,
            permit=self._permit if self._settings.robots == "obey" else None,
            etag=task.etag if conditional else None,
            last_modified=task.last_modified if conditional else None,
        )

    def _permit(self, url: str) -> None:
        """Raise FetchError where robots.txt forbids the target of a redirect."""
        verdict = self._ask_robots(url)
        if verdict.robots != "allowed":
            code = f"robots_{verdict.robots}"
            raise FetchError(code, f"a redirect leads to where {ERROR_CODES[code].meaning}")

    def _retry_in(self, refusal: Refusal, attempts: int) -> float | None:
        """Return the seconds until the next try; None where another try is no use now."""
        passing = refusal.code in _RETRIED or refusal.fetch.http_status in _RETRIED_STATUS
        if not passing or attempts > self._settings.retries:
            return None
        if refusal.retry_after is not None:
            return refusal.retry_after if refusal.retry_after <= self._settings.max_wait else None
        return _backoff(attempts)


def failure_of(task: Task, refusal: Refusal, now: float) -> Article:
    """Return the record of a URL that gave no page, known by the URL that was asked for."""
    record = failed(
        blank_article(task.link.url if not task.refused else None, refusal.fetch),
        refusal.code,
        refusal.message,
        attempts=task.attempts,
    )
    if refusal.retry_after and record.error:
        again = datetime.fromtimestamp(now + min(refusal.retry_after, 86400.0), UTC)
        stamp = again.isoformat(timespec="seconds").replace("+00:00", "Z")
        error = msgspec.structs.replace(record.error, next_attempt_at=stamp)
        record = msgspec.structs.replace(record, error=error)
    return msgspec.structs.replace(record, id=task.id)


def _may_pass(code: str) -> bool:
    return bool(code) and ERROR_CODES[code].retryable


def _settings_for(task: Task, settings: Settings) -> Settings:
    """Return the settings of one request.

    Headers of the user's are for the hosts that the user named: what a feed or sitemap names on
    another does not get them. Feeds and sitemaps may be sent unpacked.
    """
    if task.link.source and host_of(task.link.source) != task.host:
        settings = msgspec.structs.replace(settings, headers=())
    if task.link.kind != "page":
        settings = msgspec.structs.replace(settings, max_wire=MAX_DOCUMENT)
    return settings


def _refused(task: Task, code: str, *, retry_after: float | None = None) -> Turn:
    """Return the turn of a URL that is not asked for."""
    fetch = blank_fetch(task.link.url, origin=None if task.refused else "http")
    return Turn(task, Refusal(code, ERROR_CODES[code].meaning, fetch, retry_after), 0.0)


def _forbidden(task: Task, url: str, verdict: Verdict) -> Turn:
    """Return the turn of a URL that robots.txt forbids, or whose host cannot even be asked."""
    fetch = msgspec.structs.replace(blank_fetch(url, origin="http"), robots=verdict.robots)
    code, message = "robots_disallowed", ERROR_CODES["robots_disallowed"].meaning
    if verdict.failure:
        code = verdict.failure if verdict.failure in _DEAD else "robots_unreachable"
        message = f"robots.txt: {ERROR_CODES[verdict.failure].meaning}"
    return Turn(task, Refusal(code, message, fetch, None), 0.0)


def _with_fetch(answer: Page | Unchanged, fetch: Fetch) -> Page | Unchanged:
    if isinstance(answer, Unchanged):
        return answer._replace(fetch=fetch)
    return msgspec.structs.replace(answer, fetch=fetch)


def _tried(task: Task) -> Task:
    return msgspec.structs.replace(task, attempts=task.attempts + 1)


def _backoff(attempts: int) -> float:
    """Return the seconds to wait after so many tries."""
    return BACKOFF * 2.0 ** (attempts - 1) * random.uniform(1.0, 1.5)  # noqa: S311 - jitter
