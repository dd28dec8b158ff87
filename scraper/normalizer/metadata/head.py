"""Reads the head: meta elements of every vocabulary, title, language, links by relation."""

import re
from collections.abc import Iterable, Iterator, Mapping

from selectolax.lexbor import LexborHTMLParser

from scraper.normalizer import wordlists
from scraper.normalizer.evidence import fields_of
from scraper.normalizer.metadata.clue import MAX_VALUE, Clue

TERMS = {
    "robots": "robots",
    "article:content_tier": "content_tier",
    "og:article:content_tier": "content_tier",
    "og:content_tier": "content_tier",
    "content_tier": "content_tier",
    "isaccessibleforfree": "accessible_for_free",
    "adv:premium": "premium",
    "article.access": "premium",
    "article:premium": "premium",
    "is-premium": "premium",
    "is_premium": "premium",
    "ispremium": "premium",
    "k5a:paid": "premium",
    "premium": "premium",
}
"""Names that speak of robots and of who may read the page; those of fields: data/evidence.toml."""

PICTURE = "og:image"
PICTURE_DETAILS = {"width": "width", "height": "height", "alt": "caption"}
"""What follows a picture and tells of it, by the last part of its name."""

MAX_METAS = 500
"""Meta elements read; of 2,453 pages of the corpora the most have 285."""

MAX_LABELS = 4

_PREMIUM = re.compile(
    r"(?:cxenseparse:[\w:.-]{0,60}(?:premium|paid|paywall|paidcontent)|tmg\.premium\.[\w.-]{0,60})"
)
"""Names under which publishers tell their own systems that an article is paid for."""


def read(tree: LexborHTMLParser) -> Iterator[Clue]:
    """Yield a clue for each meta element that speaks of a field, then title, language, links."""
    labels: dict[str, str] = {}
    fields = fields_of("head")
    stated = list(_metas(tree))
    for name, value in stated:
        if name in fields and name != PICTURE:
            yield Clue(fields[name], "head." + name, value)
        elif name in TERMS or _PREMIUM.fullmatch(name):
            yield Clue(TERMS.get(name, "premium"), "head." + name, value)
        elif name.startswith(("twitter:label", "twitter:data")):
            labels[name] = value
    yield from _pictures(stated)
    yield from _labelled(labels)
    yield from _elements(tree)


def _metas(tree: LexborHTMLParser) -> Iterator[tuple[str, str]]:
    """Yield name, in lower case, and content of the meta elements that state anything."""
    for node in tree.css("meta[content]")[:MAX_METAS]:
        attributes = node.attributes
        names = (attributes.get(key) for key in ("property", "name", "http-equiv"))
        name = next(filter(None, names), "").strip().lower()
        value = (attributes.get("content") or "")[:MAX_VALUE]
        if name and not value.isspace() and value:
            yield name, value


def _pictures(stated: Iterable[tuple[str, str]]) -> Iterator[Clue]:
    """Yield each ``og:image`` with what follows it and tells of it."""
    picture: Clue | None = None
    for name, value in stated:
        if name == PICTURE:
            if picture is not None:
                yield picture
            picture = Clue("image", "head." + PICTURE, value)
        elif picture is not None and name.startswith(PICTURE + ":"):
            told = PICTURE_DETAILS.get(name.rpartition(":")[2])
            if told:
                picture = picture._replace(details={**picture.details, told: value})
    if picture is not None:
        yield picture


def _labelled(labels: Mapping[str, str]) -> Iterator[Clue]:
    """Yield what the labels of a Twitter card say of authors: ``Written by``, in any language."""
    for number in range(MAX_LABELS):
        label = labels.get(f"twitter:label{number}", "")
        value = labels.get(f"twitter:data{number}")
        if value and wordlists.phrase(label) in wordlists.listed("by"):
            yield Clue("authors", "head.twitter:data", value)


def _elements(tree: LexborHTMLParser) -> Iterator[Clue]:
    language = tree.root.attributes.get("lang") if tree.root else None
    if language:
        yield Clue("language", "head.html-lang", language[:MAX_VALUE])
    title = tree.css_first("head > title") or tree.css_first("title")
    if title is not None:
        yield Clue("title", "head.title", title.text()[:MAX_VALUE])
    picture = tree.css_first("link[rel=image_src][href]")
    if picture is not None:
        yield Clue("image", "head.image_src", (picture.attributes.get("href") or "")[:MAX_VALUE])
    yield from read_canonical(tree)


def read_canonical(tree: LexborHTMLParser) -> Iterator[Clue]:
    """Yield the page's declared address, if any."""
    canonical = tree.css_first("link[rel=canonical][href]")
    if canonical is not None:
        yield Clue("canonical_url", "head.link-canonical", canonical.attributes.get("href") or "")
