"""``scraper refresh``: what is due is looked at again, and nothing good is lost."""

import json
from pathlib import Path

import commandline
import loopback
import pytest
from loopback import article, page, turns

run = commandline.run
alone = commandline.alone
server = loopback.server


def about(n, more=""):
    return page(article(f"Page {n}", f"This is the story of boat {n}.{more}"))


@pytest.fixture(autouse=True)
def _pages(alone, server, monkeypatch):
    monkeypatch.setenv("SCRAPER_DELAY", "0")
    monkeypatch.setenv("SCRAPER_ROBOTS", "ignore")
    server.routes = {f"/{n}": about(n) for n in range(4)}


@pytest.fixture
def corpus(run, server):
    """A corpus of three articles."""
    run("crawl", *(server.url(f"/{n}") for n in range(3)), "-C", "corpus")
    return "corpus"


def versions():
    lines = Path("corpus/articles.jsonl").read_bytes().splitlines()
    return sorted((record["title"], record["version"]) for record in map(json.loads, lines))


ONCE = [("Page 0", 1), ("Page 1", 1), ("Page 2", 1)]


def test_what_is_not_due_is_not_asked_for(run, server, corpus):
    result = run("refresh", corpus)
    assert (result.code, len(server.asked)) == (0, 3)
    assert result.err.startswith("scraper: 0 URLs in ")


def test_what_is_due_is_asked_for(run, server):
    urls = [server.url("/1"), server.url("/2")]
    run("crawl", *urls, "-C", "corpus", "--revisit-first", "0.001", "--revisit-min", "0.001")
    assert "2 URLs: 2 unchanged" in run("refresh", "corpus").err


def test_all_are_asked_for_when_all_are_wanted(run, corpus):
    assert "3 URLs: 3 unchanged" in run("refresh", corpus, "--all").err


def test_a_limit_is_kept(run, server, corpus):
    run("refresh", corpus, "--all", "--limit", "2")
    assert len(server.asked) == 5


def test_what_did_not_change_is_success(run, corpus):
    assert run("refresh", corpus, "--all").code == 0


def test_what_did_not_change_writes_no_line(run, corpus):
    run("refresh", corpus, "--all")
    assert versions() == ONCE


def test_a_new_text_is_a_new_line(run, server, corpus):
    server.routes["/1"] = about(1, " It has an end now.")
    assert "1 ok" in run("refresh", corpus, "--all").err
    assert versions() == [*ONCE[:2], ("Page 1", 2), ONCE[2]]


def test_a_failure_costs_no_article(run, server, corpus):
    server.routes["/1"] = page(b"", status=500)
    result = run("refresh", corpus, "--all", "--retries", "0")
    assert (result.code, versions()) == (1, ONCE)


def test_a_failure_is_looked_at_again(run, server, corpus):
    server.routes["/1"] = turns(page(b"", status=500), about(1))
    run("refresh", corpus, "--all", "--retries", "0")
    assert "3 unchanged" in run("refresh", corpus, "--all").err


def test_quiet_says_nothing_when_all_went_well(run, corpus):
    result = run("refresh", corpus, "--all", "-q")
    assert (result.out, result.err) == ("", "")


def test_a_page_new_in_a_feed_is_found(run, server, corpus):
    feed = "<rss><channel>{}</channel></rss>"
    items = [f"<item><link>{server.url(f'/{n}')}</link></item>" for n in (2, 3)]
    server.routes["/feed"] = turns(
        page(feed.format(items[0]).encode(), kind="application/rss+xml"),
        page(feed.format("".join(items)).encode(), kind="application/rss+xml"),
    )
    run("crawl", "--feed", server.url("/feed"), "-C", corpus)
    run("refresh", corpus, "--all")
    assert versions() == [*ONCE, ("Page 3", 1)]


def test_an_empty_folder_has_nothing_due(run):
    Path("empty").mkdir()
    assert run("refresh", "empty").code == 0


def test_a_folder_that_is_not_there_is_wrong_usage(run):
    result = run("refresh", "nowhere")
    assert (result.code, "nowhere" in result.complaint) == (2, True)


@pytest.mark.parametrize("limit", ["0", "-1", "x"])
def test_a_limit_that_is_none_is_wrong_usage(run, corpus, limit):
    assert run("refresh", corpus, "--limit", limit).code == 2
