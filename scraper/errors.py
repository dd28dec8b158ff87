"""Why a URL failed, why a page was doubted: the closed lists of codes, and the exceptions.

ScraperError
├── UsageError        the caller asked for something impossible (exit code 2)
├── CorpusLockedError another run is writing (exit code 75)
├── OutputError       the result cannot be written (exit code 4)
│   └── StateError    the state of a corpus cannot be used
└── FetchError        one URL failed; carries a code of ``ERROR_CODES``
"""

from typing import NamedTuple

__all__ = [
    "ERROR_CODES",
    "WARNING_CODES",
    "CorpusLockedError",
    "FetchError",
    "OutputError",
    "ScraperError",
    "StateError",
    "UsageError",
]


class ErrorCode(NamedTuple):
    """What a failure means and whether a later try may end better."""

    meaning: str
    retryable: bool


ERROR_CODES: dict[str, ErrorCode] = {
    "bad_encoding": ErrorCode("the Content-Encoding is unknown, broken or nested too deep", False),
    "bad_http": ErrorCode("the server's answer is not valid HTTP", True),
    "bad_redirect": ErrorCode("a redirect has no usable target", False),
    "bad_url": ErrorCode("the address is not an http or https URL", False),
    "blocked_address": ErrorCode("the host is no address on the public internet", False),
    "blocked_port": ErrorCode("the port belongs to another protocol than the web's", False),
    "blocked_scheme": ErrorCode("a redirect leads away from http and https", False),
    "bomb": ErrorCode("the body unpacks to many times its size, beyond the limit", False),
    "connect_failed": ErrorCode("the server refused the connection or cannot be reached", True),
    "connect_timeout": ErrorCode("no connection within the connect timeout", True),
    "connection_reset": ErrorCode("the server closed the connection in the middle", True),
    "credentials_in_url": ErrorCode("the URL carries a user name or password", False),
    "deadline_exceeded": ErrorCode("the whole fetch took longer than its deadline", True),
    "dns_failed": ErrorCode("the host name does not resolve", True),
    "empty_body": ErrorCode("the page holds no characters", False),
    "extract_crashed": ErrorCode("the extraction process died on this page", False),
    "extract_memory": ErrorCode("extraction ran out of memory and was stopped", False),
    "extract_timeout": ErrorCode("extraction took longer than its deadline and was stopped", False),
    "headers_too_large": ErrorCode("the response headers are larger than the limit", False),
    "host_down": ErrorCode("the host failed too often in this run and is left alone", True),
    "http_4xx": ErrorCode("the server refused: see fetch.http_status", False),
    "http_5xx": ErrorCode("the server failed: see fetch.http_status", True),
    "internal": ErrorCode("a defect of scraper itself: please report it", False),
    "not_html": ErrorCode("the answer is a PDF, an image or other data, not a page", False),
    "paywall_stub": ErrorCode("a wall stands where the earlier text went on", True),
    "rate_limited": ErrorCode("the server answered 429 Too Many Requests", True),
    "read_timeout": ErrorCode("the server stopped sending", True),
    "redirect_loop": ErrorCode("redirects lead back to an address already visited", False),
    "robots_disallowed": ErrorCode("robots.txt forbids this address", False),
    "robots_unreachable": ErrorCode("robots.txt cannot be read, so nothing may be fetched", True),
    "shrunk": ErrorCode("the page gives less than half of the earlier text", True),
    "tls_failed": ErrorCode("the TLS certificate or handshake was refused", False),
    "too_large": ErrorCode("the body is larger than the limit", False),
    "too_many_redirects": ErrorCode("more redirects than the limit", False),
    "truncated": ErrorCode("the body ended before it was complete", True),
    "unreadable_file": ErrorCode("the file cannot be read", False),
}
"""Every failure is one of these; records carry the code in ``error.code``."""

WARNING_CODES: dict[str, str] = {
    "empty_body": "the page holds no characters",
    "challenge_page": "the site asks for proof of a human instead of showing the page",
    "consent_page": "the site asks for consent instead of showing the page",
    "error_page": "the page says that there is nothing to show",
    "index_page": "the page lists articles instead of being one",
    "internal": "extraction failed on this page; what could be read is kept",
    "jsonld_too_large": "the page states more JSON-LD than is read; what lies beyond is not heard",
    "login_page": "the page asks for a login instead of showing an article",
    "mended_markup": "the markup hides the text, behind an unclosed tag for one; it was mended",
    "no_content": "no article text was found",
    "not_html": "the bytes are a PDF, an image or other data",
    "replacement_characters": "bytes that the encoding does not know became U+FFFD",
    "short_text": "the text is too short to be sure that it is an article",
    "title_truncated": "the title is longer than a title; the first 500 characters are kept",
    "too_many_blocks": "the page has more blocks of text than are read; the longest were",
}
"""Doubts about a page; records carry them in ``extraction.warnings``."""


class ScraperError(Exception):
    """Base of every exception that scraper raises on purpose."""


class UsageError(ScraperError):
    """The caller asked for something impossible; the message is one clear line."""


class OutputError(ScraperError):
    """The result cannot be written; the message names the path and the reason."""


class CorpusLockedError(ScraperError):
    """Another run is writing to the folder; the message says which."""


class StateError(OutputError):
    """The state of a corpus is damaged, newer than this version, or cannot be written.

    ``code`` is ``state_corrupt``, ``state_newer``, ``state_locked``, ``state_unwritable`` or
    ``disk_full``. The file is left as it was.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class FetchError(ScraperError):
    """One URL failed.

    ``code`` is a key of ``ERROR_CODES``; ``http_status`` and ``retry_after`` (seconds) are None
    when the server said nothing of the kind.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        http_status: int | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.http_status = http_status
        self.retry_after = retry_after

    @property
    def retryable(self) -> bool:
        """Whether a later try may end better."""
        return ERROR_CODES[self.code].retryable
