"""``scraper get``: a few URLs in, their articles out, in the order given."""

import json
from pathlib import Path

import commandline
import loopback
import pytest
from loopback import article, page, text

from scraper.schema import complaint

run = commandline.run
alone = commandline.alone
server = loopback.server


@pytest.fixture(autouse=True)
def _pages(alone, server):
    server.routes = {
        "/slow": page(article("Slow"), after=0.1),
        "/a": page(article("Noon")),
        "/b": page(article("Dusk")),
    }


def test_one_url_gives_one_object(run, server):
    result = run("get", server.url("/a"))
    assert (result.code, json.loads(result.out)["title"]) == (0, "Noon")


def test_the_object_is_a_valid_record(run, server):
    assert complaint(run("get", server.url("/a")).out.encode()) is None


def test_a_good_end_is_silent(run, server):
    assert run("get", server.url("/a")).err == ""


def test_several_urls_give_an_array_in_the_order_given(run, server):
    result = run("get", *map(server.url, ("/slow", "/b", "/a")))
    assert [record["title"] for record in json.loads(result.out)] == ["Slow", "Dusk", "Noon"]


def test_a_failure_keeps_its_place(run, server):
    result = run("get", *map(server.url, ("/a", "/missing", "/b")))
    assert [record["status"] for record in json.loads(result.out)] == ["ok", "error", "ok"]


def test_a_url_given_twice_is_fetched_and_written_once(run, server):
    result = run("get", server.url("/a"), server.url("/a"), "-f", "jsonl")
    assert result.out.count("\n") == 1
    assert server.asked == ["/a"]


@pytest.mark.parametrize(
    ("form", "begins"), [("md", "# Noon\n"), ("text", "Noon\n"), ("jsonl", "{"), ("json", "{\n")]
)
def test_an_article_has_the_form_asked_for(form, begins, run, server):
    assert run("get", server.url("/a"), "-f", form).out.startswith(begins)


def test_a_failure_is_said_and_has_exit_code_3(run, server):
    result = run("get", server.url("/missing"))
    assert result.code == 3
    assert "1 error (1 http_4xx)" in result.err


def test_one_failure_of_two_has_exit_code_1(run, server):
    assert run("get", server.url("/a"), server.url("/missing")).code == 1


@pytest.mark.parametrize("form", ["md", "text"])
def test_a_failure_leaves_no_trace_in_prose(form, run, server):
    assert run("get", server.url("/missing"), "-f", form).out == ""


def test_what_robots_txt_forbids_is_no_failure_of_ours(run, server):
    server.routes["/robots.txt"] = text("User-agent: *\nDisallow: /")
    result = run("get", server.url("/a"))
    assert (result.code, json.loads(result.out)["status"]) == (0, "skipped")
    assert "robots_disallowed" in result.err


def test_robots_txt_may_be_ignored(run, server):
    server.routes["/robots.txt"] = text("User-agent: *\nDisallow: /")
    assert run("get", server.url("/a"), "--robots", "ignore").code == 0
    assert server.count("/robots.txt") == 0


def test_a_file_is_written(run, server):
    result = run("get", server.url("/a"), "-f", "md", "-o", "a.md")
    assert (result.code, result.out) == (0, "")
    assert Path("a.md").read_text("utf-8").startswith("# Noon\n")


def test_a_missing_folder_is_exit_code_4_before_anything_is_fetched(run, server):
    result = run("get", server.url("/a"), "-o", "missing/a.json")
    assert (result.code, "missing/a.json" in result.complaint) == (4, True)
    assert server.asked == []


def test_the_time_is_limited(run, server):
    server.routes["/a"] = page(after=5.0)
    result = run("get", server.url("/a"), "-m", "0.1", "--retries", "0")
    assert json.loads(result.out)["error"]["code"] in {"deadline_exceeded", "read_timeout"}


def test_the_size_is_limited(run, server):
    result = run("get", server.url("/a"), "--max-size", "100")
    assert json.loads(result.out)["error"]["code"] == "too_large"


def test_letters_beyond_ascii_end_in_a_record(run, server):
    result = run("get", server.url("/caf\u00e9"))
    assert complaint(result.out.encode()) is None


def test_bytes_that_are_no_utf8_are_wrong_usage(run, server):
    assert run("get", server.url("/caf\udce9")).code == 2


def test_a_page_that_is_no_article_is_said_where_nothing_is_printed(run, server):
    server.routes["/none"] = page(b"<html><body></body></html>")
    result = run("get", "-f", "md", server.url("/none"))
    assert (result.code, result.out, "not_article" in result.err) == (0, "", True)


# What is sent, and where


def test_headers_are_sent(run, server):
    server.routes["/a"] = page()
    run("get", server.url("/a"), "-H", "X-A: b", "--header", "Accept-Language: is")
    headers = server.headers("/a")
    assert (headers["x-a"], headers["accept-language"]) == ("b", "is")


def test_headers_of_the_environment_are_sent_one_a_line(run, server, monkeypatch):
    monkeypatch.setenv("SCRAPER_HEADERS", "X-A: b c\nX-B: d")
    server.routes["/a"] = page()
    run("get", server.url("/a"))
    headers = server.headers("/a")
    assert (headers["x-a"], headers["x-b"]) == ("b c", "d")


def test_a_header_that_none_may_send_is_wrong_usage(run, server):
    result = run("get", server.url("/a"), "-H", "X-A: b\r\nX-B: c")
    assert (result.code, server.requests) == (2, [])


def test_a_proxy_is_used(run, server):
    server.routes["http://site.invalid/a"] = page()
    assert run("get", "http://site.invalid/a", "-x", server.url("")).code == 0


def test_this_machine_is_not_reached_unless_it_is_said(run, server, monkeypatch):
    monkeypatch.delenv("SCRAPER_ALLOW_PRIVATE")
    server.routes["/a"] = page()
    result = run("get", server.url("/a"), "-f", "jsonl")
    assert '"code":"blocked_address"' in result.out
    assert server.requests == []


def test_it_is_reached_where_it_is_said(run, server, monkeypatch):
    monkeypatch.delenv("SCRAPER_ALLOW_PRIVATE")
    server.routes["/a"] = page()
    assert run("get", server.url("/a"), "--allow-private").code == 0


def test_a_secret_is_in_nothing_that_is_written(run, server):
    server.routes["/a"] = loopback.redirect(f"http://ada:geheim@{server.host}/b")
    urls = [server.url("/a"), f"http://ada:geheim@{server.host}/b"]
    proxy = f"http://ada:geheim@{server.host}"
    for options in (["-H", "Authorization: geheim"], ["-x", proxy]):
        result = run("get", *urls, "-f", "jsonl", *options)
        assert "geheim" not in result.out + result.err
