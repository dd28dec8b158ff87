"""Reads what the page itself shows or says: headline, title, language, time, links by relation."""

from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.normalizer.metadata.clue import MAX_VALUE, Clue

MAX_HEADLINES = 3
MAX_LINKS = 30

_RELATIONS = {"author": ("authors", "page.rel-author"), "tag": ("tags", "page.rel-tag")}
_ITEMPROPS = {
    "author": "authors",
    "datePublished": "date_published",
    "dateModified": "date_modified",
}


def read(tree: LexborHTMLParser) -> Iterator[Clue]:
    """Yield the clues of title, headlines, language, relations, microdata and the first time."""
    language = tree.root.attributes.get("lang") if tree.root else None
    if language:
        yield Clue("language", "page.html-lang", language[:MAX_VALUE])
    title = tree.css_first("head > title") or tree.css_first("title")
    if title is not None:
        yield Clue("title", "head.title", title.text()[:MAX_VALUE])
    for node in tree.css("h1")[:MAX_HEADLINES]:
        yield Clue("title", "page.h1", node.text(separator=" ")[:MAX_VALUE])
    yield from _links(tree)
    yield from _microdata(tree)
    time = tree.css_first("time[datetime]")
    if time is not None:
        yield Clue("date_published", "page.time", time.attributes.get("datetime") or "")


def read_canonical(tree: LexborHTMLParser) -> Iterator[Clue]:
    """Yield the page's declared address, if any."""
    canonical = tree.css_first("link[rel=canonical][href]")
    if canonical is not None:
        yield Clue("canonical_url", "page.link-canonical", canonical.attributes.get("href") or "")


def _links(tree: LexborHTMLParser) -> Iterator[Clue]:
    yield from read_canonical(tree)
    for relation, (field, source) in _RELATIONS.items():
        for node in tree.css(f"a[rel~={relation}]")[:MAX_LINKS]:
            url = (node.attributes.get("href") or "")[:MAX_VALUE]
            yield Clue(field, source, node.text(separator=" ")[:MAX_VALUE], url=url)


def _microdata(tree: LexborHTMLParser) -> Iterator[Clue]:
    """Yield the first value of each property: later ones belong to teasers and comments."""
    for name, field in _ITEMPROPS.items():
        node = tree.css_first(f"[itemprop={name}]")
        if node is not None:
            yield Clue(field, f"page.itemprop-{name}", _value(node)[:MAX_VALUE])


def _value(node: LexborNode) -> str:
    attributes = node.attributes
    stated = attributes.get("content") or attributes.get("datetime")
    named = node.css_first("[itemprop=name]")
    return stated or (named or node).text(separator=" ")
