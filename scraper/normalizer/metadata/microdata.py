"""Reads microdata: the properties of the page's own item, in the order of the page."""

from collections.abc import Iterator
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.normalizer.evidence import fields_of
from scraper.normalizer.metadata.clue import MAX_VALUE, Clue
from scraper.outline import Outline

MAX_NODES = 200
"""Elements with a property that are looked at; a page states its own before those of comments."""
MAX_LEVELS = 60
"""Elements between a property and the item that it belongs to."""

_OTHERS = ("Comment", "UserComments", "Review", "ListItem", "SiteNavigationElement", "WebSite")
_PEOPLE = ("Person", "Organization", "NewsMediaOrganization")
_INSIDE_AUTHOR = frozenset(("author", "creator"))


def read(tree: LexborHTMLParser, page: Outline) -> Iterator[Clue]:
    """Yield a clue for each property that speaks of a field; those of comments are left out."""
    fields = fields_of("microdata")
    for node in islice(tree.css("[itemprop]"), MAX_NODES):
        attributes = node.attributes
        for name in (attributes.get("itemprop") or "").split()[:3]:
            field = fields.get(name)
            if field is None or _belongs_elsewhere(node):
                continue
            value, details = _value(node, attributes)
            if value.strip():
                yield Clue(field, f"microdata.{name}", value, page.place_of(node), details)


def _value(node: LexborNode, attributes: dict[str, str | None]) -> tuple[str, dict[str, str]]:
    """Return what an element states, and what stands with it where it is a person or picture."""
    details = {}
    itemtype = attributes.get("itemtype") or ""
    if itemtype.endswith("Organization"):
        details["kind"] = "organization"
    url = attributes.get("href") or attributes.get("src")
    inner = node
    if "itemscope" in attributes:
        link = node.css_first("a[href], link[href]")
        url = url or (link.attributes.get("href") if link is not None else None)
        inner = node.css_first("[itemprop~=name], [itemprop~=url]") or node
    if url:
        details["url"] = url[:MAX_VALUE]
    told = inner.attributes
    stated = told.get("content") or told.get("datetime") or told.get("value")
    if not stated and inner.tag in ("img", "link"):
        stated = told.get("src") or told.get("href")
    return (stated or inner.text(separator="\n"))[:MAX_VALUE], details


def _belongs_elsewhere(node: LexborNode) -> bool:
    """Whether the item around a property is a comment, an entry of a list or the like."""
    above = node.parent
    for _ in range(MAX_LEVELS):
        if above is None or above.tag == "-document":
            return False
        attributes = above.attributes
        if "itemscope" in attributes:
            kind = (attributes.get("itemtype") or "").strip().rstrip("/")
            named = set((attributes.get("itemprop") or "").split())
            return kind.endswith(_OTHERS) or (kind.endswith(_PEOPLE) and not named & _INSIDE_AUTHOR)
        above = above.parent
    return False
