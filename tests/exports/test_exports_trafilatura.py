"""trafilatura: the same keys, types and forms as the library writes itself, page for page."""

import functools
import inspect
import json

import pytest
import records
import trafilatura
from hypothesis import given
from trafilatura.settings import Document

from scraper.exports import export


@functools.cache
def theirs(slug):
    """What trafilatura makes of a golden page; None where it finds nothing."""
    url = json.loads((records.PAGES / slug / "page.json").read_text("utf-8"))["url"]
    page = (records.PAGES / slug / "page.html").read_bytes()
    found = trafilatura.extract(
        page, url=url, output_format="json", with_metadata=True, record_id=slug
    )
    return json.loads(found) if found else None


RENAMED = {"source": "url", "source-hostname": "sitename", "excerpt": "description", "id": "idval"}


@functools.cache
def forms():
    """Their keys in order, each with the types of its values: those seen, those declared."""
    found = [page for page in map(theirs, records.SLUGS) if page]
    keys = {tuple(page) for page in found}
    assert len(keys) == 1
    declared = inspect.signature(Document.__init__).parameters
    types = {}
    for key in keys.pop():
        types[key] = {type(page[key]) for page in found}
        name = RENAMED.get(key, key)
        if key != "comments" and name in declared and declared[name].annotation == str | None:
            types[key] |= {str, type(None)}
    return types


def check(mapped):
    assert tuple(mapped) == tuple(forms())
    assert [key for key, value in mapped.items() if type(value) not in forms()[key]] == []


def test_lists_are_texts_and_never_null():
    assert {key for key, types in forms().items() if types == {str}} == {
        *("comments", "categories", "tags")
    }


@pytest.mark.parametrize("slug", records.SLUGS)
def test_keys_and_types_are_theirs(slug):
    check(export(records.golden(slug), "trafilatura"))


@given(records.records())
def test_keys_and_types_of_any_record_are_theirs(record):
    mapped = export(record, "trafilatura")
    check(mapped)
    assert "\n\n" not in mapped["text"]


@pytest.mark.parametrize("slug", records.SLUGS)
def test_address_and_domain_are_theirs(slug):
    found, mapped = theirs(slug), export(records.golden(slug), "trafilatura")
    for key in ("source", "hostname") if found else ():
        assert mapped[key] == found[key]


SAME = [
    ("plain-article", "author"),
    ("opengraph-only", "categories"),
    ("opengraph-only", "tags"),
    ("opengraph-only", "excerpt"),
    ("opengraph-only", "date"),
    ("opengraph-only", "pagetype"),
    ("opengraph-only", "source-hostname"),
    ("plain-article", "text"),
    ("split-body-containers", "image"),
]


@pytest.mark.parametrize(("slug", "key"), SAME)
def test_what_we_both_read_is_written_alike(slug, key):
    assert export(records.golden(slug), "trafilatura")[key] == theirs(slug)[key]


def test_a_record_that_knows_all():
    assert export(records.full(), "trafilatura") == {
        "title": "Last boat home moves to ten",
        "author": "Ines Carrowby; Harbour Desk",
        "hostname": "harbour.example",
        "date": "2026-03-04",
        "fingerprint": "0123456789abcdef",
        "id": records.full()["id"],
        "license": None,
        "comments": "",
        "raw_text": "The last ferry sails at ten. It used to sail at nine.",
        "text": "The last ferry sails at ten.\nIt used to sail at nine.",
        "language": "pt",
        "image": "https://img.harbour.example/boat.jpg",
        "pagetype": "article",
        "filedate": "2026-03-05",
        "source": "https://www.harbour.example/news/ferry",
        "source-hostname": "Harbour Post",
        "excerpt": "From May the last ferry sails at ten.",
        "categories": "Transport",
        "tags": "ferry;timetable",
    }


def test_a_site_without_a_name_is_its_host():
    mapped = export(records.full(site_name=None), "trafilatura")
    assert mapped["source-hostname"] == "harbour.example"
