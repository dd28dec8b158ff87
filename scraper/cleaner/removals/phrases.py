"""Marks kept blocks by what they say: leads to other articles, the promo tail after the text."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from scraper.cleaner.rules import Rule, load_lexicon, load_rules
from scraper.model import Block
from scraper.text import count_words

MAX_LEAD = 25
"""Words of a block that leads elsewhere; longer ones are sentences that begin alike."""

LINKED = 0.5
BARE_LEAD = 6
"""A lead is mostly link, a label with its colon, or a bare one of few words; else a sentence."""

MAX_SEED = 45
"""Words of a block that a phrase makes a promo."""

MAX_TAIL_BLOCK = 60
"""Words of a block at which the search for the tail's beginning ends: that is article text."""

MAX_TAIL = 200
"""Blocks from the end among which a tail may begin; the seed's has 49."""

DROPPED = 2
"""Promo blocks in a tail that the model left out, which is a second voice beside the phrases."""

LAST = 12
"""Blocks at the end among which a tail says something promotional: most articles have none."""

MIN_SHARE = 0.4
"""Share of promo blocks in a tail, short list items left out: they name topics and editions."""

MAX_ITEM = 8
"""Words of a short list item."""

MIN_ARTICLE = 3
"""Blocks longer than ``MIN_PROSE`` words that must remain above a tail."""
MIN_PROSE = 20

LONE = 30
"""Words up to which a single kind of promo makes a tail; beyond, two kinds must agree."""

_HEADINGS = ("h2", "h3", "h4", "h5", "h6")
_CASELESS = re.compile(r"^[\u0600-\u06ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_LABEL = re.compile(r"^[^:：]{1,40}[:：]")
_OPENING = r"^[\W_]{0,8}"


class Said(NamedTuple):
    """A block, the share of its words that are links, and whether the model keeps it."""

    block: Block
    linked: float
    kept: bool = True


class BlockMark(NamedTuple):
    """A kept block to cut after all, by its place, with kind and rule."""

    place: int
    kind: str
    rule: str


def kind_of(text: str) -> Rule | None:
    """Return the rule whose phrases a short text holds: what is cut anyway is named by it."""
    return _seed(Block(role="p", text=text, level=None, rows=None, url=None))


def mark_leads(kept: Sequence[Said]) -> Iterator[BlockMark]:
    """Yield a mark for each short block that opens with a lead and is hardly more than links."""
    for place, said in enumerate(kept):
        rule = _lead(said)
        if rule is not None:
            yield BlockMark(place, rule.kind, rule.id)


def _lead(said: Said) -> Rule | None:
    text = said.block.text
    if said.block.role in ("quote", "code", "table") or _exceeds(text, MAX_LEAD):
        return None
    rule = next((rule for rule in _rules() if _is_lead(rule) and _hits(rule, text)), None)
    if rule is None:
        return None
    labelled = _LABEL.match(text) is not None
    return rule if labelled or said.linked >= LINKED or not _exceeds(text, BARE_LEAD) else None


def mark_tail(kept: Sequence[Said]) -> Iterator[BlockMark]:
    """Yield a mark for each block of the promo tail: the run rule.

    From the end upwards as far as no long block stands, the tail begins at the earliest promo
    block from which on ``MIN_SHARE`` of all blocks are promo. A tail that is more than a line or
    two needs two kinds of promo, or an article that ends in advice on subscriptions would lose it.
    """
    blocks = [said.block for said in kept]
    bound = max(0, len(blocks) - MAX_TAIL)
    first = next((n for n in range(len(blocks), bound, -1) if _is_long(blocks[n - 1])), bound)
    short = blocks[first:]
    if not any(_seed(block) for block in short[-LAST:]):
        return
    seeds = [_seed(block) for block in short]
    votes = [
        seed is not None or not _is_item(block) for seed, block in zip(seeds, short, strict=True)
    ]
    for place, seed in enumerate(seeds):
        start = first + place
        if seed is None or not kept[start].kept:  # a box inside the article is no tail
            continue
        if _share(seeds[place:], votes[place:]) >= MIN_SHARE:
            dropped = sum(
                found is not None and not said.kept
                for found, said in zip(seeds[place:], kept[start:], strict=True)
            )
            tail = short[place:]
            if _is_article(blocks[:start]) and (
                dropped >= DROPPED or _believed(tail, seeds[place:], blocks[:2])
            ):
                if start and blocks[start - 1].role in _HEADINGS:  # the tail's own heading
                    yield BlockMark(start - 1, seed.kind, seed.id)
                yield from _tail_marks(start, seeds[place:], seed)
            return


def _is_article(blocks: Sequence[Block]) -> bool:
    return sum(count_words(block.text) > MIN_PROSE for block in blocks) >= MIN_ARTICLE


def _is_item(block: Block) -> bool:
    """Whether a block is a short item, which belongs to what stands around it, whatever it says."""
    return block.role == "li" and count_words(block.text) <= MAX_ITEM


def _share(seeds: Sequence[Rule | None], votes: Sequence[bool]) -> float:
    return sum(seed is not None for seed in seeds) / sum(votes)


def _believed(
    tail: Sequence[Block], seeds: Sequence[Rule | None], opening: Sequence[Block]
) -> bool:
    """Whether a tail is promo: several kinds, or one in few words; never the article's topic."""
    rules = {seed for seed in seeds if seed}
    kinds = {rule.kind for rule in rules}
    if any(_hits(rule, block.text) for rule in rules for block in opening):
        return False
    return len(kinds) > 1 or sum(count_words(block.text) for block in tail) <= LONE


def _tail_marks(start: int, seeds: Sequence[Rule | None], first: Rule) -> Iterator[BlockMark]:
    """Let a block without a promo phrase have the kind of the one before it."""
    rule = first
    for place, seed in enumerate(seeds, start):
        rule = seed or rule
        yield BlockMark(place, rule.kind, rule.id)


def _is_long(block: Block) -> bool:
    return block.role in ("quote", "code", "table") or _exceeds(block.text, MAX_TAIL_BLOCK)


def _seed(block: Block) -> Rule | None:
    if _exceeds(block.text, MAX_SEED):
        return None
    return next((rule for rule in _rules() if not _is_lead(rule) and _hits(rule, block.text)), None)


def _exceeds(text: str, words: int) -> bool:
    """Whether a text has more words than that; spaces settle it for most without counting."""
    return text.count(" ") > 2 * words or count_words(text) > words


def _is_lead(rule: Rule) -> bool:
    return rule.id.endswith(".lead")


def _hits(rule: Rule, text: str) -> bool:
    return _pattern(rule.phrases, lead=_is_lead(rule)).search(text.casefold()) is not None


@cache
def _rules() -> tuple[Rule, ...]:
    return tuple(rule for rule in load_rules() if rule.phrases)


@cache
def _pattern(lexicon: str, *, lead: bool) -> re.Pattern[str]:
    """Return one pattern for all phrases: whole words, except in scripts that do not space them."""
    phrases = sorted(load_lexicon(lexicon), key=lambda phrase: (-len(phrase), phrase))
    ended = "|".join(
        re.escape(phrase) + ("" if _CASELESS.match(phrase) else r"(?!\w)") for phrase in phrases
    )
    start = _OPENING if lead else r"(?<!\w)"
    return re.compile(f"{start}(?:{ended})")
