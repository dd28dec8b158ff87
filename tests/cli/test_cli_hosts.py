"""``scraper hosts``: pages and records in, what recurs on their hosts out."""

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import commandline
import loopback
import pytest
from loopback import page

from scraper.hosts import block_key, read_hosts, recurring

run = commandline.run
alone = commandline.alone
server = loopback.server

HOST = "harbour.example"
PROMO = "Join four thousand sailors who read our tide letter every Monday"
NAMES = ["ferry", "storm", "pier"]


def html(name, url=None, host=HOST):
    """A page with an article of its own, and a promo below it."""
    url = f"https://{host}/{name}" if url is None else url
    canonical = f'<link rel=canonical href="{url}">' if url else ""
    paragraphs = "".join(
        f"<p>On the day of the {name} the {crew} left the quay at {crew} o'clock, and nobody in the"
        f" {name} office could say when the {crew} would come back to the harbour.</p>"
        for crew in ("pilot", "cook", "mate", "owner", "captain")
    )
    return (
        f"<!doctype html><html lang=en><head><title>The {name}</title>{canonical}</head><body>"
        f"<article><h1>The {name}</h1>{paragraphs}</article>"
        f'<div class="newsletter-signup"><p>{PROMO}</p></div></body></html>'
    ).encode()


@pytest.fixture
def pages(alone):
    """A folder of three pages of one host."""
    Path("d").mkdir()
    for name in NAMES:
        Path(f"d/{name}.html").write_bytes(html(name))
    return "d"


@pytest.fixture
def records(run, pages):
    """The records of the three pages with their whole ledger."""
    run("clean", pages, "--removed", "full", "-o", "full.jsonl")
    return "full.jsonl"


def on_promo(path="hosts.json"):
    """On how many pages the promo stands, by host."""
    return {host: recurring(profile, PROMO) for host, profile in read_hosts(Path(path)).items()}


# What is read


def test_a_folder_of_pages(run, pages):
    result = run("hosts", pages, "-o", "hosts.json")
    assert (result.code, result.out, on_promo()) == (0, "", {HOST: 3})


def test_articles_do_not_recur(run, pages):
    run("hosts", pages, "-o", "hosts.json")
    assert list(read_hosts(Path("hosts.json"))[HOST].blocks) == [block_key(PROMO)]


def test_single_files(run, pages):
    run("hosts", "d/ferry.html", "d/storm.html", "-o", "hosts.json")
    assert on_promo() == {HOST: 2}


def test_a_packed_page(run, pages):
    Path("d/storm.html.gz").write_bytes(gzip.compress(Path("d/storm.html").read_bytes()))
    run("hosts", "d/ferry.html", "d/storm.html.gz", "-o", "hosts.json")
    assert on_promo() == {HOST: 2}


def test_records_tell_what_their_pages_do(run, pages, records):
    run("hosts", pages, "-o", "pages.json")
    run("hosts", records, "-o", "records.json")
    assert Path("pages.json").read_bytes() == Path("records.json").read_bytes()


@pytest.mark.parametrize("count", [1, 3])
def test_indented_records(count, run, pages):
    names = [f"d/{name}.html" for name in NAMES[:count]]
    run("clean", *names, "-f", "json", "--removed", "full", "-o", "full.json")
    assert f"{count} page" in run("hosts", "full.json", "-o", "hosts.json").err


def test_one_indented_record_is_no_array(run, pages, records):
    first, second, _ = Path(records).read_text("utf-8").splitlines()
    Path("one.json").write_text(json.dumps(json.loads(first), indent=2), "utf-8")
    Path("two.json").write_text(json.dumps(json.loads(second), indent=2), "utf-8")
    run("hosts", "one.json", "two.json", "-o", "hosts.json")
    assert on_promo() == {HOST: 2}


def test_pages_and_records_together(run, pages, records):
    Path("d/tide.html").write_bytes(html("tide"))
    run("hosts", "d/tide.html", records, "-o", "hosts.json")
    assert on_promo() == {HOST: 4}


def test_a_page_read_twice_is_one(run, pages, records):
    run("hosts", pages, records, "d/pier.html", "-o", "hosts.json")
    assert on_promo() == {HOST: 3}


def test_copies_under_other_addresses_are_one_page(run, alone):
    for n in range(6):
        Path(f"{n}.html").write_bytes(html("ferry", f"https://{HOST}/ferry?session={n}"))
    run("hosts", ".", "-o", "hosts.json")
    assert on_promo() == {}


def test_hosts_are_kept_apart(run, pages):
    for name in ("north", "south"):
        Path(f"d/{name}.html").write_bytes(html(name, host="inland.example"))
    run("hosts", pages, "-o", "hosts.json")
    assert on_promo() == {HOST: 3, "inland.example": 2}


@pytest.mark.parametrize("layout", ["jsonl", "files"])
def test_a_corpus_folder(layout, run, server, monkeypatch):
    monkeypatch.setenv("SCRAPER_DELAY", "0")
    server.routes = {f"/{name}": page(html(name, "")) for name in NAMES}
    urls = [server.url(f"/{name}") for name in NAMES]
    run("crawl", *urls, "-C", "corpus", "--layout", layout, "--removed", "full")
    result = run("hosts", "corpus")
    assert result.code == 0
    assert result.err.endswith(" -> corpus/hosts.json\n")
    assert on_promo("corpus/hosts.json") == {server.host: 3}


# What is told


def test_the_summary_is_one_line(run, pages):
    err = run("hosts", pages, "-o", "hosts.json").err
    assert err.startswith("scraper: 3 pages: 3 ok in ")
    assert err.endswith("; 1 recurring block on 1 of 1 host -> hosts.json\n")
    assert err.count("\n") == 1


def test_quiet_says_nothing_when_all_went_well(run, pages):
    assert run("hosts", pages, "-o", "hosts.json", "-q").err == ""


def test_pages_without_a_host_are_told(run, pages):
    Path("d/lost.html").write_bytes(html("lost", ""))
    assert "; 1 without a host ->" in run("hosts", pages, "-o", "hosts.json").err


def test_pages_without_an_article_are_told(run, pages):
    link = f'<link rel=canonical href="https://{HOST}/empty">'
    Path("d/empty.html").write_text(f"<head>{link}</head><body><hr></body>")
    assert "; 1 without an article ->" in run("hosts", pages, "-o", "hosts.json").err


def test_records_that_do_not_tell_what_was_cut_are_told(run, pages):
    run("clean", pages, "--removed", "counts", "-o", "counts.jsonl")
    result = run("hosts", "counts.jsonl", "-o", "hosts.json")
    assert "; 3 without the text of what was cut ->" in result.err
    assert on_promo() == {}


def test_a_page_that_cannot_be_read_is_a_failure(run, pages):
    Path("d/cut.html.gz").write_bytes(gzip.compress(html("cut"))[:-20])
    result = run("hosts", pages, "-o", "hosts.json")
    assert (result.code, on_promo()) == (1, {HOST: 3})
    assert "3 ok, 1 error (1 truncated)" in result.err


@pytest.mark.parametrize("line", [b'{"id": "torn', b"{}\n", b"[1]\n", b"\xff\n"])
def test_a_line_that_is_no_record_is_a_failure(line, run, records):
    with Path(records).open("ab") as file:
        file.write(line)
    result = run("hosts", records, "-o", "hosts.json")
    assert (result.code, on_promo()) == (1, {HOST: 3})
    assert "1 error (1 no record)" in result.err


def test_failures_may_be_allowed(run, records):
    with Path(records).open("ab") as file:
        file.write(b"{")
    assert run("hosts", records, "-o", "hosts.json", "--fail-on", "all").code == 0


# What is written


def test_least_asks_for_more_pages(run, pages):
    run("hosts", pages, "--least", "4", "-o", "hosts.json")
    assert on_promo() == {}


def test_the_memory_that_the_settings_name_is_not_heard(run, pages):
    Path("scraper.toml").write_text('hosts = "hosts.json"')
    first, second = (run("hosts", pages, "-o", "hosts.json") for _ in range(2))
    assert (first.code, second.code, on_promo()) == (0, 0, {HOST: 3})


def test_no_pages_are_an_empty_memory(run, alone):
    Path("empty").mkdir()
    assert run("hosts", "empty", "-o", "hosts.json").code == 0
    assert read_hosts(Path("hosts.json")) == {}


def test_a_dash_is_standard_output(run, pages):
    assert json.loads(run("hosts", pages, "-o", "-").out)["hosts"][0]["host"] == HOST


def test_the_number_of_workers_does_not_matter(run, pages):
    assert len({run("hosts", pages, "-o", "-", "-j", n).out for n in (0, 1, 2)}) == 1


def test_the_order_of_paths_does_not_matter(run, pages, records):
    paths = ["d/pier.html", records, "d/ferry.html"]
    assert run("hosts", *paths, "-o", "-").out == run("hosts", *reversed(paths), "-o", "-").out


def test_processes_of_different_hash_seeds_write_the_same(pages):
    command = [sys.executable, "-m", "scraper", "hosts", pages, "-o", "-"]
    seeds = [os.environ | {"PYTHONHASHSEED": seed, "LC_ALL": "C"} for seed in ("1", "2")]
    written = [subprocess.check_output(command, env=env) for env in seeds]
    assert written[0] == written[1] != b""


def test_a_failed_write_leaves_the_old_file(run, pages):
    Path("locked").mkdir()
    Path("locked/hosts.json").mkdir()
    result = run("hosts", pages, "-o", "locked/hosts.json")
    assert result.code == 4
    assert "locked/hosts.json" in result.complaint
    assert [path.name for path in Path("locked").iterdir()] == ["hosts.json"]


# Wrong usage

WRONG = {
    "no output": (["d"], "-o FILE"),
    "two corpora": (["one", "two"], "-o FILE"),
    "one page is too few": (["d", "-o", "x", "--least", "1"], "--least"),
    "no path": (["missing", "-o", "x"], "missing: no such file or folder"),
    "no records": (["missing.jsonl", "-o", "x"], "missing.jsonl: No such file or directory"),
    "a broken array": (["broken.json", "-o", "x"], "broken.json: "),
}


@pytest.mark.parametrize(("args", "says"), WRONG.values(), ids=WRONG)
def test_wrong_usage_is_one_line_and_exit_code_2(args, says, run, pages):
    for corpus in ("one", "two"):
        Path(corpus).mkdir()
        Path(corpus, "articles.jsonl").write_bytes(b"")
    Path("broken.json").write_text("[{")
    result = run("hosts", *args)
    assert result.code == 2
    assert says in result.complaint
    assert not Path("x").exists()
