"""The report of runs as one HTML page: whole, right, safe, bounded."""

import base64
import hashlib
import re
import shutil
import subprocess

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_explain_browser import BROWSER, QUIET
from test_explain_page import PAYLOADS, Parsed
from visited import NOON, failure, finished, removal, visit

from scraper.errors import ERROR_CODES
from scraper.writer.report import render
from scraper.writer.report.charts import MAX_BARS, chart_of_run, chart_of_runs
from scraper.writer.report.rows import FIRST_HOSTS, MAX_RUNS
from scraper.writer.runs import Host, Span

RUN = finished(
    visit(removed=[removal("newsletter", 3)]),
    visit("https://tide.example/1", version=2),
    visit("https://tide.example/2", "unchanged", fetched={"http_status": 304}),
    failure("https://tide.example/3", fetched={"http_status": 404}),
    failure("https://reef.example/", "dns_failed", fetched={"http_status": None}),
    seconds=150,
)


def page(*runs, totals=None, name="corpus"):
    return Parsed(render(runs or (RUN,), totals or {}, name))


def text_of(*runs, **options):
    return " ".join(page(*runs, **options).text().split())


def changed(run=RUN, **fields):
    return msgspec.structs.replace(run, **fields)


def test_the_last_run_is_told_in_one_sentence():
    assert (
        "The last run (crawl) began on 28 November 2026 at 12:00 UTC, visited 5 URLs on 3 hosts"
        " in 2 min 30 s and came to its end." in text_of()
    )


ENDS = {
    "max-time": "stopped at its time limit, with work left.",
    "SIGTERM": "was stopped by SIGTERM.",
    "disk full": "ended with disk full.",
    None: "has not said that it ended: it is still going, or was killed.",
}


@pytest.mark.parametrize(("reason", "said"), ENDS.items())
def test_the_end_of_a_run_is_told(reason, said):
    assert f"and {said}" in text_of(changed(reason=reason))


def test_outcomes_are_told_by_status_with_their_share():
    assert "ok an article 2 40 %" in text_of()
    assert "unchanged the page is as it was, or was not due 1 20 %" in text_of()


def test_failures_are_told_by_code_with_their_meaning():
    said = text_of()
    assert f"http_4xx {ERROR_CODES['http_4xx'].meaning} 1 50 %" in said
    assert f"dns_failed {ERROR_CODES['dns_failed'].meaning}; may pass 1 50 %" in said


def test_answers_have_their_names():
    assert "404 Not Found 1" in text_of()


def test_hosts_are_told_with_their_troubles():
    assert "tide.example 1 http_4xx 3 1 1 1 3.0 kB" in text_of()


def test_many_hosts_are_folded():
    visits = [visit(f"https://h{n}.example/") for n in range(FIRST_HOSTS + 3)]
    parsed = page(finished(*visits))
    assert "3 more rows" in parsed.text()
    assert len(parsed.all("table", **{"class": "hosts"})) == 2


def test_what_is_summed_has_its_row():
    assert "all others" in text_of(finished(failure("nonsense", "bad_url")))


def test_lengths_are_told_between_their_bounds():
    assert "200 to 400 2 100 %" in text_of()
    assert "Mean: 300 words" in text_of()


def test_what_was_cut_is_told_by_kind_with_its_meaning():
    assert "newsletter mailing lists and the forms for them 3 100 %" in text_of()


def test_the_corpus_is_told_where_it_is_known():
    assert "The corpus" not in text_of()
    totals = {"urls": 1600, "articles": 1200, "queued": 400, "hosts": 7}
    said = text_of(totals=totals)
    assert "articles have an article 1,200 75 % queued wait for their turn 400 25 %" in said


def test_runs_are_listed_the_latest_first():
    runs = [changed(started=f"2026-11-{day}T06:00:00Z") for day in (10, 11, 12)]
    said = text_of(*runs)
    places = [said.rindex(f"2026-11-{day} 06:00 crawl finished") for day in (12, 11, 10)]
    assert places == sorted(places)


def test_only_the_last_runs_are_listed():
    assert "2 earlier runs not shown" in text_of(*[RUN] * (MAX_RUNS + 2))


def test_one_run_is_no_course_of_runs():
    assert "All runs" not in text_of()
    assert "All runs" in text_of(RUN, RUN)


def test_a_run_without_visits_is_a_page():
    assert "The last run visited nothing." in text_of(finished())


def test_no_run_is_refused():
    with pytest.raises(ValueError, match="no run"):
        render([], {}, "corpus")


def test_the_same_runs_give_the_same_page():
    assert render([RUN], {}, "corpus") == render([RUN], {}, "corpus")


# Drawings


def test_a_bar_is_as_high_as_its_count():
    run = changed(spans=(Span(ok=5, failed=5), Span(unchanged=20)))
    first, second = chart_of_run(run).bars
    assert [(part.outcome, part.y, part.height) for part in first.parts] == [
        ("ok", 750, 250),
        ("failed", 500, 250),
    ]
    assert [(part.y, part.height) for part in second.parts] == [(0, 1000)]


def test_many_minutes_share_a_bar():
    chart = chart_of_run(changed(spans=(Span(ok=2),) * (MAX_BARS + 1)))
    assert chart.title == "URLs each 2 minutes"
    assert [bar.total for bar in chart.bars] == [4] * (MAX_BARS // 2) + [2]


def test_the_axis_has_the_times_of_day():
    run = changed(spans=(Span(ok=1),) * 20, seconds=1200.0)
    assert chart_of_run(run).ends == ("12:00 UTC", "12:20")


def test_few_bars_do_not_reach_the_end_of_the_axis():
    assert chart_of_run(RUN).ends == ("12:00 UTC to 12:02",)


def test_a_time_on_another_day_has_its_day():
    run = changed(spans=(Span(ok=1),) * 20, seconds=86_400.0)
    assert chart_of_run(run).ends[1] == "2026-11-29 12:00"


def test_the_course_of_runs_has_a_bar_for_each():
    assert [bar.counts for bar in chart_of_runs([RUN, finished(visit())]).bars] == [
        (2, 1, 0, 2),
        (1, 0, 0, 0),
    ]


def test_every_drawing_has_a_text_in_its_place():
    drawings = page(RUN, RUN).all("svg")
    assert all("aria-label" in one or one.get("aria-hidden") == "true" for one in drawings)
    assert sum("aria-label" in one for one in drawings) == 2


def test_the_text_of_a_drawing_sums_it():
    assert chart_of_run(RUN).alternative == (
        "URLs a minute: 3 bars from 12:00 UTC to 12:02; in all 5 URLs (2 with text, 1 unchanged,"
        " 2 failed); most at 12:00, 2."
    )


def test_the_numbers_of_a_drawing_stand_in_a_table():
    assert "12:00 2 0 0 0 2 12:01 0 1 0 1 2 12:02 0 0 0 1 1" in text_of()


# Safety

TAGS = set(
    "html head meta title style body header p bdi h1 ul li b span main section h2 figure figcaption"
    " div svg line g rect details summary table thead tbody tr th td footer".split()
)
FREE = {"class", "content", "aria-label", "viewbox"}
VALUES = {
    "x": r"\d+",
    "y": r"\d+(\.\d+)?",
    "x1": r"\d+",
    "x2": r"\d+",
    "y1": r"\d+",
    "y2": r"\d+",
    "width": r"\d+",
    "height": r"\d+(\.\d+)?",
    "tabindex": "0",
    "scope": "col|row",
    "role": "img|region",
    "preserveaspectratio": "none",
    "aria-hidden": "true",
    "lang": "en",
    "charset": "utf-8",
    "name": "viewport|referrer|robots|color-scheme",
    "http-equiv": "Content-Security-Policy",
}
CLASSES = set(
    "eyebrow sentence figures note wide bars bins stack legend swatch plot scale ends rule ground"
    " bar meaning scroll hosts runs word trouble none ok unchanged other failed plain".split()
)
UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def everywhere(said):
    """A run whose every text is ``said``."""
    counts = {said: 3, said + "x": 1}
    host = Host(statuses=counts, codes=counts, bytes=1)
    return changed(
        tool=said,
        command=said,
        reason=said,
        statuses=counts,
        codes=counts,
        http_statuses=counts,
        removed=counts,
        by_host={said: host, "": host},
    )


def check(html):
    """Assert that all elements and attributes are those of the template."""
    parsed = Parsed(html)
    assert set(parsed.tags()) <= TAGS
    for _, attributes in parsed.elements:
        for name, value in attributes.items():
            assert name in FREE or re.fullmatch(VALUES[name], value), (name, value)
        assert set(attributes.get("class", "").split()) <= CLASSES
    assert not UNSAFE.search(html)


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
def test_no_text_becomes_a_part_of_a_tag(payload):
    run = everywhere(payload)
    check(render([run, run], {payload: 3}, payload))


@settings(max_examples=25)
@given(st.text(st.characters(codec=None)))
def test_no_text_at_all_becomes_a_part_of_a_tag(said):
    run = everywhere(said)
    check(render([run, run], {said: 3}, said))


def test_a_text_is_shown_as_it_is():
    assert "<b>bold</b>" in text_of(changed(codes={"<b>bold</b>": 1}))


def test_only_the_style_of_the_page_is_allowed():
    html = render([RUN], {}, "corpus")
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = page().all("meta", **{"http-equiv": "Content-Security-Policy"})[0]["content"]
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )


def test_long_names_and_lists_are_bounded():
    many = {f"{number} " + "x" * 10_000: 1 for number in range(2000)}
    html = render([changed(statuses=many, codes=many, removed=many)] * 2, many, "y" * 10_000)
    assert len(html) < 150_000


def test_the_largest_numbers_are_shown():
    most = 1 << 53
    run = changed(
        statuses={"ok": most},
        bytes=most,
        seconds=1e10,
        span_minutes=1 << 20,
        spans=(Span(ok=most),) * 1500,
        started="2099-12-31T23:59:59Z",
    )
    check(render([run, run], {"ok": most}, "corpus"))


# In a browser


@pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed")
def test_a_browser_draws_the_page_and_complains_of_nothing(tmp_path):
    file, image = tmp_path / "report.html", tmp_path / "report.png"
    runs = [finished(visit(), failure(), started=NOON + day * 86_400) for day in range(5)]
    file.write_text(render(runs, {"ok": 3}, "corpus"), "utf-8")
    profile = f"--user-data-dir={tmp_path / 'profile'}"
    command = [shutil.which(BROWSER), *QUIET, profile, f"--screenshot={image}", file.as_uri()]
    done = subprocess.run(command, capture_output=True, check=True, timeout=120)
    assert re.findall(rb":CONSOLE[:(].*", done.stderr) == []
    assert len(image.read_bytes()) > 10_000
