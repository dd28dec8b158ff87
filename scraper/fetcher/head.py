"""Judges the head of an answer: status, lengths, what the server asks; no body is read for it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from scraper.errors import ERROR_CODES, FetchError


def check_framing(headers: Mapping[str, str]) -> None:
    """Refuse an answer of which nobody can say where it ends.

    Raises:
        FetchError: ``bad_http``.
    """
    lengths = {length.strip() for length in headers.get("Content-Length", "0").split(",")}
    number = next(iter(lengths))
    if len(lengths) > 1 or not (number.isascii() and number.isdigit() and len(number) < 19):
        raise FetchError("bad_http", ERROR_CODES["bad_http"].meaning)
    if headers.get("Transfer-Encoding", "chunked").strip().lower() not in {"chunked", "identity"}:
        raise FetchError("bad_http", ERROR_CODES["bad_http"].meaning)


def check_status(status: int, headers: Mapping[str, str]) -> None:
    """Refuse every status but those of a whole answer.

    Raises:
        FetchError: ``rate_limited``, ``http_4xx``, ``http_5xx``, ``bad_http``.
    """
    if status == 429:
        wait = retry_after(headers)
        raise FetchError("rate_limited", "HTTP 429", http_status=429, retry_after=wait)
    if 400 <= status < 500:
        raise FetchError("http_4xx", f"HTTP {status}", http_status=status)
    if 500 <= status < 600:
        wait = retry_after(headers)
        raise FetchError("http_5xx", f"HTTP {status}", http_status=status, retry_after=wait)
    if not 200 <= status < 300 or status == 206:  # no part was asked for
        raise FetchError("bad_http", f"HTTP status {status} is no answer to a GET")


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that the server asks to wait: a number or a date; None for nonsense."""
    stated = headers.get("Retry-After", "").strip()
    if stated.isascii() and stated.isdigit() and len(stated) < 9:
        return float(stated)
    try:
        moment = parsedate_to_datetime(stated)
        return max(0.0, (moment - datetime.now(moment.tzinfo or UTC)).total_seconds())
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
