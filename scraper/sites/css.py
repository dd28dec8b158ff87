"""Reads CSS selectors: that part of the language that one pass over a page can answer.

Tags, classes, ids, attributes, ``:is()``, ``:not()`` and the numbered places among siblings,
joined by space, ``>``, ``+`` and ``~``. What looks ahead (``:has``, ``:last-child``) or at anything
but the tree (``:hover``) is refused by name. Browsers' engines know more, but they may take time
that grows with a power of the page's depth, and sites are not to be trusted with that.
"""

import re
from typing import NamedTuple, NoReturn

MAX_DEPTH = 4
"""``:not()`` and ``:is()`` within each other."""

MAX_NUMBER = 10_000
"""Largest number in ``:nth-child()``."""

_SPACE = " \t\n\r\f"
_ESCAPE = r"\\[0-9a-fA-F]{1,6}[ \t\n]?|\\[^\n\r\f0-9a-fA-F]"
_NAME = re.compile(rf"-?-?(?:[^\W\d]|{_ESCAPE})(?:[\w-]|{_ESCAPE})*")
_STRING = re.compile(rf""""((?:[^"\\\n]|{_ESCAPE})*)"|'((?:[^'\\\n]|{_ESCAPE})*)'""")
_BARE = re.compile(r"[\w-]+")  # a value without quotes: looser than CSS, which asks for a name
_ESCAPED = re.compile(_ESCAPE)
_SIGN = re.compile(r"[~|^$*]?=")
_COMMA = re.compile(r"\s*,\s*")
_COMBINATOR = re.compile(r"\s*([>+~])\s*|\s+")
_GAP = re.compile(r"\s*")
_STEPS = re.compile(
    r"\s*(?:([+-]?\d*)n\s*(?:([+-])\s*(\d+))?|([+-]?\d+)|(odd|even))\s*", re.IGNORECASE
)


class Condition(NamedTuple):
    """A condition on an attribute: it is there (no sign), or its value is, holds, begins with."""

    name: str
    sign: str
    value: str
    folded: bool


class Place(NamedTuple):
    """A place among siblings: ``step`` * n + ``offset``, n from 0.

    ``of`` are the siblings that count: all (None), those of the same tag (empty), or those that
    one of the compounds matches.
    """

    step: int
    offset: int
    of: "tuple[Compound, ...] | None"

    def holds(self, number: int) -> bool:
        """Whether the ``number``-th sibling, from 1, has the place."""
        rest = number - self.offset
        return rest == 0 if self.step == 0 else rest % self.step == 0 and rest // self.step >= 0


class Compound(NamedTuple):
    """Conditions on one element; ``any_of`` are lists of which one each must match."""

    tag: str
    tests: tuple[Condition, ...]
    places: tuple[Place, ...]
    any_of: "tuple[tuple[Compound, ...], ...]"
    none_of: "tuple[Compound, ...]"


class Step(NamedTuple):
    """A compound and how it stands to the one before: `` ``, ``>``, ``+``, ``~``; first: empty."""

    combinator: str
    compound: Compound


Selector = tuple[tuple[Step, ...], ...]
"""Alternatives, each a chain from the outermost element to the one that is meant."""


def parse_selector(text: str) -> Selector:
    """Return the alternatives of a selector.

    Raises:
        ValueError: it is none, or asks for what is not supported; the message says where.

    >>> [len(chain) for chain in parse_selector("main > p.lead, #story p:not(.promo)")]
    [2, 2]
    """
    reader = _Reader(text.strip(_SPACE))
    chains = [reader.chain()]
    while reader.skip(_COMMA):
        chains.append(reader.chain())
    if reader.rest():
        reader.fail()
    return tuple(chains)


class _Reader:
    """The text and how far it is read."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.depth = 0

    def rest(self) -> str:
        return self.text[self.at :]

    def fail(self, reason: str = "") -> NoReturn:
        rest = self.rest()[:20]
        raise ValueError(reason or (f"cannot be read at {rest!r}" if rest else "ends too early"))

    def skip(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        match = pattern.match(self.text, self.at)
        if match:
            self.at = match.end()
        return match

    def starts(self, sign: str) -> bool:
        if not self.text.startswith(sign, self.at):
            return False
        self.at += len(sign)
        return True

    def expect(self, sign: str) -> None:
        if not self.starts(sign):
            self.fail()

    def name(self) -> str:
        match = self.skip(_NAME)
        return _unescaped(match.group(0)) if match else self.fail()

    def chain(self) -> tuple[Step, ...]:
        steps = [Step("", self.compound())]
        while self.at < len(self.text) and (joint := self.skip(_COMBINATOR)):
            if self.text.startswith(",", self.at):
                break
            steps.append(Step(joint.group(1) or " ", self.compound()))
        return tuple(steps)

    def compound(self) -> Compound:
        start = self.at
        tag = ""
        if not self.starts("*") and (match := self.skip(_NAME)):
            tag = _unescaped(match.group(0)).lower()
        parts = _Parts()
        while self.part(parts):
            pass
        if self.at == start:
            self.fail()
        return parts.under(tag)

    def part(self, parts: "_Parts") -> bool:
        """Read one condition, if one stands here."""
        if self.starts("."):
            parts.tests.append(Condition("class", "~=", self.name(), folded=False))
        elif self.starts("#"):
            parts.tests.append(Condition("id", "=", self.name(), folded=False))
        elif self.starts("["):
            parts.tests.append(self.attribute())
        elif self.starts(":"):
            self.pseudo(parts)
        else:
            return False
        return True

    def attribute(self) -> Condition:
        self.skip(_GAP)
        name = self.name().lower()
        self.skip(_GAP)
        if self.starts("]"):
            return Condition(name, "", "", folded=False)
        sign = self.skip(_SIGN)
        if not sign:
            self.fail()
        self.skip(_GAP)
        value = self.value()
        if not value and sign.group(0) != "=":
            self.fail(f"[{name}{sign.group(0)}] with nothing to look for")
        self.skip(_GAP)
        folded = self.starts("i") or self.starts("I")
        self.skip(_GAP)
        self.expect("]")
        return Condition(name, sign.group(0), value.lower() if folded else value, folded)

    def value(self) -> str:
        match = self.skip(_STRING)
        if match:
            return _unescaped(match.group(1) if match.group(1) is not None else match.group(2))
        bare = self.skip(_BARE)
        return bare.group(0) if bare else self.fail()

    def pseudo(self, parts: "_Parts") -> None:
        if self.starts(":"):
            self.fail("a part of an element is not supported")
        name = self.name().lower()
        if name in ("first-child", "first-of-type"):
            parts.places.append(Place(0, 1, None if name == "first-child" else ()))
        elif name in ("is", "where", "not"):
            inner = self.inner()
            if name == "not":
                parts.none_of.extend(inner)
            else:
                parts.any_of.append(inner)
        elif name in ("nth-child", "nth-of-type"):
            parts.places.append(self.place(typed=name == "nth-of-type"))
        else:
            self.fail(f":{name} is not supported")

    def inner(self) -> tuple[Compound, ...]:
        """Read the list in brackets; no combinators in it, so that one element decides."""
        self.expect("(")
        found = self.compounds()
        self.expect(")")
        return found

    def compounds(self) -> tuple[Compound, ...]:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.fail("too many brackets within each other")
        self.skip(_GAP)
        found = [self.compound()]
        while self.skip(_COMMA):
            found.append(self.compound())
        self.skip(_GAP)
        self.depth -= 1
        return tuple(found)

    def place(self, *, typed: bool) -> Place:
        self.expect("(")
        match = self.skip(_STEPS)
        if not match:
            self.fail()
        step, sign, offset, number, named = match.groups()
        if number is not None or named is not None:
            place = (0, int(number[:9])) if named is None else (2, int(named.lower() == "odd"))
        else:
            slope = int(f"{step}1") if step in ("", "+", "-") else int(step[:9])
            place = (slope, int(f"{sign or '+'}{(offset or '0')[:9]}"))
        if max(map(abs, place)) > MAX_NUMBER:
            self.fail(f"a number above {MAX_NUMBER}")
        counted: tuple[Compound, ...] | None = () if typed else None
        if not typed and self.starts("of "):
            counted = self.compounds()
            if any(map(_has_place, counted)):
                self.fail("a place within a place")
        self.expect(")")
        return Place(*place, counted)


class _Parts:
    """The conditions of a compound while they are read."""

    def __init__(self) -> None:
        self.tests: list[Condition] = []
        self.places: list[Place] = []
        self.any_of: list[tuple[Compound, ...]] = []
        self.none_of: list[Compound] = []

    def under(self, tag: str) -> Compound:
        return Compound(
            tag, tuple(self.tests), tuple(self.places), tuple(self.any_of), tuple(self.none_of)
        )


def _has_place(compound: Compound) -> bool:
    inner = [*compound.none_of, *(one for some in compound.any_of for one in some)]
    return bool(compound.places) or any(map(_has_place, inner))


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(_character, text) if "\\" in text else text


def _character(match: re.Match[str]) -> str:
    written = match.group(0)[1:]
    try:
        return chr(int(written, 16)) if written[0] in "0123456789abcdefABCDEF" else written
    except (ValueError, OverflowError):  # no such character
        return "\ufffd"
