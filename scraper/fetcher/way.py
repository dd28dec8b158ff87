"""What was seen on the way from the address asked for to the page: hops, heads, time."""

import time
from collections.abc import Mapping
from datetime import UTC, datetime

import msgspec

from scraper.blank import blank_fetch
from scraper.model import Fetch, Redirect
from scraper.text import one_line
from scraper.urls import without_secrets

MAX_HEADER = 500
"""Characters kept of a header's value."""


class Way:
    """What has been seen so far on the way to the page; ``url`` is where it has led."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.refreshes = 0
        self._started = time.monotonic()
        self._redirects: list[Redirect] = []
        self._visited: set[str] = set()
        self._fetch = msgspec.structs.replace(
            blank_fetch(without_secrets(url), origin="http"),
            fetched_at=datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        )

    @property
    def hops(self) -> int:
        """The number of redirects followed."""
        return len(self._redirects)

    def lead(self, target: str, status: int) -> bool:
        """Go on to ``target``; False where the way has been there."""
        self._visited.add(self.url)
        self._redirects.append(Redirect(url=self.url, status=status))
        self.url = target
        return target not in self._visited

    def note_dead_end(self, status: int) -> None:
        """Note a redirect that leads nowhere."""
        self._redirects.append(Redirect(url=self.url, status=status))

    def note_head(self, status: int, headers: Mapping[str, str]) -> None:
        """Note the head of an answer."""
        self._fetch = msgspec.structs.replace(
            self._fetch,
            final_url=self.url,
            http_status=status,
            content_type=_header(headers, "Content-Type"),
            etag=_header(headers, "ETag"),
            last_modified=_header(headers, "Last-Modified"),
            x_robots_tag=_header(headers, "X-Robots-Tag"),
        )

    def note_size(self, size: int) -> None:
        """Note the bytes of the unpacked body."""
        self._fetch = msgspec.structs.replace(self._fetch, bytes=size)

    def record(self) -> Fetch:
        """Return all of it."""
        return msgspec.structs.replace(
            self._fetch,
            redirects=tuple(self._redirects),
            elapsed_ms=round((time.monotonic() - self._started) * 1000),
        )


def _header(headers: Mapping[str, str], name: str) -> str | None:
    return one_line(headers.get(name, ""))[:MAX_HEADER] or None
