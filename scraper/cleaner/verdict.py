"""Doubts whether a page is an article: nothing found, a login form, an index of other pages."""

from collections.abc import Sequence

from selectolax.lexbor import LexborHTMLParser

from scraper.cleaner.removals import is_prose
from scraper.cleaner.runs import Run
from scraper.model import Block
from scraper.text import count_words

SHORT = 60
"""Words below which a text is too short to be sure of (a judgement, not measured)."""

LOGIN = 150
"""Words below which a page with a password field is a login page, not an article with a box."""

# An index: nearly no prose, and headlines that are links, or links all over. On wcxb/dev it holds
# for 1 of 711 articles and for 52 of 189 listings and collections.
INDEX_PROSE = 300
INDEX_HEADLINES = 4
WORDS_A_HEADLINE = 30
INDEX_LINK_SHARE = 0.6


def asks_login(tree: LexborHTMLParser) -> bool:
    """Whether the page holds a password field; to be asked before forms are cut."""
    return tree.css_first("input[type=password]") is not None


def doubts(blocks: Sequence[Block], remaining: Sequence[Run], *, login: bool) -> tuple[str, ...]:
    """Return the warning codes that speak against an article; none for a plain one.

    ``remaining`` are the page's runs after the removal passes.
    """
    words = sum(count_words(block.text) for block in blocks)
    prose = sum(run.words for run in remaining if is_prose(run))
    found = []
    if login and max(words, prose) < LOGIN:
        found.append("login_page")
    elif not words:
        found.append("no_content")
    elif prose < INDEX_PROSE and _is_index(remaining, prose):
        found.append("index_page")
    elif words < SHORT:
        found.append("short_text")
    return tuple(found)


def _is_index(runs: Sequence[Run], prose: int) -> bool:
    headlines = sum(_is_linked_headline(run) for run in runs)
    linked = sum(run.link_words for run in runs)
    many = headlines >= INDEX_HEADLINES and headlines * WORDS_A_HEADLINE > prose
    return many or linked > INDEX_LINK_SHARE * sum(run.words for run in runs)


def _is_linked_headline(run: Run) -> bool:
    in_heading = run.node.tag in ("h2", "h3", "h4")
    return in_heading and run.words >= 3 and run.link_words >= 0.8 * run.words
