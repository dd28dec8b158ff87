"""Marks what HTML itself names: navigation, page footer, dialogs, skip links, hidden parts."""

from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.cleaner.removals.mark import Mark
from scraper.cleaner.removals.prose import Prose
from scraper.cleaner.rules import Rule, load_rules
from scraper.text import one_line

MAX_INLINE = 8
"""Inline elements around a node up to which it may be all of a block."""


def mark_landmarks(tree: LexborHTMLParser, prose: Prose) -> Iterator[Mark]:
    """Yield a mark for each node that a rule's CSS selector finds."""
    if tree.body is None:
        return
    page = prose.page
    filled = {
        (owner, one_line(text)): block
        for block, (owner, text) in enumerate(zip(page.owners, page.texts, strict=True))
    }
    elements = {identity: element for element, identity in enumerate(page.ids)}
    for rule in load_rules():
        if not rule.select:
            continue
        for node in tree.body.css(rule.select):
            element = elements.get(node.mem_id)
            mark = _mark_inline(elements, filled, node, rule) if element is None else None
            mark = prose.mark(element, rule) if element is not None else mark
            if mark:
                yield mark


def _mark_inline(
    elements: dict[int, int], filled: dict[tuple[int, str], int], node: LexborNode, rule: Rule
) -> Mark | None:
    """Return a mark for the block that an inline node fills, as a skip link does.

    ``elements`` gives the element of a node, ``filled`` the block of an element with that text.
    """
    holder: LexborNode | None = node
    for _ in range(MAX_INLINE):
        if holder is None or holder.mem_id in elements:
            break
        holder = holder.parent
    owner = elements.get(holder.mem_id) if holder is not None else None
    block = filled.get((owner, one_line(node.text()))) if owner is not None else None
    if owner is None or block is None:
        return None
    return Mark(block, block + 1, owner, rule.kind, rule.id, rule.wide)
