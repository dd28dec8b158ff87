"""Page to content: finds the article's blocks and cuts the rest, keeping what it cut on the side.

parse -> runs (the page's text in reading order) -> removal passes mark -> one place removes
      -> body (the article's blocks) -> verdict (is this an article at all?)
"""

from selectolax.lexbor import LexborHTMLParser

from scraper.cleaner.body import find_body
from scraper.cleaner.ledger import left_out, recorded, uncut
from scraper.cleaner.removals import mark, mark_blocks
from scraper.cleaner.runs import drop_invisible, segment
from scraper.cleaner.verdict import asks_login, doubts
from scraper.model import Content

__all__ = ["clean", "parse"]


def parse(html: str) -> LexborHTMLParser:
    """Parse a page as a browser would; never raises."""
    return LexborHTMLParser(html)


def clean(tree: LexborHTMLParser) -> Content:
    """Return the article's blocks and the ledger of what was cut; strips ``tree`` on the way."""
    drop_invisible(tree)
    outline = segment(tree)
    login = asks_login(tree)
    marks = mark(tree, outline)
    cut = recorded(outline, marks)
    remaining = uncut(outline, marks)
    for marked in marks:
        marked.node.decompose()
    found = find_body(tree.html or "")
    late = mark_blocks(found, remaining)
    blocks = tuple(block for place, block in enumerate(found) if place not in late)
    labels = {found[place].text: late_mark for place, late_mark in late.items()}
    removals = (*cut, *left_out(remaining, blocks, labels))
    return Content(
        blocks=blocks,
        removals=tuple(sorted(removals, key=lambda removal: removal.position or 0)),
        page_words=outline.words,
        warnings=doubts(blocks, remaining, login=login),
    )
