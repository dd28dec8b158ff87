"""The systems that tell metadata, one function each: page bytes and URL to an answer."""

from dataclasses import dataclass
from datetime import datetime

from bench import peers
from bench.metadata.metrics import FIELDS, Answer

# The record's names of the fields that ours gives evidence for.
_EVIDENCE = {
    "title": "title",
    "authors": "authors",
    "date_published": "date",
    "tags": "tags",
}


@dataclass(frozen=True, slots=True)
class MetaSystem(peers.System):
    """A system of the comparison; its `extract` returns an Answer. `fields`: what it tells."""

    fields: tuple[str, ...] = FIELDS


def ours(html: bytes, url: str | None) -> Answer:
    """Extract the whole record with scraper; one that tells of a defect is an error."""
    import scraper

    article = scraper.extract(html, url)
    if article.error is not None and article.error.code == "internal":
        raise RuntimeError(article.error.message)
    told = {
        _EVIDENCE[name]: evidence
        for name, evidence in article.extraction.evidence.items()
        if name in _EVIDENCE
    }
    return Answer(
        title=article.title,
        authors=tuple(author.name for author in article.authors),
        date=article.date_published,
        tags=article.tags,
        confidence={name: evidence.confidence for name, evidence in told.items()},
        source={name: evidence.source for name, evidence in told.items()},
    )


def trafilatura(html: bytes, url: str | None) -> Answer:
    """Extract trafilatura's metadata alone, with its extensive search for a date, the default."""
    from trafilatura import extract_metadata

    found = extract_metadata(html, default_url=url)
    return Answer(
        title=found.title,
        authors=(found.author,) if found.author else (),
        date=found.date,
        tags=tuple(found.tags or ()),
    )


def newspaper4k(html: bytes, url: str | None) -> Answer:
    """Extract with newspaper4k; where it finds no tags, the keywords of the page's head."""
    article = peers.newspaper_article(html, url)
    date = article.publish_date
    return Answer(
        title=article.title or None,
        authors=tuple(article.authors),
        date=date.isoformat() if isinstance(date, datetime) else date or None,
        tags=tuple(sorted(article.tags or article.meta_keywords)),
    )


def htmldate(html: bytes, url: str | None) -> Answer:
    """Find the date of publication; by its default htmldate looks for that of the last change."""
    from htmldate import find_date

    return Answer(date=find_date(html, url=url, original_date=True))


REGISTRY: dict[str, MetaSystem] = {
    system.name: system
    for system in (
        MetaSystem("ours", "scraper", "scraper", ours, needs="extract"),
        MetaSystem("trafilatura", "trafilatura", "trafilatura", trafilatura),
        MetaSystem("newspaper4k", "newspaper", "newspaper4k", newspaper4k),
        MetaSystem("htmldate", "htmldate", "htmldate", htmldate, fields=("date",)),
    )
}
