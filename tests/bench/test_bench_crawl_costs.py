"""The benches of whole crawls: their server, their measures, their verdicts."""

import http.client
import json
import subprocess
import sys

import pytest

from bench.corpora.case import Case
from bench.crawl.lists import digest, known, lines_of
from bench.crawl.measure import Cost, cost, environment
from bench.crawl.memory import family
from bench.crawl.origin import Site, Tally, address, serving, small_article
from bench.crawl.pages import spread
from bench.crawl.profile import OTHER, UNSEEN, Stack, functions, shares, stage_of
from bench.crawl.sections import replaced, write_section
from bench.crawl.soak import judge
from bench.crawl.systems import CRAWLERS, Written
from bench.crawl.throughput import Figures, Round, complete, ratios, summary
from bench.crawl.watch import Look, slope
from scraper.model import Link
from scraper.pipeline import Job
from scraper.settings import Settings

HOST, SLOW = address(0), address(1)


@pytest.fixture(scope="module")
def origin():
    site = Site(slow=frozenset({SLOW}), slow_latency=0.05)
    with serving(site) as origin:
        yield origin


@pytest.fixture(autouse=True)
def counts_begin_at_nothing(request):
    if "origin" in request.fixturenames:
        request.getfixturevalue("origin").reset()


def ask(origin, path, host=HOST, headers=None):
    connection = http.client.HTTPConnection(host, origin.port, timeout=5)
    connection.request("GET", path, headers=headers or {})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer, body


def test_the_origin_sends_an_article(origin):
    _, body = ask(origin, "/page/7.html")
    assert body == small_article(7)


def test_the_origin_allows_everything_to_robots(origin):
    _, body = ask(origin, "/robots.txt")
    assert body == b"User-agent: *\nAllow: /\n"


def test_the_origin_answers_304_to_its_own_tag(origin):
    answer, _ = ask(origin, "/page/7.html")
    again, _ = ask(origin, "/page/7.html", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status, origin.tally().not_modified) == (304, 1)


def test_another_page_has_another_tag(origin):
    answer, _ = ask(origin, "/page/7.html")
    other, _ = ask(origin, "/page/8.html", headers={"If-None-Match": answer.headers["ETag"]})
    assert other.status == 200


def test_what_is_no_page_is_not_found(origin):
    answer, _ = ask(origin, "/other")
    assert answer.status == 404


def test_a_second_request_for_a_page_is_counted_as_such(origin):
    for _ in range(3):
        ask(origin, "/page/7.html")
    assert origin.tally()[:4] == (3, 0, 0, 2)


def test_a_slow_host_is_counted_apart(origin):
    ask(origin, "/page/7.html", host=SLOW)
    tally = origin.tally()
    assert (tally.pages, tally.slow, tally.first) == (0, 1, None)


def test_every_address_is_a_host_of_the_origin(origin):
    answer, _ = ask(origin, "/page/1.html", host=address(99_999))
    assert answer.status == 200


def test_the_hosts_of_a_list_take_turns(origin):
    urls = origin.urls(4, 2)
    assert [url.split(":")[1] for url in urls] == ["//127.0.0.1", "//127.0.0.2"] * 2


def test_small_articles_differ():
    assert len({small_article(number) for number in range(200)}) == 200


def test_pages_are_spread_over_the_corpora(tmp_path):
    cases = [Case("c", str(n), None, tmp_path / str(n), "a.example") for n in range(10)]
    assert [path.name for path in spread(cases, 5)] == ["0", "2", "4", "6", "8"]


def test_no_more_pages_are_taken_than_there_are(tmp_path):
    assert len(spread([Case("c", "0", None, tmp_path, "a.example")], 5)) == 1


def test_cpu_of_a_child_left_behind_is_counted(tmp_path):
    burn = "import time\nwhile time.process_time() < 0.3: pass"
    leave = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {burn!r}])"
    assert cost([sys.executable, "-c", leave], tmp_path, 20.0).cpu > 0.3


def test_the_exit_code_is_that_of_the_command(tmp_path):
    assert cost([sys.executable, "-c", "raise SystemExit(3)"], tmp_path, 20.0).code == 3


def test_a_command_over_its_time_has_no_exit_code(tmp_path):
    assert cost([sys.executable, "-c", "import time; time.sleep(60)"], tmp_path, 0.3).code is None


def test_a_crawl_sees_none_of_the_callers_options(monkeypatch):
    monkeypatch.setenv("SCRAPER_DELAY", "9")
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.example")
    assert not {"SCRAPER_DELAY", "HTTP_PROXY"} & set(environment())


def test_a_child_is_of_the_family():
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as child:
        found = family(child.pid)
        child.kill()
    assert list(found) == [child.pid]


def write(folder, name, *rows, end="\n"):
    folder.mkdir(exist_ok=True)
    text = "\n".join(json.dumps(row) for row in rows) + end
    (folder / name).write_text(text, "utf-8")


def row(url="http://a.example/", status="ok", text="Words"):
    return {"status": status, "url": url, "text": text, "fetch": {"requested_url": url}}


def test_records_and_addresses_are_counted(tmp_path):
    write(tmp_path, "articles.jsonl", row(), row())
    write(tmp_path, "errors.jsonl", row("http://b.example/", "error"))
    assert lines_of(tmp_path) == (3, 2, 2)


def test_a_torn_line_is_no_record(tmp_path):
    write(tmp_path, "articles.jsonl", row(), row(), end="")
    assert lines_of(tmp_path).records == 1


def test_the_digest_tells_a_changed_file(tmp_path):
    write(tmp_path, "articles.jsonl", row())
    before = digest(tmp_path)
    write(tmp_path, "articles.jsonl", row(text="Other"))
    assert digest(tmp_path) != before


def test_ours_is_counted_in_both_files(tmp_path):
    corpus = tmp_path / "part-0" / "corpus"
    corpus.mkdir(parents=True)
    write(corpus, "articles.jsonl", row())
    write(corpus, "errors.jsonl", row("http://b.example/", "error", None))
    assert CRAWLERS["ours"].count(tmp_path) == Written(2, 2, 1)


def test_two_processes_have_half_of_the_list_each(tmp_path):
    CRAWLERS["scrapy x2"].start(["a", "b", "c"], tmp_path)
    lists = [(tmp_path / f"part-{n}" / "urls.txt").read_text("utf-8") for n in (0, 1)]
    assert lists == ["a\nc\n", "b\n"]


def crawled(pages=10, again=0, code=0, records=10, addresses=10):
    tally = Tally(pages, 0, 0, again, 0, 0.0, 1.0)
    return Round(Cost(code, 2.0, 1.0, 50.0), tally, 0.5, Written(records, addresses, records))


@pytest.mark.parametrize(
    ("run", "whole"),
    [
        (crawled(), True),
        (crawled(pages=11, again=1), True),
        (crawled(records=9, addresses=None), True),
        (crawled(code=None), False),
        (crawled(pages=9), False),
        (crawled(records=9, addresses=9), False),
        (crawled(addresses=9), False),
    ],
)
def test_a_crawl_is_complete_with_one_record_for_each_address(run, whole):
    assert complete(run, 10) is whole


def test_figures_are_those_of_a_page():
    found = summary("ours", [crawled()], 10)
    assert (found.pages_per_second, found.cpu_ms, found.server) == (5.0, 100.0, 0.25)


def figures(system, rate, cpu):
    return Figures(system, rate, cpu, 0.0, 0.0, 1, 1, 1, complete=True)


def test_ours_is_set_beside_the_best_peer_of_each_figure():
    rows = [figures("ours", 30, 20), figures("a", 20, 50), figures("b", 10, 25)]
    assert ratios(rows) == [
        "ours / fastest peer, a: 1.50 in pages/s.",
        "ours / leanest peer, b: 0.80 in CPU a page.",
    ]


def test_a_stack_counts_for_the_library_that_called_the_socket():
    frames = ["/lib/socket.py:readinto", "/lib/http/client.py:begin", "/w/scraper/pipeline.py:take"]
    assert stage_of(frames) == "fetch: requests, urllib3, http.client"


def test_a_stack_of_no_stage_is_named_so():
    assert stage_of(["/lib/threading.py:run"]) == OTHER


def test_what_was_not_charged_is_a_stage_of_its_own():
    stack = Stack(["/w/scraper/state/store.py:add"], 3.0)
    assert shares([stack], 4.0) == [("state", 0.75), (UNSEEN, 0.25)]


def test_a_library_function_is_named_with_our_caller():
    stack = Stack(["/lib/json/x.py:dumps", "/w/scraper/writer/corpus.py:write"], 1.0)
    assert functions([stack]) == [("writer/corpus.py:write > json/x.py:dumps", 1.0)]


def looks(parent, workers=lambda _: 80.0, fds=lambda _: 40):
    return [Look(n, 100 * n, parent(n), workers(n), fds(n)) for n in range(1, 31)]


def test_level_memory_passes_the_soak():
    assert judge(looks(lambda _: 50.0)).passed


def test_a_parent_that_grows_with_the_pages_fails_the_soak():
    assert not judge(looks(lambda n: 50.0 + n)).passed


def test_workers_that_grow_with_the_pages_fail_the_soak():
    assert not judge(looks(lambda _: 50.0, workers=lambda n: 80.0 + n)).passed


def test_files_that_stay_open_fail_the_soak():
    assert not judge(looks(lambda _: 50.0, fds=lambda n: 10 * n)).passed


def test_memory_that_fills_in_the_first_third_passes_the_soak():
    assert judge(looks(lambda n: min(60.0, 50.0 + n))).passed


def test_a_slope_of_looks_at_one_moment_is_level():
    assert slope([Look(0, 5, 0, 0, 0)] * 2, [1.0, 2.0]) == 0.0


def test_a_section_is_replaced_in_its_place():
    whole = replaced(replaced("# Crawl\n", "a", "old"), "b", "kept")
    assert replaced(whole, "a", "new") == whole.replace("old", "new")


def test_figures_of_other_sections_are_kept(tmp_path):
    path = tmp_path / "crawl.md"
    for name in ("a", "b"):
        write_section(path, name, "text", {"n": 1})
    assert json.loads(path.with_suffix(".json").read_text("utf-8")) == {
        "a": {"n": 1},
        "b": {"n": 1},
    }


def test_workers_that_end_with_the_crawl_do_not_hide_their_growth():
    ended = [*looks(lambda _: 50.0, workers=lambda n: 80.0 + n), Look(31, 3000, 50.0, 0.0, 3)]
    assert not judge(ended).passed


def test_a_crawl_without_state_knows_nothing_yet(tmp_path):
    assert known(tmp_path) is None


def test_addresses_in_the_state_of_a_crawl_are_counted(tmp_path):
    with Job(tmp_path, Settings(max_pages=1, robots="ignore")) as job:
        list(job.crawl([Link(url=f"ftp://host.example/{n}") for n in range(3)]))
    assert known(tmp_path) == 3
