"""The only code that opens connections: one URL in, one page or the reason why there is none.

session (connection, addresses, deadline) -> attempt (way, head, sniff) -> body (inflate)
robots and throttle beside it: whether and when a host may be asked
"""

from scraper.errors import FetchError
from scraper.fetcher.attempt import Refusal, Unchanged, Wish, attempt
from scraper.fetcher.manners import Manners
from scraper.fetcher.robots import RobotsCache, Verdict
from scraper.fetcher.session import open_session
from scraper.fetcher.throttle import Frontier, Schedule
from scraper.model import Page
from scraper.settings import Settings

__all__ = [
    "Frontier",
    "Manners",
    "Refusal",
    "RobotsCache",
    "Schedule",
    "Unchanged",
    "Verdict",
    "Wish",
    "attempt",
    "fetch",
    "open_session",
]


def fetch(url: str, settings: Settings | None = None) -> Page:
    """Fetch one page: one try, redirects followed, robots.txt not asked.

    Raises:
        FetchError: with one of the closed list of codes.
    """
    settings = settings or Settings()
    with open_session(settings) as session:
        answer = attempt(url, settings, session)
    if isinstance(answer, Refusal):
        raise FetchError(
            answer.code,
            answer.message,
            http_status=answer.fetch.http_status,
            retry_after=answer.retry_after,
        )
    assert isinstance(answer, Page)  # only a wish with validators can be Unchanged
    return answer
