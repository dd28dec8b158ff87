"""newspaper4k: the JSON of ``Article.to_json`` after ``parse``.

Every key is always there; what is not known is an empty text or list, null only where newspaper4k
has null: date, canonical link, tags.
"""

from typing import Any

from scraper.exports import moments
from scraper.exports.reading import language_code, lead_url, names, pictures, summary


def convert(record: dict[str, Any]) -> dict[str, Any]:
    """Return the record with newspaper4k's keys, in its order."""
    published = moments.read(record["date_published"])
    language, picture = language_code(record) or "", lead_url(record) or ""
    return {
        "url": record["url"],
        "read_more_link": "",
        "language": language,
        "title": record["title"] or "",
        "top_image": picture,
        "meta_img": picture,
        "images": [image["url"] for image in pictures(record)],
        "movies": [],
        "keywords": [],
        "meta_keywords": record["tags"],
        "tags": record["tags"] or None,
        "authors": names(record),
        "publish_date": published.isoformat() if published else None,
        "summary": "",
        "meta_description": summary(record) or "",
        "meta_lang": language,
        "meta_favicon": "",
        "meta_site_name": record["site_name"] or "",
        "canonical_link": record["canonical_url"],
        "text": record["text"],
    }
