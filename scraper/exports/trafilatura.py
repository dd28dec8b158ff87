"""trafilatura: the JSON that ``extract(..., output_format="json", with_metadata=True)`` writes.

Every key is always there. Lists are texts there: authors joined by ``; ``, tags by ``;``.
"""

from typing import Any

from scraper.exports import moments
from scraper.exports.reading import host_name, language_code, lead_url, lines, names, summary

_PAGE_TYPES = frozenset(("article", "product"))
"""Our page types that are values of ``og:type``, which ``pagetype`` repeats."""


def convert(record: dict[str, Any]) -> dict[str, Any]:
    """Return the record with trafilatura's keys, in its order."""
    host = host_name(record)
    return {
        "title": record["title"],
        "author": "; ".join(names(record)) or None,
        "hostname": domain(host) if host else None,
        "date": moments.day(record["date_published"]),
        "fingerprint": record["simhash"] or None,
        "id": record["id"],
        "license": None,
        "comments": "",
        "raw_text": " ".join(record["text"].split()),
        "text": lines(record),
        "language": language_code(record),
        "image": lead_url(record),
        "pagetype": _page_type(record["extraction"]["page_type"]),
        "filedate": moments.day(record["fetch"]["fetched_at"]),
        "source": record["canonical_url"] or record["url"] or None,
        "source-hostname": record["site_name"] or (_bare(host) if host else None),
        "excerpt": summary(record),
        "categories": record["section"] or "",
        "tags": ";".join(record["tags"]),
    }


def domain(host: str) -> str:
    """Return the site's domain as trafilatura's quick guess has it, without a list of suffixes.

    The last labels of the host, from one of four letters or more on; else all but ``www``.

    >>> domain("news.harbour.example"), domain("www.rt.com"), domain("127.0.0.1")
    ('harbour.example', 'rt.com', '127.0.0.1')
    """
    labels = host.split(".")
    for place in range(len(labels) - 2, -1, -1):
        if len(labels[place]) >= 4:
            return ".".join(labels[place:])
    return _bare(host)


def _bare(host: str) -> str:
    return host.removeprefix("www.")


def _page_type(page_type: dict[str, Any] | None) -> str | None:
    name: str | None = page_type["name"] if page_type else None
    return name if name in _PAGE_TYPES else None
