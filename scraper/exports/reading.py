"""What several maps read from a record in the same way."""

import re
from typing import Any

_PORT = re.compile(r":\d+$")
_PARAGRAPHS = re.compile(r"\n{2,}")


def summary(record: dict[str, Any]) -> str | None:
    """Return the description, else the standfirst: for consumers that have one place for both."""
    stated: str | None = record["description"] or record["subtitle"]
    return stated


def names(record: dict[str, Any]) -> list[str]:
    """Return the authors' names, people and organizations."""
    return [author["name"] for author in record["authors"] if author["name"]]


def people(record: dict[str, Any]) -> list[dict[str, Any]]:
    """Return name and page of each author, without what is not known."""
    known = ({"name": author["name"], "url": author["url"]} for author in record["authors"])
    return [given for author in known if (given := filled(author))]


def pictures(record: dict[str, Any]) -> list[dict[str, Any]]:
    """Return all images, the lead image first."""
    lead = record["image"]
    others = [image for image in record["images"] if image != lead]
    return [lead, *others] if lead else others


def lead_url(record: dict[str, Any]) -> str | None:
    """Return the address of the lead image."""
    return record["image"]["url"] if record["image"] else None


def language_code(record: dict[str, Any]) -> str | None:
    """Return the ISO 639-1 code of the language; None where it has none of two letters.

    >>> language_code({"language": "pt-BR"}), language_code({"language": "fil"})
    ('pt', None)
    """
    primary = (record["language"] or "").partition("-")[0].lower()
    return primary if len(primary) == 2 and primary.isascii() and primary.isalpha() else None


def host_name(record: dict[str, Any]) -> str | None:
    """Return the host without its port.

    >>> host_name({"host": "127.0.0.1:8080"}), host_name({"host": "[::1]"})
    ('127.0.0.1', '[::1]')
    """
    return _PORT.sub("", record["host"] or "") or None


def lines(record: dict[str, Any]) -> str:
    r"""Return the text with one paragraph a line, without blank lines.

    >>> lines({"text": "one\n\ntwo"})
    'one\ntwo'
    """
    return _PARAGRAPHS.sub("\n", record["text"])


def filled(fields: dict[str, Any]) -> dict[str, Any]:
    """Return ``fields`` without those that hold None, an empty text, list or object."""
    return {name: value for name, value in fields.items() if value not in (None, "", [], {})}
