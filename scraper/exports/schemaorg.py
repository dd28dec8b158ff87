"""schema.org: a NewsArticle as JSON-LD; what is not known has no key."""

from typing import Any

from scraper.exports.reading import filled, pictures

_PIXEL = "E37"
"""UN/CEFACT's code of the unit."""

_FREE = {"free": True, "paywalled": False}


def convert(record: dict[str, Any]) -> dict[str, Any]:
    """Return the record as one JSON-LD object."""
    page = record["canonical_url"] or record["url"]
    return filled(
        {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "identifier": f"urn:uuid:{record['id']}",
            "url": record["url"],
            "mainEntityOfPage": {"@type": "WebPage", "@id": page} if page else None,
            "headline": record["title"],
            "alternativeHeadline": record["subtitle"],
            "description": record["description"],
            "author": [_author(author) for author in record["authors"] if author["name"]],
            "publisher": _named("Organization", record["site_name"]),
            "datePublished": record["date_published"],
            "dateModified": record["date_modified"],
            "inLanguage": record["language"],
            "articleSection": record["section"],
            "keywords": record["tags"],
            "image": [_image(image) for image in pictures(record)],
            "isAccessibleForFree": _is_free(record["access"]),
            "wordCount": record["word_count"],
            "articleBody": record["text"],
            "version": record["version"],
        }
    )


def _named(kind: str, name: str | None) -> dict[str, Any] | None:
    return {"@type": kind, "name": name} if name else None


def _author(author: dict[str, Any]) -> dict[str, Any]:
    kind = "Organization" if author["kind"] == "organization" else "Person"
    return filled({"@type": kind, "name": author["name"], "url": author["url"]})


def _image(image: dict[str, Any]) -> dict[str, Any]:
    return filled(
        {
            "@type": "ImageObject",
            "url": image["url"],
            "caption": image["caption"],
            "creditText": image["credit"],
            "width": _pixels(image["width"]),
            "height": _pixels(image["height"]),
        }
    )


def _pixels(count: int | None) -> dict[str, Any] | None:
    """Return a length as the vocabulary wants it: a bare number has no unit."""
    if count is None:
        return None
    return {"@type": "QuantitativeValue", "value": count, "unitCode": _PIXEL}


def _is_free(access: dict[str, Any]) -> bool | None:
    """Return what the page declares, else what it is seen to be; None where neither speaks."""
    declared: bool | None = access["declared"]
    return _FREE.get(access["status"]) if declared is None else declared
