"""Page scores, their summary, the tables and the registry of systems."""

import dataclasses
import json
import time

import pytest

from bench import peers
from bench.corpora.case import Case, Promo
from bench.output import Output
from bench.quality.lines import matched_lines
from bench.quality.report import Results, machine, markdown
from bench.runner import run_one
from bench.scores import score_page, summarize
from bench.speed.timing import time_pages, timings


@pytest.fixture
def case(tmp_path):
    page = tmp_path / "page.html"
    page.write_bytes(b"<p>Our own words")
    return Case("wcxb", "1", None, page, "example.org", gold="our own words", with_=("own",))


def system(extract, **changes):
    return peers.System("ours", "json", "json", extract, **changes)


def test_a_page_is_scored_by_words_and_segments(case):
    score = score_page(case, "ours", Output("our own words"))
    assert (score.words.f1, score.segments.tp) == (1.0, 1)


def test_scores_without_gold_are_none(case):
    assert score_page(case, "ours", Output("x")).promo is None


def test_promo_is_scored_where_the_case_has_sentences(case):
    promo = Promo(("sign up",), (True,), ("newsletter",), ("own words",), (False,))
    score = score_page(dataclasses.replace(case, promo=promo), "ours", Output("own words"))
    assert score.promo.perfect


def test_few_characters_count_as_empty(case):
    assert score_page(case, "ours", Output("x" * 49)).empty


def test_an_exception_is_an_error_and_an_empty_output(case):
    def broken(html, url):
        raise ValueError

    score = run_one(system(broken), case, b"")
    assert (score.error, score.empty, score.words.f1) == ("ValueError", True, 0.0)


def test_errors_leave_the_times_alone(case):
    fine = score_page(case, "ours", Output("our own words"), cpu_ms=2.0)
    failed = score_page(case, "ours", Output(""), error="timeout")
    assert summarize([fine, failed]).cpu_mean == 2.0


def test_the_summary_counts_errors(case):
    assert summarize([score_page(case, "ours", Output(""), error="crashed")]).errors == 1


def test_a_missing_package_is_named():
    absent = dataclasses.replace(peers.REGISTRY["resiliparse"], module="no_such_module")
    assert peers.missing(absent) == "resiliparse skipped: resiliparse is not installed"


def test_a_missing_package_is_skipped():
    there = system(lambda html, url: Output(""))
    there = dataclasses.replace(there, name="there")
    absent = dataclasses.replace(there, name="absent", module="no_such_module")
    assert peers.installed([absent, there])[0] == [there]


def test_ours_comes_first_in_the_registry():
    assert next(iter(peers.REGISTRY)) == "ours"


def results(case, **outputs):
    pages = [score_page(case, name, Output(text)) for name, text in outputs.items()]
    made = {"date": "d", "python": "p", "machine": "m", "versions": {"ours": "1"}}
    return Results(made, tuple(outputs), {"wcxb": pages})


def test_the_tables_hold_a_line_for_each_system(case):
    text = markdown(results(case, ours="our", a="our own"), worst=1)
    assert "| ours | 1 | .500 " in text
    assert "| a | 1 | .800 " in text


def test_the_machine_readable_figures_are_json(case):
    figures = machine(results(case, ours="our"), worst=1)
    assert json.loads(json.dumps(figures))["corpora"]["wcxb"]["ours"]["words"]["f1"] == 0.5


def test_no_page_text_gets_into_the_results(case):
    figures = results(case, ours="our own words")
    assert "own words" not in json.dumps(machine(figures, 1)) + markdown(figures, 1)


def test_a_line_with_a_changed_word_still_matches():
    text = "one two three four five six"
    assert list(matched_lines(text, "six five four three two")) == [(text, True)]


def test_timing_takes_the_best_round(case):
    clock = iter([0.0, 3.0, 0.0, 1.0])
    best = time_pages([case], [system(lambda html, url: Output(""))], 2, lambda: next(clock))
    assert best == {"ours": [1000.0]}


def test_ratios_leave_out_pages_that_one_side_failed():
    (_, row) = timings({"trafilatura": [2.0, 100.0], "ours": [1.0, None]})
    assert (row.ratio_mean, row.errors) == (0.5, 1)


def test_the_clock_counts_the_extraction_alone(case):
    def idle(html, url):
        time.sleep(0.02)
        return Output("")

    assert run_one(system(idle), case, b"").cpu_ms < 15


def test_unwanted_snippets_have_a_column_of_their_own(case):
    both = dataclasses.replace(case, gold=None, without=("ad", "map"))
    text = markdown(results(both, ours="an ad of our own", a="our own"), worst=0)
    header, _, ours, peer = text.partition("| system |")[2].splitlines()[:4]
    place = header.split("|").index(" without present % ") + 1
    assert [line.split("|")[place + 1].strip() for line in (ours, peer)] == ["50.0", "0.0"]
