"""The small commands: validate, schema, completion, doctor."""

import json
import shutil
import subprocess
from pathlib import Path

import commandline
import jsonschema
import pytest
from loopback import article

import scraper

run = commandline.run
alone = commandline.alone

URL = "https://harbour.example/a"


@pytest.fixture
def good():
    """A line that is a record."""
    return scraper.extract(article(), URL).to_json()


# validate


def put(name, *lines):
    Path(name).write_text("".join(f"{line}\n" for line in lines))
    return name


def test_good_lines_are_counted(run, good):
    result = run("validate", put("a.jsonl", good, good))
    assert (result.code, result.out, result.err) == (0, "", "scraper: 2 valid, 0 wrong\n")


def test_quiet_says_nothing_of_good_lines(run, good):
    assert run("validate", "-q", put("a.jsonl", good)).err == ""


BAD = {
    "no JSON": "nonsense",
    "another object": "{}",
    "an array": "[]",
    "half a record": '{"schema_version": "1.0"',
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_a_bad_line_is_named(bad, run, good):
    result = run("validate", put("a.jsonl", good, bad, good))
    assert result.code == 1
    assert result.out.startswith("a.jsonl:2: ")
    assert result.out.count("\n") == 1
    assert result.err == "scraper: 2 valid, 1 wrong\n"


CHANGED = {
    "a field too many": {"extra": 1},
    "an unknown status": {"status": "fine"},
    "an id that is none": {"id": "1"},
    "a number as text": {"text": 1},
    "a negative count": {"word_count": -1},
    "another version": {"schema_version": "2.0"},
    "a hash that is none": {"content_hash": "md5:1"},
}


@pytest.mark.parametrize("changes", CHANGED.values(), ids=CHANGED)
def test_a_wrong_field_is_named(changes, run, good):
    bad = json.dumps(json.loads(good) | changes)
    result = run("validate", put("a.jsonl", bad))
    assert result.code == 1
    assert next(iter(changes)) in result.out


@pytest.mark.parametrize("field", ["id", "fetch", "error", "removed"])
def test_a_missing_field_is_named(field, run, good):
    record = json.loads(good)
    del record[field]
    assert f"`{field}`".strip("`") in run("validate", put("a.jsonl", json.dumps(record))).out


def test_blank_lines_are_not_records(run, good):
    assert run("validate", put("a.jsonl", "", good, "", "nonsense")).out.startswith("a.jsonl:4: ")


def test_files_are_named(run, good):
    result = run("validate", put("a.jsonl", "x"), put("b.jsonl", good, "y"))
    assert [line.split(": ")[0] for line in result.out.splitlines()] == ["a.jsonl:1", "b.jsonl:2"]


def test_standard_input_is_checked(run, good):
    result = run("validate", "-", stdin=f"{good}\nnonsense\n".encode())
    assert (result.code, result.out.startswith("-:2: ")) == (1, True)


def test_a_json_file_is_one_record(run):
    put("a.json", scraper.extract(article(), URL).to_json(indent=2))
    assert run("validate", "a.json").err == "scraper: 1 valid, 0 wrong\n"


def test_a_json_file_is_an_array_of_records(run, good):
    result = run("validate", put("a.json", f"[{good}, {{}}, {good}]"))
    assert result.out.startswith("a.json:2: ")
    assert result.err == "scraper: 2 valid, 1 wrong\n"


def test_an_empty_file_is_valid(run):
    assert run("validate", put("a.jsonl")).code == 0


def test_a_broken_json_file_is_one_line(run):
    result = run("validate", put("a.json", "[1, 2"))
    assert result.code in {1, 2}
    assert "a.json" in result.err + result.out


NESTED = "[" * 100_000


def test_a_json_file_nested_too_deep_is_one_line(run):
    result = run("validate", put("a.json", NESTED))
    assert result.code in {1, 2}
    assert "a.json" in result.err + result.out


def test_a_line_nested_too_deep_is_named(run):
    assert run("validate", put("a.jsonl", '{"x":' + NESTED)).out.startswith("a.jsonl:1: ")


def test_a_key_cannot_write_to_the_terminal(run, good):
    bad = json.dumps(json.loads(good) | {"\x1b[2J\nb.jsonl:1: all is well": 1})
    out = run("validate", put("a.jsonl", bad)).out
    assert out.count("\n") == 1
    assert "\x1b" not in out


# schema


def test_schema_prints_a_schema(run):
    result = run("schema")
    assert (result.code, result.err) == (0, "")
    jsonschema.Draft202012Validator.check_schema(json.loads(result.out))


def test_the_schema_accepts_a_record(run, good):
    jsonschema.validate(json.loads(good), json.loads(run("schema").out))


# completion


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script(shell, run):
    result = run("completion", shell)
    assert (result.code, result.err) == (0, "")
    assert f"_SCRAPER_COMPLETE={shell}_complete" in result.out
    assert "%(" not in result.out


SHELLS = [shell for shell in ("bash", "zsh", "fish") if shutil.which(shell)]


@pytest.mark.parametrize("shell", SHELLS)
def test_a_shell_understands_its_script(shell, run):
    script = run("completion", shell).out
    subprocess.run([shell, "-n"], input=script.encode(), check=True, capture_output=True)


# doctor


def test_doctor_finds_a_whole_installation(run):
    result = run("doctor")
    assert (result.code, result.err) == (0, "")
    assert all(line.startswith("ok ") for line in result.out.splitlines())


def test_doctor_says_what_is_broken(run, monkeypatch):
    def broken():
        raise RuntimeError("no such table")

    monkeypatch.setattr("scraper.doctor._CHECKS", {"sqlite": broken})
    result = run("doctor")
    assert (result.code, result.out) == (4, "FAIL sqlite: RuntimeError: no such table\n")


def test_what_get_prints_is_valid_as_it_stands(run):
    printed = scraper.extract(article(), URL).to_json(indent=2)
    assert run("validate", "-", stdin=printed.encode()).err == "scraper: 1 valid, 0 wrong\n"


def test_a_demo_that_cannot_write_names_the_folder(run):
    put("file", "x")
    result = run("demo", "-o", "file/folder")
    assert (result.code, "file/folder" in result.err) == (4, True)
