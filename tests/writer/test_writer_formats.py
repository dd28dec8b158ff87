"""Records as JSON lines, JSON, Markdown and text."""

import io
import json

import msgspec
import pytest
from loopback import article as html

import scraper
from scraper.model import Removal
from scraper.writer import FORMATS, shaped, write_all

URL = "https://harbour.example/"
SEPARATORS = "one\u2028two\u2029three\x85four"


def article(title="Noon", **fields):
    record = scraper.extract(html(title), URL + title.lower())
    return msgspec.structs.replace(record, **fields)


EMPTY = scraper.extract(b"", URL + "empty")


def written(records, form, *, single=False):
    output = io.BytesIO()
    passed_on = list(write_all(records, output, form, single=single))
    assert passed_on == list(records)
    return output.getvalue().decode()


def plain(records):
    return [record.to_dict() for record in records]


PAIR = [article("Noon"), article("Dusk")]


def test_jsonl_has_one_record_a_line():
    lines = written([*PAIR, EMPTY], "jsonl").split("\n")
    assert lines.pop() == ""
    assert [json.loads(line) for line in lines] == plain([*PAIR, EMPTY])


@pytest.mark.parametrize("form", ["jsonl", "json"])
def test_no_separator_of_unicode_stands_raw_in_json(form):
    text = written([article(text=SEPARATORS)], form)
    assert not set("\u2028\u2029\x85") & set(text)


def test_a_line_is_one_line_to_every_reader():
    assert len(written([article(text=SEPARATORS)], "jsonl").splitlines()) == 1


def test_a_separator_of_unicode_survives_jsonl():
    assert json.loads(written([article(text=SEPARATORS)], "jsonl"))["text"] == SEPARATORS


def test_json_writes_characters_as_they_are():
    assert "\u6771\u4eac" in written([article(title="\u6771\u4eac")], "jsonl")


def test_json_of_several_records_is_an_array():
    assert json.loads(written(PAIR, "json")) == plain(PAIR)


def test_json_of_one_record_of_several_is_an_array():
    assert json.loads(written(PAIR[:1], "json")) == plain(PAIR[:1])


def test_json_of_a_single_record_is_an_object():
    assert json.loads(written(PAIR[:1], "json", single=True)) == PAIR[0].to_dict()


def test_json_of_no_record_is_an_empty_array():
    assert written([], "json") == "[]\n"


@pytest.mark.parametrize("records", [[], PAIR[:1], PAIR], ids=["none", "one", "two"])
@pytest.mark.parametrize("form", FORMATS)
def test_what_is_written_ends_in_one_newline(form, records):
    text = written(records, form)
    assert text == "" or (text.endswith("\n") and not text.endswith("\n\n"))


def test_a_single_object_ends_in_a_newline():
    assert written(PAIR[:1], "json", single=True).endswith("}\n")


def test_json_is_indented_by_two():
    assert '\n  "schema_version"' in written(PAIR[:1], "json", single=True)


def test_markdown_begins_with_the_title():
    assert written(PAIR[:1], "md").startswith("# Noon\n\n")


def test_text_begins_with_the_title():
    assert written(PAIR[:1], "text").startswith("Noon\n\nThe ferry left")


@pytest.mark.parametrize("form", ["md", "text"])
def test_articles_are_separated_by_a_rule(form):
    assert written(PAIR, form).count("\n---\n\n") == 1


@pytest.mark.parametrize("form", ["md", "text"])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_record_without_text_leaves_no_trace(place, form):
    records = list(PAIR)
    records.insert(place, EMPTY)
    assert written(records, form) == written(PAIR, form)


@pytest.mark.parametrize("form", ["md", "text"])
def test_only_records_without_text_give_nothing(form):
    assert written([EMPTY, EMPTY], form) == ""


@pytest.mark.parametrize("form", FORMATS)
def test_records_are_written_as_they_come(form):
    output = io.BytesIO()
    records = write_all(iter(PAIR), output, form)
    next(records)
    assert b"Noon" in output.getvalue()
    assert b"Dusk" not in output.getvalue()


# shaped


def cut(kind, rule, words):
    return Removal(kind=kind, rule=rule, text="x", path="div", position=7, words=words, count=1)


LEDGER = (
    cut("share", "share.name", 2),
    cut("newsletter", "newsletter.name", 10),
    cut("share", "share.name", 3),
    cut("newsletter", "newsletter.phrase", 5),
)


def test_full_leaves_the_record_as_it_is():
    record = article(removed=LEDGER)
    assert shaped(record, "full") == record


def test_none_empties_the_ledger():
    assert shaped(article(removed=LEDGER), "none").removed == ()


def test_counts_sum_the_words_and_the_removals_of_each_rule():
    found = shaped(article(removed=LEDGER), "counts").removed
    assert [(one.rule, one.words, one.count) for one in found] == [
        ("newsletter.name", 10, 1),
        ("newsletter.phrase", 5, 1),
        ("share.name", 5, 2),
    ]


def test_counts_hold_no_text():
    found = shaped(article(removed=LEDGER), "counts").removed
    assert {(one.text, one.path, one.position) for one in found} == {(None, None, None)}


def test_counts_of_counts_are_the_same():
    once = shaped(article(removed=LEDGER), "counts")
    assert shaped(once, "counts") == once


@pytest.mark.parametrize("removed", ["counts", "full", "none"])
def test_nothing_but_the_ledger_changes(removed):
    record = article(removed=LEDGER)
    assert msgspec.structs.replace(shaped(record, removed), removed=LEDGER) == record


@pytest.mark.parametrize("removed", ["counts", "full", "none"])
def test_every_form_is_valid(removed, validator):
    validator.validate(shaped(article(removed=LEDGER), removed).to_dict())
