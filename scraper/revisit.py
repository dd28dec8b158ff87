"""Judges what a visit came to beside what is known of the URL, and says when the next is due.

Pure: a good article is never given up for a failure, a wall, a stub or a shrunken page.
"""

from datetime import UTC, datetime
from typing import Literal, NamedTuple

import msgspec

from scraper.blank import failed
from scraper.model import Article, Fetch, Known, Status
from scraper.settings import Settings

GOOD = ("ok", "partial", "duplicate")
"""Statuses of records that are articles."""

SHRUNK = 0.5
"""Share of the earlier words below which a page is taken for broken, not for edited: paywall stubs
keep 10 to 35 %, corrections hardly ever a half (a judgement, not measured)."""

MIN_WORDS = 100
"""Words below which nothing is said of shrinking: short notices are rewritten as a whole."""

GROW, SHRINK = 2.0, 0.5
"""Factors of the interval after a visit without and with a new text."""

FIRST_FAILURE = 3600.0
"""Seconds to the next try after a first failure; doubled for each further one."""

MISSING_APART = 86400.0
"""Seconds between two looks at a page that was not found: it shall have time to come back."""

JITTER = 0.1
"""Share of an interval that is added or taken by the URL's id, so that what was added together is
not due together for ever."""


class Judgement(NamedTuple):
    """What is to be written, if anything, and what is known from now on.

    ``status`` is ``unchanged`` where the article stands as it was and nothing is written; ``kept``
    says that it stands in spite of a failure, whose record is ``article``.
    """

    status: Status | Literal["unchanged"]
    article: Article | None
    known: Known
    kept: bool = False


def unchanged(known: Known, identity: str, now: float, settings: Settings) -> Judgement:
    """Judge a visit to which the server says that nothing has changed."""
    interval = _bounded(known.interval * GROW, settings)
    seen = msgspec.structs.replace(
        known,
        status="duplicate" if known.duplicate_of else "ok",
        code=None,
        failures=0,
        missing=0,
        interval=interval,
        due=now + _jittered(interval, identity),
        visited=now,
        last_seen=now,
    )
    return Judgement("unchanged", None, seen)


def judge(known: Known, article: Article, now: float, settings: Settings) -> Judgement:
    """Judge the record that a visit ended in."""
    if article.status not in GOOD:
        return _failure(known, article, now, settings)
    if known.version and article.content_hash == known.content_hash:
        same = unchanged(known, article.id, now, settings)
        return same._replace(known=_validated(same.known, article))
    if known.version and (code := _lesser(known, article)):
        return _failure(known, failed(article, code, _LESSER[code]), now, settings)
    return _new_text(known, article, now, settings)


_LESSER = {
    "paywall_stub": "a wall stands where the earlier text went on",
    "shrunk": "the page gives less than half of the earlier text",
}


def polled(known: Known, fetch: Fetch, fresh: int, now: float, settings: Settings) -> Known:
    """Return what is known of a feed or sitemap that named ``fresh`` new pages.

    It is looked at between the shortest interval and that of a new article.
    """
    interval = (known.interval or settings.revisit_min) * (SHRINK if fresh else GROW)
    interval = min(max(interval, settings.revisit_min), settings.revisit_first)
    return msgspec.structs.replace(
        known,
        status="ok",
        code=None,
        failures=0,
        missing=0,
        interval=interval,
        due=now + interval,
        visited=now,
        last_seen=now,
        changed=now if fresh else known.changed,
        etag=fetch.etag or known.etag,
        last_modified=fetch.last_modified or known.last_modified,
    )


def adopted(known: Known, article: Article, now: float, settings: Settings) -> Known:
    """Return what is known once the record ``article``, judged before, is found among the written.

    ``now`` is when it was fetched.
    """
    if article.status not in GOOD:
        is_old = known.visited is not None and now < known.visited
        return known if is_old else _failure(known, article, now, settings).known
    interval = known.interval * SHRINK if known.version else settings.revisit_first
    interval = _bounded(interval, settings)
    due = now + _jittered(interval, article.id)
    return msgspec.structs.replace(remembered(known, article, now), interval=interval, due=due)


def _lesser(known: Known, article: Article) -> str | None:
    """Return why a text must not take the place of the known one; None where it may."""
    if known.words < MIN_WORDS or article.word_count >= known.words:
        return None
    walled = article.access.status in ("metered", "paywalled", "registration")
    if walled and article.access.truncated:
        return "paywall_stub"
    return "shrunk" if article.word_count < SHRUNK * known.words else None


def _new_text(known: Known, article: Article, now: float, settings: Settings) -> Judgement:
    first = known.version == 0
    interval = _bounded(settings.revisit_first if first else known.interval * SHRINK, settings)
    article = msgspec.structs.replace(article, version=known.version + 1)
    seen = remembered(known, article, now)
    due = now + _jittered(interval, article.id)
    return Judgement(
        article.status, article, msgspec.structs.replace(seen, interval=interval, due=due)
    )


def remembered(known: Known, article: Article, now: float) -> Known:
    """Return what is known once ``article`` is the one that stands."""
    return _validated(
        msgspec.structs.replace(
            known,
            version=article.version,
            content_hash=article.content_hash,
            simhash=article.simhash,
            words=article.word_count,
            status=article.status,
            code=None,
            failures=0,
            missing=0,
            visited=now,
            last_seen=now,
            changed=now,
            duplicate_of=article.duplicate_of,
        ),
        article,
    )


def _validated(known: Known, article: Article) -> Known:
    fetch = article.fetch
    return msgspec.structs.replace(known, etag=fetch.etag, last_modified=fetch.last_modified)


def _failure(known: Known, article: Article, now: float, settings: Settings) -> Judgement:
    """Judge a visit that gave no article: what stands stays, and another try is due, or none."""
    code = article.error.code if article.error else None
    missing = known.missing + 1 if article.fetch.http_status in (404, 410) else 0
    failures = known.failures + 1
    due = None if _is_final(known, article) else now + _patience(failures, missing, settings)
    if known.last_seen is not None and missing >= settings.gone_after:
        article, due = msgspec.structs.replace(article, status="gone"), None
    asked = article.error.next_attempt_at if article.error else None
    if asked and due is not None:
        due = max(due, datetime.fromisoformat(asked).timestamp())
    seen = msgspec.structs.replace(
        known,
        status=article.status,
        code=code,
        failures=failures,
        missing=missing,
        visited=now,
        due=due,
    )
    return Judgement(article.status, _scheduled(article, due), seen, kept=known.version > 0)


def _is_final(known: Known, article: Article) -> bool:
    """Whether no later visit will end better: nothing was ever there, and the failure stays."""
    if known.last_seen is not None or article.status in ("blocked", "not_article"):
        return False
    return article.error is None or not article.error.retryable


def _patience(failures: int, missing: int, settings: Settings) -> float:
    """Return the seconds to the next try after so many failures in a row."""
    wait = min(FIRST_FAILURE * 2.0 ** min(failures - 1, 30), settings.revisit_max)
    return max(wait, MISSING_APART) if missing else wait


def _scheduled(article: Article, due: float | None) -> Article:
    """Write into the record when the next try is due."""
    if article.error is None or due is None:
        return article
    stamp = datetime.fromtimestamp(due, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    error = msgspec.structs.replace(article.error, next_attempt_at=stamp)
    return msgspec.structs.replace(article, error=error)


def _bounded(interval: float, settings: Settings) -> float:
    return min(max(interval, settings.revisit_min), settings.revisit_max)


def _jittered(interval: float, identity: str) -> float:
    share = int(identity[:8], 16) / 2**32
    return interval * (1 + JITTER * (2 * share - 1))
