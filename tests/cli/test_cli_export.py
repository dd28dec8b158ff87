"""``scraper export``: what it reads, what it leaves out, what it writes, how it ends."""

import json
import subprocess
import sys
import tracemalloc
from pathlib import Path
from subprocess import PIPE

import commandline
import msgspec
import pytest

from scraper.blank import blank_article, blank_fetch, failed
from scraper.exports import SCHEMAS, export
from scraper.writer import Corpus
from scraper.writer.files import ArticleFiles

run = commandline.run
alone = commandline.alone

URL = "https://harbour.example/{}"
ZYTE = ("--schema", "zyte")
EXPORT = [sys.executable, "-m", "scraper", "export", *ZYTE]


def record(n=1, **fields):
    url = URL.format(n)
    known = {"status": "ok", "title": f"Page {n}", "text": f"One.\u2028Two.\n\nPage {n}."}
    return msgspec.structs.replace(blank_article(url, blank_fetch(url)), **{**known, **fields})


def failure(n=1):
    return failed(record(n, text=""), "http_4xx", "HTTP 404")


def put(name, *found):
    lines = (one if isinstance(one, str) else one.to_json() for one in found)
    Path(name).write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return name


def titles(text):
    return [json.loads(line)["headline"] for line in text.splitlines()]


def crawled(folder, *found, layout="jsonl"):
    with Corpus(Path(folder), layout) as corpus:
        for one in found:
            corpus.write(one)
    return folder


# What it writes


@pytest.mark.parametrize("schema", [name for name in SCHEMAS if name != "jsonfeed"])
def test_a_record_is_a_line_in_the_form_of_the_schema(schema, run):
    result = run("export", put("a.jsonl", record(1), record(2)), "--schema", schema)
    assert (result.code, result.err) == (0, "scraper: 2 exported\n")
    written = [json.loads(line) for line in result.out.splitlines()]
    assert written == [export(record(n).to_dict(), schema) for n in (1, 2)]


def test_a_feed_is_one_document(run):
    result = run("export", put("a.jsonl", record(1), record(2)), "--schema", "jsonfeed")
    feed = json.loads(result.out)
    assert feed["title"] == "Articles"
    assert feed["items"] == [export(record(n).to_dict(), "jsonfeed") for n in (1, 2)]


@pytest.mark.parametrize("title", ["Harbour news", ""])
def test_the_title_of_the_feed_is_given(title, run):
    args = ("--schema", "jsonfeed", "--title", title)
    assert json.loads(run("export", put("a.jsonl", record()), *args).out)["title"] == title


def test_a_feed_without_articles_is_a_feed(run):
    result = run("export", put("a.jsonl"), "--schema", "jsonfeed")
    assert (result.code, json.loads(result.out)["items"]) == (3, [])


def test_a_file_is_written_and_named(run):
    result = run("export", put("a.jsonl", record()), *ZYTE, "-o", "b.jsonl")
    assert (result.code, result.out) == (0, "")
    assert result.err == "scraper: 1 exported -> b.jsonl\n"
    assert titles(Path("b.jsonl").read_text("utf-8")) == ["Page 1"]


def test_quiet_says_nothing(run):
    assert run("export", put("a.jsonl", record(), failure()), *ZYTE, "-q").err == ""


# What it reads


def test_a_corpus_is_read(run):
    corpus = crawled("corpus", record(1), failure(2), record(3))
    result = run("export", corpus, *ZYTE)
    assert (result.code, result.err) == (0, "scraper: 2 exported\n")
    assert titles(result.out) == ["Page 1", "Page 3"]


def test_a_corpus_of_files_is_read(run):
    corpus = crawled("corpus", record(1), failure(2), record(3), layout="files")
    assert titles(run("export", corpus, *ZYTE).out) == ["Page 1", "Page 3"]


def test_a_corpus_of_both_layouts_is_read(run):
    crawled("corpus", record(1))
    crawled("corpus", record(2), layout="files")
    assert titles(run("export", "corpus", *ZYTE).out) == ["Page 1", "Page 2"]


def test_other_files_of_a_corpus_are_left_alone(run):
    crawled("corpus", record(1))
    put("corpus/hosts.json", "{}")
    assert run("export", "corpus", *ZYTE).code == 0


def test_a_folder_of_article_files_is_read(run):
    ArticleFiles(Path("articles")).write(record())
    assert titles(run("export", "articles", *ZYTE).out) == ["Page 1"]


def test_every_version_of_an_article_is_exported(run):
    corpus = crawled("corpus", record(1), record(1, title="Page 1, later"))
    assert titles(run("export", corpus, *ZYTE).out) == ["Page 1", "Page 1, later"]


def test_standard_input_is_read(run):
    result = run("export", "-", *ZYTE, stdin=record().to_json().encode())
    assert titles(result.out) == ["Page 1"]


@pytest.mark.parametrize("indent", [0, 2])
def test_what_get_prints_is_read(indent, run):
    printed = record().to_json(indent=indent)
    assert titles(run("export", "-", *ZYTE, stdin=printed.encode()).out) == ["Page 1"]


def test_a_json_array_is_read(run):
    array = f"[{record(1).to_json()},\n{record(2).to_json()}]"
    assert titles(run("export", put("a.json", array), *ZYTE).out) == ["Page 1", "Page 2"]


def test_sources_are_read_in_their_order(run):
    put("a.jsonl", record(1))
    put("b.jsonl", record(2))
    assert titles(run("export", "b.jsonl", "a.jsonl", *ZYTE).out) == ["Page 2", "Page 1"]


# What it leaves out


STATUSES = {
    "ok": True,
    "partial": True,
    "duplicate": True,
    "not_article": False,
    "blocked": False,
    "gone": False,
    "error": False,
    "skipped": False,
}


@pytest.mark.parametrize(("status", "exported"), STATUSES.items())
def test_only_articles_are_exported(status, exported, run):
    result = run("export", put("a.jsonl", record(1, status=status)), *ZYTE)
    assert (result.code, result.out != "") == ((0, True) if exported else (3, False))


def test_what_is_skipped_is_counted(run):
    lines = (record(1), failure(2), failure(3), record(4, status="not_article"), record(5, text=""))
    result = run("export", put("a.jsonl", *lines), *ZYTE)
    assert result.code == 0
    assert result.err == (
        "scraper: 1 exported, 4 skipped (2 error, 1 not_article, 1 without text)\n"
    )


BAD = {
    "no JSON": "nonsense",
    "another object": "{}",
    "half a record": '{"schema_version": "1.0"',
    "nested too deep": '{"x":' + "[" * 100_000,
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_a_line_that_is_no_record_is_named_and_the_rest_exported(bad, run):
    result = run("export", put("a.jsonl", record(1), bad, record(3)), *ZYTE, "-q")
    first, last = result.err.splitlines()
    assert (result.code, titles(result.out)) == (1, ["Page 1", "Page 3"])
    assert first.startswith("a.jsonl:2: ")
    assert last == "scraper: 2 exported, 1 wrong"


def test_a_wrong_file_of_a_corpus_is_named(run):
    crawled("corpus", record(1), layout="files")
    put("corpus/articles/x.json", "{}")
    result = run("export", "corpus", *ZYTE)
    assert (result.code, result.err.startswith("corpus/articles/x.json:1: ")) == (1, True)


def test_a_key_cannot_write_to_the_terminal(run):
    bad = json.dumps(json.loads(record().to_json()) | {"\x1b[2J\nall is well": 1})
    result = run("export", put("a.jsonl", bad), *ZYTE)
    assert "\x1b" not in result.err
    assert result.err.count("\n") == 2


@pytest.mark.parametrize("lines", [[], ["nonsense"], [failure()]], ids=["none", "wrong", "failure"])
def test_nothing_to_export_is_exit_code_3(lines, run):
    result = run("export", put("a.jsonl", *lines), *ZYTE)
    assert (result.code, result.out) == (3, "")


def test_a_corpus_of_failures_is_exit_code_3(run):
    assert run("export", crawled("corpus", failure()), *ZYTE).code == 3


# Wrong usage, and what cannot be written


WRONG = {
    "no source": ([*ZYTE], "SOURCE"),
    "no schema": (["a.jsonl"], "--schema"),
    "a schema that is none": (["a.jsonl", "--schema", "rss"], "rss"),
    "a title without a feed": (["a.jsonl", *ZYTE, "--title", "News"], "--title"),
    "a missing file": (["missing.jsonl", *ZYTE], "missing.jsonl: no such file or folder"),
    "a missing file after one that is there": (["a.jsonl", "b.jsonl", *ZYTE], "b.jsonl"),
    "an empty name": (["", *ZYTE], "no "),
    "a name that is too long": (["x" * 5000, *ZYTE], "x: "),
    "a name that no file can have": (["a\0b", *ZYTE], "no such file"),
    "an empty folder": (["d", *ZYTE], "d: no records"),
    "its own source": (["a.jsonl", *ZYTE, "-o", "a.jsonl"], "a.jsonl"),
}


@pytest.mark.parametrize(("args", "says"), WRONG.values(), ids=WRONG)
def test_wrong_usage_is_one_line_and_exit_code_2(args, says, run):
    put("a.jsonl", record())
    Path("d").mkdir()
    result = run("export", *args)
    assert result.code == 2
    assert says in result.complaint


def test_closed_standard_input_is_one_line(run):
    assert run("export", "-", *ZYTE, stdin=None).code == 2


def test_a_source_is_not_overwritten(run):
    put("a.jsonl", record())
    Path("b.jsonl").symlink_to("a.jsonl")
    before = Path("a.jsonl").read_bytes()
    run("export", "b.jsonl", *ZYTE, "-o", "a.jsonl")
    assert Path("a.jsonl").read_bytes() == before


@pytest.mark.parametrize("output", ["none/b.jsonl", "d", "a.jsonl/b"])
def test_an_output_that_cannot_be_written_is_exit_code_4(output, run):
    put("a.jsonl", record())
    Path("d").mkdir()
    result = run("export", "a.jsonl", *ZYTE, "-o", output)
    assert result.code == 4
    assert output in result.complaint


def test_a_run_that_breaks_off_leaves_the_old_file(run):
    put("a.jsonl", record())
    put("b.json", "[1, 2")
    put("out.jsonl", "old")
    result = run("export", "a.jsonl", "b.json", *ZYTE, "-o", "out.jsonl")
    assert (result.code, Path("out.jsonl").read_text()) == (2, "old\n")
    assert [path.name for path in Path().iterdir() if path.name.startswith(".scraper")] == []


def test_a_reader_that_has_seen_enough_ends_it_quietly():
    put("a.jsonl", *(record(n, text="word " * 20_000) for n in range(20)))
    with subprocess.Popen([*EXPORT, "a.jsonl"], stdout=PIPE, stderr=PIPE) as process:
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr.read() == b""


@pytest.mark.parametrize("into", ["> /dev/full", ">&-"], ids=["full disk", "closed"])
def test_standard_output_that_takes_nothing_is_one_line_and_exit_code_4(into):
    put("a.jsonl", record())
    command = f"{' '.join(EXPORT)} a.jsonl {into}"
    found = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)
    assert (found.returncode, found.stderr.count("\n")) == (4, 1)
    assert found.stderr.startswith("scraper: standard output")


@pytest.mark.parametrize("schema", ["zyte", "jsonfeed"])
def test_memory_does_not_grow_with_the_corpus(schema, run):
    line = record(text="word " * 10_000).to_json() + "\n"
    Path("a.jsonl").write_text(line * 400, "utf-8")
    tracemalloc.start()
    try:
        run("export", "a.jsonl", "--schema", schema, "-o", "b.jsonl")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert Path("b.jsonl").stat().st_size > 400 * 50_000
    assert peak < 3_000_000
