"""The metrics file, read by a parser of its format as that is specified."""

import re

import pytest
from visited import NOON, failure, finished, visit

from scraper.errors import ERROR_CODES, OutputError
from scraper.writer.metrics import write_metrics

SAMPLE = re.compile(r"([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? ([-+0-9.e]+)")
LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)')
ESCAPES = {r"\n": "\n", r"\"": '"', r"\\": "\\"}


def parsed(path):
    """Return ``{(name, labels): value}`` of a file in the text format 0.0.4."""
    text = path.read_bytes().decode("utf-8")
    assert text.endswith("\n")
    samples, helped, typed = {}, set(), {}
    for line in text[:-1].split("\n"):
        if line.startswith("# HELP "):
            helped.add(line.split(" ", 3)[2])
        elif line.startswith("# TYPE "):
            _, _, name, kind = line.split(" ")
            assert name not in typed
            typed[name] = kind
        else:
            name, labels, value = SAMPLE.fullmatch(line).groups()
            assert list(typed)[-1] == name, "samples follow the type of their family"
            pairs = LABEL.findall(labels or "")
            assert "".join(f'{key}="{said}",' for key, said in pairs)[:-1] == (labels or "")
            said = {key: re.sub(r"\\.", lambda m: ESCAPES[m[0]], text) for key, text in pairs}
            key = (name, tuple(said.items()))
            assert key not in samples
            samples[key] = float(value)
    assert helped == set(typed)
    return samples


@pytest.fixture
def measured(tmp_path):
    """Write the metrics of a run; return what is read of them."""

    def measure(run, totals=None):
        write_metrics(tmp_path / "scraper.prom", run, totals or {})
        return parsed(tmp_path / "scraper.prom")

    return measure


SUCCESS = ("scraper_last_success_timestamp_seconds", ())


def test_urls_are_told_by_status(measured):
    samples = measured(finished(visit(), visit(), visit(status="unchanged"), failure()))
    found = {said: n for (name, ((_, said), *_)), n in by(samples, "scraper_urls") if n}
    assert found == {"ok": 2, "unchanged": 1, "error": 1}


def by(samples, name):
    return [(key, value) for key, value in samples.items() if key[0] == name]


def test_a_status_that_did_not_come_is_zero(measured):
    assert measured(finished(visit()))["scraper_urls", (("status", "blocked"),)] == 0


def test_failures_are_told_by_code(measured):
    samples = measured(finished(failure(), failure(code="dns_failed"), failure()))
    assert samples["scraper_failures", (("code", "http_4xx"),)] == 2
    assert len(by(samples, "scraper_failures")) == len(ERROR_CODES)


def test_articles_bytes_and_time_are_told(measured):
    samples = measured(finished(visit(), visit(version=2), seconds=12.5))
    assert samples["scraper_articles", (("change", "changed"),)] == 1
    assert samples["scraper_fetched_bytes", ()] == 2000
    assert samples["scraper_run_seconds", ()] == 12.5


def test_the_end_of_the_run_is_told(measured):
    samples = measured(finished(visit(), seconds=60))
    assert samples["scraper_last_run_timestamp_seconds", ()] == NOON + 60


def test_the_corpus_is_told_by_state(measured):
    samples = measured(finished(visit()), {"urls": 15, "articles": 12, "never": 3, "hosts": 2})
    assert by(samples, "scraper_corpus_urls") == [
        (("scraper_corpus_urls", (("state", "articles"),)), 12),
        (("scraper_corpus_urls", (("state", "never"),)), 3),
    ]


def test_a_corpus_that_is_not_known_is_not_told(measured):
    assert by(measured(finished(visit())), "scraper_corpus_urls") == []


def test_labels_are_escaped(measured):
    hostile = 'a"b\\c\nscraper_urls{status="ok"} 9'
    samples = measured(finished(visit(), command=hostile), {hostile: 1})
    assert samples["scraper_corpus_urls", (("state", hostile),)] == 1
    assert ("command", hostile) in by(samples, "scraper_run_info")[0][0][1]


@pytest.mark.parametrize("reason", ["finished", "max-time", "max-pages"])
def test_a_run_that_ends_by_itself_is_a_success(reason, measured):
    samples = measured(finished(visit(), failure(), reason=reason))
    assert samples[SUCCESS] == NOON + 60


TROUBLES = {
    "stopped": finished(visit(), started=NOON + 3600, reason="SIGTERM"),
    "going": finished(visit(), started=NOON + 3600, reason=None),
    "all failed": finished(failure(), failure(), started=NOON + 3600),
}


@pytest.mark.parametrize("run", TROUBLES.values(), ids=TROUBLES)
def test_the_last_success_outlives_a_run_in_trouble(run, measured):
    measured(finished(visit()))
    samples = measured(run)
    assert samples[SUCCESS] == NOON + 60
    assert samples["scraper_last_run_timestamp_seconds", ()] == NOON + 3660


def test_without_any_success_none_is_told(measured):
    assert SUCCESS not in measured(TROUBLES["all failed"])


def test_nothing_to_do_is_a_success(measured):
    assert SUCCESS in measured(finished())


def test_an_earlier_file_of_others_is_no_trouble(measured, tmp_path):
    (tmp_path / "scraper.prom").write_bytes(b"\xff\x00 scraper_last_success_timestamp_seconds x\n")
    assert SUCCESS not in measured(TROUBLES["stopped"])


def test_no_other_file_is_left(measured, tmp_path):
    measured(finished(visit()))
    assert [path.name for path in tmp_path.iterdir()] == ["scraper.prom"]


def test_a_place_that_cannot_be_written_is_told(tmp_path):
    with pytest.raises(OutputError, match=r"nowhere/scraper\.prom"):
        write_metrics(tmp_path / "nowhere" / "scraper.prom", finished(visit()), {})
