"""Zyte API: an ``article`` item, as zyte-common-items reads it; what is not known has no key."""

from typing import Any

from scraper.exports import moments
from scraper.exports.reading import filled, language_code, people, pictures, summary


def convert(record: dict[str, Any]) -> dict[str, Any]:
    """Return the record as an article item; ``url`` is always there, empty where none is known."""
    images = [_image(image) for image in pictures(record) if _is_linked(image)]
    lead = record["image"]
    item = filled(
        {
            "headline": record["title"],
            **_dates(record),
            "authors": [_author(author) for author in people(record)],
            "inLanguage": language_code(record),
            "mainImage": _image(lead) if lead and _is_linked(lead) else None,
            "images": images,
            "description": summary(record),
            "articleBody": record["text"].strip(),
            "canonicalUrl": record["canonical_url"],
            "metadata": _metadata(record),
        }
    )
    return {"url": record["url"], **item}


def _dates(record: dict[str, Any]) -> dict[str, str | None]:
    """Return the dates; as Zyte has it, that of modification stands in for one of publication.

    A bare day is no value of the date fields and goes into the raw ones.
    """
    published, modified = record["date_published"], record["date_modified"]
    published = published or modified
    return {
        "datePublished": moments.timed(published),
        "datePublishedRaw": None if moments.timed(published) else published,
        "dateModified": moments.timed(modified),
        "dateModifiedRaw": None if moments.timed(modified) else modified,
    }


def _author(author: dict[str, Any]) -> dict[str, Any]:
    return filled({**author, "nameRaw": author.get("name")})


def _image(image: dict[str, Any]) -> dict[str, Any]:
    return {"url": image["url"]}


def _is_linked(image: dict[str, Any]) -> bool:
    """Whether an image has an address and is not written out: Zyte has no data URIs."""
    return image["url"] != "" and not image["url"].lower().startswith("data:")


def _metadata(record: dict[str, Any]) -> dict[str, Any]:
    return filled(
        {
            "dateDownloaded": moments.utc(record["fetch"]["fetched_at"]),
            "probability": _probability(record["extraction"]["page_type"]),
        }
    )


def _probability(page_type: dict[str, Any] | None) -> float | None:
    """Return how likely the page is an article: of another type at most what that one leaves.

    Readers take a missing probability for 1.
    """
    if page_type is None:
        return None
    probability: float = page_type["probability"]
    return probability if page_type["name"] == "article" else round(1 - probability, 4)
