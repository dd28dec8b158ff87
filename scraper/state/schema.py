"""The tables of the state, as steps: each brings a database from one version to the next."""

APPLICATION_ID = 0x73637270
"""Marks the file as ours (``scrp``): another program's database is never touched."""

MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE hosts (
        host INTEGER PRIMARY KEY,      -- in the order in which they were first named
        name TEXT NOT NULL UNIQUE,     -- with port; empty for what is no web address
        rest REAL NOT NULL DEFAULT 0   -- it asked not to be visited before, Unix seconds
    );
    CREATE TABLE urls (
        seq INTEGER PRIMARY KEY,
        id BLOB NOT NULL UNIQUE,       -- of the record: 16 bytes of a UUID
        url TEXT NOT NULL,
        host INTEGER NOT NULL,
        kind TEXT NOT NULL,            -- page, feed, sitemap
        line INTEGER,
        source TEXT,
        depth INTEGER NOT NULL,        -- documents between it and what the user named
        queued INTEGER NOT NULL,       -- 1: to be visited by this run, or the next that goes on
        run INTEGER NOT NULL DEFAULT 0,        -- number of the last run that visited it
        first_seen REAL NOT NULL,      -- this and the rest: model.Known
        version INTEGER NOT NULL DEFAULT 0,
        content_hash TEXT NOT NULL DEFAULT '',
        simhash TEXT NOT NULL DEFAULT '',
        words INTEGER NOT NULL DEFAULT 0,
        status TEXT,
        code TEXT,
        failures INTEGER NOT NULL DEFAULT 0,
        missing INTEGER NOT NULL DEFAULT 0,
        interval REAL NOT NULL DEFAULT 0,
        due REAL,
        visited REAL,
        last_seen REAL,
        changed REAL,
        etag TEXT,
        last_modified TEXT,
        duplicate_of TEXT
    );
    CREATE INDEX urls_queued ON urls (host, seq) WHERE queued = 1;
    CREATE INDEX urls_due ON urls (due) WHERE due IS NOT NULL;
    CREATE INDEX urls_content ON urls (content_hash) WHERE content_hash != '';
    CREATE TABLE canonicals (          -- who first claimed to be the page of this id
        id BLOB PRIMARY KEY,
        seq INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE bands (               -- quarters of simhashes: near duplicates share one
        band INTEGER NOT NULL,
        seq INTEGER NOT NULL,
        PRIMARY KEY (band, seq)
    ) WITHOUT ROWID;
    CREATE TABLE robots (
        origin TEXT PRIMARY KEY,
        fetched REAL NOT NULL,
        code TEXT NOT NULL,            -- why it could not be read; empty where it could
        body BLOB NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE runs (                -- the last one
        run INTEGER PRIMARY KEY,
        finished INTEGER NOT NULL
    );
    CREATE TABLE files (               -- up to where the record files are settled
        name TEXT PRIMARY KEY,
        inode INTEGER NOT NULL,
        size INTEGER NOT NULL
    ) WITHOUT ROWID;
    """,
)
"""``user_version`` counts the steps that a database has had."""
