"""Resolves each metadata field from the clues, with the evidence for it."""

import html
import re
from collections.abc import Callable, Sequence

from msgspec import Struct

from scraper.model import Author, Evidence, Image
from scraper.normalizer.dates import read_date
from scraper.normalizer.languages import read_language
from scraper.normalizer.metadata import Clue
from scraper.normalizer.people import read_people
from scraper.normalizer.resolve import Chosen, best_source, choose, evidence_for
from scraper.normalizer.titles import read_title, title_clues
from scraper.text import one_line, squeezed
from scraper.urls import host_of, is_own_canonical, resolve

MAX_TAGS = 15
"""A longer list of keywords is stuffing."""
MAX_TAG = 60
MAX_NAME = 200
MAX_DESCRIPTION = 2000
_TAGS = re.compile(r"<[^<>]{1,200}>")


class Fields(Struct, frozen=True, kw_only=True):
    """The metadata of one page; ``headlines`` are the headline's displayed wordings."""

    title: str | None
    headlines: tuple[str, ...]
    description: str | None
    authors: tuple[Author, ...]
    date_published: str | None
    date_modified: str | None
    language: str | None
    site_name: str | None
    section: str | None
    tags: tuple[str, ...]
    image: Image | None
    canonical_url: str | None
    evidence: dict[str, Evidence]


def read_fields(clues: Sequence[Clue], url: str | None) -> Fields:
    """Return the metadata that ``clues`` support; ``url`` is the page's own address, if known."""
    evidence: dict[str, Evidence] = {}

    def take(field: str, chosen: Chosen | None) -> str | None:
        if chosen is None:
            return None
        evidence[field] = chosen.evidence
        return chosen.value

    canonical = take("canonical_url", choose("canonical_url", clues, _canonical(url)))
    base = url or canonical or ""
    site_name = take("site_name", choose("site_name", clues, _short))
    names = _site_names(clues, base)
    stated_titles = title_clues(clues)
    authors = read_people(best_source("authors", clues), site_name, base)
    tags = _tags(best_source("tags", clues), site_name)
    for field, found in (("authors", authors), ("tags", tags)):
        if found:
            first = best_source(field, clues)[0]
            evidence[field] = evidence_for(field, first, agreed=False)
    return Fields(
        title=take("title", choose("title", stated_titles, lambda v: read_title(v, names))),
        headlines=tuple(one_line(c.value) for c in stated_titles if c.source == "page.h1"),
        description=take("description", choose("description", clues, _description)),
        authors=authors,
        date_published=take("date_published", choose("date_published", clues, read_date)),
        date_modified=take("date_modified", choose("date_modified", clues, read_date)),
        language=take("language", choose("language", clues, read_language)),
        site_name=site_name,
        section=take("section", choose("section", clues, _short)),
        tags=tags,
        image=_image(clues, base, evidence),
        canonical_url=canonical,
        evidence=evidence,
    )


def address(clues: Sequence[Clue], url: str | None) -> str | None:
    """Return the page's address: the one that is known, or else the one that it declares."""
    declared = choose("canonical_url", clues, _canonical(None)) if url is None else None
    return url if declared is None else declared.value


def _canonical(url: str | None) -> Callable[[str], str | None]:
    """Return a reader that accepts a canonical address only where it can be that of ``url``."""

    def read(stated: str) -> str | None:
        resolved = resolve(url or "", stated)
        plausible = resolved and (url is None or is_own_canonical(resolved, url))
        return resolved if plausible else None

    return read


def _short(stated: str) -> str | None:
    text = one_line(html.unescape(stated))
    return text if 0 < len(text) <= MAX_NAME else None


def _description(stated: str) -> str | None:
    return one_line(_TAGS.sub(" ", html.unescape(stated)))[:MAX_DESCRIPTION] or None


def _site_names(clues: Sequence[Clue], base: str) -> tuple[str, ...]:
    """Return what the site may be called in a title: stated names, its host and host's label."""
    stated = [clue.value for clue in clues if clue.field == "site_name"]
    host = (host_of(base) or "").removeprefix("www.")
    return (*stated, host, host.split(".")[0])


def _tags(clues: Sequence[Clue], site_name: str | None) -> tuple[str, ...]:
    """Return the stated tags, lists split at commas, each once."""
    tags: dict[str, str] = {}
    for clue in clues:
        for part in re.split("[,;]", html.unescape(clue.value)):
            tag = one_line(part)
            if 0 < len(tag) <= MAX_TAG and squeezed(tag) != squeezed(site_name or ""):
                tags.setdefault(squeezed(tag), tag)
    return tuple(tags.values()) if len(tags) <= MAX_TAGS else ()


def _image(clues: Sequence[Clue], base: str, evidence: dict[str, Evidence]) -> Image | None:
    chosen = choose("image", clues, lambda stated: resolve(base, stated))
    if chosen is None:
        return None
    evidence["image"] = chosen.evidence
    stated = {clue.field: clue.value for clue in clues if clue.source.startswith("head.og:image")}
    described = stated if chosen.evidence.source == "head.og:image" else {}
    return Image(
        url=chosen.value,
        caption=_short(described.get("image_caption", "")),
        credit=None,
        width=_pixels(described.get("image_width", "")),
        height=_pixels(described.get("image_height", "")),
    )


def _pixels(stated: str) -> int | None:
    match = re.fullmatch(r"\s*(\d{1,5})(?:px)?\s*", stated, re.ASCII)
    return int(match.group(1)) if match else None
