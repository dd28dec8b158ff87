"""What ours says of a page itself, held against the gold: its type, and its own confidence."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from statistics import fmean

from bench.markdown import percent, ratio, table
from bench.scores import PageScore, grouped

BUCKETS = 10

NO_TYPES = "Page types: skipped, ours does not say extraction.page_type."
NO_CONFIDENCE = "Confidence: skipped, ours does not say extraction.confidence."


@dataclass(frozen=True, slots=True)
class Bucket:
    """Pages of like confidence: its mean, and the mean word F1 that they reached."""

    low: float
    count: int
    confidence: float
    f1: float


@dataclass(frozen=True, slots=True)
class Reliability:
    """Buckets by confidence; `error` is the expected calibration error.

    That is the gap between mean confidence and mean F1 of a bucket, averaged over pages.
    """

    buckets: tuple[Bucket, ...]
    error: float


def reliability(pages: Iterable[PageScore], count: int = BUCKETS) -> Reliability | None:
    """Sort the pages with word gold into `count` buckets of equal width; None over no page."""
    pairs = [
        (page.confidence, page.words.f1)
        for page in pages
        if page.confidence is not None and page.words is not None
    ]
    if not pairs:
        return None
    sorted_in = grouped(sorted(pairs), lambda pair: min(int(pair[0] * count), count - 1))
    buckets = tuple(
        Bucket(place / count, len(inside), *map(fmean, zip(*inside, strict=True)))
        for place, inside in sorted_in.items()
    )
    gaps = (bucket.count * abs(bucket.confidence - bucket.f1) for bucket in buckets)
    return Reliability(buckets, sum(gaps) / len(pairs))


def confusion(pages: Iterable[PageScore]) -> Counter[tuple[str, str]]:
    """Count the pages by the type of the gold and the type that ours says."""
    return Counter(
        (page.gold_type, page.page_type)
        for page in pages
        if page.gold_type is not None and page.page_type is not None
    )


def accuracy(counts: Counter[tuple[str, str]]) -> float | None:
    """Return the share of pages whose type is right; None over no page."""
    right = sum(number for (gold, said), number in counts.items() if gold == said)
    return right / counts.total() if counts else None


def claims(corpora: dict[str, Sequence[PageScore]]) -> dict[str, object]:
    """Return the figures as plain data by corpus; empty where ours says nothing."""
    figures = {}
    for corpus, pages in corpora.items():
        counts, reliable = confusion(pages), reliability(pages)
        if counts or reliable:
            figures[corpus] = {
                "type_accuracy": accuracy(counts),
                "types": {
                    gold: {said: number for (of, said), number in counts.items() if of == gold}
                    for gold in sorted({gold for gold, _ in counts})
                },
                "reliability": reliable and asdict(reliable),
            }
    return figures


def type_section(corpora: dict[str, Sequence[PageScore]]) -> str:
    """Write accuracy and confusion for each corpus whose gold knows more than one type."""
    parts = []
    for corpus, pages in corpora.items():
        counts = confusion(pages)
        if len({gold for gold, _ in counts}) > 1:
            right = percent(accuracy(counts))
            parts += [f"{corpus}: {right} % of {counts.total()} pages", _confusion_table(counts)]
    return "\n\n".join(parts) or NO_TYPES


def _confusion_table(counts: Counter[tuple[str, str]]) -> str:
    golds = sorted({gold for gold, _ in counts})
    said = [*golds, *sorted({said for _, said in counts} - set(golds))]
    rows = []
    for gold in golds:
        row = [counts[gold, name] for name in said]
        rows.append(
            [gold, *(number or None for number in row), percent(row[golds.index(gold)] / sum(row))]
        )
    return table(["gold, then as ours says", *said, "right %"], rows)


def confidence_section(corpora: dict[str, Sequence[PageScore]]) -> str:
    """Write a reliability table for each corpus with word gold."""
    parts = []
    for corpus, pages in corpora.items():
        if reliable := reliability(pages):
            error = f"{corpus}: expected calibration error {ratio(reliable.error)}"
            parts += [error, _reliability_table(reliable)]
    return "\n\n".join(parts) or NO_CONFIDENCE


def _reliability_table(reliable: Reliability) -> str:
    header = ["confidence from", "pages", "mean confidence", "mean F1"]
    rows = [
        [ratio(bucket.low), bucket.count, ratio(bucket.confidence), ratio(bucket.f1)]
        for bucket in reliable.buckets
    ]
    return table(header, rows)
