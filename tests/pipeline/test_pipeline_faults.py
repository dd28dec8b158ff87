"""Writes that fail, full disks, files moved under a run, clocks that jump: nothing is lost."""

import json
import sqlite3
import threading

import msgspec
import pytest
from loopback import Server, article, page, turns

from bench.torture import kill, runs
from bench.torture.faults import ERRORS
from scraper.errors import OutputError
from scraper.model import Link
from scraper.pipeline import Job, rebuild
from scraper.settings import Settings
from scraper.state import NAME

SAMPLE = 3
QUICK = Settings(allow_private=True, delay=0.0, robots="ignore", retries=0, concurrency=2)
DAY = 86400.0
NOW = 1_800_000_000.0


@pytest.fixture
def scratch():
    with runs.scratch() as folder:
        yield folder


@pytest.fixture(scope="module")
def urls():
    with runs.serving(1) as urls:
        yield urls


@pytest.mark.parametrize("way", ERRORS)
@pytest.mark.parametrize("layout", kill.LAYOUTS)
def test_a_write_that_fails_ends_the_run_and_loses_nothing(layout, way, urls, scratch):
    trials = list(kill.faults(scratch, urls, layout, (way,), SAMPLE))
    assert [trial for trial in trials if trial.wrong] == []
    assert len(trials) == SAMPLE


@pytest.mark.parametrize("layout", kill.LAYOUTS)
def test_a_full_disk_ends_the_run_and_loses_nothing(layout, urls, scratch):
    trials = list(kill.full_disks(scratch, urls, layout, range(4_000, 80_000, 25_000)))
    assert [trial for trial in trials if trial.wrong] == []


# Files under a run


@pytest.fixture
def server():
    pages = {f"/{n}": page(article(f"Page {n}", f"It is page {n} of all.")) for n in range(6)}
    with Server(pages) as server:
        yield server


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "corpus"


def links(server, numbers):
    return [Link(url=server.url(f"/{n}")) for n in numbers]


def crawl(folder, server, numbers=(), **options):
    with Job(folder, QUICK, **options) as job:
        for _ in job.crawl(links(server, numbers)):
            pass
        return job


def titles(path):
    return [json.loads(line)["title"] for line in path.read_bytes().splitlines()]


def articles(folder):
    return titles(folder / "articles.jsonl")


def moved(folder, server, move):
    """Crawl two pages, ``move`` the articles file after the first of them."""
    with Job(folder, QUICK) as job:
        visits = job.crawl(_one_by_one(server))
        next(visits)
        move(folder / "articles.jsonl")
        _RELEASE.set()
        for _ in visits:
            pass


_RELEASE = threading.Event()


def _one_by_one(server):
    _RELEASE.clear()
    yield Link(url=server.url("/0"))
    _RELEASE.wait(10)
    yield Link(url=server.url("/1"))


def test_a_file_renamed_under_a_run_is_begun_anew(folder, server):
    moved(folder, server, lambda path: path.rename(path.with_suffix(".old")))
    assert titles(folder / "articles.old") == ["Page 0"]
    assert articles(folder) == ["Page 1"]


def test_a_file_removed_under_a_run_is_begun_anew(folder, server):
    moved(folder, server, lambda path: path.unlink())
    assert articles(folder) == ["Page 1"]


@pytest.mark.parametrize("move", ["rename", "unlink", "truncate"])
def test_what_was_rotated_away_is_not_fetched_again(move, folder, server):
    moves = {
        "rename": lambda path: path.rename(path.with_suffix(".old")),
        "unlink": lambda path: path.unlink(),
        "truncate": lambda path: path.write_bytes(b""),
    }
    moved(folder, server, moves[move])
    crawl(folder, server, [0, 1])
    assert sorted(server.asked) == ["/0", "/1"]


def test_a_record_written_behind_a_rotation_is_adopted_when_its_commit_fails(
    folder, server, monkeypatch
):
    """The file is another than the one that was settled, but the run that began it said so."""
    crawl(folder, server, [0])
    with Job(folder, QUICK) as job:
        (folder / "articles.jsonl").rename(folder / "articles.old")
        monkeypatch.setattr(job._corpus, "places", _second_time_broken(job._corpus.places))
        with pytest.raises(OutputError):
            list(job.crawl(links(server, [1])))
    assert crawl(folder, server, [0, 1]).adopted == 1
    assert (articles(folder), server.asked) == (["Page 1"], ["/0", "/1"])


def _second_time_broken(places):
    called = []

    def broken():
        called.append(True)
        if len(called) > 1:
            raise OutputError("as if the disk were gone")
        return places()

    return broken


def test_a_file_emptied_at_rest_is_no_reason_to_fetch_again(folder, server):
    crawl(folder, server, range(3))
    (folder / "articles.jsonl").write_bytes(b"")
    job = crawl(folder, server, range(4))
    assert (job.lost, articles(folder)) == (0, ["Page 3"])


def test_a_shortened_file_has_its_articles_fetched_again(folder, server):
    crawl(folder, server, range(4))
    path = folder / "articles.jsonl"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:2]))
    job = crawl(folder, server)
    assert (job.lost, sorted(articles(folder))) == (2, [f"Page {n}" for n in range(4)])


def test_what_was_lost_comes_back_as_the_version_that_it_was(folder, server):
    crawl(folder, server, range(2))
    path = folder / "articles.jsonl"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:1]))
    crawl(folder, server)
    assert [json.loads(line)["version"] for line in path.read_bytes().splitlines()] == [1, 1]


def test_a_tail_that_is_torn_is_fetched_again(folder, server):
    crawl(folder, server, range(3))
    path = folder / "articles.jsonl"
    path.write_bytes(path.read_bytes()[:-20])
    crawl(folder, server)
    assert sorted(articles(folder)) == ["Page 0", "Page 1", "Page 2"]


def test_a_last_line_that_lacks_its_end_is_kept(folder, server):
    crawl(folder, server, range(3))
    path = folder / "articles.jsonl"
    before = path.read_bytes()
    path.write_bytes(before[:-1])
    crawl(folder, server, range(3))
    assert (path.read_bytes(), len(server.asked)) == (before, 3)


# The state under the records


def test_a_run_that_came_to_its_end_leaves_nothing_to_adopt(folder, server):
    crawl(folder, server, range(3))
    assert crawl(folder, server).adopted == 0


@pytest.mark.parametrize("layout", kill.LAYOUTS)
def test_a_rebuilt_state_knows_all_records(layout, folder, server):
    settings = msgspec.structs.replace(QUICK, layout=layout)
    with Job(folder, settings) as job:
        list(job.crawl(links(server, [0, 1, 9])))
    (folder / NAME).write_bytes(b"text")
    assert rebuild(folder, settings) == 3
    with Job(folder, settings) as job:
        list(job.crawl(links(server, [0, 1])))
    assert sorted(server.asked) == ["/0", "/1", "/9"]


def test_a_rebuild_keeps_the_old_state(folder, server):
    crawl(folder, server, [0])
    (folder / NAME).write_bytes(b"text")
    rebuild(folder, QUICK)
    assert (folder / f"{NAME}.broken-1").read_bytes() == b"text"


def test_a_state_that_was_removed_is_made_from_the_records(folder, server):
    crawl(folder, server, range(3))
    for path in folder.glob(f"{NAME}*"):
        path.unlink()
    assert crawl(folder, server, range(3)).adopted == 3
    assert len(server.asked) == 3


# Clocks


def due(folder):
    with sqlite3.connect(folder / NAME) as connection:
        return [moment for (moment,) in connection.execute("SELECT due FROM urls")]


def refresh(folder, now):
    with Job(folder, QUICK, clock=lambda: now) as job:
        return sum(1 for _ in job.refresh())


def test_a_clock_set_back_a_day_brings_no_visits_forward(folder, server):
    crawl(folder, server, range(4), clock=lambda: NOW)
    assert refresh(folder, NOW - DAY) == 0


def test_what_a_clock_ahead_made_due_in_ten_years_is_due_within_the_longest_interval(
    folder, server
):
    crawl(folder, server, range(4), clock=lambda: NOW + 3650 * DAY)
    refresh(folder, NOW)
    assert all(NOW <= moment <= NOW + 2 * QUICK.revisit_max for moment in due(folder))


def test_a_clock_that_jumps_in_a_run_makes_nothing_due_before_its_time(folder, server):
    times = iter([NOW] * 6)
    crawl(folder, server, range(4), clock=lambda: next(times, NOW + 3650 * DAY))
    assert refresh(folder, NOW) == 0
    assert all(moment >= NOW for moment in due(folder))


def test_a_clock_that_jumped_ahead_visits_each_page_once(folder, server):
    crawl(folder, server, range(4), clock=lambda: NOW)
    ahead = NOW + 3650 * DAY
    assert [refresh(folder, ahead), refresh(folder, ahead + 1)] == [4, 0]


def test_a_host_that_asked_for_a_rest_is_not_left_alone_for_ten_years(folder, server):
    tired = page(b"", status=429, headers={"Retry-After": "3600"})
    server.routes["/0"] = turns(tired, page(article("Rested")))
    crawl(folder, server, [0], clock=lambda: NOW + 3650 * DAY)
    crawl(folder, server, [0], clock=lambda: NOW)
    assert articles(folder) == ["Rested"]
