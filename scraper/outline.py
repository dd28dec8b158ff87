"""Cuts a page into blocks: stretches of visible text of one block-level element, in reading order.

One traversal of the tree gives two tables side by side: the block-level elements in document
order, and the blocks of text that they own. Everything after works on these tables; the tree is
read, never changed.
"""

import re
from itertools import accumulate, compress

from selectolax.lexbor import LexborHTMLParser, LexborNode

INVISIBLE = frozenset(
    "audio canvas datalist embed head iframe link map math meta object script select style svg"
    " template title video".split()
)
"""What holds no text of an article: what is not shown, what plays, what is chosen from."""

INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark picture"
    " q rb rp rt ruby s samp small span strike strong sub sup time tt u var wbr".split()
)

VERBATIM = frozenset(("pre", "listing", "xmp"))
"""Elements whose line breaks and indents count."""

MAX_NAME = 300
"""Characters of class and of id that are read: beyond stand generated utility classes."""

LONG_LINE = 60
"""Characters from which a line that ends in one ``<br>`` is a paragraph of its own; shorter ones
are lines of an address or a poem. Both old news pages and hand-made pages break prose so."""

MAX_BLOCKS = 25_000
"""Blocks that are read; of 3,460 real pages the largest has 6,231."""

_BREAK = "\x00"  # stands for <br> while text is collected: the parser lets no NUL into text
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


FLAGGED = (
    "article main aside nav header footer figure table form ul ol blockquote section noscript dl"
    " fieldset details button center"
).split()
"""Tags of which each element knows whether it stands in one."""

HIDDEN = 1 << len(FLAGGED)
IN_VERBATIM = HIDDEN << 1
_FLAGS = {tag: 1 << number for number, tag in enumerate(FLAGGED)}
_FLAGS.update(dict.fromkeys(VERBATIM, IN_VERBATIM))


class Outline:
    """The page's block-level elements and its blocks of text.

    Elements, in document order, 0 is ``body``: ``tags``, ``parents`` (index, -1 for the body),
    ``depths``, ``ids`` (the node's ``mem_id``), ``names`` (class, id after ``#``, role after
    ``role-``, itemprop after ``prop-``), ``flags`` (bits: in one of ``FLAGGED``, ``HIDDEN``,
    ``IN_VERBATIM``), ``firsts`` (how many blocks begin before the element does).
    Blocks, in reading order: ``texts``, ``owners`` (element index), ``links`` (characters of link
    text), ``breaks`` (1: a line break parts it from the block before, 0: an element does),
    ``inline_tags`` and ``inline_names`` (of the inline element around its first text, or empty).
    No node is held but ``body``: thousands of them would keep the garbage collector busy;
    ``states`` tells by a node's ``mem_id`` where it stands. Of more than ``MAX_BLOCKS`` blocks the
    longest are there, with their elements; then ``is_thinned``.
    """

    def __init__(self, body: LexborNode | None = None) -> None:
        self.body = body
        self.tags: list[str] = []
        self.parents: list[int] = []
        self.depths: list[int] = []
        self.names: list[str] = []
        self.flags: list[int] = []
        self.ids: list[int] = []
        self.firsts: list[int] = []
        self.texts: list[str] = []
        self.owners: list[int] = []
        self.links: list[int] = []
        self.breaks: list[int] = []
        self.inline_tags: list[str] = []
        self.inline_names: list[str] = []
        self.states: dict[int, int] = {}
        self.is_thinned = False
        self._ends: list[int] | None = None
        self._lasts: list[int] | None = None

    def element_of(self, node: LexborNode) -> int:
        """Return the block-level element that a node is or stands in; -1 where it is not shown."""
        return self.states.get(node.mem_id, -1) >> 1

    def place_of(self, node: LexborNode) -> int:
        """Return the block that a node's element begins with; -1 where it is not shown."""
        element = self.states.get(node.mem_id, -1) >> 1
        return self.firsts[element] if element >= 0 else -1

    def is_hidden(self, element: int) -> bool:
        """Whether the element or one above it is marked as not shown."""
        return bool(self.flags[element] & HIDDEN)

    def is_verbatim(self, element: int) -> bool:
        """Whether line breaks and indents count in the element."""
        return bool(self.flags[element] & IN_VERBATIM)

    def ends(self) -> list[int]:
        """Return for each element the index after its last descendant; the page must be read."""
        if self._ends is None:
            sizes = [1] * len(self.tags)
            parents = self.parents
            for index in range(len(sizes) - 1, 0, -1):
                sizes[parents[index]] += sizes[index]
            self._ends = [index + size for index, size in enumerate(sizes)]
        return self._ends

    def blocks_in(self, element: int) -> range:
        """Return the indices of the blocks in an element; the page must be read.

        Text that follows an element belongs to what is around it, though no other element begins.
        """
        if self._lasts is None:
            lasts = self.firsts.copy()
            for index, owner in enumerate(self.owners):
                lasts[owner] = index + 1
            for child in range(len(lasts) - 1, 0, -1):
                above = self.parents[child]
                lasts[above] = max(lasts[above], lasts[child])
            self._lasts = lasts
        return range(self.firsts[element], self._lasts[element])

    def add_block(
        self, parts: list[str], owner: int, linked: int, broken: int, inline: LexborNode | None
    ) -> None:
        """Append the text ``parts`` of one element as a block, unless they hold only space."""
        raw = parts[0] if len(parts) == 1 else "".join(parts)
        if self.flags[owner] & IN_VERBATIM:
            text = raw.replace(_BREAK, "\n").strip("\n")
            if text.isspace():
                return
        else:
            text = _squeezed(raw)
        if text:
            self.texts.append(text)
            self.owners.append(owner)
            self.links.append(min(linked, len(text)))
            self.breaks.append(broken)
            tag = inline.tag if inline is not None else None
            if tag in INLINE and inline is not None:
                self.inline_tags.append(tag)
                attributes = inline.attributes
                self.inline_names.append(_name(attributes) if attributes else "")
            else:
                self.inline_tags.append("")
                self.inline_names.append("")


def outline(tree: LexborHTMLParser) -> Outline:  # noqa: C901, PLR0912, PLR0915
    """Return the page's outline. Linear in the page.

    One function with local names because its loop runs for each node of a page: as methods of a
    reader it took 1.5 times as long.
    """
    body = tree.body
    page = Outline(body)
    if body is None:
        return page
    tags, parents, depths, flags = page.tags, page.parents, page.depths, page.flags
    names, ids, firsts, texts = page.names, page.ids, page.firsts, page.texts
    add_block = page.add_block
    # By node: twice the index of the block-level element around it, plus one inside a link.
    states = page.states
    owner = linked = broken = breaks = length = 0
    inline: LexborNode | None = None
    parts: list[str] = []
    for node in body.traverse(include_text=True):
        tag = node.tag
        if tag == "-text":
            text = node.text_content
            if not text or (text.isspace() and not flags[owner] & IN_VERBATIM):
                if parts:
                    parts.append(" ")
                continue
            parent = node.parent
            state = states.get(parent.mem_id, -1) if parent is not None else -1
            if state < 0:
                continue
            if state >> 1 != owner:
                if parts:
                    add_block(parts, owner, linked, broken, inline)
                    parts, linked = [], 0
                owner, broken = state >> 1, 0
            if not parts:
                inline, length = parent, 0
            breaks = 0
            parts.append(text)
            length += len(text)
            if state & 1:
                linked += len(text)
            continue
        if tag in INVISIBLE or tag is None or tag[0] in "-!":
            continue
        parent = node.parent
        state = states.get(parent.mem_id, -1) if parent is not None else -1
        if state < 0 and ids:
            continue
        if tag in INLINE:
            states[node.mem_id] = state | 1 if tag == "a" else state
        elif tag == "br":
            breaks += 1
            if not parts or state >> 1 != owner:
                continue
            if flags[owner] & IN_VERBATIM or (breaks < 2 and length < LONG_LINE):
                parts.append(_BREAK)
                length = 0
            else:
                add_block(parts, owner, linked, broken, inline)
                parts, linked, broken = [], 0, 1
        else:
            if parts:
                add_block(parts, owner, linked, broken, inline)
                parts, linked = [], 0
            broken = breaks = 0
            owner = len(tags)
            above = state >> 1  # -1 for the body
            attributes = node.attributes
            flag = _FLAGS.get(tag, 0)
            if attributes:
                names.append(_name(attributes))
                if above >= 0 and _is_hidden(attributes):  # a hidden body is shown by a script
                    flag |= HIDDEN
            else:
                names.append("")
            tags.append(tag)
            ids.append(node.mem_id)
            parents.append(above)
            firsts.append(len(texts))
            depths.append(depths[above] + 1 if above >= 0 else 0)
            flags.append(flag | flags[above] if above >= 0 else flag)
            states[ids[-1]] = 2 * owner + (state & 1 if above >= 0 else 0)
    if parts:
        add_block(parts, owner, linked, broken, inline)
    if len(texts) > MAX_BLOCKS:
        _thin(page)
    return page


def _thin(page: Outline) -> None:
    """Leave the longest blocks and the elements that hold them: paragraphs, not cells by the ton.

    What stands in an element that goes stands in the one around it.
    """
    count = len(page.texts)
    longest = sorted(range(count), key=lambda index: -len(page.texts[index]))[:MAX_BLOCKS]
    kept = bytearray(count)
    holds = bytearray(len(page.tags))
    holds[0] = 1
    for index in longest:
        kept[index] = 1
        element = page.owners[index]
        while element > 0 and not holds[element]:
            holds[element] = 1
            element = page.parents[element]
    numbers = list(accumulate(holds))  # of each element that stays, from 1
    places: list[int] = []  # of each element, or of the one around it
    for element, parent in enumerate(page.parents):
        places.append(numbers[element] - 1 if holds[element] else places[parent])
    before = [0, *accumulate(kept)]
    page.owners = [places[owner] for owner in compress(page.owners, kept)]
    for name in ("texts", "links", "breaks", "inline_tags", "inline_names"):
        setattr(page, name, list(compress(getattr(page, name), kept)))
    page.firsts = [before[first] for first in compress(page.firsts, holds)]
    page.parents = [places[above] if above >= 0 else -1 for above in compress(page.parents, holds)]
    for name in ("tags", "depths", "names", "flags", "ids"):
        setattr(page, name, list(compress(getattr(page, name), holds)))
    page.states = {
        node: places[state >> 1] << 1 | state & 1 if state >= 0 else state
        for node, state in page.states.items()
    }
    page.is_thinned = True


def _squeezed(raw: str) -> str:
    """Return the text with each run of space one space, and a newline for each line break."""
    if _BREAK not in raw:
        return " ".join(raw.split())
    lines = (" ".join(line.split()) for line in raw.split(_BREAK))
    return "\n".join(line for line in lines if line)


def _name(attributes: dict[str, str | None]) -> str:
    """Return class, ``#`` id, ``role-`` role and ``prop-`` itemprop in one text, each cut short."""
    name = (attributes.get("class") or "")[:MAX_NAME]
    if "id" in attributes:
        name += " #" + (attributes["id"] or "")[:MAX_NAME]
    if "role" in attributes:
        name += " role-" + (attributes["role"] or "")[:MAX_NAME]
    if "itemprop" in attributes:
        name += " prop-" + (attributes["itemprop"] or "")[:MAX_NAME]
    return name


def _is_hidden(attributes: dict[str, str | None]) -> bool:
    style = attributes.get("style")
    return (
        "hidden" in attributes
        or attributes.get("aria-hidden") == "true"
        or (style is not None and _HIDDEN_STYLE.search(style) is not None)
    )
