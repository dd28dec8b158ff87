"""No answer costs more time or memory than the settings allow, however it is sent."""

import contextlib
import gzip
import importlib
import resource
import socket
import time
import zlib

import loopback
import pytest
from loopback import article, chunked, drip, page, raw, redirect

from scraper.fetcher import attempt
from scraper.model import Page
from scraper.settings import Settings

server = loopback.server
no_proxy = loopback.no_proxy
session = loopback.session


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
LONG = HEAD + b"Content-Length: 99999\r\n\r\n"
TIMEOUT = 0.2


def timed(behaviour, server, session, settings):
    server.routes["/a"] = behaviour
    began = time.monotonic()
    answer = attempt(server.url("/a"), settings, session)
    return answer, time.monotonic() - began


DRIPS = {
    "the body": drip(LONG, every=0.05, times=30),
    "small chunks": drip(CHUNKED, b"1\r\nx\r\n", every=0.05, times=30),
    "a body without a length": drip(HEAD + b"\r\n", every=0.05, times=30),
    "the status line": drip(b"HTTP/1.1 200 ", every=0.05, times=30),
    "a header": drip(HEAD + b"X-A: ", every=0.05, times=30),
    "many headers": drip(HEAD, b"X-A: a\r\n", every=0.05, times=30),
    "interim answers": drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n", every=0.05, times=30),
    "the line of a chunk's size": drip(CHUNKED + b"5;", every=0.05, times=30),
    "the name in a gzip header": drip(
        HEAD + b"Content-Encoding: gzip\r\n\r\n\x1f\x8b\x08\x08\0\0\0\0\0\3", every=0.05, times=30
    ),
}


@pytest.mark.parametrize("behaviour", DRIPS.values(), ids=DRIPS)
def test_a_dripping_server_meets_the_deadline(behaviour, server, session):
    answer, elapsed = timed(
        behaviour, server, session, Settings(allow_private=True, timeout=TIMEOUT)
    )
    assert getattr(answer, "code", "a page") == "deadline_exceeded"
    assert elapsed < TIMEOUT + 1


def test_silence_after_a_late_byte_does_not_double_the_deadline(server, session):
    late = raw(LONG, b"x", every=0.4, stall=True)
    answer, elapsed = timed(late, server, session, Settings(allow_private=True, timeout=0.5))
    assert answer.code in {"deadline_exceeded", "read_timeout"}
    assert elapsed < 0.85


def test_the_deadline_counts_all_redirects_together(server, session):
    hops = {f"/{n}": redirect(f"/{n + 1}") for n in range(20)}
    server.routes = {path: _later(hop) for path, hop in hops.items()}
    settings = Settings(allow_private=True, timeout=TIMEOUT, max_redirects=50)
    began = time.monotonic()
    answer = attempt(server.url("/0"), settings, session)
    assert answer.code in {"deadline_exceeded", "read_timeout"}
    assert time.monotonic() - began < TIMEOUT + 1
    assert answer.fetch.redirects


def _later(behaviour):
    def answer(request):
        request.pause(0.05)
        behaviour(request)

    return answer


def test_a_slow_body_within_the_deadline_arrives(server, session):
    slow = chunked(*[article()[n : n + 100] for n in range(0, len(article()), 100)], every=0.02)
    answer, _ = timed(slow, server, session, Settings(allow_private=True, timeout=5.0))
    assert answer.body == article()


STALLS = {"before the answer": raw(stall=True), "inside the body": raw(LONG, b"x", stall=True)}


@pytest.mark.parametrize("behaviour", STALLS.values(), ids=STALLS)
def test_a_stalled_server_is_read_timeout(behaviour, server, session, monkeypatch):
    module = importlib.import_module("scraper.fetcher.attempt")
    monkeypatch.setattr(module, "READ_GAP", 0.1)
    answer, elapsed = timed(behaviour, server, session, Settings(allow_private=True, timeout=20.0))
    assert answer.code == "read_timeout"
    assert elapsed < 2


@pytest.mark.parametrize("behaviour", STALLS.values(), ids=STALLS)
def test_a_stalled_server_meets_the_deadline(behaviour, server, session):
    answer, elapsed = timed(
        behaviour, server, session, Settings(allow_private=True, timeout=TIMEOUT)
    )
    assert answer.code in {"deadline_exceeded", "read_timeout"}
    assert elapsed < TIMEOUT + 1


@pytest.mark.parametrize("form", [page, chunked])
def test_a_body_of_the_limit_arrives(form, server, session):
    answer, _ = timed(
        form(b"x" * 1000), server, session, Settings(allow_private=True, max_size=1000)
    )
    assert answer.body == b"x" * 1000


@pytest.mark.parametrize("form", [page, chunked])
def test_a_byte_more_is_too_large(form, server, session):
    answer, _ = timed(
        form(b"x" * 1001), server, session, Settings(allow_private=True, max_size=1000)
    )
    assert answer.code == "too_large"


def test_the_rest_of_what_is_too_large_is_not_read(server, session):
    endless = raw(HEAD, b"\r\n", *[b"x" * 65536] * 800)
    answer, _ = timed(endless, server, session, Settings(allow_private=True, max_size=1_000_000))
    assert answer.code == "too_large"
    assert server.sent["/a"] < 20_000_000


@pytest.fixture(scope="module")
def bomb():
    """Two hundred megabytes of zeros, packed."""
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    zeros = bytes(2_000_000)
    return b"".join(packer.compress(zeros) for _ in range(100)) + packer.flush()


BOMBS = {
    "once": lambda bomb: page(bomb, headers={"Content-Encoding": "gzip"}),
    "twice": lambda bomb: page(gzip.compress(bomb), headers={"Content-Encoding": "gzip, gzip"}),
    "in chunks": lambda bomb: chunked(bomb, headers={"Content-Encoding": "gzip"}),
    "without a limit in reach": lambda bomb: page(bomb, headers={"Content-Encoding": "x-gzip"}),
}


@pytest.mark.parametrize("packed", BOMBS.values(), ids=BOMBS)
def test_a_bomb_costs_no_memory(packed, bomb, server, session):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    settings = Settings(allow_private=True, max_size=8_000_000)
    answer, elapsed = timed(packed(bomb), server, session, settings)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert answer.code == "bomb"
    assert elapsed < 2
    assert after - before < 40_000  # KiB


def test_a_bomb_behind_a_redirect_is_not_unpacked(bomb, server, session):
    server.routes["/b"] = page()
    armed = redirect("/b", body=bomb, headers={"Content-Encoding": "gzip"})
    answer, elapsed = timed(
        armed, server, session, Settings(allow_private=True, max_size=1_000_000)
    )
    assert isinstance(answer, Page)
    assert elapsed < 1


@contextlib.contextmanager
def deaf():
    """The address of a server that accepts nobody."""
    with socket.socket() as listening, socket.socket() as first:
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        first.connect(listening.getsockname())
        yield listening.getsockname()


def test_connecting_after_a_redirect_does_not_outlast_the_deadline(server, session):
    with deaf() as (host, port):
        late = page(b"", status=302, headers={"Location": f"http://{host}:{port}/"}, after=0.45)
        answer, elapsed = timed(late, server, session, Settings(allow_private=True, timeout=0.5))
    assert answer.code in {"deadline_exceeded", "connect_timeout"}
    assert elapsed < 0.85


def test_the_dead_addresses_of_a_name_share_the_deadline(session, monkeypatch):
    with deaf() as address:
        found = (socket.AF_INET, socket.SOCK_STREAM, 6, "", address)
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [found] * 4)
        began = time.monotonic()
        answer = attempt("http://many.invalid/", Settings(allow_private=True, timeout=0.2), session)
    assert answer.code in {"deadline_exceeded", "connect_timeout"}
    assert time.monotonic() - began < 0.6
