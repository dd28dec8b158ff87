"""Seventy-odd ways in which a server can answer, and the outcomes that a fetcher may give."""

import gzip
import sys
import zlib
from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from typing import NamedTuple

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

Step = bytes | float
"""Bytes to send, or seconds to wait."""

RESET = b"(reset)"
"""In place of bytes: reset the connection."""

PORT = b"{port}"
"""In bytes to send: the server's own port. No behaviour leads away from it, whoever follows."""

OK = "ok"
BOMB_SIZE = 500 * 2**20
"""Bytes of a bomb unpacked; ``bomb`` takes another size for tests."""

DRIP = 0.1
"""Seconds between two drops: shorter than any timeout between bytes."""


class Behaviour(NamedTuple):
    """One way to answer.

    ``outcomes`` are codes, or ``OK``. What is ``endless`` never stops by itself. What goes
    ``inside`` redirects to the asker's own machine, and is asked for through a proxy where the
    asker must tell public from private.
    """

    steps: Callable[[], Iterator[Step]]
    outcomes: frozenset[str]
    endless: bool = False
    inside: bool = False


_CATALOGUE: dict[str, Behaviour] = {}
PAGE = (
    b"<!doctype html><meta charset=utf-8><title>Noon</title><p>" + b"The ferry left at nine. " * 50
)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


def catalogue() -> dict[str, Behaviour]:
    """Return all behaviours by name."""
    return dict(_CATALOGUE)


def _add(
    name: str, outcomes: str, *steps: Step | Callable[[], Iterator[Step]], inside: bool = False
) -> None:
    """Enter what sends ``steps`` one after the other; a function stands for steps without end."""

    def run() -> Iterator[Step]:
        for step in steps:
            if callable(step):
                yield from step()
            else:
                yield step

    endless = any(isinstance(step, partial) for step in steps)
    _CATALOGUE[name] = Behaviour(run, frozenset(outcomes.split()), endless, inside)


def _drip(drop: bytes) -> Iterator[Step]:
    while True:
        yield drop
        yield DRIP


def _flood(drop: bytes) -> Iterator[Step]:
    while True:
        yield drop * max(1, 65536 // len(drop))


def whole(body: bytes, *headers: bytes, status: bytes = b"200 OK") -> bytes:
    """Return a whole answer with its length."""
    lines = [b"HTTP/1.1 " + status, *headers, b"Content-Length: %d" % len(body)]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def _html(body: bytes, *headers: bytes) -> bytes:
    return whole(body, b"Content-Type: text/html", *headers)


def _to(location: bytes, body: bytes = b"", *headers: bytes) -> bytes:
    return whole(body, b"Location: " + location, *headers, status=b"302 Found")


@lru_cache
def bomb(kind: str, size: int) -> bytes:
    """Return ``size`` zeros packed as gzip, gzip twice over, br or zstd."""
    zeros = bytes(2**20)
    if kind == "br":
        brotli_packer = brotli.Compressor(quality=1)
        pieces = [brotli_packer.process(zeros) for _ in range(size // len(zeros))]
        return b"".join(pieces) + brotli_packer.finish()
    if kind == "zstd":
        zstd_packer = zstd.ZstdCompressor(level=1)
        pieces = [zstd_packer.compress(zeros) for _ in range(size // len(zeros))]
        return b"".join(pieces) + zstd_packer.flush()
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    packed = b"".join(packer.compress(zeros) for _ in range(size // len(zeros))) + packer.flush()
    return packed if kind == "gzip" else gzip.compress(packed)


def _packed(encoding: bytes, kind: str) -> Callable[[], Iterator[Step]]:
    def steps() -> Iterator[Step]:
        yield _html(bomb(kind, BOMB_SIZE), b"Content-Encoding: " + encoding)

    return steps


def _gzip_times(times: int) -> bytes:
    body = PAGE
    for _ in range(times):
        body = gzip.compress(body)
    return _html(body, b"Content-Encoding: " + b", ".join([b"gzip"] * times))


def _redirected_bomb() -> Iterator[Step]:
    yield _to(b"/ok", bomb("gzip", BOMB_SIZE), b"Content-Encoding: gzip")


_add("ok", OK, _html(PAGE))

# Drips and floods
_LATE = "deadline_exceeded read_timeout"
_add("slow_headers", _LATE, HEAD + b"X-A: ", partial(_drip, b"a"))
_add("slow_header_lines", _LATE + " headers_too_large", HEAD, partial(_drip, b"X-A: a\r\n"))
_add("slow_body", _LATE, HEAD + b"Content-Length: 99999\r\n\r\n", partial(_drip, b"x"))
_add("slow_chunked", _LATE, CHUNKED, partial(_drip, b"1\r\nx\r\n"))
_add("slow_chunk_line", _LATE, CHUNKED + b"5;", partial(_drip, b"x"))
_add("c100_slow", _LATE + " bad_http", partial(_drip, b"HTTP/1.1 100 Continue\r\n\r\n"))
_add("c100_flood", "bad_http headers_too_large", partial(_flood, b"HTTP/1.1 100 Continue\r\n\r\n"))
_add("c103_flood", "bad_http headers_too_large", partial(_flood, b"HTTP/1.1 103 Hints\r\n\r\n"))
_add("trailer_flood", "bad_http", CHUNKED + b"1\r\nx\r\n0\r\n", partial(_flood, b"X-A: a\r\n"))
_add("infinite_chunked", "too_large", CHUNKED, partial(_flood, b"1000\r\n" + b"x" * 4096 + b"\r\n"))
_add("infinite_tiny_chunks", _LATE, CHUNKED, partial(_flood, b"1\r\nx\r\n"))
_add("infinite_nocl", "too_large", HEAD + b"\r\n", partial(_flood, b"x"))
_add("hang", _LATE, 60.0)
_add("hang_in_body", _LATE, HEAD + b"Content-Length: 99\r\n\r\nx", 60.0)

# Lengths
_add("cl_too_long", "truncated", HEAD + b"Content-Length: 99999\r\n\r\n" + PAGE)
_add("cl_too_short", OK, HEAD + b"Content-Length: 100\r\n\r\n" + PAGE)
_add("cl_neg", "bad_http", HEAD + b"Content-Length: -5\r\n\r\n" + PAGE)
_add("cl_alpha", "bad_http", HEAD + b"Content-Length: abc\r\n\r\n" + PAGE)
_add("cl_two", "bad_http", HEAD + b"Content-Length: 5\r\nContent-Length: 9\r\n\r\n" + PAGE)
_add(
    "cl_and_te",
    OK,
    HEAD + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
)
_add("te_unknown", "bad_http", HEAD + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n")
_add("chunk_bad", "bad_http", CHUNKED + b"zz\r\nab\r\n")
_add("chunk_neg", "bad_http", CHUNKED + b"-5\r\nab\r\n0\r\n\r\n")
_add("chunk_huge", "truncated bad_http", CHUNKED + b"fffffffffffffff\r\nab\r\n")
_add("chunk_ext", "bad_http", CHUNKED + b"1;" + b"x" * 200_000 + b"\r\nx\r\n0\r\n\r\n")
_add("chunk_noend", "truncated", CHUNKED + b"5\r\nhello\r\n")

# Encodings
_BOMBS = "bomb too_large"
_add("gzip_bomb", _BOMBS, _packed(b"gzip", "gzip"))
_add("br_bomb", _BOMBS, _packed(b"br", "br"))
_add("zstd_bomb", _BOMBS, _packed(b"zstd", "zstd"))
_add("gzip2_bomb", _BOMBS, _packed(b"gzip, gzip", "gzip2"))
_add("gzip_x2", OK, _gzip_times(2))
_add("gzip_x4", "bad_encoding", _gzip_times(4))
_add("gzip_x8", "bad_encoding", _gzip_times(8))
_add("gzip_trunc", "truncated", _html(gzip.compress(PAGE)[:-8], b"Content-Encoding: gzip"))
_add("br_trunc", "truncated", _html(brotli.compress(PAGE)[:-8], b"Content-Encoding: br"))
_add("zstd_trunc", "truncated", _html(zstd.compress(PAGE)[:-8], b"Content-Encoding: zstd"))
_add("gzip_lie", OK, _html(PAGE, b"Content-Encoding: gzip"))
_add("unknown_encoding", "bad_encoding", _html(PAGE, b"Content-Encoding: rot13"))

# Redirects
_add("redir_bomb", OK, _redirected_bomb)
_add("redir_loop", "redirect_loop", _to(b"/redir_loop"))
_add("redir_file", "blocked_scheme", _to(b"file:///etc/passwd"))
_add("redir_ftp", "blocked_scheme", _to(b"ftp://a.example/"))
_add("redir_js", "blocked_scheme", _to(b"javascript:alert(1)"))
_add("redir_data", "blocked_scheme", _to(b"data:text/html,x"))
_add("redir_about", "blocked_scheme", _to(b"about:blank"))
_add("redir_intent", "blocked_scheme", _to(b"intent://a#Intent;end"))
for _name, _host in {
    "otherport": b"127.0.0.1",
    "localhost": b"localhost",
    "localhost_dot": b"LOCALHOST.",
    "decimal": b"2130706433",
    "hex": b"0x7f.1",
    "octal": b"0177.0.0.1",
    "zero": b"0",
    "mapped": b"[::ffff:127.0.0.1]",
}.items():
    _target = b"http://" + _host + b":" + PORT + b"/ok"
    _add(f"redir_{_name}", "blocked_address", _to(_target), inside=True)
_add("redir_smtp", "blocked_port", _to(b"http://127.0.0.1:25/"))
_add("redir_creds", "bad_redirect", _to(b"http://ada:secret@127.0.0.1:" + PORT + b"/ok"))
_add("redir_huge", "bad_redirect", _to(b"/" + b"a" * 60_000))
_add("redir_bytes", "http_4xx", _to(b"/\xff\xfe"))
_add("redir_cr", "bad_redirect http_4xx", _to(b"/a\rX-B: c"))
_add("redir_nul", "bad_redirect", _to(b"/a\0b"))
_add("redir_badipv6", "bad_redirect", _to(b"http://[::1/x"))
_add("redir_badport", "bad_redirect", _to(b"http://127.0.0.1:99999/"))
_add("redir_idna", "bad_redirect", _to("http://xn--a.\u200b..c/".encode()))
_add("redir_empty", "bad_redirect", _to(b""))
_add("redir_missing", "bad_redirect", whole(b"", status=b"302 Found"))
_add("redir_differentials", "bad_redirect", _to(b"http://localhost\\@127.0.0.1:" + PORT + b"/ok"))

# Heads
_add("hdr_10MB", "headers_too_large", HEAD + b"X-A: " + b"a" * 10_000_000 + b"\r\n\r\n")
_add("hdr_1000", "headers_too_large", HEAD + b"X-A: a\r\n" * 1000 + b"\r\n" + PAGE)
_add("hdr_90x60KB", "headers_too_large", HEAD + (b"X-A: " + b"a" * 60_000 + b"\r\n") * 90)
_add("hdr_nocolon", OK, HEAD + b"nonsense\r\nContent-Length: %d\r\n\r\n" % len(PAGE) + PAGE)
_add("hdr_nul", OK, HEAD + b"X-A: \0\x1b[31m\r\n\r\n" + PAGE)
_add("hdr_fold", OK, HEAD + b"X-A: a\r\n  b\r\n\r\n" + PAGE)
_add("http09", "bad_http", PAGE)
_add("garbage", "bad_http", bytes(range(1, 256)) * 40)
_add("status_999", "bad_http", whole(PAGE, status=b"999 Odd"))
_add("status_abc", "bad_http", whole(PAGE, status=b"abc OK"))
_add("status_99", "bad_http", whole(PAGE, status=b"99 OK"))
_add("s204_body", OK, whole(PAGE, status=b"204 No Content"))
_add("range206", "bad_http", whole(PAGE, status=b"206 Partial Content"))
_add("unasked_304", "bad_http", b"HTTP/1.1 304 Not Modified\r\n\r\n")
_add("cookie_bomb", "headers_too_large", HEAD + (b"Set-Cookie: a=" + b"a" * 60_000 + b"\r\n") * 80)

# Types and charsets
_add("pdf", "not_html", whole(b"%PDF-1.7" + bytes(999), b"Content-Type: application/pdf"))
_add("pdf_as_html", "not_html", _html(b"%PDF-1.7" + bytes(999)))
_add(
    "mime_video",
    "not_html",
    HEAD.replace(b"text/html", b"video/mp4") + b"\r\n",
    partial(_flood, b"x"),
)
_add("mime_odd", OK, whole(PAGE, b"Content-Type: text/html;;;"))
_add("mime_none", OK, whole(PAGE))
_add("mime_octets", OK, whole(PAGE, b"Content-Type: application/octet-stream"))
for _charset in (
    *(b"utf-7", b"idna", b"punycode", b"undefined", b"zlib", b"rot13", b"unicode_escape"),
    *(b"nonsense", b'"a\0b"', b"\xff"),
):
    _label = _charset.decode("latin-1").replace("\0", "NUL").replace("\xff", "FF").strip('"')
    _add(f"cs_{_label}", OK, whole(PAGE, b"Content-Type: text/html; charset=" + _charset))

# Connections
_add("close", "connection_reset")
_add("rst", "connection_reset", RESET)
