"""Rules for single sites: where the article stands, what to cut, what to keep.

Rules are the user's: a folder with one ``DOMAIN.toml`` for each site. They hold for the domain
and all hosts below it; the most specific file wins. Everything that can be wrong in them is
refused when they are loaded, so that no page fails for a rule.
"""

import re
import tomllib
from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from scraper.errors import UsageError
from scraper.sites.css import parse_selector
from scraper.text import one_line

__all__ = ["ENDING", "SiteRule", "domain_of", "load_site_rules", "rule_for", "to_toml"]

ENDING = ".toml"
MAX_SITES = 20_000
"""Files in a folder: ten times what the largest public collection of such rules holds."""

MAX_FILE = 256 * 2**10
"""Bytes of a file: all lists at their longest stay below."""

MAX_SELECTOR = 500
"""Characters of a selector, and of a phrase."""

MAX_LIST = 400
"""Selectors, or phrases, in one list."""

MAX_HOST = 253
"""Characters of a host name, as DNS has it."""

_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_PORT = re.compile(r":\d*$")

_Line = Annotated[str, Meta(min_length=1, max_length=MAX_SELECTOR)]
_Lines = Annotated[tuple[_Line, ...], Meta(max_length=MAX_LIST)]
_Remark = Annotated[str, Meta(max_length=1000)]


class SiteRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is known of one site's pages.

    ``body`` are selectors of the article's containers, tried in order: the first that finds text
    wins. ``strip`` selects what to cut, ``keep`` what no other rule may cut. ``phrases`` mark a
    short block as promo, written as in the lexicons. ``origin`` tells where the rule is from.
    """

    domain: _Line
    body: _Lines = ()
    strip: _Lines = ()
    keep: _Lines = ()
    phrases: _Lines = ()
    origin: _Remark = ""
    note: _Remark = ""


def load_site_rules(folder: Path | str) -> dict[str, SiteRule]:
    """Return the rules of all ``DOMAIN.toml`` in a folder, by domain, in the order of their names.

    Raises:
        UsageError: no such folder, or a file that is no rule; in one line that names the file.
    """
    folder = Path(folder)
    try:
        names = sorted(path.name for path in islice(folder.iterdir(), 4 * MAX_SITES))
    except (OSError, ValueError) as error:
        raise UsageError(f"{folder}: {getattr(error, 'strerror', None) or error}") from None
    files = [name for name in names if name.endswith(ENDING)]
    if len(files) > MAX_SITES:
        raise UsageError(f"{folder}: more than {MAX_SITES} files")
    if names and not files:
        raise UsageError(f"{folder}: holds no DOMAIN{ENDING}; scraper site-rules makes such files")
    rules: dict[str, SiteRule] = {}
    for name in files:
        rule = _read(folder / name)
        if rule.domain in rules:
            raise UsageError(f"{folder / name}: a second file for {rule.domain}")
        rules[rule.domain] = rule
    return rules


def rule_for(rules: Mapping[str, SiteRule], host: str | None) -> SiteRule | None:
    """Return the rule of the host or of the nearest domain above it.

    >>> rules = {"harbour.example": SiteRule(domain="harbour.example")}
    >>> rule_for(rules, "www.Harbour.example:8080").domain
    'harbour.example'
    >>> rule_for(rules, "otherharbour.example"), rule_for(rules, None)
    (None, None)
    """
    if not rules or not host or len(host) > 2 * MAX_HOST:
        return None
    name = domain_of(_PORT.sub("", host)) or ""
    while name and name not in rules:
        name = name.partition(".")[2]
    return rules.get(name)


def domain_of(name: str) -> str | None:
    """Return a domain as rules are looked up by it, or None where ``name`` is none.

    >>> domain_of("Häfen.Example."), domain_of("com"), domain_of("a..b"), domain_of("../x.example")
    ('xn--hfen-loa.example', None, None, None)
    """
    name = name.strip().lower().removesuffix(".")
    if not name or len(name) > MAX_HOST:
        return None
    try:
        folded = name if name.isascii() else name.encode("idna").decode("ascii")
    except UnicodeError:
        return None
    labels = folded.split(".")
    known = len(labels) > 1 and len(folded) <= MAX_HOST and all(map(_LABEL.fullmatch, labels))
    return folded if known else None


def _read(path: Path) -> SiteRule:
    shown = one_line(str(path))
    domain = domain_of(path.name.removesuffix(ENDING))
    if domain is None:
        raise UsageError(f"{shown}: the name must be a domain, as harbour.example{ENDING}")
    try:
        values = tomllib.loads(_text(path))
        rule = msgspec.convert({"domain": domain, **values}, SiteRule)
        if domain_of(rule.domain) != domain:
            raise UsageError(f"{shown}: domain: the file's name says {domain}")
        _check(rule)
    except OSError as error:
        raise UsageError(f"{shown}: {error.strerror or error}") from None
    except msgspec.ValidationError as error:
        raise UsageError(f"{shown}: {_explain(error)}") from None
    except (ValueError, RecursionError) as error:  # bad TOML, bad UTF-8, a bad selector or phrase
        raise UsageError(f"{shown}: {one_line(str(error))}") from None
    return msgspec.structs.replace(rule, domain=domain)


def _text(path: Path) -> str:
    if not path.is_file():  # a pipe would be waited for
        raise ValueError("not a file")
    with path.open("rb") as file:
        data = file.read(MAX_FILE + 1)
    if len(data) > MAX_FILE:
        raise ValueError(f"larger than {MAX_FILE} bytes")
    return data.decode("utf-8-sig")


def _check(rule: SiteRule) -> None:
    for key, selectors in (("body", rule.body), ("strip", rule.strip), ("keep", rule.keep)):
        for selector in selectors:
            try:
                parse_selector(selector)
            except ValueError as error:
                raise ValueError(f"{key}: {selector!r}: {error}") from None
    for phrase in rule.phrases:
        words = phrase.lstrip("^=").strip()
        if not any(sign.isalnum() or sign == "#" for sign in words) or "*" in (words[0], words[-1]):
            raise ValueError(f"phrases: {phrase!r}: no phrase of words")


def _explain(error: msgspec.ValidationError) -> str:
    """Turn 'Expected `str`, got `int` - at `$.body[...]`' into 'body: expected str, got int'."""
    message, _, place = str(error).replace("`", "").partition(" - at $.")
    place = place.partition("[")[0]
    return f"{place}: {message[:1].lower()}{message[1:]}" if place else message


def to_toml(rule: SiteRule) -> str:
    """Return the rule as its file holds it, without the domain: that is the file's name."""
    parts = [f"{key} = {_quoted(getattr(rule, key))}" for key in ("origin", "note")]
    for key in ("body", "strip", "keep", "phrases"):
        lines = "".join(f"    {_quoted(line)},\n" for line in getattr(rule, key))
        parts.append(f"{key} = [\n{lines}]" if lines else "")
    empty = ("", 'origin = ""', 'note = ""')
    return "".join(f"{part}\n" for part in parts if part not in empty)


def _quoted(text: str) -> str:
    r"""Return a TOML string; JSON's escapes are TOML's too, but a lone surrogate is in neither.

    >>> print(_quoted('a[rel="x"]'), _quoted("a[rel='x']"), _quoted("a\nb"))
    'a[rel="x"]' "a[rel='x']" "a\nb"
    """
    if '"' in text and "'" not in text and text.isprintable():
        return f"'{text}'"
    safe = text.encode("utf-8", "replace").decode("utf-8").replace("\x7f", "\ufffd")
    return msgspec.json.encode(safe).decode("utf-8")
