"""scraper site-rules: a folder of site-config files becomes a folder of rules."""

import os
from pathlib import Path

import commandline
import pytest

from scraper.cli import COMMANDS
from scraper.sites import load_site_rules

run = commandline.run
alone = commandline.alone

GOOD = "body: //div[@id='story']\nstrip: //aside\n"
PARTLY = "body: //article\nstrip: //p[contains(., 'Read on')]\nstrip: //p/..\n"


@pytest.fixture(autouse=True)
def known(monkeypatch):
    monkeypatch.setitem(COMMANDS, "site-rules", "scraper.cli.site_rules")


@pytest.fixture
def configs():
    """A folder of two files for domains and one that is none."""
    folder = Path("configs")
    folder.mkdir()
    (folder / "harbour.example.txt").write_text(GOOD)
    (folder / ".quay.example.txt").write_text(PARTLY)
    (folder / "LICENSE.txt").write_text("Take it.")
    return folder


def test_each_domain_becomes_a_rule(run, configs):
    assert run("site-rules", configs, "-o", "rules").code == 0
    rules = load_site_rules("rules")
    assert list(rules) == ["harbour.example", "quay.example"]
    assert rules["harbour.example"].strip == ("aside",)


def test_what_was_done_is_told_and_nothing_is_printed(run, configs):
    result = run("site-rules", configs, "-o", "rules")
    assert result.out == ""
    assert result.err == (
        "configs/.quay.example.txt: 1 taken, 2 left out\n"
        "configs/LICENSE.txt: left out, its name is no domain\n"
        "scraper: 2 sites -> rules, 3 selectors taken, 2 left out, 0 files unread\n"
    )


def test_each_line_that_is_left_out_is_named(run, configs):
    assert run("site-rules", configs / ".quay.example.txt", "-v", "-o", "rules").err.splitlines()[
        1:3
    ] == [
        "configs/.quay.example.txt:2: strip: //p[contains(., 'Read on')]: asks for text",
        "configs/.quay.example.txt:3: strip: //p/..: looks up or back from an element",
    ]


def test_quiet_says_nothing(run, configs):
    result = run("site-rules", configs, "-q", "-o", "rules")
    assert (result.code, result.out, result.err) == (0, "", "")


def test_the_same_files_give_the_same_bytes(run, configs):
    run("site-rules", configs, "-o", "one")
    run("site-rules", configs, "-o", "two")
    assert contents("one") == contents("two")
    run("site-rules", configs, "-o", "two")
    assert contents("one") == contents("two")


def contents(folder):
    return {path.name: path.read_bytes() for path in Path(folder).iterdir()}


def test_a_changed_file_changes_its_rule(run, configs):
    run("site-rules", configs, "-o", "rules")
    (configs / "harbour.example.txt").write_text("body: //main")
    run("site-rules", configs, "-o", "rules")
    assert load_site_rules("rules")["harbour.example"].body == ("main",)


def test_a_rule_written_by_hand_is_left_alone(run, configs):
    Path("rules").mkdir()
    own = Path("rules/harbour.example.toml")
    own.write_text('body = ["p"]')
    result = run("site-rules", configs, "-o", "rules")
    assert own.read_text() == 'body = ["p"]'
    assert "rules/harbour.example.toml: kept as it is" in result.err
    assert "scraper: 1 sites" in result.err


def test_the_file_of_a_domain_goes_before_that_of_its_hosts(run, configs):
    (configs / ".harbour.example.txt").write_text("body: //main")
    run("site-rules", configs, "-o", "rules")
    assert load_site_rules("rules")["harbour.example"].body == ("div#story", "main")


def test_names_are_told_without_escapes(run, configs):
    (configs / "\x1b[31m.txt").write_text("")
    assert "\x1b" not in run("site-rules", configs, "-o", "rules").err


# What goes wrong


def test_the_output_must_be_named(run, configs):
    result = run("site-rules", configs)
    assert result.code == 2
    assert "--output" in result.complaint


def test_a_path_that_is_missing_is_wrong_usage(run):
    result = run("site-rules", "gone", "-o", "rules")
    assert (result.code, result.complaint) == (2, "gone: no such file or folder")


def test_files_without_any_rule_are_no_success(run):
    Path("a.example.txt").write_text("title: //h1")
    assert run("site-rules", "a.example.txt", "-o", "rules").code == 3
    assert not Path("rules").exists()


def test_a_file_that_cannot_be_read_is_told(run, configs):
    os.mkfifo(configs / "pipe.example.txt")
    result = run("site-rules", configs, "-q", "-o", "rules")
    assert result.code == 1
    assert "configs/pipe.example.txt: not a file" in result.err
    assert "1 files unread" in result.err


@pytest.mark.parametrize("folder", ["configs/harbour.example.txt", "configs/LICENSE.txt/rules"])
def test_an_output_that_is_no_folder_cannot_be_written(folder, run, configs):
    result = run("site-rules", configs / "harbour.example.txt", "-o", folder)
    assert result.code == 4
    assert result.complaint.startswith(folder)


def test_the_help_fits_a_terminal_and_has_an_example(run, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    text = run("site-rules", "--help").out
    assert max(map(len, text.splitlines())) <= 80
    assert "scraper site-rules ftr-site-config/ -o rules/" in text
