"""Looking again: what changed is a new version, and no good article is ever given up."""

import itertools

import jobs
import loopback
import msgspec
import pytest
from jobs import DAY, HOUR, QUICK, Corpus, story, stub
from loopback import page, redirect, reset, turns

from scraper.urls import record_id, url_key

no_proxy = loopback.no_proxy
server = loopback.server


@pytest.fixture
def corpus(tmp_path):
    return Corpus(tmp_path / "corpus")


@pytest.fixture
def known(corpus, server):
    """A corpus of one article, at ``/a``, which is due."""
    server.routes["/a"] = page(story("a"))
    corpus.crawl(server.url("/a"))
    corpus.clock.pass_(2 * DAY)
    return corpus


def conditional(body, **validators):
    """A page that answers 304 to whoever sends its ETag or its Last-Modified."""
    whole, unchanged = page(body, headers=validators), page(b"", status=304, headers=validators)
    asked = {"ETag": "if-none-match", "Last-Modified": "if-modified-since"}

    def answer(request):
        sent = {name: request.headers.get(asked[name]) for name in validators}
        (unchanged if sent == validators else whole)(request)

    return answer


ETAG = {"ETag": '"1"'}
DATE = {"Last-Modified": "Fri, 27 Nov 2026 12:00:00 GMT"}


# What did not change


def test_nothing_is_asked_for_before_it_is_due(corpus, server):
    server.routes["/a"] = page(story("a"))
    corpus.crawl(server.url("/a"))
    corpus.clock.pass_(HOUR)
    assert corpus.refresh() == {}
    assert server.asked == ["/a"]


@pytest.mark.parametrize("validators", [ETAG, DATE, ETAG | DATE])
def test_a_server_is_asked_for_changes_only(corpus, server, validators):
    server.routes["/a"] = conditional(story("a"), **validators)
    corpus.crawl(server.url("/a"))
    corpus.clock.pass_(2 * DAY)
    assert corpus.refresh() == {"/a": "unchanged"}
    assert corpus.visits[0].fetch.http_status == 304


def test_what_did_not_change_writes_nothing(known, server):
    before = {path.name: path.read_bytes() for path in known.folder.glob("*.jsonl")}
    assert known.refresh() == {"/a": "unchanged"}
    assert {path.name: path.read_bytes() for path in known.folder.glob("*.jsonl")} == before


def test_a_promo_that_rotates_is_no_change(corpus, server):
    promos = (f"Join {number} readers" for number in itertools.count(4000))

    def answer(request):
        box = f'<div class="newsletter-signup"><p>{next(promos)}: get our newsletter.</p></div>'
        page(story("a", extra=box))(request)

    server.routes["/a"] = answer
    corpus.crawl(server.url("/a"))
    for _ in range(3):
        corpus.clock.pass_(60 * DAY)
        assert corpus.refresh() == {"/a": "unchanged"}


def test_what_did_not_change_is_looked_at_less_often(known):
    known.refresh()
    known.clock.pass_(1.5 * DAY)
    assert known.refresh() == {}
    known.clock.pass_(DAY)
    assert known.refresh() == {"/a": "unchanged"}


# What changed


def test_a_new_text_is_a_line_of_its_own(known, server):
    server.routes["/a"] = page(story("a", edition=2))
    assert known.refresh() == {"/a": "ok"}
    assert [record["version"] for record in known.records()] == [1, 2]


def test_versions_have_one_id(known, server):
    server.routes["/a"] = page(story("a", edition=2))
    known.refresh()
    assert {record["id"] for record in known.records()} == {record_id(url_key(server.url("/a")))}


def test_layout_files_keeps_the_last_version(corpus, server):
    settings = msgspec.structs.replace(QUICK, layout="files")
    server.routes["/a"] = turns(page(story("a")), page(story("a", edition=2)))
    corpus.crawl(server.url("/a"), settings=settings)
    corpus.clock.pass_(2 * DAY)
    assert corpus.refresh(settings=settings) == {"/a": "ok"}
    (path,) = (corpus.folder / "articles").rglob("*.json")
    assert msgspec.json.decode(path.read_bytes())["version"] == 2


def test_a_page_that_moved_keeps_its_id(known, server):
    server.routes |= {"/a": redirect("/new", status=301), "/new": page(story("a"))}
    assert known.refresh() == {"/a": "unchanged"}


def test_a_page_that_moved_and_changed_is_a_version_of_the_same_article(known, server):
    server.routes |= {"/a": redirect("/new", status=301), "/new": page(story("a", edition=2))}
    known.refresh()
    assert len({record["id"] for record in known.records()}) == 1


# What is worse than what is known

CHALLENGE = (
    b"<html><head><title>Just a moment...</title></head><body><h1>Checking your browser</h1>"
    b"<p>Please enable JavaScript and cookies to continue.</p>"
    b'<div id="challenge-form" class="cf-challenge"></div></body></html>'
)
LOGIN = (
    b"<html><head><title>Log in</title></head><body><h1>Log in</h1><form><input name=user>"
    b"<input type=password name=p><button>Log in</button></form></body></html>"
)
WORSE = {
    "missing": (page(b"", status=404), "http_4xx"),
    "forbidden": (page(b"", status=403), "http_4xx"),
    "broken": (page(b"", status=500), "http_5xx"),
    "reset": (reset(), "connection_reset"),
    "empty": (page(b""), "empty_body"),
    "another type": (page(b"%PDF-1.7", kind="application/pdf"), "not_html"),
    "a stub": (page(stub("a")), "paywall_stub"),
    "shrunken": (page(story("a", paragraphs=4)), "shrunk"),
    "a challenge": (page(CHALLENGE), "blocked"),
    "a login": (page(LOGIN), "not_article"),
    "a loop": (redirect("/a"), "redirect_loop"),
}


@pytest.mark.parametrize(("behaviour", "code"), WORSE.values(), ids=WORSE)
def test_what_is_worse_takes_the_place_of_no_article(behaviour, code, known, server):
    server.routes["/a"] = behaviour
    before = known.records()
    assert known.refresh() == {"/a": code}
    assert (known.records(), known.visits[0].kept) == (before, True)


@pytest.mark.parametrize(("behaviour", "code"), WORSE.values(), ids=WORSE)
def test_after_what_is_worse_the_article_is_known(behaviour, code, known, server):
    server.routes["/a"] = turns(behaviour, page(story("a")))
    known.refresh()
    known.clock.pass_(2 * DAY)
    assert known.refresh() == {"/a": "unchanged"}


def test_what_is_worse_has_a_record_among_the_errors(known, server):
    server.routes["/a"] = page(stub("a"))
    known.refresh()
    (record,) = known.records("errors.jsonl")
    assert (record["status"], record["error"]["code"]) == ("error", "paywall_stub")


def test_every_record_of_a_refresh_is_valid(known, server, validator):
    for behaviour, _ in WORSE.values():
        server.routes["/a"] = behaviour
        known.refresh(every=True)
    for record in known.records("errors.jsonl"):
        validator.validate(record)


def test_what_is_gone_is_asked_for_no_more(known, server):
    server.routes["/a"] = page(b"", status=410)
    seen = []
    for _ in range(6):
        seen += known.refresh().values()
        known.clock.pass_(61 * DAY)
    assert seen == ["http_4xx"] * 3
    assert known.records("errors.jsonl")[-1]["status"] == "gone"


def test_what_is_gone_and_comes_back_is_found_by_a_retry(known, server):
    server.routes["/a"] = turns(*[page(b"", status=410)] * 3, page(story("a")))
    for _ in range(3):
        known.refresh()
        known.clock.pass_(61 * DAY)
    with known.job() as job:
        job.retry(["http_4xx"])
    assert known.refresh() == {"/a": "unchanged"}
    assert known.totals()["due"] == 0


# How much


def test_a_limit_takes_the_longest_due(corpus, server):
    for name in "abc":
        server.routes[f"/{name}"] = page(story(name))
        corpus.crawl(server.url(f"/{name}"))
        corpus.clock.pass_(HOUR * 5)
    corpus.clock.pass_(2 * DAY)
    assert corpus.refresh(limit=2) == {"/a": "unchanged", "/b": "unchanged"}
    assert corpus.refresh() == {"/c": "unchanged"}


def test_all_are_looked_at_when_all_are_wanted(corpus, server):
    server.routes["/a"] = page(story("a"))
    corpus.crawl(server.url("/a"))
    assert corpus.refresh(every=True) == {"/a": "unchanged"}


def test_what_stays_wrong_is_not_looked_at_again(corpus, server):
    corpus.crawl(server.url("/none"))
    assert corpus.refresh(every=True) == {}


# What is repeated


def test_a_copy_that_does_not_change_stays_a_duplicate(corpus, server):
    server.routes |= {"/a": page(story("a")), "/b": page(story("a"))}
    corpus.crawl(server.url("/a"))
    assert corpus.crawl(server.url("/b")) == {"/b": "duplicate"}
    corpus.clock.pass_(2 * DAY)
    assert corpus.refresh() == {"/a": "unchanged", "/b": "unchanged"}


def test_a_copy_that_becomes_an_article_is_one(corpus, server):
    server.routes |= {"/a": page(story("a")), "/b": turns(page(story("a")), page(story("b")))}
    corpus.crawl(server.url("/a"))
    corpus.crawl(server.url("/b"))
    corpus.clock.pass_(2 * DAY)
    assert corpus.refresh()["/b"] == "ok"
    assert corpus.records()[-1]["duplicate_of"] is None


def test_a_copy_of_what_is_forgotten_becomes_an_article(corpus, server):
    server.routes |= {"/a": page(story("a")), "/b": page(story("a"))}
    corpus.crawl(server.url("/a"))
    corpus.crawl(server.url("/b"))
    with corpus.job() as job:
        job.forget([server.url("/a")])
    assert corpus.refresh() == {"/b": "ok"}
    assert [record["status"] for record in corpus.records()] == ["duplicate", "ok"]


def test_jobs_tell_stories_apart(corpus, server):
    server.routes = {f"/{n}": page(story(n)) for n in range(20)}
    found = corpus.crawl(*(server.url(f"/{n}") for n in range(20)))
    assert set(found.values()) == {"ok"}
    assert jobs.path_of(server.url("/1?a=2")) == "/1?a=2"
