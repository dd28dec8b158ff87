"""Makes the record that knows nothing yet: every article and every failure starts from it."""

from typing import Literal

import msgspec

from scraper import __version__
from scraper.errors import ERROR_CODES
from scraper.model import Access, Article, Extraction, Failure, Fetch
from scraper.urls import host_of, record_id, url_key

TOOL = f"scraper/{__version__}"


def blank_fetch(requested_url: str, *, origin: Literal["http", "file"] | None = None) -> Fetch:
    """Return what is known of a page before it is fetched or read."""
    return Fetch(
        requested_url=requested_url,
        final_url=None,
        redirects=(),
        http_status=None,
        fetched_at=None,
        elapsed_ms=None,
        bytes=None,
        content_type=None,
        encoding=None,
        encoding_source=None,
        etag=None,
        last_modified=None,
        x_robots_tag=None,
        from_=origin,
        robots=None,
    )


def blank_article(url: str | None, fetch: Fetch, *, key: str | None = None) -> Article:
    """Return the record that knows nothing yet but its address, with the status ``error``.

    ``key`` names a page that has no URL.
    """
    return Article(
        schema_version="1.0",
        id=record_id(key or url_key(url or fetch.requested_url)),
        version=1,
        status="error",
        url=url or "",
        canonical_url=None,
        host=host_of(url or ""),
        site_name=None,
        title=None,
        subtitle=None,
        description=None,
        authors=(),
        date_published=None,
        date_modified=None,
        language=None,
        section=None,
        tags=(),
        image=None,
        images=(),
        text="",
        blocks=(),
        word_count=0,
        access=Access(status="unknown", declared=None, truncated=None, evidence=()),
        robots=(),
        content_hash="",
        simhash="",
        duplicate_of=None,
        fetch=fetch,
        extraction=Extraction(
            tool=TOOL,
            confidence=None,
            page_type=None,
            body_source=None,
            evidence={},
            kept_ratio=None,
            warnings=(),
        ),
        removed=(),
        error=None,
    )


def failed(record: Article, code: str, message: str, *, attempts: int = 1) -> Article:
    """Return ``record`` as a failure; what robots.txt forbids is skipped, the rest are errors."""
    return msgspec.structs.replace(
        record,
        status="skipped" if code == "robots_disallowed" else "error",
        error=Failure(
            code=code,
            message=message,
            retryable=ERROR_CODES[code].retryable,
            attempts=attempts,
            next_attempt_at=None,
        ),
    )
