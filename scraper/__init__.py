"""Web addresses in, clean article records out.

    >>> import scraper
    >>> article = scraper.extract("<h1>Tide</h1><p>The harbour froze over on Monday night.</p>")
    >>> article.title
    'Tide'

Importing this package opens nothing and loads no parser and no HTTP library: each name below is
loaded when it is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scraper.advice import load_advice
    from scraper.errors import FetchError, OutputError, ScraperError, UsageError
    from scraper.extraction import extract, extract_text
    from scraper.fetcher import fetch
    from scraper.model import Article, Outcome, Page
    from scraper.pipeline import crawl
    from scraper.settings import Settings

__version__ = "0.1.0"

__all__ = [
    "Article",
    "FetchError",
    "Outcome",
    "OutputError",
    "Page",
    "ScraperError",
    "Settings",
    "UsageError",
    "__version__",
    "crawl",
    "extract",
    "extract_text",
    "fetch",
    "load_advice",
]

_HOME = {
    "Article": "scraper.model",
    "FetchError": "scraper.errors",
    "Outcome": "scraper.model",
    "OutputError": "scraper.errors",
    "Page": "scraper.model",
    "ScraperError": "scraper.errors",
    "Settings": "scraper.settings",
    "UsageError": "scraper.errors",
    "crawl": "scraper.pipeline",
    "extract": "scraper.extraction",
    "extract_text": "scraper.extraction",
    "fetch": "scraper.fetcher",
    "load_advice": "scraper.advice",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'scraper' has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(_HOME[name]), name)
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
