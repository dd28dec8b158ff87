"""Marks what HTML itself names: navigation, page footer, dialogs, skip links, hidden parts."""

from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.cleaner.removals.mark import Mark
from scraper.cleaner.removals.prose import Prose
from scraper.cleaner.rules import Rule, load_rules
from scraper.text import one_line


def mark_landmarks(tree: LexborHTMLParser, prose: Prose) -> Iterator[Mark]:
    """Yield a mark for each node that a rule's CSS selector finds."""
    if tree.body is None:
        return
    elements = {identity: element for element, identity in enumerate(prose.page.ids)}
    for rule in load_rules():
        if not rule.select:
            continue
        for node in tree.body.css(rule.select):
            element = elements.get(node.mem_id)
            mark = _mark_inline(prose, elements, node, rule) if element is None else None
            mark = prose.mark(element, rule) if element is not None else mark
            if mark:
                yield mark


def _mark_inline(
    prose: Prose, elements: dict[int, int], node: LexborNode, rule: Rule
) -> Mark | None:
    """Return a mark for the block that an inline node fills, as a skip link does."""
    holder: LexborNode | None = node
    while holder is not None and holder.mem_id not in elements:
        holder = holder.parent
    text = one_line(node.text())
    if holder is None or not text:
        return None
    start, end = prose.span(elements[holder.mem_id])
    for block in range(start, end):
        if one_line(prose.page.texts[block]) == text:
            return Mark(block, block + 1, prose.page.owners[block], rule.kind, rule.id)
    return None
