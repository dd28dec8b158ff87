"""Connections that go to checked addresses only, read heads within bounds and can be cut off.

Both classes of http.client are extended at the few methods where a hostile server gets round
urllib3: the look-up of names, interim answers, heads, the sizes of chunks, trailers.
"""

import contextlib
import http.client
import re
import socket
import time
from collections.abc import Sequence
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from scraper.errors import ERROR_CODES, FetchError
from scraper.fetcher.addresses import Endpoint, check_addresses, find_endpoints
from scraper.fetcher.deadline import current_deadline

MAX_HEAD = 256 * 1024
"""Bytes of status line and headers, interim answers included; real ones stay under 16 KiB."""

MAX_INTERIM = 10
"""Answers 1xx before the real one; RFC 9110 sets no limit, servers send one or two."""

MAX_CHUNK_LINE = 1024
"""Bytes of the line before a chunk: its size in hex, and extensions that nobody uses."""

MAX_TRAILER = 64 * 1024
"""Bytes after the last chunk."""

_CHUNK_SIZE = re.compile(rb"[0-9a-fA-F]{1,15}")


class StaleError(ConnectionResetError):
    """A connection kept from an earlier request was closed before it answered another one."""


class _Head:
    """The stream of an answer up to its body: counts bytes, drops lines that are no headers."""

    def __init__(self, stream: Any) -> None:
        self.stream = stream
        self.in_fields = False
        self._left = MAX_HEAD

    def readline(self, limit: int = -1) -> bytes:
        """Return the next line of the head; a field without a colon hides no others."""
        while True:
            line: bytes = self.stream.readline(limit)
            self._left -= len(line)
            if self._left < 0:
                raise http.client.LineTooLong("head")
            if not self.in_fields or b":" in line or line[:1] in b"\r\n\t ":
                return line

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


class _Answer(http.client.HTTPResponse):
    """An answer whose head, chunk lines and trailer have bounds."""

    fp: Any
    connection: Any = None

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fp = _Head(self.fp)

    def begin(self) -> None:
        """Read the head; what follows comes from the stream itself."""
        super().begin()
        if self.chunked and "content-length" in self.headers:
            self.will_close = True  # RFC 9112: two ways to end are an attempt at smuggling
        if self.fp is not None:
            self.fp = self.fp.stream

    def _read_status(self) -> tuple[str, int, str]:
        """Return the status line of the first answer that is not an interim one."""
        for _ in range(MAX_INTERIM + 1):
            self.fp.in_fields = False
            version, status, reason = super()._read_status()  # type: ignore[misc]
            self.fp.in_fields = True
            if not 100 <= status < 200 or status == http.client.SWITCHING_PROTOCOLS:
                return version, status, reason
            http.client.parse_headers(self.fp)
        raise FetchError("bad_http", f"more than {MAX_INTERIM} interim answers")

    def _read_next_chunk_size(self) -> int:
        """Return the size of the next chunk; int() would also take -5, 0x1 and 1_0."""
        line = self.fp.readline(MAX_CHUNK_LINE + 1)
        size = line.partition(b";")[0].strip()
        if not line:
            raise http.client.IncompleteRead(b"")
        if len(line) > MAX_CHUNK_LINE or not _CHUNK_SIZE.fullmatch(size):
            raise http.client.HTTPException("chunk size")
        return int(size, 16)

    def _read_and_discard_trailer(self) -> None:
        left = MAX_TRAILER
        while (line := self.fp.readline(MAX_CHUNK_LINE)).strip(b"\r\n"):
            left -= len(line)
            if left < 0:
                raise FetchError("bad_http", f"a trailer of more than {MAX_TRAILER} bytes")

    def _close_conn(self) -> None:
        """Let go of the stream; with unread bytes in it the connection is not used again."""
        connection, self.connection = self.connection, None
        has_more = (
            connection is not None
            and connection.sock is not None
            and self._has_more(connection.sock)
        )
        super()._close_conn()  # type: ignore[misc]
        if has_more:
            connection.close()

    def _has_more(self, connected: socket.socket) -> bool:
        """Whether bytes beyond the answer have come; urllib3 sees only those still in the system.

        Taken for the next answer, they would give one page the content of another.
        """
        waits = connected.gettimeout()
        connected.settimeout(0)
        try:
            return bool(self.fp.peek(1))
        except (OSError, ValueError):
            return False
        finally:
            connected.settimeout(waits)


class _Watched:
    """A connection whose answers are bounded, and which the deadline of its thread can end."""

    response_class = _Answer
    sock: Any
    answers = 0

    def getresponse(self) -> Any:
        deadline = current_deadline()
        if deadline is not None and self.sock is not None:
            deadline.watch(self.sock)
        try:
            response = super().getresponse()  # type: ignore[misc]
        except (ConnectionResetError, BrokenPipeError) as error:
            if self.answers:
                raise StaleError from error
            raise
        self.answers += 1
        if self.sock is not None:
            response._original_response.connection = self  # noqa: SLF001 - no other way to it
        return response

    def _new_conn(self) -> socket.socket:
        self.answers = 0
        connected: socket.socket = super()._new_conn()  # type: ignore[misc]
        deadline = current_deadline()
        if deadline is not None:  # the handshake of TLS and that of a proxy can drip, too
            deadline.watch(connected)
        return connected


class _Dialled:
    """A connection that resolves its host once and goes to a checked address of it."""

    allow_private = False
    host: str
    _dns_host: str
    port: int
    timeout: float
    socket_options: Sequence[tuple[int, int, int]] | None

    def _new_conn(self) -> socket.socket:
        ends = time.monotonic() + self.timeout
        endpoints = find_endpoints(
            self._dns_host, self.port, self.timeout, allow_private=self.allow_private
        )
        failure: OSError = TimeoutError("no time left")
        for tried, endpoint in enumerate(endpoints):
            left = ends - time.monotonic()
            if left <= 0:
                break
            try:
                return self._dial(endpoint, left / (len(endpoints) - tried))
            except OSError as error:
                failure = error
        if isinstance(failure, TimeoutError):
            raise ConnectTimeoutError(self, ERROR_CODES["connect_timeout"].meaning) from failure
        raise NewConnectionError(self, ERROR_CODES["connect_failed"].meaning) from failure  # type: ignore[arg-type]

    def _dial(self, endpoint: Endpoint, seconds: float) -> socket.socket:
        dialled = socket.socket(endpoint.family, socket.SOCK_STREAM)
        try:
            for option in self.socket_options or ():
                dialled.setsockopt(*option)
            dialled.settimeout(seconds)
            dialled.connect(endpoint.sockaddr)
            if not self.allow_private:
                check_addresses([dialled.getpeername()[0]])
        except BaseException:
            dialled.close()
            raise
        return dialled


def _pools(*, allow_private: bool, dialled: bool) -> dict[str, Any]:
    """Return pool classes by scheme; through a proxy it is the proxy that resolves and dials."""
    bases: tuple[type, ...] = (_Watched, _Dialled) if dialled else (_Watched,)
    of_all = {"allow_private": allow_private}
    plain = type("_Plain", (*bases, HTTPConnection), of_all)
    secure = type("_Secure", (*bases, HTTPSConnection), of_all)
    return {
        "http": type("_PlainPool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
        "https": type("_SecurePool", (HTTPSConnectionPool,), {"ConnectionCls": secure}),
    }


HOSTS = 256
"""Hosts to which connections are kept open: well within the 1,024 files that a process may have.
With as many as threads, 16, a crawl of 100 hosts opened a new one for each page, and threads
waited for the lock of the pools six tenths of the time."""


class GuardedAdapter(HTTPAdapter):
    """An adapter of such connections; a proxy, which the user names, may stand anywhere."""

    def __init__(self, *, allow_private: bool, concurrency: int) -> None:
        self._direct = _pools(allow_private=allow_private, dialled=True)
        self._proxied = _pools(allow_private=allow_private, dialled=False)
        super().__init__(pool_connections=max(HOSTS, concurrency), pool_maxsize=concurrency)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        """Let the pools make guarded connections."""
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = self._direct

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
        """Return the pools of a proxy, their connections watched."""
        pools = super().proxy_manager_for(proxy, **options)
        with contextlib.suppress(AttributeError):
            pools.pool_classes_by_scheme = self._proxied
        return pools
