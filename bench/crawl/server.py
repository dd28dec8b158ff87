"""The loopback servers of the crawl: one port a host, answers by route."""

import contextlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from bench.corpora.case import read_bytes
from bench.crawl.plan import Route

# Seconds that a stalled answer sleeps after its headers; longer than any crawl here waits.
STALL = 30.0


class Host(ThreadingHTTPServer):
    """One host: its routes are set after its port is known; its threads never outlive the run."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.routes: dict[str, Route] = {}
        self.closing = threading.Event()

    def handle_error(self, *_: object) -> None:
        """Keep quiet where a client goes away."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 60  # seconds until an idle connection is closed
    server: Host

    def do_GET(self) -> None:
        route = self.server.routes.get(self.path, Route(status=404))
        if route.behaviour == "hang_up":
            self.close_connection = True
            return
        body = route.body if route.page is None else read_bytes(route.page)
        self.send_response(route.status)
        self.send_header("Content-Type", route.content_type)
        self.send_header("Content-Length", str(10_000 if route.behaviour == "stall" else len(body)))
        if route.location is not None:
            self.send_header("Location", route.location)
        self.end_headers()
        if route.behaviour == "stall":
            self.server.closing.wait(STALL)
            self.close_connection = True
        elif self.command == "GET":
            self.wfile.write(body)

    do_HEAD = do_GET  # noqa: N815  the name is the base class'

    def log_message(self, *_: object) -> None:
        """Log nothing."""


@contextlib.contextmanager
def serving(count: int) -> Iterator[list[Host]]:
    """Serve `count` hosts until the block ends; stalled answers are cut short then."""
    hosts = [Host() for _ in range(count)]
    for host in hosts:
        threading.Thread(target=host.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield hosts
    finally:
        for host in hosts:
            host.closing.set()
            host.shutdown()
            host.socket.close()
