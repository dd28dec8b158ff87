"""Hand-made visits and runs, for the tests of what is told of them."""

import msgspec

from scraper.blank import blank_article, blank_fetch
from scraper.model import Link, Removal, Visit
from scraper.writer.runs import RunLog

NOON = 1_795_867_200.0
"""2026-11-28T12:00:00Z."""


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self):
        self.now = 500.0

    def __call__(self):
        return self.now


def removal(kind, count=1):
    return Removal(
        kind=kind, rule=f"{kind}.name", text=None, path=None, position=None, words=5, count=count
    )


def visit(url="https://harbour.example/a", status="ok", **fields):
    """A visit; a good one has an article of ``words`` words in its ``version``."""
    fetched = {"bytes": 1000, "elapsed_ms": 120, "http_status": 200} | fields.pop("fetched", {})
    fetch = msgspec.structs.replace(blank_fetch(url, origin="http"), **fetched)
    words, version = fields.pop("words", 300), fields.pop("version", 1)
    removed = tuple(fields.pop("removed", ()))
    article = None
    if status != "unchanged":
        article = msgspec.structs.replace(
            blank_article(url, fetch),
            status=status,
            word_count=words,
            version=version,
            removed=removed,
        )
    given = {"article": article} | fields
    return Visit(link=Link(url=url), id="1", status=status, fetch=fetch, **given)


def failure(url="https://harbour.example/b", code="http_4xx", **fields):
    return visit(url, "error", code=code, **fields)


def finished(*visits, command="crawl", started=NOON, seconds=60.0, reason="finished"):
    """A run of these visits, evenly over its seconds."""
    clock = Clock()
    log = RunLog(command, started, clock=clock)
    began = clock.now
    for index, one in enumerate(visits):
        clock.now = began + seconds * index / len(visits)
        log.add(one)
    clock.now = began + seconds
    return log.run(reason)
