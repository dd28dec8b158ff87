"""Wrong usage: exit code 2 and one line that says what is wrong; where settings come from."""

import json
from pathlib import Path

import commandline
import loopback
import pytest
from loopback import article, page

import scraper
from scraper.cli import COMMANDS

run = commandline.run
alone = commandline.alone
server = loopback.server

CLOSED = "http://127.0.0.1:1/"


@pytest.fixture(autouse=True)
def _a_page(alone):
    Path("a.html").write_bytes(article())
    Path("d").mkdir()


WRONG = {
    "an unknown command": (["fetch"], "fetch"),
    "an unknown flag": (["clean", "a.html", "--fast"], "--fast"),
    "an unknown flag of the group": (["--fast"], "--fast"),
    "no argument": (["clean"], "PATH"),
    "a missing file": (["clean", "missing.html"], "missing.html: no such file"),
    "one missing file of two": (["clean", "a.html", "b.html"], "b.html"),
    "a missing list": (["crawl", "-i", "missing.txt"], "missing.txt"),
    "a folder as a list": (["crawl", "-i", "d"], "directory"),
    "a missing settings file": (["clean", "a.html", "--config", "x.toml"], "x.toml"),
    "a crawl without sources": (["crawl"], "no URLs"),
    "a file as the corpus": (["crawl", CLOSED, "-C", "a.html"], "a.html"),
    "a URL without scheme": (["get", "harbour.example/a"], "did you mean https://harbour"),
    "a URL of another scheme": (["get", "ftp://harbour.example/a"], "ftp://harbour.example/a"),
    "a URL without host": (["get", "http://"], "http://"),
    "an empty URL": (["get", ""], "URL"),
    "a bad URL to crawl": (["crawl", "harbour.example"], "https://harbour.example"),
    "a bad URL of a page": (["clean", "a.html", "--url", "nonsense"], "nonsense"),
    "a URL for several pages": (["clean", "a.html", "a.html", "--url", CLOSED], "2"),
    "a URL for no page": (["clean", "d", "--url", CLOSED], "0"),
    "files without a folder": (["clean", "a.html", "--layout", "files"], "-o FOLDER"),
    "an unknown format": (["clean", "a.html", "-f", "xml"], "xml"),
    "an unknown shell": (["completion", "tcsh"], "tcsh"),
    "too many retries": (["get", CLOSED, "--retries", "99"], "retries"),
    "less than no retries": (["get", CLOSED, "--retries", "-1"], "retries"),
    "retries in words": (["get", CLOSED, "--retries", "two"], "--retries"),
    "no time": (["get", CLOSED, "--timeout", "0"], "timeout"),
    "a time that is no number": (["get", CLOSED, "-m", "nan"], "timeout"),
    "endless time": (["get", CLOSED, "-m", "inf"], "timeout"),
    "no size": (["clean", "a.html", "--max-size", "0"], "max_size"),
    "too many workers": (["clean", "a.html", "-j", "999"], "workers"),
    "a wish for robots": (["get", CLOSED, "--robots", "maybe"], "maybe"),
    "a mode that is none": (["clean", "a.html", "--mode", "news"], "news"),
    "a kind that is none": (["clean", "a.html", "--keep", "comments,fish"], "fish"),
    "missing rules for sites": (["clean", "a.html", "--site-rules", "none"], "none"),
    "a missing memory of hosts": (["clean", "a.html", "--hosts", "none.json"], "none.json"),
    "a page as a memory of hosts": (["clean", "a.html", "--hosts", "a.html"], "a.html"),
    "a folder to explain": (["explain", "d"], "d: a folder"),
    "a missing page to explain": (["explain", "missing.html"], "missing.html"),
    "an empty name": (["get", CLOSED, "-A", ""], "user_agent"),
    "a strange failure limit": (["get", CLOSED, "--fail-on", "some"], "any, all, never"),
    "a failure limit above one": (["get", CLOSED, "--fail-on", "1.5"], "0 to 1"),
    "a failure limit below zero": (["get", CLOSED, "--fail-on=-0.1"], "0 to 1"),
    "a missing file to validate": (["validate", "missing.jsonl"], "missing.jsonl"),
    "a folder to validate": (["validate", "d"], "d: "),
}


@pytest.mark.parametrize(("args", "says"), WRONG.values(), ids=WRONG)
def test_wrong_usage_is_one_line_and_exit_code_2(args, says, run):
    result = run(*args)
    assert result.code == 2
    assert says in result.complaint


@pytest.mark.parametrize("command", ["get", "crawl"])
@pytest.mark.parametrize(
    "url", ["http://ada:secret@harbour.example/", "https://ada:secret@127.0.0.1:1/a?b#c"]
)
def test_a_password_in_a_url_is_not_repeated(url, command, run):
    result = run(command, url)
    assert result.code == 2
    assert "secret" not in result.complaint


@pytest.mark.parametrize(
    "url",
    ["ada:secret@harbour.example/a", "https://ada:se/cret@a.example/", "x" * 21 + "://a:cret@b/"],
)
def test_a_password_in_what_is_no_url_is_not_repeated(url, run):
    assert "cret" not in run("get", url).complaint


def test_wrong_usage_makes_no_folder(run, tmp_path):
    before = sorted(tmp_path.iterdir())
    run("crawl", "harbour.example", "-C", "corpus")
    assert sorted(tmp_path.iterdir()) == before


def test_without_arguments_there_is_help_and_exit_code_2(run):
    result = run()
    assert result.code == 2
    assert "Commands:" in result.err


# Settings


FILES = {
    "an unknown name": ("retires = 3", "retires"),
    "text for a number": ('retries = "3"', "retries: expected int"),
    "a number out of range": ("retries = 99", "retries"),
    "an unknown choice": ('removed = "all"', "removed"),
    "a table": ("[crawl]\nretries = 3", "crawl"),
    "no TOML": ("retries: 3", "scraper.toml"),
    "bytes that are no UTF-8": (b"removed = '\xff'", "scraper.toml"),
    "two values of one name": ("retries = 1\nretries = 2", "scraper.toml"),
}


@pytest.mark.parametrize(("body", "says"), FILES.values(), ids=FILES)
def test_a_wrong_settings_file_is_one_line_and_exit_code_2(body, says, run):
    Path("scraper.toml").write_bytes(body if isinstance(body, bytes) else body.encode())
    result = run("clean", "a.html")
    assert result.code == 2
    assert says in result.complaint
    assert "scraper.toml" in result.complaint


def test_a_settings_file_nested_too_deep_is_one_line(run):
    Path("scraper.toml").write_text("a = " + "[" * 100_000)
    assert "scraper.toml" in run("clean", "a.html").complaint


def code_of(result):
    """The error code of the only record: ``too_large`` shows which max_size was used."""
    error = json.loads(result.out)["error"]
    return error and error["code"]


def test_the_settings_file_is_read(run):
    Path("scraper.toml").write_text("max_size = 10")
    assert code_of(run("clean", "a.html")) == "too_large"


def test_another_settings_file_is_read_instead(run):
    Path("scraper.toml").write_text("max_size = 10")
    Path("other.toml").write_text("max_size = 100000")
    assert code_of(run("clean", "a.html", "--config", "other.toml")) is None


def test_the_environment_names_a_settings_file(run, monkeypatch):
    Path("other.toml").write_text("max_size = 10")
    monkeypatch.setenv("SCRAPER_CONFIG", "other.toml")
    assert code_of(run("clean", "a.html")) == "too_large"


def test_the_environment_is_read(run, monkeypatch):
    monkeypatch.setenv("SCRAPER_MAX_SIZE", "10")
    assert code_of(run("clean", "a.html")) == "too_large"


def test_the_environment_beats_the_file(run, monkeypatch):
    Path("scraper.toml").write_text("max_size = 10")
    monkeypatch.setenv("SCRAPER_MAX_SIZE", "100000")
    assert code_of(run("clean", "a.html")) is None


def test_a_flag_beats_the_environment(run, monkeypatch):
    monkeypatch.setenv("SCRAPER_MAX_SIZE", "10")
    assert code_of(run("clean", "a.html", "--max-size", "100000")) is None


def test_a_flag_beats_the_file(run):
    Path("scraper.toml").write_text("max_size = 10")
    assert code_of(run("clean", "a.html", "--max-size", "100000")) is None


@pytest.mark.parametrize("value", ["0", "ten", "-1", "1.5"])
def test_a_wrong_value_in_the_environment_is_wrong_usage(value, run, monkeypatch):
    monkeypatch.setenv("SCRAPER_MAX_SIZE", value)
    result = run("clean", "a.html")
    assert result.code == 2
    assert "max" in result.complaint


def test_an_empty_value_in_the_environment_is_none(run, monkeypatch):
    monkeypatch.setenv("SCRAPER_MAX_SIZE", "")
    assert code_of(run("clean", "a.html")) is None


def test_the_user_agent_of_the_environment_is_sent(run, monkeypatch, server):
    server.routes["/a"] = page()
    monkeypatch.setenv("SCRAPER_USER_AGENT", "harbour-bot/2")
    run("get", server.url("/a"))
    assert server.headers("/a")["user-agent"] == "harbour-bot/2"


# Help


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_every_command_has_help(flag, command, run):
    result = run(command, flag)
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith(f"Usage: scraper {command}")


@pytest.mark.parametrize(
    "command",
    "get clean crawl explain hosts site-rules validate export completion demo".split(),
)
def test_help_of_a_command_with_arguments_has_examples(command, run):
    examples = run(command, "--help").out.partition("Examples:\n")[2]
    assert f"scraper {command} " in examples


@pytest.mark.parametrize("command", COMMANDS)
def test_help_has_no_line_wider_than_a_terminal(command, run, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    assert max(map(len, run(command, "--help").out.splitlines())) <= 80


def test_help_names_every_command(run):
    assert [name for name in COMMANDS if f"\n  {name} " not in run("--help").out] == []


def test_help_has_the_exit_codes(run):
    assert "75 another run is writing" in run("--help").out


@pytest.mark.parametrize("flag", ["-V", "--version"])
def test_the_version_is_said(flag, run):
    result = run(flag)
    assert (result.code, result.out.split()[-1]) == (0, scraper.__version__)
