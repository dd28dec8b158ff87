"""Loads the removal rules: data with a reason, a snippet each must hit and one it must leave alone."""

import tomllib
from functools import cache
from importlib import resources

import msgspec
from msgspec import Struct


class Rule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to cut and why.

    ``select`` is a CSS selector, ``names`` are words of class and id (``read-more`` means both in
    a row). A node is spared when it holds the headline, or more than ``max_prose`` words of prose,
    unless ``after_prose`` says that this kind of section may be long once the article stands
    before it. ``hit`` and ``miss`` are the rule's proof, run by the tests.
    """

    id: str
    reason: str
    hit: str
    miss: str
    select: str = ""
    names: tuple[str, ...] = ()
    max_prose: int = 0
    after_prose: bool = False

    @property
    def kind(self) -> str:
        """The part of the id before the dot."""
        return self.id.partition(".")[0]


class _RuleFile(Struct, forbid_unknown_fields=True):
    rule: tuple[Rule, ...]


@cache
def load_rules() -> tuple[Rule, ...]:
    """Return all rules, in the order of their files' names and within a file as written."""
    folder = resources.files("scraper") / "data" / "rules"
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)
    return tuple(
        rule
        for file in files
        for rule in msgspec.convert(tomllib.loads(file.read_text("utf-8")), _RuleFile).rule
    )
