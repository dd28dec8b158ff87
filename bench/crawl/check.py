"""Compares what a crawl recorded with what it met."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from bench.crawl.plan import PAGE_STATUSES, Expected

Record = dict


def read_records(folder: Path) -> list[Record]:
    """Read articles.jsonl and errors.jsonl; a broken line counts as a record without a URL."""
    paths = (folder / name for name in ("articles.jsonl", "errors.jsonl"))
    texts = (path.read_text("utf-8") for path in paths if path.is_file())
    return [_parsed(line) for text in texts for line in text.split("\n") if line]


def _parsed(line: str) -> Record:
    try:
        record = json.loads(line)
    except ValueError:
        record = None
    return record if isinstance(record, dict) else {}


def requested(record: Record) -> str:
    """Return the URL that a record answers; the empty string where it names none."""
    return (record.get("fetch") or {}).get("requested_url") or ""


def faults(expected: Sequence[Expected], records: Iterable[Record]) -> list[str]:
    """Say what is off, a line each: lost, doubled or unknown URLs, wrong statuses and codes."""
    by_url: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        by_url[requested(record)].append(record)
    found = []
    for item in expected:
        matches = by_url.pop(item.url, [])
        if len(matches) != 1:
            found.append(f"{item.kind} {item.url}: {len(matches)} records instead of one")
        found += [
            f"{item.kind} {item.url}: {fault}"
            for record in matches
            if (fault := _fault(item, record))
        ]
    return found + [
        f"{len(rows)} records of a URL not asked for: {url!r}" for url, rows in by_url.items()
    ]


def _fault(item: Expected, record: Record) -> str | None:
    """Say what is wrong with one record; None where it is as it must be."""
    status, code = record.get("status"), (record.get("error") or {}).get("code")
    http_status = (record.get("fetch") or {}).get("http_status")
    if item.codes and (status != "error" or code not in item.codes):
        return f"{status} {code} instead of error {' or '.join(sorted(item.codes))}"
    if not item.codes and (status not in PAGE_STATUSES or code is not None):
        return f"{status} {code} instead of a page"
    if item.http_status is not None and http_status != item.http_status:
        return f"fetch.http_status {http_status} instead of {item.http_status}"
    return None


def tally(expected: Sequence[Expected], records: Iterable[Record]) -> list[tuple[str, str, int]]:
    """Count the outcomes by kind of URL: (kind, status or error code, how many)."""
    kinds = {item.url: item.kind for item in expected}
    counts = Counter(
        (
            kinds.get(requested(record), "unknown"),
            (record.get("error") or {}).get("code") or str(record.get("status")),
        )
        for record in records
    )
    return [(kind, outcome, count) for (kind, outcome), count in sorted(counts.items())]
