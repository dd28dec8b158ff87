"""The crawl exam: its plan, its server, its verdicts."""

import http.client
import os
import urllib.error
import urllib.request
from collections import Counter

import pytest

from bench.corpora.case import Case
from bench.crawl.check import faults, read_records, tally
from bench.crawl.memory import Sample, growth, tree_mb
from bench.crawl.plan import TRAPS, Expected, build
from bench.crawl.server import serving

URL = "http://127.0.0.1:1/a"


@pytest.fixture
def cases(tmp_path):
    page = tmp_path / "page.html"
    page.write_bytes(b"<p>Our own words")
    return [Case("c", str(number), None, page, "example.org") for number in range(60)]


def record(url=URL, status="ok", code=None, http_status=200):
    error = {"code": code} if code else None
    return {
        "status": status,
        "error": error,
        "fetch": {"requested_url": url, "http_status": http_status},
    }


def test_the_plan_has_every_trap_in_its_number(cases):
    counts = Counter(item.kind for item in build(cases, [1, 2]).expected)
    assert counts == {**TRAPS, "page": 40}


def test_no_url_is_listed_twice(cases):
    urls = [item.url for item in build(cases, [1, 2, 3]).expected]
    assert len(set(urls)) == len(urls)


def test_the_traps_do_not_stand_together(cases):
    kinds = [item.kind for item in build(cases, [1]).expected]
    assert "page" in kinds[:3]
    assert "page" in kinds[-3:]


@pytest.fixture
def origin(cases):
    with serving(1) as (server,):
        port = server.server_address[1]
        server.routes = build(cases, [port]).routes[port]
        yield f"http://127.0.0.1:{port}"


def path_of(origin, kind, cases):
    port = int(origin.rpartition(":")[2])
    return next(item.url for item in build(cases, [port]).expected if item.kind == kind)


def test_the_server_sends_a_page(origin):
    with urllib.request.urlopen(f"{origin}/page/0.html", timeout=5) as answer:
        assert answer.read() == b"<p>Our own words"


def test_the_server_has_no_robots_file(origin):
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(f"{origin}/robots.txt", timeout=5)
    caught.value.close()
    assert caught.value.code == 404


def test_a_redirect_leads_to_its_page(origin, cases):
    with urllib.request.urlopen(path_of(origin, "moved", cases), timeout=5) as answer:
        assert answer.url.endswith(".html")


def test_a_closed_connection_gives_no_answer(origin, cases):
    with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
        urllib.request.urlopen(path_of(origin, "closed", cases), timeout=5)


def test_a_stall_sends_its_headers_first(origin, cases):
    answer = urllib.request.urlopen(path_of(origin, "stall", cases), timeout=0.2)
    with answer, pytest.raises(TimeoutError):
        answer.read()


def test_one_record_a_url_is_no_fault():
    assert faults([Expected(URL, "page", http_status=200)], [record()]) == []


def test_a_lost_url_is_a_fault():
    assert faults([Expected(URL, "page")], []) == [f"page {URL}: 0 records instead of one"]


def test_a_doubled_record_is_a_fault():
    assert faults([Expected(URL, "page")], [record()] * 2) == [
        f"page {URL}: 2 records instead of one"
    ]


def test_a_record_nobody_asked_for_is_a_fault():
    assert len(faults([], [record()])) == 1


def test_a_wrong_code_is_a_fault():
    item = Expected(URL, "missing", frozenset({"http_4xx"}), 404)
    (fault,) = faults([item], [record(status="error", code="internal", http_status=404)])
    assert fault.endswith("error internal instead of error http_4xx")


def test_an_expected_code_is_no_fault():
    item = Expected(URL, "missing", frozenset({"http_4xx"}), 404)
    assert faults([item], [record(status="error", code="http_4xx", http_status=404)]) == []


def test_a_wrong_http_status_is_a_fault():
    (fault,) = faults([Expected(URL, "page", http_status=200)], [record(http_status=None)])
    assert fault.endswith("fetch.http_status None instead of 200")


def test_a_page_recorded_as_error_is_a_fault():
    (fault,) = faults([Expected(URL, "page")], [record(status="error", code="internal")])
    assert fault.endswith("instead of a page")


def test_records_are_read_from_both_files(tmp_path):
    (tmp_path / "articles.jsonl").write_text('{"status": "ok"}\n', "utf-8")
    (tmp_path / "errors.jsonl").write_text('{"status": "error"}\n', "utf-8")
    assert [row["status"] for row in read_records(tmp_path)] == ["ok", "error"]


def test_a_torn_line_is_a_fault(tmp_path):
    (tmp_path / "articles.jsonl").write_text('{"status": "o', "utf-8")
    assert len(faults([], read_records(tmp_path))) == 1


def test_the_tally_counts_outcomes_by_kind():
    rows = [record(), record(status="error", code="http_4xx")]
    assert tally([Expected(URL, "page")], rows) == [("page", "http_4xx", 1), ("page", "ok", 1)]


def samples(*values):
    return [Sample(float(second), float(mb)) for second, mb in enumerate(values, 1)]


def test_level_memory_passes():
    assert growth(samples(*[100.0] * 30)).passed


def test_memory_that_grows_with_the_pages_fails():
    assert not growth(samples(*range(50, 350, 10))).passed


def test_a_run_without_samples_has_no_growth():
    assert growth([]) is None


def test_the_resident_set_of_this_process_is_found():
    assert tree_mb(os.getpid()) > 1
