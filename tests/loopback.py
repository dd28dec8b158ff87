"""A web server on a free port of this machine that does to each path what its test says.

    with Server({"/a": page(), "/b": redirect("/a")}) as server:
        get(server.url("/b"))
        assert server.asked == ["/b", "/a"]

A behaviour is a function of the request; paths without one answer 404, as does a robots.txt.
A test module takes the fixtures as ``server = loopback.server; no_proxy = loopback.no_proxy``.
"""

import contextlib
import socket
import struct
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

import pytest

from scraper.fetcher import open_session
from scraper.settings import Settings

_SENTENCES = (
    "The ferry left the quay at nine, and by noon the island was in sight of everyone.",
    "Nobody on the upper deck had slept, for the wind had kept the shutters rattling all night.",
    "The captain said that the timetable would be kept as long as the harbour stayed open.",
    "Fishermen who had come in before dawn told of waves as high as the lighthouse door.",
    "By evening the storm had passed, and the boats went out again one after the other.",
)


def article(title="Noon at the quay", extra=""):
    """Return the HTML of a page that is an article without doubt."""
    paragraphs = "".join(f"<p>{sentence} {extra}</p>" for sentence in _SENTENCES)
    return (
        f"<!doctype html><html lang=en><head><meta charset=utf-8><title>{title}</title></head>"
        f"<body><article><h1>{title}</h1>{paragraphs}</article></body></html>"
    ).encode()


class Request(NamedTuple):
    """What the server was asked: ``began`` and ``ended`` are monotonic times."""

    path: str
    headers: dict
    connection: int
    began: float
    ended: float


class Server(ThreadingHTTPServer):
    """The server; it listens from the start and answers inside a ``with`` block."""

    daemon_threads = True

    def __init__(self, routes=None):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.routes = dict(routes or {})
        self.requests = []
        self.sent = Counter()
        self.closing = threading.Event()
        self.begun = Counter()
        self.changed = threading.Condition()

    def __enter__(self):
        threading.Thread(target=self.serve_forever, args=(0.002,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self.closing.set()
        self.shutdown()
        self.server_close()

    def handle_error(self, request, client_address):
        """Say nothing: clients that go away are what many tests are about."""

    @property
    def host(self):
        return f"127.0.0.1:{self.server_port}"

    def url(self, path="/"):
        return f"http://{self.host}{path}"

    @property
    def asked(self):
        """The paths in the order of their requests, robots.txt left out."""
        return [request.path for request in self.requests if request.path != "/robots.txt"]

    def count(self, path):
        return sum(request.path == path for request in self.requests)

    def headers(self, path):
        """Return the headers of the last request for ``path``, their names in small letters."""
        return [request.headers for request in self.requests if request.path == path][-1]

    def wait_for(self, path, times=1, timeout=10.0):
        """Wait until ``path`` has been asked for; its answer may be under way."""
        with self.changed:
            assert self.changed.wait_for(lambda: self.begun[path] >= times, timeout), path


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_):
        pass

    def do_GET(self):
        path, server = self.path, self.server
        began = time.monotonic()
        with server.changed:
            server.begun[path] += 1
            server.changed.notify_all()
        headers = {name.lower(): value for name, value in self.headers.items()}
        place = len(server.requests)
        server.requests.append(Request(path, headers, self.client_address[1], began, began))
        try:
            server.routes.get(path, page(b"nothing here", status=404))(self)
        except OSError:
            self.close_connection = True
        server.requests[place] = server.requests[place]._replace(ended=time.monotonic())

    def put(self, piece):
        """Send bytes as they are and count them."""
        self.connection.sendall(piece)
        self.server.sent[self.path] += len(piece)

    def head(self, status, headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def pause(self, seconds):
        """Wait; False when the server closes meanwhile."""
        return not self.server.closing.wait(seconds)


def page(body=None, *, status=200, kind="text/html; charset=utf-8", headers=None, after=0.0):
    """A whole answer, ``after`` some seconds; ``kind`` None sends no Content-Type."""
    body = article() if body is None else body
    typed = {} if kind is None else {"Content-Type": kind}

    def answer(request):
        request.pause(after)
        request.head(status, {**typed, "Content-Length": len(body), **(headers or {})})
        request.put(body)

    return answer


def text(body):
    """A robots.txt or its like."""
    return page(body.encode() if isinstance(body, str) else body, kind="text/plain")


def redirect(to, *, status=302, body=b"", headers=None):
    """A redirect; ``to`` None names no target."""
    target = {} if to is None else {"Location": to}
    return page(body, status=status, headers={**target, **(headers or {})})


def chunked(*pieces, every=0.0, headers=None):
    """An answer in chunks, with a pause after each."""

    def answer(request):
        kind = {"Content-Type": "text/html", "Transfer-Encoding": "chunked"}
        request.head(200, {**kind, **(headers or {})})
        for piece in pieces:
            request.put(b"%x\r\n%b\r\n" % (len(piece), piece))
            if every and not request.pause(every):
                return
        request.put(b"0\r\n\r\n")

    return answer


def raw(*pieces, every=0.0, stall=False):
    """Bytes as they are, with a pause after each; then silence, or the end of the connection."""

    def answer(request):
        request.close_connection = True
        for piece in pieces:
            request.put(piece)
            if every and not request.pause(every):
                return
        if stall:
            request.pause(60)

    return answer


def drip(head=b"", piece=b"x", *, every=0.1, times=200):
    """Bytes as they are, then one piece after the other, slower than anyone waits."""
    return raw(head, *[piece] * times, every=every)


def reset():
    """The connection reset instead of an answer."""

    def answer(request):
        request.close_connection = True
        request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        request.connection.close()

    return answer


def turns(*behaviours):
    """One behaviour after the other; the last one for all further requests."""
    waiting = list(behaviours)

    def answer(request):
        behaviour = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        behaviour(request)

    return answer


@contextlib.contextmanager
def servers(count, routes=None):
    """Several servers, which are as many hosts to a crawler."""
    with contextlib.ExitStack() as stack:
        yield [stack.enter_context(Server(routes)) for _ in range(count)]


@pytest.fixture
def server():
    """A server without any page but those that the test gives it."""
    with Server() as server:
        yield server


@pytest.fixture
def session():
    """The fetcher's session with the default settings, but that it may reach this machine."""
    with open_session(Settings(allow_private=True)) as session:
        yield session


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    """No proxy of this machine's."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
