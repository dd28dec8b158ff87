"""A year of a corpus in some seconds: cron looks once a day, the pages do what pages do."""

import math
import sqlite3
from collections import Counter, defaultdict
from itertools import pairwise

import loopback
import msgspec
import pytest
from jobs import DAY, HOUR, NOON, QUICK, Clock, Corpus, path_of, story, stub
from loopback import Server, page, redirect, reset

from scraper.model import Link
from scraper.revisit import JITTER
from scraper.state import totals as totals_of
from scraper.urls import record_id, url_key

SETTINGS = msgspec.structs.replace(
    QUICK, concurrency=2, revisit_first=4 * DAY, revisit_min=12 * HOUR, revisit_max=60 * DAY
)

STEP = DAY
"""Between two runs; those at which nothing is due are left out."""

STEADY = ("/stable", "/promo", "/absent", "/walled", "/moved", "/shrunken")
"""Pages of the first host whose text never changes for good."""

ISSUES = 26
"""New pages in the feed, one a fortnight."""


class Site:
    """What the pages of two hosts are at a time."""

    def __init__(self, clock):
        self.clock = clock
        self.served = Counter()
        self.first = Server({})
        self.second = Server({"/x": self.tell(self.other), "/y": self.tell(self.other)})
        for path in (*STEADY, "/edited", "/daily", "/gone", "/new-place", "/feed"):
            self.first.routes[path] = self.tell(getattr(self, path[1:].replace("-", "_")))
        for n in range(ISSUES):
            self.first.routes[f"/issue-{n}"] = page(story(f"issue-{n}"))

    @property
    def day(self):
        return (self.clock.now - NOON) / DAY

    def tell(self, behaviour):
        return lambda request: behaviour(request.path)(request)

    def stable(self, path):
        whole = page(story(path), headers={"ETag": '"1"'})
        unchanged = page(b"", status=304)
        return lambda request: (unchanged if request.headers.get("If-None-Match") else whole)(
            request
        )

    def promo(self, path):
        self.served[path] += 1
        line = f"Join {4000 + self.served[path]} readers: get our newsletter."
        return page(story(path, extra=f'<div class="newsletter-signup"><p>{line}</p></div>'))

    def absent(self, path):
        return page(b"", status=404) if 3 <= self.day < 5.5 else page(story(path))

    def walled(self, path):
        return page(stub(path) if self.day >= 90 else story(path))

    def moved(self, path):
        return redirect("/new-place", status=301) if self.day >= 150 else page(story(path))

    def new_place(self, _):
        return page(story("/moved"))

    def shrunken(self, path):
        return page(story(path, paragraphs=3 if 10 <= self.day < 17 else 12))

    def edited(self, path):
        return page(story(path, edition=2 if self.day >= 45 else 1))

    def daily(self, path):
        return page(story(path, edition=1 + int(min(self.day, 40))))

    def gone(self, path):
        return page(b"", status=410) if self.day >= 120 else page(story(path))

    def other(self, path):
        return reset() if 3 <= self.day < 6 else page(story(path))

    def feed(self, _):
        named = range(min(ISSUES, 1 + int(self.day / 14)))
        items = (f"<item><link>{self.first.url(f'/issue-{n}')}</link></item>" for n in named)
        return page(f"<rss><channel>{''.join(items)}</channel></rss>".encode())


class Year:
    """The runs of a year, and what is true after each of them."""

    def __init__(self, folder):
        self.clock = Clock()
        self.site = Site(self.clock)
        self.corpus = Corpus(folder, SETTINGS, self.clock)
        self.ends = defaultdict(list)
        self.articles = 0
        self.runs = 0

    def live(self):
        first, second = self.site.first, self.site.second
        with first, second:
            pages = [first.url(path) for path in (*STEADY, "/edited", "/daily", "/gone")]
            feed = Link(url=first.url("/feed"), kind="feed")
            self._note(self.corpus.crawl(feed, *pages, second.url("/x"), second.url("/y")))
            while self._sleep():
                self._note(self.corpus.refresh())

    def _sleep(self):
        """Let the time pass until the first run at which something is due; False after a year."""
        due = self._database("SELECT min(due) FROM urls")[0][0]
        self.clock.pass_(STEP * max(1, math.ceil((due - self.clock.now) / STEP)))
        return self.clock.now < NOON + 365 * DAY

    def _database(self, query):
        with sqlite3.connect(self.corpus.folder / "state.sqlite") as connection:
            found = connection.execute(query).fetchall()
        connection.close()
        return found

    def _note(self, ends):
        self.runs += 1
        for path, end in ends.items():
            self.ends[path].append((self.site.day, end))
        totals = totals_of(self.corpus.folder, self.clock.now)
        counted = {"urls", "queued", "due", "hosts"}
        assert sum(n for name, n in totals.items() if name not in counted) == totals["urls"]
        assert (totals["queued"], totals["due"]) == (0, 0)
        assert totals["articles"] >= self.articles
        self.articles = totals["articles"]

    def known(self):
        """Version, content hash and status by URL."""
        rows = self._database("SELECT url, version, content_hash, status, kind FROM urls")
        return {path_of(row[0]): row[1:] for row in rows if row[4] == "page"}

    def records(self, path):
        found = self.corpus.records()
        return [one for one in found if path_of(one["fetch"]["requested_url"]) == path]

    def days(self, path, *ends):
        """The days on which visits ended so."""
        return [day for day, end in self.ends[path] if end in ends]

    def pauses(self, path, start=0, end=366):
        days = [day for day, _ in self.ends[path] if start <= day < end]
        return [later - earlier for earlier, later in pairwise(days)]


@pytest.fixture(scope="module")
def year(tmp_path_factory):
    year = Year(tmp_path_factory.mktemp("year") / "corpus")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("http_proxy", "https_proxy", "all_proxy"):
            patch.delenv(name, raising=False)
            patch.delenv(name.upper(), raising=False)
        year.live()
    return year


PAGES = (*STEADY, "/edited", "/daily", "/gone", "/x", "/y", *(f"/issue-{n}" for n in range(ISSUES)))


def test_every_page_has_an_article(year):
    assert sorted(year.known()) == sorted(PAGES)
    assert all(version >= 1 for version, *_ in year.known().values())


@pytest.mark.parametrize("path", PAGES)
def test_the_last_version_that_is_known_is_the_last_that_was_written(year, path):
    version, content_hash, *_ = year.known()[path]
    last = year.records(path)[-1]
    assert (last["version"], last["content_hash"]) == (version, content_hash)


@pytest.mark.parametrize("path", PAGES)
def test_versions_are_counted_without_a_gap(year, path):
    versions = [record["version"] for record in year.records(path)]
    assert versions == list(range(1, len(versions) + 1))


@pytest.mark.parametrize("path", [*STEADY, "/gone", "/x", "/y"])
def test_a_page_whose_text_never_changes_has_one_version(year, path):
    assert [record["version"] for record in year.records(path)] == [1]


def test_a_page_edited_once_has_two_versions(year):
    assert len(year.records("/edited")) == 2


def test_a_page_edited_daily_has_many_versions(year):
    assert 20 <= len(year.records("/daily")) <= 41


def test_a_page_has_one_id_for_all_versions(year):
    ids = {record["id"] for record in year.records("/daily")}
    assert ids == {record_id(url_key(year.site.first.url("/daily")))}


def test_every_issue_of_the_feed_is_found_in_a_few_days(year):
    found = [year.ends[f"/issue-{n}"][0][0] for n in range(ISSUES)]
    assert all(14 * n <= day <= 14 * n + 5 for n, day in enumerate(found))


def test_the_interval_grows_to_the_longest(year):
    longest = SETTINGS.revisit_max / DAY
    assert max(year.pauses("/stable")) > (1 - JITTER) * longest
    assert max(year.pauses("/stable")) <= (1 + JITTER) * longest + STEP / DAY


def test_the_interval_shrinks_while_a_page_changes(year):
    assert max(year.pauses("/daily", start=10, end=40)) <= 3


def test_the_interval_grows_again_when_a_page_calms(year):
    assert max(year.pauses("/daily", start=40)) > 40


def test_a_page_that_is_missing_for_two_days_is_not_gone(year):
    assert 1 <= len(year.days("/absent", "http_4xx")) <= 2
    assert year.ends["/absent"][-1][1] == "unchanged"


def test_a_page_that_shrinks_for_a_week_keeps_the_whole_article(year):
    assert year.days("/shrunken", "shrunk")
    assert year.ends["/shrunken"][-1][1] == "unchanged"


def test_a_page_that_moves_is_followed(year):
    assert year.site.first.count("/new-place") >= 1
    assert year.ends["/moved"][-1][1] == "unchanged"


def test_a_promo_that_rotates_is_no_change(year):
    assert year.site.served["/promo"] > 5


def test_a_page_that_is_gone_is_asked_for_three_times_more(year):
    after = year.days("/gone", "http_4xx")
    assert len(after) == 3
    assert all(later - earlier >= 1 for earlier, later in pairwise(after))
    assert year.known()["/gone"][2] == "gone"


def test_a_page_behind_a_wall_keeps_the_whole_article(year):
    assert year.days("/walled", "paywall_stub")
    assert year.records("/walled")[-1]["word_count"] > 300
    assert year.known()["/walled"][2] == "error"


def test_a_page_behind_a_wall_is_asked_for_less_and_less(year):
    assert len(year.days("/walled", "paywall_stub")) <= 14


def test_a_host_that_is_down_for_days_loses_no_article(year):
    assert 1 <= len(year.days("/x", "connection_reset")) <= 8
    assert year.ends["/x"][-1][1] == "unchanged"


def test_few_requests_were_needed(year):
    asked = Counter(year.site.first.asked) + Counter(year.site.second.asked)
    assert asked["/stable"] <= 15
    assert asked["/feed"] <= 130
    assert sum(asked[path] for path in STEADY) <= 120
    assert sum(asked[f"/issue-{n}"] for n in range(ISSUES)) <= 10 * ISSUES


def test_every_record_is_valid(year, validator):
    for record in (*year.corpus.records(), *year.corpus.records("errors.jsonl")):
        validator.validate(record)


no_proxy = loopback.no_proxy
