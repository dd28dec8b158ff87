"""Finds the pages that a site names itself: in its feeds, its sitemaps, and what these lead to."""

import math
import time
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

import requests
from msgspec.structs import replace

from scraper.errors import ERROR_CODES, FetchError
from scraper.fetcher import Manners, Refusal, RobotsCache, Verdict, Wish, attempt, open_session
from scraper.fetcher.manners import DEAD_CODES
from scraper.model import Link, Page
from scraper.settings import Settings
from scraper.sources import kind_of, read_alternates, read_feed, read_opml, read_sitemap
from scraper.sources.sitemaps import MAX_SITEMAP
from scraper.text import moment
from scraper.urls import check_web_url, host_of, resolve, site_of, url_key

FEED_PLACES = ("/feed", "/rss.xml", "/feed.xml", "/atom.xml", "/rss", "/index.xml")
SITEMAP_PLACES = ("/sitemap.xml", "/sitemap_index.xml", "/wp-sitemap.xml")
"""Where common software puts them: asked only where a site names nothing, until one answers."""

_ABSENT = ("http_4xx", "robots_disallowed", "not_html")
"""Failures that only say that nothing is where it was guessed."""


class Scope(NamedTuple):
    """What is looked for and how far.

    ``since`` (Unix seconds) leaves out what is known to be older; ``limit`` counts links,
    ``documents`` feeds and sitemaps, ``depth`` sitemaps in sitemaps: a site may name any number.
    """

    feeds: bool = True
    sitemaps: bool = True
    since: float | None = None
    limit: int | None = None
    documents: int = 100
    depth: int = 3


class Document(NamedTuple):
    """One document that was asked for, the number of links in it, and what went wrong, if it did.

    ``note`` says what was left out on purpose.
    """

    url: str
    links: int = 0
    failure: str = ""
    note: str = ""


def discover(
    site: str,
    settings: Settings | None = None,
    scope: Scope = Scope(),  # noqa: B008 - a constant
    tell: Callable[[Document], None] | None = None,
) -> Iterator[Link]:
    """Yield the pages that ``site`` names, each once, as its documents are read.

    ``site`` is a host name or the address of its home page, a feed or a sitemap. robots.txt is
    obeyed and hosts are asked one request at a time. What a sitemap says of other sites is left
    out. A document that fails is told and ends nothing; ``tell`` hears of each document.

    Raises:
        FetchError: ``site`` is no web address.
    """
    settings = settings or Settings()
    url = check_web_url(site if "://" in site else f"https://{site}")
    with open_session(settings) as session:
        asker = _Asker(settings, session, url)
        search = _Search(asker, scope, tell or (lambda _: None))
        seen: set[int] = set()
        for link in search.pages(url, may_be_http="://" not in site):
            key = hash(url_key(link.url))  # numbers: a hundred sitemaps name five million pages
            if key in seen or _is_old(link, scope):
                continue
            seen.add(key)
            yield link
            if len(seen) == scope.limit:
                return


def _is_old(link: Link, scope: Scope) -> bool:
    changed = moment(link.last_modified)
    return scope.since is not None and changed is not None and changed < scope.since


class _Answer(NamedTuple):
    """A document's address after redirects, and its bytes."""

    url: str
    body: bytes
    content_type: str | None

    @property
    def is_cut(self) -> bool:
        """Whether there may be more."""
        return len(self.body) >= MAX_SITEMAP


class _Asker:
    """Asks hosts for documents as they want to be asked."""

    def __init__(self, settings: Settings, session: requests.Session, home: str) -> None:
        self._settings = settings
        self._home = urlsplit(home)[:2]
        # a sitemap that is sent unpacked is longer on the wire than a page may be
        self._whole = replace(settings, max_wire=max(settings.max_wire, MAX_SITEMAP))
        self._session = session
        self._robots = RobotsCache(settings, session)
        self._manners = Manners()
        self._due: dict[str, float] = {}

    def fetch(self, url: str, *, is_page: bool = False) -> _Answer:
        """Return what is at ``url``, after a pause where its host needs one.

        Raises:
            FetchError: there is nothing, or it may not be asked for.
        """
        host = host_of(url) or ""
        verdict = self._allowed(url)
        self._wait(host)
        wish = Wish(
            is_page=is_page,
            max_size=None if is_page else MAX_SITEMAP,
            permit=self._permit if self._settings.robots == "obey" else None,
        )
        answer = attempt(url, self._settings_for(url, is_page=is_page), self._session, wish)
        self._due[host] = time.monotonic() + max(self._settings.delay, verdict.delay)
        if isinstance(answer, Refusal):
            self._manners.failed(host, answer.code)
            if answer.retry_after:
                self._manners.cool(host, answer.retry_after)
            raise FetchError(answer.code, answer.message)
        assert isinstance(answer, Page)  # only a wish with validators can be Unchanged
        self._manners.answered(host)
        final = answer.url or url
        self._due[host_of(final) or host] = self._due[host]
        return _Answer(final, answer.body, answer.fetch.content_type)

    def _settings_for(self, url: str, *, is_page: bool) -> Settings:
        """Return the settings for one request: headers may hold a password meant for the site."""
        settings = self._settings if is_page else self._whole
        return settings if urlsplit(url)[:2] == self._home else replace(settings, headers=())

    def sitemaps(self, url: str) -> list[Link]:
        """Return the sitemaps that the robots.txt of the host of ``url`` names."""
        robots = resolve(url, "/robots.txt") or url
        found = (resolve(robots, stated) for stated in self._robots.sitemaps(url))
        return [Link(url=named, kind="sitemap", source=robots) for named in found if named]

    def _allowed(self, url: str) -> Verdict:
        if self._settings.robots == "ignore":
            return Verdict("ignored")
        verdict = self._robots.verdict(url)
        if verdict.failure:
            code = verdict.failure if verdict.failure in DEAD_CODES else "robots_unreachable"
            raise FetchError(code, f"robots.txt: {ERROR_CODES[verdict.failure].meaning}")
        if verdict.robots != "allowed":
            raise FetchError("robots_disallowed", ERROR_CODES["robots_disallowed"].meaning)
        return verdict

    def _permit(self, url: str) -> None:
        self._allowed(url)

    def _wait(self, host: str) -> None:
        answer = self._manners.ask(host)
        if answer.is_down:
            raise FetchError("host_down", ERROR_CODES["host_down"].meaning)
        if answer.rest > self._settings.max_wait:
            raise FetchError("rate_limited", ERROR_CODES["rate_limited"].meaning)
        time.sleep(max(answer.rest, self._due.get(host, 0.0) - time.monotonic(), 0.0))


class _Search:
    """One search of a site: what it has read, and what it tells of it."""

    def __init__(self, asker: _Asker, scope: Scope, tell: Callable[[Document], None]) -> None:
        self._asker = asker
        self._scope = scope
        self._tell = tell
        self._sites: set[str] = set()
        self._known: set[str] = set()

    def pages(self, url: str, *, may_be_http: bool) -> Iterator[Link]:
        """Yield the pages in the documents that the site at ``url`` names, and in theirs."""
        start = self._named(url, may_be_http=may_be_http)
        if start is None:
            return
        home, named = start
        self._sites = {site_of(url), site_of(home)}
        found = map(self._links_of, self._admitted(named)) if named else self._guessed(home)
        for _ in range(self._scope.depth):
            below: list[Link] = []
            for links in found:
                yield from (link for link in links if link.kind == "page")
                below += (link for link in links if link.kind != "page")
            below = self._admitted(below)
            found = map(self._links_of, below)
        if below:
            self._tell(Document(below[0].url, note="not read: too many sitemaps in each other"))

    def _named(self, url: str, *, may_be_http: bool) -> tuple[str, list[Link]] | None:
        """Return the home page's address and the feeds and sitemaps that the site names.

        What is itself a feed or sitemap names itself. None where nobody answers.
        """
        try:
            home = self._asker.fetch(url, is_page=True)
        except FetchError as error:
            if error.code == "not_html":
                return url, [Link(url=url, kind="feed")]
            if may_be_http and error.code in DEAD_CODES:
                return self._named(url.replace("https:", "http:", 1), may_be_http=False)
            self._tell(Document(url, failure=_line(error)))
            is_over = error.code in DEAD_CODES or error.code == "robots_unreachable"
            return None if is_over else (url, self._sitemaps(url))
        if kind_of(home.body) in ("feed", "sitemap", "opml"):
            return home.url, [Link(url=home.url, kind="feed")]
        feeds = read_alternates(home.body, home.url) if self._scope.feeds else []
        return home.url, feeds + self._sitemaps(home.url)

    def _sitemaps(self, url: str) -> list[Link]:
        return self._asker.sitemaps(url) if self._scope.sitemaps else []

    def _guessed(self, url: str) -> Iterator[list[Link]]:
        """Yield the links of the first feed and of the first sitemap in their usual places."""
        wanted = ((self._scope.feeds, FEED_PLACES), (self._scope.sitemaps, SITEMAP_PLACES))
        for places in (places for is_wanted, places in wanted if is_wanted):
            guesses = (Link(url=resolve(url, place) or url, kind="feed") for place in places)
            found = (self._links_of(guess, is_guess=True) for guess in guesses)
            yield next((links for links in found if links), [])

    def _admitted(self, links: Iterable[Link]) -> list[Link]:
        """Return the documents to read of those named: newest first, as many as are allowed."""
        named: dict[str, Link] = {}
        for link in links:
            key = url_key(link.url)
            if key not in self._known and not _is_old(link, self._scope):
                named.setdefault(key, link)
        ordered = sorted(named, key=lambda key: -(moment(named[key].last_modified) or -math.inf))
        left = self._scope.documents - len(self._known)
        if len(ordered) > left:
            note = f"not read, nor {len(ordered) - left - 1} more: "
            note += f"the limit is {self._scope.documents} documents"
            self._tell(Document(named[ordered[left]].url, note=note))
        self._known.update(ordered[:left])
        return [named[key] for key in ordered[:left]]

    def _links_of(self, link: Link, *, is_guess: bool = False) -> list[Link]:
        """Return what a document names; a failure is told, unless a guess was wrong."""
        try:
            answer = self._asker.fetch(link.url)
        except FetchError as error:
            if not is_guess or error.code not in _ABSENT:
                self._tell(Document(link.url, failure=_line(error)))
            return []
        links = self._parsed(answer)
        if links is not None:
            note = "read in part: it is larger than 50 MB" if answer.is_cut else ""
            self._tell(Document(link.url, links=len(links), note=note))
        elif not is_guess:
            self._tell(Document(link.url, failure="neither a feed nor a sitemap"))
        return links or []

    def _parsed(self, answer: _Answer) -> list[Link] | None:
        """Return the links of a document; None for what is none.

        A sitemap does not speak for other sites.
        """
        kind = kind_of(answer.body)
        if kind == "feed":
            return read_feed(answer.body, answer.url, answer.content_type)
        if kind == "opml":
            return read_opml(answer.body, answer.url)
        if kind != "sitemap":
            return None
        links = read_sitemap(answer.body, answer.url)
        return [link for link in links if link.kind != "page" or self._is_own(link.url)]

    def _is_own(self, url: str) -> bool:
        return site_of(url) in self._sites


def _line(error: FetchError) -> str:
    return f"{error} ({error.code})"
