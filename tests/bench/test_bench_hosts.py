"""The judgement of host memory, on pages of an invented host."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from bench.corpora.case import Case
from bench.hosts import Judged, figures, judge, lengths, main, read_pages, section, seen
from scraper.hosts import build_profiles

PROMO = "Join four thousand sailors who read our tide letter every Monday"


@pytest.fixture
def cases(tmp_path):
    """Three pages of a host, each with an article of its own and the same promo."""
    return [_case(tmp_path, name, "harbour.example") for name in ("ferry", "storm", "pier")]


def _case(folder: Path, name: str, host: str) -> Case:
    lines = [
        f"On the day of the {name} the {crew} left the quay, and nobody in the {name} office could"
        f" say when the {crew} would come back to the harbour."
        for crew in ("pilot", "cook", "mate", "owner", "captain")
    ]
    paragraphs = "".join(f"<p>{line}</p>" for line in lines)
    path = folder / f"{name}.html"
    path.write_text(
        f"<html><body><article><h1>The {name}</h1>{paragraphs}</article>"
        f'<div class="newsletter-signup"><p>{PROMO}</p></div></body></html>'
    )
    return Case("c", name, None, path, host, gold="\n".join([f"The {name}", *lines]))


def test_hosts_with_one_page_are_left_out(cases, tmp_path):
    single = _case(tmp_path, "tide", "inland.example")
    assert [page.case.id for page in read_pages([*cases, single])] == ["ferry", "storm", "pier"]


def test_what_recurs_is_judged_by_gold(cases):
    pages = read_pages(cases)
    blocks = list(judge(pages, build_profiles(seen(pages, guarded=True))))
    assert [(block.pages, block.is_gold) for block in blocks if block.pages] == [(3, False)] * 3
    assert sum(block.is_gold for block in blocks) == 3 * 6


def test_without_a_guard_copies_are_pages(cases):
    copies = [case for case in cases if case.id == "ferry"]
    copies += [_renamed(case) for case in copies]
    pages = read_pages(copies)
    found = [build_profiles(seen(pages, guarded=guarded)) for guarded in (True, False)]
    assert [bool(profiles) for profiles in found] == [False, True]


def _renamed(case: Case) -> Case:
    copy = case.path.with_name("copy.html")
    copy.write_text(case.path.read_text() + "<!-- read again -->")
    return Case(case.corpus, "copy", None, copy, case.domain, gold=case.gold)


def block(words, pages, *, gold=False, headline=False, heading=False, kept=False):
    return Judged(words, pages, gold, headline, heading, kept)


def test_figures_are_shares_of_words_and_blocks():
    blocks = [
        block(90, 0, gold=True, kept=True),
        block(4, 2, gold=True, kept=True),
        block(6, 2, gold=True, headline=True),
        block(10, 2),
        block(30, 0, kept=True),
        block(20, 3, kept=True),
    ]
    found = figures(blocks, lambda one: one.pages >= 2)
    assert found == {
        "lost": 0.04,
        "lost_headings": 0.0,
        "lost_headlines": 0.06,
        "block_recall": 2 / 3,
        "word_recall": 0.5,
        "block_precision": 2 / 3,
        "word_precision": 30 / 34,
        "caught": 0.4,
    }


def test_precision_by_length_leaves_headlines_out():
    blocks = [
        block(5, 2),
        block(5, 2, gold=True),
        block(9, 2),
        block(9, 2, gold=True, headline=True),
    ]
    found = lengths(blocks)
    assert (found["4-7"], found["8-15"]) == ((2, 0.5), (1, 1.0))


def test_a_section_has_a_row_for_each_setting(cases):
    text, plain = section("harbour", read_pages(cases))
    assert text.startswith("## harbour: 3 pages of 1 hosts, 1 with a profile")
    assert plain["settings"]["2|4 or more"]["lost"] == 0.0
    assert "| 2 | 4 or more, no guard |" in text


def test_without_corpora_it_says_so(tmp_path):
    result = CliRunner().invoke(main, ["--corpora", str(tmp_path / "missing")])
    assert (result.exit_code, "skipped" in result.output) == (0, True)
