"""The words of an XPath expression, read one after the other."""

import re
from typing import NamedTuple, NoReturn

_TOKEN = re.compile(
    r"""\s*(?:(?P<string>"[^"]*"|'[^']*')|(?P<number>\d+(?:\.\d+)?)|(?P<name>[^\W\d][\w-]*)"""
    r"""|(?P<sign>//|::|!=|<=|>=|\.\.|[/\[\]()@,|*=<>.:+-]))"""
)


class Unsupported(ValueError):  # noqa: N818 - a fact about an expression, hardly an error
    """The expression has no counterpart in CSS; the message says why."""


class Token(NamedTuple):
    """A string with its quotes, a number, a name or a sign."""

    kind: str
    text: str


class Tokens:
    """The tokens of an expression and how far they are read."""

    def __init__(self, xpath: str) -> None:
        self.tokens: list[Token] = []
        at, xpath = 0, xpath.strip()
        while at < len(xpath):
            match = _TOKEN.match(xpath, at)
            if not match or match.lastgroup is None:
                raise Unsupported("is no XPath")
            self.tokens.append(Token(match.lastgroup, match[match.lastgroup]))
            at = match.end()
        self.at = 0
        self.depth = 0

    def peek(self, ahead: int = 0) -> str:
        """Return the text of a token to come; a string with its quotes."""
        place = self.at + ahead
        return self.tokens[place].text if place < len(self.tokens) else ""

    def kind(self) -> str:
        """Return what the next token is; empty at the end."""
        return self.tokens[self.at].kind if self.at < len(self.tokens) else ""

    def take(self) -> str:
        """Return the next token's text and go on."""
        text = self.peek()
        self.at += 1
        return text

    def starts(self, *texts: str) -> bool:
        """Whether these tokens come next; if so, go on after them."""
        if any(self.peek(ahead) != text for ahead, text in enumerate(texts)):
            return False
        self.at += len(texts)
        return True

    def expect(self, text: str) -> None:
        """Go on after a token that must come next."""
        if not self.starts(text):
            self.fail()

    def fail(self) -> NoReturn:
        """Refuse the expression."""
        raise Unsupported("is no XPath that is understood")
