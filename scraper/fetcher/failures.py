"""Maps every exception of the HTTP stack to one code of the closed list."""

import http.client
import socket
from collections.abc import Iterator

import requests
import urllib3

from scraper.errors import ERROR_CODES
from scraper.fetcher.connection import StaleError

# Tried in order against the exception and all that it wraps: the inner cause says more.
_CODES: tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], str], ...] = (
    ((socket.gaierror, urllib3.exceptions.NameResolutionError), "dns_failed"),
    ((requests.exceptions.SSLError, urllib3.exceptions.SSLError), "tls_failed"),
    # urllib3 takes a refused connection for a kind of timeout: the refusal must come first
    ((ConnectionRefusedError, urllib3.exceptions.NewConnectionError), "connect_failed"),
    (
        (requests.exceptions.ConnectTimeout, urllib3.exceptions.ConnectTimeoutError),
        "connect_timeout",
    ),
    ((requests.exceptions.ReadTimeout, urllib3.exceptions.ReadTimeoutError), "read_timeout"),
    # http.client.RemoteDisconnected is a ConnectionResetError
    ((ConnectionResetError, BrokenPipeError), "connection_reset"),
    (http.client.LineTooLong, "headers_too_large"),
    ((urllib3.exceptions.IncompleteRead, http.client.IncompleteRead), "truncated"),
    (
        (requests.exceptions.ContentDecodingError, urllib3.exceptions.DecodeError),
        "bad_encoding",
    ),
    (requests.exceptions.ProxyError, "connect_failed"),
    ((requests.exceptions.InvalidURL, urllib3.exceptions.LocationParseError), "bad_url"),
    ((urllib3.exceptions.HTTPError, requests.RequestException, ValueError), "bad_http"),
    (TimeoutError, "read_timeout"),
    (OSError, "connect_failed"),
)

# Failures that the libraries tell apart by words only.
_WORDS = {"got more than 100 headers": "headers_too_large"}


def is_stale(error: BaseException) -> bool:
    """Whether a connection kept from an earlier request broke before it answered."""
    return any(isinstance(cause, StaleError) for cause in _causes(error))


def code_of(error: BaseException, *, redirected: bool = False) -> tuple[str, str]:
    """Return the code for ``error`` and its meaning, which repeats nothing that a server sent.

    An address that the libraries refuse is ``bad_redirect`` where a server named it.
    """
    code, message = _code_of(error)
    if code == "bad_url" and redirected:
        return "bad_redirect", ERROR_CODES["bad_redirect"].meaning
    return code, message


def _code_of(error: BaseException) -> tuple[str, str]:
    chain = list(_causes(error))
    for words, code in _WORDS.items():
        if any(words in str(cause) for cause in chain):
            return code, ERROR_CODES[code].meaning
    for kinds, code in _CODES:
        if any(isinstance(cause, kinds) for cause in chain):
            return code, ERROR_CODES[code].meaning
    return "internal", type(error).__name__


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield ``error``, what it wraps in its arguments, and what it came from, each once."""
    waiting: list[BaseException] = [error]
    seen: set[int] = set()
    while waiting and len(seen) < 20:
        cause = waiting.pop(0)
        if id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        wrapped = (*cause.args, getattr(cause, "reason", None), cause.__cause__, cause.__context__)
        waiting += [inner for inner in wrapped if isinstance(inner, BaseException)]
