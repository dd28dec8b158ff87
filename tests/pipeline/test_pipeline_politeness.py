"""What a host asks for is given to it, in this run and the next, and costs no other host time."""

import socket
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise

import loopback
import msgspec
import pytest
from jobs import DAY, HOUR, QUICK, Clock, Corpus, path_of, story
from loopback import Server, page, servers, text, turns

from scraper.fetcher.manners import DOWN_AFTER
from scraper.pipeline import turn

no_proxy = loopback.no_proxy


def settings(**fields):
    return msgspec.structs.replace(QUICK, **fields)


@pytest.fixture(autouse=True)
def _short_backoff(monkeypatch):
    monkeypatch.setattr(turn, "BACKOFF", 0.02)


@pytest.fixture
def corpus(tmp_path):
    return Corpus(tmp_path / "corpus", clock=Clock(time.time()))


@pytest.fixture
def server():
    with Server({f"/{n}": page(story(f"{n}")) for n in range(9)}) as server:
        yield server


def limited(after):
    """An answer that asks to be left alone, as a number of seconds or a date."""
    return page(b"slow down", status=429, headers={"Retry-After": str(after)})


def in_seconds(seconds):
    """An HTTP date; it has whole seconds, so a part of one is lost."""
    return format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)


def gaps(server):
    return [later.began - earlier.began for earlier, later in pairwise(server.requests)]


def urls(server, count=9):
    return [server.url(f"/{n}") for n in range(count)]


# A rest that a run waits for


@pytest.mark.parametrize(("stated", "least"), [(lambda: 1, 1.0), (lambda: in_seconds(2), 0.9)])
def test_a_host_rests_as_long_as_it_asks(stated, least, corpus, server):
    server.routes["/0"] = turns(limited(stated()), page(story("0")))
    found = corpus.crawl(*urls(server, 3), settings=settings(retries=1))
    assert set(found.values()) == {"ok"}
    assert gaps(server)[0] >= least


def test_the_rest_of_one_host_costs_no_other_time(corpus):
    routes = {f"/{n}": page(story(f"{n}")) for n in range(6)}
    with servers(4, routes) as (slow, *others):
        slow.routes = {"/0": turns(limited(1), page(story("slow")))}
        links = [slow.url("/0"), *(url for other in others for url in urls(other, 6))]
        corpus.crawl(*links, settings=settings(retries=1))
        last = max(request.ended for other in others for request in other.requests)
        assert last < slow.requests[1].began


def test_a_host_that_asks_for_a_rest_is_asked_for_nothing_meanwhile(corpus, server):
    server.routes["/0"] = turns(limited(1), page(story("0")))
    corpus.crawl(*urls(server, 4), settings=settings(retries=1))
    assert server.asked == ["/0", "/0", "/1", "/2", "/3"]


# A rest that is too long for a run

LONG = settings(retries=2, max_wait=5.0)


def test_a_rest_that_is_too_long_ends_the_urls_of_its_host(corpus, server):
    server.routes["/0"] = limited(3600)
    found = corpus.crawl(*urls(server, 4), settings=LONG)
    assert found == dict.fromkeys(["/0", "/1", "/2", "/3"], "rate_limited")
    assert server.asked == ["/0"]


def test_a_rest_that_is_too_long_says_when_the_next_try_is_due(corpus, server):
    server.routes["/0"] = limited(3600)
    corpus.crawl(*urls(server, 2), settings=LONG)
    for record in corpus.records("errors.jsonl"):
        due = datetime.fromisoformat(record["error"]["next_attempt_at"]).timestamp()
        assert due - corpus.clock.now == pytest.approx(HOUR, abs=30)


@pytest.mark.parametrize("how", ["crawl", "refresh"])
def test_the_next_run_leaves_the_host_alone(how, corpus, server):
    server.routes["/0"] = limited(7200)
    corpus.crawl(*urls(server, 2), settings=LONG)
    corpus.clock.pass_(HOUR)
    found = (
        corpus.crawl(*urls(server, 2), settings=LONG)
        if how == "crawl"
        else corpus.refresh(settings=LONG)
    )
    assert set(found.values()) <= {"rate_limited"}
    assert server.asked == ["/0"]


@pytest.mark.parametrize("how", ["crawl", "refresh"])
def test_a_run_after_the_rest_asks_again(how, corpus, server):
    server.routes["/0"] = turns(limited(7200), page(story("0")))
    corpus.crawl(server.url("/0"), settings=LONG)
    corpus.clock.pass_(3 * HOUR)
    found = (
        corpus.crawl(server.url("/0"), settings=LONG)
        if how == "crawl"
        else corpus.refresh(settings=LONG)
    )
    assert found == {"/0": "ok"}


def test_a_day_of_rest_is_kept_where_all_is_looked_at_each_hour(corpus, server):
    hourly = settings(max_wait=5.0, revisit_first=HOUR, revisit_min=HOUR, revisit_max=HOUR)
    server.routes["/0"] = limited(20 * 3600)
    corpus.crawl(*urls(server, 2), settings=hourly)
    for _ in range(3):
        corpus.clock.pass_(5 * HOUR)
        corpus.refresh(settings=hourly)
    assert server.asked == ["/0"]


def test_a_rest_costs_no_other_host_its_turn(corpus, server):
    server.routes["/0"] = limited(3600)
    with Server({"/x": page(story("x"))}) as other:
        corpus.crawl(server.url("/0"), settings=LONG)
        found = corpus.crawl(server.url("/1"), other.url("/x"), settings=LONG)
    assert found == {"/1": "rate_limited", "/x": "ok"}


# Hosts that are down


@pytest.fixture
def dead():
    """The address of a port that nobody listens to, and will not while the test runs."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"


def test_a_host_that_is_down_is_knocked_at_a_few_times(corpus, dead):
    found = corpus.crawl(*(f"{dead}/{n}" for n in range(12)))
    codes = [found[f"/{n}"] for n in range(12)]
    assert codes == ["connect_failed"] * DOWN_AFTER + ["host_down"] * (12 - DOWN_AFTER)


def test_a_host_that_is_down_is_tried_again_in_the_next_run(corpus, dead):
    corpus.crawl(*(f"{dead}/{n}" for n in range(7)))
    corpus.clock.pass_(DAY)
    found = corpus.refresh()
    assert [*found.values()].count("connect_failed") == DOWN_AFTER


def test_a_host_that_is_down_costs_no_other_its_pages(corpus, server, dead):
    found = corpus.crawl(*(f"{dead}/d{n}" for n in range(8)), *urls(server))
    assert [found[path_of(url)] for url in urls(server)] == ["ok"] * 9


def test_the_records_of_a_host_that_is_down_are_valid(corpus, dead, validator):
    corpus.crawl(*(f"{dead}/{n}" for n in range(7)))
    for record in corpus.records("errors.jsonl"):
        validator.validate(record)


# The pause between


@pytest.mark.parametrize(("delay", "rules"), [(0.2, ""), (0.0, "User-agent: *\nCrawl-delay: 0.2")])
def test_a_host_has_a_pause_between_its_pages(delay, rules, corpus, server):
    server.routes["/robots.txt"] = text(rules)
    corpus.crawl(*urls(server, 4), settings=settings(delay=delay, robots="obey"))
    paused = [
        later.began - earlier.ended
        for earlier, later in pairwise(server.requests)
        if earlier.path != "/robots.txt"
    ]
    assert min(paused) >= 0.19


# robots.txt

OBEY = settings(robots="obey")


@pytest.mark.parametrize("status", [500, 503])
def test_a_host_whose_robots_txt_is_broken_is_not_read(status, corpus, server):
    server.routes["/robots.txt"] = page(b"", status=status)
    found = corpus.crawl(*urls(server, 3), settings=OBEY)
    assert set(found.values()) == {"robots_unreachable"}
    assert server.asked == []


def test_a_host_whose_robots_txt_was_broken_is_read_later(corpus, server):
    server.routes["/robots.txt"] = turns(page(b"", status=500), text(""))
    corpus.crawl(*urls(server, 3), settings=OBEY)
    corpus.clock.pass_(DAY)
    assert set(corpus.refresh(settings=OBEY).values()) == {"ok"}


def test_a_robots_txt_is_asked_for_once_a_day(corpus, server):
    server.routes["/robots.txt"] = text("User-agent: *\nDisallow: /2")
    for n in range(3):
        corpus.crawl(server.url(f"/{n}"), settings=OBEY)
        corpus.clock.pass_(HOUR)
    assert server.count("/robots.txt") == 1
    assert server.asked == ["/0", "/1"]


def test_a_robots_txt_is_asked_for_again_the_next_day(corpus, server):
    server.routes["/robots.txt"] = turns(text(""), text("User-agent: *\nDisallow: /"))
    corpus.crawl(server.url("/0"), settings=OBEY)
    corpus.clock.pass_(25 * HOUR)
    assert corpus.crawl(server.url("/1"), settings=OBEY) == {"/1": "robots_disallowed"}


def test_a_page_that_is_forbidden_later_keeps_its_article(corpus, server):
    server.routes["/robots.txt"] = turns(text(""), text("User-agent: *\nDisallow: /"))
    corpus.crawl(server.url("/0"), settings=OBEY)
    corpus.clock.pass_(2 * DAY)
    assert corpus.refresh(settings=OBEY) == {"/0": "robots_disallowed"}
    assert (corpus.visits[0].kept, corpus.totals()["articles"]) == (True, 1)
