"""news-please: the keys of ``NewsArticle.get_dict`` (1.6.16), dates as the text of a datetime."""

import re

import pytest
import records
from hypothesis import given

from scraper.exports import export

TEXT, NONE = str, type(None)
FORMS = {
    "authors": {list},
    "date_download": {TEXT, NONE},
    "date_modify": {TEXT, NONE},
    "date_publish": {TEXT, NONE},
    "description": {TEXT, NONE},
    "filename": {TEXT},
    "image_url": {TEXT, NONE},
    "language": {TEXT, NONE},
    "localpath": {NONE},
    "maintext": {TEXT, NONE},
    "source_domain": {TEXT, NONE},
    "text": {NONE},
    "title": {TEXT, NONE},
    "title_page": {NONE},
    "title_rss": {NONE},
    "url": {TEXT, NONE},
}
DATE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")


def check(mapped):
    assert tuple(mapped) == tuple(FORMS)
    assert [key for key, value in mapped.items() if type(value) not in FORMS[key]] == []
    dates = [mapped[key] for key in mapped if key.startswith("date_")]
    assert all(DATE.fullmatch(date) for date in dates if date)


@pytest.mark.parametrize("slug", records.SLUGS)
def test_golden_records_have_its_form(slug):
    check(export(records.golden(slug), "newsplease"))


@given(records.records())
def test_any_record_has_its_form(record):
    check(export(record, "newsplease"))


def test_a_record_that_knows_all():
    assert export(records.full(), "newsplease") == {
        "authors": ["Ines Carrowby", "Harbour Desk"],
        "date_download": "2026-03-05 06:07:08",
        "date_modify": "2026-03-05 00:00:00",
        "date_publish": "2026-03-04 23:15:00",
        "description": "From May the last ferry sails at ten.",
        "filename": "https%3A%2F%2Fwww.harbour.example%3A8443%2Fnews%2Fferry%3Fid%3D1.json",
        "image_url": "https://img.harbour.example/boat.jpg",
        "language": "pt",
        "localpath": None,
        "maintext": "The last ferry sails at ten.\nIt used to sail at nine.",
        "source_domain": "www.harbour.example",
        "text": None,
        "title": "Last boat home moves to ten",
        "title_page": None,
        "title_rss": None,
        "url": records.URL,
    }


def test_a_missing_date_is_null_and_not_the_text_none():
    mapped = export(records.record(), "newsplease")
    assert (mapped["date_publish"], mapped["date_download"]) == (None, None)
