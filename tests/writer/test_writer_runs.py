"""The log of a run: what is counted, in bounded memory, and how it is kept and found again."""

import json
import os
from pathlib import Path

import msgspec
import pytest
from visited import NOON, Clock, failure, finished, removal, visit

import scraper
from scraper.errors import OutputError
from scraper.writer.runs import (
    MAX_MINUTES,
    TOP_HOSTS,
    Run,
    RunLog,
    Span,
    read_runs,
    write_run,
)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def log(clock):
    return RunLog("crawl", NOON, clock=clock)


# What is counted


def test_a_run_says_what_ran_and_when(log, clock):
    clock.now += 90.25
    run = log.run("finished")
    assert (run.tool, run.command) == (f"scraper/{scraper.__version__}", "crawl")
    assert (run.started, run.finished) == ("2026-11-28T12:00:00Z", "2026-11-28T12:01:30Z")
    assert (run.seconds, run.reason) == (90.25, "finished")


def test_a_run_that_goes_on_has_no_end(log):
    assert (log.run(None).finished, log.run(None).reason) == (None, None)


def test_visits_are_counted_by_status():
    run = finished(visit(), visit(), visit(status="unchanged"), failure())
    assert run.statuses == {"ok": 2, "error": 1, "unchanged": 1}
    assert run.visits == 4


def test_failures_are_counted_by_code_the_most_frequent_first():
    run = finished(failure(), failure(code="dns_failed"), failure(code="dns_failed"))
    assert list(run.codes.items()) == [("dns_failed", 2), ("http_4xx", 1)]


def test_articles_are_new_changed_unchanged_or_kept():
    visits = (visit(), visit(version=2), visit(version=7), visit(status="unchanged"))
    articles = finished(*visits, failure(kept=True)).articles
    assert (articles.new, articles.changed, articles.unchanged, articles.kept) == (1, 2, 1, 1)


def test_what_is_no_article_is_neither_new_nor_measured():
    run = finished(visit(status="not_article"), visit(status="blocked"))
    assert run.articles.new == 0
    assert sum(run.words.counts) == 0


def test_bytes_are_summed_also_where_nothing_new_came():
    unchanged = visit(status="unchanged", fetched={"bytes": 50})
    assert finished(visit(), unchanged, failure(fetched={"bytes": None})).bytes == 1050


def test_answers_are_counted_by_http_status():
    visits = (
        visit(),
        failure(fetched={"http_status": 404}),
        failure(fetched={"http_status": None}),
    )
    assert finished(*visits).http_statuses == {"200": 1, "404": 1}


@pytest.mark.parametrize(
    ("words", "place"), [(0, 0), (50, 0), (51, 1), (6400, 7), (6401, 8), (10**9, 8)]
)
def test_a_length_falls_between_its_bounds(words, place):
    histogram = finished(visit(words=words)).words
    assert histogram.counts.index(1) == place
    assert histogram.total == words


def test_times_of_fetches_are_counted():
    histogram = finished(visit(fetched={"elapsed_ms": 99}), visit()).milliseconds
    assert dict(zip(histogram.bounds, histogram.counts, strict=False))[100] == 1
    assert histogram.total == 219


def test_removals_are_summed_by_kind():
    run = finished(
        visit(removed=[removal("share", 2), removal("ad")]), visit(removed=[removal("ad")])
    )
    assert run.removed == {"ad": 2, "share": 2}


# By host


def test_a_host_has_its_own_counts():
    run = finished(visit("https://a.example/1"), failure("https://a.example/2"), visit())
    host = run.by_host["a.example"]
    assert (host.statuses, host.codes) == ({"error": 1, "ok": 1}, {"http_4xx": 1})
    assert run.hosts == 2


def test_what_has_no_host_is_among_the_rest():
    run = finished(failure("mailto:ada@harbour.example", "bad_url"))
    assert list(run.by_host) == [""]
    assert run.hosts == 0


def test_hosts_with_few_visits_are_summed():
    few = [visit(f"https://few{number}.example/") for number in range(TOP_HOSTS)]
    run = finished(*few, *[visit(f"https://many.example/{n}") for n in range(3)])
    assert next(iter(run.by_host)) == "many.example"
    assert len(run.by_host) == TOP_HOSTS + 1
    assert run.by_host[""].statuses == {"ok": 1}


def test_hosts_beyond_the_limit_are_not_remembered(log, monkeypatch):
    monkeypatch.setattr("scraper.writer.runs.MAX_HOSTS", 3)
    for number in range(10):
        log.add(visit(f"https://h{number}.example/"))
    run = log.run("finished")
    assert run.by_host[""].statuses == {"ok": 7}
    assert run.visits == 10


def test_no_part_of_a_url_but_its_host_is_kept():
    run = finished(
        visit("https://harbour.example/a?token=hunter2"), failure("https://x:hunter2@y/")
    )
    assert b"hunter2" not in msgspec.json.encode(run)


# Over time


def test_visits_are_counted_by_the_minute(log, clock):
    log.add(visit())
    clock.now += 61
    for one in (visit(), visit(status="unchanged"), failure(), visit(status="gone")):
        log.add(one)
    assert log.run(None).spans == (Span(ok=1), Span(1, 1, 1, 1))


def test_minutes_without_a_visit_are_there(log, clock):
    clock.now += 180
    log.add(visit())
    assert log.run(None).spans == (Span(), Span(), Span(), Span(ok=1))


def test_long_runs_have_wider_spans(log, clock):
    for _ in range(MAX_MINUTES + 1):
        log.add(visit())
        clock.now += 60
    run = log.run("finished")
    assert run.span_minutes == 2
    assert len(run.spans) == MAX_MINUTES // 2 + 1
    assert sum(span.ok for span in run.spans) == MAX_MINUTES + 1


def test_a_month_without_a_visit_is_no_trouble(log, clock):
    log.add(visit())
    clock.now += 31 * 86_400
    log.add(visit())
    spans = log.run("finished").spans
    assert len(spans) <= MAX_MINUTES
    assert (spans[0], spans[-1]) == (Span(ok=1), Span(ok=1))


# In the folder


def test_a_run_has_its_file(tmp_path):
    path = write_run(tmp_path, finished(visit()))
    assert path == tmp_path / "runs" / f"20261128T120000Z-{os.getpid()}.json"
    assert json.loads(path.read_bytes())["format"] == "scraper.run/1"


def test_what_is_written_is_read(tmp_path):
    run = finished(visit(), failure(kept=True), visit(status="unchanged"))
    write_run(tmp_path, run)
    assert read_runs(tmp_path) == [run]


def test_a_run_takes_the_place_of_its_beginning(tmp_path, log):
    write_run(tmp_path, log.run(None))
    log.add(visit())
    path = write_run(tmp_path, log.run("finished"))
    assert [run.visits for run in read_runs(tmp_path)] == [1]
    assert list(path.parent.iterdir()) == [path]


def test_runs_are_read_oldest_first(tmp_path):
    for started in (NOON + 86_400, NOON, NOON + 5):
        write_run(tmp_path, finished(visit(), started=started))
    days = [run.started for run in read_runs(tmp_path)]
    assert days == ["2026-11-28T12:00:00Z", "2026-11-28T12:00:05Z", "2026-11-29T12:00:00Z"]


def test_a_folder_without_runs_has_none(tmp_path):
    assert read_runs(tmp_path / "nowhere") == []


def put(folder, text, name="20261128T120000Z-7.json"):
    (folder / "runs").mkdir(exist_ok=True)
    (folder / "runs" / name).write_bytes(text)


def damaged(**fields):
    return json.dumps(json.loads(msgspec.json.encode(finished(visit()))) | fields).encode()


NOT_OURS = {
    "half a file": msgspec.json.encode(finished(visit()))[:-40],
    "nothing": b"",
    "other JSON": b"[1, 2]",
    "no UTF-8": b"\xff\xfe",
    "deep": b"[" * 100_000,
    "another format": damaged(format="scraper.run/2"),
    "no such day": damaged(started="2026-13-40T99:00:00Z"),
    "a negative count": damaged(statuses={"ok": -1}),
    "more than a number": damaged(bytes=1e300),
    "many spans": damaged(spans=[[0, 0, 0, 0]] * (MAX_MINUTES + 1)),
    "spans of no time": damaged(span_minutes=0),
}


@pytest.mark.parametrize("text", NOT_OURS.values(), ids=NOT_OURS)
def test_what_is_no_run_of_ours_is_skipped(text, tmp_path):
    put(tmp_path, text)
    put(tmp_path, msgspec.json.encode(finished(visit())), "20270101T000000Z-1.json")
    assert len(read_runs(tmp_path)) == 1


def test_files_with_other_names_are_skipped(tmp_path):
    put(tmp_path, msgspec.json.encode(finished(visit())), "copy.json")
    (tmp_path / "runs" / "20261128T120000Z-8.json").mkdir()
    assert read_runs(tmp_path) == []


def test_fields_of_a_later_version_are_ignored(tmp_path):
    put(tmp_path, damaged(weather="fog"))
    assert len(read_runs(tmp_path)) == 1


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    Path(tmp_path / "runs").write_text("in the way")
    with pytest.raises(OutputError, match="runs"):
        write_run(tmp_path, finished(visit()))


def test_a_run_is_whole_json_for_every_reader():
    assert msgspec.json.decode(msgspec.json.encode(finished(failure())), type=Run).codes
