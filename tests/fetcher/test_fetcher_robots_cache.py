"""How long rules hold, where they are kept, and what no robots.txt can do to us."""

import threading
import time

import loopback
import pytest
from loopback import Server, page, redirect, text

from scraper.fetcher import RobotsCache, robots
from scraper.settings import Settings

server = loopback.server
no_proxy = loopback.no_proxy
session = loopback.session

QUICK = Settings(timeout=2.0, allow_private=True, user_agent="harbour-bot/2 (+https://a.example)")
CLOSED = "User-agent: *\nDisallow: /"
HOUR = 3600.0


class Shelf(dict):
    """A store in memory."""

    def read(self, origin):
        return self.get(origin)

    def write(self, origin, fetched_at, code, body):
        self[origin] = (fetched_at, code, body)


class Clock:
    """A clock that is set by hand."""

    now = 1_000_000.0

    def __call__(self):
        return self.now


def cache(session, store=None, clock=time.time):
    return RobotsCache(QUICK, session, store, clock)


def loaded(cache, server, path="/a"):
    cache.load(server.url(path))
    return cache.verdict(server.url(path))


def origin(server):
    return server.url("")


# The store


def test_rules_are_kept_in_the_store(server, session):
    server.routes["/robots.txt"] = text(CLOSED)
    store, clock = Shelf(), Clock()
    loaded(cache(session, store, clock), server)
    assert store == {origin(server): (clock.now, "", CLOSED.encode())}


def test_rules_of_an_earlier_run_are_not_asked_for_again(server, session):
    server.routes["/robots.txt"] = text(CLOSED)
    store = Shelf()
    verdicts = [loaded(cache(session, store), server).robots for _ in range(2)]
    assert (verdicts, server.count("/robots.txt")) == (["disallowed"] * 2, 1)


@pytest.mark.parametrize(("age", "asked"), [(23.9, 0), (24.1, 1), (-1.0, 1)])
def test_rules_hold_for_a_day(age, asked, server, session):
    clock = Clock()
    store = Shelf({origin(server): (clock.now - age * HOUR, "", CLOSED.encode())})
    loaded(cache(session, store, clock), server)
    assert server.count("/robots.txt") == asked


@pytest.mark.parametrize(("age", "asked"), [(0.9, 0), (1.1, 1)])
def test_unreachable_rules_are_asked_for_again_after_an_hour(age, asked, server, session):
    clock = Clock()
    store = Shelf({origin(server): (clock.now - age * HOUR, "http_5xx", b"")})
    loaded(cache(session, store, clock), server)
    assert server.count("/robots.txt") == asked


def test_an_unreachable_robots_txt_is_kept_with_its_code(server, session):
    server.routes["/robots.txt"] = page(b"", status=503)
    store = Shelf()
    loaded(cache(session, store), server)
    assert store[origin(server)][1:] == ("http_5xx", b"")
    assert loaded(cache(session, store), server)[::2] == ("unreachable", "http_5xx")


def test_an_absent_robots_txt_is_kept_as_one_without_rules(server, session):
    store = Shelf()
    loaded(cache(session, store), server)
    assert store[origin(server)][1:] == ("", b"")


def test_forgotten_rules_are_fetched_whatever_the_store_holds(server, session):
    server.routes["/robots.txt"] = loopback.turns(page(b"", status=503), text(CLOSED))
    rules = cache(session, Shelf())
    assert loaded(rules, server).robots == "unreachable"
    rules.forget(server.url("/a"))
    assert not rules.knows(server.url("/a"))
    assert loaded(rules, server).robots == "disallowed"


def test_rules_run_out_within_a_run(server, session):
    clock = Clock()
    rules = cache(session, clock=clock)
    rules.load(server.url("/a"))
    known = [rules.knows(server.url("/a"))]
    clock.now += 25 * HOUR
    assert [*known, rules.knows(server.url("/a"))] == [True, False]


# Memory


def test_rules_that_fell_out_of_memory_are_read_from_the_store(session, monkeypatch):
    monkeypatch.setattr(robots, "MAX_ORIGINS", 1)
    with Server({"/robots.txt": text(CLOSED)}) as one, Server() as other:
        rules = cache(session, Shelf())
        for server in (one, other):
            rules.load(server.url("/a"))
        assert rules.knows(one.url("/a"))
        assert rules.verdict(one.url("/a")).robots == "disallowed"
        assert one.count("/robots.txt") == 1


def test_without_a_store_they_are_fetched_again(session, monkeypatch):
    monkeypatch.setattr(robots, "MAX_ORIGINS", 1)
    with Server({"/robots.txt": text(CLOSED)}) as one, Server() as other:
        rules = cache(session)
        for server in (one, other):
            rules.load(server.url("/a"))
        assert rules.verdict(one.url("/a")).robots == "disallowed"
        assert one.count("/robots.txt") == 2


def test_threads_share_the_cache(server, session):
    server.routes["/robots.txt"] = text(CLOSED)
    rules, found = cache(session), []
    threads = [
        threading.Thread(target=lambda: found.append(loaded(rules, server).robots))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["disallowed"] * 8


# Redirects


def hops(count, last):
    routes = {"/robots.txt": redirect("/r1")} | {f"/r{n}": redirect(f"/r{n + 1}") for n in range(9)}
    return routes | {f"/r{count}": last}


@pytest.mark.parametrize(("count", "verdict"), [(5, "disallowed"), (6, "allowed")])
def test_five_redirects_are_followed(count, verdict, server, session):
    server.routes = hops(count, text(CLOSED))
    assert loaded(cache(session), server).robots == verdict


def test_a_redirect_to_another_host_gives_the_rules_of_the_first(server, session):
    with Server({"/elsewhere": text(CLOSED)}) as other:
        server.routes["/robots.txt"] = redirect(other.url("/elsewhere"))
        assert loaded(cache(session), server).robots == "disallowed"


# Sitemaps


def test_sitemaps_are_named_as_they_stand(server, session):
    lines = "Sitemap: https://a.example/1.xml\nUser-agent: x\nDisallow: /\nsitemap: /2.xml\n"
    server.routes["/robots.txt"] = text(lines)
    rules = cache(session)
    rules.load(server.url("/a"))
    assert rules.sitemaps(server.url("/a")) == ["https://a.example/1.xml", "/2.xml"]


@pytest.mark.parametrize("behaviour", [page(b"", status=404), page(b"", status=500)])
def test_no_robots_txt_names_no_sitemaps(behaviour, server, session):
    server.routes["/robots.txt"] = behaviour
    assert cache(session).sitemaps(server.url("/a")) == []


# Odd files

ODD = {
    "UTF-16": CLOSED.encode("utf-16"),
    "UTF-16, big endian": b"\xfe\xff" + CLOSED.encode("utf-16-be"),
    "a byte order mark": b"\xef\xbb\xbf" + CLOSED.encode(),
    "NULs before": b"\0\0\0\n" + CLOSED.encode(),
    "carriage returns": CLOSED.replace("\n", "\r").encode(),
    "HTML before": b"<!doctype html><html>\n" + CLOSED.encode(),
}


@pytest.mark.parametrize("body", ODD.values(), ids=ODD)
def test_rules_in_an_odd_file_are_obeyed(body, server, session):
    server.routes["/robots.txt"] = text(body)
    assert loaded(cache(session), server).robots == "disallowed"


HARMLESS = {
    "HTML": b"<!doctype html><html><body><p>User-agent: *</p><p>Disallow: /</p>",
    "NULs": bytes(100_000),
    "bytes": bytes(range(256)) * 400,
    "percents": b"User-agent: *\nDisallow: /%\nDisallow: /%zz\nAllow: /%ff%fe\nDisallow: %",
    "colons": b":" * 100_000,
    "numbers": b"User-agent: *\nCrawl-delay: 1e999999\nRequest-rate: 0/0\nVisit-time: x-y\n",
    "UTF-16 of odd length": b"\xff\xfeU\0s",
    "groups": b"User-agent: a\nDisallow: /\n" * 10_000,
}


@pytest.mark.parametrize("body", HARMLESS.values(), ids=HARMLESS)
def test_a_file_that_says_nothing_of_us_allows_everything(body, server, session):
    server.routes["/robots.txt"] = text(body)
    assert loaded(cache(session), server).robots == "allowed"


BOMBS = {
    "stars": "*" * 10_000,
    "stars apart": "/" + "*a" * 5_000 + "$",
    "stars at the end": "/a" + "*" * 10_000 + "b",
    "a long path": "/" + "a" * 10_000,
}


@pytest.mark.parametrize("pattern", BOMBS.values(), ids=BOMBS)
def test_a_pattern_made_to_be_slow_is_judged_in_time(pattern, server, session):
    server.routes["/robots.txt"] = text(f"User-agent: *\nDisallow: {pattern}")
    rules = cache(session)
    rules.load(server.url("/a"))
    url = server.url("/" + "a" * 4000)
    rules.verdict(url)
    began = time.monotonic()
    for _ in range(5):
        rules.verdict(url)
    assert (time.monotonic() - began) / 5 < 0.05


def test_ten_megabytes_are_read_as_far_as_they_count(server, session):
    server.routes["/robots.txt"] = text(CLOSED + "\n" + "Disallow: /x\n" * 800_000)
    began = time.monotonic()
    assert loaded(cache(session), server).robots == "disallowed"
    assert time.monotonic() - began < 4
