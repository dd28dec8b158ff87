"""``scraper clean``: saved pages in, records out."""

import gzip
import json
import os
import stat
from pathlib import Path

import commandline
import pytest
from loopback import article

from scraper.schema import complaint

run = commandline.run
alone = commandline.alone

TWO = ["One", "Two"]
FRONT = Path(__file__).parents[2] / "fixtures" / "pages" / "index-page" / "page.html"


@pytest.fixture
def pages(alone):
    """A folder of two pages, and one of a page that cannot be read."""
    for title in TWO:
        Path("d").mkdir(exist_ok=True)
        Path(f"d/{title.lower()}.html").write_bytes(article(title))
    Path("bad").mkdir()
    Path("bad/cut.html.gz").write_bytes(gzip.compress(article())[:-20])


def titles(result):
    return [json.loads(line)["title"] for line in result.out.splitlines()]


def test_a_folder_gives_a_line_a_page(run, pages):
    result = run("clean", "d")
    assert (result.code, titles(result)) == (0, TWO)
    assert [complaint(line.encode()) for line in result.out.splitlines()] == [None, None]


def test_the_summary_is_one_line(run, pages):
    assert run("clean", "d").err.startswith("scraper: 2 pages: 2 ok in ")
    assert run("clean", "d").err.count("\n") == 1


def test_quiet_says_nothing_when_all_went_well(run, pages):
    assert run("clean", "d", "-q").err == ""


def test_quiet_speaks_when_something_failed(run, pages):
    assert "1 error (1 truncated)" in run("clean", "d", "bad", "-q").err


def test_a_failed_page_is_a_line_too(run, pages):
    result = run("clean", "bad")
    assert json.loads(result.out)["error"]["code"] == "truncated"


def test_standard_input_is_a_page(run):
    assert titles(run("clean", "-", stdin=article("Noon"))) == ["Noon"]


def test_standard_input_may_be_packed(run):
    assert titles(run("clean", "-", stdin=gzip.compress(article("Noon")))) == ["Noon"]


def test_empty_standard_input_is_a_record(run):
    result = run("clean", "-")
    assert (result.code, json.loads(result.out)["error"]["code"]) == (3, "empty_body")


def test_a_url_names_the_page(run):
    result = run("clean", "-", "--url", "https://harbour.example/a", stdin=article())
    assert json.loads(result.out)["url"] == "https://harbour.example/a"


def test_a_url_names_the_only_page_of_a_folder(run, pages):
    Path("d/one.html").unlink()
    result = run("clean", "d", "--url", "https://harbour.example/a")
    assert json.loads(result.out)["url"] == "https://harbour.example/a"


def test_a_folder_without_pages_is_no_failure(run, pages):
    Path("empty").mkdir()
    result = run("clean", "empty")
    assert (result.code, result.out) == (0, "")
    assert result.err.startswith("scraper: 0 pages in ")


def test_an_empty_array_for_no_pages(run, pages):
    Path("empty").mkdir()
    assert run("clean", "empty", "-f", "json").out == "[]\n"


def test_json_is_an_array(run, pages):
    found = json.loads(run("clean", "d", "-f", "json").out)
    assert [record["title"] for record in found] == TWO


def test_markdown_has_both_articles(run, pages):
    out = run("clean", "d", "-f", "md").out
    assert out.startswith("# One\n\n")
    assert "\n---\n\n# Two\n" in out


def test_text_has_both_articles(run, pages):
    assert "\n---\n\nTwo\n\n" in run("clean", "d", "-f", "text").out


def test_the_same_pages_give_the_same_bytes(run, pages):
    assert len({run("clean", "d", "bad", "-j", n).out for n in (0, 1, 2)}) == 1


@pytest.mark.parametrize("removed", ["none", "counts", "full"])
def test_the_ledger_has_the_length_asked_for(removed, run):
    box = '<div class="newsletter-signup"><p>Sign up for our newsletter today.</p></div>'
    body = article().replace(b"</article>", box.encode() + b"</article>")
    entries = json.loads(run("clean", "-", "--removed", removed, stdin=body).out)["removed"]
    assert [bool(entries), any(entry["text"] for entry in entries)] == [
        removed != "none",
        removed == "full",
    ]


# Exit codes


def failing(good, bad):
    """Names of as many files that can be read and that cannot."""
    for n in range(good):
        Path(f"good{n}.html").write_bytes(article())
    for n in range(bad):
        Path(f"bad{n}.html").write_bytes(b"")
    return sorted(map(str, Path().glob("*.html")))


ENDS = [
    ("any", 2, 0, 0),
    ("any", 3, 1, 1),
    ("any", 0, 2, 3),
    ("all", 3, 1, 0),
    ("never", 3, 1, 0),
    ("never", 0, 2, 0),
    ("0", 3, 1, 1),
    ("0.5", 3, 1, 0),
    ("0.5", 2, 2, 1),
    ("0.5", 1, 3, 1),
    ("all", 0, 2, 3),
    ("1", 0, 2, 3),
    ("0.9", 0, 2, 3),
]


@pytest.mark.parametrize(("fail_on", "good", "bad", "code"), ENDS)
def test_fail_on_decides_on_the_exit_code(fail_on, good, bad, code, run):
    assert run("clean", *failing(good, bad), "--fail-on", fail_on).code == code


def test_without_fail_on_any_failure_counts(run):
    assert run("clean", *failing(3, 1)).code == 1


def test_a_page_without_article_is_no_failure(run):
    Path("a.html").write_bytes(b"<html><body><hr></body></html>")
    result = run("clean", "a.html")
    assert (result.code, json.loads(result.out)["status"]) == (0, "not_article")


# -o


@pytest.mark.parametrize("form", ["jsonl", "json", "md", "text"])
def test_a_file_has_what_standard_output_has(form, run, pages):
    expected = run("clean", "d", "-f", form).out
    result = run("clean", "d", "-f", form, "-o", "out")
    assert (result.code, result.out) == (0, "")
    assert Path("out").read_text("utf-8") == expected


def test_the_summary_names_the_file(run, pages):
    assert run("clean", "d", "-o", "out.jsonl").err.endswith(" -> out.jsonl\n")


def test_a_dash_is_standard_output(run, pages):
    assert titles(run("clean", "d", "-o", "-")) == TWO
    assert not Path("-").exists()


def test_a_file_may_stand_among_its_pages(run, pages):
    run("clean", "d", "-o", "d/out.html")
    assert len(Path("d/out.html").read_text("utf-8").splitlines()) == 2


def test_layout_files_has_a_file_for_each_page(run, pages):
    result = run("clean", "d", "--layout", "files", "-o", "out")
    found = sorted(json.loads(path.read_text())["title"] for path in Path("out").rglob("*.json"))
    assert (result.code, result.out, found) == (0, "", TWO)


def test_layout_files_may_stand_in_the_settings(run, pages):
    Path("scraper.toml").write_text('layout = "files"')
    run("clean", "d", "-o", "out")
    assert len(list(Path("out").rglob("*.json"))) == 2


UNWRITABLE = {
    "a missing folder": (["-o", "missing/out"], "missing/out: No such file or directory"),
    "a folder": (["-o", "d"], "d: Is a directory"),
    "files into a file": (["--layout", "files", "-o", "d/one.html"], "d/one.html"),
}


@pytest.mark.parametrize(("args", "says"), UNWRITABLE.values(), ids=UNWRITABLE)
def test_what_cannot_be_written_is_one_line_and_exit_code_4(args, says, run, pages):
    result = run("clean", "d", *args)
    assert result.code == 4
    assert says in result.complaint


TRACEBACKS = {"a file as a folder": "d/one.html/x", "this folder": ".", "a long name": "x" * 300}


@pytest.mark.parametrize("output", TRACEBACKS.values(), ids=TRACEBACKS)
def test_a_strange_file_to_write_is_one_line_and_exit_code_4(output, run, pages):
    result = run("clean", "d", "-o", output)
    assert (result.code, bool(result.complaint)) == (4, True)


def test_a_pipe_stays_a_pipe(run, pages):
    os.mkfifo("pipe")
    reading = os.open("pipe", os.O_RDWR | os.O_NONBLOCK)
    run("clean", "d", "-o", "pipe")
    os.close(reading)
    assert stat.S_ISFIFO(Path("pipe").stat().st_mode)


def test_a_name_that_is_no_unicode_has_a_line(run):
    with open(b"caf\xe9.html", "wb") as file:  # noqa: PTH123 - a name of bytes
        file.write(article())
    result = run("clean", ".")
    assert (result.code, complaint(result.out.encode())) == (0, None)


@pytest.mark.parametrize(
    ("mode", "status"), [("article", "not_article"), ("auto", "not_article"), ("any", "ok")]
)
def test_the_mode_says_what_counts_as_a_text(run, mode, status):
    assert json.loads(run("clean", FRONT, "--mode", mode).out)["status"] == status


def test_the_mode_may_stand_in_the_environment(run, monkeypatch):
    monkeypatch.setenv("SCRAPER_MODE", "any")
    assert json.loads(run("clean", FRONT).out)["status"] == "ok"


def test_processes_are_told_the_mode(run):
    assert json.loads(run("clean", FRONT, "--mode", "any", "-j", "1").out)["status"] == "ok"


SENTENCE = "The tide came in and went out, and the boats rose and fell with it all day long. "
PARAGRAPHS = "\n\n".join(f"Day {day}. {SENTENCE * 2}" for day in range(5))
TEXT = f"Skip to main content\n\nTides of Orrin harbour in spring\n\n{PARAGRAPHS}\n"
PROMO = '<div class="newsletter"><p>Sign up for our newsletter</p></div>'


def test_a_text_is_stripped_of_what_stands_around_the_article(run, alone):
    Path("tides.txt").write_text(TEXT)
    result = run("clean", "tides.txt", "-f", "text")
    assert (result.code, result.out.splitlines()[0]) == (0, "Tides of Orrin harbour in spring")


def test_a_text_from_standard_input_is_stripped_too(run, alone):
    result = run("clean", "-", "-f", "text", stdin=TEXT.encode())
    assert result.out.splitlines()[0] == "Tides of Orrin harbour in spring"


def test_kinds_can_be_left_in(run, alone):
    Path("a.html").write_bytes(article() + PROMO.encode())
    assert "Sign up" not in run("clean", "a.html", "-f", "text").out
    assert "Sign up" in run("clean", "a.html", "-f", "text", "--keep", "newsletter").out


@pytest.mark.parametrize("workers", ["0", "2"])
def test_rules_for_sites_reach_the_workers(run, alone, workers):
    Path("rules").mkdir()
    Path("rules/harbour.example.toml").write_text('strip = [".count"]')
    counted = f"<p class=count>Boats were counted by hand. {SENTENCE}</p></article>"
    Path("a.html").write_bytes(article().replace(b"</article>", counted.encode()))
    url = ("--url", "https://harbour.example/a", "-f", "text", "-j", workers)
    assert "by hand" in run("clean", "a.html", *url).out
    assert "by hand" not in run("clean", "a.html", *url, "--site-rules", "rules").out
