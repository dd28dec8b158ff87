"""Trafilatura's own evaluation pages: segments that must and must not appear.

Source: adbar/trafilatura tests, Apache-2.0.
"""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from bench.corpora.case import Case, host_of, stored


def load(root: Path) -> Iterator[Case]:
    """Yield the pages in the order of evaldata.json; pages without a file are left out."""
    return (case for case, _ in load_with_gold(root))


def load_with_gold(root: Path) -> Iterator[tuple[Case, dict]]:
    """Yield the pages as `load` does, each with its row of evaldata.json."""
    folder = root / "trafilatura"
    path = folder / "evaldata.json"
    rows = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    for url, row in rows.items():
        page = stored(folder / "eval" / row["file"]) or stored(folder / "cache" / row["file"])
        if page is not None:
            yield _case(url, page, row), row


def _case(url: str, page: Path, row: dict) -> Case:
    return Case(
        corpus="trafilatura",
        id=case_id(url),
        url=url,
        path=page,
        domain=host_of(url),
        with_=tuple(row["with"]),
        without=tuple(row["without"]),
    )


def case_id(url: str) -> str:
    """Name a page by host and digest: the file names of this corpus are headlines of others.

    >>> case_id("https://www.example.org/a")
    'example.org-5fcc169d'
    """
    return f"{host_of(url)}-{hashlib.sha256(url.encode()).hexdigest()[:8]}"
