"""Which URLs the crawl meets, how the server answers each, and what the crawler must record."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bench.corpora.case import Case

Behaviour = Literal["reply", "stall", "hang_up"]

# A crawl's record of a page that was fetched and read, whatever the page turned out to be.
PAGE_STATUSES = frozenset({"ok", "partial", "blocked", "not_article", "duplicate"})

# URLs of each kind of trap in a crawl; a stalled host waits out the crawl's time limit.
TRAPS = {
    "missing": 10,
    "failing": 5,
    "moved": 10,
    "found": 10,
    "loop": 5,
    "stall": 2,
    "image": 3,
    "pdf": 3,
    "empty": 3,
    "closed": 3,
}

_PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"
_PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@dataclass(frozen=True, slots=True)
class Route:
    """How the server answers one path; a page's bytes are read when they are asked for."""

    status: int = 200
    content_type: str = "text/html"
    body: bytes = b""
    page: Path | None = None
    location: str | None = None
    behaviour: Behaviour = "reply"


@dataclass(frozen=True, slots=True)
class Expected:
    """What must be recorded for one URL: a page's status, or one of the error codes."""

    url: str
    kind: str
    codes: frozenset[str] = frozenset()
    http_status: int | None = None
    case: Case | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """Routes by host and path, and the URLs of the crawl in its order with what they must give."""

    routes: dict[int, dict[str, Route]]
    expected: tuple[Expected, ...]


@dataclass(frozen=True, slots=True)
class Trap:
    """One trap: its answer, given its path, and the codes that a crawler may record."""

    route: Callable[[str], Route]
    codes: frozenset[str] = frozenset()
    http_status: int | None = None


_CATALOGUE: dict[str, Trap] = {
    "missing": Trap(lambda _: Route(status=404, body=b"<p>no"), frozenset({"http_4xx"}), 404),
    "failing": Trap(lambda _: Route(status=500, body=b"<p>oh"), frozenset({"http_5xx"}), 500),
    "loop": Trap(
        lambda path: Route(status=302, location=f"{path}/back"), frozenset({"redirect_loop"}), None
    ),
    "stall": Trap(
        lambda _: Route(behaviour="stall"), frozenset({"deadline_exceeded", "read_timeout"})
    ),
    "image": Trap(lambda _: Route(content_type="image/png", body=_PNG), frozenset({"not_html"})),
    "pdf": Trap(
        lambda _: Route(content_type="application/pdf", body=_PDF), frozenset({"not_html"})
    ),
    "empty": Trap(lambda _: Route(), frozenset({"empty_body"})),
    "closed": Trap(
        lambda _: Route(behaviour="hang_up"), frozenset({"connection_reset", "bad_http"})
    ),
}
_REDIRECTS = {"moved": 301, "found": 302}


def build(cases: Sequence[Case], ports: Sequence[int]) -> Plan:
    """Spread the pages over the ports and set the traps evenly among them.

    The last pages stand behind the redirects and are not listed themselves.
    """
    behind = sum(TRAPS[kind] for kind in _REDIRECTS)
    routes: dict[int, dict[str, Route]] = {port: {} for port in ports}
    listed, hidden = cases[:-behind], list(cases[-behind:])
    pages = [
        _add_page(routes, ports[number % len(ports)], f"/page/{number}.html", case)
        for number, case in enumerate(listed)
    ]
    kinds = [kind for kind, count in TRAPS.items() for _ in range(count)]
    traps = [
        _add_trap(routes, ports[number % len(ports)], kind, number, hidden)
        for number, kind in enumerate(kinds)
    ]
    return Plan(routes, tuple(_spread(pages, traps)))


def _add_page(routes: dict[int, dict[str, Route]], port: int, path: str, case: Case) -> Expected:
    routes[port][path] = Route(page=case.path)
    return Expected(_url(port, path), "page", http_status=200, case=case)


def _add_trap(
    routes: dict[int, dict[str, Route]], port: int, kind: str, number: int, hidden: list[Case]
) -> Expected:
    path = f"/{kind}/{number}"
    if kind in _REDIRECTS:
        target = f"/behind/{number}.html"
        case = hidden.pop()
        routes[port][target] = Route(page=case.path)
        routes[port][path] = Route(status=_REDIRECTS[kind], location=target)
        return Expected(_url(port, path), kind, http_status=200, case=case)
    trap = _CATALOGUE[kind]
    routes[port][path] = trap.route(path)
    if kind == "loop":
        routes[port][f"{path}/back"] = Route(status=302, location=path)
    return Expected(_url(port, path), kind, trap.codes, trap.http_status)


def _spread(pages: Sequence[Expected], traps: Sequence[Expected]) -> list[Expected]:
    """Put the traps at equal distances among the pages."""
    marked = [((number + 0.5) / len(pages), page) for number, page in enumerate(pages)]
    marked += [((number + 0.5) / len(traps), trap) for number, trap in enumerate(traps)]
    return [item for _, item in sorted(marked, key=lambda pair: pair[0])]


def _url(port: int, path: str) -> str:
    return f"http://127.0.0.1:{port}{path}"
