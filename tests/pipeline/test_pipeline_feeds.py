"""Feeds and sitemaps in a corpus: what they name is visited, and they are looked at again."""

import loopback
import pytest
from jobs import DAY, HOUR, Corpus, story
from loopback import page, turns

from scraper.model import Link

no_proxy = loopback.no_proxy


@pytest.fixture
def server():
    with loopback.Server({f"/{n}": page(story(f"{n}")) for n in range(9)}) as server:
        yield server


@pytest.fixture
def corpus(tmp_path):
    return Corpus(tmp_path / "corpus")


def feed(server, *paths, updated=None):
    stamp = f"<pubDate>{updated}</pubDate>" if updated else ""
    items = (f"<item><link>{server.url(path)}</link>{stamp}</item>" for path in paths)
    body = f'<rss version="2.0"><channel><title>News</title>{"".join(items)}</channel></rss>'
    return page(body.encode(), kind="application/rss+xml", headers={"ETag": f'"{len(paths)}"'})


def urlset(server, *paths, modified=None):
    stamp = f"<lastmod>{modified}</lastmod>" if modified else ""
    rows = (f"<url><loc>{server.url(path)}</loc>{stamp}</url>" for path in paths)
    return page(f"<urlset>{''.join(rows)}</urlset>".encode(), kind="application/xml")


def index(server, *paths):
    rows = (f"<sitemap><loc>{server.url(path)}</loc></sitemap>" for path in paths)
    return page(f"<sitemapindex>{''.join(rows)}</sitemapindex>".encode(), kind="application/xml")


def named(server, path="/feed", kind="feed"):
    return Link(url=server.url(path), kind=kind)


# Feeds


def test_the_pages_of_a_feed_are_visited(corpus, server):
    server.routes["/feed"] = feed(server, "/1", "/2")
    assert corpus.crawl(named(server)) == {"/feed": "ok", "/1": "ok", "/2": "ok"}


def test_a_page_says_which_feed_named_it(corpus, server):
    server.routes["/feed"] = feed(server, "/1")
    corpus.crawl(named(server))
    (visit,) = (visit for visit in corpus.visits if visit.link.kind == "page")
    assert visit.link.source == server.url("/feed")


def test_a_feed_is_no_article(corpus, server):
    server.routes["/feed"] = feed(server, "/1")
    corpus.crawl(named(server))
    assert [record["fetch"]["requested_url"] for record in corpus.records()] == [server.url("/1")]


def test_a_refresh_finds_what_is_new_in_a_feed(corpus, server):
    server.routes["/feed"] = turns(feed(server, "/1"), feed(server, "/1", "/2"))
    corpus.crawl(named(server))
    corpus.clock.pass_(2 * HOUR)
    assert corpus.refresh() == {"/feed": "ok", "/2": "ok"}


def test_a_feed_without_news_is_unchanged(corpus, server):
    server.routes["/feed"] = feed(server, "/1")
    corpus.crawl(named(server))
    corpus.clock.pass_(2 * HOUR)
    assert corpus.refresh() == {"/feed": "unchanged"}


def test_a_feed_is_asked_for_changes_only(corpus, server):
    server.routes["/feed"] = turns(feed(server, "/1"), page(b"", status=304))
    corpus.crawl(named(server))
    corpus.clock.pass_(2 * HOUR)
    assert corpus.refresh() == {"/feed": "unchanged"}
    assert server.headers("/feed")["if-none-match"] == '"1"'


def test_a_crawl_looks_at_the_feed_that_is_named(corpus, server):
    server.routes["/feed"] = turns(feed(server, "/1"), feed(server, "/1", "/2"))
    corpus.crawl(named(server))
    assert corpus.crawl(named(server)) == {"/feed": "ok", "/2": "ok"}


def test_an_entry_that_was_updated_is_visited_again(corpus, server):
    server.routes |= {
        "/feed": turns(feed(server, "/1"), feed(server, "/1", updated="2026-11-28T13:00:00Z")),
        "/1": turns(page(story("1")), page(story("1", edition=2))),
    }
    corpus.crawl(named(server))
    corpus.clock.pass_(2 * HOUR)
    assert corpus.refresh() == {"/feed": "unchanged", "/1": "ok"}


def test_an_old_entry_is_not_visited_again(corpus, server):
    server.routes["/feed"] = feed(server, "/1", updated="2026-11-28T11:00:00Z")
    corpus.crawl(named(server))
    corpus.clock.pass_(2 * HOUR)
    assert corpus.refresh() == {"/feed": "unchanged"}


def test_a_feed_that_never_was_there_is_a_failure(corpus, server):
    assert corpus.crawl(named(server)) == {"/feed": "http_4xx"}
    assert corpus.refresh(every=True) == {}


def test_a_feed_that_is_missing_for_a_while_is_not_forgotten(corpus, server):
    server.routes["/feed"] = turns(
        feed(server, "/1"), page(b"", status=404), feed(server, "/1", "/2")
    )
    corpus.crawl(named(server))
    corpus.clock.pass_(2 * HOUR)
    assert corpus.refresh() == {"/feed": "http_4xx"}
    corpus.clock.pass_(DAY)
    assert corpus.refresh()["/2"] == "ok"


def test_what_is_no_feed_names_nothing(corpus, server):
    server.routes["/feed"] = page(story("feed"))
    assert corpus.crawl(named(server)) == {"/feed": "unchanged"}


def test_a_feed_that_is_refused_is_a_failure_of_its_own(corpus, server):
    server.routes["/feed"] = page(b"", status=403)
    corpus.crawl(named(server), server.url("/1"))
    (record,) = corpus.records("errors.jsonl")
    assert record["fetch"]["requested_url"] == server.url("/feed")


# Sitemaps


def test_the_pages_of_a_sitemap_are_visited(corpus, server):
    server.routes["/map"] = urlset(server, "/1", "/2")
    assert corpus.crawl(named(server, "/map", "sitemap")) == {
        "/map": "ok",
        "/1": "ok",
        "/2": "ok",
    }


def test_the_sitemaps_of_an_index_are_read(corpus, server):
    server.routes |= {
        "/index": index(server, "/map1", "/map2"),
        "/map1": urlset(server, "/1"),
        "/map2": urlset(server, "/2", "/1"),
    }
    corpus.crawl(named(server, "/index", "sitemap"))
    assert sorted(server.asked) == ["/1", "/2", "/index", "/map1", "/map2"]


def test_sitemaps_that_name_each_other_are_read_once(corpus, server):
    server.routes |= {"/one": index(server, "/two"), "/two": index(server, "/one", "/two")}
    corpus.crawl(named(server, "/one", "sitemap"))
    assert server.asked == ["/one", "/two"]


def test_a_refresh_finds_what_is_new_in_a_sitemap_of_an_index(corpus, server):
    server.routes |= {
        "/index": index(server, "/map"),
        "/map": turns(urlset(server, "/1"), urlset(server, "/1", "/2")),
    }
    corpus.crawl(named(server, "/index", "sitemap"))
    corpus.clock.pass_(2 * HOUR)
    assert corpus.refresh() == {"/index": "unchanged", "/map": "ok", "/2": "ok"}


def test_a_page_that_a_sitemap_says_was_modified_is_visited_again(corpus, server):
    server.routes |= {
        "/map": turns(urlset(server, "/1"), urlset(server, "/1", modified="2026-11-28T13:00:00Z")),
        "/1": turns(page(story("1")), page(story("1", edition=2))),
    }
    corpus.crawl(named(server, "/map", "sitemap"))
    corpus.clock.pass_(2 * HOUR)
    assert corpus.refresh() == {"/map": "unchanged", "/1": "ok"}


def test_a_large_sitemap_is_read_whole(corpus, server):
    server.routes["/map"] = urlset(server, *(f"/missing/{n}" for n in range(700)))
    with corpus.job() as job:
        visits = job.crawl([named(server, "/map", "sitemap")])
        next(visits)
        visits.close()
        assert job.left() >= 600
