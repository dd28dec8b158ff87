"""One try at one URL: follows redirects, judges the answer's head, reads the body within bounds."""

import os
import re
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import urlsplit

import requests
from requests.utils import get_environ_proxies

from scraper.errors import FetchError, UsageError
from scraper.fetcher.addresses import check_target
from scraper.fetcher.body import Bounds, end_without_body, read_body
from scraper.fetcher.deadline import Deadline
from scraper.fetcher.failures import code_of, is_stale
from scraper.fetcher.head import check_framing, check_status
from scraper.fetcher.sniff import Kind, kind_of_type, refresh_target
from scraper.fetcher.way import MAX_HEADER, Way
from scraper.model import Fetch, Page
from scraper.settings import Settings, header_of
from scraper.text import one_line
from scraper.urls import check_web_url, host_of, join_redirect

READ_GAP = 15.0
"""Seconds of silence after which a server is taken for dead, deadline or not."""

MAX_REFRESHES = 3
"""Pages on a way that lead on by a refresh instead of a status; loops are made of them."""

_PROXY_VARIABLES = tuple(
    form for name in ("http_proxy", "https_proxy", "all_proxy") for form in (name, name.upper())
)
_REDIRECTS = (301, 302, 303, 307, 308)
_VALIDATOR = re.compile(rf"[\x20-\x7e\x80-\xff]{{1,{MAX_HEADER}}}")


class Refusal(NamedTuple):
    """Why a try failed, and what is known of it; ``retry_after`` is what the server asks, in s."""

    code: str
    message: str
    fetch: Fetch
    retry_after: float | None


class Unchanged(NamedTuple):
    """The server says that the page is still the one whose validators were sent."""

    fetch: Fetch


class Wish(NamedTuple):
    """What is asked for: a page, or data of any type of which the first bytes will do.

    ``permit`` is asked before a redirect is followed, and raises FetchError to forbid it. ``etag``
    and ``last_modified`` are what the server said of the page last time: they make the request
    conditional, as long as they are values that a header may hold.
    """

    is_page: bool = True
    max_size: int | None = None
    permit: Callable[[str], None] | None = None
    etag: str | None = None
    last_modified: str | None = None


def attempt(
    url: str,
    settings: Settings,
    session: requests.Session,
    wish: Wish = Wish(),  # noqa: B008 - a constant
) -> Page | Refusal | Unchanged:
    """Fetch ``url`` once; whatever goes wrong becomes a refusal with a code.

    Only a wish with validators can be answered by ``Unchanged``.
    """
    way = Way(url)
    try:
        with Deadline(settings.timeout) as deadline:
            body = _Try(way, settings, session, wish, deadline).body()
    except FetchError as error:
        return Refusal(error.code, str(error), way.record(), error.retry_after)
    except Exception as error:  # noqa: BLE001 - requests lets nine kinds pass not its own
        code, message = code_of(error, redirected=way.hops > 0)
        return Refusal(code, message, way.record(), None)
    if body is None:
        return Unchanged(way.record())
    return Page(body=body, url=way.url, fetch=way.record())


class _Try:
    """What one try works with, and the headers that go to the origin first asked, no further."""

    def __init__(
        self,
        way: Way,
        settings: Settings,
        session: requests.Session,
        wish: Wish,
        deadline: Deadline,
    ) -> None:
        self._way = way
        self._settings = settings
        self._session = session
        self._wish = wish
        self._deadline = deadline
        self._validators = _validators(wish)
        self._own = _own_headers(settings)
        self._bounds = Bounds(
            wish.max_size or settings.max_size, settings.max_wire, cut=not wish.is_page
        )

    def body(self) -> bytes | None:
        """Return the body at the end of the way; None where it is the one known before."""
        self._way.url = check_web_url(self._way.url)
        check_target(self._way.url, allow_private=self._settings.allow_private)
        while True:
            with self._ask() as response:
                status = response.status_code
                if status in _REDIRECTS:
                    self._lead(response.headers.get("Location"), status)
                    continue
                if status == 304 and self._validators:
                    return None
                body = self._read(response)
            target = refresh_target(body) if self._wish.is_page else None
            if target is None:
                self._way.note_size(len(body))
                return body
            self._way.refreshes += 1
            if self._way.refreshes > MAX_REFRESHES:
                raise FetchError("too_many_redirects", f"more than {MAX_REFRESHES} refreshes")
            # as requests hands over the bytes of a Location
            self._lead(target.encode().decode("latin-1"), status)

    def _lead(self, location: str | None, status: int) -> None:
        """Go on to where a redirect leads, if it may be."""
        way, limit = self._way, self._settings.max_redirects
        try:
            target = join_redirect(way.url, location)
        except FetchError:
            way.note_dead_end(status)
            raise
        if _origin(target) != _origin(way.url):
            self._own, self._validators = {}, {}
        if not way.lead(target, status):
            raise FetchError("redirect_loop", "redirects lead back to an address already visited")
        if way.hops > limit:
            raise FetchError("too_many_redirects", f"more than {limit} redirects")
        check_target(target, allow_private=self._settings.allow_private)
        if self._wish.permit:
            self._wish.permit(target)

    def _ask(self) -> requests.Response:
        """Return the answer's head; a connection kept too long is opened anew without a word."""
        try:
            response = self._get()
        except requests.ConnectionError as error:
            if not is_stale(error):
                raise
            response = self._get()
        self._way.note_head(response.status_code, response.headers)
        end_without_body(response)
        return response

    def _get(self) -> requests.Response:
        """Send the request by the adapter itself.

        The session's own way costs a third more time, reads a redirect's whole body (a bomb behind
        a 302 took 1,007 MB) and parses its target, even when told not to follow.
        """
        left = self._deadline.left()
        headers = {**self._session.headers, **self._own, **self._validators}
        request = requests.Request("GET", self._way.url, headers=headers).prepare()
        return self._session.get_adapter(self._way.url).send(
            request,
            stream=True,
            verify=self._session.verify,
            timeout=(min(self._settings.connect_timeout, left), min(READ_GAP, left)),
            proxies=_proxies(self._settings.proxy, self._way.url),
        )

    def _read(self, response: requests.Response) -> bytes:
        check_status(response.status_code, response.headers)
        check_framing(response.headers)
        return read_body(response, self._bounds, self._promised(response))

    def _promised(self, response: requests.Response) -> Kind | None:
        """Return what a page's type promises; None where no page is wished or there is no body."""
        if not self._wish.is_page or response.status_code in {204, 205}:
            return None
        stated = response.headers.get("Content-Type", "")
        kind = kind_of_type(stated)
        if kind == "other":
            shown = one_line(stated).strip().lower()[:80]
            raise FetchError("not_html", f"the answer is {shown}, not a page")
        return kind


def _proxies(stated: str, url: str) -> dict[str, str]:
    """Return the proxies for ``url``: the one stated, or those of the environment."""
    if stated:
        return {"http": stated, "https": stated}
    # looking through the whole environment takes a fifth of a fetch
    if not any(name in os.environ for name in _PROXY_VARIABLES):
        return {}
    return get_environ_proxies(url)


def _own_headers(settings: Settings) -> dict[str, str]:
    try:
        return dict(header_of(header) for header in settings.headers)
    except UsageError as error:  # the constructor of Settings checks nothing
        raise FetchError("internal", str(error)) from None


def _validators(wish: Wish) -> dict[str, str]:
    """Return the headers of a conditional request: a server's own words, if they are harmless."""
    stated = {"If-None-Match": wish.etag, "If-Modified-Since": wish.last_modified}
    return {
        name: value
        for name, value in stated.items()
        if value and _VALIDATOR.fullmatch(value) and value == value.strip()
    }


def _origin(url: str) -> tuple[str, str | None]:
    return urlsplit(url).scheme, host_of(url)
