"""news-please: the dict of a ``NewsArticle`` with its dates as text.

Every key is always there. A missing date is null, as in the JSON files of news-please; its method
``get_serializable_dict`` writes the text ``None`` instead.
"""

from typing import Any
from urllib.parse import quote_plus

from scraper.exports import moments
from scraper.exports.reading import host_name, language_code, lead_url, lines, names, summary


def convert(record: dict[str, Any]) -> dict[str, Any]:
    """Return the record with news-please's keys; its dates have no zone."""
    return {
        "authors": names(record),
        "date_download": moments.clock(moments.utc(record["fetch"]["fetched_at"])),
        "date_modify": moments.clock(record["date_modified"]),
        "date_publish": moments.clock(record["date_published"]),
        "description": summary(record),
        "filename": quote_plus(record["url"], errors="replace") + ".json",
        "image_url": lead_url(record),
        "language": language_code(record),
        "localpath": None,
        "maintext": lines(record) or None,
        "source_domain": host_name(record),
        "text": None,
        "title": record["title"],
        "title_page": None,
        "title_rss": None,
        "url": record["url"] or None,
    }
