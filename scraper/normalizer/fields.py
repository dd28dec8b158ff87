"""Resolves each metadata field from the evidence: value, source, confidence; null where unsure."""

import html
import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from msgspec import Struct

from scraper.model import Author, Block, Evidence, Image
from scraper.normalizer.authors import author_candidates, signatures, with_pages
from scraper.normalizer.ballot import Candidate, ballots, elect
from scraper.normalizer.images import read_images
from scraper.normalizer.languages import SURE_ALONE, hear_language, overrules, read_language
from scraper.normalizer.metadata import Clue, Collected
from scraper.normalizer.published import Sighting, best_instant, date_candidates, sightings
from scraper.normalizer.resolve import Chosen, choose, evidence_for
from scraper.normalizer.tags import read_tags
from scraper.normalizer.titles import headlines, title_candidates
from scraper.text import one_line
from scraper.urls import host_of, is_own_canonical, resolve

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
    images: tuple[Image, ...]
    canonical_url: str | None
    evidence: dict[str, Evidence]


def read_fields(
    collected: Collected, url: str | None, blocks: Sequence[Block] = (), text: str = ""
) -> Fields:
    """Return the metadata that the evidence supports.

    ``url`` is the page's own address, if known; ``blocks`` and ``text`` are the article's.
    """
    clues = collected.clues
    evidence: dict[str, Evidence] = {}

    def take(field: str, chosen: Chosen | None) -> str | None:
        if chosen is None:
            return None
        evidence[field] = chosen.evidence
        return chosen.value

    canonical = take("canonical_url", choose("canonical_url", clues, _canonical(url)))
    base = url or canonical or ""
    site_name = take("site_name", choose("site_name", clues, _short))
    names = site_names(clues, base)
    tags, tag_source = read_tags(clues, names)
    if tags:
        evidence["tags"] = evidence_for("tags", tag_source)
    images, image_source = read_images(clues, blocks, base)
    if images:
        evidence["image"] = evidence_for("image", image_source)
    published, modified = _dates(collected, base, evidence)
    return Fields(
        title=_title(collected, names, evidence),
        headlines=tuple(headlines(clues)),
        description=take("description", choose("description", clues, _description)),
        authors=_authors(collected, names, base, evidence),
        date_published=published,
        date_modified=modified,
        language=take("language", _language(clues, text)),
        site_name=site_name,
        section=take("section", choose("section", clues, _short)),
        tags=tags,
        image=images[0] if images else None,
        images=images,
        canonical_url=canonical,
        evidence=evidence,
    )


def address(clues: Sequence[Clue], url: str | None) -> str | None:
    """Return the page's address: the one that is known, or else the one that it declares."""
    declared = choose("canonical_url", clues, _canonical(None)) if url is None else None
    return url if declared is None else declared.value


def site_names(clues: Sequence[Clue], base: str) -> tuple[str, ...]:
    """Return what the site may be called: stated names, its host and the host's labels."""
    stated = [clue.value for clue in clues if clue.field == "site_name"]
    host = (host_of(base) or "").partition(":")[0].removeprefix("www.")
    labels = host.split(".")
    return (*stated, host, labels[0], *labels[-2:-1])


def stated_language(clues: Sequence[Clue]) -> str:
    """Return the language that the page states first, as it states it, or nothing."""
    return next((clue.value for clue in clues if clue.source == "head.html-lang"), "")


class _Won(NamedTuple):
    """The place of the candidate that was elected, and whether it is sure enough to be given."""

    place: int
    confidence: float
    is_sure: bool

    def evidence(self, source: str, value: str) -> Evidence:
        """Return what stands for it; the value only where it is not given."""
        candidate = None if self.is_sure else value
        return Evidence(source=source, confidence=self.confidence, candidate=candidate)


def _won(field: str, candidates: Sequence[Candidate]) -> _Won | None:
    ballot = ballots()[field]
    found = elect(ballot, candidates)
    return found and _Won(*found, is_sure=found.confidence >= ballot.abstain)


def _title(collected: Collected, names: Sequence[str], evidence: dict[str, Evidence]) -> str | None:
    candidates = title_candidates(collected.clues, collected.page, names)
    won = _won("title", candidates)
    if won is None:
        return None
    best = candidates[won.place]
    evidence["title"] = won.evidence(best.source, best.value)
    return best.value if won.is_sure else None


def _authors(
    collected: Collected, names: Sequence[str], base: str, evidence: dict[str, Evidence]
) -> tuple[Author, ...]:
    clues, zone = collected.clues, collected.zone
    signed = signatures(clues, zone, stated_language(clues))
    bylines = author_candidates(signed, clues, zone, names)
    won = _won("authors", [byline.candidate for byline in bylines])
    if won is None:
        return ()
    best, authors = bylines[won.place]
    evidence["authors"] = won.evidence(best.source, best.value)
    return with_pages(authors, clues, base) if won.is_sure else ()


def _dates(
    collected: Collected, base: str, evidence: dict[str, Evidence]
) -> tuple[str | None, str | None]:
    """Return when the article was published and when it was changed, which is never earlier."""
    clues = collected.clues
    found = sightings(clues, collected.zone, base, stated_language(clues))
    published = _published(found, base, evidence)
    modified = _modified(found)
    if modified is None or (published or "")[:10] > modified.value[:10]:
        return published, None
    evidence["date_modified"] = evidence_for("date_modified", modified.source)
    return published, modified.value


def _published(found: Sequence[Sighting], base: str, evidence: dict[str, Evidence]) -> str | None:
    candidates = date_candidates(found, base)
    won = _won("date_published", candidates)
    if won is None:
        return None
    best = candidates[won.place]
    only_changed = any(vote.startswith("class:changed") for vote in best.votes)
    exact = best_instant(best.value, found, changed=only_changed)
    evidence["date_published"] = won.evidence(exact.source, exact.value)
    return exact.value if won.is_sure else None


def _modified(found: Sequence[Sighting]) -> Sighting | None:
    """Return the first stated date of a change, or else the first that is shown near the text."""
    changes = [one for one in found if one.changed and not one.vote.endswith("-far")]
    stated = [one for one in changes if not one.source.startswith("page.")]
    if not changes:
        return None
    first = (stated or changes)[0]
    return best_instant(first.value[:10], changes, changed=True)


def _language(clues: Sequence[Clue], text: str) -> Chosen | None:
    """Return what the page states, unless its text is surely in another language."""
    stated = choose("language", clues, read_language)
    heard = hear_language(text)
    if heard is None or (stated is not None and not overrules(heard, stated.value, text)):
        if stated is not None and heard is not None and stated.value.startswith(heard[0]):
            source = stated.evidence.source
            return stated._replace(evidence=evidence_for("language", source, agreed=True))
        return stated
    if stated is None and heard[1] < SURE_ALONE:
        return None
    language = read_language(heard[0])
    return Chosen(language, evidence_for("language", "text.detected")) if language else stated


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
