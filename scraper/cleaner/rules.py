"""Loads the removal rules: data with a reason, a snippet that each must hit and one to leave."""

import tomllib
from functools import cache
from importlib import resources

import msgspec
from msgspec import Struct


class Rule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to cut and why.

    ``select`` is a CSS selector, ``names`` are words of class and id (``read-more`` means both in
    a row), ``phrases`` names a lexicon of what blocks say and ``weight`` what being heard is worth,
    ``columns`` looks at the cells of layout tables. A node is spared when it holds the headline,
    when less than the share ``min_links`` of its words are links, or when it holds more than
    ``max_prose`` words of prose, unless ``after_prose`` says that this kind of section may be long
    once the article stands before it. ``wide``: the box holds things of several kinds, and what is
    in it has a better name.
    ``hit`` and ``miss`` are the rule's proof, run by the tests.
    """

    id: str
    reason: str
    hit: str
    miss: str
    select: str = ""
    names: tuple[str, ...] = ()
    phrases: str = ""
    weight: float = 0.0
    columns: bool = False
    max_prose: int = 0
    min_links: float = 0.0
    after_prose: bool = False
    wide: bool = False

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


@cache
def load_lexicon(name: str) -> tuple[str, ...]:
    """Return the phrases of all languages' lexicons of that name, case-folded, each once."""
    languages = resources.files("scraper") / "data" / "lexicons"
    files = (language / f"{name}.txt" for language in languages.iterdir())
    lines = (
        line for file in files if file.is_file() for line in file.read_text("utf-8").split("\n")
    )
    return tuple(sorted({line.strip().casefold() for line in lines} - {""}))
