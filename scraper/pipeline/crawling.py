"""The engine of every crawl: threads that fetch in the order of the schedule, pages read beside."""

import contextlib
import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence

import msgspec
from msgspec import Struct

from scraper.blank import blank_article, blank_fetch, failed
from scraper.errors import StateError
from scraper.fetcher import Manners, Refusal, RobotsCache, Schedule, Unchanged, open_session
from scraper.model import Article, Fetch, Link, Outcome, Page, Task
from scraper.pipeline.reading import open_workers
from scraper.pipeline.turn import Turn, Visitor, failure_of
from scraper.settings import Settings
from scraper.sources import read_links
from scraper.state import Added, State
from scraper.urls import site_of, without_secrets
from scraper.workers import Workers

DRAIN = 10.0
"""Seconds that fetches under way get to finish when a run is stopped."""

BATCH = 64
"""Findings that are settled together at most: one commit for all of them."""

CHUNK = 500
"""Links that are added together at most."""

SLOW_SOURCE = 0.05
"""Seconds without a link after which the next one is not kept waiting for company."""


MAX_DEPTH = 3
"""Documents between a feed or sitemap and what the user named: the protocol has one index."""


class Finding(Struct, frozen=True, kw_only=True):
    """What a task came to: the record, or None where nothing has changed or it was no page.

    ``fresh`` counts the links of a feed or sitemap that were not known; ``rest`` is how long its
    host wants to be left alone, in seconds.
    """

    task: Task
    fetch: Fetch
    article: Article | None = None
    fresh: int = 0
    rest: float | None = None


class Crawl:
    """One run over what waits in a state.

    With ``conditional``, pages that are known are asked for changes only. When ``stop`` is set,
    fetches under way may end; what was not begun waits on.
    """

    def __init__(
        self,
        settings: Settings,
        state: State,
        workers: Workers,
        stop: threading.Event,
        *,
        conditional: bool = False,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.added = Added(0, 0, 0)
        self.ended: str | None = None
        self._settings = settings
        self._state = state
        self._stop = stop
        self._conditional = conditional
        self._workers = workers
        self._clock = clock
        self._left = threading.Event()
        self._begun = 0
        self._counting = threading.Lock()
        self._broken: BaseException | None = None
        self._schedule = Schedule(state)
        self._queue: queue.Queue[Finding | None] = queue.Queue(2 * settings.concurrency)

    def findings(self, links: Iterable[Link], *, again: bool = False) -> Iterator[list[Finding]]:
        """Add ``links`` to what waits, and yield findings, as many as there are at a time.

        Each list must be settled, in the state and here, before the next is asked for.
        """
        with open_session(self._settings) as session:
            robots = RobotsCache(self._settings, session, self._state, self._clock)
            manners = Manners(self._state.rests(self._clock()), self._clock())
            visitor = Visitor(self._settings, session, robots, manners)
            threads = [
                threading.Thread(target=self._work, args=(visitor,), daemon=True)
                for _ in range(self._settings.concurrency)
            ]
            feeder = threading.Thread(target=self._feed, args=(links, again), daemon=True)
            for thread in (feeder, *threads):
                thread.start()
            try:
                yield from self._drain(len(threads))
            finally:
                self._left.set()
                self._schedule.stop()
        if self._broken is not None:
            raise self._broken

    def settled(self, findings: Iterable[Finding]) -> None:
        """Note that ``findings`` wait in the state no more."""
        for finding in findings:
            self._schedule.settle(finding.task)

    def _feed(self, links: Iterable[Link], again: bool) -> None:
        """Add links to the state; a slow source's one by one, a fast one's by the hundred."""
        chunk: list[Link] = []
        asked = time.monotonic()
        try:
            for link in links:
                chunk.append(link)
                now = time.monotonic()
                if len(chunk) >= CHUNK or now - asked > SLOW_SOURCE or not any(self.added):
                    self._add(chunk, again=again)
                    chunk = []
                if self._left.is_set() or self._stop.is_set():
                    break
                asked = time.monotonic()
            if chunk:
                self._add(chunk, again=again)
        except BaseException as error:  # noqa: BLE001 - told where the run is waited for
            self._broken = error
            self._schedule.stop()
        finally:
            self._schedule.close()

    def _add(self, links: Sequence[Link], *, again: bool = False, named: bool = True) -> Added:
        """Add links to what waits; of those not ``named`` by the user the known do not count."""
        added = self._state.add(links, self._clock(), again=again)
        with self._counting:
            new, waiting, done = self.added
            self.added = Added(new + added.new, waiting + added.again, done + added.done * named)
        self._schedule.wake()
        return added

    def _work(self, visitor: Visitor) -> None:
        """Take one task after the other until none is left."""
        try:
            while (task := self._schedule.next()) and self._may_begin():
                self._take(task, visitor)
        except BaseException as error:  # noqa: BLE001 - the state failed: the run must end
            self._broken = error
            self._schedule.stop()
        finally:
            self._hand_over(None)

    def _may_begin(self) -> bool:
        with self._counting:
            self._begun += 1
            if not self._settings.max_pages or self._begun <= self._settings.max_pages:
                return True
        self._end("max_pages")
        return False

    def _take(self, task: Task, visitor: Visitor) -> None:
        try:
            turn = visitor.visit(task, conditional=self._conditional)
        except StateError:
            raise
        except Exception as error:  # noqa: BLE001 - a defect costs one URL, not the run
            self._schedule.release(task, 0.0)
            self._hand_over(_broken(task, error))
            return
        if turn.answer is None:
            with self._counting:
                self._begun -= 1
            self._schedule.put_back(turn.task, turn.pause)
            return
        self._schedule.release(turn.task, turn.pause)
        try:
            finding = self._found_by(turn)
        except StateError:
            raise
        except Exception as error:  # noqa: BLE001 - as above
            finding = _broken(task, error)
        self._hand_over(finding)

    def _found_by(self, turn: Turn) -> Finding:
        """Return what an answer comes to; what a feed or sitemap names is added to what waits."""
        task, answer = turn.task, turn.answer
        if isinstance(answer, Page) and task.link.kind == "page":
            article = msgspec.structs.replace(self._workers.extract(answer), id=task.id)
            return Finding(task=task, fetch=article.fetch, article=article)
        if isinstance(answer, Page):
            fresh = self._add(_links_in(task, answer), named=False).new
            return Finding(task=task, fetch=answer.fetch, fresh=fresh)
        if isinstance(answer, Refusal):
            article = failure_of(task, answer, self._clock())
            return Finding(task=task, fetch=answer.fetch, article=article, rest=answer.retry_after)
        assert isinstance(answer, Unchanged)
        return Finding(task=task, fetch=answer.fetch)

    def _hand_over(self, finding: Finding | None) -> None:
        """Queue what a thread finished, unless nobody takes from the queue any more."""
        while not self._left.is_set():
            with contextlib.suppress(queue.Full):
                self._queue.put(finding, timeout=0.2)
                return

    def _drain(self, working: int) -> Iterator[list[Finding]]:
        """Yield what the threads find; after a stop, only what they find in time."""
        give_up = float("inf")
        ends = time.monotonic() + (self._settings.max_time or float("inf"))
        while working and time.monotonic() < give_up:
            if time.monotonic() > ends:
                self._end("max_time")
            if self._stop.is_set():
                self._end("stopped")
            if self.ended and give_up == float("inf"):
                give_up = time.monotonic() + DRAIN
            batch = self._next_batch()
            working -= batch.count(None)
            if findings := [finding for finding in batch if finding is not None]:
                yield findings

    def _next_batch(self) -> list[Finding | None]:
        """Return what is there, waiting a little for the first."""
        batch: list[Finding | None] = []
        with contextlib.suppress(queue.Empty):
            batch.append(self._queue.get(timeout=0.2))
            while len(batch) < BATCH:
                batch.append(self._queue.get_nowait())
        return batch

    def _end(self, reason: str) -> None:
        self.ended = self.ended or reason
        self._schedule.stop()


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
    with open_workers(settings) as workers:
        yield from crawl_with(workers, urls, settings, stop=stop)


def crawl_with(
    workers: Workers,
    urls: Iterable[str | Link],
    settings: Settings,
    *,
    stop: threading.Event | None = None,
) -> Iterator[Outcome]:
    """Crawl as ``crawl`` does, with a pool of the caller's."""
    links = (item if isinstance(item, Link) else Link(url=item) for item in urls)
    with State() as state:
        state.begin()
        run = Crawl(settings, state, workers, stop or threading.Event())
        for findings in run.findings(links):
            state.unqueue(finding.task for finding in findings)
            run.settled(findings)
            for finding in findings:
                if finding.article is not None:
                    yield Outcome(link=finding.task.link, article=finding.article)


def _links_in(task: Task, page: Page) -> list[Link]:
    """Return the links of a feed or sitemap; a sitemap speaks for its own site only."""
    url, depth = page.url or task.link.url, task.link.depth + 1
    links = [
        msgspec.structs.replace(link, depth=depth)
        for link in read_links(page.body, url, task.link.kind)
        if link.kind == "page" or depth <= MAX_DEPTH
    ]
    if task.link.kind != "sitemap":
        return links
    site = site_of(url)
    return [link for link in links if site_of(link.url) == site]


def _broken(task: Task, error: Exception) -> Finding:
    name = without_secrets(task.link.url)
    record = blank_article(None, blank_fetch(name), key=name)
    record = failed(record, "internal", type(error).__name__, attempts=task.attempts)
    article = msgspec.structs.replace(record, id=task.id)
    return Finding(task=task, fetch=article.fetch, article=article)
