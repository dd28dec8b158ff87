"""Says who may read the page and whether its text breaks off; unknown where too little speaks.

What a page declares and what it shows are two things: of 46 pages that declare themselves not
free, 38 serve their whole text. So a declaration alone makes no wall, and a text is called
truncated only where two signs agree.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Literal, NamedTuple

from scraper.model import Access, Block, Signal
from scraper.normalizer.metadata import Clue
from scraper.text import count_words, one_line

SHORT = 0.6
"""Share of the stated words below which a text is short. Of 90 texts with a stated count three are:
one behind a wall, one cut by us, one whose page counts all it says."""

WHOLE, TOO_LONG = 0.9, 1.5
"""Share of the stated words from which a text is whole, as 75 of these 90 are; and from which the
count is not that of the text, but of a teaser, or of characters without spaces."""

MAX_EVIDENCE = 20
MAX_VALUE = 200
"""Characters of one signal's value."""

SENTENCE = 8
"""Words from which a paragraph is expected to end as sentences do."""
OTHERS, ENDED = 4, 0.8
"""Paragraphs, and the share of them that ends so, from which the last one's bare end is a sign:
some scripts end no sentence, and some texts are lists."""

_FIELDS = ("accessible_for_free", "content_tier", "premium")
_TIERS = ("free", "metered", "locked")
_BOOLEANS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
_PAID = frozenset(("true", "1", "yes", "premium", "paid", "locked", "subscriber", "subscribers"))
_COUNT = re.compile(r"(\d[\d,. ]{0,8})(?: words)?", re.ASCII)
_CLOSING = "\"“„'”’»›)]}」』）】*_ \n"
_ADDED = re.compile(r"[.!?…。] ?[(\[（][^\W\d_][^()\[\]（）]{0,40}[)\]）]\s{0,9}\Z")
"""Initials or an agency in brackets after the last full stop."""
_ELLIPSES = ("...", "…")
_ENDINGS = tuple(
    ".!?;\u2026\u3002\uff01\uff1f\uff61\u0964\u0965\u06d4\u061f\u1362\u0589\u17d4\u104b\u037e\u00b7"
)
"""Of Latin, Chinese and Japanese, Indian, Arabic, Ethiopic, Armenian, Khmer, Burmese, Greek."""
_COLONS = (":", "\uff1a")
"""With a colon a paragraph may end, but no text."""

Status = Literal["free", "metered", "paywalled", "registration", "unknown"]


class _Stated(NamedTuple):
    """What the page declares: free or not, its tier, whether it calls itself paid for."""

    declared: bool | None
    tier: str
    paid: bool

    @property
    def open(self) -> bool:
        return (self.declared is True or self.tier == "free") and not self.closed

    @property
    def closed(self) -> bool:
        return self.declared is False or self.paid


def read_access(
    clues: Sequence[Clue], blocks: Sequence[Block] = (), walls: Sequence[Signal] = ()
) -> Access:
    """Return who may read the page, whether its text breaks off, and what speaks for both.

    ``walls`` are the prompts that stand right after the text.
    """
    told = [clue for clue in clues if clue.field in _FIELDS]
    stated = _stated(told)
    seen = [*walls, *_seen(clues, blocks, walls)] if blocks else []
    names = {signal.signal for signal in seen}
    truncated = _truncated(names)
    evidence = [Signal(signal=clue.source, value=_cut(clue.value)) for clue in told]
    return Access(
        status=_status(stated, names, truncated),
        declared=stated.declared,
        truncated=truncated,
        evidence=(*evidence[:MAX_EVIDENCE], *seen),
    )


def is_open(clues: Sequence[Clue]) -> bool:
    """Whether nothing that the page declares keeps its text from readers without an account."""
    stated = _stated([clue for clue in clues if clue.field in _FIELDS])
    return not stated.closed and stated.tier in ("", "free")


def _stated(told: Sequence[Clue]) -> _Stated:
    """Return what is declared; of several sources the first that says it intelligibly."""
    frees = (_BOOLEANS.get(_word(clue)) for clue in told if clue.field == "accessible_for_free")
    tiers = (_word(clue) for clue in told if clue.field == "content_tier")
    return _Stated(
        declared=next((free for free in frees if free is not None), None),
        tier=next((tier for tier in tiers if tier in _TIERS), ""),
        paid=any(_word(clue) in _PAID for clue in told if clue.field == "premium"),
    )


def _word(clue: Clue) -> str:
    """Return a declared value in lower case; ``https://schema.org/False`` is false."""
    return one_line(clue.value[:MAX_VALUE]).lower().rpartition("/")[2]


def _status(stated: _Stated, seen: set[str], truncated: bool | None) -> Status:
    prompts = seen & {"wall.paywall", "wall.registration", "wall.remaining"}
    locked = stated.tier == "locked" and stated.declared is not True
    if prompts and (truncated or stated.closed or locked):
        return "registration" if prompts == {"wall.registration"} else "paywalled"
    if locked or (stated.closed and "text.short" in seen):
        return "paywalled"
    if stated.tier == "metered" or (stated.closed and truncated is False):
        return "metered"
    return "free" if stated.open and stated.tier != "locked" and not prompts else "unknown"


def _truncated(seen: set[str]) -> bool | None:
    """Whether the text breaks off: two signs say so, a stated length that is reached denies it."""
    signs = (
        bool(seen & {"wall.paywall", "wall.registration"}),
        bool(seen & {"wall.remaining", "text.short"}),
        bool(seen & {"text.ellipsis", "text.open-end"}),
        "page.part-empty" in seen,
    )
    if sum(signs) >= 2:
        return True
    return False if not any(signs) and "text.whole" in seen else None


def _seen(
    clues: Sequence[Clue], blocks: Sequence[Block], walls: Sequence[Signal]
) -> Iterator[Signal]:
    """Yield what the text itself says for being whole or not, and whether a paid part is empty.

    A last line without a full stop is mostly a signature: it says something only where the page
    asks for money right after it. Where the text is whole, an empty part only marks a place.
    """
    prompts = {wall.value for wall in walls}
    asked = any(wall.signal in ("wall.paywall", "wall.remaining") for wall in walls)
    body = [block for block in blocks if block.role != "figure"]
    while body and _cut(body[-1].text) in prompts:
        body.pop()
    length = _length(clues, sum(count_words(block.text) for block in body))
    ending = _ending(body)
    if length is not None:
        yield length
    if ending is not None and (asked or ending.signal == "text.ellipsis"):
        yield ending
    if length is None or length.signal != "text.whole":
        empty = (clue for clue in clues if clue.field == "empty_part")
        for clue in islice(empty, 1):
            yield Signal(signal="page.part-empty", value=_cut(clue.value))


def _length(clues: Sequence[Clue], words: int) -> Signal | None:
    """Return whether the text is as long as the page says, by its count or by its own copy."""
    counts = {
        clue.field: _number(clue.value)
        for clue in reversed(clues)
        if clue.field in ("word_count", "body_words")
    }
    stated = counts.get("word_count") or counts.get("body_words") or 0
    value = f"{words} of {stated} words"
    if words < SHORT * stated:
        return Signal(signal="text.short", value=value)
    if counts.get("word_count") and WHOLE <= words / stated <= TOO_LONG:
        return Signal(signal="text.whole", value=value)
    return None


def _number(stated: str) -> int:
    match = _COUNT.fullmatch(stated[:MAX_VALUE].strip())
    return int(re.sub(r"\D", "", match[1])) if match else 0


def _ending(body: Sequence[Block]) -> Signal | None:
    """Return how the text ends, where its last paragraph does not end as a text does."""
    if not body or body[-1].role != "p":
        return None
    last = _ADDED.sub(".", body[-1].text[-200:]).rstrip(_CLOSING)
    value = one_line(last[-60:])
    if last.endswith(_COLONS):
        return Signal(signal="text.open-end", value=value)
    if not _is_sentence(body[-1]):
        return None
    if last.endswith(_ELLIPSES):
        return Signal(signal="text.ellipsis", value=value)
    if last.endswith(_ENDINGS) or not _end_as_sentences(body[:-1]):
        return None
    return Signal(signal="text.open-end", value=value)


def _end_as_sentences(body: Sequence[Block]) -> bool:
    """Whether the paragraphs end so, by which the last one would be an exception."""
    sentences = [block.text.rstrip(_CLOSING) for block in body if _is_sentence(block)]
    ended = sum(text.endswith((*_ENDINGS, *_COLONS)) for text in sentences)
    return len(sentences) >= OTHERS and ended >= ENDED * len(sentences)


def _is_sentence(block: Block) -> bool:
    return block.role == "p" and count_words(block.text[:MAX_VALUE]) >= SENTENCE


def _cut(text: str) -> str:
    return one_line(text)[:MAX_VALUE]
