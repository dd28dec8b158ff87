"""``scraper robots``: what may be fetched, told for people."""

import commandline
import loopback
import pytest
from loopback import page, text

run = commandline.run
alone = commandline.alone
server = loopback.server

ROBOTS = (
    "User-agent: *\nDisallow: /private\nCrawl-delay: 5\nSitemap: https://harbour.example/s.xml\n"
)


@pytest.fixture(autouse=True)
def _robots(alone, server):
    server.routes = {"/robots.txt": text(ROBOTS)}


def test_what_may_be_fetched_is_allowed(run, server):
    result = run("robots", server.url("/a"))
    assert (result.code, result.out.splitlines()[0]) == (0, f"allowed 5 {server.url('/a')}")


def test_what_may_not_is_disallowed_and_exit_code_1(run, server):
    result = run("robots", server.url("/a"), server.url("/private/b"))
    assert result.code == 1
    assert f"disallowed 5 {server.url('/private/b')}" in result.out


def test_sitemaps_are_named_once(run, server):
    out = run("robots", server.url("/a"), server.url("/b")).out
    assert out.count("sitemap https://harbour.example/s.xml") == 1


def test_a_server_that_fails_is_unreachable(run, server):
    server.routes["/robots.txt"] = page(b"", status=503)
    result = run("robots", server.url("/a"))
    assert (result.code, result.out) == (1, f"unreachable (http_5xx) 0 {server.url('/a')}\n")


def test_no_robots_txt_allows_all(run, server):
    del server.routes["/robots.txt"]
    assert run("robots", server.url("/a")).out == f"allowed 0 {server.url('/a')}\n"


def test_what_is_no_url_is_wrong_usage(run):
    result = run("robots", "harbour.example")
    assert (result.code, "did you mean" in result.complaint) == (2, True)
