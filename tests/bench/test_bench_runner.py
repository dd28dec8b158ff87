"""A peer that dies or hangs costs one row, not the run."""

import os
import time

import pytest

from bench import peers
from bench.corpora.case import Case
from bench.output import Output
from bench.runner import score_pages


def dies(html, url):
    os._exit(1)


def hangs(html, url):
    time.sleep(60)


def works(html, url):
    return Output("our own words")


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run systems, given by name, over two pages in forked workers; return (id, system, error)."""
    page = tmp_path / "page.html"
    page.write_bytes(b"<p>x")
    cases = [Case("c", name, None, page, "example.org", gold="our own words") for name in "ab"]
    monkeypatch.setattr("bench.runner.START_METHOD", "fork")  # so that workers see the stand-ins
    monkeypatch.setattr(peers, "warm_up", lambda system: None)

    def runs(timeout=20.0, **extracts):
        table = {name: peers.System(name, "json", "json", call) for name, call in extracts.items()}
        monkeypatch.setattr(peers, "REGISTRY", table)
        rows = score_pages(cases, tuple(extracts), timeout=timeout)
        return sorted((row.id, row.system, row.error) for row in rows)

    return runs


def test_every_system_scores_every_page(run):
    expected = [(page, name, None) for page in "ab" for name in ("one", "two")]
    assert run(one=works, two=works) == expected


def test_a_crash_is_a_row_and_the_others_go_on(run):
    rows = run(bad=dies, good=works)
    assert rows == [(page, *rest) for page in "ab" for rest in (("bad", "crashed"), ("good", None))]


def test_a_hang_is_a_row_and_the_others_go_on(run):
    rows = run(timeout=0.3, bad=hangs, good=works)
    assert rows == [(page, *rest) for page in "ab" for rest in (("bad", "timeout"), ("good", None))]
