"""A light web server in a process of its own: every address of 127.0.0.0/8 is a host of it."""

import asyncio
import contextlib
import itertools
import json
import multiprocessing
import random
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

from bench.corpora.case import read_bytes

FIRST_HOST = IPv4Address("127.0.0.1")

# The host of the origin's own figures: no crawl has so many hosts.
_CONTROL = "127.255.255.254"

_ROBOTS = b"User-agent: *\nAllow: /\n"
_END = b"\r\n\r\n"


class Tally(NamedTuple):
    """What the origin was asked for since its start or the last `reset`.

    Times are seconds of the monotonic clock, which all processes share; None before the first page.
    `again` counts the requests for a page after its first, `slow` those to slow hosts, which are
    not among `pages`, `first` and `last`.
    """

    pages: int
    robots: int
    not_modified: int
    again: int
    slow: int
    first: float | None
    last: float | None


@dataclass(frozen=True, slots=True)
class Site:
    """What the hosts answer: pages in turns from files, or small articles of our own without any.

    `latency` is the wait before each answer in seconds; hosts in `slow` wait `slow_latency`.
    """

    pages: tuple[Path, ...] = ()
    latency: float = 0.0
    slow: frozenset[str] = frozenset()
    slow_latency: float = 1.0


class Origin(NamedTuple):
    """A server that runs: its port, and its process for the CPU time that it takes."""

    port: int
    pid: int

    def urls(self, count: int, hosts: int) -> list[str]:
        """List `count` addresses, the hosts in turns."""
        return [self.url(number, address(number % hosts)) for number in range(count)]

    def url(self, number: int, host: str) -> str:
        """Return the address of the page with this number on a host."""
        return f"http://{host}:{self.port}/page/{number}.html"

    def tally(self) -> Tally:
        """Return what was asked for so far."""
        return Tally(**json.loads(self._control("tally")))

    def reset(self) -> None:
        """Begin to count anew."""
        self._control("reset")

    def _control(self, name: str) -> bytes:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"http://{_CONTROL}:{self.port}/{name}", timeout=30) as answer:
            body: bytes = answer.read()
        return body


def address(number: int) -> str:
    """Return the loopback address of a host.

    >>> address(0), address(255), address(99_999)
    ('127.0.0.1', '127.0.1.0', '127.1.134.160')
    """
    return str(FIRST_HOST + number)


@contextlib.contextmanager
def serving(site: Site) -> Iterator[Origin]:
    """Serve a site until the block ends."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(site, theirs), daemon=True)
    process.start()
    try:
        yield Origin(ours.recv(), process.pid or 0)
    finally:
        process.kill()
        process.join()


def _serve(site: Site, port: Connection) -> None:
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_listen(site, port))


async def _listen(site: Site, port: Connection) -> None:
    state = _State(site, [read_bytes(path) for path in site.pages])
    loop = asyncio.get_running_loop()
    # One socket for all of 127.0.0.0/8; _Connection refuses peers from elsewhere.
    server = await loop.create_server(lambda: _Connection(state), "0.0.0.0", 0, backlog=4096)
    port.send(server.sockets[0].getsockname()[1])
    await server.serve_forever()


@dataclass(slots=True)
class _State:
    """The site, its bodies, and what was asked for."""

    site: Site
    bodies: Sequence[bytes]
    asked: Counter[int] = field(default_factory=Counter)
    robots: int = 0
    not_modified: int = 0
    slow: int = 0
    first: float | None = None
    last: float | None = None

    def reset(self) -> None:
        self.asked.clear()
        self.robots = self.not_modified = self.slow = 0
        self.first = self.last = None

    def tally(self) -> Tally:
        pages = self.asked.total()
        counts = pages, self.robots, self.not_modified, pages - len(self.asked), self.slow
        return Tally(*counts, self.first, self.last)

    def body(self, number: int) -> bytes:
        return self.bodies[number % len(self.bodies)] if self.bodies else small_article(number)


class _Connection(asyncio.Protocol):
    """One connection: answers one request after the other."""

    transport: asyncio.Transport

    def __init__(self, state: _State) -> None:
        self._state = state
        self._read = b""
        self._host = ""
        self._wait = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._host = transport.get_extra_info("sockname")[0]
        site = self._state.site
        self._wait = site.slow_latency if self._host in site.slow else site.latency
        if not transport.get_extra_info("peername")[0].startswith("127."):
            transport.abort()

    def data_received(self, data: bytes) -> None:
        self._read += data
        while _END in self._read:
            head, _, self._read = self._read.partition(_END)
            path = head.split(b" ", 2)[1].decode("latin-1")
            if self._host == _CONTROL:
                self.transport.write(self._figures(path))
            elif self._wait:
                asyncio.get_running_loop().call_later(self._wait, self._reply, path, head)
            else:
                self._reply(path, head)

    def _reply(self, path: str, head: bytes) -> None:
        if not self.transport.is_closing():
            self.transport.write(self._answer(path, head))

    def _answer(self, path: str, head: bytes) -> bytes:
        state = self._state
        if path == "/robots.txt":
            state.robots += 1
            return _answer("200 OK", _ROBOTS, "text/plain")
        if not path.startswith("/page/"):
            return _answer("404 Not Found", b"<p>no", "text/html")
        number = int(path[6:].removesuffix(".html"))
        if self._host in state.site.slow:
            state.slow += 1
        else:
            state.asked[number] += 1
            state.last = time.monotonic()
            state.first = state.first or state.last
        tag = f'"{number}"'
        if f"if-none-match: {tag}".encode() in head.lower():
            state.not_modified += 1
            return _answer("304 Not Modified", b"", "text/html", tag)
        return _answer("200 OK", state.body(number), "text/html", tag)

    def _figures(self, path: str) -> bytes:
        if path == "/reset":
            self._state.reset()
        figures = json.dumps(self._state.tally()._asdict()).encode()
        return _answer("200 OK", figures, "application/json")


def _answer(status: str, body: bytes, kind: str, tag: str = "") -> bytes:
    etag = f"ETag: {tag}\r\n" if tag else ""
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n{etag}\r\n"
    return head.encode() + body


_PLACES = ("harbour", "ferry", "lighthouse", "market", "school", "bridge", "council", "museum")
_VERBS = ("reported", "expected", "described", "repaired", "visited", "welcomed", "defended")
_SYLLABLES = ("ba", "den", "fol", "gra", "hu", "kim", "lo", "mar", "nes", "pol", "rus", "ta", "ver")
_NAMES = ["".join(parts).capitalize() for parts in itertools.product(_SYLLABLES, repeat=3)]
_CLAUSE = "the {} {} {} {} of {}"
_TOLD = f"<p>In {{}} {_CLAUSE}, and {_CLAUSE}, and {_CLAUSE}.</p>" * 5
_TITLE = "The {} of {} and {}"


def small_article(number: int) -> bytes:
    """Write an article of five sentences, unlike that of any other number.

    Every second word is a name out of 2,197: a crawl that looks for near duplicates finds none.
    """
    draw = random.Random(number)
    names = iter(draw.choices(_NAMES, k=52))
    places = iter(draw.choices(_PLACES, k=16))
    verbs = iter(draw.choices(_VERBS, k=15))
    title = _TITLE.format(next(places), next(names), next(names))
    words: list[str] = []
    for _ in range(5):
        words.append(next(names))
        for _ in range(3):
            words += (next(places), next(names), next(verbs), next(names), next(names))
    return (
        f"<!doctype html><html lang=en><head><meta charset=utf-8><title>{title}</title></head>"
        f"<body><article><h1>{title}</h1>{_TOLD.format(*words)}</article></body></html>"
    ).encode()
