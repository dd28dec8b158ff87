"""Doubts whether a page is an article: nothing found, a login form, an index of other pages."""

from collections.abc import Sequence

from selectolax.lexbor import LexborHTMLParser

from scraper.model import Block
from scraper.text import count_words

SHORT = 60
"""Words below which a text is too short to trust. Of wcxb/dev's articles 1 % are shorter."""

LOGIN = 150
"""Words below which a page with a password field is a login page, not an article with a login box."""


def asks_login(tree: LexborHTMLParser) -> bool:
    """Whether the page holds a password field; to be asked before forms are cut."""
    return tree.css_first("input[type=password]") is not None


def doubts(blocks: Sequence[Block], *, login: bool) -> tuple[str, ...]:
    """Return the warning codes that speak against an article; none for a plain one."""
    words = sum(count_words(block.text) for block in blocks)
    found = []
    if login and words < LOGIN:
        found.append("login_page")
    elif not words:
        found.append("no_content")
    elif words < SHORT:
        found.append("short_text")
    return tuple(found)
