"""Reads what the page shows: headlines, bylines, dates, tags, near the headline or elsewhere."""

import re
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.normalizer.metadata.clue import MAX_VALUE, NOWHERE, Clue
from scraper.outline import FLAGGED, Outline

MAX_HEADLINES = 5
MIN_MAIN = 0.4
"""Share of a heading from which a part may be its main part."""

MAX_NODES = 60
"""Elements of one kind that are looked at."""
MAX_TEXT = 400
"""Characters of a byline or a date with all that stands beside it."""
MAX_URL = 300
"""Characters of an address that are looked at."""
MAX_BLOCKS = 12
"""Blocks in a box above which it is no byline."""
MAX_NAME = 100
"""Characters kept of a box's name."""

BEFORE, AFTER = 12, 30
"""Blocks before the headline and after it among which bylines and dates are looked for."""
INTO = 3
"""Blocks of the text's beginning that are still near the headline."""
TAIL = (3, 12)
"""Blocks before and after the text's end among which a signature is looked for."""
LONG = 80
"""Characters of a kept block after the headline from which the text has begun."""

MAX_LINKS = 1500
"""Links of a page that are looked at."""
CLIMB = 3
"""Boxes around a tag's link of which one is called so."""

_NAMES = re.compile(
    r"(?P<byline>author|byline|autor|writer|redakt|signature)"
    r"|(?P<date>date|time|publish|posted|datum|fecha|zeit|created|meta|data)"
)
"""What boxes with a byline or a date are called."""
_AUTHOR_PATH = re.compile(
    r"/(?:author|autor|auteur|people/|profil|journalist|writer|staff/|by/|team/|contributor"
    r"|columnist|redakt|users?/|reporter|expert)"
)
_TAG_PATH = re.compile(r"/(?:tags?/|topic|thema|label/|schlagwort|keyword)")


_NAV = 1 << FLAGGED.index("nav")
_SIDE = 1 << FLAGGED.index("footer") | 1 << FLAGGED.index("aside")
_ARTICLE = 1 << FLAGGED.index("article")


class Zone(NamedTuple):
    """Where the article stands, by blocks of the outline: headline, first and last of the text.

    -1 where it is not known.
    """

    headline: int
    first: int
    last: int

    def where(self, place: int) -> str:
        """Return ``near``: headline to the text's first lines, at its ``end``, or ``far``."""
        return "near" if self.is_near(place) else "end" if self.is_end(place) else "far"

    def is_near(self, place: int) -> bool:
        """Whether a block stands around the headline."""
        if place < 0:
            return False
        low, high = self._reach()
        return low <= place <= high

    def is_end(self, place: int) -> bool:
        """Whether a block stands where the text ends."""
        return self.last >= 0 and -TAIL[0] <= place - self.last <= TAIL[1]

    def holds(self, place: int) -> bool:
        """Whether a block belongs to the article, with what stands right before and after it."""
        low = self.headline if self.headline >= 0 else self.first
        return self.first >= 0 and low - INTO <= place <= self.last + 2 * TAIL[1]

    def reaches(self, count: int) -> list[tuple[int, int]]:
        """Return first and last of the blocks, of ``count``, that are near, and at the end."""
        low, high = self._reach()
        found = [(max(0, low), min(high, count - 1))]
        if self.last >= 0:
            first = max(found[0][1] + 1, self.last - TAIL[0])
            found.append((first, min(self.last + TAIL[1], count - 1)))
        return [(low, high) for low, high in found if low <= high]

    def _reach(self) -> tuple[int, int]:
        if self.headline >= 0:
            high = self.headline + AFTER
            if self.first > self.headline:
                high = min(high, self.first + INTO)
            return self.headline - BEFORE, high
        if self.first >= 0:
            return self.first - AFTER, self.first + INTO
        return 0, AFTER


NO_ZONE = Zone(NOWHERE, NOWHERE, NOWHERE)


def zone_of(page: Outline, clues: Sequence[Clue], kept: Sequence[int]) -> Zone:
    """Return where the article stands; ``kept`` are the blocks that it was made of, ascending."""
    first, last = (kept[0], kept[-1]) if kept else (NOWHERE, NOWHERE)
    headings = [clue.place for clue in clues if clue.source == "page.h1" and clue.place >= 0]
    before = [place for place in headings if first < 0 or place <= first + 2]
    headline = before[-1] if before else headings[0] if headings else NOWHERE
    begins = (place for place in kept if place > headline and len(page.texts[place]) > LONG)
    return Zone(headline, next(begins, first), last)


def read_headlines(tree: LexborHTMLParser, page: Outline) -> Iterator[Clue]:
    """Yield the page's headings of the first level, and of each its main part.

    Many sites put a kicker into the heading, in an element of its own.
    """
    for node in tree.css("h1")[:MAX_HEADLINES]:
        place = page.place_of(node)
        whole = _text(node)
        yield Clue("title", "page.h1", whole, place)
        main = max((_text(part) for part in node.iter(include_text=True)), key=len, default="")
        if MIN_MAIN * len(whole) <= len(main) < len(whole.strip()):
            yield Clue("title", "page.h1-part", main, place)


def _text(node: LexborNode) -> str:
    """Return the text of a heading or of a part: what is hidden, and readings of signs, are not."""
    if node.tag == "-text":
        return (node.text_content or "")[:MAX_VALUE]
    if "hidden" in node.attributes:
        return ""
    unread = {inner.mem_id for inner in node.css("rt, rp, style, script, [hidden]")}
    if not unread:
        return node.text(separator=" ")[:MAX_VALUE]
    parts = [
        inner.text_content or ""
        for inner in node.traverse(include_text=True)
        if inner.tag == "-text" and inner.parent is not None and inner.parent.mem_id not in unread
    ]
    return "".join(parts)[:MAX_VALUE]


def read_signs(
    tree: LexborHTMLParser, page: Outline, zone: Zone, clues: Sequence[Clue]
) -> Iterator[Clue]:
    """Yield bylines, dates and tags that are shown, with their places.

    Links to authors are looked for around the article, and on all of the page where nothing else
    names one; ``clues`` are what the page states.
    """
    whole = [(0, len(page.texts) - 1)]
    reaches = zone.reaches(len(page.texts))
    lines = [
        Clue("shown", "page.line", page.texts[place], place)
        for low, high in reaches
        for place in range(low, high + 1)
        if len(page.texts[place]) <= MAX_TEXT
    ]
    around = [*_links(tree, page, zone, reaches), *_times(tree, page)]
    around += _boxes(page)
    yield from around
    if not any(clue.field == "authors" for clue in (*clues, *around)):
        yield from (clue for clue in _links(tree, page, zone, whole) if clue.field == "authors")
    yield from lines


def _links(
    tree: LexborHTMLParser, page: Outline, zone: Zone, reaches: Sequence[tuple[int, int]]
) -> Iterator[Clue]:
    """Yield the links to authors' pages, and those to tags' pages around the article."""
    left = {"authors": MAX_NODES, "tags": MAX_NODES}
    low = reaches[0][0] if reaches else 0
    high = max(zone.last + 2 * TAIL[1], reaches[-1][1] if reaches else 0)
    for node in tree.css("a[href]")[:MAX_LINKS]:
        place = page.place_of(node)
        if not low <= place <= high:
            continue
        attributes = node.attributes
        url = attributes.get("href") or ""
        field, source = _linked(url[:MAX_URL], attributes.get("rel") or "")
        if zone.holds(place):
            if not field and _is_in_tags(page, page.element_of(node)):
                field, source = "tags", "page.tag-box"
        elif field == "tags":
            continue
        text = node.text(separator="\n")[:MAX_TEXT] if left.get(field) else ""
        if text and not text.isspace():
            left[field] -= 1
            yield Clue(field, source, text, place, {"url": url[:MAX_VALUE]})


def _linked(url: str, relation: str) -> tuple[str, str]:
    """Return the field that a link speaks of and the source that it is; nothing for most."""
    if "author" in relation:
        return "authors", "page.rel-author"
    if _AUTHOR_PATH.search(url):
        return "authors", "page.author-link"
    if "tag" in relation:
        return "tags", "page.rel-tag"
    return ("tags", "page.tag-link") if _TAG_PATH.search(url) else ("", "")


def _is_in_tags(page: Outline, element: int) -> bool:
    """Whether a box around an element has a name that speaks of tags."""
    for _ in range(CLIMB):
        if element < 0:
            return False
        if "tag" in page.names[element].lower():
            return True
        element = page.parents[element]
    return False


def _boxes(page: Outline) -> Iterator[Clue]:
    """Yield the texts of small boxes whose name tells of a byline or a date, each line once.

    The name of a box, or of the inline element with which its text begins.
    """
    kinds: dict[str, str] = {"": ""}
    left = {"byline": MAX_NODES, "date": MAX_NODES}
    before = {"byline": "", "date": ""}
    named = chain(
        ((name, element, None) for element, name in enumerate(page.names)),
        ((name, page.owners[place], place) for place, name in enumerate(page.inline_names)),
    )
    for name, element, place in named:
        kind = kinds.get(name)
        if kind is None:
            match = _NAMES.search(name.lower())
            kind = kinds[name] = (match.lastgroup or "") if match else ""
        if not kind or not left[kind] or _is_beside(page, element):
            continue
        places = page.blocks_in(element) if place is None else range(place, place + 1)
        if not 0 < len(places) <= MAX_BLOCKS:
            continue
        text = "\n".join(page.texts[index] for index in places)
        if len(text) <= 2 * MAX_TEXT and text != before[kind]:
            left[kind] -= 1
            before[kind] = text
            field = "authors" if kind == "byline" else "date_published"
            yield Clue(field, f"page.{kind}-box", text, places.start, {"name": name[:MAX_NAME]})


def _is_beside(page: Outline, element: int) -> bool:
    """Whether an element stands in a menu, or in a footer or a column that is no article's."""
    flags = page.flags[element]
    return bool(flags & _NAV) or (bool(flags & _SIDE) and not flags & _ARTICLE)


def _times(tree: LexborHTMLParser, page: Outline) -> Iterator[Clue]:
    for node in tree.css("time")[:MAX_NODES]:
        element = page.element_of(node)
        if element >= 0 and _is_beside(page, element):
            continue
        attributes = node.attributes
        names = (attributes.get(key) or "" for key in ("class", "itemprop", "pubdate"))
        details = {
            "text": node.text(separator=" ")[:MAX_TEXT],
            "name": " ".join(names)[:MAX_NAME] + (" pubdate" if "pubdate" in attributes else ""),
        }
        stated = (attributes.get("datetime") or "")[:MAX_TEXT]
        yield Clue("date_published", "page.time", stated, page.place_of(node), details)
