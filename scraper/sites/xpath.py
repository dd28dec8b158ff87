"""Translates XPath expressions to CSS selectors, as far as these can say the same.

People write rules for sites as paths of tags with conditions on attributes: these translate. What
CSS has no words for is refused with the reason: text, parents, a place in the whole page, what an
element holds. Nothing is translated to something that only resembles it.
"""

import re

from scraper.sites.conditions import NO_PLACE, NOTHING, UP, Conditions
from scraper.sites.css import parse_selector
from scraper.sites.tokens import Unsupported

__all__ = ["Unsupported", "alternatives", "to_css"]

MAX_LENGTH = 2_000
"""Characters of an expression."""

_UNION = re.compile(r"""[^|"'\[\]()]+|"[^"]*"|'[^']*'|.""", re.DOTALL)
_WHOLE = "asks for a place in the whole page"


def alternatives(xpath: str) -> list[str]:
    """Split a union at its ``|``.

    >>> alternatives("//div[@id='a|b'] | //p")
    ["//div[@id='a|b']", '//p']
    """
    parts, depth = [""], 0
    for piece in _UNION.findall(xpath[:MAX_LENGTH]):
        depth += (piece in "[(") - (piece in "])")
        if piece == "|" and depth == 0:
            parts.append("")
        else:
            parts[-1] += piece
    return [part.strip() for part in parts]


def to_css(xpath: str) -> str:
    """Return a selector of the same elements.

    Raises:
        Unsupported: there is none, or the expression cannot be read.

    >>> to_css("//div[contains(concat(' ',normalize-space(@class),' '),' story ')]/p[@id='a']")
    'div.story > p#a'
    >>> to_css("//li[not(@class)][1]")
    'li:not([class]):nth-child(1 of li:not([class]))'
    """
    if len(xpath) > MAX_LENGTH:
        raise Unsupported("is too long")
    selector = ", ".join(_Reader(part).path() for part in alternatives(xpath))
    try:
        parse_selector(selector)
    except ValueError as error:
        raise Unsupported(str(error)) from None
    return selector


class _Element:
    """The selector of one step while it is read."""

    def __init__(self, combinator: str, tag: str) -> None:
        self.combinator = combinator
        self.tag = tag
        self.conditions = ""
        self.is_placed = False

    def __str__(self) -> str:
        return (self.tag + self.conditions) or "*"

    def be(self, tag: str) -> None:
        if tag and self.tag not in ("", tag):
            raise Unsupported(NOTHING)
        self.tag = tag or self.tag

    def place(self, number: str, axis: str) -> None:
        """Ask for a place among the siblings that match so far."""
        if axis == "following-sibling" and number == "1" and str(self) == "*":
            self.combinator = "+"
        elif axis != "child" or self.is_placed:
            raise Unsupported(NO_PLACE)
        elif self.conditions:
            self.conditions += f":nth-child({number} of {self})"
        else:
            self.conditions = f":nth-of-type({number})" if self.tag else f":nth-child({number})"
        self.is_placed = True


class _Reader(Conditions):
    """Reads one path."""

    def path(self) -> str:
        if self.peek() == "(":
            raise Unsupported(_WHOLE)
        self.starts(".")
        steps = [self.first()]
        while self.at < len(self.tokens):
            slash = self.take()
            if slash not in ("/", "//"):
                self.fail()
            self.step(slash, steps)
        joints = {"": "", " ": " ", ">": " > ", "+": " + ", "~": " ~ "}
        return "".join(joints[step.combinator] + str(step) for step in steps)

    def first(self) -> _Element:
        slash = self.take()
        if slash not in ("/", "//"):
            raise Unsupported("does not begin with //")
        steps: list[_Element] = []
        self.step(slash, steps)
        if slash == "/" and steps[0].tag != "html":
            raise Unsupported(NOTHING)
        return steps[0]

    def step(self, slash: str, steps: list[_Element]) -> None:
        """Read a step; it is appended, or is a condition on the element before."""
        axis = "child"
        if self.peek(1) == "::":
            axis = self.take()
            self.take()
        if axis == "self" and steps and slash == "/":
            steps[-1].be(self.tag())
            self.conditions(steps[-1], "self")
            return
        combinator = {"child": ">", "descendant": " ", "following-sibling": "~"}.get(axis, "")
        if not combinator or (axis == "following-sibling" and (not steps or slash == "//")):
            raise Unsupported(UP)
        if slash == "//":
            combinator = " "
        steps.append(_Element(combinator if steps else "", self.tag()))
        self.conditions(steps[-1], axis)

    def conditions(self, element: _Element, axis: str) -> None:
        while self.starts("["):
            number = self.number()
            if number:
                element.place(number, axis)
            else:
                element.conditions += self.either()
            self.expect("]")
