"""Cuts a page into runs: stretches of visible text of one block-level element, in reading order."""

from collections.abc import Iterator
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.text import count_words, one_line

INVISIBLE = (
    "script, style, template, svg, canvas, object, embed, math, datalist, select, link, meta"
)
"""What holds no text for a reader; a select's options are choices, not text."""

_INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark picture"
    " q rp rt ruby s samp small span strike strong sub sup time tt u var wbr".split()
)
_PATH_DEPTH = 6
"""Levels of a removal's path: enough to find it again, short enough to read."""


class Run(NamedTuple):
    """Visible text of one block-level element.

    ``place`` is that of its first character among all nodes of the page in document order,
    ``position`` the number of words before it; ``link_words`` of its ``words`` are link text.
    """

    text: str
    node: LexborNode
    place: int
    position: int
    words: int
    link_words: int


class Outline(NamedTuple):
    """The page's runs in reading order, and the place of each node (by id) in document order."""

    runs: list[Run]
    places: dict[int, int]

    def span(self, node: LexborNode) -> tuple[int, int]:
        """Return the places that ``node`` and all within it take: from, up to but not with."""
        start = self.places[node.mem_id]
        step: LexborNode | None = node
        while step is not None:
            if step.next is not None and step.next.mem_id in self.places:
                return start, self.places[step.next.mem_id]
            step = step.parent
        return start, len(self.places)

    @property
    def words(self) -> int:
        """Number of words of the page."""
        return self.runs[-1].position + self.runs[-1].words if self.runs else 0


class _Open:
    """The run being collected."""

    __slots__ = ("link_words", "node", "parts", "place", "words")

    def __init__(self, node: LexborNode, place: int) -> None:
        self.node = node
        self.place = place
        self.parts: list[str] = []
        self.words = 0
        self.link_words = 0


def drop_invisible(tree: LexborHTMLParser) -> None:
    """Remove from ``tree`` what no reader sees: scripts, styles, drawings, form choices."""
    root = tree.body
    if root is None:
        return
    for node in root.css(INVISIBLE):
        node.decompose()


def segment(tree: LexborHTMLParser) -> Outline:
    """Return the page's outline; text split by an inner block makes two runs."""
    runs: list[Run] = []
    places: dict[int, int] = {}
    position = 0
    for found in _collect(tree.body, places) if tree.body is not None else ():
        text = one_line("".join(found.parts))
        if text:
            runs.append(Run(text, found.node, found.place, position, found.words, found.link_words))
            position += found.words
    return Outline(runs, places)


def _collect(body: LexborNode, places: dict[int, int]) -> Iterator[_Open]:
    """Yield a run whenever the block-level element around the text changes; fill ``places``."""
    block_of: dict[int, LexborNode] = {}
    linked: set[int] = set()
    current = _Open(body, 0)
    for place, node in enumerate(body.traverse(include_text=True)):
        places[node.mem_id] = place
        parent = node.parent
        if not node.is_text_node:
            _open_element(node, parent, block_of, linked)
            if node.tag == "br":
                current.parts.append(" ")
            continue
        block = block_of[parent.mem_id] if parent else body
        if block.mem_id != current.node.mem_id:
            yield current
            current = _Open(block, place)
        _add_text(current, node.text_content or "", linked=bool(parent and parent.mem_id in linked))
    yield current


def _open_element(
    node: LexborNode,
    parent: LexborNode | None,
    block_of: dict[int, LexborNode],
    linked: set[int],
) -> None:
    above = parent.mem_id if parent else 0
    inline = node.tag in _INLINE and above in block_of
    block_of[node.mem_id] = block_of[above] if inline else node
    if node.tag == "a" or above in linked:
        linked.add(node.mem_id)


def _add_text(run: _Open, text: str, *, linked: bool) -> None:
    words = count_words(text)
    run.parts.append(text)
    run.words += words
    run.link_words += words if linked else 0


def path_of(node: LexborNode) -> str:
    """Return the last levels of the way to ``node``, as ``main > div#story > aside.newsletter``."""
    levels: list[str] = []
    step: LexborNode | None = node
    while step is not None and step.tag not in ("html", "-undef") and len(levels) < _PATH_DEPTH:
        levels.append(_level(step))
        step = step.parent
    return one_line(" > ".join(reversed(levels)))


def _level(node: LexborNode) -> str:
    attributes = node.attributes
    names = one_line(attributes.get("class") or "").split()
    if names:
        return f"{node.tag}.{names[0]}"[:80]
    identifier = one_line(attributes.get("id") or "")
    return f"{node.tag}#{identifier}"[:80] if identifier else str(node.tag)
