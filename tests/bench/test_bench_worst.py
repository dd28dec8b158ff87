"""Ours' worst pages: how they are ranked, and the files in which they are read."""

import dataclasses

import pytest
from click.testing import CliRunner

from bench import peers
from bench.corpora.case import Case, Promo
from bench.output import Output
from bench.quality.__main__ import main
from bench.quality.lines import Line, faults, gold_lines, output_lines
from bench.quality.reading import MAX_LINES, document, folded, write_worst
from bench.quality.worst import WorstPage, worst_pages
from bench.scores import score_page

CASE = Case("wcxb", "1", None, None, "example.org", gold="our own words\nkept", with_=("own",))
PROMO = dataclasses.replace(
    CASE,
    gold=None,
    with_=(),
    promo=Promo(("Sign up!",), (True,), ("newsletter",), ("He did.",), (False,)),
)


def scored(case, **texts):
    return [score_page(case, name, Output(text)) for name, text in texts.items()]


def worst(case, **texts):
    return worst_pages(scored(case, **texts), 5)


def test_the_best_peer_is_named():
    (row,) = worst(CASE, ours="our", **{"ours-text": "our own words kept"}, a="our own", b="x")
    assert (row.ours, row.best) == (0.4, ("a", pytest.approx(2 / 3)))


def test_pages_with_empty_gold_are_left_out():
    assert worst(dataclasses.replace(CASE, gold=""), ours="our") == []


def test_pages_without_gold_text_rank_by_their_snippets():
    snippets = dataclasses.replace(CASE, gold=None, without=("ad",))
    assert worst(snippets, ours="an ad of our own")[0].ours == 0.5


def test_promo_pages_rank_by_the_sentences_that_are_right():
    assert worst(PROMO, ours="He did. Sign up")[0].ours == 0.5


def test_lines_of_gold_and_output_are_marked():
    output = Output("kept\nsign up")
    assert gold_lines(CASE, output) == [Line("our own words", False), Line("kept", True)]
    assert output_lines(CASE, output) == [Line("kept", True), Line("sign up", False)]


def test_without_gold_text_only_a_leak_is_marked():
    output = Output("He did.\nSIGN UP")
    assert gold_lines(PROMO, output) == [Line("He did.", True)]
    assert output_lines(PROMO, output) == [Line("He did.", None), Line("SIGN UP", False)]


def test_faults_are_named():
    assert faults(PROMO, Output("sign up")) == ["missing: He did.", "leaked: Sign up!"]


def test_a_long_run_of_wrong_lines_is_shown_whole():
    wrong = [Line(str(number), False) for number in range(20)]
    assert folded(wrong) == wrong


def test_an_endless_column_ends():
    wrong = [Line("x", False)] * (MAX_LINES + 5)
    assert folded(wrong)[-1] is None
    assert len(folded(wrong)) == MAX_LINES + 1


def page(**peer_figures):
    return WorstPage("wcxb", "1", "forum", 0.5, peer_figures)


def test_the_file_shows_the_figures_of_ours_and_of_each_peer():
    text = document("wcxb", [(page(a=0.25), CASE, Output("kept"))])
    assert "1 · forum · ours F1 0.400 P 1.000 R 0.250 · a 0.250" in text


def test_the_words_of_a_page_are_escaped():
    text = document("wcxb", [(page(), CASE, Output("<script>alert(1)</script>\ud800\0"))])
    assert "<script" not in text
    assert "&lt;script&gt;alert(1)" in text


def test_a_file_is_written_for_each_corpus_that_ours_has_read(tmp_path, monkeypatch):
    html = tmp_path / "page.html"
    html.write_bytes(b"<p>x")
    case = dataclasses.replace(CASE, path=html)
    ours = peers.System("ours", "json", "json", lambda html, url: Output("leaked line"))
    monkeypatch.setitem(peers.REGISTRY, "ours", ours)
    scores = {"wcxb": scored(case, ours="leaked line"), "daniel": scored(case, a="x")}
    (path,) = write_worst(tmp_path / "new", scores, {"wcxb": [case], "daniel": [case]})
    assert '<p class="wrong" dir="auto">leaked line</p>' in path.read_text("utf-8")


def test_a_page_that_crashed_is_not_tried_again(tmp_path, monkeypatch):
    monkeypatch.delitem(peers.REGISTRY, "ours")
    scores = {"wcxb": [score_page(CASE, "ours", Output(""), error="crashed")]}
    assert write_worst(tmp_path, scores, {"wcxb": [CASE]}) == [tmp_path / "wcxb.html"]


def test_a_folder_inside_bench_is_refused():
    done = CliRunner().invoke(main, ["--read-worst", "bench/results"])
    assert (done.exit_code, "outside bench" in done.output) == (2, True)
