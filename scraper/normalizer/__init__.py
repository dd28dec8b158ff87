"""Content to article: metadata with its evidence, the text, its fingerprints and its status."""

import hashlib
from collections.abc import Sequence

import msgspec

from scraper.blank import blank_article
from scraper.model import Article, Block, Content, Page, Status
from scraper.normalizer.access import is_open, read_access
from scraper.normalizer.fields import address, read_fields
from scraper.normalizer.metadata import (
    TOO_LARGE,
    Clue,
    Collected,
    collect,
    collect_shown,
    paywalled_parts,
)
from scraper.normalizer.robots import read_robots
from scraper.normalizer.titles import MAX_TITLE
from scraper.text import content_hash, count_words, simhash, squeezed, words
from scraper.urls import resolve

__all__ = [
    "Clue",
    "Collected",
    "address",
    "collect",
    "collect_shown",
    "is_open",
    "normalize",
    "paywalled_parts",
]

HEADLINE_PLACES = 5
"""First blocks among which the headline is looked for: a third of trafilatura's texts repeat it."""

_TEASED = ("page.", "microdata.")
"""Groups of sources that on a page of teasers speak of these; headings do not."""
_VERDICTS: dict[str, Status] = {
    "no_content": "not_article",
    "login_page": "not_article",
    "index_page": "not_article",
    "error_page": "not_article",
    "challenge_page": "blocked",
    "consent_page": "blocked",
}


def normalize(page: Page, collected: Collected, content: Content) -> Article:
    """Return the page's record. Pure: the same page, evidence and content give the same record."""
    warnings = content.warnings
    status = _status(warnings)
    clues = collected.clues
    if status == "not_article":  # its times and bylines are those of teasers
        clues = [clue for clue in clues if not _is_teased(clue)]
        collected = collected._replace(clues=clues)
    body = "\n\n".join(block.text for block in content.blocks if block.role != "figure")
    base = page.url or address(clues, None)
    blocks = _addressed(content.blocks, base)
    fields = read_fields(collected, page.url, blocks, body)
    url = page.url or fields.canonical_url
    headlines = {squeezed(line) for line in (fields.title, *fields.headlines) if line}
    blocks = _without_headline(blocks, headlines)
    subtitle = content.subtitle
    if subtitle and squeezed(subtitle) in headlines:
        subtitle = None
    text = "\n\n".join(block.text for block in blocks if block.role != "figure")
    kept = count_words(text)
    if not kept and status == "ok":  # the headline was all there was
        warnings = ("no_content",)
        status = _status(warnings)
    if any(clue.field == TOO_LARGE for clue in clues):
        warnings = (*warnings, TOO_LARGE)
    if len(fields.title or "") >= MAX_TITLE:
        warnings = (*warnings, "title_truncated")
    record = blank_article(url, page.fetch, key=None if url else _page_key(page))
    return msgspec.structs.replace(
        record,
        status=status,
        canonical_url=fields.canonical_url,
        site_name=fields.site_name,
        title=fields.title,
        subtitle=subtitle,
        description=fields.description,
        authors=fields.authors,
        date_published=fields.date_published,
        date_modified=fields.date_modified,
        language=fields.language,
        section=fields.section,
        tags=fields.tags,
        image=fields.image,
        images=fields.images,
        text=text,
        blocks=blocks,
        word_count=kept,
        access=read_access(clues, blocks, content.walls),
        robots=read_robots(clues, page.fetch.x_robots_tag),
        content_hash=content_hash(text),
        simhash=simhash(words(text)),
        extraction=msgspec.structs.replace(
            record.extraction,
            evidence=dict(sorted(fields.evidence.items())),
            confidence=content.confidence if kept else None,
            page_type=content.page_type,
            body_source=content.body_source if kept else None,
            kept_ratio=_ratio(kept, content.page_words),
            warnings=warnings,
        ),
        removed=content.removals,
    )


def _is_teased(clue: Clue) -> bool:
    return clue.source.startswith(_TEASED) and clue.field != "title"


def _page_key(page: Page) -> str:
    """Name a page without a URL by its bytes."""
    return "sha256:" + hashlib.sha256(page.body).hexdigest()


def _without_headline(blocks: tuple[Block, ...], headlines: set[str]) -> tuple[Block, ...]:
    """Drop the headline where it comes again among the first blocks."""
    return tuple(
        block
        for place, block in enumerate(blocks)
        if place >= HEADLINE_PLACES or squeezed(block.text) not in headlines
    )


def _addressed(blocks: tuple[Block, ...], base: str | None) -> tuple[Block, ...]:
    """Make the addresses of pictures absolute; what is no web address goes."""
    return tuple(
        msgspec.structs.replace(block, url=resolve(base or "", block.url)) if block.url else block
        for block in blocks
    )


def _status(warnings: Sequence[str]) -> Status:
    return next((_VERDICTS[code] for code in warnings if code in _VERDICTS), "ok")


def _ratio(kept: int, all_words: int) -> float | None:
    return round(min(1.0, kept / all_words), 4) if all_words else None
