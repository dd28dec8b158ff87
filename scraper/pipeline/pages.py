"""Many URLs, one record each: the only module that knows every stage."""

import contextlib
import queue
import random
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import msgspec
import requests

from scraper.advice import load_advice
from scraper.blank import blank_article, blank_fetch, failed
from scraper.errors import ERROR_CODES, FetchError
from scraper.extraction import Reading
from scraper.fetcher import (
    Refusal,
    RobotsCache,
    Schedule,
    Task,
    Verdict,
    Wish,
    attempt,
    open_session,
)
from scraper.model import Article, Explanation, Link, Outcome, Page
from scraper.reader import read_page, shown
from scraper.settings import Settings, kinds_of
from scraper.urls import check_web_url, host_of, url_key, without_secrets
from scraper.workers import Workers

MAX_WAIT = 60.0
"""Seconds. A server that asks for a longer rest is left for a later run."""

BACKOFF = 1.0
"""Seconds before the first retry; doubled for each further one, plus up to half by chance."""

DRAIN = 10.0
"""Seconds that fetches under way get to finish when a run is stopped."""

_DEAD = frozenset({"connect_failed", "connect_timeout", "dns_failed", "tls_failed"})
"""Failures of robots.txt that are the host's own: the record says so instead of blaming robots."""

_RETRIED = frozenset(
    {"connect_failed", "connect_timeout", "connection_reset", "dns_failed", "rate_limited"}
)
_RETRIED_STATUS = frozenset({502, 503, 504})


def clean(paths: Iterable[str], settings: Settings, *, url: str | None = None) -> Iterator[Article]:
    """Yield the record of each file in the order of ``paths``, whatever the number of workers.

    ``-`` is standard input; ``url`` is the address of a page whose file does not tell it.
    """
    ahead = 4 * max(1, settings.workers)
    waiting: deque[Future[Article]] = deque()
    with (
        _workers(settings) as workers,
        ThreadPoolExecutor(max(1, settings.workers)) as threads,
    ):
        try:
            for path in paths:
                waiting.append(threads.submit(_clean_one, path, url, settings, workers))
                if len(waiting) >= ahead:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            threads.shutdown(wait=False, cancel_futures=True)


def _clean_one(path: str, url: str | None, settings: Settings, workers: Workers) -> Article:
    try:
        page = read_page(path, url, settings.max_size)
    except FetchError as error:
        name = shown(path)
        record = blank_article(url, blank_fetch(name, origin="file"), key=None if url else name)
        return failed(record, error.code, str(error))
    return workers.extract(page)


def _workers(settings: Settings) -> Workers:
    return Workers(settings.workers, settings.extract_timeout, _reading(settings))


def _reading(settings: Settings) -> Reading:
    """Return how pages are to be read; UsageError where rules or memories cannot be."""
    advisor = load_advice(settings.site_rules, settings.hosts)
    return Reading(settings.mode, tuple(kinds_of(settings.keep)), advisor)


def explain(target: str, settings: Settings, *, url: str | None = None) -> Explanation:
    """Return the record of one page, fetched or read from a file, with all of its blocks.

    A failure is a record too; ``url`` is the address of a page whose file does not tell it.
    """
    workers = _Explaining(settings.workers, settings.extract_timeout, _reading(settings))
    if "://" in target:
        outcomes = list(_Run(settings, threading.Event(), workers).outcomes(*_tasks([target])[:1]))
        found = workers.found
        return found or Explanation(article=outcomes[0].article, pieces=())
    with workers:
        article = _clean_one(target, url, settings, workers)
        return workers.found or Explanation(article=article, pieces=())


class _Explaining(Workers):
    """Keeps the explanation of the page that it extracts."""

    found: Explanation | None = None

    def extract(self, page: Page) -> Article:
        """Return the page's record."""
        self.found = self.explain(page)
        return self.found.article


def crawl(
    urls: Iterable[str | Link],
    settings: Settings | None = None,
    *,
    stop: threading.Event | None = None,
) -> Iterator[Outcome]:
    """Fetch and extract ``urls``; yield one outcome for each different URL as it is finished.

    Hosts are read side by side, each by one request at a time with a pause between. A failure is
    an outcome whose record has the status ``error`` or ``skipped``. When ``stop`` is set, fetches
    under way may end, and the generator with them; what was not begun has no outcome.
    """
    settings = settings or Settings()
    run = _Run(settings, stop or threading.Event())
    tasks, refused = _tasks(urls)
    yield from refused
    yield from run.outcomes(tasks)


def _tasks(urls: Iterable[str | Link]) -> tuple[list[Task], list[Outcome]]:
    """Return what can be fetched, each page once, and the outcomes of what is no URL."""
    tasks: dict[str, Task] = {}
    refused: dict[str, Outcome] = {}
    for item in urls:
        link = item if isinstance(item, Link) else Link(url=item)
        try:
            url = check_web_url(link.url)
        except FetchError as error:
            name = without_secrets(link.url)
            record = blank_article(None, blank_fetch(name), key=name)
            record = failed(record, error.code, str(error), attempts=0)
            refused.setdefault(name, Outcome(link=link, article=record))
        else:
            tasks.setdefault(url_key(url), Task(link=link, host=host_of(url) or ""))
    return list(tasks.values()), list(refused.values())


class _Run:
    """One crawl: the threads that fetch, what they share, and the queue of what they finish."""

    def __init__(
        self, settings: Settings, stop: threading.Event, workers: Workers | None = None
    ) -> None:
        self._settings = settings
        self._stop = stop
        self._workers = workers
        self._left = threading.Event()
        self._finished: queue.Queue[Outcome | None] = queue.Queue(2 * settings.concurrency)

    def outcomes(self, tasks: list[Task]) -> Iterator[Outcome]:
        """Yield an outcome for each task as it is finished, until all are or the run is stopped."""
        schedule = Schedule(tasks)
        hosts = len({task.host for task in tasks})
        with (
            open_session(self._settings) as session,
            self._workers or _workers(self._settings) as workers,
        ):
            robots = RobotsCache(self._settings, session)
            turn = _Turn(self._settings, session, robots, workers)
            threads = [
                threading.Thread(target=self._work, args=(schedule, turn), daemon=True)
                for _ in range(min(self._settings.concurrency, hosts))
            ]
            for thread in threads:
                thread.start()
            try:
                yield from self._drain(schedule, len(threads))
            finally:
                self._left.set()
                schedule.stop()

    def _work(self, schedule: Schedule, turn: "_Turn") -> None:
        """Take one task after the other until none is left."""
        while task := schedule.next():
            try:
                outcome, pause = turn.take(task)
            except Exception as error:  # noqa: BLE001 - a defect costs one URL, not the run
                outcome, pause = _broken(task, error), 0.0
            if isinstance(outcome, Task):
                schedule.put_back(outcome, pause)
            else:
                schedule.finish(task, pause)
                self._hand_over(outcome)
        self._hand_over(None)

    def _hand_over(self, outcome: Outcome | None) -> None:
        """Queue what a thread finished, unless nobody takes from the queue any more."""
        while not self._left.is_set():
            with contextlib.suppress(queue.Full):
                self._finished.put(outcome, timeout=0.2)
                return

    def _drain(self, schedule: Schedule, working: int) -> Iterator[Outcome]:
        """Yield what the threads finish; after a stop, only what they finish in time."""
        give_up = float("inf")
        while working and time.monotonic() < give_up:
            if self._stop.is_set() and give_up == float("inf"):
                schedule.stop()
                give_up = time.monotonic() + DRAIN
            try:
                outcome = self._finished.get(timeout=0.2)
            except queue.Empty:
                continue
            if outcome is None:
                working -= 1
            else:
                yield outcome


class _Turn:
    """What a host's turn consists of: robots.txt, fetch, extraction."""

    def __init__(
        self, settings: Settings, session: requests.Session, robots: RobotsCache, workers: Workers
    ) -> None:
        self._settings = settings
        self._session = session
        self._robots = robots
        self._workers = workers

    def take(self, task: Task) -> tuple[Outcome | Task, float]:
        """Return the outcome, or the task to be tried again, and how long its host shall rest."""
        url = check_web_url(task.link.url)
        verdict = Verdict("ignored")
        if self._settings.robots == "obey":
            if not self._robots.knows(url):
                self._robots.load(url)
                return task, 0.0
            verdict = self._robots.verdict(url)
            if verdict.failure and task.attempts < self._settings.retries:
                self._robots.forget(url)
                task = msgspec.structs.replace(task, attempts=task.attempts + 1)
                return task, _backoff(task.attempts)
            if verdict.robots != "allowed":
                return _forbidden(task, url, verdict), 0.0
        pause = max(self._settings.delay, verdict.delay)
        wish = Wish(permit=self._permit if self._settings.robots == "obey" else None)
        answer = attempt(url, self._settings, self._session, wish)
        fetch = msgspec.structs.replace(answer.fetch, robots=verdict.robots)
        task = msgspec.structs.replace(task, attempts=task.attempts + 1)
        if isinstance(answer, Refusal):
            forbidden = answer.code.removeprefix("robots_")
            if forbidden != answer.code:  # by the robots.txt of a redirect's target
                fetch = msgspec.structs.replace(fetch, robots=forbidden)
            refusal = answer._replace(fetch=fetch)
            wait = self._retry_in(refusal, task.attempts)
            if wait is not None:
                return task, max(pause, wait)
            return _refused(task, url, refusal), pause
        page = msgspec.structs.replace(answer, fetch=fetch)
        return Outcome(link=task.link, article=self._workers.extract(page)), pause

    def _permit(self, url: str) -> None:
        """Raise FetchError where robots.txt forbids the target of a redirect."""
        if not self._robots.knows(url):
            self._robots.load(url)
        verdict = self._robots.verdict(url)
        if verdict.robots != "allowed":
            code = f"robots_{verdict.robots}"
            raise FetchError(code, f"a redirect leads to where {ERROR_CODES[code].meaning}")

    def _retry_in(self, refusal: Refusal, attempts: int) -> float | None:
        """Return the seconds until the next try; None where another try is no use now."""
        passing = refusal.code in _RETRIED or refusal.fetch.http_status in _RETRIED_STATUS
        if not passing or attempts > self._settings.retries:
            return None
        if refusal.retry_after is not None:
            return refusal.retry_after if refusal.retry_after <= MAX_WAIT else None
        return _backoff(attempts)


def _backoff(attempts: int) -> float:
    """Return the seconds to wait after so many tries."""
    return BACKOFF * 2.0 ** (attempts - 1) * random.uniform(1.0, 1.5)  # noqa: S311 - jitter


def _forbidden(task: Task, url: str, verdict: Verdict) -> Outcome:
    """Return the outcome of a URL that robots.txt forbids, or whose host cannot even be asked."""
    fetch = msgspec.structs.replace(blank_fetch(url, origin="http"), robots=verdict.robots)
    code, message = "robots_disallowed", ERROR_CODES["robots_disallowed"].meaning
    if verdict.failure:
        code = verdict.failure if verdict.failure in _DEAD else "robots_unreachable"
        message = f"robots.txt: {ERROR_CODES[verdict.failure].meaning}"
    record = failed(blank_article(url, fetch), code, message, attempts=task.attempts)
    return Outcome(link=task.link, article=record)


def _refused(task: Task, url: str, refusal: Refusal) -> Outcome:
    """Return the failure's outcome, known by the URL that was asked for."""
    record = failed(
        blank_article(url, refusal.fetch), refusal.code, refusal.message, attempts=task.attempts
    )
    if refusal.retry_after and record.error:
        again = datetime.now(UTC) + timedelta(seconds=min(refusal.retry_after, 86400.0))
        stamp = again.isoformat(timespec="seconds").replace("+00:00", "Z")
        error = msgspec.structs.replace(record.error, next_attempt_at=stamp)
        record = msgspec.structs.replace(record, error=error)
    return Outcome(link=task.link, article=record)


def _broken(task: Task, error: Exception) -> Outcome:
    name = without_secrets(task.link.url)
    record = blank_article(None, blank_fetch(name), key=name)
    return Outcome(
        link=task.link,
        article=failed(record, "internal", type(error).__name__, attempts=task.attempts),
    )
