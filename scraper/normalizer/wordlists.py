"""The words by which bylines and dates are recognised, in all languages: data/words.

A list is found by whole words, each folded, or where a script does not space its words by signs.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import resources
from typing import NamedTuple

MARKS = " \t\n\u00a0\u3000.,:;!?|/\\-–—_·•*\"'“”„«»()[]{}<>…：。、，；／＝=፦՝៖،©#@"
"""What stands around phrases and is no part of them."""

MAX_GLUED = 24
"""Signs of a line in which a word may stand without anything that parts it from what follows:
a sentence may begin with 记者 too."""

_PARTING = frozenset(":：/／=＝|｜ \u3000・")
"""Signs of which one must follow a word of a single sign: 文 is a surname too."""


class Phrases(NamedTuple):
    """A list made ready: phrases of spaced words as tuples, others as texts, longest first."""

    words: frozenset[tuple[str, ...]]
    longest: int
    signs: tuple[str, ...]
    firsts: frozenset[str]
    lasts: frozenset[str]


def phrase(text: str) -> str:
    """Return text as the lists write it: folded, one space a gap, without marks at its ends.

    >>> phrase(" Written  by: ")
    'written by'
    """
    return " ".join(text.casefold().split()).strip(MARKS)


@cache
def by_language(kind: str) -> dict[str, tuple[str, ...]]:
    """Return the phrases of a list by language."""
    text = (resources.files("scraper") / "data" / "words" / f"{kind}.txt").read_text("utf-8")
    lines = (line for line in text.split("\n") if line and not line.startswith("#"))
    pairs = (line.split(":", 1) for line in lines)
    return {
        language.strip(): tuple(part.strip() for part in phrases.split(" | "))
        for language, phrases in pairs
    }


@cache
def listed(kind: str) -> frozenset[str]:
    """Return the phrases of a list in all languages."""
    return frozenset(one for phrases in by_language(kind).values() for one in phrases)


@cache
def phrases(*kinds: str) -> Phrases:
    """Return lists made ready for ``start`` and ``end``, as one."""
    return _ready(frozenset().union(*map(listed, kinds)))


def _ready(found: Iterable[str]) -> Phrases:
    spaced = frozenset(tuple(one.split()) for one in found if not is_unspaced(one))
    signs = sorted((one for one in found if is_unspaced(one)), key=lambda one: (-len(one), one))
    longest = max(map(len, spaced), default=0)
    firsts = frozenset(one[0] for one in spaced)
    return Phrases(spaced, longest, tuple(signs), firsts, frozenset(one[-1] for one in spaced))


_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u9fff\uac00-\ud7a3]")


def is_unspaced(text: str) -> bool:
    """Whether a text has signs of a script that does not part words by spaces."""
    return not text.isascii() and _UNSPACED.search(text) is not None


def start(found: Phrases, words: Sequence[str], text: str) -> int:
    """Return how many characters a phrase at the start of ``text`` takes with its marks, or 0.

    ``words`` are those of ``text``, as ``split`` gives them.
    """
    if words and words[0].casefold().strip(MARKS) in found.firsts:
        folded = [word.casefold() for word in words[: found.longest]]
        for count in range(len(folded), 0, -1):
            last = folded[count - 1].rstrip(MARKS)
            if (*folded[: count - 1], last) in found.words:
                return _after(text, words[:count])
    if is_unspaced(text[:12]):
        folded_text = text[:40].casefold()
        for sign in found.signs:
            if folded_text.startswith(sign):
                is_parted = text[len(sign) : len(sign) + 1] in _PARTING
                if is_parted or (len(sign) > 1 and len(text) <= MAX_GLUED):
                    return len(sign)
    return 0


def _after(text: str, words: Iterable[str]) -> int:
    """Return where the last of some words ends in a text that begins with them."""
    place = 0
    for word in words:
        place = text.index(word, place) + len(word)
    return place


def end(found: Phrases, words: Sequence[str], text: str) -> int:
    """Return where a phrase at the end of ``text`` begins, or -1."""
    if words and words[-1].casefold().strip(MARKS) in found.lasts:
        folded = [word.casefold().strip(MARKS) for word in words[-found.longest :]]
        for count in range(len(folded), 0, -1):
            if tuple(folded[-count:]) not in found.words:
                continue
            place = len(text)
            for word in reversed(words[-count:]):
                place = text.rindex(word, 0, place)
            return place
    if is_unspaced(text[-6:]):
        stripped = text.rstrip(MARKS)
        tail = stripped.casefold()
        for sign in found.signs:
            if tail.endswith(sign):
                return len(stripped) - len(sign)
    return -1


@cache
def months() -> dict[str, dict[str, int]]:
    """Return by name of a month the number that it has in each language that has the name.

    A name of several words has ``_`` between them.
    """
    found: dict[str, dict[str, int]] = {}
    for language, groups in by_language("months").items():
        for number, names in enumerate(groups, 1):
            for name in names.split():
                found.setdefault(name, {})[language] = number
    return found
