"""The promo exam's tables: its parts, and what leaks by class of promo."""

import dataclasses
import json

import pytest

from bench.corpora.case import Case, Promo
from bench.output import Output
from bench.quality.promo import (
    ALL_PROMOS,
    EVERYTHING,
    LeakRate,
    exam_table,
    figures,
    leak_rate,
    leak_table,
    parts,
    row_kinds,
    sections,
)
from bench.quality.report import Results, machine, markdown
from bench.scores import score_page

PROMO = Promo(
    drop=("Buy a map", "Skip this", "Read on"),
    inside=(True, False, False),
    kinds=("newsletter", "skip_link", "related_inline"),
    keep=("The tide rose.",),
    hard=(False,),
)
CASE = Case("promo", "wcxb:1", None, None, "example.org", promo=PROMO, standfirst_in_gold=True)
NEWS = dataclasses.replace(CASE, id="fundus:xx/A")
CLEAN, LEAKY = "The tide rose.", "The tide rose. Buy a map. Skip this."


def scored(system, *texts):
    cases = (CASE, NEWS)
    return [score_page(case, system, Output(text)) for case, text in zip(cases, texts, strict=True)]


def counts(*texts):
    return [page.promo for page in scored("ours", *texts)]


@pytest.fixture
def systems():
    return {"ours": scored("ours", CLEAN, CLEAN), "a": scored("a", LEAKY, CLEAN)}


def test_a_rate_has_the_share_of_pages_and_the_words_in_a_thousand():
    rate = leak_rate(counts(LEAKY, CLEAN), ("newsletter",))
    assert rate == LeakRate(sentences=2, leaked=1, pages=0.5, words=pytest.approx(1000 * 3 / 11))


def test_a_page_with_leaks_of_two_classes_is_one_page():
    rate = leak_rate(counts(LEAKY, CLEAN), ("newsletter", "skip_link"))
    assert (rate.leaked, rate.pages) == (2, 0.5)


def test_an_empty_output_leaks_nothing():
    assert leak_rate(counts("", ""), ("newsletter",)) == LeakRate(2, 0, 0.0, 0.0)


def test_no_page_leaks_nothing():
    assert leak_rate([], ("newsletter",)) == LeakRate(0, 0, 0.0, 0.0)


def test_promo_classes_and_their_sum_come_before_the_others():
    assert list(row_kinds(counts(CLEAN, CLEAN))) == [
        "related_inline",
        "newsletter",
        ALL_PROMOS,
        "skip_link",
        EVERYTHING,
    ]


def test_all_promo_classes_leave_furniture_out():
    assert "skip_link" not in row_kinds(counts(CLEAN, CLEAN))[ALL_PROMOS]


def test_everything_has_each_class():
    kinds = row_kinds(counts(CLEAN, CLEAN))[EVERYTHING]
    assert set(kinds) == {"newsletter", "skip_link", "related_inline"}


def test_the_table_has_a_column_for_each_system(systems):
    text = leak_table(systems)
    assert "| class | sentences | ours | a |" in text
    assert "| newsletter | 2 on 2 | 0.0 / 0.00 | 50.0 / 272.73 |" in text


def test_the_exam_is_split_by_the_corpus_of_its_pages(systems):
    split = parts(systems)
    assert {part: [page.id for page in rows["a"]] for part, rows in split.items()} == {
        "fundus": ["fundus:xx/A"],
        "wcxb": ["wcxb:1"],
    }


def test_a_part_has_its_own_figures(systems):
    assert "| a | 1 | 66.7 | 100.0 | 0.0 | 100.0 | 0.0 | 0.0 |" in exam_table(
        parts(systems)["wcxb"]
    )


def test_the_sections_say_that_the_pages_are_known(systems):
    assert "development data" in sections(systems)[0]


def test_a_standfirst_is_read_as_part_of_the_article():
    output = Output("Waves.", subtitle="The tide rose. Buy a map")
    page = score_page(CASE, "ours", output).promo
    assert (page.kept, page.leaked) == (1, 1)


def results(systems):
    made = {"date": "d", "python": "p", "machine": "m", "versions": {"ours": "1"}}
    rows = [page for pages in systems.values() for page in pages]
    return Results(made, tuple(systems), {"promo": rows})


def test_the_report_has_the_exam_its_parts_and_its_classes(systems):
    text = markdown(results(systems), worst=0)
    titles = [line for line in text.splitlines() if line.startswith(("## promo", "### promo"))]
    assert titles == [
        "## promo",
        "### promo: pages of fundus",
        "### promo: pages of wcxb",
        "### promo: leaked sentences by class",
    ]


def test_the_figures_are_plain_data(systems):
    leaks = json.loads(json.dumps(figures(systems)))["leaks"]
    assert leaks["a"][ALL_PROMOS]["pages"] == 0.5


def test_only_the_exam_has_exam_figures(systems):
    exam = machine(results(systems), worst=0)["promo_exam"]
    assert list(exam) == ["promo"]
    assert set(exam["promo"]["parts"]) == {"fundus", "wcxb"}


def test_no_sentence_of_the_exam_gets_into_the_results(systems):
    made = json.dumps(machine(results(systems), worst=0)) + markdown(results(systems), worst=0)
    assert "Buy a map" not in made
