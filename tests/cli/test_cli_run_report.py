"""``scraper report``: the page of a corpus folder."""

from pathlib import Path

import commandline
import pytest

from scraper.blank import blank_fetch
from scraper.model import Link, Visit
from scraper.state import NAME, State
from scraper.writer.runs import RunLog, write_run

run = commandline.run
alone = commandline.alone

URL = "https://harbour.example/a"


@pytest.fixture
def corpus(alone):
    """A corpus with one run."""
    log = RunLog("refresh", 1_795_867_200.0)
    log.add(Visit(link=Link(url=URL), id="1", status="unchanged", fetch=blank_fetch(URL)))
    write_run(Path("harbour"), log.run("finished"))
    return "harbour"


def test_the_page_goes_to_standard_output(run, corpus):
    result = run("report", corpus)
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith("<!doctype html>")
    assert "harbour.example" in result.out


def test_the_page_goes_to_a_file(run, corpus):
    result = run("report", corpus, "-o", "report.html")
    assert (result.code, result.out, result.err) == (0, "", "")
    assert Path("report.html").read_text("utf-8").endswith("</html>")


def test_the_page_is_called_after_its_folder(run, corpus, monkeypatch):
    monkeypatch.chdir(corpus)
    assert "<h1><bdi>harbour</bdi></h1>" in run("report", ".").out


def test_the_page_tells_of_the_state(run, corpus):
    with State(Path(corpus) / NAME) as state:
        state.add([Link(url=URL)], 1_795_867_200.0)
    assert "The corpus" in run("report", corpus).out


def test_a_damaged_state_is_no_trouble(run, corpus):
    (Path(corpus) / NAME).write_bytes(b"no database")
    assert run("report", corpus).code == 0


def test_a_folder_without_runs_is_told_in_one_line(run, alone):
    Path("empty").mkdir()
    result = run("report", "empty", "-o", "report.html")
    assert result.code == 2
    assert result.complaint.startswith("empty: no runs in empty/runs")
    assert not Path("report.html").exists()


def test_a_folder_that_is_not_there_is_told_in_one_line(run, alone):
    result = run("report", "nowhere")
    assert result.code == 2
    assert "'nowhere' does not exist" in result.complaint


def test_a_folder_that_is_not_there_cannot_be_written_to(run, corpus):
    result = run("report", corpus, "-o", "nowhere/report.html")
    assert result.code == 4
    assert result.complaint.startswith("nowhere/report.html: ")
