"""Zyte: the fields that zyte-common-items documents for an article, in the formats it documents."""

import json
from pathlib import Path

import jsonschema
import pytest
import records
from hypothesis import given

from scraper.exports import export

SCHEMA = json.loads((Path(__file__).parent / "zyte-article.json").read_text("utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


@pytest.mark.parametrize("slug", records.SLUGS)
def test_golden_records_are_articles(slug):
    VALIDATOR.validate(export(records.golden(slug), "zyte"))


@given(records.records())
def test_any_record_is_an_article(record):
    VALIDATOR.validate(export(record, "zyte"))


def test_a_record_that_knows_all():
    record = records.full()
    assert export(record, "zyte") == {
        "url": records.URL,
        "headline": "Last boat home moves to ten",
        "datePublished": "2026-03-04T23:15:00-05:00",
        "dateModifiedRaw": "2026-03-05",
        "authors": [
            {
                "name": "Ines Carrowby",
                "url": "https://harbour.example/ines",
                "nameRaw": "Ines Carrowby",
            },
            {"name": "Harbour Desk", "nameRaw": "Harbour Desk"},
        ],
        "inLanguage": "pt",
        "mainImage": {"url": "https://img.harbour.example/boat.jpg"},
        "images": [
            {"url": "https://img.harbour.example/boat.jpg"},
            {"url": "https://img.harbour.example/quay.jpg"},
        ],
        "description": "From May the last ferry sails at ten.",
        "articleBody": record["text"],
        "canonicalUrl": "https://www.harbour.example/news/ferry",
        "metadata": {"dateDownloaded": "2026-03-05T06:07:08Z", "probability": 0.9375},
    }


DATES = [
    (None, None, {}),
    ("2026-03-04", None, {"datePublishedRaw": "2026-03-04"}),
    ("2026-03-04T08:15:00", None, {"datePublished": "2026-03-04T08:15:00"}),
    ("2026-03-04T08:15:00Z", None, {"datePublished": "2026-03-04T08:15:00Z"}),
    (
        None,
        "2026-03-05T08:15:00Z",
        {"datePublished": "2026-03-05T08:15:00Z", "dateModified": "2026-03-05T08:15:00Z"},
    ),
    (
        "2026-03-04",
        "2026-03-05T08:15:00Z",
        {"datePublishedRaw": "2026-03-04", "dateModified": "2026-03-05T08:15:00Z"},
    ),
]


@pytest.mark.parametrize(("published", "modified", "dates"), DATES)
def test_a_bare_day_is_raw_and_no_time_is_invented(published, modified, dates):
    record = records.record(date_published=published, date_modified=modified)
    mapped = export(record, "zyte")
    assert {key: value for key, value in mapped.items() if key.startswith("date")} == dates


def test_a_picture_written_out_is_no_image():
    image = {**records.SECOND, "url": "data:image/png;base64,AA=="}
    mapped = export(records.full(image=image, images=[image, records.SECOND]), "zyte")
    assert "mainImage" not in mapped
    assert mapped["images"] == [{"url": records.SECOND["url"]}]


TYPES = [("article", 0.75, 0.75), ("forum", 0.75, 0.25)]


@pytest.mark.parametrize(("name", "probability", "written"), TYPES)
def test_another_page_type_leaves_little_probability(name, probability, written):
    record = records.full()
    record["extraction"]["page_type"] = {"name": name, "probability": probability}
    assert export(record, "zyte")["metadata"]["probability"] == written
