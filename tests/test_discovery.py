"""What a site names is found, politely and within bounds, whatever else fails."""

import gzip
import itertools

import loopback
import pytest
from loopback import page, redirect, servers, text

from scraper.discovery import FEED_PLACES, SITEMAP_PLACES, Scope, discover, site_of
from scraper.errors import FetchError
from scraper.settings import Settings

server = loopback.server
no_proxy = loopback.no_proxy

SETTINGS = Settings(allow_private=True, delay=0, connect_timeout=2)
HOME = b"<!doctype html><title>Harbour Post</title>"


def xml(body):
    return page(body.encode(), kind="application/xml")


def feed(*paths):
    return xml(f"<rss>{''.join(f'<item><link>{path}</link></item>' for path in paths)}</rss>")


def entry(url, day=None, tag="url"):
    lastmod = f"<lastmod>{day}</lastmod>" if day else ""
    return f"<{tag}><loc>{url}</loc>{lastmod}</{tag}>"


def sitemap(*urls):
    return xml(f"<urlset>{''.join(map(entry, urls))}</urlset>")


def index(*entries):
    return xml(f"<sitemapindex>{''.join(entry(*each, tag='sitemap') for each in entries)}")


def home(*feeds):
    links = "".join(f"<link rel=alternate type=application/rss+xml href={href}>" for href in feeds)
    return page(HOME + links.encode())


def robots(*sitemaps, rules=""):
    return text(rules + "".join(f"Sitemap: {url}\n" for url in sitemaps))


class Found:
    """Paths in the order they were found, and what was told."""

    def __init__(self, server, settings=SETTINGS, start=None, **scope):
        self.told = []
        self.links = list(
            discover(start or server.url(), settings, Scope(**scope), self.told.append)
        )
        self.paths = [link.url.removeprefix(server.url("")) for link in self.links]

    @property
    def failures(self):
        return [document.failure for document in self.told if document.failure]

    @property
    def notes(self):
        return [document.note for document in self.told if document.note]


def test_the_home_pages_feed_is_read(server):
    server.routes = {"/": home("/f"), "/f": feed("/1", "/2")}
    assert Found(server).paths == ["/1", "/2"]


def test_a_page_knows_its_feed(server):
    server.routes = {"/": home("/f"), "/f": feed("/1")}
    assert Found(server).links[0].source == server.url("/f")


def test_the_sitemaps_of_robots_txt_are_read(server):
    server.routes = {"/": page(HOME), "/robots.txt": robots("/m"), "/m": sitemap("/1", "/2")}
    assert Found(server).paths == ["/1", "/2"]


def test_an_index_is_followed_newest_first(server):
    server.routes = {
        "/": page(HOME),
        "/robots.txt": robots("/index"),
        "/index": index(("/u",), ("/o", "2025-01-01"), ("/n", "2026-01-01")),
        "/o": sitemap("/old"),
        "/n": page(gzip.compress(f"<urlset>{entry('/new')}".encode()), kind="application/x-gzip"),
        "/u": sitemap("/undated"),
    }
    assert Found(server).paths == ["/new", "/old", "/undated"]


def test_an_index_that_names_itself_is_read_once(server):
    server.routes = {"/": page(HOME), "/robots.txt": robots("/i"), "/i": index(("/i",))}
    Found(server)
    assert server.count("/i") == 1


def test_a_sitemap_does_not_speak_for_other_sites(server):
    server.routes = {
        "/": page(HOME),
        "/robots.txt": robots("/m"),
        "/m": sitemap("https://other.example/1", "/1"),
    }
    assert Found(server).paths == ["/1"]


def test_a_sitemap_on_another_host_speaks_for_the_site():
    with servers(2) as (site, other):
        site.routes = {"/": page(HOME), "/robots.txt": robots(other.url("/m"))}
        other.routes = {"/m": sitemap(site.url("/1"), other.url("/2"))}
        assert Found(site).paths == ["/1"]


def test_a_site_that_moved_speaks_for_both_names():
    with servers(2) as (site, new):
        site.routes = {"/": redirect(new.url("/"))}
        new.routes = {"/": home("/f"), "/f": feed("/1"), "/robots.txt": robots("/m")}
        new.routes["/m"] = sitemap(site.url("/2"))
        assert Found(site).paths == [new.url("/1"), "/2"]


def test_each_page_is_found_once(server):
    server.routes = {
        "/": home("/f"),
        "/robots.txt": robots("/m"),
        "/f": feed("/1?utm_source=rss", "/2"),
        "/m": sitemap("/2", "/1", "/3"),
    }
    assert Found(server).paths == ["/1?utm_source=rss", "/2", "/3"]


def test_usual_places_are_tried_until_one_answers(server):
    server.routes = {"/": page(HOME), "/feed.xml": feed("/1"), "/sitemap.xml": sitemap("/2")}
    assert Found(server).paths == ["/1", "/2"]
    assert server.asked == ["/", "/feed", "/rss.xml", "/feed.xml", "/sitemap.xml"]


def test_a_site_that_names_something_is_asked_for_nothing_else(server):
    server.routes = {"/": home("/f"), "/f": feed("/1")}
    Found(server)
    assert server.asked == ["/", "/f"]


def test_nothing_at_the_usual_places_is_no_failure(server):
    server.routes = {"/": page(HOME), "/feed": page(HOME)}
    found = Found(server)
    assert [found.paths, found.told] == [[], []]
    assert set(server.asked) == {"/", *FEED_PLACES, *SITEMAP_PLACES}


@pytest.mark.parametrize(("kind", "path"), [("feeds", "/2"), ("sitemaps", "/1")])
def test_a_kind_that_is_not_wanted_is_not_read(kind, path, server):
    server.routes = {"/": home("/f"), "/robots.txt": robots("/m")}
    server.routes.update({"/f": feed("/1"), "/m": sitemap("/2")})
    assert Found(server, **{kind: False}).paths == [path]


@pytest.mark.parametrize("kind", ["application/rss+xml", "text/xml", "text/html"])
def test_the_site_may_be_a_feed(kind, server):
    server.routes = {"/f": page(b"<rss><item><link>/1</link></item>", kind=kind)}
    assert Found(server, start=server.url("/f")).paths == ["/1"]


def test_the_site_may_be_a_sitemap(server):
    packed = gzip.compress(f"<urlset>{entry('/1')}".encode())
    server.routes = {"/m.gz": page(packed, kind="application/gzip")}
    assert Found(server, start=server.url("/m.gz")).paths == ["/1"]


def test_a_bare_name_is_tried_by_https_and_by_http(server):
    server.routes = {"/": home("/f"), "/f": feed("/1")}
    assert Found(server, start=server.host).paths == ["/1"]


def test_older_pages_are_left_out(server):
    entries = entry("/old", "2025-12-31") + entry("/new", "2026-01-01") + entry("/undated")
    server.routes = {"/": page(HOME), "/robots.txt": robots("/m"), "/m": xml(f"<urlset>{entries}")}
    assert Found(server, since=1767225600.0).paths == ["/new", "/undated"]


def test_older_sitemaps_are_not_asked_for(server):
    server.routes = {"/": page(HOME), "/robots.txt": robots("/i")}
    server.routes["/i"] = index(("/o", "2025-12-31"), ("/n", "2026-01-01"))
    Found(server, since=1767225600.0)
    assert server.asked == ["/", "/i", "/n"]


def test_a_limit_ends_the_search_at_once(server):
    server.routes = {"/": home("/f", "/g"), "/f": feed("/1", "/2"), "/g": feed("/3")}
    assert Found(server, limit=2).paths == ["/1", "/2"]
    assert server.asked == ["/", "/f"]


def test_no_more_documents_are_read_than_allowed(server):
    server.routes = {"/": home(*(f"/{n}" for n in range(5))), "/0": feed("/a"), "/1": feed("/b")}
    found = Found(server, documents=2)
    assert server.asked == ["/", "/0", "/1"]
    assert found.notes == ["not read, nor 2 more: the limit is 2 documents"]


def test_sitemaps_in_sitemaps_are_followed_three_deep(server):
    server.routes = {"/": page(HOME), "/robots.txt": robots("/1")}
    server.routes.update({f"/{n}": index((f"/{n + 1}",)) for n in range(1, 9)})
    found = Found(server)
    assert server.asked == ["/", "/1", "/2", "/3"]
    assert found.notes == ["not read: too many sitemaps in each other"]


def test_a_document_that_fails_ends_nothing(server):
    server.routes = {"/": home("/gone", "/page", "/f"), "/page": page(HOME), "/f": feed("/1")}
    found = Found(server)
    assert found.paths == ["/1"]
    assert found.failures == ["HTTP 404 (http_4xx)", "neither a feed nor a sitemap"]


def test_a_home_page_that_fails_leaves_the_sitemaps(server):
    server.routes = {
        "/": page(b"no", status=403),
        "/robots.txt": robots("/m"),
        "/m": sitemap("/1"),
    }
    found = Found(server)
    assert [found.paths, found.failures] == [["/1"], ["HTTP 403 (http_4xx)"]]


def test_what_robots_txt_forbids_is_not_asked_for(server):
    server.routes = {"/": home("/f"), "/f": feed("/1")}
    server.routes["/robots.txt"] = robots(rules="User-agent: *\nDisallow: /f\n")
    found = Found(server)
    assert server.asked == ["/"]
    assert found.failures == ["robots.txt forbids this address (robots_disallowed)"]


def test_what_robots_txt_forbids_behind_a_redirect_is_not_asked_for(server):
    server.routes = {"/": home("/f"), "/f": redirect("/secret"), "/secret": feed("/1")}
    server.routes["/robots.txt"] = robots(rules="User-agent: *\nDisallow: /secret\n")
    assert Found(server).paths == []
    assert server.asked == ["/", "/f"]


def test_robots_txt_that_cannot_be_read_forbids_all(server):
    server.routes = {"/": home("/f"), "/robots.txt": page(b"", status=503)}
    found = Found(server)
    assert server.asked == []
    assert ["robots_unreachable" in failure for failure in found.failures] == [True]


def test_robots_txt_is_asked_for_once(server):
    server.routes = {"/": home("/f"), "/f": feed("/1"), "/robots.txt": robots("/m")}
    Found(server)
    assert server.count("/robots.txt") == 1


def test_a_dead_host_is_one_failure():
    with loopback.Server() as gone:
        start = gone.url()
    found = []
    assert list(discover(start, SETTINGS, tell=found.append)) == []
    assert ["connect_failed" in document.failure for document in found] == [True]


def test_a_host_is_asked_with_a_pause(server):
    server.routes = {"/": home("/f", "/g"), "/f": feed("/1"), "/g": feed("/2")}
    Found(server, Settings(allow_private=True, delay=0.2))
    begun = [request.began for request in server.requests if request.path != "/robots.txt"]
    assert all(later - earlier >= 0.19 for earlier, later in itertools.pairwise(begun))


def test_headers_of_the_users_go_to_the_site_alone():
    settings = Settings(allow_private=True, delay=0, headers=("Authorization: Bearer x",))
    with servers(2) as (site, other):
        site.routes = {"/": home("/f", other.url("/f")), "/f": feed("/1")}
        other.routes = {"/f": feed("/2")}
        Found(site, settings)
        sent = [each.headers("/f").get("authorization") for each in (site, other)]
    assert sent == ["Bearer x", None]


def test_pages_come_while_the_search_goes_on(server):
    server.routes = {"/": home("/f", "/g"), "/f": feed("/1"), "/g": feed("/2")}
    next(discover(server.url(), SETTINGS))
    assert server.asked == ["/", "/f"]


def test_what_was_read_is_told(server):
    server.routes = {"/": home("/f"), "/f": feed("/1", "/2")}
    assert [tuple(document) for document in Found(server).told] == [(server.url("/f"), 2, "", "")]


@pytest.mark.parametrize("site", ["", "https://", "ftp://harbour.example", "https://a b/"])
def test_what_is_no_address_is_refused(site):
    with pytest.raises(FetchError, match="URL"):
        list(discover(site, SETTINGS))


SITES = {
    "https://harbour.example/a": "harbour.example",
    "https://www.harbour.example": "harbour.example",
    "https://news.harbour.co.uk": "harbour.co.uk",
    "https://harbour.github.io": "harbour.github.io",
    "https://Harbour.Example:8443/": "harbour.example",
    "http://127.0.0.1:8080/": "127.0.0.1:8080",
    "http://[::1]:8080/": "[::1]:8080",
    "http://localhost:8080/": "localhost:8080",
}


@pytest.mark.parametrize("url", SITES)
def test_the_site_of(url):
    assert site_of(url) == SITES[url]
