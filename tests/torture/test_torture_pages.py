"""Pages made to hurt: each gives its article, soon, and in little memory."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.torture.cases import CASES

ROOT = Path(__file__).parent.parent.parent
SECONDS = 15
"""CPU seconds on the slowest machine seen, shared by three jobs: a free one takes a fifth."""
MEGABYTES, MEGABYTES_A_MEGABYTE = 150, 40

pytestmark = pytest.mark.torture


@pytest.fixture(scope="session")
def measured():
    """What every page cost and gave, by name: one process extracts them all."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.torture.measured"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )
    results = [json.loads(line) for line in done.stdout.splitlines()]
    found = {result["name"]: result for result in results}
    assert (done.returncode, len(found)) == (0, len(CASES)), done.stderr[-2000:]
    return found


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.shown is not None])
def test_the_article_is_found(measured, name):
    assert measured[name]["found"] == 6


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.shown is None])
def test_no_article_is_invented(measured, name):
    assert measured[name]["code"] in ("empty_body", "not_html")


@pytest.mark.parametrize("name", CASES)
def test_it_takes_bounded_time(measured, name):
    assert measured[name]["seconds"] < SECONDS


@pytest.mark.parametrize("name", CASES)
def test_it_takes_bounded_memory(measured, name):
    size = measured[name]["size"] / 1e6
    assert measured[name]["megabytes"] < MEGABYTES + MEGABYTES_A_MEGABYTE * size


def test_nothing_breaks_inside(measured):
    assert [name for name, one in measured.items() if "internal" in one["warnings"]] == []


def test_of_many_good_paragraphs_all_are_kept(measured):
    assert measured["52_20k_p_good"]["words"] > 20_000 * 25


def test_a_page_of_too_many_blocks_says_so(measured):
    assert "too_many_blocks" in measured["09_200k_p"]["warnings"]


@pytest.mark.parametrize("tag", ["script", "style", "title", "textarea", "iframe", "comment"])
def test_a_mended_page_says_so(measured, tag):
    assert "mended_markup" in measured[f"unclosed_{tag}"]["warnings"]
