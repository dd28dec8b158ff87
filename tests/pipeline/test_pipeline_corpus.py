"""Runs into a corpus folder: what they visit, what they leave for the next, what they write."""

import random
import threading
import time
from collections import Counter

import loopback
import msgspec
import pytest
from jobs import DAY, QUICK, Corpus, path_of, story
from loopback import page, text, turns

from scraper.errors import CorpusLockedError
from scraper.model import Link

no_proxy = loopback.no_proxy
server = loopback.server


@pytest.fixture(autouse=True)
def _pages(server):
    server.routes = {f"/{n}": page(story(f"{n}")) for n in range(12)}


@pytest.fixture
def corpus(tmp_path):
    return Corpus(tmp_path / "corpus")


def urls(server, count=12):
    return [server.url(f"/{n}") for n in range(count)]


def settings(**fields):
    return msgspec.structs.replace(QUICK, **fields)


# A run


def test_every_url_has_one_visit(corpus, server):
    corpus.crawl(*urls(server), *urls(server))
    assert Counter(path_of(visit.link.url) for visit in corpus.visits) == Counter(
        f"/{n}" for n in range(12)
    )


def test_a_visit_is_on_the_disk_when_it_is_told(corpus, server):
    with corpus.job() as job:
        for visit in job.crawl(Link(url=url) for url in urls(server)):
            assert visit.id in {record["id"] for record in corpus.records()}


def test_a_visit_has_the_record_that_was_written(corpus, server):
    corpus.crawl(server.url("/1"))
    (visit,) = corpus.visits
    assert visit.article.to_dict() == corpus.records()[0]


def test_a_second_run_visits_nothing_that_is_there(corpus, server):
    corpus.crawl(*urls(server, 3))
    assert corpus.crawl(*urls(server, 5)) == {"/3": "ok", "/4": "ok"}


def test_a_run_tells_what_was_already_there(corpus, server):
    corpus.crawl(*urls(server, 3))
    with corpus.job() as job:
        list(job.crawl(Link(url=url) for url in urls(server, 5)))
        assert (job.already_there, job.total()) == (3, 2)


def test_again_visits_all(corpus, server):
    corpus.crawl(*urls(server, 2))
    assert corpus.crawl(*urls(server, 2), again=True) == {"/0": "unchanged", "/1": "unchanged"}


def test_again_asks_for_whole_pages(corpus, server):
    server.routes["/0"] = page(story("0"), headers={"ETag": '"1"'})
    for _ in range(2):
        corpus.crawl(server.url("/0"), again=True)
    assert "if-none-match" not in server.headers("/0")


def test_what_failed_is_tried_by_the_next_run_that_names_it(corpus, server):
    server.routes["/0"] = turns(page(b"", status=500), page(story("0")))
    assert corpus.crawl(server.url("/0")) == {"/0": "http_5xx"}
    assert corpus.crawl(server.url("/0")) == {"/0": "ok"}


def test_what_is_no_web_address_has_a_record(corpus, server):
    assert corpus.crawl("nonsense", server.url("/0")) == {"nonsense": "bad_url", "/0": "ok"}
    (record,) = corpus.records("errors.jsonl")
    assert record["error"]["code"] == "bad_url"


def test_what_robots_txt_forbids_is_skipped(corpus, server):
    server.routes["/robots.txt"] = text("User-agent: *\nDisallow: /0")
    found = corpus.crawl(*urls(server, 2), settings=settings(robots="obey"))
    assert found == {"/0": "robots_disallowed", "/1": "ok"}
    assert corpus.records("errors.jsonl")[0]["status"] == "skipped"


def test_the_same_text_elsewhere_is_a_duplicate(corpus, server):
    server.routes["/copy"] = page(story("0"))
    corpus.crawl(server.url("/0"))
    assert corpus.crawl(server.url("/copy")) == {"/copy": "duplicate"}
    first, second = corpus.records()
    assert second["duplicate_of"] == first["id"]


def test_the_print_version_of_an_article_is_a_duplicate(corpus, server):
    link = f'<link rel="canonical" href="{server.url("/0")}"></head>'
    shorter = story("0", paragraphs=10).replace(b"</head>", link.encode())
    server.routes["/print"] = page(shorter)
    corpus.crawl(server.url("/0"))
    assert corpus.crawl(server.url("/print")) == {"/print": "duplicate"}


def test_the_ledger_is_as_asked_for(corpus, server):
    box = '<div class="newsletter-signup"><p>Get our newsletter today.</p></div>'
    server.routes["/0"] = page(story("0", extra=box))
    corpus.crawl(server.url("/0"), settings=settings(removed="none"))
    assert corpus.records()[0]["removed"] == []


def test_only_one_run_writes_into_a_folder(corpus):
    with corpus.job(), pytest.raises(CorpusLockedError):
        corpus.job()


# Runs that end early


def test_a_run_of_so_many_pages_leaves_the_rest(corpus, server):
    with corpus.job(settings(max_pages=5)) as job:
        visits = list(job.crawl(Link(url=url) for url in urls(server)))
        assert (len(visits), job.ended, job.left()) == (5, "max_pages", 7)


def test_the_next_run_goes_on(corpus, server):
    corpus.crawl(*urls(server), settings=settings(max_pages=5))
    rest = corpus.crawl()
    assert len(rest) == 7
    assert Counter(server.asked) == Counter(f"/{n}" for n in range(12))


def test_a_run_that_goes_on_does_not_try_again_what_failed_in_it(corpus, server):
    urls = [server.url(path) for path in ("/missing", "/1", "/2")]
    corpus.crawl(*urls, settings=msgspec.structs.replace(QUICK, max_pages=2))
    corpus.crawl(*urls)
    assert server.count("/missing") == 1


def test_a_url_named_again_after_it_failed_has_one_record(corpus, server):
    def links():
        yield server.url("/missing")
        server.wait_for("/missing")
        time.sleep(0.5)  # until it is settled
        yield server.url("/missing")

    with corpus.job() as job:
        assert len(list(job.crawl(Link(url=url) for url in links()))) == 1
    assert server.count("/missing") == 1


def test_a_refresh_goes_on_too(corpus, server):
    corpus.crawl(*urls(server), settings=settings(max_pages=5))
    assert len(corpus.refresh()) == 7


def test_a_run_of_so_many_seconds_leaves_the_rest(corpus, server):
    with corpus.job(settings(max_time=0.3, delay=0.2)) as job:
        visits = list(job.crawl(Link(url=url) for url in urls(server)))
        assert (job.ended, len(visits) + job.left()) == ("max_time", 12)
    assert 1 <= len(visits) <= 6


def test_a_run_that_ends_has_no_reason_to_be_early(corpus, server):
    with corpus.job() as job:
        list(job.crawl([Link(url=server.url("/0"))]))
        assert (job.ended, job.left()) == (None, 0)


def test_a_run_that_is_stopped_leaves_the_rest(corpus, server):
    stop = threading.Event()
    links = (Link(url=url) for url in urls(server))
    with corpus.job(settings(delay=0.05), stop=stop) as job:
        for _ in job.crawl(links):
            stop.set()
        assert job.ended == "stopped"
    rest = corpus.crawl(*urls(server))
    assert Counter(server.asked) == Counter(f"/{n}" for n in range(12))
    assert rest


def test_a_run_that_is_not_followed_to_its_end_loses_nothing(corpus, server):
    with corpus.job() as job:
        visits = job.crawl(Link(url=url) for url in urls(server))
        next(visits)
        visits.close()
    corpus.crawl(*urls(server))
    assert sorted(record["title"] for record in corpus.records()) == sorted(
        f"Story of {n}" for n in range(12)
    )


# What is lost


def test_an_article_whose_line_was_taken_away_is_fetched_again(corpus, server):
    corpus.clock.now = time.time() + 60  # no page is fetched before it
    corpus.crawl(*urls(server, 4))
    path = corpus.folder / "articles.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    with path.open("r+b") as file:
        file.write(b"".join(lines[:1] + lines[2:]))
        file.truncate()
    corpus.crawl()
    assert sorted(record["title"] for record in corpus.records()) == sorted(
        f"Story of {n}" for n in range(4)
    )
    assert {record["version"] for record in corpus.records()} == {1}


# Whatever is asked for


@pytest.mark.parametrize("seed", range(4))
def test_any_runs_write_each_text_once(seed, corpus, server):
    chance = random.Random(seed)
    for _ in range(6):
        some = chance.sample(urls(server), 5)
        limit = settings(max_pages=chance.choice([0, 2, 4]))
        if chance.random() < 0.5:
            corpus.crawl(*some, settings=limit, again=chance.random() < 0.3)
        else:
            corpus.refresh(settings=limit)
        server.routes[f"/{chance.randrange(12)}"] = chance.choice(
            [page(b"", status=500), page(story(f"new {seed}"), status=404)]
        )
        corpus.clock.pass_(DAY)
    server.routes = {f"/{n}": page(story(f"{n}")) for n in range(12)}
    corpus.crawl(*urls(server))
    assert sorted(record["title"] for record in corpus.records()) == sorted(
        f"Story of {n}" for n in range(12)
    )
    assert corpus.totals()["articles"] == 12
