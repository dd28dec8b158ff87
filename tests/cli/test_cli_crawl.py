"""``scraper crawl``: lists in, a corpus folder out."""

import json
from pathlib import Path

import commandline
import loopback
import pytest
from loopback import article, page, text

from scraper.schema import complaint
from scraper.writer import Corpus

run = commandline.run
alone = commandline.alone
server = loopback.server


@pytest.fixture(autouse=True)
def _pages(alone, server, monkeypatch):
    monkeypatch.setenv("SCRAPER_DELAY", "0")
    server.routes = {f"/{n}": page(about(n)) for n in range(5)}


def about(n):
    """The page with this number: its title and its text are those of no other."""
    return article(f"Page {n}", f"This is the story of boat {n}.")


@pytest.fixture
def urls(alone, server):
    """A list of three pages and one that is missing."""
    Path("urls.txt").write_text("".join(f"{server.url(f'/{n}')}\n" for n in (0, 1, 2, 9)))
    return "urls.txt"


def lines(folder, name):
    return Path(folder, name).read_bytes().splitlines()


def titles(folder="output"):
    return sorted(json.loads(line)["title"] for line in lines(folder, "articles.jsonl"))


def errors(folder="output"):
    return [json.loads(line)["error"]["code"] for line in lines(folder, "errors.jsonl")]


def test_a_list_becomes_a_corpus(run, urls):
    assert run("crawl", "-i", urls).code == 1
    assert titles() == ["Page 0", "Page 1", "Page 2"]
    assert errors() == ["http_4xx"]


def test_every_line_is_a_valid_record(run, urls):
    run("crawl", "-i", urls)
    for name in ("articles.jsonl", "errors.jsonl"):
        assert {complaint(line) for line in lines("output", name)} == {None}


def test_nothing_goes_to_standard_output(run, urls):
    assert run("crawl", "-i", urls).out == ""


def test_the_summary_says_what_became_of_how_many(run, urls):
    err = run("crawl", "-i", urls).err
    assert err.startswith("scraper: 4 URLs: 3 ok, 1 error (1 http_4xx) in ")
    assert err.endswith(" -> output\n")
    assert err.count("\n") == 1


def test_quiet_says_nothing_when_all_went_well(run, server):
    assert run("crawl", server.url("/1"), "-q").err == ""


def test_quiet_speaks_when_something_failed(run, server):
    assert "http_4xx" in run("crawl", server.url("/9"), "-q").err


def test_the_folder_is_the_one_asked_for(run, server):
    run("crawl", server.url("/1"), "-C", "deep/corpus")
    assert titles("deep/corpus") == ["Page 1"]
    assert not Path("output").exists()


def test_lists_and_arguments_add_up(run, server, urls):
    Path("more.txt").write_text(server.url("/3") + "\n")
    run("crawl", server.url("/4"), "-i", urls, "-i", "more.txt")
    assert titles() == [f"Page {n}" for n in range(5)]


@pytest.mark.parametrize("args", [["-"], ["-i", "-"]])
def test_a_list_may_come_from_standard_input(args, run, server):
    run("crawl", *args, stdin=f"# mine\r\n{server.url('/1')}\r\n".encode())
    assert titles() == ["Page 1"]


def test_a_bad_line_is_a_record(run, server):
    result = run("crawl", "-", stdin=f"nonsense\n{server.url('/1')}\n".encode())
    assert (result.code, titles(), errors()) == (1, ["Page 1"], ["bad_url"])


@pytest.mark.parametrize("body", [b"", b"\n\n", b"# nothing today\n"])
def test_an_empty_list_is_no_failure(body, run):
    result = run("crawl", "-", stdin=body)
    assert result.code == 0
    assert result.err.startswith("scraper: 0 URLs in ")


def test_a_closed_standard_input_is_one_line(run):
    result = run("crawl", "-", stdin=None)
    assert (result.code, bool(result.complaint)) == (2, True)


# Again


def test_a_second_run_fetches_nothing_that_is_there(run, server):
    args = ("crawl", server.url("/1"), server.url("/2"))
    run(*args)
    before = len(server.requests)
    result = run(*args)
    assert (result.code, len(server.requests), titles()) == (0, before, ["Page 1", "Page 2"])
    assert "2 already there" in result.err


def test_a_second_run_goes_on_where_the_first_ended(run, server):
    run("crawl", server.url("/1"))
    run("crawl", server.url("/1"), server.url("/2"))
    assert server.asked == ["/1", "/2"]


def test_a_second_run_tries_failures_again(run, server):
    run("crawl", server.url("/9"))
    server.routes["/9"] = page(about(9))
    run("crawl", server.url("/9"))
    assert titles() == ["Page 9"]


@pytest.mark.parametrize("form", ["{}#part", "{}?utm_source=x", " {} "])
def test_a_second_run_knows_a_page_in_another_form(form, run, server):
    run("crawl", server.url("/1"))
    run("crawl", "-", stdin=form.format(server.url("/1")).encode())
    assert server.asked == ["/1"]


def test_a_second_run_knows_a_page_by_what_was_asked_for(run, server):
    server.routes["/old"] = page(b"", status=301, headers={"Location": "/1"})
    for _ in range(2):
        run("crawl", server.url("/old"))
    assert server.asked == ["/old", "/1"]


def test_again_fetches_everything(run, server):
    for _ in range(2):
        result = run("crawl", server.url("/1"), "--again")
    assert server.asked == ["/1", "/1"]
    assert "1 unchanged" in result.err


def test_again_writes_no_page_that_has_not_changed(run, server):
    for _ in range(2):
        run("crawl", server.url("/1"), "--again")
    assert titles() == ["Page 1"]


def test_again_writes_a_new_text_as_a_new_version(run, server):
    run("crawl", server.url("/1"))
    server.routes["/1"] = page(about(7))
    run("crawl", server.url("/1"), "--again")
    versions = [json.loads(line)["version"] for line in lines("output", "articles.jsonl")]
    assert versions == [1, 2]


def test_a_page_that_repeats_another_is_a_duplicate(run, server):
    server.routes["/copy"] = page(about(1))
    err = run("crawl", server.url("/1"), server.url("/copy"), "--concurrency", "1").err
    assert "1 ok, 1 duplicate" in err


def test_layout_files_has_a_file_for_each_article(run, server):
    run("crawl", server.url("/1"), server.url("/9"), "--layout", "files")
    (path,) = Path("output/articles").rglob("*.json")
    assert json.loads(path.read_text())["title"] == "Page 1"
    assert errors() == ["http_4xx"]


def test_layout_files_is_known_in_the_second_run(run, server):
    for _ in range(2):
        run("crawl", server.url("/1"), "--layout", "files")
    assert server.asked == ["/1"]


def test_a_torn_line_is_fetched_again(run, server):
    run("crawl", server.url("/1"))
    path = Path("output/articles.jsonl")
    path.write_bytes(path.read_bytes()[:-10])
    run("crawl", server.url("/1"))
    assert titles() == ["Page 1"]


# Exit codes


def test_all_failed_is_exit_code_3(run, server):
    assert run("crawl", server.url("/8"), server.url("/9")).code == 3


def test_never_is_exit_code_0(run, server):
    assert run("crawl", server.url("/9"), "--fail-on", "never").code == 0


def test_what_is_skipped_is_no_failure(run, server):
    server.routes["/robots.txt"] = text("User-agent: *\nDisallow: /9")
    result = run("crawl", server.url("/1"), server.url("/9"))
    assert (result.code, errors()) == (0, ["robots_disallowed"])


def test_a_second_writer_is_exit_code_75(run, server):
    with Corpus(Path("output"), "jsonl"):
        result = run("crawl", server.url("/1"))
    assert (result.code, "another run" in result.complaint) == (75, True)
    assert server.asked == []


def test_a_folder_that_cannot_be_made_is_exit_code_4(run, server):
    Path("f").touch()
    result = run("crawl", server.url("/1"), "-C", "f/corpus")
    assert (result.code, "f/corpus" in result.complaint) == (4, True)


def test_a_file_that_cannot_be_written_is_exit_code_4(run, server):
    Path("output/articles.jsonl").mkdir(parents=True)
    result = run("crawl", server.url("/1"))
    assert (result.code, "articles.jsonl" in result.complaint) == (4, True)


def test_the_ledger_is_as_asked_for(run, server):
    box = b'<div class="newsletter-signup"><p>Sign up for our newsletter today.</p></div>'
    server.routes["/1"] = page(article().replace(b"</article>", box + b"</article>"))
    run("crawl", server.url("/1"), "--removed", "none")
    assert json.loads(Path("output/articles.jsonl").read_text())["removed"] == []
