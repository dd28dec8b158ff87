"""The bundled demo site: serves it, crawls it, checks each record against the site's own plan."""

import mimetypes
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import resources
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from scraper.model import Article
from scraper.pipeline import crawl
from scraper.settings import Settings
from scraper.text import one_line

FIGURE = "figure"
"""Among the kinds of cuts: a caption, which the text must not hold and a figure block must."""


class SitePage(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One page of the demo site and how its record must look.

    ``code`` is the error's, or the warning's of a page that is no article; ``keeps`` are sentences
    that its text must hold, ``cuts`` phrases of the page that it must not, under the kind that
    each must have in the ledger. A phrase under two kinds may have either.
    """

    host: str
    path: str
    status: str
    shows: str
    code: str = ""
    title: str = ""
    access: str = ""
    keeps: tuple[str, ...] = ()
    cuts: dict[str, tuple[str, ...]] = {}


class SiteRedirect(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An address of the demo site that leads to another: ``to`` is a path or ``host:/path``."""

    host: str
    path: str
    to: str
    status: int


class SitePlan(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The pages in crawl order, and the redirects between them."""

    page: tuple[SitePage, ...]
    redirect: tuple[SiteRedirect, ...] = ()


class Visit(Struct, frozen=True, kw_only=True):
    """A page of the site, the record that it gave, and what is not as it must be."""

    page: SitePage
    article: Article
    complaints: tuple[str, ...]


def site_folder() -> Path:
    """Return the folder of the bundled site."""
    return Path(str(resources.files("scraper") / "data" / "site"))


def read_plan(folder: Path) -> SitePlan:
    """Return the site's own description."""
    return msgspec.toml.decode((folder / "site.toml").read_bytes(), type=SitePlan)


class Site:
    """The site on loopback: one free port for each of its hosts, while the block lasts."""

    def __init__(self, folder: Path) -> None:
        self.plan = read_plan(folder)
        self._folder = folder
        self._closing = ExitStack()
        self._roots: dict[str, str] = {}

    def __enter__(self) -> Self:
        moved = {(r.host, r.path): r for r in self.plan.redirect}
        for host in sorted({page.host for page in self.plan.page}):
            handler = type("Handler", (_Handler,), {"site": self, "host": host, "moved": moved})
            server = _Server(("127.0.0.1", 0), handler)
            threading.Thread(target=server.serve_forever, daemon=True).start()
            self._closing.callback(server.server_close)
            self._closing.callback(server.shutdown)
            self._roots[host] = f"http://127.0.0.1:{server.server_port}"
        return self

    def __exit__(self, *failure: object) -> None:
        self._closing.close()

    def url(self, page: SitePage) -> str:
        """Return the address of a page."""
        return self._roots[page.host] + page.path

    def target(self, redirect: SiteRedirect) -> str:
        """Return the absolute address that a redirect leads to."""
        host, colon, path = redirect.to.partition(":")
        return self._roots[host] + path if colon else redirect.to

    def file(self, host: str, path: str) -> bytes | None:
        """Return the bytes at a path; None where the site has none, or the path leaves it."""
        root = (self._folder / host).resolve()
        file = (root / path.lstrip("/")).resolve()
        if not file.is_relative_to(root) or not file.is_file():
            return None
        return file.read_bytes()


class _Server(ThreadingHTTPServer):
    """A server that is silent about clients that leave before the answer ends."""

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: the crawl's record tells what came of the request."""


class _Handler(BaseHTTPRequestHandler):
    """Answers for one host of the site."""

    protocol_version = "HTTP/1.1"
    site: Site
    host: str
    moved: dict[tuple[str, str], SiteRedirect]

    def do_GET(self) -> None:
        """Answer with a file, a redirect or 404."""
        path = urlsplit(self.path).path
        redirect = self.moved.get((self.host, path))
        body = self.site.file(self.host, path)
        self.send_response(redirect.status if redirect else 404 if body is None else 200)
        if redirect:
            self.send_header("Location", self.site.target(redirect))
        kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
        self.send_header("Content-Type", kind if body is not None else "text/plain")
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing: the demo prints its own account."""


def visit(site: Site, settings: Settings) -> Iterator[Visit]:
    """Crawl the site and yield what each page gave, in the order of the plan."""
    pages = {site.url(page): page for page in site.plan.page}
    settings = msgspec.structs.replace(settings, allow_private=True)  # the site is on loopback
    records = {outcome.link.url: outcome.article for outcome in crawl(pages, settings)}
    for url, page in pages.items():
        article = records[url]
        complaints = (*compare(page, article), *misnamed(page, article))
        yield Visit(page=page, article=article, complaints=complaints)


def compare(page: SitePage, article: Article) -> Iterator[str]:
    """Yield in a few words everything in which a record is not as the plan says."""
    text = one_line(article.text)
    codes = (article.error.code,) if article.error else article.extraction.warnings
    if article.status != page.status:
        yield f"status is {article.status}, not {page.status}"
    if page.code and page.code not in codes:
        yield f"no code {page.code}"
    if page.title and article.title != page.title:
        yield f"title is {article.title!r}"
    if page.access and article.access.status != page.access:
        yield f"access is {article.access.status}, not {page.access}"
    yield from (f"lost: {one_line(kept)[:60]}" for kept in page.keeps if one_line(kept) not in text)
    for cut in _kinds_by_phrase(page):
        if cut in text:
            yield f"left in: {cut[:60]}"


def misnamed(page: SitePage, article: Article) -> Iterator[str]:
    """Yield in a few words what the ledger does not tell, or tells by the wrong kind."""
    told = [(removal.kind, one_line(removal.text or "")) for removal in article.removed]
    told += [(FIGURE, one_line(block.text)) for block in article.blocks if block.role == FIGURE]
    for phrase, kinds in _kinds_by_phrase(page).items():
        found = {kind for kind, text in told if phrase in text}
        if not found:
            yield f"not told: {phrase[:60]}"
        elif not found <= kinds:
            yield f"{' and '.join(sorted(found))}, not {' or '.join(sorted(kinds))}: {phrase[:60]}"


def _kinds_by_phrase(page: SitePage) -> dict[str, set[str]]:
    """Return each phrase to cut with the kinds that it may have."""
    found: dict[str, set[str]] = {}
    for kind, phrases in page.cuts.items():
        for phrase in phrases:
            found.setdefault(one_line(phrase), set()).add(kind)
    return found
