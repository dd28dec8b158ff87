"""Runs into a corpus folder: crawl, refresh, resume, rebuild. Nothing is lost, nothing is twice.

A batch of findings is judged inside one transaction of the state, its records are written and
synced, then the transaction is committed together with the sizes of the files. A run that is killed
in between leaves records beyond those sizes: the next run adopts them before it does anything else.
"""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import Self

import msgspec

from scraper import revisit
from scraper.model import Article, Link, Visit
from scraper.pipeline.crawling import Crawl, Finding
from scraper.pipeline.reading import open_workers
from scraper.settings import Settings
from scraper.state import NAME, Change, Settlement, State
from scraper.text import moment
from scraper.writer import Corpus, shaped

QUARANTINE = "quarantine"
"""Folder of pages that killed the process that read them."""

_ADOPTED = 500
"""Records that are adopted together."""


class Job:
    """One run over a corpus folder, which it holds for itself.

    ``adopted`` counts the records of a killed run that were found at the start, ``lost`` the
    articles that are to be fetched again because their lines are gone.

    Raises:
        CorpusLockedError: another run holds the folder, ``wait`` seconds long.
        OutputError: the folder or its state cannot be used; it is left as it was.
    """

    def __init__(
        self,
        folder: Path,
        settings: Settings,
        *,
        wait: float = 0.0,
        stop: threading.Event | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.folder = folder
        self.adopted = 0
        self.lost = 0
        self._settings = settings
        self._stop = stop or threading.Event()
        self._clock = clock
        self._done = 0
        self._at_start = 0
        self._crawl: Crawl | None = None
        with ExitStack() as opened:
            self._corpus = opened.enter_context(Corpus(folder, settings.layout, wait=wait))
            self._state = opened.enter_context(State(folder / NAME))
            self._state.pull_back(clock(), 2 * max(settings.revisit_max, revisit.MISSING_APART))
            self._state.begin()
            self._adopt()
            self._closing = opened.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self._closing.close()

    @property
    def ended(self) -> str | None:
        """Why the run stopped before its end: ``max_time``, ``max_pages`` or ``stopped``."""
        return self._crawl.ended if self._crawl else None

    @property
    def already_there(self) -> int:
        """How many of the links that were given needed no visit."""
        return self._crawl.added.done if self._crawl else 0

    def total(self) -> int:
        """Return how many URLs the run has to visit, as far as it knows yet."""
        added = self._crawl.added if self._crawl else (0, 0)
        return self._at_start + added[0] + added[1]

    def left(self) -> int:
        """Return how many URLs wait."""
        return self._state.waiting()

    def totals(self) -> dict[str, int]:
        """Return how many URLs the state knows, by how their last visit ended."""
        return self._state.totals(self._clock())

    def finish(self) -> None:
        """Let the next run be another one, which may try again what failed in this."""
        self._state.finish()

    def crawl(self, links: Iterable[Link], *, again: bool = False) -> Iterator[Visit]:
        """Visit ``links`` and what still waits; yield what each came to once it is on the disk.

        Pages whose article is there are not visited, unless ``again``.
        """
        yield from self._run(links, again=again)

    def refresh(self, *, limit: int | None = None, every: bool = False) -> Iterator[Visit]:
        """Visit what is due, at most ``limit`` URLs; ``every`` takes all that is visited at all."""
        self._state.queue_due(self._clock(), limit=limit, every=every)
        yield from self._run(())

    def retry(self, codes: Iterable[str] = ()) -> int:
        """Let the URLs wait whose last visit failed, with one of ``codes``; return how many."""
        return self._state.retry(list(codes))

    def forget(self, names: Iterable[str], *, host: bool = False) -> list[str]:
        """Forget URLs, record ids or hosts, and remove their records; return the ids."""
        ids = self._state.ids(list(names), host=host)
        self._corpus.remove(set(ids))
        self._note_files()
        self._state.forget(ids)  # last: what was cut short can be asked for again
        return ids

    def _run(self, links: Iterable[Link], *, again: bool = False) -> Iterator[Visit]:
        self._at_start = self._state.waiting()
        with open_workers(self._settings, self.folder / QUARANTINE) as workers:
            self._crawl = Crawl(
                self._settings,
                self._state,
                workers,
                self._stop,
                conditional=not again,
                clock=self._clock,
            )
            for findings in self._crawl.findings(links, again=again):
                visits = self._settle(findings)
                self._crawl.settled(findings)
                yield from visits
        if self._crawl.ended is None:
            self.finish()

    def _settle(self, findings: list[Finding]) -> list[Visit]:
        """Judge findings, write what is to be written, and commit once it is on the disk."""
        now = self._clock()
        if self._corpus.renew():  # before there is a record in it: the next run shall know it
            self._note_files()
        with self._state.change() as change:
            visits = [self._judge(change, finding, now) for finding in findings]
            self._corpus.write(*(visit.article for visit in visits if visit.article))
            change.set_files(self._corpus.places())
        return visits

    def _judge(self, change: Change, finding: Finding, now: float) -> Visit:
        task, settings = finding.task, self._settings
        known = change.known(task)
        if finding.rest:
            change.rest(task.host, now + finding.rest)
        if finding.article is None and task.link.kind != "page":
            seen = revisit.polled(known, finding.fetch, finding.fresh, now, settings)
            change.settle(Settlement(task, seen))
            return Visit(
                link=task.link,
                id=task.id,
                status="ok" if finding.fresh else "unchanged",
                fetch=finding.fetch,
            )
        if finding.article is None:
            judged = revisit.unchanged(known, task.id, now, settings)
        else:
            judged = revisit.judge(known, finding.article, now, settings)
        if judged.article is not None:
            judged = judged._replace(article=shaped(judged.article, settings.removed))
        judged, text = _compared(change, finding, judged)
        change.settle(Settlement(task, judged.known, text))
        return Visit(
            link=task.link,
            id=task.id,
            status=judged.status,
            fetch=finding.fetch,
            code=judged.known.code,
            kept=judged.kept,
            article=judged.article,
        )

    def _adopt(self) -> None:
        """Remember the records that a killed run wrote but did not commit."""
        places = self._state.files()
        if self._corpus.has_lost(places):
            self.lost = self._state.queue_lost(*self._corpus.present())
        found = self._corpus.beyond(places)
        while articles := list(islice(found, _ADOPTED)):
            urls = [article.fetch.requested_url for article in articles]
            self._state.add([Link(url=url) for url in urls], self._clock())
            tasks = [self._state.find(url) for url in urls]
            with self._state.change() as change:
                for task, article in zip(tasks, articles, strict=True):
                    if task is not None:
                        when = moment(article.fetch.fetched_at) or self._clock()
                        seen = revisit.adopted(change.known(task), article, when, self._settings)
                        text = article if article.status in revisit.GOOD else None
                        change.settle(Settlement(task, seen, text))
            self.adopted += len(articles)
        self._note_files()

    def _note_files(self) -> None:
        """Remember that all is settled that is in the files."""
        with self._state.change() as change:
            change.set_files(self._corpus.places())


def _compared(
    change: Change, finding: Finding, judged: revisit.Judgement
) -> tuple[revisit.Judgement, Article | None]:
    """Return the judgement, with the article that a new text repeats, and the new text if any."""
    article = judged.article
    if article is None or article.status not in revisit.GOOD:
        return judged, None
    original = change.original_of(finding.task, article)
    if original is not None:
        article = msgspec.structs.replace(article, status="duplicate", duplicate_of=original)
        known = msgspec.structs.replace(judged.known, status="duplicate", duplicate_of=original)
        judged = judged._replace(status="duplicate", article=article, known=known)
    return judged, article


def rebuild(folder: Path, settings: Settings) -> int:
    """Make the state of a corpus anew from its records; return how many URLs it knows then.

    The old state is moved aside. What stands in no record is lost: feeds, and URLs that wait.
    """
    with Corpus(folder, settings.layout):
        _move_aside(folder)
    with Job(folder, settings) as job:
        job.finish()
        return job.totals()["urls"]


def _move_aside(folder: Path) -> None:
    number = 1
    while (folder / f"{NAME}.broken-{number}").exists():
        number += 1
    for ending in ("", "-wal", "-shm"):
        path = folder / f"{NAME}{ending}"
        if path.exists():
            path.rename(folder / f"{NAME}.broken-{number}{ending}")
