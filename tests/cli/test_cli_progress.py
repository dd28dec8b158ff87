"""What a run says on standard error: lines that nobody can forge, a bar on a terminal."""

import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from scraper.blank import blank_article, blank_fetch
from scraper.cli.progress import followed, json_line_of, line_of
from scraper.cli.report import Tally
from scraper.model import Link, Visit

URL = "https://harbour.example/a"


def visit(url=URL, status="ok", code=None):
    fetch = msgspec.structs.replace(blank_fetch(url), http_status=200, elapsed_ms=120)
    article = msgspec.structs.replace(blank_article(url, fetch), word_count=300, version=2)
    kept = article if status == "ok" else None
    return Visit(link=Link(url=url), id="1", status=status, code=code, fetch=fetch, article=kept)


RUN = (visit(), visit(status="unchanged"), visit(status="error", code="http_4xx"))


@pytest.fixture
def told(capsys):
    """Follow some visits; return the lines that standard error has then."""

    def follow(*visits, quiet=False, verbose=0, log_format="text", tally=None):
        seen = followed(
            iter(visits),
            tally or Tally(),
            total=lambda: None,
            quiet=quiet,
            verbose=verbose,
            log_format=log_format,
        )
        assert list(seen) == list(visits)
        out, err = capsys.readouterr()
        assert out == ""
        return err.splitlines()

    return follow


def test_without_a_terminal_nothing_is_said(told):
    assert told(*RUN) == []


def test_verbose_has_a_line_for_each_url(told):
    assert told(*RUN, verbose=1) == [
        f"ok - {URL}",
        f"unchanged - {URL}",
        f"error http_4xx {URL}",
    ]


def test_quiet_wins_over_verbose(told):
    assert told(*RUN, quiet=True, verbose=2, log_format="json") == []


@pytest.mark.parametrize("quiet", [True, False])
def test_all_visits_are_counted(quiet, told):
    tally = Tally()
    told(*RUN, quiet=quiet, tally=tally)
    assert tally.statuses == {"ok": 1, "unchanged": 1, "error": 1}
    assert tally.codes == {"http_4xx": 1}


def test_a_line_of_json_holds_the_visit(told):
    line = json.loads(told(visit(), verbose=1, log_format="json")[0])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line.pop("time"))
    assert line == {
        "level": "info",
        "event": "visit",
        "url": URL,
        "status": "ok",
        "code": None,
        "http_status": 200,
        "elapsed_ms": 120,
        "words": 300,
        "version": 2,
    }


def test_a_failure_is_a_warning():
    assert json.loads(json_line_of(RUN[2]))["level"] == "warning"


HOSTILE = {
    "a new line": f"{URL}\nok - https://evil.example/",
    "a return": f"{URL}\rok - https://evil.example/",
    "a line separator": f"{URL}\u2028ok - https://evil.example/",
    "an escape": f"{URL}\x1b[2K\x1b]8;;https://evil.example/\x07",
    "a C1 control": f"{URL}\x9b2K\x85ok",
    "a direction": f"{URL}\u202egnp.exe\u200f",
    "a delete": f"{URL}\x7f\x7f",
    "a surrogate": f"{URL}\ud800",
    "markup": f"{URL}[red]x[/red]",
}


@pytest.mark.parametrize("line", [line_of, json_line_of])
@pytest.mark.parametrize("url", HOSTILE.values(), ids=HOSTILE)
def test_no_url_forges_a_line(url, line):
    said = line(visit(url))
    assert said.isprintable()
    assert URL in said
    if line is line_of:
        assert said.split(" ")[:2] == ["ok", "-"]
        assert said.count(" ") == 2


@pytest.mark.parametrize("line", [line_of, json_line_of])
def test_no_line_holds_a_password(line):
    said = line(visit("https://ada:hunter2@harbour.example/", "error", "credentials_in_url"))
    assert "hunter2" not in said


# The summary


def summed(*visits):
    tally = Tally()
    for one in visits:
        tally.count(one.status, one.code)
    return tally


def test_the_summary_is_one_line(capsys):
    summed(*RUN, RUN[0]).close(unit="URL", fail_on=0.0, quiet=False, extra=" -> corpus")
    said = capsys.readouterr().err
    wanted = r"scraper: 4 URLs: 2 ok, 1 unchanged, 1 error \(1 http_4xx\) in 0\.\d s -> corpus\n"
    assert re.fullmatch(wanted, said)


def test_the_summary_is_json_where_lines_are(capsys):
    tally = summed(*RUN)
    code = tally.close(unit="URL", fail_on=0.0, quiet=False, extra=" -> x", log_format="json")
    line = json.loads(capsys.readouterr().err)
    assert code == 1
    assert (line["event"], line["level"], line["urls"]) == ("summary", "warning", 3)
    assert line["statuses"] == {"ok": 1, "unchanged": 1, "error": 1}
    assert line["message"].endswith(" s -> x")


# On a terminal

SCRIPT = """
import sys
sys.path[:0] = [sys.argv[1]]
from test_cli_progress import RUN, HOSTILE, Tally, followed, visit
visits = iter([*RUN, visit(HOSTILE["markup"])])
options = {"total": lambda: 9, "quiet": False, "verbose": 1, "log_format": "text"}
for one in followed(visits, Tally(), **options):
    pass
"""


@pytest.fixture(scope="module")
def shown():
    """What a terminal gets of a run with lines."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", SCRIPT, str(Path(__file__).parent)]
    environment = os.environ | {"TERM": "xterm", "COLUMNS": "120", "NO_COLOR": "1"}
    subprocess.run(command, check=True, stderr=theirs, env=environment)
    os.close(theirs)
    said = os.read(ours, 1 << 16).decode()
    os.close(ours)
    return said


def test_a_terminal_has_a_bar_with_counts(shown):
    assert "4/9" in shown
    assert "2 ok, 1 unchanged, 1 error" in shown


def test_lines_stand_above_the_bar(shown):
    assert f"\x1b[2Kerror http_4xx {URL}\r\n" in shown
    assert f"\x1b[2Kok - {URL}[red]x[/red]\r\n" in shown


def test_a_log_of_json_has_no_bar_on_a_terminal(told, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    lines = told(*RUN, verbose=1, log_format="json")
    assert [json.loads(line)["status"] for line in lines] == ["ok", "unchanged", "error"]
