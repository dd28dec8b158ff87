"""One try at one URL: follows redirects, judges the answer's head, reads the body within bounds."""

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple

import msgspec
import requests
from requests.utils import get_environ_proxies
from urllib3.response import HTTPResponse

from scraper.blank import blank_fetch
from scraper.errors import ERROR_CODES, FetchError
from scraper.fetcher.body import read_body
from scraper.fetcher.deadline import Deadline
from scraper.fetcher.failures import code_of
from scraper.model import Fetch, Page, Redirect
from scraper.settings import Settings
from scraper.text import one_line
from scraper.urls import check_web_url, join_redirect, without_secrets

READ_GAP = 15.0
"""Seconds of silence after which a server is taken for dead, deadline or not."""

_REDIRECTS = (301, 302, 303, 307, 308)
_PAGE_TYPES = ("text/", "application/xhtml", "application/xml", "multipart/")
_NOT_PAGES = ("text/css", "text/javascript", "text/csv", "text/calendar")
_ENCODINGS = {"", "identity", *HTTPResponse.CONTENT_DECODERS}
MAX_HEADER = 500
"""Characters kept of a header's value."""


class Refusal(NamedTuple):
    """Why a try failed, and what is known of it; ``retry_after`` is what the server asks, in s."""

    code: str
    message: str
    fetch: Fetch
    retry_after: float | None


class _Way:
    """What has been seen so far on the way to the page."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.started = time.monotonic()
        self.redirects: list[Redirect] = []
        self.fetch = msgspec.structs.replace(
            blank_fetch(without_secrets(url), origin="http"),
            fetched_at=datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        )

    def record(self) -> Fetch:
        return msgspec.structs.replace(
            self.fetch,
            redirects=tuple(self.redirects),
            elapsed_ms=round((time.monotonic() - self.started) * 1000),
        )


class Wish(NamedTuple):
    """What is asked for: a page, or data of any type of which the first bytes will do.

    ``permit`` is asked before a redirect is followed, and raises FetchError to forbid it.
    """

    is_page: bool = True
    max_size: int | None = None
    permit: Callable[[str], None] | None = None


def attempt(
    url: str,
    settings: Settings,
    session: requests.Session,
    wish: Wish = Wish(),  # noqa: B008 - a constant
) -> Page | Refusal:
    """Fetch ``url`` once; whatever goes wrong becomes a refusal with a code."""
    way = _Way(url)
    try:
        way.url = check_web_url(url)
        with Deadline(settings.timeout) as deadline:
            body = _follow(way, settings, session, wish, deadline)
    except FetchError as error:
        return Refusal(error.code, str(error), way.record(), error.retry_after)
    except Exception as error:  # noqa: BLE001 - requests lets nine kinds pass not its own
        code, message = code_of(error)
        return Refusal(code, message, way.record(), None)
    return Page(body=body, url=way.url, fetch=way.record())


def _follow(
    way: _Way, settings: Settings, session: requests.Session, wish: Wish, deadline: Deadline
) -> bytes:
    """Go from hop to hop until an answer is no redirect; return its body."""
    visited = {way.url}
    while True:
        with _get(way, settings, session, deadline) as response:
            if response.status_code not in _REDIRECTS:
                _judge(response, wish)
                limit = wish.max_size or settings.max_size
                body = read_body(response, limit, cut=not wish.is_page)
                way.fetch = msgspec.structs.replace(way.fetch, bytes=len(body))
                return body
            way.redirects.append(Redirect(url=way.url, status=response.status_code))
            way.url = join_redirect(way.url, response.headers.get("Location"))
        if way.url in visited:
            raise FetchError("redirect_loop", "redirects lead back to an address already visited")
        if len(way.redirects) > settings.max_redirects:
            raise FetchError("too_many_redirects", f"more than {settings.max_redirects} redirects")
        visited.add(way.url)
        if wish.permit:
            wish.permit(way.url)


def _get(
    way: _Way, settings: Settings, session: requests.Session, deadline: Deadline
) -> requests.Response:
    left = deadline.left()
    response = session.get(
        way.url,
        stream=True,
        allow_redirects=False,
        timeout=(min(settings.connect_timeout, left), min(READ_GAP, left)),
        proxies=get_environ_proxies(way.url),
    )
    way.fetch = _headed(way, response.status_code, response.headers)
    return response


def _headed(way: _Way, status: int, headers: Mapping[str, str]) -> Fetch:
    return msgspec.structs.replace(
        way.fetch,
        final_url=way.url,
        http_status=status,
        content_type=_header(headers, "Content-Type"),
        etag=_header(headers, "ETag"),
        last_modified=_header(headers, "Last-Modified"),
    )


def _header(headers: Mapping[str, str], name: str) -> str | None:
    return one_line(headers.get(name, ""))[:MAX_HEADER] or None


def _judge(response: requests.Response, wish: Wish) -> None:
    """Raise unless the answer's head promises a page."""
    status = response.status_code
    if status == 429:
        wait = _retry_after(response.headers)
        raise FetchError("rate_limited", "HTTP 429", http_status=429, retry_after=wait)
    if 400 <= status < 500:
        raise FetchError("http_4xx", f"HTTP {status}", http_status=status)
    if 500 <= status < 600:
        wait = _retry_after(response.headers)
        raise FetchError("http_5xx", f"HTTP {status}", http_status=status, retry_after=wait)
    if not 200 <= status < 300:
        raise FetchError("bad_http", f"HTTP status {status} is no answer to a GET")
    packed = response.headers.get("Content-Encoding", "").lower().replace(" ", "").split(",")
    if not set(packed) <= _ENCODINGS:
        raise FetchError("bad_encoding", ERROR_CODES["bad_encoding"].meaning)
    kind = response.headers.get("Content-Type", "").strip().lower()
    if wish.is_page and kind and (not kind.startswith(_PAGE_TYPES) or kind.startswith(_NOT_PAGES)):
        raise FetchError("not_html", f"the answer is {one_line(kind)[:80]}, not a page")


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that the server asks to wait: a number or a date; None for nonsense."""
    stated = headers.get("Retry-After", "").strip()
    if stated.isascii() and stated.isdigit() and len(stated) < 9:
        return float(stated)
    try:
        moment = parsedate_to_datetime(stated)
        return max(0.0, (moment - datetime.now(moment.tzinfo or UTC)).total_seconds())
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
