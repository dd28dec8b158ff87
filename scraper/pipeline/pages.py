"""Pages one by one: saved ones into records, and one with everything that was decided about it."""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

from scraper.blank import blank_article, blank_fetch, failed
from scraper.errors import FetchError
from scraper.model import Article, Explanation, Page
from scraper.pipeline.crawling import crawl_with
from scraper.pipeline.reading import open_workers, read_how
from scraper.reader import read_page, shown
from scraper.settings import Settings
from scraper.workers import Workers


def clean(paths: Iterable[str], settings: Settings, *, url: str | None = None) -> Iterator[Article]:
    """Yield the record of each file in the order of ``paths``, whatever the number of workers.

    ``-`` is standard input; ``url`` is the address of a page whose file does not tell it.
    """
    ahead = 4 * max(1, settings.workers)
    waiting: deque[Future[Article]] = deque()
    with (
        open_workers(settings) as workers,
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


def explain(target: str, settings: Settings, *, url: str | None = None) -> Explanation:
    """Return the record of one page, fetched or read from a file, with all of its blocks.

    A failure is a record too; ``url`` is the address of a page whose file does not tell it.
    """
    workers = _Explaining(settings.workers, settings.extract_timeout, read_how(settings))
    with workers:
        if "://" in target:
            (outcome,) = crawl_with(workers, [target], settings)
            article = outcome.article
        else:
            article = _clean_one(target, url, settings, workers)
        pieces = workers.found.pieces if workers.found else ()
        return Explanation(article=article, pieces=pieces)


class _Explaining(Workers):
    """Keeps the explanation of the page that it extracts."""

    found: Explanation | None = None

    def extract(self, page: Page) -> Article:
        """Return the page's record."""
        self.found = self.explain(page)
        return self.found.article
