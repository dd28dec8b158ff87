"""Opens the HTTP session: our identity, no cookies, no .netrc, redirects left to us."""

from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests

from scraper.fetcher.deadline import WatchedAdapter
from scraper.settings import Settings


class Session(requests.Session):
    """A session that never looks at a redirect.

    requests reads and inflates a redirect's whole body and parses its target, even when told not
    to follow: a bomb behind a 302 took 1,007 MB. Without a target it leaves the answer alone.
    """

    def get_redirect_target(self, resp: Any) -> None:  # noqa: ARG002
        """Return None: redirects are followed in ``attempt``."""
        return


def open_session(settings: Settings) -> Session:
    """Return a session to be shared by all threads of a run."""
    session = Session()
    session.trust_env = False  # .netrc holds passwords; proxies are chosen hop by hop
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    adapter = WatchedAdapter(
        pool_connections=settings.concurrency, pool_maxsize=settings.concurrency
    )
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    session.headers["User-Agent"] = settings.user_agent
    session.headers["Accept"] = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1"
    return session
