"""The documents say what the code does."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import scraper
from scraper.cli import COMMANDS
from scraper.errors import ERROR_CODES, WARNING_CODES
from scraper.settings import Settings

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
CODES = (ROOT / "docs" / "codes.md").read_text("utf-8")


def test_readme_is_100_to_150_lines():
    assert 100 <= len(README.splitlines()) <= 150


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_stands_in_the_readme(command):
    assert f"scraper {command}" in README


def rows(section):
    """Code and meaning of each row of a section's table."""
    text = CODES.partition(f"## {section}")[2].partition("\n## ")[0]
    return dict(re.findall(r"^\| `(\w+)` \| ([^|]+) \|", text, re.MULTILINE))


def test_every_failure_is_documented_with_its_meaning():
    assert rows("Failures") == {code: entry.meaning for code, entry in ERROR_CODES.items()}


def test_every_doubt_is_documented_with_its_meaning():
    assert rows("Doubts") == WARNING_CODES


def test_every_setting_is_documented():
    text = (ROOT / "docs" / "settings.md").read_text("utf-8")
    assert [name for name in Settings.__struct_fields__ if f"`{name}`" not in text] == []


def test_every_field_of_the_record_is_documented():
    text = (ROOT / "docs" / "record.md").read_text("utf-8")
    assert [name for name in scraper.Article.__struct_fields__ if f"`{name}`" not in text] == []


def test_changelog_knows_the_version():
    assert f"## {scraper.__version__}" in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_every_document_is_linked_from_the_readme():
    names = {path.name for path in (ROOT / "docs").glob("*.md")}
    assert [name for name in sorted(names) if f"docs/{name}" not in README] == []


def test_every_room_of_the_package_is_in_the_architecture():
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    rooms = {
        path.name for path in (ROOT / "scraper").iterdir() if path.suffix == ".py" or path.is_dir()
    }
    rooms -= {"__pycache__"}
    assert [room for room in sorted(rooms) if room not in text] == []


def test_readme_python_runs():
    """Each python block of the README runs as it stands, on the page that it names."""
    for code in re.findall(r"```python\n(.*?)```", README, re.DOTALL):
        subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT, capture_output=True)
