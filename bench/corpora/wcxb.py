"""WCXB dev: pages of seven types with main content and with/without snippets.

Source: Murrough-Foley/web-content-extraction-benchmark, CC-BY-4.0.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from bench.corpora.case import Case, host_of, stored


def load(root: Path) -> Iterator[Case]:
    """Yield the pages of wcxb/dev in the order of their ids; pages without a file are left out."""
    return (case for case, _ in load_with_gold(root))


def load_with_gold(root: Path) -> Iterator[tuple[Case, dict]]:
    """Yield the pages as `load` does, each with its ground truth."""
    folder = root / "wcxb" / "dev"
    for path in sorted((folder / "ground-truth").glob("*.json")):
        page = stored(folder / "html" / f"{path.stem}.html")
        if page is not None:
            record = json.loads(path.read_text("utf-8"))
            yield _case(record, path.stem, page), record["ground_truth"]


def _case(record: dict, case_id: str, page: Path) -> Case:
    truth = record["ground_truth"]
    return Case(
        corpus="wcxb",
        id=case_id,
        url=record["url"],
        path=page,
        domain=host_of(record["url"]),
        gold=truth.get("main_content"),
        with_=tuple(truth["with"]),
        without=tuple(truth["without"]),
        page_type=record["_internal"]["page_type"]["primary"],
    )
