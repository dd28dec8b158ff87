"""Scores of one page's output against its gold, as pure functions, and their averages."""

import math
import random
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean

# One token is a Han or Kana character, or a run of other word characters: Chinese and Japanese
# have no spaces, so a run would be a whole clause.
_CJK = "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_TOKEN = re.compile(rf"[{_CJK}]|[^\W{_CJK}]+")

# Combining marks left after composition, and what is invisible inside a word: soft hyphen,
# zero-width space, (non-)joiners, word joiner, byte order mark.
_IGNORED = dict.fromkeys(
    [
        *(code for code in range(sys.maxunicode) if unicodedata.category(chr(code))[0] == "M"),
        *(0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF),
    ]
)


@dataclass(frozen=True, slots=True)
class WordScore:
    """Precision, recall and F1 over the words of one page, 0 to 1."""

    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class SegmentCounts:
    """Segments found and missed: tp and fn count over `with`, fp and tn over `without`."""

    tp: int = 0
    fn: int = 0
    fp: int = 0
    tn: int = 0


@dataclass(frozen=True, slots=True)
class SegmentScore:
    """Segment scores over all pages together (micro), 0 to 1; leak is fp / (fp + tn)."""

    precision: float
    recall: float
    f1: float
    accuracy: float
    leak: float


@dataclass(frozen=True, slots=True)
class KindCounts:
    """Drop sentences of one class on a page: all, those that leaked, and the words of these."""

    kind: str
    drop: int
    leaked: int
    words: int


@dataclass(frozen=True, slots=True)
class PromoCounts:
    """Promo sentences of one page: how many there are, and how many of them the output has.

    `kinds` has the drop sentences by class, `words` is the length of the output.
    """

    drop: int = 0
    leaked: int = 0
    inside: int = 0
    inside_leaked: int = 0
    keep: int = 0
    kept: int = 0
    hard: int = 0
    hard_kept: int = 0
    kinds: tuple[KindCounts, ...] = ()
    words: int = 0

    @property
    def clean(self) -> bool:
        """Tell whether no drop sentence leaked."""
        return self.leaked == 0

    @property
    def right(self) -> float:
        """Return the share of the sentences that are where they belong."""
        return _share(self.drop - self.leaked + self.kept, self.drop + self.keep)

    @property
    def perfect(self) -> bool:
        """Tell whether nothing leaked and every keep sentence is there."""
        return self.leaked == 0 and self.kept == self.keep


@dataclass(frozen=True, slots=True)
class PromoScore:
    """The promo exam over many pages, each a share from 0 to 1."""

    drop_leak: float
    inside_leak: float
    clean: float
    keep_recall: float
    hard_recall: float
    perfect: float


def tokens(text: str) -> list[str]:
    r"""Split text into comparable words; Han and Kana by single character.

    >>> tokens("The ﬁnal café, 2\u00adnd x\u0301 half: 東京 タワー 24")
    ['the', 'final', 'café', '2nd', 'x', 'half', '東', '京', 'タ', 'ワ', 'ー', '24']
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return _TOKEN.findall(unicodedata.normalize("NFKC", folded).translate(_IGNORED))


def word_score(gold: Sequence[str], output: Sequence[str]) -> WordScore:
    """Compare two token lists as multisets; two empty ones agree, one empty one scores 0.

    >>> word_score(["a", "a", "b", "c"], ["a", "b", "b", "d"])
    WordScore(precision=0.5, recall=0.5, f1=0.5)
    >>> word_score([], []).f1, word_score(["a"], []).f1, word_score([], ["a"]).f1
    (1.0, 0.0, 0.0)
    """
    if not gold and not output:
        return WordScore(1.0, 1.0, 1.0)
    common = (Counter(gold) & Counter(output)).total()
    precision = common / len(output) if output else 0.0
    recall = common / len(gold) if gold else 0.0
    return WordScore(precision, recall, _f1(precision, recall))


def macro(scores: Iterable[WordScore]) -> WordScore | None:
    """Average precision, recall and F1 over pages, each page alike; None over no page.

    >>> macro([WordScore(1.0, 0.5, 0.6), WordScore(0.0, 0.5, 0.2)])
    WordScore(precision=0.5, recall=0.5, f1=0.4)
    """
    rows = list(scores)
    if not rows:
        return None
    return WordScore(
        fmean(row.precision for row in rows),
        fmean(row.recall for row in rows),
        fmean(row.f1 for row in rows),
    )


def segment_counts(with_: Sequence[str], without: Sequence[str], output: str) -> SegmentCounts:
    r"""Count the segments that the output contains literally, white space collapsed.

    >>> segment_counts(["b c", "x"], ["d", "y"], "a b\n c d")
    SegmentCounts(tp=1, fn=1, fp=1, tn=1)
    """
    text = _collapsed(output)
    hits = sum(_collapsed(segment) in text for segment in with_)
    leaks = sum(_collapsed(segment) in text for segment in without)
    return SegmentCounts(hits, len(with_) - hits, leaks, len(without) - leaks)


def segment_score(counts: Iterable[SegmentCounts]) -> SegmentScore | None:
    """Score segments over all pages together; None where there is no segment.

    >>> segment_score([SegmentCounts(tp=2, fn=1, fp=1, tn=0), SegmentCounts(tp=1, tn=3)])
    SegmentScore(precision=0.75, recall=0.75, f1=0.75, accuracy=0.75, leak=0.25)
    """
    rows = list(counts)
    tp, fn = sum(row.tp for row in rows), sum(row.fn for row in rows)
    fp, tn = sum(row.fp for row in rows), sum(row.tn for row in rows)
    if tp + fn + fp + tn == 0:
        return None
    precision, recall = _share(tp, tp + fp), _share(tp, tp + fn)
    accuracy = _share(tp + tn, tp + fn + fp + tn)
    return SegmentScore(precision, recall, _f1(precision, recall), accuracy, _share(fp, fp + tn))


def contains(output: Sequence[str], sentence: Sequence[str]) -> bool:
    """Tell whether a token sequence stands in the output without a gap; an empty one never does.

    >>> contains(["sign", "up", "now"], ["up", "now"]), contains(["signup"], ["up"])
    (True, False)
    """
    return bool(sentence) and f" {' '.join(sentence)} " in f" {' '.join(output)} "


def promo_counts(
    drop: Sequence[tuple[str, bool, str]], keep: Sequence[tuple[str, bool]], output: str
) -> PromoCounts:
    """Look up a page's sentences: drop with inside flag and class, keep with hard-negative flag.

    >>> drop = [("Sign up!", True, "newsletter"), ("Read more", False, "related")]
    >>> counts = promo_counts(drop, [("He did.", False), ("1 €", True)], "He did. Sign up")
    >>> counts.leaked, counts.inside_leaked, counts.kept, counts.hard_kept, counts.words
    (1, 1, 1, 0, 4)
    >>> counts.kinds[0]
    KindCounts(kind='newsletter', drop=1, leaked=1, words=2)
    """
    words = tokens(output)
    unwanted = [tokens(text) for text, *_ in drop]
    leaked = [contains(words, sentence) for sentence in unwanted]
    kept = [contains(words, tokens(text)) for text, _ in keep]
    inside, hard = [flag for _, flag, _ in drop], [flag for _, flag in keep]
    return PromoCounts(
        drop=len(drop),
        leaked=sum(leaked),
        inside=sum(inside),
        inside_leaked=_both(leaked, inside),
        keep=len(keep),
        kept=sum(kept),
        hard=sum(hard),
        hard_kept=_both(kept, hard),
        kinds=_by_kind([kind for *_, kind in drop], list(map(len, unwanted)), leaked),
        words=len(words),
    )


def _by_kind(
    kinds: Sequence[str], lengths: Sequence[int], leaked: Sequence[bool]
) -> tuple[KindCounts, ...]:
    """Count a page's drop sentences by class; each leaked one gives its words once."""
    rows = list(zip(kinds, lengths, leaked, strict=True))
    return tuple(
        KindCounts(
            kind,
            drop=kinds.count(kind),
            leaked=sum(there for of, _, there in rows if of == kind),
            words=sum(length for of, length, there in rows if of == kind and there),
        )
        for kind in dict.fromkeys(kinds)
    )


def promo_score(counts: Iterable[PromoCounts]) -> PromoScore | None:
    """Sum the promo exam: sentences over all pages together, clean and perfect by page.

    >>> score = promo_score([PromoCounts(drop=3, leaked=1, keep=1, kept=1), PromoCounts(drop=1)])
    >>> score.drop_leak, score.clean, score.perfect, score.keep_recall
    (0.25, 0.5, 0.5, 1.0)
    """
    rows = list(counts)
    if not rows:
        return None
    return PromoScore(
        drop_leak=_share(sum(row.leaked for row in rows), sum(row.drop for row in rows)),
        inside_leak=_share(sum(row.inside_leaked for row in rows), sum(row.inside for row in rows)),
        clean=fmean(row.clean for row in rows),
        keep_recall=_share(sum(row.kept for row in rows), sum(row.keep for row in rows)),
        hard_recall=_share(sum(row.hard_kept for row in rows), sum(row.hard for row in rows)),
        perfect=fmean(row.perfect for row in rows),
    )


def paired_interval(
    differences: Sequence[float], rounds: int = 1000, seed: int = 1
) -> tuple[float, float]:
    """Bootstrap the mean of paired differences by page: the bounds that hold 95 % of the means.

    >>> paired_interval([0.5, 0.5, 0.5])
    (0.5, 0.5)
    """
    draw = random.Random(seed)
    means = [fmean(draw.choices(differences, k=len(differences))) for _ in range(rounds)]
    return percentile(means, 0.025), percentile(means, 0.975)


def percentile(values: Sequence[float], share: float) -> float:
    """Take the value below which `share` of the values lie, by nearest rank.

    >>> percentile([4, 1, 3, 2], 0.5), percentile([4, 1, 3, 2], 0.95)
    (2, 4)
    """
    rank = math.ceil(share * len(values))
    return sorted(values)[max(rank, 1) - 1]


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _both(one: Sequence[bool], other: Sequence[bool]) -> int:
    return sum(a and b for a, b in zip(one, other, strict=True))


def _collapsed(text: str) -> str:
    return " ".join(text.split())
