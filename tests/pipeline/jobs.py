"""Runs over a corpus folder at a time of the test's choosing, and pages that tell one from another.

corpus = Corpus(tmp_path)
corpus.crawl(server.url("/a"))
corpus.clock.pass_(DAY)
assert corpus.refresh() == {"/a": "unchanged"}
"""

import json
import random
from urllib.parse import urlsplit

from scraper.model import Link
from scraper.pipeline import Job
from scraper.settings import Settings

HOUR, DAY = 3600.0, 86400.0
NOON = 1_795_867_200.0
"""2026-11-28T12:00:00Z."""

QUICK = Settings(
    allow_private=True, delay=0.0, timeout=5.0, retries=0, robots="ignore", concurrency=4
)

_WHO = "Ada Bertha Clara Dora Emil Fritz Greta Hilde Ines Jonas Karl Lena Martha Nils Olga".split()
_BOATS = "tug cutter ketch sloop barge ferry dredger trawler yawl schooner dinghy lighter".split()
_PLACES = "Saltmere Eastholm Northwick Greystone Merrowby Tidefall Oxhaven Sandling Rooksea".split()
_GOODS = "herring timber salt barley slate wool coal apples cheese rope barrels bricks".split()


def story(name, *, edition=1, paragraphs=12, extra=""):
    """Return the HTML of an article of 300 words that no other name has.

    Each edition has one paragraph of its own; ``paragraphs`` fewer than 12 are the first ones;
    ``extra`` is markup that stands after the second.
    """
    lines = [_line(random.Random(f"{name} {index}")) for index in range(12)]
    if edition > 1:
        lines[edition % 12] = _line(random.Random(f"{name} edition {edition}"))
    body = [f"<p>{line}</p>" for line in lines[:paragraphs]]
    body.insert(2, extra)
    return (
        f"<!doctype html><html lang=en><head><meta charset=utf-8><title>Story of {name}</title>"
        f"</head><body><article><h1>Story of {name}</h1>{''.join(body)}</article></body></html>"
    ).encode()


def stub(name):
    """Return the HTML of the same article where a wall stands after two thirds of it."""
    states = (
        '<script type="application/ld+json">{"@context": "https://schema.org", "@type":'
        ' "NewsArticle", "isAccessibleForFree": false}</script></head>'
    )
    wall = '<div class="paywall">Subscribe to continue reading.</div></article>'
    body = story(name, paragraphs=8).decode().replace("</head>", states)
    return body.replace(".</p></article>", f" and then...</p>{wall}").encode()


def _line(chance):
    """Return one of countless sentences."""
    who, boat, place, goods = map(chance.choice, (_WHO, _BOATS, _PLACES, _GOODS))
    clauses = [
        f"{who} took the {boat} out with {chance.randint(2, 900)} loads of {goods}",
        f"nobody in {place} had seen the {chance.choice(_BOATS)} since {chance.choice(_WHO)} left",
        f"the price of {chance.choice(_GOODS)} fell to {chance.randint(2, 900)}",
        f"{chance.choice(_WHO)} wrote to {chance.choice(_PLACES)} about the {goods}",
    ]
    chance.shuffle(clauses)
    return f"Then {clauses[0]}, {clauses[1]}, and {clauses[2]}."


class Clock:
    """Unix seconds that pass when the test says so."""

    def __init__(self, now=NOON):
        self.now = now

    def __call__(self):
        return self.now

    def pass_(self, seconds):
        self.now += seconds


class Corpus:
    """A corpus folder and the runs into it; a run tells how each path ended."""

    def __init__(self, folder, settings=QUICK, clock=None):
        self.folder = folder
        self.settings = settings
        self.clock = clock or Clock()
        self.visits = []

    def job(self, settings=None, **how):
        return Job(self.folder, settings or self.settings, clock=self.clock, **how)

    def crawl(self, *links, again=False, settings=None):
        given = [link if isinstance(link, Link) else Link(url=link) for link in links]
        with self.job(settings) as job:
            return self._told(job.crawl(given, again=again))

    def refresh(self, *, settings=None, **how):
        with self.job(settings) as job:
            return self._told(job.refresh(**how))

    def _told(self, visits):
        self.visits = list(visits)
        return {path_of(visit.link.url): visit.code or visit.status for visit in self.visits}

    def totals(self):
        with self.job() as job:
            return job.totals()

    def records(self, name="articles.jsonl"):
        lines = (self.folder / name).read_bytes().splitlines()
        return [json.loads(line) for line in lines]

    def texts(self, url):
        """The texts of a page in the order in which they were written."""
        found = self.records()
        return [each["text"] for each in found if each["fetch"]["requested_url"] == url]


def path_of(url):
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")
