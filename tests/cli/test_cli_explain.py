"""``scraper explain``: what was kept and cut of one page, and why."""

import gzip
import io
import os
import re
import sys
from pathlib import Path

import commandline
import loopback
import pytest
from loopback import article, page, text

run = commandline.run
alone = commandline.alone
server = loopback.server

BOX = '<div class="newsletter-signup"><p>Sign up for our newsletter today.</p></div></article>'
WITH_BOX = article().replace(b"</article>", BOX.encode())
ADDRESS = "https://harbour.example/a"


@pytest.fixture(autouse=True)
def _here(alone):
    """Explain in this process: one that starts others takes seconds."""
    Path("scraper.toml").write_text("workers = 0")
    Path("a.html").write_bytes(WITH_BOX)


def test_a_file_is_explained(run):
    result = run("explain", "a.html")
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith(
        "title       Noon at the quay\naddress     a.html\nstatus      ok\n"
    )
    assert re.search(
        r"\n@ newsletter\.\S+ \| 6 words \| .+\n- Sign up for our newsletter", result.out
    )
    assert "\n  The ferry left the quay at nine" in result.out
    assert re.search(r"\nnewsletter +1 place +6 words ", result.out)


def test_the_text_stands_in_the_order_of_the_page(run):
    out = run("explain", "a.html").out
    assert out.index("The ferry left") < out.index("By evening") < out.index("- Sign up for")


def test_a_url_is_fetched_and_explained(run, server):
    server.routes["/a"] = page(WITH_BOX)
    result = run("explain", server.url("/a"))
    assert (result.code, result.err) == (0, "")
    assert f"address     {server.url('/a')}\n" in result.out
    assert "- Sign up for our newsletter" in result.out


def test_standard_input_is_explained(run):
    out = run("explain", "-", stdin=gzip.compress(WITH_BOX)).out
    assert "- Sign up for our newsletter" in out


def test_a_process_may_explain(run, monkeypatch):
    monkeypatch.setenv("SCRAPER_WORKERS", "1")
    assert run("explain", "a.html").out.startswith("title       Noon at the quay\n")


def test_a_process_has_a_time_limit(run, monkeypatch):
    monkeypatch.setenv("SCRAPER_WORKERS", "1")
    result = run("explain", "a.html", "--extract-timeout", "0.000001")
    assert result.code == 3
    assert "error       extract_timeout: stopped after" in result.out


def test_the_same_page_is_explained_in_the_same_bytes(run):
    assert len({run("explain", "a.html", "--html", "-").out for _ in range(2)}) == 1


def test_a_file_may_be_told_its_address(run):
    assert f"\naddress     {ADDRESS}\n" in run("explain", "a.html", "--url", ADDRESS).out


def test_a_page_without_article_is_explained(run):
    menu = "".join(f"<li><a href=/{n}>Section {n}</a></li>" for n in range(9))
    Path("b.html").write_text(f"<html><body><nav><ul>{menu}</ul></nav></body></html>")
    result = run("explain", "b.html")
    assert result.code == 0
    assert "status      not_article\n" in result.out
    assert "@ navigation" in result.out


def test_the_mode_is_heard(run):
    front = Path(__file__).parents[2] / "fixtures" / "pages" / "index-page" / "page.html"
    assert "status      not_article\n" in run("explain", front).out
    assert "status      ok\n" in run("explain", front, "--mode", "any").out


# Failures


def test_a_failed_fetch_is_explained_and_has_exit_code_3(run, server):
    result = run("explain", server.url("/missing"))
    assert result.code == 3
    assert "error       http_4xx: " in result.out
    assert "1 page: 1 error (1 http_4xx) in" in result.err


def test_robots_txt_is_obeyed(run, server):
    server.routes |= {"/a": page(WITH_BOX), "/robots.txt": text("User-agent: *\nDisallow: /")}
    result = run("explain", server.url("/a"))
    assert (result.code, server.asked) == (0, [])
    assert "status      skipped\n" in result.out
    assert "error       robots_disallowed: " in result.out


def test_robots_txt_may_be_ignored(run, server):
    server.routes |= {"/a": page(WITH_BOX), "/robots.txt": text("User-agent: *\nDisallow: /")}
    assert "status      ok\n" in run("explain", server.url("/a"), "--robots", "ignore").out


@pytest.mark.parametrize("body", [b"", b"%PDF-1.7 x", bytes(range(256)) * 40])
def test_what_is_no_page_has_exit_code_3(body, run):
    result = run("explain", "-", stdin=body)
    assert (result.code, "\nerror  " in result.out) == (3, True)


def test_a_closed_standard_input_has_exit_code_3(run):
    result = run("explain", "-", stdin=None)
    assert (result.code, "unreadable_file" in result.out) == (3, True)


@pytest.mark.parametrize("flags", [["--max-size", "10"], ["--max-size", "10", "-q"]])
def test_a_failure_is_said_even_where_quiet_is_wanted(flags, run):
    result = run("explain", "a.html", *flags)
    assert (result.code, "1 error (1 too_large)" in result.err) == (3, True)


# --html


def test_a_page_is_written(run):
    result = run("explain", "a.html", "--html", "out.html")
    assert (result.code, result.out) == (0, "")
    assert result.err.endswith(" -> out.html\n")
    written = Path("out.html").read_text("utf-8")
    assert written.startswith("<!doctype html>")
    assert "Sign up for our newsletter today." in written


def test_quiet_writes_the_page_and_says_nothing(run):
    result = run("explain", "a.html", "--html", "out.html", "-q")
    assert (result.out, result.err, Path("out.html").exists()) == ("", "", True)


def test_a_dash_is_standard_output(run):
    result = run("explain", "a.html", "--html", "-", "-q")
    assert result.out.startswith("<!doctype html>")
    assert not Path("-").exists()


def test_a_failure_is_a_page_too(run, server):
    result = run("explain", server.url("/missing"), "--html", "out.html")
    assert (result.code, "http_4xx" in Path("out.html").read_text("utf-8")) == (3, True)


def test_a_missing_folder_is_exit_code_4_before_anything_is_fetched(run, server):
    result = run("explain", server.url("/a"), "--html", "missing/out.html")
    assert (result.code, "missing/out.html" in result.complaint) == (4, True)
    assert server.asked == []


# Usage

WRONG = {
    "no page": ([], "URL|FILE"),
    "two pages": (["a.html", "a.html"], "a.html"),
    "a missing file": (["b.html"], "b.html: no such file"),
    "a folder": (["."], "a folder"),
    "a URL without scheme": (["harbour.example/a"], "did you mean https://harbour.example/a"),
    "a URL of another scheme": (["ftp://harbour.example/a"], "not an http or https URL"),
    "an empty name": ([""], "No such file"),
    "an address for a URL": ([ADDRESS, "--url", ADDRESS], "--url"),
    "a wrong address": (["a.html", "--url", "harbour"], "harbour"),
    "a folder to write": (["a.html", "--html", "."], "directory"),
}


@pytest.mark.parametrize(("args", "says"), WRONG.values(), ids=WRONG)
def test_wrong_usage_is_one_line_and_exit_code_2(args, says, run):
    result = run("explain", *args)
    assert result.code == 2
    assert says in result.complaint


def test_a_password_in_a_url_is_not_repeated(run):
    assert "secret" not in run("explain", "http://ada:secret@harbour.example/").complaint


# Colours


class Terminal(io.TextIOWrapper):
    """A terminal that keeps what it is shown."""

    def __init__(self):
        super().__init__(io.BytesIO(), encoding="utf-8")

    def isatty(self):
        return True


@pytest.fixture
def shown(alone, monkeypatch):
    """What ``explain`` shows on a terminal of this environment."""

    def command(**environment):
        from scraper.cli import main  # noqa: PLC0415 - after the environment is set

        for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "COLUMNS", "COLORTERM"):
            monkeypatch.delenv(name, raising=False)
        for name, value in ({"TERM": "xterm-256color"} | environment).items():
            monkeypatch.setenv(name, value)
        terminal = Terminal()
        monkeypatch.setattr(sys, "stdout", terminal)
        with pytest.raises(SystemExit):
            main(["explain", "a.html", "-q"], prog_name="scraper")
        return terminal.buffer.getvalue().decode()

    return command


def test_a_terminal_has_colours(shown):
    out = shown()
    assert "\x1b[2mSign up for our newsletter" in out
    assert "\x1b[35m" in out


def test_kept_text_has_no_colour(shown):
    assert re.search(r"\n(\x1b\[2m  \x1b\[0m|  )The ferry left the quay at nine", shown())


def test_a_terminal_has_no_line_wider_than_itself(shown):
    plain = re.sub(r"\x1b\[[\d;]*m", "", shown(COLUMNS="50"))
    assert max(map(len, plain.splitlines())) <= 50


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_colours_may_be_refused(environment, shown, run):
    plain = run("explain", "a.html").out
    assert shown(**environment) == plain


def test_a_pipe_has_no_colours(run):
    assert "\x1b" not in run("explain", "a.html").out


def test_a_page_cannot_colour_a_terminal(shown):
    Path("a.html").write_bytes(WITH_BOX.replace(b"The ferry", b"\x1b[31mThe\x9b32m &#27;[5mferry"))
    assert set(re.findall(r"\x1b\[[\d;]*m", shown())) <= {
        f"\x1b[{code}m" for code in ("0", "1", "2", "32", "33", "35", "1;35", "2;35")
    }


def test_a_locale_without_utf8_does_no_harm(run, monkeypatch):
    monkeypatch.setenv("LC_ALL", "C")
    Path("a.html").write_bytes(article("Café 東京"))
    assert "title       Café 東京\n" in run("explain", "a.html").out
    assert os.environ["LC_ALL"] == "C"
