"""What a visit comes to beside what is known, and when the next is due."""

from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from scraper import revisit
from scraper.blank import blank_article, blank_fetch, failed
from scraper.errors import ERROR_CODES
from scraper.model import Access, Known
from scraper.settings import Settings

NOW = 1_800_000_000.0
HOUR, DAY = 3600.0, 86400.0
SETTINGS = Settings()
URL = "https://harbour.example/{}"


def record(text="a", *, n=1, status="ok", words=300, wall=None, truncated=None, **fetched):
    """A good record; its hash is that of ``text``."""
    fetch = msgspec.structs.replace(blank_fetch(URL.format(n), origin="http"), **fetched)
    access = Access(status=wall or "free", declared=None, truncated=truncated, evidence=())
    return msgspec.structs.replace(
        blank_article(URL.format(n), fetch),
        status=status,
        word_count=words,
        content_hash=f"sha256:{text}",
        simhash="0" * 16,
        access=access,
    )


def failure(code="http_5xx", *, http_status=None, asked=None, n=1):
    """The record of a failure; ``asked`` is when the server wants to be asked again."""
    fetch = msgspec.structs.replace(
        blank_fetch(URL.format(n), origin="http"), http_status=http_status
    )
    article = failed(blank_article(URL.format(n), fetch), code, "no")
    if asked is None:
        return article
    stamp = datetime.fromtimestamp(asked, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    error = msgspec.structs.replace(article.error, next_attempt_at=stamp)
    return msgspec.structs.replace(article, error=error)


def doubtful(status):
    """The record of a page that is there but is no article."""
    return record(status=status, words=0)


def missing(status=404):
    return failure("http_4xx", http_status=status)


NEW = Known(first_seen=NOW)


def seen(*articles, every=DAY, settings=SETTINGS):
    """What is known after such visits, one a day."""
    known = NEW
    for day, article in enumerate(articles):
        known = revisit.judge(known, article, NOW + day * every, settings).known
    return known


KNOWN = seen(record())
LATER = NOW + DAY


def judged(article, known=KNOWN, now=LATER, settings=SETTINGS):
    return revisit.judge(known, article, now, settings)


def due_in(judgement, now=LATER):
    return judgement.known.due - now


# A new article


def test_a_first_article_is_version_1():
    assert judged(record(), NEW).article.version == 1


def test_a_first_article_is_due_after_revisit_first():
    assert due_in(judged(record(), NEW)) == pytest.approx(DAY, rel=revisit.JITTER)


def test_what_is_added_together_is_not_due_together():
    dues = {judged(record(n=n), NEW).known.due for n in range(20)}
    assert len(dues) == 20


def test_jitter_stays_in_its_share():
    dues = [due_in(judged(record(n=n), NEW)) for n in range(500)]
    assert 0.9 * DAY <= min(dues) < 0.92 * DAY
    assert 1.08 * DAY < max(dues) <= 1.1 * DAY


@pytest.mark.parametrize("status", ["ok", "partial"])
def test_the_status_of_a_new_article_stays(status):
    assert judged(record(status=status), NEW).status == status


# Nothing new


def test_a_304_writes_nothing():
    found = revisit.unchanged(KNOWN, record().id, LATER, SETTINGS)
    assert (found.status, found.article) == ("unchanged", None)


def test_a_304_doubles_the_interval():
    assert revisit.unchanged(KNOWN, record().id, LATER, SETTINGS).known.interval == 2 * DAY


def test_a_304_keeps_the_article():
    known = revisit.unchanged(KNOWN, record().id, LATER, SETTINGS).known
    assert (known.version, known.content_hash) == (KNOWN.version, KNOWN.content_hash)


def test_a_304_keeps_the_validators():
    known = seen(record(etag='"1"', last_modified="Mon"))
    after = revisit.unchanged(known, record().id, LATER, SETTINGS).known
    assert (after.etag, after.last_modified) == ('"1"', "Mon")


def test_the_same_text_writes_nothing():
    found = judged(record())
    assert (found.status, found.article, found.known.version) == ("unchanged", None, 1)


def test_the_same_text_brings_new_validators():
    assert judged(record(etag='"2"')).known.etag == '"2"'


def test_the_same_text_without_validators_ends_conditional_requests():
    known = seen(record(etag='"1"'))
    assert judged(record(), known).known.etag is None


def test_the_interval_of_what_never_changes_grows_to_the_longest():
    known = seen(*[record()] * 12)
    assert known.interval == SETTINGS.revisit_max


def test_what_is_a_duplicate_stays_one_while_it_does_not_change():
    known = msgspec.structs.replace(KNOWN, status="duplicate", duplicate_of="x")
    assert judged(record(), known).known.status == "duplicate"


# A new text


def test_a_new_text_is_the_next_version():
    found = judged(record("b"))
    assert (found.status, found.article.version, found.known.version) == ("ok", 2, 2)


def test_a_new_text_halves_the_interval():
    assert judged(record("b")).known.interval == DAY / 2


def test_the_interval_of_what_always_changes_shrinks_to_the_shortest():
    known = seen(*[record(f"{n}") for n in range(12)])
    assert known.interval == SETTINGS.revisit_min


def test_a_new_text_is_what_is_known_from_now_on():
    known = judged(record("b", words=250)).known
    assert (known.content_hash, known.words, known.changed) == ("sha256:b", 250, LATER)


def test_a_new_text_is_a_duplicate_no_more():
    known = msgspec.structs.replace(KNOWN, status="duplicate", duplicate_of="x")
    assert judged(record("b"), known).known.duplicate_of is None


# Lesser texts


def test_a_shrunken_page_does_not_take_the_place_of_its_article():
    found = judged(record("b", words=149))
    assert (found.status, found.known.code, found.kept) == ("error", "shrunk", True)
    assert found.known.content_hash == KNOWN.content_hash


def test_half_of_the_words_are_an_edit():
    assert judged(record("b", words=150)).known.version == 2


def test_a_short_notice_may_be_rewritten():
    known = seen(record(words=99))
    assert judged(record("b", words=10), known).known.version == 2


@pytest.mark.parametrize("wall", ["metered", "paywalled", "registration"])
def test_a_stub_behind_a_wall_does_not_take_the_place_of_its_article(wall):
    found = judged(record("b", words=290, wall=wall, truncated=True, status="partial"))
    assert (found.known.code, found.kept) == ("paywall_stub", True)


def test_a_whole_text_behind_a_wall_is_an_edit():
    assert judged(record("b", words=290, wall="paywalled", truncated=False)).known.version == 2


def test_a_free_text_that_breaks_off_a_little_is_an_edit():
    assert judged(record("b", words=290, truncated=True)).known.version == 2


def test_the_whole_text_takes_the_place_of_a_stub():
    known = seen(record(words=120, wall="paywalled", truncated=True, status="partial"))
    assert judged(record("b", words=400), known).known.version == 2


def test_a_shrunken_page_leaves_the_validators_of_the_article():
    known = seen(record(etag='"whole"'))
    assert judged(record("b", words=10, etag='"stub"'), known).known.etag == '"whole"'


def test_the_record_of_a_shrunken_page_is_a_failure():
    found = judged(record("b", words=10)).article
    assert (found.status, found.error.code, found.error.retryable) == ("error", "shrunk", True)


# Failures


@pytest.mark.parametrize("status", ["blocked", "not_article"])
def test_a_page_that_is_no_article_today_costs_none(status):
    found = judged(doubtful(status))
    assert (found.status, found.kept, found.known.version) == (status, True, 1)
    assert found.known.due is not None


def test_a_failure_costs_no_article():
    found = judged(failure())
    assert (found.known.content_hash, found.known.version) == (KNOWN.content_hash, 1)


def test_a_failure_does_not_change_the_interval():
    assert judged(failure()).known.interval == KNOWN.interval


def test_a_failure_is_no_sight_of_the_page():
    known = judged(failure()).known
    assert (known.visited, known.last_seen) == (LATER, NOW)


def test_failures_wait_twice_as_long_each_time():
    known, waits = KNOWN, []
    for _ in range(4):
        known = judged(failure(), known).known
        waits.append(known.due - LATER)
    assert waits == [HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR]


def test_no_number_of_failures_waits_longer_than_the_longest():
    known = msgspec.structs.replace(KNOWN, failures=10_000)
    assert due_in(judged(failure(), known)) == SETTINGS.revisit_max


def test_a_sight_of_the_page_ends_a_row_of_failures():
    known = seen(record(), failure(), failure(), record())
    assert (known.failures, known.code, known.status) == (0, None, "ok")


def test_the_record_of_a_failure_says_when_the_next_try_is_due():
    stamp = judged(failure()).article.error.next_attempt_at
    assert datetime.fromisoformat(stamp).timestamp() == LATER + HOUR


def test_a_longer_rest_that_is_asked_for_is_given():
    assert due_in(judged(failure("rate_limited", asked=LATER + 5 * HOUR))) == 5 * HOUR


def test_a_shorter_rest_that_is_asked_for_is_not():
    assert due_in(judged(failure("rate_limited", asked=LATER + 60))) == HOUR


# Pages never seen

FINAL = [code for code, meaning in ERROR_CODES.items() if not meaning.retryable]
PASSING = [code for code, meaning in ERROR_CODES.items() if meaning.retryable]


@pytest.mark.parametrize("code", FINAL)
def test_a_failure_that_stays_is_not_looked_at_again(code):
    found = judged(failure(code), NEW)
    assert (found.known.due, found.kept, found.known.version) == (None, False, 0)


@pytest.mark.parametrize("code", PASSING)
def test_a_failure_that_may_pass_is_looked_at_again(code):
    assert due_in(judged(failure(code), NEW)) == HOUR


@pytest.mark.parametrize("status", ["blocked", "not_article"])
def test_a_page_that_may_become_an_article_is_looked_at_again(status):
    assert due_in(judged(doubtful(status), NEW)) == HOUR


# Missing pages


def test_a_page_missing_once_is_not_gone():
    found = judged(missing())
    assert (found.status, found.known.missing) == ("error", 1)


def test_a_missing_page_has_a_day_to_come_back():
    assert due_in(judged(missing())) == DAY


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_missing_three_times_is_gone(status):
    found = judged(missing(status), seen(record(), missing(status), missing(status)))
    assert (found.status, found.article.status, found.known.due) == ("gone", "gone", None)


def test_a_page_that_is_gone_keeps_its_article():
    known = seen(record(), *[missing()] * 3)
    assert (known.version, known.content_hash) == (1, KNOWN.content_hash)


def test_another_failure_between_begins_the_count_anew():
    known = seen(record(), missing(), missing(), failure(), missing())
    assert (known.status, known.missing) == ("error", 1)


def test_the_settings_say_when_a_page_is_gone():
    settings = Settings(gone_after=1)
    assert judged(missing(), settings=settings).status == "gone"


def test_a_page_that_comes_back_is_unchanged():
    found = judged(record(), seen(record(), *[missing()] * 3))
    assert (found.status, found.known.status, found.known.missing) == ("unchanged", "ok", 0)
    assert found.known.due is not None


def test_a_page_that_comes_back_with_a_new_text_is_a_new_version():
    found = judged(record("b"), seen(record(), *[missing()] * 3))
    assert (found.status, found.known.version) == ("ok", 2)


# Feeds and sitemaps

FETCH = blank_fetch(URL.format("feed"), origin="http")


def polled(*fresh, fetch=FETCH):
    known = NEW
    for count in fresh:
        known = revisit.polled(known, fetch, count, NOW, SETTINGS)
    return known


def test_a_feed_with_news_is_looked_at_soon():
    assert polled(3).due - NOW == SETTINGS.revisit_min


def test_a_feed_without_news_is_looked_at_later():
    assert polled(0, 0, 0).interval == 8 * SETTINGS.revisit_min


def test_a_feed_is_looked_at_within_the_time_of_a_new_article():
    assert polled(*[0] * 20).interval == SETTINGS.revisit_first


def test_a_feed_that_says_it_is_unchanged_keeps_its_validators():
    first = polled(1, fetch=msgspec.structs.replace(FETCH, etag='"1"'))
    assert revisit.polled(first, FETCH, 0, NOW, SETTINGS).etag == '"1"'


def test_a_feed_that_is_missing_is_looked_at_again():
    assert judged(missing(), polled(1)).known.due == LATER + DAY


def test_a_feed_that_stays_missing_is_gone():
    known = polled(1)
    for _ in range(3):
        found = judged(missing(), known)
        known = found.known
    assert (found.status, known.due) == ("gone", None)


def test_what_never_was_a_feed_is_not_looked_at_again():
    assert judged(missing(), NEW).known.due is None


# What a killed run wrote


def test_an_article_that_is_found_is_the_known_one():
    known = revisit.adopted(NEW, record(), NOW, SETTINGS)
    assert (known.version, known.content_hash, known.interval) == (1, "sha256:a", DAY)


def test_a_failure_older_than_what_is_known_is_not_counted():
    assert revisit.adopted(KNOWN, failure(), NOW - 1, SETTINGS) == KNOWN


def test_a_failure_that_is_found_is_counted():
    assert revisit.adopted(KNOWN, failure(), LATER, SETTINGS).failures == 1


# Whatever comes

TEXTS = st.builds(
    record,
    st.sampled_from("abcd"),
    status=st.sampled_from(["ok", "partial"]),
    words=st.integers(0, 1000),
    wall=st.sampled_from([None, "metered", "paywalled", "registration"]),
    truncated=st.sampled_from([None, True, False]),
)
FAILURES = st.one_of(
    st.builds(failure, st.sampled_from([*ERROR_CODES]), http_status=st.sampled_from([None, 500])),
    st.builds(missing, st.sampled_from([404, 410])),
    st.builds(doubtful, st.sampled_from(["blocked", "not_article"])),
    st.builds(failure, st.just("rate_limited"), asked=st.floats(NOW, NOW + 40 * DAY)),
)
STEPS = st.lists(st.tuples(st.one_of(TEXTS, FAILURES), st.floats(1, 90 * DAY)), max_size=12)
CHOICES = st.builds(
    Settings,
    revisit_first=st.floats(1, 366 * DAY),
    revisit_min=st.floats(1, 366 * DAY),
    revisit_max=st.floats(1, 366 * DAY),
    gone_after=st.integers(1, 5),
)


def any_history(test):
    """Run a test with visits and settings of every kind."""
    return limits(max_examples=30)(given(STEPS, CHOICES)(test))


def history(steps, settings):
    """Yield what is known before a visit, the record, its judgement and when it was."""
    known, now = NEW, NOW
    for article, pause in steps:
        found = revisit.judge(known, article, now, settings)
        yield known, article, found, now
        known, now = found.known, now + pause


@any_history
def test_a_version_never_falls_and_grows_by_one(steps, settings):
    for before, _, found, _ in history(steps, settings):
        assert found.known.version - before.version in (0, 1)


@any_history
def test_only_a_good_text_takes_the_place_of_an_article(steps, settings):
    for before, article, found, _ in history(steps, settings):
        if before.version and found.known.content_hash != before.content_hash:
            assert article.status in revisit.GOOD
            assert article.word_count >= revisit.SHRUNK * before.words or before.words < 100


@any_history
def test_what_is_written_as_a_good_article_is_a_new_version(steps, settings):
    for before, _, found, _ in history(steps, settings):
        is_good = found.article is not None and found.article.status in revisit.GOOD
        assert is_good == (found.known.version > before.version)


@any_history
def test_an_interval_stays_between_the_shortest_and_the_longest(steps, settings):
    shortest = min(settings.revisit_min, settings.revisit_max)
    for _, _, found, _ in history(steps, settings):
        if found.known.version:
            assert shortest <= found.known.interval <= settings.revisit_max


@any_history
def test_the_next_visit_is_due_later_and_in_time(steps, settings):
    longest = max(settings.revisit_max * (1 + revisit.JITTER), DAY)
    for _, article, found, now in history(steps, settings):
        if found.known.due is None:
            continue
        asked = article.error and article.error.next_attempt_at
        limit = max(now + longest, datetime.fromisoformat(asked).timestamp() if asked else 0)
        assert now < found.known.due <= limit + 1


@any_history
def test_an_article_is_due_until_it_is_gone(steps, settings):
    for _, _, found, _ in history(steps, settings):
        if found.known.version and found.known.due is None:
            assert found.known.status == "gone"
            assert found.known.missing >= settings.gone_after


@any_history
def test_the_same_visits_come_to_the_same(steps, settings):
    assert list(history(steps, settings)) == list(history(steps, settings))
