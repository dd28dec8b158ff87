"""newspaper4k: the keys of ``Article.to_json`` (0.9.6) with the types seen on the golden pages."""

import pytest
import records
from hypothesis import given

from scraper.exports import export

TEXT, LIST, NONE = str, list, type(None)
FORMS = {
    "url": {TEXT},
    "read_more_link": {TEXT},
    "language": {TEXT},
    "title": {TEXT},
    "top_image": {TEXT},
    "meta_img": {TEXT},
    "images": {LIST},
    "movies": {LIST},
    "keywords": {LIST},
    "meta_keywords": {LIST},
    "tags": {NONE, LIST},  # documented as a set; null wherever none is found
    "authors": {LIST},
    "publish_date": {TEXT, NONE},
    "summary": {TEXT},
    "meta_description": {TEXT},
    "meta_lang": {TEXT},
    "meta_favicon": {TEXT},
    "meta_site_name": {TEXT},
    "canonical_link": {TEXT, NONE},
    "text": {TEXT},
}


def check(mapped):
    assert tuple(mapped) == tuple(FORMS)
    assert [key for key, value in mapped.items() if type(value) not in FORMS[key]] == []


@pytest.mark.parametrize("slug", records.SLUGS)
def test_golden_records_have_its_form(slug):
    check(export(records.golden(slug), "newspaper"))


@given(records.records())
def test_any_record_has_its_form(record):
    check(export(record, "newspaper"))


def test_a_record_that_knows_all():
    record = records.full()
    assert export(record, "newspaper") == {
        "url": records.URL,
        "read_more_link": "",
        "language": "pt",
        "title": "Last boat home moves to ten",
        "top_image": "https://img.harbour.example/boat.jpg",
        "meta_img": "https://img.harbour.example/boat.jpg",
        "images": ["https://img.harbour.example/boat.jpg", "https://img.harbour.example/quay.jpg"],
        "movies": [],
        "keywords": [],
        "meta_keywords": ["ferry", "timetable"],
        "tags": ["ferry", "timetable"],
        "authors": ["Ines Carrowby", "Harbour Desk"],
        "publish_date": "2026-03-04T23:15:00-05:00",
        "summary": "",
        "meta_description": "From May the last ferry sails at ten.",
        "meta_lang": "pt",
        "meta_favicon": "",
        "meta_site_name": "Harbour Post",
        "canonical_link": "https://www.harbour.example/news/ferry",
        "text": record["text"],
    }


DATES = [
    ("2026-03-04", "2026-03-04T00:00:00"),
    ("2026-03-04T08:15:00", "2026-03-04T08:15:00"),
    ("2026-03-04T08:15:00Z", "2026-03-04T08:15:00+00:00"),
    ("soon", None),
]


@pytest.mark.parametrize(("stated", "written"), DATES)
def test_dates_are_what_a_datetime_writes(stated, written):
    assert export(records.record(date_published=stated), "newspaper")["publish_date"] == written
