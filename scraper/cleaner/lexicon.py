"""Hears what short blocks say: phrases of promo and page furniture, by kind, in all languages.

The lists are data: ``data/lexicons/LANGUAGE/KIND.txt``, one phrase a line. Words match whole, case
and accents aside; punctuation only parts them. ``*`` stands for up to four words, ``#`` for a
number with its signs. ``^`` in front asks that the phrase opens the block, ``=`` that it is all of
it, ``:`` at the end that it opens the block as a label: with a colon after it, or in square
brackets. Scripts without spaces match as substrings; their ``*`` is up to twelve characters.

A page is heard in all languages at once: sites mix them, and what a page declares is often wrong.
Phrases are found by their first two words, so that their number costs next to nothing.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib import resources
from typing import NamedTuple

MAX_WORDS = 60
"""Words of a block that is listened to: longer ones are told, not called out."""

MAX_CHARACTERS = 500
"""Characters from which a block is not even split into words."""

MAX_LETTERS = 100
"""Different accented letters of a page up to which each is replaced by itself."""

GAP = 4
"""Words that ``*`` may stand for."""

PAGE_LEXICONS = frozenset(("challenge", "consent-page", "error-page", "login-page"))
"""Lists about whole pages, read by ``verdict``; each other one names a kind of removal."""

_CURRENCY = "eur|usd|gbp|chf|sek|nok|dkk|pln|kr|us|aud|cad|rs|rp|tl|zl|kc|ft|lei"
_NUMBER = re.compile(rf"\d[\d.,]*(?: ?(?:{_CURRENCY}|euro|euros|percent|prozent)\b)?")
_PART = "\x1f"  # parts the blocks of a page; the parser lets no control characters matter
_TOKEN = re.compile(rf"[^\W\d_]+|#|{_PART}")
# Signs of Indian scripts that stand inside words and are no letters.
_SIGNS = "\u0900-\u0903\u093a-\u094f\u0955-\u0957\u0962\u0963\u0981-\u0983\u09bc-\u09cd"
_SIGNED = re.compile(f"[{_SIGNS}]")
_SIGNED_TOKEN = re.compile(rf"(?:[^\W\d_]|[{_SIGNS}])+|#|{_PART}")
_LABEL = re.compile(r"^(?:[\[［【〔][^:：\]］】〕]{1,40}[\]］】〕]|[^:：]{1,40}[:：])")
_UNSPACED = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")
_NOT_TEXT = re.compile(r"[\W_]+")
# Of a phrase in the lists: its words, its text where words are not parted.
_PHRASE_WORD = re.compile(r"[^\W\d_]+|[#*]")
_SIGNED_PHRASE_WORD = re.compile(rf"(?:[^\W\d_]|[{_SIGNS}])+|[#*]")
_NOT_WRITTEN = re.compile(r"[^\w*#]+|_+")


class Heard(NamedTuple):
    """A phrase found in a block and the kind of removal it speaks for.

    ``whole``: the phrase is all that the block says. ``label``: it is in brackets, or a colon
    follows.
    """

    kind: str
    phrase: str
    whole: bool
    label: bool


class _Phrase(NamedTuple):
    """A phrase as words, or where a script does not part them as the text between its gaps."""

    words: tuple[str, ...]
    kind: str
    line: str

    @property
    def opens(self) -> bool:
        """Whether it must open the block."""
        return self.line[0] in "^=" or self.labels

    @property
    def fills(self) -> bool:
        """Whether it must be all of the block."""
        return self.line[0] == "="

    @property
    def labels(self) -> bool:
        """Whether a colon must follow."""
        return self.line[-1] == ":"


class Lexicon(NamedTuple):
    """The phrases by what finds them.

    ``wholes`` by the words of a block, ``phrases`` by first and second word, the second being ""
    where any may follow; ``signs`` by first sign.
    """

    wholes: dict[tuple[str, ...], tuple[str, str]]
    longest: int
    phrases: dict[str, dict[str, list[_Phrase]]]
    signs: dict[str, list[_Phrase]]
    whole_signs: dict[str, tuple[str, str]]


def listen(text: str) -> Heard | None:
    """Return the first phrase in a short text, of several at one place the longest; or None."""
    return listen_all((text,))[0]


def listen_all(texts: Sequence[str], lexicon: Lexicon | None = None) -> list[Heard | None]:
    """Return for each text what ``listen`` would, or what a ``lexicon`` of one's own holds."""
    lexicon = lexicon or load_lexicons()
    found: list[Heard | None] = [None] * len(texts)
    short = [place for place, text in enumerate(texts) if len(text) <= MAX_CHARACTERS]
    joined = _PART.join(texts[place].replace(_PART, " ") for place in short)
    folded = fold(joined)
    words = _words(folded)
    unspaced = folded.split(_PART) if _UNSPACED.search(folded) else ()
    start = 0
    for number, place in enumerate(short):
        try:
            end = words.index(_PART, start)
        except ValueError:
            end = len(words)
        heard = None
        if unspaced and _UNSPACED.search(unspaced[number]):
            heard = _in_signs(unspaced[number], lexicon)
        if heard is None and start < end <= start + MAX_WORDS:
            heard = _in_words(lexicon, words[start:end], texts[place])
        found[place] = heard
        start = end + 1
    return found


def fold(text: str) -> str:
    """Return text without case, accents of Latin, Greek and Cyrillic, and points of Arabic, Hebrew.

    >>> fold("ΔΙΑΒΆΣΤΕ İNDİR kayıt Žluťoučký")
    'διαβαστε indir kayit zlutoucky'
    """
    folded = text.casefold()
    if folded.isascii():
        return folded
    plain = _plain_letters()
    present = plain.keys() & set(folded)
    if len(present) > MAX_LETTERS:
        return folded.translate({ord(letter): base for letter, base in plain.items()})
    for letter in present:  # quicker than translate, which looks up every character
        folded = folded.replace(letter, plain[letter])
    return folded


@cache
def _plain_letters() -> dict[str, str]:
    plain = {"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ς": "σ", "ʼ": "'"}
    plain |= dict.fromkeys("أإآ", "ا") | {"ى": "ي", "ة": "ه", "\u0901": "\u0902"}
    for code in (*range(0xC0, 0x250), *range(0x370, 0x530), *range(0x1E00, 0x2000)):
        base = unicodedata.normalize("NFD", chr(code))[0]
        if base != chr(code):
            plain[chr(code)] = base
    points = (*range(0x300, 0x370), *range(0x591, 0x5C8), *range(0x64B, 0x660), 0x640, 0x670, 0x93C)
    dropped = (*points, 0xAD, 0x200B, 0x200E, 0x200F, 0x2060)
    return plain | dict.fromkeys(map(chr, dropped), "")


def _words(folded: str) -> list[str]:
    """Split a folded text into words, each number with its signs one ``#``."""
    token = _SIGNED_TOKEN if _SIGNED.search(folded) else _TOKEN
    return token.findall(_NUMBER.sub(" # ", folded.replace("#", " ")))


def _in_words(lexicon: Lexicon, words: Sequence[str], text: str) -> Heard | None:
    """Find a phrase in the words of one block."""
    end = len(words)
    if end <= lexicon.longest:
        whole = lexicon.wholes.get(tuple(words))
        if whole is not None:
            return Heard(*whole, whole=True, label=False)
    phrases = lexicon.phrases
    for place, word in enumerate(words):
        seconds = phrases.get(word)
        if seconds is None:
            continue
        following = words[place + 1] if place + 1 < end else _PART
        best, best_end = None, 0
        for phrase in (*seconds.get(following, ()), *seconds.get("", ())):
            stop = 0
            if not place or not phrase.opens:
                stop = _end(phrase.words, words, place, end)
            if stop > best_end and _suits(phrase, text, is_end=stop == end):
                best, best_end = phrase, stop
        if best is not None:
            is_whole = not place and best_end == end
            return Heard(
                best.kind, best.line, is_whole, not is_whole and _is_label(text, best.words)
            )
    return None


def _suits(phrase: _Phrase, text: str, *, is_end: bool) -> bool:
    return (is_end or not phrase.fills) and (not phrase.labels or _is_label(text, phrase.words))


def _end(phrase: Sequence[str], words: Sequence[str], place: int, end: int) -> int:
    """Return the place after the phrase that begins at ``place``, or 0."""
    for step, word in enumerate(phrase):
        if word == "*":
            rest = phrase[step + 1 :]
            ends = (_end(rest, words, place + gap, end) for gap in range(GAP + 1))
            return next(filter(None, ends), 0)
        if place >= end or word != words[place]:
            return 0
        place += 1
    return place


def _is_label(text: str, phrase: Sequence[str]) -> bool:
    """Whether a text opens with a phrase and a colon right after it."""
    label = _LABEL.match(text)
    return label is not None and len(_words(fold(label.group()))) == len(phrase)


def _in_signs(folded: str, lexicon: Lexicon) -> Heard | None:
    """Find a phrase of a script that does not space its words."""
    text = _NOT_TEXT.sub("", folded)
    whole = lexicon.whole_signs.get(text)
    if whole is not None:
        return Heard(*whole, whole=True, label=False)
    if len(text) > 2 * MAX_WORDS:
        return None
    label = _LABEL.match(folded)
    colon = len(_NOT_TEXT.sub("", label.group())) if label else -1
    for place, sign in enumerate(text):
        best, best_end = None, 0
        for phrase in lexicon.signs.get(sign, ()):
            stop = 0 if phrase.opens and place else _signs_end(phrase.words[0], text, place)
            if phrase.fills and stop < len(text):
                continue
            if stop > best_end and (not phrase.labels or stop == colon):
                best, best_end = phrase, stop
        if best is not None:
            is_whole = place == 0 and best_end == len(text)
            return Heard(best.kind, best.line, is_whole, not is_whole and best_end == colon)
    return None


def _signs_end(written: str, text: str, place: int) -> int:
    """Return the place after what is written at ``place``, or 0."""
    if "*" not in written and "#" not in written:
        return place + len(written) if text.startswith(written, place) else 0
    match = _sign_pattern(written).match(text, place)
    return match.end() if match else 0


@cache
def _sign_pattern(written: str) -> re.Pattern[str]:
    return re.compile(re.escape(written).replace(r"\*", ".{0,12}?").replace(r"\#", r"\d[\d.,]*"))


@cache
def load_lexicons() -> Lexicon:
    """Return the lists of all languages; read once a process."""
    return compiled(_lists())


def compiled(lists: Iterable[tuple[str, Sequence[str]]]) -> Lexicon:
    """Return the lexicon of some lists, each a kind and its lines."""
    wholes: dict[tuple[str, ...], tuple[str, str]] = {}
    whole_signs: dict[str, tuple[str, str]] = {}
    phrases: dict[str, dict[str, list[_Phrase]]] = {}
    signs: dict[str, list[_Phrase]] = {}
    for kind, lines in lists:
        whole = fold("\n".join(lines))
        word = _SIGNED_PHRASE_WORD if _SIGNED.search(whole) else _PHRASE_WORD
        for line, folded in zip(lines, whole.split("\n"), strict=True):
            if not folded.isascii() and _UNSPACED.search(folded):
                written = _NOT_WRITTEN.sub("", folded)
                if line[0] == "=" and "#" not in line:
                    whole_signs.setdefault(written, (kind, line))
                    continue
                phrase = _Phrase((written,), kind, line)
                for sign in "0123456789" if written[0] == "#" else written[0]:
                    signs.setdefault(sign, []).append(phrase)
                continue
            words = tuple(word.findall(folded))
            if line[0] == "=" and "*" not in line:
                wholes.setdefault(words, (kind, line))
            elif words:
                second = words[1] if len(words) > 1 and words[1] != "*" else ""
                following = phrases.setdefault(words[0], {})
                following.setdefault(second, []).append(_Phrase(words, kind, line))
    return Lexicon(wholes, max(map(len, wholes), default=0), phrases, signs, whole_signs)


def _lists() -> Iterator[tuple[str, list[str]]]:
    """Yield kind and lines of every list, languages and kinds in the order of their names."""
    root = resources.files("scraper") / "data" / "lexicons"
    for language in sorted(root.iterdir(), key=lambda folder: folder.name):
        for file in sorted(language.iterdir(), key=lambda file: file.name):
            kind = file.name.removesuffix(".txt")
            if kind not in PAGE_LEXICONS:
                yield kind, [line for line in file.read_text("utf-8").split("\n") if line]
