"""``scraper discover``: the pages that a site names, one a line."""

import json

import commandline
import loopback
import pytest
from loopback import page, text

run = commandline.run
alone = commandline.alone
server = loopback.server
no_proxy = loopback.no_proxy

HOME = b"<!doctype html><link rel=alternate type=application/rss+xml href=/f>"
FEED = b"""<rss><item><link>/1</link><pubDate>2026-03-04</pubDate></item>
<item><link>/2</link><pubDate>2026-03-01</pubDate></item><item><link>/3</link></item></rss>"""


@pytest.fixture(autouse=True)
def _pages(alone, server, monkeypatch):
    monkeypatch.setenv("SCRAPER_DELAY", "0")
    server.routes = {"/": page(HOME), "/f": page(FEED, kind="application/rss+xml")}


def test_each_page_is_a_line(run, server):
    result = run("discover", server.url())
    assert result.out.splitlines() == [server.url(path) for path in ("/1", "/2", "/3")]
    assert result.code == 0


def test_a_page_may_be_a_json_object(run, server):
    first = json.loads(run("discover", server.url(), "-f", "jsonl").out.splitlines()[0])
    assert first == {
        "url": server.url("/1"),
        "source": server.url("/f"),
        "last_modified": "2026-03-04",
    }


def test_the_end_is_one_line(run, server):
    err = run("discover", server.url()).err
    assert err.startswith("scraper: 3 URLs from 1 document in ")
    assert err.count("\n") == 1


def test_quiet_says_nothing(run, server):
    assert run("discover", server.url(), "-q").err == ""


def test_older_pages_are_left_out(run, server):
    result = run("discover", server.url(), "--since", "2026-03-02")
    assert result.out.splitlines() == [server.url("/1"), server.url("/3")]


def test_a_limit_is_kept(run, server):
    assert run("discover", server.url(), "--limit", 2).out.count("\n") == 2


def test_feeds_can_be_left_out(run, server):
    server.routes["/robots.txt"] = text("Sitemap: /map.txt")
    server.routes["/map.txt"] = text(server.url("/4"))
    assert run("discover", server.url(), "--no-feeds").out == server.url("/4") + "\n"


def test_sitemaps_can_be_left_out(run, server):
    server.routes["/robots.txt"] = text("Sitemap: /map.txt")
    run("discover", server.url(), "--no-sitemaps")
    assert server.asked == ["/", "/f"]


def test_a_site_that_names_nothing_is_no_failure(run, server):
    server.routes = {"/": page(b"<!doctype html>")}
    result = run("discover", server.url())
    assert (result.code, result.complaint) == (0, f"{server.url()} names no feed and no sitemap")


def test_a_site_that_fails_has_exit_code_3(run, server):
    server.routes = {}
    result = run("discover", server.url(), "--no-sitemaps")
    assert result.code == 3
    assert f"scraper: {server.url()}: HTTP 404 (http_4xx)\n" in result.err


def test_a_document_that_fails_has_exit_code_1(run, server):
    server.routes["/robots.txt"] = text("Sitemap: /gone")
    result = run("discover", server.url(), "-q")
    assert result.code == 1
    assert result.out.count("\n") == 3
    assert f"scraper: {server.url('/gone')}: HTTP 404 (http_4xx)\n" in result.err


WRONG = {
    "no address": (["ftp://harbour.example"], "not an http or https URL"),
    "no name": (["a b"], "holds characters"),
    "no date": (["harbour.example", "--since", "yesterday"], "expected a day or time"),
    "no limit": (["harbour.example", "--limit", "0"], "0 is not in the range"),
    "nothing wanted": (["harbour.example", "--no-feeds", "--no-sitemaps"], "nothing to look into"),
    "no site": ([], "Missing argument"),
}


@pytest.mark.parametrize(("args", "says"), WRONG.values(), ids=WRONG)
def test_wrong_usage_is(args, says, run):
    result = run("discover", *args)
    assert result.code == 2
    assert says in result.complaint
