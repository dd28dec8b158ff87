"""Many URLs or files: one record each, whatever happens to one of them."""

import gzip
import multiprocessing
import os
import signal
import socket
import threading
import time
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import loopback
import pytest
from loopback import Server, article, drip, page, raw, redirect, reset, servers, text, turns

import scraper
from scraper.model import Link
from scraper.pipeline import clean, crawl, crawling, turn
from scraper.settings import Settings

no_proxy = loopback.no_proxy

QUICK = Settings(allow_private=True, delay=0.0, timeout=5.0, retries=2, robots="ignore")
OBEY = Settings(allow_private=True, delay=0.0, timeout=5.0, robots="obey")


@pytest.fixture
def server():
    with Server({f"/{n}": page(article(f"Page {n}")) for n in range(10)}) as server:
        yield server


@pytest.fixture(autouse=True)
def _short_backoff(monkeypatch):
    monkeypatch.setattr(turn, "BACKOFF", 0.02)


def records(urls, settings=QUICK):
    return [outcome.article for outcome in crawl(urls, settings)]


def one(url, settings=QUICK):
    (record,) = records([url], settings)
    return record


def crawl_threads():
    """The threads of any crawl; those of the servers are not among them."""
    return {thread for thread in threading.enumerate() if "_work" in thread.name}


# One outcome each


def test_every_url_has_one_outcome(server):
    urls = [server.url(f"/{n}") for n in range(10)]
    assert sorted(record.url for record in records(urls)) == urls


def test_an_article_says_where_it_came_from(server):
    record = one(server.url("/1"))
    assert (record.status, record.title) == ("ok", "Page 1")
    assert (record.fetch.from_, record.fetch.robots) == ("http", "ignored")


def test_an_outcome_carries_its_link(server):
    link = Link(url=server.url("/1"), line=7)
    (outcome,) = crawl([link], QUICK)
    assert outcome.link == link


VARIANTS = ["/1", "/1#part", "/1?utm_source=x", "/a/../1", "/1?fbclid=x#y"]


def test_a_page_named_twice_is_fetched_once(server):
    urls = [server.url(path) for path in VARIANTS]
    assert len(records(urls)) == 1
    assert server.asked == ["/1"]


def test_an_outcome_of_a_page_named_twice_carries_the_first_link(server):
    links = [Link(url=server.url("/1#x"), line=1), Link(url=server.url("/1"), line=2)]
    (outcome,) = crawl(links, QUICK)
    assert outcome.link.line == 1


def test_different_queries_are_different_pages(server):
    assert len(records([server.url("/1?page=1"), server.url("/1?page=2")])) == 2


def test_no_urls_have_no_outcomes():
    assert records([]) == []


def test_urls_may_come_from_a_generator(server):
    assert len(records(server.url(f"/{n}") for n in range(3))) == 3


@pytest.mark.parametrize("url", ["", "ftp://a/", "harbour.example", "http://[bad", "\x00", "a\nb"])
def test_what_is_no_web_address_ends_as_bad_url(url):
    record = one(url)
    assert (record.status, record.error.code, record.error.attempts) == ("error", "bad_url", 0)


def test_a_bad_url_named_twice_has_one_outcome():
    assert len(records(["nonsense", "nonsense", " nonsense "])) == 1


def test_a_password_is_refused_and_repeated_nowhere(server):
    record = one(f"http://ada:secret@{server.host}/1")
    assert record.error.code == "credentials_in_url"
    assert "secret" not in record.to_json()
    assert server.requests == []


def test_a_bad_url_stops_no_other(server):
    codes = {record.status for record in records(["nonsense", server.url("/1")])}
    assert codes == {"error", "ok"}


STATUSES = [(404, "http_4xx"), (410, "http_4xx"), (500, "http_5xx"), (200, "empty_body")]


@pytest.mark.parametrize(("status", "code"), STATUSES)
def test_a_failure_is_a_record(status, code, server):
    server.routes["/a"] = page(b"", status=status)
    record = one(server.url("/a"))
    assert (record.status, record.error.code) == ("error", code)
    assert (record.fetch.http_status, record.fetch.requested_url) == (status, server.url("/a"))


def test_every_kind_of_record_is_valid(server, validator):
    server.routes |= {
        "/to": redirect("/1"),
        "/gone": page(b"", status=404),
        "/pdf": page(b"%PDF-1.7", kind="application/pdf"),
        "/odd": page(b"\xff\xfe<\x00p\x00>\x00", headers={"ETag": "\x80\x99"}),
        "/later": page(b"", status=503, headers={"Retry-After": "3600"}),
        "/robots.txt": text("User-agent: *\nDisallow: /private"),
    }
    paths = ["/1", "/to", "/gone", "/pdf", "/odd", "/later", "/private"]
    found = records([*map(server.url, paths), "nonsense"], OBEY)
    assert len(found) == 8
    for record in found:
        validator.validate(record.to_dict())


def test_a_redirected_article_is_known_by_its_final_url(server):
    server.routes["/old"] = redirect("/1", status=301)
    record = one(server.url("/old"))
    assert (record.url, record.fetch.requested_url) == (server.url("/1"), server.url("/old"))
    assert [hop.status for hop in record.fetch.redirects] == [301]


def test_a_failure_after_a_redirect_is_known_by_the_url_asked_for(server):
    server.routes["/old"] = redirect("/gone")
    record = one(server.url("/old"))
    assert (record.url, record.fetch.final_url) == (server.url("/old"), server.url("/gone"))


def test_a_defect_costs_one_url(server, monkeypatch):
    def defective(url, *args):
        if url.endswith("/1"):
            raise ZeroDivisionError
        return attempt(url, *args)

    attempt = turn.attempt
    monkeypatch.setattr(turn, "attempt", defective)
    found = records([server.url(f"/{n}") for n in range(3)])
    assert sorted(record.status for record in found) == ["error", "ok", "ok"]
    assert [r.error.code for r in found if r.error] == ["internal"]


# A lone surrogate is what Python makes of bytes in an argument that are no UTF-8.
def test_a_url_that_is_no_unicode_ends_in_a_record(server):
    stop, found = threading.Event(), []

    def run():
        found.extend(o.article.to_json() for o in crawl([server.url("/\udce9")], QUICK, stop=stop))

    thread = threading.Thread(target=run, daemon=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(threading, "excepthook", lambda _args: None)
        patch.setattr(crawling, "DRAIN", 0.1)
        thread.start()
        thread.join(1.5)
        in_time = not thread.is_alive()
        stop.set()
        thread.join(5)
    assert in_time
    assert len(found) == 1


# Trying again


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_status_that_may_pass_is_tried_again(status, server):
    server.routes["/a"] = turns(page(b"", status=status), page())
    assert one(server.url("/a")).status == "ok"
    assert server.count("/a") == 2


def test_a_reset_is_tried_again(server):
    server.routes["/a"] = turns(reset(), raw(), page())
    assert one(server.url("/a")).status == "ok"
    assert server.count("/a") == 3


@pytest.mark.parametrize("retries", [0, 1, 3])
def test_tries_are_counted_and_end(retries, server):
    server.routes["/a"] = page(b"", status=503)
    settings = Settings(allow_private=True, delay=0.0, robots="ignore", retries=retries)
    record = one(server.url("/a"), settings)
    assert (record.error.attempts, server.count("/a")) == (retries + 1, retries + 1)


FINAL = {
    "404": page(b"", status=404),
    "500": page(b"", status=500),
    "a PDF": page(b"%PDF", kind="application/pdf"),
    "a loop": redirect("/a"),
    "garbage": raw(b"nonsense\r\n\r\n"),
    "an empty page": page(b""),
}


@pytest.mark.parametrize("behaviour", FINAL.values(), ids=FINAL)
def test_a_failure_that_stays_is_not_tried_again(behaviour, server):
    server.routes["/a"] = behaviour
    assert one(server.url("/a")).error.attempts == 1
    assert server.count("/a") == 1


def test_a_failure_that_was_tried_again_is_the_last_one(server):
    server.routes["/a"] = turns(page(b"", status=503), page(b"", status=404))
    record = one(server.url("/a"))
    assert (record.error.code, record.error.attempts) == ("http_4xx", 2)


def test_retry_after_is_waited_for(server):
    busy = page(b"", status=503, headers={"Retry-After": "1"})
    server.routes["/a"] = turns(busy, page())
    records([server.url("/a"), server.url("/1")])
    assert server.asked == ["/a", "/a", "/1"]  # the whole host rests
    assert gaps_of(server)[0] >= 0.95


def test_a_rest_that_is_too_long_is_left_for_another_run(server):
    server.routes["/a"] = page(b"", status=429, headers={"Retry-After": "3600"})
    record = one(server.url("/a"))
    assert (record.error.code, record.error.attempts) == ("rate_limited", 1)
    again = datetime.fromisoformat(record.error.next_attempt_at)
    assert 3500 < (again - datetime.now(UTC)).total_seconds() <= 3600


def test_without_a_rest_asked_for_there_is_no_next_attempt(server):
    server.routes["/a"] = page(b"", status=500)
    assert one(server.url("/a")).error.next_attempt_at is None


# Hosts


def gaps_of(server):
    pages = [request for request in server.requests if request.path != "/robots.txt"]
    return [later.began - earlier.ended for earlier, later in pairwise(pages)]


def test_a_slow_host_does_not_delay_another():
    with servers(2, {f"/{n}": page() for n in range(5)}) as (slow, fast):
        slow.routes["/slow"] = page(after=0.25)
        urls = [slow.url("/slow"), *(fast.url(f"/{n}") for n in range(5))]
        assert records(urls)[-1].url == slow.url("/slow")


def test_a_host_gets_one_request_at_a_time(server):
    server.routes = {f"/{n}": page(after=0.03) for n in range(5)}
    records([server.url(f"/{n}") for n in range(5)])
    assert min(gaps_of(server)) >= 0


def test_many_hosts_are_read_side_by_side():
    with servers(6, {"/a": page(after=0.2)}) as many:
        began = time.monotonic()
        records([server.url("/a") for server in many])
        assert time.monotonic() - began < 0.8


def test_concurrency_limits_the_hosts_at_a_time():
    with servers(4, {"/a": page(after=0.1)}) as many:
        settings = Settings(allow_private=True, delay=0.0, robots="ignore", concurrency=2)
        records([server.url("/a") for server in many], settings)
        spans = [request for server in many for request in server.requests]
    under_way = [sum(s.began <= other.began < s.ended for s in spans) for other in spans]
    assert max(under_way) <= 2


@pytest.mark.parametrize(
    ("delay", "rules", "pause"),
    [(0.2, "", 0.2), (0.0, "Crawl-delay: 0.2", 0.2), (0.2, "Crawl-delay: 0.1", 0.2)],
)
def test_a_host_rests_between_its_pages(delay, rules, pause, server):
    server.routes["/robots.txt"] = text(f"User-agent: *\n{rules}")
    records(
        [server.url(f"/{n}") for n in range(2)],
        Settings(allow_private=True, delay=delay, timeout=5.0),
    )
    (gap,) = gaps_of(server)
    assert gap >= pause - 0.01


def test_a_host_rests_after_a_failure_too(server):
    server.routes = {}
    records(
        [server.url("/1"), server.url("/2")],
        Settings(allow_private=True, delay=0.2, robots="ignore"),
    )
    assert min(gaps_of(server)) >= 0.19


# robots.txt


def test_robots_txt_is_asked_once_a_host(server):
    records([server.url(f"/{n}") for n in range(5)], OBEY)
    assert [request.path for request in server.requests].count("/robots.txt") == 1
    assert server.requests[0].path == "/robots.txt"


def test_robots_txt_is_not_asked_when_ignored(server):
    one(server.url("/1"))
    assert server.count("/robots.txt") == 0


def test_what_robots_txt_allows_says_so(server):
    assert one(server.url("/1"), OBEY).fetch.robots == "allowed"


def test_what_robots_txt_forbids_is_skipped_and_not_asked_for(server):
    server.routes["/robots.txt"] = text("User-agent: *\nDisallow: /1")
    record = one(server.url("/1"), OBEY)
    assert (record.status, record.error.code) == ("skipped", "robots_disallowed")
    assert (record.fetch.robots, record.error.attempts) == ("disallowed", 0)
    assert server.asked == []


def test_without_robots_txt_nothing_is_asked_for(server):
    server.routes["/robots.txt"] = page(b"", status=500)
    record = one(server.url("/1"), OBEY)
    assert (record.status, record.error.code) == ("error", "robots_unreachable")
    assert record.error.retryable
    assert server.asked == []


def test_a_dead_host_is_not_blamed_on_robots_txt():
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert one(f"http://127.0.0.1:{port}/", OBEY).error.code == "connect_failed"


def test_a_host_without_a_name_is_dns_failed(monkeypatch):
    def unknown(*_args, **_options):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert one("http://nohost.invalid/", OBEY).error.code == "dns_failed"


def test_a_redirect_does_not_lead_around_robots_txt(server):
    server.routes |= {
        "/robots.txt": text("User-agent: *\nDisallow: /private"),
        "/open": redirect("/private/1"),
        "/private/1": page(),
    }
    assert one(server.url("/open"), OBEY).error.code == "robots_disallowed"


# The end


def test_a_redirect_into_what_is_forbidden_says_so(server):
    server.routes |= {
        "/robots.txt": text("User-agent: *\nDisallow: /private"),
        "/open": redirect("/private/1"),
    }
    record = one(server.url("/open"), OBEY)
    assert (record.status, record.fetch.robots) == ("skipped", "disallowed")


def test_a_redirect_to_another_host_asks_its_robots_txt(server):
    with Server({"/robots.txt": text("User-agent: *\nDisallow: /b"), "/b": page()}) as other:
        server.routes["/a"] = redirect(other.url("/b"))
        assert one(server.url("/a"), OBEY).error.code == "robots_disallowed"
        assert other.asked == []


def test_a_redirect_to_another_host_meets_the_deadline(server):
    with Server({"/b": drip(b"HTTP/1.1 200 OK\r\nX-A: ", times=16)}) as other:
        server.routes["/a"] = redirect(other.url("/b"))
        began = time.monotonic()
        record = one(server.url("/a"), Settings(allow_private=True, delay=0.0, timeout=0.3))
    assert record.error.code == "deadline_exceeded"
    assert time.monotonic() - began < 1.3


def test_a_stop_ends_the_run_and_leaves_the_rest_out(server):
    stop, found = threading.Event(), []
    urls = [server.url(f"/{n}") for n in range(10)]
    for outcome in crawl(urls, Settings(allow_private=True, delay=0.1, robots="ignore"), stop=stop):
        found.append(outcome)
        stop.set()
    assert 1 <= len(found) < 5
    assert len(server.asked) == len(found)


def test_a_stop_before_the_start_fetches_nothing(server):
    stop = threading.Event()
    stop.set()
    list(
        crawl(
            [server.url("/1")], Settings(allow_private=True, delay=5.0, robots="ignore"), stop=stop
        )
    )
    assert len(server.asked) <= 1


def test_a_stop_lets_what_is_under_way_finish(server):
    stop = threading.Event()
    server.routes["/a"] = page(after=0.3)
    threading.Thread(target=lambda: (server.wait_for("/a"), stop.set()), daemon=True).start()
    (outcome,) = crawl([server.url("/a"), server.url("/1")], QUICK, stop=stop)
    assert outcome.article.url == server.url("/a")


def test_a_stop_does_not_wait_for_a_fetch_that_hangs(server, monkeypatch):
    monkeypatch.setattr(crawling, "DRAIN", 0.1)
    stop = threading.Event()
    server.routes["/a"] = raw(stall=True)
    threading.Thread(target=lambda: (server.wait_for("/a"), stop.set()), daemon=True).start()
    began = time.monotonic()
    assert list(crawl([server.url("/a")], QUICK, stop=stop)) == []
    assert time.monotonic() - began < 3


def test_a_stop_ends_a_long_rest(server):
    stop = threading.Event()
    urls = [server.url("/1"), server.url("/2")]
    began = time.monotonic()
    for _ in crawl(urls, Settings(allow_private=True, delay=60.0, robots="ignore"), stop=stop):
        stop.set()
    assert time.monotonic() - began < 3


def left_over(before, timeout=3.0):
    """The crawl threads that are there still, after some time to go home."""
    end = time.monotonic() + timeout
    while crawl_threads() - before and time.monotonic() < end:
        time.sleep(0.05)
    return crawl_threads() - before


def test_a_finished_run_leaves_no_thread(server):
    before = crawl_threads()
    records([server.url(f"/{n}") for n in range(5)])
    assert left_over(before) == set()


def test_a_run_closed_early_leaves_no_thread(server):
    before = crawl_threads()
    outcomes = crawl(
        [server.url(f"/{n}") for n in range(5)],
        Settings(allow_private=True, delay=60, robots="ignore"),
    )
    next(outcomes)
    outcomes.close()
    assert left_over(before) == set()


def test_a_run_closed_while_its_queue_is_full_leaves_no_thread(server):
    before = crawl_threads()
    urls = [server.url(f"/{n}") for n in range(10)]
    outcomes = crawl(urls, Settings(allow_private=True, delay=0.0, robots="ignore", concurrency=1))
    next(outcomes)
    server.wait_for("/3")  # one is with us, two are in the queue, the fourth finds it full
    time.sleep(0.2)
    outcomes.close()
    assert left_over(before, 1.0) == set()


def test_a_run_read_slowly_loses_nothing(server):
    urls = [server.url(f"/{n}") for n in range(10)]
    found = 0
    for _ in crawl(urls, Settings(allow_private=True, delay=0.0, robots="ignore", concurrency=1)):
        time.sleep(0.01)
        found += 1
    assert found == 10


def test_workers_give_the_same_records(server):
    urls = [server.url(f"/{n}") for n in range(4)]
    here = {record.url: record.text for record in records(urls)}
    settings = Settings(allow_private=True, delay=0.0, robots="ignore", workers=2)
    assert {record.url: record.text for record in records(urls, settings)} == here


def alive(processes, timeout=2.0):
    """Those processes that live on, after some time to die."""
    end = time.monotonic() + timeout
    while (living := [p for p in processes() if p.is_alive()]) and time.monotonic() < end:
        time.sleep(0.05)
    return living


def test_a_finished_run_leaves_no_process(server):
    records([server.url("/1")], Settings(allow_private=True, delay=0.0, robots="ignore", workers=2))
    assert alive(multiprocessing.active_children) == []


def test_a_run_closed_early_leaves_no_process():
    with servers(2, {"/a": page(), "/slow": page(after=0.3)}) as (one_host, other):
        settings = Settings(allow_private=True, delay=0.0, robots="ignore", workers=2)
        outcomes = crawl([one_host.url("/a"), other.url("/slow")], settings)
        next(outcomes)
        outcomes.close()
        time.sleep(0.5)  # until the slow page is there
        found = alive(multiprocessing.active_children)
    for process in found:
        os.kill(process.pid, signal.SIGKILL)
    assert found == []


# clean


@pytest.fixture
def files(tmp_path):
    """Six pages, a gzip file, and two that cannot be read."""
    for n in range(6):
        (tmp_path / f"{n}.html").write_bytes(article(f"Page {n}"))
    packed = gzip.compress(article("Packed"))
    (tmp_path / "6.html.gz").write_bytes(packed)
    (tmp_path / "7.html.gz").write_bytes(packed[:-20])
    return [*sorted(map(str, tmp_path.iterdir())), str(tmp_path / "missing.html")]


def test_files_become_records_in_their_order(files):
    found = list(clean(files, Settings()))
    assert [record.fetch.requested_url for record in found] == files


def test_a_file_that_cannot_be_read_is_a_record(files):
    found = list(clean(files[-2:], Settings()))
    assert [(r.status, r.error.code) for r in found] == [
        ("error", "truncated"),
        ("error", "unreadable_file"),
    ]


def test_a_record_of_a_file_says_so(files):
    (record,) = clean(files[:1], Settings())
    assert (record.fetch.from_, record.url, record.host) == ("file", "", None)


@pytest.mark.parametrize("workers", [1, 2])
def test_the_number_of_workers_changes_no_byte(workers, files):
    here = [record.to_json() for record in clean(files, Settings(workers=0))]
    there = [record.to_json() for record in clean(files, Settings(workers=workers))]
    assert there == here


def test_a_url_names_the_page(files):
    (record,) = clean(files[:1], Settings(), url="https://harbour.example/a")
    assert (record.url, record.host) == ("https://harbour.example/a", "harbour.example")


def test_a_page_with_a_url_has_the_id_of_its_url(files):
    (record,) = clean(files[:1], Settings(), url="https://harbour.example/a")
    assert record.id == scraper.extract(article(), "https://harbour.example/a").id


def test_an_unreadable_file_with_a_url_has_the_id_of_its_url(files):
    (record,) = clean(files[-1:], Settings(), url="https://harbour.example/a")
    assert record.id == scraper.extract(article(), "https://harbour.example/a").id


def test_different_files_have_different_ids(files):
    assert len({record.id for record in clean(files, Settings())}) == len(files)


def test_files_are_read_as_they_are_asked_for(files):
    def paths():
        for path in files * 100:
            given.append(path)
            yield path

    given = []
    found = clean(paths(), Settings(workers=0))
    next(found)
    found.close()
    assert len(given) < 20


def test_no_files_give_no_records():
    assert list(clean([], Settings())) == []


def test_a_file_larger_than_the_limit_is_too_large(files):
    (record,) = clean(files[:1], Settings(max_size=100))
    assert record.error.code == "too_large"


def test_a_file_name_that_is_no_unicode_has_a_record(tmp_path, validator):
    path = os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.html")
    with open(path, "wb") as file:  # noqa: PTH123 - a name of bytes
        file.write(article())
    (record,) = clean([path], Settings())
    validator.validate(record.to_dict())
    assert "\ufffd" in record.fetch.requested_url


def test_a_path_that_no_file_can_have_is_unreadable():
    (record,) = clean(["a\x00b.html"], Settings())
    assert record.error.code == "unreadable_file"


# robots.txt that fails once


def test_a_robots_txt_that_fails_once_is_asked_again(server):
    server.routes["/robots.txt"] = turns(page("", status=503), page("", status=404))
    assert one(server.url("/1"), OBEY).status == "ok"


def test_a_robots_txt_that_goes_on_failing_is_unreachable(server):
    server.routes["/robots.txt"] = page("", status=503)
    record = one(server.url("/1"), OBEY)
    assert (record.error.code, record.error.attempts) == ("robots_unreachable", OBEY.retries)


# The mode

FRONT = Path(__file__).parent.parent.parent / "fixtures" / "pages" / "index-page" / "page.html"
STATUS = {"article": "not_article", "auto": "not_article", "any": "ok"}


@pytest.mark.parametrize("mode", STATUS)
def test_a_crawl_keeps_to_the_mode(mode):
    with Server({"/": page(FRONT.read_bytes())}) as server:
        record = one(
            server.url("/"), Settings(allow_private=True, delay=0.0, robots="ignore", mode=mode)
        )
    assert record.status == STATUS[mode]


@pytest.mark.parametrize("mode", STATUS)
def test_saved_pages_are_read_in_the_mode(mode):
    (record,) = clean([str(FRONT)], Settings(mode=mode))
    assert record.status == STATUS[mode]
