"""``scraper status``, ``retry``, ``forget`` and ``rebuild``."""

import json
from pathlib import Path

import commandline
import loopback
import pytest
from loopback import article, page

from scraper.state import State
from scraper.urls import record_id, url_key
from scraper.writer import Corpus

run = commandline.run
alone = commandline.alone
server = loopback.server


@pytest.fixture(autouse=True)
def _pages(alone, server, monkeypatch):
    monkeypatch.setenv("SCRAPER_DELAY", "0")
    monkeypatch.setenv("SCRAPER_ROBOTS", "ignore")
    monkeypatch.setenv("SCRAPER_RETRIES", "0")
    server.routes = {
        f"/{n}": page(article(f"Page {n}", f"This is the story of boat {n}.")) for n in range(3)
    }
    server.routes["/broken"] = page(b"", status=500)


@pytest.fixture
def corpus(run, server):
    """A corpus of three articles, a page that is missing and one that is broken."""
    run("crawl", *(server.url(path) for path in PATHS), "-C", "corpus")
    return "corpus"


PATHS = ("/0", "/1", "/2", "/missing", "/broken")


def ids(name="articles.jsonl"):
    return [json.loads(line)["id"] for line in Path("corpus", name).read_bytes().splitlines()]


def status(run):
    return json.loads(run("status", "corpus", "--json").out)


# status


def test_status_says_what_a_corpus_holds(run, corpus):
    found = status(run)
    counts = {name: found[name] for name in ("urls", "articles", "error", "queued", "due", "hosts")}
    assert counts == {"urls": 5, "articles": 3, "error": 2, "queued": 0, "due": 0, "hosts": 1}


def test_status_says_how_the_last_run_ended(run, corpus):
    last = status(run)["last_run"]
    assert (last["command"], last["reason"]) == ("crawl", "finished")
    assert last["statuses"] == {"ok": 3, "error": 2}


def test_status_for_people_says_the_same(run, corpus):
    lines = dict(line.split(maxsplit=1) for line in run("status", corpus).out.splitlines()[:-1])
    assert lines["articles"] == "3"
    assert run("status", corpus).out.splitlines()[-1].startswith("last run: crawl, ")


def test_status_while_a_run_is_writing(run, corpus):
    state = Path(corpus, "state.sqlite")
    with Corpus(Path(corpus), "jsonl"), State(state) as writing, writing.change():
        assert status(run)["articles"] == 3


def test_status_changes_nothing(run, server, corpus):
    before = {path.name: path.read_bytes() for path in Path(corpus).glob("*.jsonl")}
    status(run)
    assert {path.name: path.read_bytes() for path in Path(corpus).glob("*.jsonl")} == before
    assert len(server.asked) == 5


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_status_of_an_empty_folder(run, form):
    Path("empty").mkdir()
    result = run("status", "empty", *form)
    assert (result.code, result.err) == (0, "")
    assert list(Path("empty").iterdir()) == []


def test_status_of_a_folder_that_is_not_there_is_wrong_usage(run):
    assert "nowhere" in run("status", "nowhere").complaint


# retry


def test_retry_lets_all_failures_be_tried_again(run, server, corpus):
    result = run("retry", corpus)
    assert (result.code, result.err) == (0, "scraper: 2 URLs to be tried by the next run\n")
    run("refresh", corpus)
    assert sorted(server.asked[5:]) == ["/broken", "/missing"]


def test_retry_takes_failures_with_a_code(run, server, corpus):
    assert "1 URL to be" in run("retry", corpus, "--code", "http_5xx").err
    run("refresh", corpus)
    assert server.asked[5:] == ["/broken"]


def test_retry_takes_several_codes(run, corpus):
    assert "2 URLs" in run("retry", corpus, "--code", "http_5xx", "--code", "http_4xx").err


def test_a_code_that_is_none_is_wrong_usage(run, corpus):
    result = run("retry", corpus, "--code", "http_9xx")
    assert (result.code, "http_9xx" in result.complaint) == (2, True)


def test_what_is_to_be_tried_again_is_told_by_status(run, corpus):
    run("retry", corpus)
    assert status(run)["queued"] == 2


# forget


def test_forget_removes_the_records_of_a_url(run, server, corpus):
    assert run("forget", corpus, server.url("/1")).err == "scraper: 1 URL forgotten\n"
    assert record_id(url_key(server.url("/1"))) not in ids()
    assert len(ids()) == 2


def test_forget_removes_failures_too(run, server, corpus):
    run("forget", corpus, server.url("/broken"), server.url("/missing"))
    assert ids("errors.jsonl") == []


def test_forget_takes_an_id(run, server, corpus):
    run("forget", corpus, record_id(url_key(server.url("/1"))))
    assert len(ids()) == 2


def test_forget_takes_a_host(run, server, corpus):
    assert "5 URLs" in run("forget", corpus, "--host", server.host).err
    assert (ids(), ids("errors.jsonl"), status(run)["urls"]) == ([], [], 0)


def test_what_is_forgotten_is_fetched_when_it_is_named(run, server, corpus):
    run("forget", corpus, server.url("/1"))
    run("crawl", server.url("/1"), "-C", corpus)
    assert len(ids()) == 3


def test_after_a_forget_nothing_is_taken_over_twice(run, server, corpus):
    run("forget", corpus, server.url("/1"))
    assert "taken over" not in run("refresh", corpus).err


def test_forget_removes_article_files(run, server):
    run("crawl", server.url("/0"), server.url("/1"), "-C", "corpus", "--layout", "files")
    run("forget", "corpus", server.url("/1"))
    assert len(list(Path("corpus/articles").rglob("*.json"))) == 1


def test_after_a_forget_of_files_nothing_is_fetched_again(run, server):
    run("crawl", server.url("/0"), server.url("/1"), "-C", "corpus", "--layout", "files")
    run("forget", "corpus", server.url("/1"))
    run("crawl", server.url("/0"), "-C", "corpus", "--layout", "files")
    assert server.asked == ["/0", "/1"]


def test_what_is_not_known_is_not_forgotten(run, corpus):
    result = run("forget", corpus, "https://other.example/")
    assert (result.code, result.err) == (1, "scraper: 0 URLs forgotten\n")


def test_forget_wants_a_name(run, corpus):
    assert run("forget", corpus).code == 2


@pytest.mark.parametrize("command", [("forget", "corpus", "x"), ("retry", "corpus")])
def test_another_run_that_is_writing_is_exit_code_75(run, corpus, command):
    with Corpus(Path(corpus), "jsonl"):
        assert run(*command).code == 75


# rebuild


def test_rebuild_knows_all_that_has_a_record(run, corpus):
    Path(corpus, "state.sqlite").write_bytes(b"no database")
    assert run("rebuild", corpus).err == "scraper: 5 URLs known again\n"


def test_after_a_rebuild_articles_are_not_fetched_again(run, server, corpus):
    Path(corpus, "state.sqlite").unlink()
    run("rebuild", corpus)
    run("crawl", *(server.url(f"/{n}") for n in range(3)), "-C", corpus)
    assert len(server.asked) == 5


def test_after_a_rebuild_a_refresh_finds_nothing_new(run, corpus):
    run("rebuild", corpus)
    assert "3 unchanged" in run("refresh", corpus, "--all").err
    assert len(ids()) == 3


def test_a_rebuild_keeps_the_old_state(run, corpus):
    Path(corpus, "state.sqlite").write_bytes(b"no database")
    run("rebuild", corpus)
    assert Path(corpus, "state.sqlite.broken-1").read_bytes() == b"no database"
