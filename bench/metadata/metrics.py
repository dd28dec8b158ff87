"""Scores of metadata answers against gold: folding, one page's outcome, and the sums over pages."""

import html
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean

from bench.metadata.gold import MetaCase
from bench.metadata.instant import has_time, parse, same_day, same_instant
from bench.metrics import tokens, word_score

BUCKETS = 10

FIELDS = ("title", "authors", "date", "tags")

# Quotes and apostrophes of all scripts become ", dashes and minus become -.
_QUOTES = dict.fromkeys(map(ord, "'`´‘’‚‛“”„‟′″«»‹›「」『』〝〞〟＂＇"), '"')
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−－"), "-")

# What a byline says before the names, and what stands between them. "y", "e", "og", "och", "en":
# Spanish, Portuguese or Italian, Danish or Norwegian, Swedish, Dutch.
_BY = re.compile(
    r"(?: (?:written|posted)\s+by | by | von | por | par | di ) [\s:]+ | @", re.VERBOSE
)
_BETWEEN = re.compile(r"[,;|/&、] | \s (?:and|und|et|y|e|og|och|en) \s", re.VERBOSE)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a system says of a page; None and () where it says nothing.

    `confidence` (0 to 1) and `source` are by field, for the fields of which a system tells them.
    """

    title: str | None = None
    authors: tuple[str, ...] = ()
    date: str | None = None
    tags: tuple[str, ...] = ()
    confidence: Mapping[str, float] = field(default_factory=dict)
    source: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Judged:
    """One field of one page with gold: whether it was answered, and whether that is right.

    Right is the exact title, the exact set of authors or tags, the day. `matched` of `said` and
    `of` `wanted`: names or labels. `f1`: of a title's words. `instant`: None where the gold has
    no time.
    """

    answered: bool
    right: bool
    matched: int = 0
    said: int = 0
    wanted: int = 0
    f1: float = 0.0
    instant: bool | None = None


def fold(text: str) -> str:
    r"""Fold what no reader minds: entities, width, case, quotes, dashes, space, outer punctuation.

    >>> fold(" „Tide &amp; Time“\u00a0– The  ＥＮＤ. "), fold("“O’Brien”") == fold("O'brien")
    ('tide & time" - the end', True)
    """
    # An entity may be escaped twice in gold and answer; format characters (soft hyphen) go.
    plain = unicodedata.normalize("NFKC", html.unescape(html.unescape(text)))
    plain = plain.casefold().translate(_QUOTES).translate(_DASHES)
    seen = "".join(char for char in plain if unicodedata.category(char) != "Cf")
    return _trimmed(" ".join(seen.split()))


def _trimmed(text: str) -> str:
    """Strip punctuation and space from both ends."""
    start, end = 0, len(text)
    while start < end and _is_outer(text[start]):
        start += 1
    while end > start and _is_outer(text[end - 1]):
        end -= 1
    return text[start:end]


def _is_outer(char: str) -> bool:
    return char.isspace() or unicodedata.category(char)[0] == "P"


def names(authors: Iterable[str]) -> frozenset[str]:
    """Split entries into folded names, without the word that says who wrote.

    >>> sorted(names(["Von Ann Lee und Bo Ek", "BY CY DAY / DPA", "@dee", "Per-Erik Ek"]))
    ['ann lee', 'bo ek', 'cy day', 'dee', 'dpa', 'per-erik ek']
    """
    parts = (part for entry in authors for part in _BETWEEN.split(_spread(entry)))
    return frozenset(filter(None, map(_name, parts)))


def _spread(entry: str) -> str:
    """Unescape and case-fold an entry, so that it can be split; white space becomes one space."""
    plain = unicodedata.normalize("NFKC", html.unescape(html.unescape(entry)))
    return " ".join(plain.casefold().split())


def _name(part: str) -> str:
    said = part.strip()
    by = _BY.match(said)
    return fold(said[by.end() :] if by else said)


def labels(tags: Iterable[str]) -> frozenset[str]:
    """Fold tags, of which an entry may list several: trafilatura returns a page's in one.

    >>> sorted(labels(["#Tide", "tide", "Ships, boats", " "]))
    ['boats', 'ships', 'tide']
    """
    parts = (part for entry in tags for part in re.split("[,;]", html.unescape(entry)))
    return frozenset(filter(None, map(fold, parts)))


def judge(case: MetaCase, answer: Answer) -> dict[str, Judged]:
    """Judge the fields of which the page has gold."""
    judged = {}
    if case.title is not None:
        judged["title"] = _judge_title(case.title, answer.title)
    if case.authors is not None:
        judged["authors"] = _judge_set(names(case.authors), names(answer.authors))
    if case.date is not None:
        judged["date"] = _judge_date(case.date, answer.date)
    if case.tags is not None:
        judged["tags"] = _judge_set(labels(case.tags), labels(answer.tags))
    return judged


def _judge_title(gold: str, answer: str | None) -> Judged:
    said = fold(answer or "")
    score = word_score(tokens(html.unescape(gold)), tokens(html.unescape(answer or "")))
    return Judged(bool(said), bool(said) and said == fold(gold), f1=score.f1)


def _judge_set(gold: frozenset[str], answer: frozenset[str]) -> Judged:
    return Judged(
        answered=bool(answer),
        right=gold == answer,
        matched=len(gold & answer),
        said=len(answer),
        wanted=len(gold),
    )


def _judge_date(gold: str, answer: str | None) -> Judged:
    """Compare days, and moments where the gold has one; an unreadable answer is wrong."""
    wanted, said = parse(gold), parse(answer or "")
    timed = wanted is not None and has_time(wanted)
    if wanted is None or said is None:
        return Judged(bool(answer), right=False, instant=False if timed else None)
    instant = same_instant(wanted, said) if timed else None
    return Judged(answered=True, right=same_day(wanted, said), instant=instant)


@dataclass(frozen=True, slots=True)
class TitleScore:
    """Titles over the pages with gold; no answer is a miss."""

    pages: int
    exact: float
    f1: float


@dataclass(frozen=True, slots=True)
class SetScore:
    """Authors or tags: precision, recall and F1 over all names, and the share of exact sets."""

    pages: int
    precision: float
    recall: float
    f1: float
    exact: float


@dataclass(frozen=True, slots=True)
class DateScore:
    """Days over the pages with gold, but for precision, which is over the answered ones.

    `instants` counts the pages whose gold has a time, `instant` is the share of them that is met.
    """

    pages: int
    accuracy: float
    precision: float
    wrong: float
    coverage: float
    instants: int
    instant: float | None


def title_score(pages: Sequence[Judged]) -> TitleScore | None:
    """Score titles; None over no page.

    >>> title_score([Judged(True, True, f1=1.0), Judged(True, False, f1=0.5)])
    TitleScore(pages=2, exact=0.5, f1=0.75)
    """
    if not pages:
        return None
    return TitleScore(len(pages), fmean(p.right for p in pages), fmean(p.f1 for p in pages))


def set_score(pages: Sequence[Judged]) -> SetScore | None:
    """Score sets of names or labels over all pages together; None over no page.

    >>> score = set_score([Judged(True, False, matched=1, said=2, wanted=2), Judged(False, False)])
    >>> score.precision, score.recall, score.f1, score.exact
    (0.5, 0.5, 0.5, 0.0)
    """
    if not pages:
        return None
    matched = sum(page.matched for page in pages)
    said, wanted = sum(page.said for page in pages), sum(page.wanted for page in pages)
    return SetScore(
        pages=len(pages),
        precision=matched / said if said else 0.0,
        recall=matched / wanted if wanted else 0.0,
        f1=2 * matched / (said + wanted) if said + wanted else 0.0,
        exact=fmean(page.right for page in pages),
    )


def date_score(pages: Sequence[Judged]) -> DateScore | None:
    """Score dates; None over no page.

    >>> score = date_score([Judged(True, True), Judged(True, False), Judged(False, False)])
    >>> round(score.accuracy, 2), score.precision, round(score.wrong, 2), score.instant
    (0.33, 0.5, 0.33, None)
    """
    if not pages:
        return None
    answered = [page for page in pages if page.answered]
    timed = [page.instant for page in pages if page.instant is not None]
    return DateScore(
        pages=len(pages),
        accuracy=fmean(page.right for page in pages),
        precision=fmean(page.right for page in answered) if answered else 0.0,
        wrong=sum(not page.right for page in answered) / len(pages),
        coverage=len(answered) / len(pages),
        instants=len(timed),
        instant=fmean(timed) if timed else None,
    )


SCORES: dict[str, Callable[[Sequence[Judged]], TitleScore | SetScore | DateScore | None]] = {
    "title": title_score,
    "authors": set_score,
    "date": date_score,
    "tags": set_score,
}


@dataclass(frozen=True, slots=True)
class Bucket:
    """Answers of like confidence: how many, its mean, and the share of them that is right."""

    low: float
    count: int
    confidence: float
    right: float


@dataclass(frozen=True, slots=True)
class Reliability:
    """Buckets by confidence; `error` is the expected calibration error.

    That is the gap between mean confidence and share right of a bucket, averaged over answers.
    """

    buckets: tuple[Bucket, ...]
    error: float


def reliability(claims: Iterable[tuple[float, bool]], count: int = BUCKETS) -> Reliability | None:
    """Sort pairs of confidence and right into `count` buckets of equal width; None over none.

    >>> made = reliability([(0.95, True), (1.0, False), (0.25, False)])
    >>> [(bucket.low, bucket.count, bucket.right) for bucket in made.buckets]
    [(0.2, 1, 0.0), (0.9, 2, 0.5)]
    >>> round(made.error, 4)
    0.4
    """
    sorted_in: dict[int, list[tuple[float, bool]]] = {}
    for confidence, right in claims:
        place = min(int(confidence * count), count - 1)
        sorted_in.setdefault(place, []).append((confidence, right))
    if not sorted_in:
        return None
    buckets = tuple(
        Bucket(place / count, len(inside), *map(fmean, zip(*inside, strict=True)))
        for place, inside in sorted(sorted_in.items())
    )
    gaps = (bucket.count * abs(bucket.confidence - bucket.right) for bucket in buckets)
    return Reliability(buckets, sum(gaps) / sum(bucket.count for bucket in buckets))
