"""The Scrapy side of bench.crawl.throughput: a spider that extracts each page by trafilatura.

scrapy runspider bench/crawl/spider.py -a urls=urls.txt -O pages.jsonl
"""

import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import scrapy
import trafilatura
from scrapy.http import Response

_FIELDS = ("title", "author", "date", "sitename", "description", "categories", "tags", "language")


class PageSpider(scrapy.Spider):
    """Fetches a list of addresses; yields text and metadata of each, extracted where it arrives."""

    name = "pages"
    custom_settings = {  # noqa: RUF012 - how Scrapy wants it
        "ROBOTSTXT_OBEY": True,
        "DOWNLOAD_DELAY": 0,
        "AUTOTHROTTLE_ENABLED": False,
        "COOKIES_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "LOG_LEVEL": "ERROR",
        "HTTPERROR_ALLOW_ALL": True,
    }

    def __init__(self, urls: str, **options: Any) -> None:
        super().__init__(**options)
        self._urls = Path(urls).read_text("utf-8").split()
        logging.getLogger("trafilatura").setLevel(logging.CRITICAL)

    async def start(self) -> AsyncIterator[scrapy.Request]:
        """Ask for each address of the list."""
        for url in self._urls:
            yield scrapy.Request(url, self.parse)

    def parse(self, response: Response) -> Iterator[dict[str, Any]]:
        """Yield the page's record; its text is None where trafilatura finds none."""
        document = trafilatura.bare_extraction(
            response.body, url=response.url, with_metadata=True, include_comments=False
        )
        found = document.as_dict() if document else {}
        yield {
            "url": response.url,
            "status": response.status,
            "text": found.get("text"),
            **{name: found.get(name) for name in _FIELDS},
        }
