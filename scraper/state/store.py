"""The state: adds URLs, hands them out host by host, remembers how each visit ended."""

import contextlib
import sqlite3
from collections.abc import Container, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Self
from uuid import UUID

import msgspec

from scraper.errors import FetchError
from scraper.model import Article, Known, Link, Task
from scraper.state import similar
from scraper.state.database import Database
from scraper.text import moment
from scraper.urls import check_web_url, host_of, record_id, url_key, without_secrets

NAME = "state.sqlite"
"""The file in a corpus folder."""

_KNOWN = tuple(field.name for field in msgspec.structs.fields(Known))
_COLUMNS = ", ".join(_KNOWN)
_ASSIGNED = ", ".join(f"{name} = ?" for name in _KNOWN)

# The text of what is a duplicate no more is taken for a new one.
_FREE = """
    UPDATE urls SET duplicate_of = NULL, content_hash = '', etag = NULL, last_modified = NULL,
        due = min(due, 0)
    WHERE duplicate_of IN (SELECT value FROM json_each(?))
"""


_TOGETHER = 500
"""Rows of one statement; SQLite takes 32,766 values."""

_REMEMBERED = 10_000
"""Hosts whose numbers are remembered."""


class Added(NamedTuple):
    """How many of some links are new, known but queued again, or known and done."""

    new: int
    again: int
    done: int


class Settlement(NamedTuple):
    """One URL to be settled: its task, and what is known of it from now on.

    ``article`` is a new one, whose likeness later ones are compared with.
    """

    task: Task
    known: Known
    article: Article | None = None


class Change:
    """A transaction in which URLs are settled one after the other."""

    def __init__(self, connection: sqlite3.Connection, run: int) -> None:
        self._connection = connection
        self._run = run

    def known(self, task: Task) -> Known:
        """Return what is known of the URL so far."""
        row = self._connection.execute(
            f"SELECT {_COLUMNS} FROM urls WHERE seq = ?",  # noqa: S608 - names of columns
            (task.seq,),
        ).fetchone()
        return _known(row)

    def original_of(self, task: Task, article: Article) -> str | None:
        """Return the id of the article of another URL that this one repeats."""
        found = similar.original_of(self._connection, task.seq, article)
        return str(UUID(bytes=found)) if found else None

    def settle(self, settlement: Settlement) -> None:
        """Remember how the visit ended; the URL waits no more."""
        task, known, article = settlement
        if article is not None:
            similar.forget(self._connection, task.seq)
        self._connection.execute(
            f"UPDATE urls SET queued = 0, run = ?, {_ASSIGNED} WHERE seq = ?",  # noqa: S608
            (max(self._run, 0), *msgspec.structs.astuple(known), task.seq),
        )
        if article is not None and known.duplicate_of is None:
            similar.note(self._connection, task.seq, article)

    def rest(self, host: str, until: float) -> None:
        """Remember that a host asked not to be visited before ``until``, Unix seconds."""
        self._connection.execute("UPDATE hosts SET rest = ? WHERE name = ?", (until, host))

    def set_files(self, files: dict[str, tuple[int, int]]) -> None:
        """Remember inode and size of the record files: up to there all is settled."""
        self._connection.executemany(
            "INSERT OR REPLACE INTO files VALUES (?, ?, ?)",
            [(name, inode, size) for name, (inode, size) in files.items()],
        )


class State:
    """The state of a corpus; without a path that of one run, which is forgotten with it."""

    def __init__(self, path: Path | None = None) -> None:
        self._database = Database(path)
        self._hosts: dict[str, int] = {}
        self._run = -1  # none has begun

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    # What waits

    def begin(self) -> None:
        """Begin a run, or go on with the last one where it was cut short.

        What a run has visited waits for the next one, however often it is named.
        """
        with self._database.change() as connection:
            last = connection.execute("SELECT run, finished FROM runs").fetchone()
            run, is_finished = last or (0, True)
            self._run = run + is_finished
            connection.execute("DELETE FROM runs")
            connection.execute("INSERT INTO runs VALUES (?, 0)", (self._run,))

    def finish(self) -> None:
        """Note that the run has visited all that there was."""
        with self._database.change() as connection:
            connection.execute("UPDATE runs SET finished = 1")

    def add(self, links: Iterable[Link], now: float, *, again: bool = False) -> Added:
        """Let ``links`` wait for their turn, each page once; ``again`` those too that are done.

        What is no web address waits too, for its record.
        """
        rows = [_row(link) for link in links]
        counts = [
            self._add(rows[at : at + _TOGETHER], now, again=again)
            for at in range(0, len(rows), _TOGETHER)
        ]
        return Added(*map(sum, zip(Added(0, 0, 0), *counts, strict=True)))

    def _add(self, rows: list["_Row"], now: float, *, again: bool) -> Added:
        """Add some rows in few statements: at each one other threads come between."""
        mine: dict[bytes, _Row] = {}
        for row in rows:
            mine.setdefault(row.id, row)
        with self._database.change() as connection:
            known = connection.execute(
                "SELECT id, seq, run, kind, version, status, last_seen, due FROM urls"  # noqa: S608
                f" WHERE queued = 0 AND id IN {_places(1, len(mine))}",
                tuple(mine),
            ).fetchall()
            waiting = [
                (seq,)
                for key, seq, run, *seen in known
                if run != self._run and (again or _waits_again(mine[key], seen, now))
            ]
            connection.executemany("UPDATE urls SET queued = 1 WHERE seq = ?", waiting)
            hosts = self._numbers(connection, dict.fromkeys(row.host for row in rows))
            values = [(*row[:-2], hosts[row.host], 1, now) for row in mine.values()]
            new = connection.execute(
                "INSERT OR IGNORE INTO urls (id, url, kind, line, source, depth, code,"  # noqa: S608
                f" host, queued, first_seen) VALUES {_places(len(values), 10)}",
                [value for row in values for value in row],
            ).rowcount
        return Added(new, len(waiting), len(known) - len(waiting))

    def _numbers(self, connection: sqlite3.Connection, names: dict[str, None]) -> dict[str, int]:
        """Return the numbers of hosts, which they get when they are first named."""
        missing = tuple(name for name in names if name not in self._hosts)
        if missing:
            if len(self._hosts) > _REMEMBERED:
                kept = names.keys() - set(missing)
                self._hosts = {name: self._hosts[name] for name in kept}
            connection.execute(
                f"INSERT OR IGNORE INTO hosts (name) VALUES {_places(len(missing), 1)}",  # noqa: S608
                missing,
            )
            found = connection.execute(
                f"SELECT name, host FROM hosts WHERE name IN {_places(1, len(missing))}",  # noqa: S608
                missing,
            )
            self._hosts.update(found)
        return self._hosts

    def queue_due(self, now: float, *, limit: int | None = None, every: bool = False) -> int:
        """Let what is due wait for its turn, the longest due first; return how many.

        ``every`` takes all that is visited at all, due or not.
        """
        with self._database.change() as connection:
            changed = connection.execute(
                "UPDATE urls SET queued = 1 WHERE seq IN (SELECT seq FROM urls"
                " WHERE due IS NOT NULL AND (due <= ? OR ?) ORDER BY due LIMIT ?)",
                (now, every, -1 if limit is None else limit),
            )
            return changed.rowcount

    def pull_back(self, now: float, longest: float) -> None:
        """Let nothing be due later than is possible: the clock was wrong when it was written."""
        with self._database.change() as connection:
            connection.execute(
                "UPDATE urls SET due = ?1 + abs(seq * 7919 % 1000) / 1000.0 * min(interval, ?2)"
                " WHERE due > ?1 + ?2",
                (now, longest),
            )
            connection.execute("UPDATE hosts SET rest = 0 WHERE rest > ?", (now + longest,))

    def waiting(self) -> int:
        """Return how many URLs wait."""
        found: int = self._database.rows("SELECT count(*) FROM urls WHERE queued = 1")[0][0]
        return found

    def hosts(self, after: int, count: int) -> list[tuple[int, str]]:
        """Return number and name of the next hosts after number ``after`` that have URLs waiting.

        Each is found by one look into the index, however many URLs its neighbours have.
        """
        return self._database.rows(
            "WITH RECURSIVE next (host) AS ("
            " SELECT min(host) FROM urls WHERE queued = 1 AND host > ?1"
            " UNION ALL SELECT (SELECT min(host) FROM urls WHERE queued = 1 AND host > next.host)"
            " FROM next WHERE next.host IS NOT NULL LIMIT ?2)"
            " SELECT host, name FROM next JOIN hosts USING (host)",
            after,
            count,
        )

    def take(self, host: int, after: int, count: int) -> list[Task]:
        """Return the next URLs of a host that wait, after number ``after``, in their order."""
        rows = self._database.rows(
            "SELECT seq, id, url, kind, line, source, depth, name, etag, urls.last_modified, code,"
            " version"
            " FROM urls JOIN hosts USING (host)"
            " WHERE queued = 1 AND host = ? AND seq > ? ORDER BY seq LIMIT ?",
            host,
            after,
            count,
        )
        return [_task(row) for row in rows]

    def unqueue(self, tasks: Iterable[Task]) -> None:
        """Let ``tasks`` wait no more, without remembering anything else of them."""
        with self._database.change() as connection:
            connection.executemany(
                "UPDATE urls SET queued = 0, run = ? WHERE seq = ?",
                [(max(self._run, 0), task.seq) for task in tasks],
            )

    # What came of it

    @contextlib.contextmanager
    def change(self) -> Iterator[Change]:
        """Yield a transaction, committed at the end of the block."""
        with self._database.change() as connection:
            yield Change(connection, self._run)

    def find(self, name: str) -> Task | None:
        """Return the task of a URL or a record's id, if the state knows it."""
        rows = self._database.rows(
            "SELECT seq, id, url, kind, line, source, depth, name, etag, urls.last_modified, code,"
            " version"
            " FROM urls JOIN hosts USING (host) WHERE id = ?",
            _bytes(_identity_of(name)),
        )
        return _task(rows[0]) if rows else None

    def look(self, url: str) -> tuple[str, Known] | None:
        """Return record id and what is known of a URL, or of the record that ``url`` is the id of.

        None where it was never added.
        """
        rows = self._database.rows(
            f"SELECT id, {_COLUMNS} FROM urls WHERE id = ?",  # noqa: S608 - names of columns
            _bytes(_identity_of(url)),
        )
        return (str(UUID(bytes=rows[0][0])), _known(rows[0][1:])) if rows else None

    def ids(self, names: Sequence[str], *, host: bool = False) -> list[str]:
        """Return the known among the record ids of URLs, of ids themselves, or of hosts' URLs."""
        query = "name = ?" if host else "id = ?"
        keys = names if host else [_bytes(_identity_of(name)) for name in names]
        found = [
            str(UUID(bytes=identity))
            for key in keys
            for (identity,) in self._database.rows(
                f"SELECT id FROM urls JOIN hosts USING (host) WHERE {query}",  # noqa: S608
                key,
            )
        ]
        return list(dict.fromkeys(found))

    def forget(self, ids: Sequence[str]) -> None:
        """Forget URLs by their record ids.

        Nothing is left of them: added again, they are new. The articles that repeat one of them
        are due, to be written as articles of their own.
        """
        with self._database.change() as connection:
            for identity in ids:
                key = (_bytes(identity),)
                row = connection.execute("SELECT seq FROM urls WHERE id = ?", key).fetchone()
                if row:
                    similar.forget(connection, row[0])
                    connection.execute("DELETE FROM urls WHERE seq = ?", row)
            connection.execute(_FREE, (msgspec.json.encode(list(ids)).decode(),))

    def retry(self, codes: Sequence[str] = ()) -> int:
        """Let the URLs wait whose last visit failed, with one of ``codes``; return how many."""
        failed = (
            "UPDATE urls SET queued = 1 WHERE queued = 0"
            " AND status IN ('error', 'blocked', 'skipped', 'gone')"
        )
        with self._database.change() as connection:
            connection.execute("UPDATE runs SET finished = 1")  # they are for a run of its own
            if not codes:
                return connection.execute(failed).rowcount
            return connection.executemany(
                f"{failed} AND code = ?", [(code,) for code in codes]
            ).rowcount

    def queue_lost(self, present: Container[bytes], since: float) -> int:
        """Let the articles wait that were written from ``since`` on and are not ``present``.

        They are fetched whole, and written as the version that was lost.
        """
        with self._database.change() as connection:
            rows = connection.execute(
                "SELECT seq, id FROM urls WHERE version > 0 AND changed >= ?", (since,)
            ).fetchall()
            lost = [(seq,) for seq, identity in rows if identity not in present]
            connection.executemany(
                "UPDATE urls SET queued = 1, version = version - 1, content_hash = '', etag = NULL,"
                " last_modified = NULL WHERE seq = ?",
                lost,
            )
        return len(lost)

    # Hosts, robots.txt, files

    def rests(self, now: float) -> dict[str, float]:
        """Return the hosts that asked for a rest that goes on, and until when, Unix seconds."""
        return dict(self._database.rows("SELECT name, rest FROM hosts WHERE rest > ?", now))

    def read(self, origin: str) -> tuple[float, str, bytes] | None:
        """Return when robots.txt of ``origin`` was fetched, why it failed or "", and its bytes."""
        rows = self._database.rows(
            "SELECT fetched, code, body FROM robots WHERE origin = ?", origin
        )
        return rows[0] if rows else None

    def write(self, origin: str, fetched_at: float, code: str, body: bytes) -> None:
        """Keep a robots.txt."""
        with self._database.change() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO robots VALUES (?, ?, ?, ?)",
                (origin, fetched_at, code, body),
            )

    def files(self) -> dict[str, tuple[int, int]]:
        """Return inode and size up to which each record file is settled."""
        rows = self._database.rows("SELECT name, inode, size FROM files")
        return {name: (inode, size) for name, inode, size in rows}

    def totals(self, now: float) -> dict[str, int]:
        """Return how many URLs there are, by how their last visit ended, and what is to be done."""
        rows = self._database.rows(
            "SELECT CASE WHEN version > 0 THEN 'articles' ELSE ifnull(status, 'never') END AS s,"
            " count(*) FROM urls GROUP BY s ORDER BY s"
        )
        found = {"urls": sum(count for _, count in rows), **dict(rows)}
        found["queued"] = self.waiting()
        found["due"] = self._database.rows(
            "SELECT count(*) FROM urls WHERE due IS NOT NULL AND due <= ?", now
        )[0][0]
        found["hosts"] = self._database.rows("SELECT count(*) FROM hosts WHERE name != ''")[0][0]
        return found


def totals(folder: Path, now: float) -> dict[str, int]:
    """Return the totals of the corpus in ``folder``; nothing where it has no state."""
    path = folder / NAME
    if not path.exists():
        return {}
    with State(path) as state:
        return state.totals(now)


class _Row(NamedTuple):
    """A link as it is added; the last two fields are no columns of its row."""

    id: bytes
    url: str
    kind: str
    line: int | None
    source: str | None
    depth: int
    code: str | None
    host: str
    modified: float | None


def _row(link: Link) -> _Row:
    try:
        url, code = check_web_url(link.url), None
        key, host = url_key(url), host_of(url) or ""
    except FetchError as error:
        url = key = without_secrets(link.url)
        code, host = error.code, ""
    identity = _bytes(record_id(key))
    modified = moment(link.last_modified)
    return _Row(identity, url, link.kind, link.line, link.source, link.depth, code, host, modified)


def _waits_again(row: _Row, seen: Sequence[Any], now: float) -> bool:
    """Whether a known URL that is named again is to be visited again.

    A page is where it never gave an article and may give one now, or where its source says that it
    was modified since. A feed or sitemap is where the user names it; where another one does, only
    when it is due: two that name each other would be read for ever.
    """
    kind, version, status, last_seen, due = seen
    if kind != "page":
        return row.source is None or bool((due or 0.0) <= now)
    if row.modified is not None and last_seen is not None and row.modified > last_seen:
        return True
    return bool(version == 0 and status != "not_article")


def _places(rows: int, columns: int) -> str:
    """Return placeholders for so many rows of values: ``(?,?),(?,?)``."""
    return ",".join([f"({','.join('?' * columns)})"] * rows)


def _identity_of(name: str) -> str:
    """Return the record id that ``name`` is, or that of the page at the URL ``name``."""
    with contextlib.suppress(ValueError):
        return str(UUID(name))
    try:
        return record_id(url_key(check_web_url(name)))
    except FetchError:
        return record_id(without_secrets(name))


def _bytes(identity: str) -> bytes:
    return UUID(identity).bytes


def _known(row: Sequence[Any]) -> Known:
    return Known(**dict(zip(_KNOWN, row, strict=True)))


def _task(row: Sequence[Any]) -> Task:
    seq, identity, url, kind, line, source, depth, host, etag, last_modified, code, version = row
    seen = version > 0 or kind != "page"
    return Task(
        seq=seq,
        id=str(UUID(bytes=identity)),
        link=Link(url=url, kind=kind, line=line, source=source, depth=depth),
        host=host,
        refused=None if host else code,
        etag=etag if seen else None,
        last_modified=last_modified if seen else None,
    )
