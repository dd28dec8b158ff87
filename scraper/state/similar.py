"""Finds the article that another one repeats: by address, by text, by nearly the same text."""

import sqlite3
from uuid import UUID

from scraper.model import Article
from scraper.urls import record_id, url_key

NEAR = 3
"""Bits of 64 in which the simhashes of near duplicates may differ (Manku and others, 2007).

Measured on 3,166 articles of real pages, 5 million pairs (bench.duplicates): all ten unequal pairs
up to 10 bits were agency copy, with 91 % of words in common or more; the first unlike pair came at
12, as often as chance has it. More than 3 would find texts of which over 2 % differ, but needs more
bands than four, and of a million articles chance would join some.
"""

NEAR_BY_ADDRESS = 16
"""Bits for two pages that claim to be the same one by their canonical address.

Measured there: a text without its last fifth is within 16 in 99 % of articles, without its last
third in 94 %; of 1,337 pairs of other pages of one host, which a template's mistake or the parts of
a gallery would join, 0.3 % are.
"""

MIN_WORDS = 40
"""Words below which texts are compared by equality only: few shingles, chance likeness."""

BANDS = 4
_BITS = 16


def original_of(connection: sqlite3.Connection, seq: int, article: Article) -> bytes | None:
    """Return the id of the first article that ``article``, of the row ``seq``, repeats."""
    found = _same_text(connection, seq, article) or _same_address(connection, seq, article)
    if found is None and article.word_count >= MIN_WORDS and article.simhash:
        found = _near(connection, seq, article)
    return found


def note(connection: sqlite3.Connection, seq: int, article: Article) -> None:
    """Let later articles be compared with this one."""
    forget(connection, seq)
    connection.execute("INSERT OR IGNORE INTO canonicals VALUES (?, ?)", (_claimed(article), seq))
    if article.simhash and article.word_count >= MIN_WORDS:
        connection.executemany(
            "INSERT OR IGNORE INTO bands VALUES (?, ?)",
            [(band, seq) for band in _bands(int(article.simhash, 16))],
        )


def forget(connection: sqlite3.Connection, seq: int) -> None:
    """Compare nothing with the article of the row ``seq`` any more."""
    old = connection.execute("SELECT simhash FROM urls WHERE seq = ?", (seq,)).fetchone()
    connection.execute("DELETE FROM canonicals WHERE seq = ?", (seq,))
    if old and old[0]:
        connection.executemany(
            "DELETE FROM bands WHERE band = ? AND seq = ?",
            [(band, seq) for band in _bands(int(old[0], 16))],
        )


def _same_text(connection: sqlite3.Connection, seq: int, article: Article) -> bytes | None:
    row = connection.execute(
        "SELECT id FROM urls WHERE content_hash = ? AND content_hash != '' AND seq != ?"
        " AND version > 0 AND duplicate_of IS NULL ORDER BY seq LIMIT 1",
        (article.content_hash, seq),
    ).fetchone()
    return row[0] if row else None


def _same_address(connection: sqlite3.Connection, seq: int, article: Article) -> bytes | None:
    """Return the page at the canonical address, or the first that claimed to be it."""
    rows = connection.execute(
        "SELECT id, simhash FROM urls WHERE (id = ?1 OR seq = (SELECT seq FROM canonicals"
        " WHERE id = ?1)) AND seq != ?2 AND version > 0 AND duplicate_of IS NULL ORDER BY seq",
        (_claimed(article), seq),
    )
    return next((row[0] for row in rows if _distance(row[1], article) <= NEAR_BY_ADDRESS), None)


def _near(connection: sqlite3.Connection, seq: int, article: Article) -> bytes | None:
    rows = connection.execute(
        "SELECT DISTINCT u.id, u.simhash FROM bands b JOIN urls u USING (seq)"
        " WHERE b.band IN (?, ?, ?, ?) AND u.seq != ? AND u.version > 0"
        " AND u.duplicate_of IS NULL ORDER BY u.seq",
        (*_bands(int(article.simhash, 16)), seq),
    )
    return next((row[0] for row in rows if _distance(row[1], article) <= NEAR), None)


def _claimed(article: Article) -> bytes:
    """Return the id of the page that the article's canonical address names, else its own."""
    named = article.canonical_url
    return UUID(record_id(url_key(named)) if named else article.id).bytes


def _bands(simhash: int) -> tuple[int, ...]:
    """Return the quarters of a simhash, each told from the others: near ones share at least one."""
    mask = (1 << _BITS) - 1
    return tuple(number << _BITS | simhash >> number * _BITS & mask for number in range(BANDS))


def _distance(simhash: str, article: Article) -> int:
    if not simhash or not article.simhash:
        return 64
    return (int(simhash, 16) ^ int(article.simhash, 16)).bit_count()
