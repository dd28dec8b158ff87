"""What holds of every map: pure, total, plain JSON; and the ways to them."""

import copy
import json

import msgspec
import pytest
import records
from hypothesis import given
from hypothesis import strategies as st

from scraper import exports
from scraper.exports import SCHEMAS, export
from scraper.model import Article

schemas = st.sampled_from(SCHEMAS)


@given(records.records())
def test_the_records_of_these_tests_are_valid(record):
    msgspec.convert(record, Article)


@given(records.records(), schemas)
def test_any_record_maps_and_stays_as_it_was(record, schema):
    before = copy.deepcopy(record)
    mapped = export(record, schema)
    assert record == before
    assert json.loads(json.dumps(mapped, allow_nan=False)) == mapped


@pytest.mark.parametrize("schema", SCHEMAS)
@pytest.mark.parametrize("slug", records.SLUGS)
def test_every_golden_record_maps_with_its_text(slug, schema):
    record = records.golden(slug)
    mapped = export(record, schema)
    texts = [" ".join(value.split()) for value in mapped.values() if isinstance(value, str)]
    assert " ".join(record["text"].split()) in [*texts, ""]


@pytest.mark.parametrize("schema", SCHEMAS)
def test_a_failure_maps(schema):
    assert export(records.record(status="error"), schema)


@pytest.mark.parametrize("schema", ["", "Zyte", "rss"])
def test_an_unknown_name_is_told_the_choices(schema):
    with pytest.raises(ValueError, match=r"choose from schemaorg, zyte, .*, jsonfeed$"):
        export(records.record(), schema)


# Article.to_dict


@pytest.fixture(scope="module")
def article():
    return msgspec.convert(records.full(), Article)


def test_without_a_name_the_record_stays_the_record(article):
    assert article.to_dict() == article.to_dict(None) == json.loads(article.to_json())


@pytest.mark.parametrize("schema", SCHEMAS)
def test_an_article_maps_itself(schema, article):
    assert article.to_dict(schema) == exports.export(article.to_dict(), schema)


def test_an_article_knows_no_other_names(article):
    with pytest.raises(ValueError, match="choose from"):
        article.to_dict("rss")
