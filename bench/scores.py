"""A page's scores by system, and their summary over many pages."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import fmean, median
from typing import TypeVar

from bench.corpora.case import Case
from bench.metrics import (
    PromoCounts,
    PromoScore,
    SegmentCounts,
    SegmentScore,
    WordScore,
    macro,
    promo_counts,
    promo_score,
    segment_counts,
    segment_score,
    tokens,
    word_score,
)
from bench.output import Output

T = TypeVar("T")
K = TypeVar("K")

# Characters below which an output counts as empty, as in research on the peers.
EMPTY_BELOW = 50


@dataclass(frozen=True, slots=True)
class PageScore:
    """What one system made of one page; scores that its corpus has no gold for are None.

    `gold_words` is 0 where the gold is an empty text or there is none. `text_f1` is the word F1 of
    the text alone, `words` that of the text with headline or standfirst where the gold has them.
    `page_type` and `confidence` are what the system says of the page, `gold_type` is true.
    """

    corpus: str
    group: str
    id: str
    system: str
    gold_words: int
    words: WordScore | None
    segments: SegmentCounts | None
    promo: PromoCounts | None
    empty: bool
    error: str | None
    cpu_ms: float | None
    text_f1: float | None
    gold_type: str | None
    page_type: str | None
    confidence: float | None

    @property
    def figure(self) -> float | None:
        """Word F1, else the share of the page's snippets or promo sentences that are right."""
        if self.words is not None:
            return self.words.f1
        if self.segments is not None:
            return segment_score([self.segments]).accuracy
        return self.promo and self.promo.right


@dataclass(frozen=True, slots=True)
class Summary:
    """Scores over pages; cpu figures are milliseconds a page, over the pages without an error."""

    pages: int
    words: WordScore | None
    segments: SegmentScore | None
    promo: PromoScore | None
    empty: int
    errors: int
    cpu_median: float | None
    cpu_mean: float | None
    text_f1: float | None


def score_page(
    case: Case,
    system: str,
    output: Output,
    *,
    error: str | None = None,
    cpu_ms: float | None = None,
) -> PageScore:
    """Score an output; a failed extraction is scored as the empty output."""
    words = segments = promo = text_f1 = None
    text = output.for_gold(case)
    if case.gold is not None:
        words = word_score(_gold_tokens(case.gold), tokens(text))
        text_f1 = words.f1
        if text != output.text:
            text_f1 = word_score(_gold_tokens(case.gold), tokens(output.text)).f1
    if case.with_ or case.without:
        segments = segment_counts(case.with_, case.without, text)
    if case.promo is not None:
        drop = list(zip(case.promo.drop, case.promo.inside, case.promo.kinds, strict=True))
        keep = list(zip(case.promo.keep, case.promo.hard, strict=True))
        promo = promo_counts(drop, keep, text)
    return PageScore(
        corpus=case.corpus,
        group=case.group,
        id=case.id,
        system=system,
        gold_words=len(_gold_tokens(case.gold or "")),
        words=words,
        segments=segments,
        promo=promo,
        empty=len(output.text.strip()) < EMPTY_BELOW,
        error=error,
        cpu_ms=cpu_ms,
        text_f1=text_f1,
        gold_type=case.page_type,
        page_type=output.page_type,
        confidence=output.confidence,
    )


@lru_cache(maxsize=4)  # the systems are run page by page
def _gold_tokens(gold: str) -> tuple[str, ...]:
    return tuple(tokens(gold))


def summarize(pages: Sequence[PageScore]) -> Summary:
    """Average the scores of pages: words by page, segments and sentences over all pages."""
    alone = [page.text_f1 for page in pages if page.text_f1 is not None]
    times = [page.cpu_ms for page in pages if page.cpu_ms is not None and page.error is None]
    return Summary(
        pages=len(pages),
        words=macro(page.words for page in pages if page.words is not None),
        segments=segment_score(page.segments for page in pages if page.segments is not None),
        promo=promo_score(page.promo for page in pages if page.promo is not None),
        empty=sum(page.empty for page in pages),
        errors=sum(page.error is not None for page in pages),
        cpu_median=median(times) if times else None,
        cpu_mean=fmean(times) if times else None,
        text_f1=fmean(alone) if alone else None,
    )


def grouped(items: Iterable[T], key: Callable[[T], K]) -> dict[K, list[T]]:
    """Group items by a key, in the order in which the keys are met."""
    groups: dict[K, list[T]] = defaultdict(list)
    for item in items:
        groups[key(item)].append(item)
    return dict(groups)
