"""Opens the HTTP session: our identity, guarded connections, no cookies, no .netrc."""

from http.cookiejar import DefaultCookiePolicy

import requests

from scraper.fetcher.connection import GuardedAdapter
from scraper.fetcher.inflate import ACCEPTED
from scraper.settings import Settings


def open_session(settings: Settings) -> requests.Session:
    """Return a session to be shared by all threads of a run, for ``attempt``.

    Its connections reach private addresses only where ``settings.allow_private`` says so.
    """
    session = requests.Session()
    session.trust_env = False  # .netrc holds passwords; proxies are chosen hop by hop
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    adapter = GuardedAdapter(allow_private=settings.allow_private, concurrency=settings.concurrency)
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    session.headers["User-Agent"] = settings.user_agent
    session.headers["Accept"] = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1"
    session.headers["Accept-Encoding"] = ACCEPTED
    return session
