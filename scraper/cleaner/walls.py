"""Finds the prompt that ends a text early: what the page says right after the last kept block.

Most pages speak of subscriptions somewhere. What tells of a wall is the place: the text stops, and
the next thing that the page says is what a reader has to do to go on. What is heard is told, with
its words; whether the text breaks off is decided where all signs of it meet.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import islice

from scraper.cleaner.lexicon import MAX_CHARACTERS, Heard, fold
from scraper.model import Signal
from scraper.outline import Outline
from scraper.text import count_words, one_line

REACH = 15
"""Blocks after the last kept one that are listened to. Real prompts begin within the first five;
the more stand before, the likelier is an offer that every page of the site makes."""

BACK = 5
"""Kept blocks at the end that may be a part of the prompt: the model takes some for text."""

MAX_KEPT = 20
"""Words of a kept block that is taken for a prompt: a longer one is how an author ends."""

MAX_VALUE = 200
"""Characters of a prompt that are told."""

KINDS = ("paywall", "registration", "membership")
"""What a prompt can ask for. An offer of membership ends most pages of newspapers, so it speaks
for no wall by itself."""

ENDS = ("comments", "copyright")
"""What no wall stands behind: forms to answer in, where readers are asked to sign in, and the foot
of the page, where blogs ask for subscribers."""

_LEFT = """
    # of this article remains | # of this article remaining | # of this article left
    # of the article remains | # of the story remains | # of this story remains | # more to read
    remaining # of this article | remaining # of the article | remaining # of this story
    you have read # of | you ve read # of | read the remaining # | # remaining in this article
    # left to read | # left in this article | # left in this story | # remaining in this story

    il vous reste # de cet article | il vous reste # de l article | il vous reste # à lire
    il vous reste # à découvrir | il reste # de cet article | # de cet article restent à lire
    # de l article restent à lire | et queda # de l article | et queda un # de l article

    noch # des artikels | noch # dieses artikels | noch # des textes | noch # zu lesen
    die restlichen # des | die verbleibenden # des | sie haben # gelesen | du hast # gelesen
    sie haben # des artikels | sie haben erst # | sie haben # dieses artikels | du hast erst #
    nog # van dit artikel | nog # van het artikel | nog # te lezen | resterende # van dit artikel

    te queda # por leer | te queda el # por leer | te queda un # por leer | le queda # por leer
    te queda el # del artículo | te queda un # de este artículo | queda por leer el #
    queda por leer un # | quedan # por leer | restam # do artigo | restam # do texto
    restam # para ler | faltam # para ler | falta ler # | faltam ler # | restam # desta matéria
    faltam # do artigo | ti resta il # | ti rimane il # | ti resta da leggere il #
    ti manca il # | resta il # da leggere | mai ai de citit # | mai ai # de citit

    mangler at læse # | # af artiklen tilbage | # af artiklen er tilbage | # tilbage af artiklen
    gjenstår # av artikkelen | # av artikkelen gjenstår | # igjen av artikkelen
    # igjen av saken | återstår # av artikeln | # av artikeln återstår | # kvar av artikeln
    # kvar att läsa | artikkelista on jäljellä # | jutusta on jäljellä # | # jutusta jäljellä
    # artikkelista jäljellä

    pozostało # artykułu | pozostało jeszcze # artykułu | pozostało ci # | pozostało # tekstu
    pozostało # do przeczytania | zbývá # článku | zbývá přečíst # | zbývá vám #
    zbývá vám přečíst # | zbývá ještě # článku | zostáva vám # | zostáva # na dočítanie
    ostáva vám # | a cikkből még #

    осталось # текста | осталось # статьи | вам осталось # | осталось прочитать #
    вам осталось прочитать # | залишилося # статті | залишилось # статті | вам залишилося #
    απομένει το # του άρθρου | σας απομένει το # | haberin kalan # | yazının kalan #

    残り # | のこり # | 残り約 # | 剩余 # | 剩餘 # | 还剩 # | 還剩 # | 余下 # | 餘下 #
    기사의 남은 # | 나머지 기사 # | 기사의 나머지 # | 남은 기사 #
"""
"""How sites word what is left to read, a paragraph for each group of languages; ``#`` is a share or
a length. Shares of an article, or to be read: shares of anything else are news."""

_UNITS = (
    r"[%％](?!\w)|percent|prozent|procent|(?:more )?words|characters|worter|zeichen|mots|signes"
    r"|caracteres|palabras|palavras|parole|woorden|slow|znakow|znaku|слов|знаков|文?字"
)
_LENGTH = re.compile(rf"[%％] ?\d[\d.,]{{0,8}}|\d[\d.,]{{0,8}} ?(?:{_UNITS})")
_PARTING = re.compile(r"[^\w%％.,]+")
_FRAME = 40
"""Characters before and after a length that are compared: more than any phrase has."""
_FRAMES = tuple(
    tuple(_PARTING.sub(" ", fold(side)).strip() for side in phrase.split("#"))
    for line in _LEFT.split("\n")
    for phrase in line.split("|")
    if "#" in phrase
)


def find_walls(
    page: Outline, kept: Collection[int], heard: Sequence[Heard | None]
) -> tuple[Signal, ...]:
    """Return what a page asks for right after its text: the first prompt of each kind.

    ``wall.paywall``, ``wall.registration`` and ``wall.membership`` hold the prompt's words,
    ``wall.remaining`` the share or the number of words that is left to read. What is marked as
    not shown is no prompt: many pages carry one that a script may show. ``heard`` is what each
    block of the page says.
    """
    ending = sorted(kept)[-BACK:]
    if not ending:
        return ()
    following = range(ending[-1] + 1, len(page.texts))
    shown = (index for index in following if not page.is_hidden(page.owners[index]))
    places = [*ending, *islice(shown, REACH)]
    texts, heard = [page.texts[place] for place in places], [heard[place] for place in places]
    found: dict[str, str] = {}
    for place in range(_first_prompt(texts, heard, len(ending)), len(texts)):
        said = heard[place]
        if said is not None and said.kind in ENDS:
            break
        for name, words in _asked(texts[place], said):
            found.setdefault(name, one_line(words)[:MAX_VALUE])
    return tuple(Signal(signal=name, value=value) for name, value in found.items())


def _first_prompt(texts: Sequence[str], heard: Sequence[Heard | None], kept: int) -> int:
    """Return where the prompts begin: the last of the ``kept`` texts may be some of them."""
    while kept:
        text = texts[kept - 1]
        names = {name for name, _ in _asked(text, heard[kept - 1])}
        if not names - {"wall.membership"} or count_words(text) > MAX_KEPT:
            break
        kept -= 1
    return kept


def _asked(text: str, heard: Heard | None) -> Iterator[tuple[str, str]]:
    """Yield what a block asks for, and what it says is left, with its words.

    A bare label, as "subscribers" or "register", asks for nothing: teasers and menus bear them.
    """
    if heard is not None and heard.kind in KINDS and not heard.phrase.startswith("="):
        yield f"wall.{heard.kind}", text
    remaining = remaining_in(text)
    if remaining:
        yield "wall.remaining", remaining


def remaining_in(text: str) -> str:
    """Return the words that tell how much of the text is left to read; empty where none do.

    >>> remaining_in("58 % of this article remains. Subscribe to read on.")
    '58 % of this article remains'
    """
    if len(text) > MAX_CHARACTERS or not any(map(str.isdecimal, text)):
        return ""
    said = _PARTING.sub(" ", fold(text))
    for length in _LENGTH.finditer(said):
        start, end = length.span()
        head = said[max(0, start - _FRAME) : start].rstrip()
        tail = said[end : end + _FRAME].lstrip()
        for before, after in _FRAMES:
            if _ends(head, before) and _begins(tail, after):
                return " ".join(filter(None, (before, length.group(), after)))
    return ""


def _ends(text: str, words: str) -> bool:
    """Whether a text ends in these words; in scripts without spaces, in these characters."""
    rest = text.removesuffix(words)
    return not words or (rest != text and (rest[-1:] in ("", " ") or not words[0].isascii()))


def _begins(text: str, words: str) -> bool:
    rest = text.removeprefix(words)
    return not words or (rest != text and not rest[:1].isalnum())
