"""Reads names in bylines: without the words that say who wrote, roles, dates, places, labels."""

import html
import re
from collections.abc import Iterator, Sequence
from functools import cache

from scraper.normalizer import wordlists
from scraper.normalizer.dates import find_dates, names_a_day
from scraper.normalizer.wordlists import MARKS, phrase, phrases
from scraper.text import one_line

MAX_NAME = 60
"""Characters. Longer ones are sentences."""
MAX_WORDS = 6
MAX_STATED = 12
"""Words of a name that is stated as such: firms and boards have long ones."""
MAX_SIGNS = 12
"""Signs of a name in a script that does not space its words."""
MAX_CASELESS = 28
"""Characters of a name in another script without capitals: longer ones are sentences."""
MAX_HAN = 5
"""Signs of a name all in Han."""
MAX_AUTHORS = 25

_PLAIN = re.compile(r"[^\W\d_]+(?:[ '’-][^\W\d_]+){0,7}")
"""Nothing but words."""
_MARKUP = re.compile(r"<[^<>]{1,200}>")
_MAIL = re.compile(r"[\w.+-]{1,60}(?:@|\(at\)|\[at\])[\w-]{1,60}(?:\.[\w-]{1,20}){1,4}")
_ADDRESS = re.compile(r"https?:|www\.|\w/\w+/|\{|\}|%\w|\.html?\b|\\u|^#", re.IGNORECASE)
_SUFFIX = re.compile(
    r"^(jr|sr|ii|iii|iv|md|m\.d|phd|ph\.d|dr|esq|mba|rn|cpa|rd|ms|ma|msc)\.?$", re.IGNORECASE
)
_SEPARATORS = re.compile(
    r"\s*[\n,;|/&•·►▪،፣፦；、，／]\s*|\s+[-–—]{1,2}\s+|(?<=\D):\s+|(?<=\D):(?=[^\s\d/])|：|\s{2,}"
)
_BRACKETED = re.compile(r"\s*[(（\[【][^()（）\[\]【】]{0,60}[)）\]】]\s*")
_CLOCK = re.compile(
    r"(?<!\d)\d{1,2}[:.]\d\d(?::\d\d)?(?:\s?(?:[ap]\.?m\b\.?|uhr|h\b))?(?!\d)", re.IGNORECASE
)
_LEFT = re.compile(r"(?:(?<=\s)[a-zà-öø-ÿα-ωа-я]{1,4}\s*)+\|")
"""The words before a date that is gone: ``on``, ``den``, ``op``."""
_FOR_SITE = re.compile(r"\s+(?:for|für|pour|para|voor)\s+\S.*$", re.IGNORECASE)
_GLUED = re.compile(r"([:：])(?=[^\s\d/])")
_NOT_IN_NAMES = re.compile(r"[!?:;@#…=+*/\\।。]|\.\s?\.|[^.]\w\w\.$")
_EAST_ASIAN = re.compile("[\u3040-\u9fff\uac00-\ud7a3]")
_HAN = re.compile("[\u3400-\u9fff]+")
_PARTICLES = frozenset(
    "de del della di da das do dos du la le les van von vom zu zur zum der den ter ten te bin bint"
    " ibn al el ben y e i af av op mc abu ould san st ap o' d' l' of the ul ur".split()
)
_OPENS_NO_NAME = frozenset("read more follow share about all view see sign".split())
_NOBODY = frozenset(
    "admin|administrator|n/a|na|null|none|undefined|unknown|anonymous|user|root|webmaster|wordpress"
    "|default|name|no author|view all posts|login|log in|sign in|profile|my profile|youtube|twitter"
    "|facebook|instagram|linkedin|email|share|follow|website|about|contact|team|contributors"
    "|read more|https|http|comments|home|menu|search".split("|")
)
"""What stands where names do: placeholders, accounts, labels of links."""


def names_in(text: str, *, strict: bool, language: str = "") -> list[str]:
    """Return the names that a byline states, without what stands around them.

    ``strict`` asks that each looks like a person's or a desk's name: what stands on a page may be
    anything, what is stated as an author is one. ``language`` is that of the page: some words
    introduce an author in one language and are names in others.

    >>> names_in("By Ada Fern and Bo Lind, staff writers | March 4, 2026", strict=True)
    ['Ada Fern', 'Bo Lind']
    """
    if _PLAIN.fullmatch(text) and _joining()[0].isdisjoint(text.split()):
        name = "" if _opens_otherwise(text) else _bare(text, language)
        return [name] if name and _is_name(name, strict=strict) else []
    if " " not in text.strip() and _ADDRESS.search(text):
        return []
    lines = _lines(text)
    if _is_parted(lines):
        return [" ".join(lines)]
    plain = _BRACKETED.sub(" \n ", "\n".join(lines))
    if names_a_day(plain) or ":" in plain:
        plain = _without_dates(plain)
    found = _read(plain, language) if strict else _stated(plain, language)
    return list(dict.fromkeys(found))[:MAX_AUTHORS]


def _lines(text: str) -> list[str]:
    """Return the lines of a text without markup, entities and addresses of mail."""
    plain = html.unescape(html.unescape(text)) if "&" in text else text
    if "<" in plain:
        plain = _MARKUP.sub(" ", plain)
    if "@" in plain or "at)" in plain or "at]" in plain:
        plain = _MAIL.sub(" ", plain)
    lines = [one_line(line) for line in plain.split("\n")]
    return [line for line in lines if line]


def _stated(plain: str, language: str) -> Iterator[str]:
    """Yield the names in what is stated as authors: all that may be one."""
    for part in _signing(plain):
        name = _bare(part, language)
        if name and _is_name(name, strict=False):
            yield name


def _read(plain: str, language: str) -> Iterator[str]:
    """Yield the names in what a page shows: up to what is neither a name nor a role."""
    first = ""
    for part in _signing(plain):
        name = _bare(part, language)
        has_role = bool(first) and _has_role(part)
        if not name or has_role:
            continue
        if first and _is_shouted(name) and not _is_shouted(first):
            return  # a house or a place beside the name
        if _is_name(name, strict=True):
            first = first or name
            yield name
        elif first:
            return  # place, text


def _signing(plain: str) -> Iterator[str]:
    """Yield the parts of a byline, without those of editors, translators and photographers."""
    is_other = False
    for part in _parts(plain):
        if _opens_otherwise(part):
            is_other = _is_label(part)  # the name may follow, parted by a colon
        elif is_other:
            is_other = False
        else:
            yield part


def _is_parted(lines: Sequence[str]) -> bool:
    """Whether lines are the parts of one person's name, each in an element of its own."""
    parts = [part for line in lines for part in line.split()]
    return (
        1 < len(lines) <= 3
        and len(parts) <= 4
        and any(" " not in line for line in lines)
        and is_person(" ".join(lines))
        and not any(_is_said(part) for part in (*parts, *lines))
    )


def _without_dates(text: str) -> str:
    """Put a bar in place of each date and time."""
    for shown in reversed(find_dates(text)):
        text = f"{text[: shown.start]} | {text[shown.end :]}"
    return _LEFT.sub(" | ", _CLOCK.sub(" | ", text))


def _parts(text: str) -> Iterator[str]:
    for part in _SEPARATORS.split(text):
        for one in _unjoined(part or ""):
            if not _SUFFIX.match(one):
                yield one


def _unjoined(text: str) -> Iterator[str]:
    """Yield what joining words part, in lower case only: Dan and Ed are people."""
    single, several = _joining()
    for phrase_ in several:
        if phrase_ in text:
            text = text.replace(phrase_, " & ")
    words: list[str] = []
    for word in text.split():
        if word in single and words:
            yield " ".join(words)
            words = []
        else:
            words.append(word)
    if words:
        yield " ".join(words)


@cache
def _joining() -> tuple[frozenset[str], tuple[str, ...]]:
    found = wordlists.listed("between")
    several = sorted(f" {one} " for one in found if " " in one)
    return frozenset(one for one in found if " " not in one), tuple(several)


def after_by(text: str, language: str = "") -> str | None:
    """Return what follows the word that opens a byline, or None where none does.

    >>> after_by("Von: Anna Schmidt"), after_by("Anna Schmidt")
    ('Anna Schmidt', None)
    >>> after_by("Per Andersson", "sv"), after_by("Per Andersson", "ca")
    (None, 'Andersson')
    """
    plain = text.lstrip(MARKS)
    if ":" in plain or "：" in plain:
        plain = _GLUED.sub(r"\1 ", plain)
    taken = wordlists.start(phrases("by"), plain.split(None, 12)[:12], plain)
    if not taken or taken >= len(plain):
        return None
    rest = plain[taken:]
    if not rest.strip(MARKS) or (_is_namely(plain[:taken], language) and rest[:1] not in ":："):
        return None
    return rest.lstrip(MARKS) or None


def _is_namely(said: str, language: str) -> bool:
    """Whether what was said for a byline is, on a page in ``language``, rather part of a name."""
    word = phrase(said)
    if said.rstrip()[-1:] in (":", "："):
        return False
    named = wordlists.by_language("by-names")
    tag = language.partition("-")[0].lower()
    return word in wordlists.listed("by-names") and bool(tag) and word not in named.get(tag, ())


def by_inside(text: str, language: str = "") -> str | None:
    """Return what follows the word that introduces an author inside a line, or None.

    >>> by_inside("Posted on March 4 by Ada Fern"), by_inside("A day by the sea")
    ('Ada Fern', None)
    """
    found = phrases("by")
    words = text.split()
    firsts = found.firsts
    for place in range(1, len(words) - 1):
        word = words[place]
        if word not in firsts and (word[-1] != ":" or word[:-1].casefold() not in firsts):
            continue
        if _opens_otherwise(text):
            return None
        rest = " ".join(words[place:])
        taken = wordlists.start(found, words[place : place + 6], rest)
        named = rest[taken:].lstrip(MARKS)
        if taken and named and (named[0].isupper() or is_caseless(named[:1])):
            return None if _is_namely(rest[:taken], language) else named
    return None


def _bare(part: str, language: str) -> str:
    """Return a part without the words that say who wrote, and without roles around the name."""
    name = part.strip(MARKS)
    for _ in range(3):
        rest = after_by(name, language)
        if rest is None:
            break
        name = rest
    name = _FOR_SITE.sub("", name)
    shorter = _without_role(name)
    while shorter != name:
        name, shorter = shorter, _without_role(shorter)
    return name


def _without_role(name: str) -> str:
    """Cut a role before or after a name; a role alone is no name."""
    if phrase(name) in wordlists.listed("role"):
        return ""
    words = name.split()
    place = wordlists.end(phrases("role", "by-after"), words, name)
    if place > 0:
        return name[:place].rstrip(MARKS)
    taken = wordlists.start(phrases("role"), words, name)
    return name[taken:].lstrip(MARKS) if 0 < taken < len(name) else name


def _has_role(part: str) -> bool:
    """Whether a text is a role, a title behind a name, or holds a word that is one."""
    folded = phrase(part)
    roles = wordlists.listed("role")
    said = (folded, *folded.split())
    return bool(_SUFFIX.match(folded)) or any(one in roles or one[:-1] in roles for one in said)


def _is_shouted(name: str) -> bool:
    return any(len(part) > 2 and part.isupper() for part in name.split())


def _is_said(text: str) -> bool:
    """Whether a word or phrase introduces or describes authors, labels a date, or is nobody."""
    return phrase(text) in _said()


@cache
def _said() -> frozenset[str]:
    kinds = ("by", "role", "other", "credit", "published", "updated")
    return _NOBODY.union(*(wordlists.listed(kind) for kind in kinds))


def _is_name(name: str, *, strict: bool) -> bool:
    if not 1 < len(name) <= MAX_NAME or _ADDRESS.search(name) or not any(map(str.isalpha, name)):
        return False
    if not strict:
        return name.count(" ") < MAX_STATED and not _is_said(name)
    is_human = is_person(name) and not _is_said(name) and not _has_role(name)
    return is_human or is_organization(name)


def _opens_otherwise(part: str) -> bool:
    """Whether a text begins as the line of an editor, a translator or a photographer does."""
    return wordlists.start(phrases("other", "credit"), part.split(), part) > 0


def _is_label(part: str) -> bool:
    """Whether a text is no more than what opens such a line."""
    folded = phrase(part)
    return any(folded in wordlists.listed(kind) for kind in ("other", "credit"))


def is_organization(name: str) -> bool:
    """Whether a name is that of a desk, an agency or a firm.

    >>> is_organization("Online-Redaktion"), is_organization("Efe"), is_organization("Efe Fern")
    (True, True, False)
    """
    folded = phrase(name)
    desks = wordlists.listed("desk")
    if folded in desks:
        return True
    parts = re.split(r"[\s./-]+", folded)
    persons = wordlists.listed("desk-names")
    return any(part in desks and part not in persons for part in (parts[0], parts[-1]))


def is_caseless(name: str) -> bool:
    """Whether a name is written in a script without capitals, or one that does not use them."""
    return name.lower() == name.upper() or "\u10d0" <= name[:1] <= "\u10ff"


def is_person(name: str) -> bool:
    """Whether a text looks like a person's name: few words, each with a capital, no digits."""
    if any(map(str.isdigit, name)) or _NOT_IN_NAMES.search(name):
        return False
    parts = name.split()
    if is_caseless(name):
        return _is_caseless_name(name, len(parts))
    if not 2 <= len(parts) <= MAX_WORDS or parts[0].casefold() in _OPENS_NO_NAME:
        return False
    bare = [part.strip("'’\"“”().-") for part in parts]
    capitals = sum(map(_is_capital, bare))
    small = (part for part in bare if not _is_capital(part))
    return capitals >= 2 and all(part.casefold() in _PARTICLES for part in small)


def _is_capital(part: str) -> bool:
    """Whether a word begins with a capital, as ``d'Arc`` does."""
    return part[:1].isupper() or (len(part) > 2 and part[1] in "'’" and part[2].isupper())


def _is_caseless_name(name: str, words: int) -> bool:
    if _HAN.fullmatch(name):
        return 2 <= len(name) <= MAX_HAN
    if _EAST_ASIAN.search(name):
        return 2 <= len(name.replace(" ", "")) <= MAX_SIGNS
    return words <= 4 and 2 < len(name) <= MAX_CASELESS
