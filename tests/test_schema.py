"""The published schema is that of the types, and both ways of validating agree."""

import copy
import json

import jsonschema
import pytest

import scraper
from scraper import schema

RECORD = scraper.extract(
    "<h1>Noon</h1>" + "<p>The ferry left the quay at nine o'clock.</p>" * 9
).to_dict()


def changed(path, value):
    record = copy.deepcopy(RECORD)
    inner = record
    for key in path[:-1]:
        inner = inner[key]
    if value is KeyError:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    return record


def test_shipped_schema_is_generated():
    """After a change of scraper/model.py: ``make schema``."""
    assert schema.shipped() == schema.generate()


def test_schema_is_valid_2020_12():
    jsonschema.Draft202012Validator.check_schema(json.loads(schema.shipped()))


def test_every_key_is_required():
    for definition in json.loads(schema.shipped())["$defs"].values():
        if definition.get("type") == "object" and "properties" in definition:
            assert sorted(definition["required"]) == sorted(definition["properties"])


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("title",), KeyError),
        (("title",), 7),
        (("status",), "fine"),
        (("id",), "no-uuid"),
        (("version",), 0),
        (("word_count",), -1),
        (("content_hash",), "md5:1"),
        (("extraction", "kept_ratio"), 1.5),
        (("fetch", "from"), "smoke"),
        (("blocks", 0, "role"), "h1"),
        (("access", "status"), None),
        (("schema_version",), "2.0"),
    ],
)
def test_a_wrong_record_is_refused_both_ways(path, value, validator):
    record = changed(path, value)
    assert not validator.is_valid(record)
    assert schema.complaint(json.dumps(record).encode()) is not None


def test_a_right_record_passes_both_ways(validator):
    assert validator.is_valid(RECORD)
    assert schema.complaint(json.dumps(RECORD).encode()) is None


@pytest.mark.parametrize("line", [b"", b"{", b"[]", b"\xff", b"null", b"[" * 100_000])
def test_what_is_no_record_gets_a_reason_in_one_line(line):
    reason = schema.complaint(line)
    assert reason
    assert "\n" not in reason
