"""Reads pages with the systems: one row a page and system, in killable processes or in this one."""

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bench import peers
from bench.metadata import systems
from bench.metadata.gold import MetaCase
from bench.metadata.metrics import Answer, Judged, judge
from bench.runner import Work, run_pages


@dataclass(frozen=True, slots=True)
class Row:
    """What a system made of a page; an error is no answer, a dead process has no time."""

    case: MetaCase
    system: str
    answer: Answer
    judged: dict[str, Judged]
    error: str | None = None
    cpu_ms: float | None = None


def read_pages(cases: Sequence[MetaCase], names: Sequence[str], *, jobs: int = 1) -> Iterator[Row]:
    """Yield a row for every page and system, in the order in which they end."""
    return run_pages(Work(warm_up, read_page, failed), cases, names, jobs=jobs)


def warm_up(name: str) -> None:
    """Run a system once on a tiny page, so that its imports are not counted as a page's time."""
    peers.warm_up(systems.REGISTRY[name])


def read_page(name: str, case: MetaCase, html: bytes) -> Row:
    """Read and judge one page; the CPU time is that of the reading alone, in ms."""
    error, answer = None, Answer()
    started = time.process_time()
    try:
        answer = systems.REGISTRY[name].extract(html, case.url)
    except Exception as failure:
        error = type(failure).__name__
    spent = (time.process_time() - started) * 1000
    return Row(case, name, answer, judge(case, answer), error, spent)


def failed(case: MetaCase, name: str, error: str) -> Row:
    """Return the row of a page on which the process died or hung."""
    return Row(case, name, Answer(), judge(case, Answer()), error)


def judged(rows: Iterable[Row], field: str) -> list[Judged]:
    """Collect the verdicts on a field from the pages with gold."""
    return [row.judged[field] for row in rows if field in row.judged]


def plain(rows: Sequence[Row]) -> dict[str, Any]:
    """Return one page's gold and every system's answer as plain data: it holds the page's words.

    `rows` are those of one page.
    """
    case = rows[0].case
    return {
        "corpus": case.corpus,
        "id": case.id,
        "url": case.url,
        "gold": {
            "title": case.title,
            "authors": case.authors and list(case.authors),
            "date": case.date,
            "undated": case.undated,
            "tags": case.tags and list(case.tags),
        },
        "systems": {row.system: _plain_answer(row) for row in rows},
    }


def _plain_answer(row: Row) -> dict[str, Any]:
    answer = row.answer
    return {
        "title": answer.title,
        "authors": list(answer.authors),
        "date": answer.date,
        "tags": list(answer.tags),
        "confidence": dict(answer.confidence),
        "source": dict(answer.source),
        "right": {field: verdict.right for field, verdict in row.judged.items()},
        "instant": row.judged["date"].instant if "date" in row.judged else None,
        "error": row.error,
        "cpu_ms": row.cpu_ms,
    }


def misses(rows: Iterable[Row], field: str) -> Iterator[tuple[str, str, str, str]]:
    """Yield page, gold, answer and source of what is wrong, or is said of an undated page."""
    for row in rows:
        verdict = row.judged.get(field)
        said = _shown(getattr(row.answer, field))
        undated = field == "date" and row.case.undated and row.answer.date is not None
        if undated or (verdict is not None and not verdict.right):
            gold = "(undated)" if undated else _shown(getattr(row.case, field))
            source = row.answer.source.get(field, row.error or "")
            confidence = row.answer.confidence.get(field)
            told = source if confidence is None else f"{source} {confidence:.2f}"
            yield f"{row.case.corpus}:{row.case.id}", gold, said or "(none)", told


def _shown(value: str | tuple[str, ...] | None) -> str:
    """Write a value in one line, names and labels apart by a bar."""
    text = value if isinstance(value, str) else " | ".join(value or ())
    return " ".join(text.split())
