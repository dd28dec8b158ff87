"""Marks boxes by what their class and id call them: newsletter-signup, related__list, c-paywall."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from selectolax.lexbor import LexborHTMLParser

from scraper.cleaner.removals.mark import Mark
from scraper.cleaner.removals.prose import Prose
from scraper.cleaner.rules import Rule, load_rules

_BOXES = frozenset(
    "div section aside ul ol li p form table tr td figure header footer span a button nav dl"
    " h2 h3 h4 h5 h6 article".split()
)
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_HEADINGS = ("h2", "h3", "h4", "h5", "h6")
MAX_ID_WORDS = 4
"""Words of an id; a longer one, and any of a heading, is made of the text that it stands above."""


def mark_names(_tree: LexborHTMLParser | None, prose: Prose) -> Iterator[Mark]:
    """Yield a mark for each box whose class or id holds a rule's words.

    A name that also stands on prose or on what holds the headline says nothing on this page:
    some sites call every paragraph ``paywall``.
    """
    page = prose.page
    marks: list[tuple[str, Mark]] = []
    empty_names: set[str] = set()
    for element, (tag, name) in enumerate(zip(page.tags, page.names, strict=True)):
        found = _rule_of(name, tag in _HEADINGS) if name and tag in _BOXES else None
        if found is None:
            continue
        word, rule = found
        mark = prose.mark(element, rule)
        if mark:
            marks.append((word, mark))
        else:
            empty_names.add(word)
    yield from (mark for word, mark in marks if word not in empty_names)


@lru_cache(maxsize=8192)
def _rule_of(names: str, headed: bool) -> tuple[str, Rule] | None:
    """Return the first name that holds a rule's words, and the rule; not the id of a heading.

    ``promo promo--newsletter`` is a newsletter's: a name that says more than ``promo`` comes first.
    """
    pattern, owners = _patterns()
    vague = None
    for name in names.split():
        is_id = name.startswith("#")
        if name.startswith(("role-", "prop-")) or (is_id and headed):
            continue
        spelled = _spelled(name)
        if is_id and spelled.count("-") > MAX_ID_WORDS + 1:
            continue
        for match in pattern.finditer(spelled):
            rule = owners[match.group(1)]
            if not rule.wide:
                return name, rule
            vague = vague or (name, rule)
    return vague


def _spelled(name: str) -> str:
    """Split a name into lower-case words: ``newsletterBox-2`` gives ``-newsletter-box-``."""
    return "-" + "-".join(_WORD.findall(name)).lower() + "-"


@cache
def _patterns() -> tuple[re.Pattern[str], dict[str, Rule]]:
    owners: dict[str, Rule] = {}
    for rule in load_rules():
        for name in rule.names:
            owners.setdefault(name, rule)
    longest_first = sorted(owners, key=lambda name: (-len(name), name))
    return re.compile("-(" + "|".join(map(re.escape, longest_first)) + ")(?=-)"), owners
