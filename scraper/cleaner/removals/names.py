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

MAX_NAME = 300
"""Characters of class and id that are read: beyond stand generated utility classes."""


def mark_names(tree: LexborHTMLParser, prose: Prose) -> Iterator[Mark]:
    """Yield a mark for each box whose class or id holds a rule's words."""
    if tree.body is None:
        return
    for node in tree.body.css("[class], [id]"):
        if node.tag not in _BOXES:
            continue
        attributes = node.attributes
        identifier = "" if node.tag in _HEADINGS else (attributes.get("id") or "")[:MAX_NAME]
        rule = _rule_of((attributes.get("class") or "")[:MAX_NAME], identifier)
        mark = prose.mark(node, rule) if rule else None
        if mark:
            yield mark


@lru_cache(maxsize=8192)
def _rule_of(classes: str, identifier: str) -> Rule | None:
    """Return the first rule whose words stand in one of the names."""
    pattern, owners = _patterns()
    names = [_spelled(name) for name in classes.split()]
    spelled_id = _spelled(identifier)
    if spelled_id.count("-") <= MAX_ID_WORDS + 1:
        names.append(spelled_id)
    for name in names:
        match = pattern.search(name)
        if match:
            return owners[match.group(1)]
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
