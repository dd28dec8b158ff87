"""robots.txt: what each answer to it allows."""

import loopback
import pytest
from loopback import page, raw, redirect, reset, text

from scraper.fetcher import RobotsCache, open_session
from scraper.settings import Settings

server = loopback.server
no_proxy = loopback.no_proxy
session = loopback.session


AGENT = "harbour-bot/2 (+https://harbour.example/bot)"


def verdict(server, path="/a", **settings):
    settings = Settings(**{"timeout": 2.0, "allow_private": True, "user_agent": AGENT, **settings})
    with open_session(settings) as session:
        robots = RobotsCache(settings, session)
        robots.load(server.url(path))
        return robots.verdict(server.url(path))


RULES = [
    ("User-agent: *\nDisallow: /", "/a", "disallowed"),
    ("User-agent: *\nDisallow: /private/", "/private/a", "disallowed"),
    ("User-agent: *\nDisallow: /private/", "/a", "allowed"),
    ("User-agent: *\nDisallow: /\nAllow: /a", "/a", "allowed"),
    ("User-agent: *\nDisallow:", "/a", "allowed"),
    ("User-agent: *\nDisallow: /*.pdf$", "/x/a.pdf", "disallowed"),
    ("User-agent: *\nDisallow: /a?id=", "/a?id=1", "disallowed"),
    ("User-agent: harbour-bot\nDisallow: /", "/a", "disallowed"),
    ("User-agent: HARBOUR-BOT\nDisallow: /", "/a", "disallowed"),
    ("User-agent: other\nDisallow: /", "/a", "allowed"),
    ("User-agent: harbour-bot\nAllow: /\n\nUser-agent: *\nDisallow: /", "/a", "allowed"),
    ("user-agent:*\r\ndisallow:/\r\n", "/a", "disallowed"),
    ("# a comment\n\nUser-agent: * # all\nDisallow: / # everything", "/a", "disallowed"),
    ("Disallow: /", "/a", "allowed"),
    ("", "/a", "allowed"),
    ("<html>not found</html>", "/a", "allowed"),
    ("\x00\x01\x02 garbage \xff", "/a", "allowed"),
]


@pytest.mark.parametrize(("rules", "path", "robots"), RULES)
def test_rules_are_obeyed(rules, path, robots, server):
    server.routes["/robots.txt"] = text(rules)
    assert verdict(server, path).robots == robots


def test_a_byte_order_mark_hides_no_rule(server):
    server.routes["/robots.txt"] = text(b"\xef\xbb\xbfUser-agent: *\nDisallow: /")
    assert verdict(server).robots == "disallowed"


def test_bytes_that_are_no_utf8_hide_no_rule(server):
    server.routes["/robots.txt"] = text(b"# caf\xe9\nUser-agent: *\nDisallow: /")
    assert verdict(server).robots == "disallowed"


ABSENT = {status: page(b"User-agent: *\nDisallow: /", status=status) for status in (400, 401)}
ABSENT |= {status: page(b"gone", status=status) for status in (403, 404, 410)}
ABSENT |= {"an image": page(b"\x89PNG", kind="image/png"), "a loop": redirect("/robots.txt")}


@pytest.mark.parametrize("behaviour", ABSENT.values(), ids=ABSENT)
def test_no_robots_txt_allows_everything(behaviour, server):
    server.routes["/robots.txt"] = behaviour
    assert verdict(server).robots == "allowed"


UNREACHABLE = {
    "http_5xx": page(b"", status=500),
    "rate_limited": page(b"", status=429),
    "connection_reset": reset(),
    "bad_http": raw(b"nonsense\r\n\r\n"),
    "truncated": raw(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nUser-"),
}


@pytest.mark.parametrize(("code", "behaviour"), UNREACHABLE.items())
def test_a_robots_txt_that_cannot_be_read_is_unreachable(code, behaviour, server):
    server.routes["/robots.txt"] = behaviour
    assert verdict(server)[::2] == ("unreachable", code)


def test_a_silent_server_is_unreachable(server):
    server.routes["/robots.txt"] = raw(stall=True)
    assert verdict(server, timeout=0.1).robots == "unreachable"


def test_a_redirect_is_followed(server):
    server.routes |= {"/robots.txt": redirect("/r"), "/r": text("User-agent: *\nDisallow: /")}
    assert verdict(server).robots == "disallowed"


@pytest.mark.parametrize(
    ("stated", "delay"),
    [("2", 2.0), ("0.5", 0.5), ("30", 30.0), ("31", 30.0), ("1e9", 30.0)],
)
def test_crawl_delay_is_at_most_30_seconds(stated, delay, server):
    server.routes["/robots.txt"] = text(f"User-agent: *\nCrawl-delay: {stated}")
    assert verdict(server).delay == delay


@pytest.mark.parametrize("stated", ["soon", "-1", "", "0", "nan", "inf"])
def test_a_crawl_delay_that_says_nothing_is_none(stated, server):
    server.routes["/robots.txt"] = text(f"User-agent: *\nCrawl-delay: {stated}")
    assert verdict(server).delay == 0.0


def test_crawl_delay_of_another_robot_is_not_ours(server):
    server.routes["/robots.txt"] = text("User-agent: other\nCrawl-delay: 9")
    assert verdict(server).delay == 0.0


def test_rules_in_the_first_500_kib_count(server):
    server.routes["/robots.txt"] = text("#" * 499_000 + "\nUser-agent: *\nDisallow: /\n")
    assert verdict(server).robots == "disallowed"


def test_rules_beyond_500_kib_are_not_read(server):
    server.routes["/robots.txt"] = text("#" * 520_000 + "\nUser-agent: *\nDisallow: /\n")
    assert verdict(server).robots == "allowed"


def test_the_limit_of_pages_does_not_make_robots_txt_unreachable(server):
    server.routes["/robots.txt"] = text("User-agent: *\nDisallow: /x\n" + "#" * 2000)
    assert verdict(server, max_size=1000).robots == "allowed"


def test_rules_of_an_odd_content_type_are_obeyed(server):
    rules = page(b"User-agent: *\nDisallow: /", kind="application/octet-stream")
    server.routes["/robots.txt"] = rules
    assert verdict(server).robots == "disallowed"


def test_robots_txt_is_asked_for_under_our_name(server):
    verdict(server)
    assert server.headers("/robots.txt")["user-agent"] == AGENT


def test_robots_txt_stands_at_the_root(server):
    verdict(server, "/deep/down/a?b=1")
    assert [request.path for request in server.requests] == ["/robots.txt"]


def test_a_cache_knows_the_hosts_it_has_loaded(server, session):
    robots = RobotsCache(Settings(timeout=2.0, allow_private=True), session)
    known = [robots.knows(server.url("/a"))]
    robots.load(server.url("/a"))
    known += [robots.knows(server.url("/b")), robots.knows("http://127.0.0.1:1/b")]
    assert known == [False, True, False]


def test_http_and_https_have_rules_of_their_own(server, session):
    robots = RobotsCache(Settings(timeout=2.0, allow_private=True), session)
    robots.load(server.url("/a"))
    assert not robots.knows(server.url("/a").replace("http:", "https:"))
