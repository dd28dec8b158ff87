"""The published JSON Schema of the record: generated from the types, shipped, checked."""

import inspect
import json
from importlib import resources
from typing import Any

import msgspec

from scraper.model import Article

SCHEMA_FILE = "article-1.0.json"


def generate() -> str:
    """Return the JSON Schema (2020-12) of the record as indented JSON."""
    schema = msgspec.json.schema(Article)
    for record in schema["$defs"].values():
        record.pop("additionalProperties", None)  # a minor version may add fields
        record["description"] = inspect.cleandoc(record["description"])  # as Python 3.13 keeps it
    published: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:scraper:article:1.0",
        "title": "Article record of scraper, schema 1.0",
        **schema,
    }
    return json.dumps(published, indent=2, ensure_ascii=False) + "\n"


def shipped() -> str:
    """Return the schema that this installation ships."""
    return (resources.files("scraper") / "data" / "schema" / SCHEMA_FILE).read_text("utf-8")


def complaint(line: bytes) -> str | None:
    """Return what is wrong with a record's JSON in one line, or None where nothing is.

    Stricter than the schema in one point: an unknown key is an error, for this version writes none.
    """
    try:
        msgspec.json.decode(line, type=Article)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return str(error).replace("`", "")
    except RecursionError:
        return "nested too deep"
    return None
