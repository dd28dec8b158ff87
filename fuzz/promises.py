"""What must hold of any bytes that are extracted; the tests hold it too."""

import json
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import scraper
from scraper.limiter import limited
from scraper.text import without_unsafe

SECONDS, SECONDS_A_BYTE = 4.0, 40e-6
"""CPU seconds that a page may take: some milliseconds on a free machine, which none is."""
_LINKS = frozenset(("url", "canonical_url", "final_url"))


def check(body: bytes, url: str | None = None) -> scraper.Article:
    """Extract a page and hold the record to its promises.

    Raises:
        AssertionError: one of them is broken; the message says which.
    """
    began = time.process_time()
    article = scraper.extract(body, url)
    spent = time.process_time() - began
    assert spent < SECONDS + SECONDS_A_BYTE * len(body), f"{spent:.1f} s for {len(body)} bytes"
    assert "internal" not in article.extraction.warnings, article.error
    check_record(article)
    return article


def check_record(article: scraper.Article) -> None:
    """Hold a record to what may stand in it.

    Raises:
        AssertionError: a control character, a link that is none of the web's, a line too many.
    """
    line = article.to_json()
    assert len(line.splitlines()) == 1, "JSON in several lines"
    record = json.loads(line)
    for key, text in strings(record):
        plain = text.replace("\n", "").replace("\t", "")
        assert without_unsafe(plain) == plain, f"unsafe character in {key}"
        if key in _LINKS and text:
            assert urlsplit(text).scheme in ("http", "https", "mailto"), f"link in {key}"
    article.to_markdown().encode("utf-8")


def check_limiter(html: str) -> None:
    """Hold the limiter to its promises.

    Raises:
        AssertionError: twice is not as good as once.
    """
    once = limited(html)
    assert limited(once) == once, "the limiter is not idempotent"


def strings(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Yield key and text of every string of a record, with keys that are data themselves."""
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, dict):
        for inner_key, inner in value.items():
            yield "key", inner_key
            yield from strings(inner, inner_key)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner, key)
