"""Examines an installation: everything a run will need is tried once."""

import platform
import sqlite3
import ssl
import sys
import tempfile
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import scraper
from scraper.blank import blank_fetch
from scraper.model import Page
from scraper.schema import complaint, generate, shipped
from scraper.workers import Workers

_PACKAGES = (
    *("requests", "urllib3", "selectolax", "numpy", "trafilatura", "lxml", "msgspec", "click"),
    "py3langid",
    "rich",
)
_PARAGRAPH = (
    "<p>The ferry left the quay at nine, and by noon the island was in sight of everyone.</p>"
)
_PAGE = f"<html><body><h1>Noon</h1>{_PARAGRAPH * 5}</body></html>"


class Finding(NamedTuple):
    """One thing examined."""

    subject: str
    good: bool
    detail: str


def examine() -> Iterator[Finding]:
    """Yield a finding for each thing that a run needs; none of them raises."""
    for subject, check in _CHECKS.items():
        try:
            yield Finding(subject, True, check())
        except Exception as error:  # noqa: BLE001 - a broken installation is what we look for
            yield Finding(subject, False, f"{type(error).__name__}: {error}")


def _python() -> str:
    return f"{sys.version.split()[0]} on {platform.platform(terse=True)}"


def _packages() -> str:
    return ", ".join(f"{name} {version(name)}" for name in _PACKAGES)


def _schema() -> str:
    assert shipped() == generate(), "the shipped schema is not that of the types"
    return "article 1.0"


def _extraction() -> str:
    article = scraper.extract(_PAGE)
    assert (article.status, article.title) == ("ok", "Noon"), article.status
    assert complaint(article.to_json().encode()) is None
    return f"{article.word_count} words found in a test page"


def _workers() -> str:
    with Workers(1, 60.0) as workers:
        page = Page(body=_PAGE.encode(), url=None, fetch=blank_fetch("test"))
        assert workers.extract(page).status == "ok"
    return "a page extracted in another process"


def _writing() -> str:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "test").write_text("x")
    return tempfile.gettempdir()


_CHECKS: dict[str, Callable[[], str]] = {
    "scraper": lambda: scraper.__version__,
    "python": _python,
    "packages": _packages,
    "sqlite": lambda: sqlite3.sqlite_version,
    "tls": lambda: ssl.OPENSSL_VERSION,
    "schema": _schema,
    "extraction": _extraction,
    "workers": _workers,
    "temporary files": _writing,
}
