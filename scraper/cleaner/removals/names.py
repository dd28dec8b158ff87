"""Marks boxes by what their class and id call them: newsletter-signup, related__list, c-paywall."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from selectolax.lexbor import LexborHTMLParser, LexborNode

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

MAX_NAME = 300
"""Characters of class and id that are read: beyond stand generated utility classes."""


def mark_names(tree: LexborHTMLParser, prose: Prose) -> Iterator[Mark]:
    """Yield a mark for each box whose class or id holds a rule's words.

    A name that also stands on prose or on what holds the headline says nothing on this page:
    some sites call every paragraph ``paywall``.
    """
    if tree.body is None:
        return
    marks: list[tuple[str, Mark]] = []
    empty_names: set[str] = set()
    for node in tree.body.css("[class], [id]"):
        found = _named(node) if node.tag in _BOXES else None
        if found is None:
            continue
        name, rule = found
        mark = prose.mark(node, rule)
        if mark:
            marks.append((name, mark))
        else:
            empty_names.add(name)
    yield from (mark for name, mark in marks if name not in empty_names)


def _named(node: LexborNode) -> tuple[str, Rule] | None:
    attributes = node.attributes
    identifier = "" if node.tag in _HEADINGS else (attributes.get("id") or "")[:MAX_NAME]
    return _rule_of((attributes.get("class") or "")[:MAX_NAME], identifier)


@lru_cache(maxsize=8192)
def _rule_of(classes: str, identifier: str) -> tuple[str, Rule] | None:
    """Return the first name that holds a rule's words, and the rule."""
    pattern, owners = _patterns()
    names = classes.split()
    if _spelled(identifier).count("-") <= MAX_ID_WORDS + 1:
        names.append(identifier)
    for name in names:
        match = pattern.search(_spelled(name))
        if match:
            return name, owners[match.group(1)]
    return None


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
