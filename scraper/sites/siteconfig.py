"""Converts the site-config files of full-text readers: DOMAIN.txt with XPath expressions.

Of such a file are taken where the article stands (``body``) and what to cut (``strip``,
``strip_id_or_class``). All else is left: how to log in, which headers to send, which other page to
fetch, text to replace in the page's source.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from scraper.errors import UsageError
from scraper.sites import MAX_LIST, MAX_SELECTOR, SiteRule, domain_of
from scraper.sites.conditions import PLAIN
from scraper.sites.css import parse_selector
from scraper.sites.xpath import MAX_LENGTH, Unsupported, alternatives, to_css
from scraper.text import one_line, without_unsafe

ENDING = ".txt"
MAX_FILE = 2**20
"""Bytes of a file: the longest that are in use have 20 kB."""

MADE_BY = "site config "
"""How the origin of a converted rule begins."""

_LINE = re.compile(r"\r\n|\r|\n")
_TAKEN = ("body", "strip", "strip_id_or_class")


class Left(NamedTuple):
    """A line that was not taken, or a part of it, and why."""

    line: int
    text: str
    reason: str


class Converted(NamedTuple):
    """What became of a file: its rule, None where nothing of it was taken."""

    domain: str
    rule: SiteRule | None
    left: tuple[Left, ...]
    is_wild: bool
    """The file is for the hosts below the domain; the domain's own file goes first."""

    @property
    def taken(self) -> int:
        """How many selectors were made of the file."""
        return len(self.rule.body) + len(self.rule.strip) if self.rule else 0


def find_files(paths: Iterable[str]) -> Iterator[Path]:
    """Yield the files that ``paths`` name: themselves, and the ``.txt`` of a folder, in order.

    Raises:
        UsageError: a path does not exist, or a folder cannot be read.
    """
    for path in map(Path, paths):
        try:
            if not path.is_dir():
                if not path.exists():
                    raise UsageError(f"{path}: no such file or folder")
                yield path
                continue
            names = sorted(entry.name for entry in path.iterdir())
        except (OSError, ValueError) as error:
            raise UsageError(f"{path}: {getattr(error, 'strerror', None) or error}") from None
        yield from (path / name for name in names if name.endswith(ENDING))


def read_file(path: Path) -> bytes:
    """Return what is in a file.

    Raises:
        ValueError: it cannot be read, or is too large; the message says why.
    """
    try:
        if not path.is_file():  # a pipe would be waited for
            raise ValueError("not a file")
        with path.open("rb") as file:
            data = file.read(MAX_FILE + 1)
    except OSError as error:
        raise ValueError(error.strerror or str(error)) from None
    if len(data) > MAX_FILE:
        raise ValueError(f"larger than {MAX_FILE} bytes")
    return data


def domain_of_file(name: str) -> str | None:
    """Return the domain that a file is for: ``.NAME.txt`` is for all hosts below NAME.

    >>> domain_of_file(".harbour.example.txt"), domain_of_file("LICENSE.txt")
    ('harbour.example', None)
    """
    return domain_of(name.removesuffix(ENDING).removeprefix(".").removeprefix("www."))


def convert(name: str, data: bytes) -> Converted | None:
    """Return what a file becomes; None where its name is no domain. Never raises."""
    domain = domain_of_file(name)
    if domain is None:
        return None
    made: dict[str, list[str]] = {"body": [], "strip": []}
    left: list[Left] = []
    text = data[:MAX_FILE].decode("utf-8", "replace").removeprefix("\ufeff")
    for number, line in enumerate(_LINE.split(text), 1):
        directive, _, value = (part.strip() for part in line.partition(":"))
        if directive in _TAKEN and value:
            made_of = made["body" if directive == "body" else "strip"]
            _take(directive, value, made_of, left, number)
    body, strip = (tuple(dict.fromkeys(selectors)) for selectors in made.values())
    digest = hashlib.sha256(data).hexdigest()[:16]
    origin = f"{MADE_BY}{one_line(name)}, sha256 {digest}"
    rule = SiteRule(domain=domain, body=body, strip=strip, origin=origin)
    return Converted(domain, rule if body or strip else None, tuple(left), name.startswith("."))


def _take(directive: str, value: str, made: list[str], left: list[Left], number: int) -> None:
    """Append the selectors of a line, and what of it has none."""
    shown = f"{directive}: {one_line(value[:MAX_LENGTH])[:200]}"
    is_union = directive == "strip" and len(value) <= MAX_LENGTH
    parts = alternatives(value) if is_union else [value]
    for part in parts:
        try:
            selector = _selector(directive, part, len(made))
        except Unsupported as error:
            left.append(Left(number, shown, str(error)))
        else:
            made.append(selector)


def _selector(directive: str, value: str, number: int) -> str:
    if without_unsafe(value) != value or "\ufffd" in value:
        raise Unsupported("holds characters that no name has")
    selector = _named(value) if directive == "strip_id_or_class" else to_css(value)
    if len(selector) > MAX_SELECTOR:
        raise Unsupported("is too long")
    if number >= MAX_LIST:
        raise Unsupported("is one too many")
    return selector


def _named(value: str) -> str:
    """Return the selector for a class or an id; several names stand for classes in a row.

    Some readers look for the text anywhere in class and id: whole names are what its authors test
    on, and safer.

    >>> _named("'share-bar'"), _named("box is-wide"), _named("md:flex")
    ('.share-bar, #share-bar', '.box.is-wide', '[class~="md:flex"], [id="md:flex"]')
    """
    if value.startswith("//"):
        return to_css(value)
    names = value.replace("'", "").replace('"', "").split()
    if not names or len(value) > MAX_SELECTOR or any("\\" in name for name in names):
        raise Unsupported("is no name")
    classes = "".join(
        f".{name}" if PLAIN.fullmatch(name) else f'[class~="{name}"]' for name in names
    )
    if len(names) > 1:
        return classes
    only = names[0]
    selector = f"{classes}, #{only}" if PLAIN.fullmatch(only) else f'{classes}, [id="{only}"]'
    parse_selector(selector)
    return selector


def joined(rules: Sequence[SiteRule]) -> SiteRule:
    """Return one rule of several for one domain, in their order, each selector once."""
    first = rules[0]
    if len(rules) == 1:
        return first
    body, strip = (
        tuple(dict.fromkeys(line for rule in rules for line in getattr(rule, key)))[:MAX_LIST]
        for key in ("body", "strip")
    )
    origins = "; ".join(rule.origin for rule in rules)
    return msgspec.structs.replace(first, body=body, strip=strip, origin=origins[:1000])


def is_made(data: bytes) -> bool:
    """Whether a rule's file is one that was converted, and not somebody's own."""
    return data.startswith(f'origin = "{MADE_BY}'.encode())
