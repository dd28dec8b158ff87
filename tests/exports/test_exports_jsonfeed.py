"""JSON Feed 1.1: items and feeds are valid by a schema written from the specification."""

import json
from pathlib import Path

import jsonschema
import pytest
import records
from hypothesis import given
from hypothesis import strategies as st

from scraper.exports import export
from scraper.exports.stream import feed, json_lines

SCHEMA = json.loads((Path(__file__).parent / "jsonfeed-1.1.json").read_text("utf-8"))
FEED = jsonschema.Draft202012Validator(SCHEMA)
ITEM = FEED.evolve(schema={"$ref": "#/$defs/item", "$defs": SCHEMA["$defs"]})


@pytest.mark.parametrize("slug", records.SLUGS)
def test_golden_records_are_items(slug):
    ITEM.validate(export(records.golden(slug), "jsonfeed"))


@given(records.records())
def test_any_record_is_an_item(record):
    ITEM.validate(export(record, "jsonfeed"))


@given(st.lists(records.records(), max_size=3), st.text(max_size=9))
def test_any_records_are_a_feed(found, title):
    items = [export(record, "jsonfeed") for record in found]
    read = json.loads("".join(feed(iter(items), title)))
    FEED.validate(read)
    assert (read["title"], read["items"]) == (title, items)


@given(st.lists(records.records(), max_size=3))
def test_a_line_is_an_item(found):
    items = [export(record, "jsonfeed") for record in found]
    lines = list(json_lines(items))
    assert [json.loads(line) for line in lines] == items
    assert "".join(lines).splitlines() == [line.removesuffix("\n") for line in lines]


def test_a_feed_says_what_our_extension_is():
    assert json.loads("".join(feed([], "News")))["_scraper"]["about"]


def test_a_feed_comes_item_by_item():
    given_out = []

    def items():
        for number in range(3):
            given_out.append(number)
            yield {"id": str(number)}

    pieces = feed(items(), "News")
    next(pieces)
    assert given_out == [0]


def test_a_record_that_knows_all():
    record = records.full()
    assert export(record, "jsonfeed") == {
        "id": record["id"],
        "url": records.URL,
        "title": "Last boat home moves to ten",
        "summary": "From May the last ferry sails at ten.",
        "image": "https://img.harbour.example/boat.jpg",
        "date_published": "2026-03-04T23:15:00-05:00",
        "authors": [
            {"name": "Ines Carrowby", "url": "https://harbour.example/ines"},
            {"name": "Harbour Desk"},
        ],
        "tags": ["ferry", "timetable"],
        "language": "pt-BR",
        "_scraper": {
            "canonical_url": "https://www.harbour.example/news/ferry",
            "site_name": "Harbour Post",
            "subtitle": "The firm redraws its timetable.",
            "section": "Transport",
            "date_modified": "2026-03-05",
        },
        "content_text": record["text"],
    }


@pytest.mark.parametrize("stated", ["2026-03-04", "2026-03-04T08:15:00"])
def test_what_is_no_instant_is_no_date_of_the_feed(stated):
    mapped = export(records.record(date_published=stated), "jsonfeed")
    assert "date_published" not in mapped
    assert mapped["_scraper"] == {"date_published": stated}


def test_a_record_that_knows_nothing_is_an_item():
    record = records.record(url="")
    assert export(record, "jsonfeed") == {"id": record["id"], "content_text": ""}
