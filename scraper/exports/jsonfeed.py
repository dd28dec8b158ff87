"""JSON Feed 1.1: a record as an item, and the head of a feed; what is not known has no key."""

from typing import Any

from scraper.exports import moments
from scraper.exports.reading import filled, lead_url, people, summary

VERSION = "https://jsonfeed.org/version/1.1"

_ABOUT = "what JSON Feed has no place for, and dates that are no instants"


def head(title: str) -> dict[str, Any]:
    """Return a feed without its items."""
    return {"version": VERSION, "title": title, "_scraper": {"about": _ABOUT}}


def convert(record: dict[str, Any]) -> dict[str, Any]:
    """Return the record as an item; what JSON Feed has no place for stands in ``_scraper``."""
    item = filled(
        {
            "id": record["id"],
            "url": record["url"],
            "title": record["title"],
            "summary": summary(record),
            "image": lead_url(record),
            "date_published": moments.instant(record["date_published"]),
            "date_modified": moments.instant(record["date_modified"]),
            "authors": people(record),
            "tags": record["tags"],
            "language": record["language"],
            "_scraper": _rest(record),
        }
    )
    return {**item, "content_text": record["text"]}


def _rest(record: dict[str, Any]) -> dict[str, Any]:
    """Return what would be lost; of the dates those that are no instants."""
    rest = {name: record[name] for name in ("canonical_url", "site_name", "subtitle", "section")}
    for name in ("date_published", "date_modified"):
        rest[name] = None if moments.instant(record[name]) else record[name]
    return filled(rest)
