"""Counts what speaks for cutting a block that promotes; the weights are data/votes.toml."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import NamedTuple

import msgspec
from msgspec import Struct

from scraper.cleaner.lexicon import Heard
from scraper.cleaner.removals.said import Said, Scene
from scraper.cleaner.rules import Rule, load_rules

STRONG = 0.7
"""Weight of a kind from which its phrases are hardly ever an article's own."""

LONG, SHORT = 25, 12
"""Words above which a block is long, up to which it is short."""

LINKED = 0.5
DOUBTED = 0.8

AGAIN = 4
"""Blocks of a page with the same words, figures aside, from which they are a list's labels."""


_SHAPE = re.compile(r"[\W\d_]+")


class Vote(Struct, frozen=True, forbid_unknown_fields=True):
    """What one observation adds, and why."""

    weight: float
    reason: str


class Votes(Struct, frozen=True, forbid_unknown_fields=True):
    """The sum that a removal needs, and the votes by name."""

    needed: float
    vote: dict[str, Vote]


class Ballot(NamedTuple):
    """A block's place, the rule of the kind heard in it, the votes and the sum of all."""

    place: int
    rule: Rule
    votes: tuple[str, ...]
    weight: float


def ballots(scene: Scene) -> Iterator[Ballot]:
    """Yield a ballot for each kept block in which a phrase is heard, notes and code aside."""
    votes, rules = load_votes().vote, phrase_rules()
    body, again = scene.body, _again(scene)
    for place, said in enumerate(scene.said):
        heard = said.heard
        if heard is None or not said.kept or said.is_note or said.form == "code":
            continue
        cast = [
            *_of_text(said, heard),
            *_of_place(scene, place, body),
            *(("topic",) if heard.kind in scene.topics else ()),
            *(("again",) if again[_shape(said)] >= AGAIN else ()),
        ]
        rule = rules[heard.kind]
        yield Ballot(place, rule, tuple(cast), rule.weight + sum(votes[v].weight for v in cast))


def _of_text(said: Said, heard: Heard) -> Iterator[str]:
    """Yield the votes that the block by itself casts."""
    if heard.whole:
        yield "whole" if said.words > 1 else "word"
    elif heard.label:
        yield "label"
    if said.linked > 0:
        yield "links" if said.linked >= LINKED else "link"
    if said.words <= SHORT:
        yield "short"
    elif said.words > LONG:
        yield "long"
    if said.form in ("cell", "quote", "item"):
        yield said.form
    for name, is_so in (
        ("named", said.named),
        ("apart", said.apart),
        ("host", said.recurs),
        ("doubted", said.likely is not None and said.likely < DOUBTED),
    ):
        if is_so:
            yield name


def _of_place(scene: Scene, place: int, body: range) -> Iterator[str]:
    """Yield the votes that where it stands casts."""
    if place not in body:
        yield "place"
    beside = [scene.said[n] for n in (place - 1, place + 1) if 0 <= n < len(scene.said)]
    if any(_agrees(said, scene.said[place]) for said in beside):
        yield "run"
    elif not all(said.kept for said in beside):
        yield "edge"


def _agrees(beside: Said, said: Said) -> bool:
    """Whether a neighbour promotes something else, or the like and was left out.

    Advice on subscriptions in several paragraphs is of one kind, and all of it is kept.
    """
    if beside.heard is None or said.heard is None or not promotes(beside):
        return False
    kind = beside.heard.kind
    return kind != "related" and (kind != said.heard.kind or not beside.kept)


def promotes(said: Said) -> bool:
    """Whether a phrase is heard that is hardly ever an article's own."""
    if said.heard is None or said.is_note:
        return False
    return phrase_rules()[said.heard.kind].weight >= STRONG


def _again(scene: Scene) -> Counter[str]:
    """Count by what they say, figures aside, the kept blocks in which something is heard."""
    return Counter(_shape(said) for said in scene.said if said.kept and said.heard is not None)


def _shape(said: Said) -> str:
    return _SHAPE.sub("", said.text.casefold())


@cache
def load_votes() -> Votes:
    """Return the weights of the votes."""
    text = (resources.files("scraper") / "data" / "votes.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), Votes)


@cache
def phrase_rules() -> dict[str, Rule]:
    """Return the rules of what blocks say, by kind."""
    return {rule.kind: rule for rule in load_rules() if rule.phrases}
