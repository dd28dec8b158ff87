"""Metadata: gold on tiny corpora of our own words, what counts as right, and the tables."""

import gzip
import json
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

import scraper
from bench import peers
from bench.gate import gain, measure_metadata
from bench.metadata import gold, systems
from bench.metadata.__main__ import main
from bench.metadata.gold import MetaCase
from bench.metadata.instant import has_time, parse, same_day, same_instant
from bench.metadata.metrics import (
    Answer,
    Judged,
    date_score,
    fold,
    judge,
    labels,
    names,
    reliability,
    set_score,
    title_score,
)
from bench.metadata.report import POOLED, Results, cpu, errors, machine, markdown, reliabilities
from bench.metadata.report import undated as undated_share
from bench.metadata.rows import Row, failed, misses, plain, read_page
from bench.metadata.sample import gate_scores, metadata_sample

PAGE = b"<html><body><p>Our own words.</p></body></html>"


def write(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    path.write_bytes(data)


def wcxb_page(root, case_id="0001", page_type="article", **truth):
    folder = root / "wcxb" / "dev"
    record = {
        "url": f"https://www.example.org/{case_id}",
        "_internal": {"page_type": {"primary": page_type}},
        "ground_truth": {"main_content": "", "with": [], "without": []} | truth,
    }
    write(folder / "ground-truth" / f"{case_id}.json", record)
    write(folder / "html" / f"{case_id}.html.gz", gzip.compress(PAGE))


def fundus_pages(root, *layouts):
    country = root / "fundus" / "xx"
    write(country / "meta.info", {})
    body = {"summary": [], "sections": []}
    write(country / "Paper.json", {f"V{n}": {"body": body} | it for n, it in enumerate(layouts)})
    for day in range(len(layouts)):
        write(country / f"Paper_2024_01_{day + 1:02}.html.gz", gzip.compress(PAGE))


def trafilatura_page(root, **row):
    made = {"file": "a.html", "with": [], "without": []} | row
    write(root / "trafilatura" / "evaldata.json", {"https://example.org/a": made})
    write(root / "trafilatura" / "eval" / "a.html.gz", gzip.compress(PAGE))


def htmldate_page(root, folder):
    row = {"file": "a.html", "date": "2024-05-01"}
    write(root / "htmldate" / "eval_default.json", {"https://example.org/a": row})
    write(root / folder / "a.html.gz", gzip.compress(PAGE))


def case(**said):
    return MetaCase("c", "1", None, None, "example.org", **said)


def only(root, corpus):
    (loaded,) = gold.load(root, corpus)
    return loaded


# Gold


def test_an_absent_corpus_is_empty(tmp_path):
    assert [gold.load(tmp_path, name) for name in gold.LOADERS] == [[]] * 4


def test_fundus_gives_the_nth_page_the_gold_of_the_nth_layout(tmp_path):
    fundus_pages(tmp_path, {"title": "First"}, {"title": "Second"})
    assert [one.title for one in gold.load(tmp_path, "fundus")] == ["First", "Second"]


def test_fundus_has_authors_date_and_tags(tmp_path):
    stated = {"authors": ["Ann"], "publishing_date": "2024-05-01 10:00:00", "topics": ["sea"]}
    fundus_pages(tmp_path, stated)
    loaded = only(tmp_path, "fundus")
    assert (loaded.authors, loaded.date, loaded.tags) == (("Ann",), "2024-05-01 10:00:00", ("sea",))


def test_what_fundus_does_not_state_is_no_gold(tmp_path):
    fundus_pages(tmp_path, {"topics": []})
    loaded = only(tmp_path, "fundus")
    assert (loaded.title, loaded.authors, loaded.has_date_gold, loaded.tags) == (
        None,
        None,
        False,
        None,
    )


def test_only_articles_of_wcxb_are_read(tmp_path):
    wcxb_page(tmp_path, "0001", page_type="forum")
    wcxb_page(tmp_path, "0002")
    assert [one.id for one in gold.load(tmp_path, "wcxb")] == ["0002"]


def test_a_page_of_wcxb_without_date_is_undated(tmp_path):
    wcxb_page(tmp_path, publish_date=None)
    assert only(tmp_path, "wcxb").undated


def test_a_page_of_wcxb_with_a_date_is_not_undated(tmp_path):
    wcxb_page(tmp_path, publish_date="2024-05-01")
    assert not only(tmp_path, "wcxb").undated


def test_a_page_of_wcxb_with_half_a_date_has_no_gold_for_it(tmp_path):
    wcxb_page(tmp_path, publish_date="2003-11")
    assert not only(tmp_path, "wcxb").has_date_gold


def test_a_page_of_trafilatura_without_date_is_not_undated(tmp_path):
    trafilatura_page(tmp_path, date="")
    assert not only(tmp_path, "trafilatura").undated


@pytest.mark.parametrize("author", ["Ann", ["Ann"]])
def test_trafilatura_writes_authors_as_text_or_list(tmp_path, author):
    trafilatura_page(tmp_path, author=author)
    assert only(tmp_path, "trafilatura").authors == ("Ann",)


@pytest.mark.parametrize("folder", ["htmldate/pages", "trafilatura/eval", "trafilatura/cache"])
def test_htmldate_finds_pages_in_each_folder(tmp_path, folder):
    htmldate_page(tmp_path, folder)
    assert only(tmp_path, "htmldate").html == PAGE


def test_a_limit_spreads_over_the_corpus(tmp_path):
    for number in range(6):
        wcxb_page(tmp_path, f"{number:04}")
    assert [one.id for one in gold.load(tmp_path, "wcxb", 2)] == ["0000", "0003"]


# Folding


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Tide &amp; Time", "tide & time"),
        ("„Tide“", '"Tide"'),
        ("Tide – now", "Tide - now"),
        ("Tide?", "Tide"),
        ("ti\u00adde", "tide"),
        ("  the\u00a0 tide ", "The tide"),
        ("Ｔide", "tide"),
    ],
)
def test_folding_forgets(one, other):
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("Tide", "Tides"), ("café", "cafe"), ("C++", "C")])
def test_folding_keeps(one, other):
    assert fold(one) != fold(other)


@pytest.mark.parametrize(
    "entry", ["Ann Lee, Bo Ek", "By Ann Lee and Bo Ek", "ann lee | BO EK", "Von Ann Lee und Bo Ek"]
)
def test_an_entry_is_split_into_names(entry):
    assert names([entry]) == {"ann lee", "bo ek"}


def test_a_name_that_begins_like_a_preposition_is_whole():
    assert names(["Byron Andersen"]) == {"byron andersen"}


def test_a_list_of_tags_in_one_text_is_split():
    assert labels(["sea, ships; tide"]) == {"sea", "ships", "tide"}


# Dates


def day_is_right(wanted, said):
    return same_day(parse(wanted), parse(said))


def test_the_day_as_written_is_right():
    assert day_is_right("2024-05-01 23:30:00-04:00", "2024-05-01")


def test_the_day_in_utc_is_right():
    assert day_is_right("2024-05-01 23:30:00-04:00", "2024-05-02")


def test_the_same_moment_in_another_zone_is_right():
    assert day_is_right("2024-05-01 22:30:00+00:00", "2024-05-02T00:30:00+02:00")


def test_the_answers_day_in_utc_does_not_meet_a_bare_day():
    assert not day_is_right("2024-05-01", "2024-05-02T00:30:00+02:00")


def test_moments_are_compared_in_utc():
    assert same_instant(parse("2024-05-01 08:00:00+00:00"), parse("2024-05-01T10:00:59+02:00"))


def test_moments_more_than_a_minute_apart_differ():
    assert not same_instant(parse("2024-05-01 08:00:00Z"), parse("2024-05-01T08:01:01Z"))


def test_without_a_zone_moments_are_compared_as_the_clock_reads():
    assert same_instant(parse("2024-05-01 10:00:00"), parse("2024-05-01T10:00:00+02:00"))


def test_a_bare_day_meets_no_instant():
    assert not same_instant(parse("2024-05-01 10:00:00"), parse("2024-05-01"))


def test_midnight_is_a_day_written_as_an_instant():
    assert not has_time(parse("2024-05-01 00:00:00"))


@pytest.mark.parametrize("text", ["", "yesterday", "2024-13-01", "2003-11", "May 1, 2024"])
def test_what_has_no_day_is_not_read(text):
    assert parse(text) is None


# Verdicts and figures


def test_a_field_without_gold_is_not_judged():
    assert list(judge(case(title="Tide"), Answer("Tide", ("Ann",)))) == ["title"]


def test_no_answer_is_not_right():
    judged = judge(case(title="Tide", authors=("Ann",), date="2024-05-01", tags=("sea",)), Answer())
    assert [(one.answered, one.right) for one in judged.values()] == [(False, False)] * 4


def test_an_answer_that_cannot_be_read_is_a_wrong_date():
    judged = judge(case(date="2024-05-01"), Answer(date="yesterday"))["date"]
    assert (judged.answered, judged.right) == (True, False)


def test_an_instant_is_judged_where_the_gold_has_a_time():
    assert judge(case(date="2024-05-01"), Answer(date="2024-05-01"))["date"].instant is None


def test_a_bare_day_misses_the_instant():
    judged = judge(case(date="2024-05-01 10:00:00"), Answer(date="2024-05-01"))["date"]
    assert (judged.right, judged.instant) == (True, False)


def test_names_are_counted_over_all_pages():
    pages = [Judged(True, True, 1, 1, 1), Judged(True, False, 1, 3, 3)]
    assert set_score(pages).f1 == 0.5


def test_nothing_said_scores_nothing():
    score = set_score([Judged(False, False, wanted=2)])
    assert (score.precision, score.recall, score.f1) == (0.0, 0.0, 0.0)


def test_precision_of_dates_is_over_the_answered():
    score = date_score([Judged(True, True), Judged(True, False), *[Judged(False, False)] * 2])
    assert (score.accuracy, score.precision, score.wrong, score.coverage) == (0.25, 0.5, 0.25, 0.5)


def test_no_page_has_no_score():
    assert (title_score([]), set_score([]), date_score([])) == (None, None, None)


def test_confidence_is_held_against_the_share_right():
    (bucket,) = reliability([(0.9, True), (0.98, False)]).buckets
    assert (bucket.low, bucket.count, bucket.right) == (0.9, 2, 0.5)


def test_confidence_of_one_is_in_the_last_bucket():
    assert reliability([(1.0, True)]).buckets[0].low == 0.9


def test_the_calibration_error_weighs_buckets_by_answers():
    claims = [*[(0.5, True)] * 3, (0.9, True)]
    assert reliability(claims).error == pytest.approx((3 * 0.5 + 0.1) / 4)


def test_no_claim_has_no_reliability():
    assert reliability([]) is None


# Rows and tables


def row(answer, system="ours", error=None, cpu_ms=None, **said):
    page = case(**said)
    return Row(page, system, answer, judge(page, answer), error, cpu_ms)


def results(**rows):
    made = {"date": "2024-05-01", "python": "3", "machine": "m", "versions": {"ours": "1"}}
    return Results(made, ("ours",), rows)


@pytest.fixture
def page(tmp_path):
    path = tmp_path / "page.html"
    path.write_bytes(PAGE)
    return MetaCase("c", "1", None, path, "example.org", title="Tide", date="2024-05-01")


@pytest.fixture
def says(monkeypatch):
    """Let a function stand in for ours."""

    def use(extract):
        system = systems.MetaSystem("ours", "json", "json", extract)
        monkeypatch.setitem(systems.REGISTRY, "ours", system)

    return use


def breaks(html, url):
    raise ValueError("not a page's business")


def test_a_crash_is_an_error_and_no_answer(page, says):
    says(breaks)
    read = read_page("ours", page, PAGE)
    assert (read.error, read.judged["title"].answered) == ("ValueError", False)


def test_a_dead_process_has_no_time(page):
    assert failed(page, "ours", "crashed").cpu_ms is None


def test_the_record_of_ours_becomes_an_answer(monkeypatch):
    told = SimpleNamespace(source="page.h1", confidence=0.7)
    record = SimpleNamespace(
        error=None,
        title="Tide",
        authors=(SimpleNamespace(name="Ann"),),
        date_published="2024-05-01",
        tags=("sea",),
        extraction=SimpleNamespace(evidence={"date_published": told, "language": told}),
    )
    monkeypatch.setitem(vars(scraper), "extract", lambda html, url: record)
    expected = Answer("Tide", ("Ann",), "2024-05-01", ("sea",), {"date": 0.7}, {"date": "page.h1"})
    assert systems.ours(PAGE, None) == expected


def test_a_record_that_tells_of_a_defect_is_an_error(monkeypatch):
    record = SimpleNamespace(error=SimpleNamespace(code="internal", message="m"))
    monkeypatch.setitem(vars(scraper), "extract", lambda html, url: record)
    with pytest.raises(RuntimeError):
        systems.ours(PAGE, None)


def test_answers_on_undated_pages_are_a_share_of_them():
    rows = [
        row(Answer(date="2024-05-01"), has_date_gold=True),
        row(Answer(), has_date_gold=True),
        row(Answer(date="2024-05-01")),
    ]
    assert undated_share(rows) == (2, 0.5)


def test_a_page_in_two_corpora_is_pooled_once():
    one = row(Answer(date="2024-05-01", confidence={"date": 0.9}), date="2024-05-01")
    two = row(Answer(date="2024-05-01", confidence={"date": 0.9}), date="2024-05-02")
    (bucket,) = reliabilities(results(a=[one], b=[two]))["date"][POOLED].buckets
    assert (bucket.count, bucket.right) == (1, 1.0)


def test_a_page_without_an_answer_claims_nothing():
    silent = row(Answer(confidence={"title": 0.9}), title="Tide")
    assert reliabilities(results(a=[silent])) == {}


def test_cpu_times_are_median_and_tail():
    rows = [row(Answer(), cpu_ms=time) for time in (1.0, 2.0, 9.0, None)]
    assert cpu(rows) == {"median": 2.0, "p95": 9.0, "max": 9.0}


def test_errors_are_counted_by_name():
    rows = [row(Answer(), error=error) for error in ("timeout", None, "timeout")]
    assert errors(rows) == {"timeout": 2}


def test_a_field_without_gold_has_no_table():
    assert "a: authors" not in markdown(results(a=[row(Answer("Tide"), title="Tide")]))


def test_a_table_has_a_row_for_each_system():
    text = markdown(results(a=[row(Answer("Tide"), title="Tide")]))
    assert "| ours | 1 | 100.0 | 100.0 |" in text


def test_results_hold_no_words_of_pages():
    said = row(Answer("Secret", ("Secret",), "2024-05-01", ("Secret",)), title="Secret")
    made = results(a=[said])
    assert "Secret" not in markdown(made) + json.dumps(machine(made))


def test_a_line_of_pages_has_gold_and_answers():
    line = plain([row(Answer("Tides"), title="Tide")])
    assert (line["gold"]["title"], line["systems"]["ours"]["title"]) == ("Tide", "Tides")


def test_a_miss_names_page_gold_answer_and_source():
    said = Answer("Tides", confidence={"title": 0.7}, source={"title": "page.h1"})
    missed = [row(said, title="Tide"), row(Answer("Tide"), title="Tide")]
    assert list(misses(missed, "title")) == [("c:1", "Tide", "Tides", "page.h1 0.70")]


def test_an_answer_on_an_undated_page_is_a_miss():
    missed = [row(Answer(date="2024-05-01"), has_date_gold=True)]
    assert list(misses(missed, "date")) == [("c:1", "(undated)", "2024-05-01", "")]


# The gate


def test_the_gate_measures_metadata(page, says):
    says(lambda html, url: Answer("tide", date="2024-05-02"))
    expected = {"title_exact": 1.0, "date_accuracy": 0.0, "date_wrong": 1.0}
    assert measure_metadata([page]).scores == expected


def test_more_wrong_dates_are_a_loss():
    assert gain("date_wrong", 0.1, 0.2) < 0


def test_figures_without_gold_are_not_held_to_floors():
    assert gate_scores([row(Answer(), tags=("sea",))]) == {"tags_f1": 0.0}


def test_the_digest_notices_changed_gold(page, says):
    says(lambda html, url: Answer())
    other = MetaCase("c", "1", None, page.path, "example.org", title="Tides", date="2024-05-01")
    assert measure_metadata([page]).sha256 != measure_metadata([other]).sha256


def test_pages_without_gold_are_not_sampled(tmp_path):
    trafilatura_page(tmp_path)
    assert metadata_sample(tmp_path) == {}


# The command


@pytest.fixture
def run(tmp_path, monkeypatch, says):
    """Run the command on one page of wcxb, in forked workers that see the stand-in for ours."""
    wcxb_page(tmp_path, title="Tide", publish_date=None)
    monkeypatch.setattr("bench.runner.START_METHOD", "fork")
    monkeypatch.setattr(peers, "warm_up", lambda system: None)
    says(lambda html, url: Answer("Tides"))
    arguments = ["--corpora", str(tmp_path), "--corpus", "wcxb", "--system", "ours"]
    return lambda *more: CliRunner().invoke(main, [*arguments, *map(str, more)])


def test_without_corpora_the_command_is_skipped(monkeypatch):
    monkeypatch.delenv("SCRAPER_CORPORA", raising=False)
    done = CliRunner().invoke(main, [])
    assert (done.exit_code, done.output.startswith("skipped")) == (0, True)


def test_the_tables_are_printed(run):
    assert "### wcxb: title" in run().output


def test_tables_and_figures_are_written(run, tmp_path):
    run("-o", tmp_path / "m.md")
    figures = json.loads((tmp_path / "m.json").read_text())
    assert figures["corpora"]["wcxb"]["ours"]["title"]["exact"] == 0.0


def test_pages_are_written_a_line_each(run, tmp_path):
    run("--pages", tmp_path / "pages.jsonl")
    (line,) = (tmp_path / "pages.jsonl").read_text().splitlines()
    assert json.loads(line)["systems"]["ours"]["title"] == "Tides"


def test_pages_are_never_written_inside_bench(run):
    assert run("--pages", gold.__file__ + ".jsonl").exit_code == 2


def test_misses_are_printed_instead_of_tables(run):
    output = run("--misses", "title").output
    assert "wcxb:0001\tTide\tTides\t" in output
    assert "###" not in output
