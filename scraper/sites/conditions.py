"""Translates the conditions of an XPath step, what stands in ``[]``, to those of CSS."""

import re
from typing import NamedTuple

from scraper.sites.tokens import Tokens, Unsupported

MAX_DEPTH = 20
"""Brackets within each other."""

PLAIN = re.compile(r"-?[A-Za-z_][A-Za-z0-9_-]*")
"""A name that needs no quotes in CSS."""

NO_PLACE = "asks for a place that CSS cannot name"
NOTHING = "can match nothing"
TEXT = "asks for text"
UP = "looks up or back from an element"
_INSIDE = "asks for what an element holds"
_LOOKING_UP = ("..", "parent", "ancestor", "ancestor-or-self", "preceding-sibling", "preceding")

_TAG = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_FUNCTIONS = {"contains": "*=", "starts-with": "^=", "ends-with": "$="}


class _Attribute(NamedTuple):
    """The value of an attribute; ``padded`` with a space at both ends."""

    name: str
    padded: bool


class Conditions(Tokens):
    """Reads conditions; each method returns what stands after the tag in a selector."""

    def tag(self) -> str:
        """Read what names an element; empty for all."""
        if self.peek() == "@":
            raise Unsupported("asks for an attribute")
        if self.peek() in (".", ".."):
            raise Unsupported(UP)
        if self.starts("*"):
            return ""
        name = self.take()
        if self.peek() == "(":
            raise Unsupported(TEXT)
        if not _TAG.fullmatch(name) or self.peek() == ":":
            self.fail()
        return name.lower()

    def number(self) -> str:
        """Read a condition on the place alone, as ``[1]`` or ``[position() > 1]``."""
        if self.kind() == "number":
            sign = "="
        elif self.starts("position", "(", ")"):
            sign = self.take()
        elif self.peek() == "last":
            raise Unsupported(NO_PLACE)
        else:
            return ""
        if self.kind() != "number" or not self.peek().isdecimal() or len(self.peek()) > 4:
            self.fail()
        number = int(self.take())
        forms = {
            "=": f"{number}",
            ">": f"n+{number + 1}",
            ">=": f"n+{number}",
            "<": f"-n+{number - 1}",
            "<=": f"-n+{number}",
        }
        if sign not in forms or self.peek() != "]":
            self.fail()
        if number == 0 and sign != ">":
            raise Unsupported(NOTHING)
        return forms[sign]

    def either(self) -> str:
        """Read a condition, with ``or`` and ``and`` in it."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.fail()
        found = [self._both()]
        while self.starts("or"):
            found.append(self._both())
        self.depth -= 1
        return found[0] if len(found) == 1 else f":is({', '.join(found)})"

    def _both(self) -> str:
        found = self._one()
        while self.starts("and"):
            found += self._one()
        return found

    def _one(self) -> str:
        if self.starts("("):
            found = self.either()
        elif self.starts("not", "("):
            found = f":not({self.either()})"
        elif self.starts("self", "::"):
            return f":is({self.tag() or '*'})"
        elif self.peek() in _FUNCTIONS and self.peek(1) == "(":
            return self._function()
        else:
            return self._comparison()
        self.expect(")")
        return found

    def _comparison(self) -> str:
        attribute = self._attribute()
        sign = self.peek()
        if sign not in ("=", "!="):
            if attribute.padded or sign not in ("]", ")", "and", "or"):
                self.fail()
            return f"[{attribute.name}]"
        self.take()
        value = self._string()
        same = _same(attribute.name, value.strip() if attribute.padded else value)
        return same if sign == "=" else f"[{attribute.name}]:not({same})"

    def _function(self) -> str:
        """Read ``contains`` and its like of an attribute and a text."""
        name = self.take()
        self.expect("(")
        attribute = self._attribute()
        self.expect(",")
        value = self._string()
        self.expect(")")
        if not value.strip():
            raise Unsupported("looks for nothing")
        if name == "contains" and attribute.padded:
            return _with_words(attribute.name, value)
        if attribute.padded:
            self.fail()
        return _test(attribute.name, _FUNCTIONS[name], value)

    def _attribute(self) -> _Attribute:
        if self.starts("@"):
            if self.kind() != "name" or not PLAIN.fullmatch(self.peek()) or self.peek(1) == ":":
                self.fail()
            return _Attribute(self.take().lower(), padded=False)
        if self.starts("normalize-space", "("):
            attribute = self._attribute()
            self.expect(")")
            return attribute
        if self.starts("concat", "("):
            return self._padded()
        if self.peek() in (".", "text", "string", "translate", "normalize-space"):
            raise Unsupported(_INSIDE if self.peek(1) in ("/", "//") else TEXT)
        if self.peek(1) == "(":
            raise Unsupported(f"{self.peek()}() is not supported")
        raise Unsupported(UP if self.peek() in _LOOKING_UP else _INSIDE)

    def _padded(self) -> _Attribute:
        """Read ``' ', @class, ' ')``."""
        if self._string() != " ":
            self.fail()
        self.expect(",")
        attribute = self._attribute()
        self.expect(",")
        if self._string() != " ":
            self.fail()
        self.expect(")")
        return attribute._replace(padded=True)

    def _string(self) -> str:
        if self.kind() != "string":
            self.fail()
        return self.take()[1:-1]


def _test(name: str, sign: str, value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'[{name}{sign}"{escaped}"]'


def _same(name: str, value: str) -> str:
    return f"#{value}" if name == "id" and PLAIN.fullmatch(value) else _test(name, "=", value)


def _with_words(name: str, value: str) -> str:
    """Return the test of a value padded with space for a text that may begin or end with it."""
    inner, opens, closes = value.strip(), value[0] == " ", value[-1] == " "
    if opens and closes and " " not in inner:
        return (
            f".{inner}" if name == "class" and PLAIN.fullmatch(inner) else _test(name, "~=", inner)
        )
    tests = [_test(name, "*=", value)]
    if opens:
        tests.append(_test(name, "^=", value[1:]))
    if closes:
        tests.append(_test(name, "$=", value[:-1]))
    if opens and closes:
        tests.append(_test(name, "=", inner))
    return tests[0] if len(tests) == 1 else f":is({', '.join(tests)})"
