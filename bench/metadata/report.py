"""The tables of the metadata comparison, and the same figures for a machine."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import median

from bench.markdown import milliseconds, percent, ratio, table
from bench.metadata.metrics import (
    FIELDS,
    SCORES,
    DateScore,
    Reliability,
    SetScore,
    TitleScore,
    reliability,
)
from bench.metadata.rows import Row, judged
from bench.metadata.systems import REGISTRY
from bench.metrics import percentile
from bench.options import provenance_line

POOLED = "all corpora"

NOTES = """\
Figures in %, over the pages with gold of the field; no answer is a miss. Title: exact after
folding, and F1 of the words. Authors, tags: precision, recall and F1 over all names or labels, and
the exact sets. Date: the day right (accuracy), right where answered (precision), wrong, answered
(coverage); instant right: within a minute, of the pages whose gold has a time; undated: pages of
which the gold says that they have no date, and the share of them that was answered.
err: raised, crashed or over 60 s; counted as no answer.
The gold of fundus is what the publishers' own parsers read, mostly JSON-LD; 60 % of wcxb's pages
have lost their scripts, and half of its gold was drafted by an extractor; htmldate was tuned on its
own set, most pages of which stand in trafilatura's too. Read no corpus alone.
CPU: process time of one page in ms on a shared machine; read ratios. ours makes the whole record,
with the text, newspaper4k too; trafilatura and htmldate the metadata alone. Definitions:
bench/README.md.
"""

_HEADERS = {
    "title": ["exact", "word F1"],
    "authors": ["P", "R", "F1", "exact set"],
    "date": ["accuracy", "precision", "wrong", "coverage", "instants", "instant right"],
    "tags": ["P", "R", "F1", "exact set"],
}
_UNDATED = ["undated pages", "answered on undated"]

Score = TitleScore | SetScore | DateScore


@dataclass(frozen=True, slots=True)
class Results:
    """Everything a run produced: provenance, the systems in order, rows by corpus."""

    provenance: dict[str, object]
    systems: tuple[str, ...]
    rows: dict[str, list[Row]]

    def of(self, corpus: str, system: str) -> list[Row]:
        """Select the rows of one corpus and system."""
        return [row for row in self.rows[corpus] if row.system == system]

    def by(self, system: str) -> list[Row]:
        """Select the rows of one system in all corpora."""
        return [row for corpus in self.rows for row in self.of(corpus, system)]


def scores(rows: Sequence[Row], fields: Iterable[str] = FIELDS) -> dict[str, Score]:
    """Score one system's rows by field; fields without gold are left out."""
    made = {field: SCORES[field](judged(rows, field)) for field in fields}
    return {field: score for field, score in made.items() if score is not None}


def undated(rows: Sequence[Row]) -> tuple[int, float | None]:
    """Count the pages without a date, and return the share of them that was answered."""
    pages = [row.answer.date is not None for row in rows if row.case.undated]
    return len(pages), sum(pages) / len(pages) if pages else None


def reliabilities(results: Results, system: str = "ours") -> dict[str, dict[str, Reliability]]:
    """Return reliability by field and corpus, and pooled; empty where nothing is claimed.

    Pooled, a page that stands in two corpora counts once, with the gold of the first.
    """
    made: dict[str, dict[str, Reliability]] = {}
    for field in ("title", "authors", "date"):
        claimed = {
            corpus: [row for row in results.of(corpus, system) if _claims(row, field)]
            for corpus in results.rows
        }
        once = {row.case.path: row for rows in reversed(claimed.values()) for row in rows}
        claimed[POOLED] = list(once.values())
        found = {name: reliability(_pairs(rows, field)) for name, rows in claimed.items()}
        made[field] = {name: one for name, one in found.items() if one is not None}
    return {field: by_corpus for field, by_corpus in made.items() if by_corpus}


def _claims(row: Row, field: str) -> bool:
    """Tell whether an answered field with gold has a confidence."""
    return field in row.judged and row.judged[field].answered and field in row.answer.confidence


def _pairs(rows: Iterable[Row], field: str) -> list[tuple[float, bool]]:
    return [(row.answer.confidence[field], row.judged[field].right) for row in rows]


def markdown(results: Results) -> str:
    """Write all tables."""
    parts = ["# Quality of the metadata", provenance_line(results.provenance), NOTES]
    for corpus in results.rows:
        parts += [f"## {corpus}", *_field_tables(results, corpus)]
    for field, by_corpus in reliabilities(results).items():
        parts.append(f"## Confidence of ours and share right: {field}")
        for corpus, reliable in by_corpus.items():
            parts += [_reliability_head(corpus, reliable), _reliability_table(reliable)]
    parts += ["## CPU", _cpu_table(results)]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _field_tables(results: Results, corpus: str) -> list[str]:
    parts = []
    for field in FIELDS:
        rows = [
            _score_row(system, field, results.of(corpus, system))
            for system in results.systems
            if field in REGISTRY[system].fields and judged(results.of(corpus, system), field)
        ]
        if rows:
            extra = _UNDATED if field == "date" else []
            header = ["system", "pages", *_HEADERS[field], *extra]
            parts += [f"### {corpus}: {field}", table(header, rows)]
    return parts


def _score_row(system: str, field: str, rows: Sequence[Row]) -> list[object]:
    score = scores(rows, [field])[field]
    row = [system, score.pages, *_CELLS[type(score)](score)]
    if field == "date":
        pages, answered = undated(rows)
        row += [pages or None, percent(answered)]
    return row


def _title_cells(score: TitleScore) -> list[object]:
    return [percent(score.exact), percent(score.f1)]


def _set_cells(score: SetScore) -> list[object]:
    return [percent(value) for value in (score.precision, score.recall, score.f1, score.exact)]


def _date_cells(score: DateScore) -> list[object]:
    shares = (score.accuracy, score.precision, score.wrong, score.coverage)
    return [*map(percent, shares), score.instants or None, percent(score.instant)]


_CELLS: Mapping[type, Callable[[Score], list[object]]] = {
    TitleScore: _title_cells,
    SetScore: _set_cells,
    DateScore: _date_cells,
}


def _reliability_head(corpus: str, reliable: Reliability) -> str:
    count = sum(bucket.count for bucket in reliable.buckets)
    return f"{corpus}: {count} answers, expected calibration error {ratio(reliable.error)}"


def _reliability_table(reliable: Reliability) -> str:
    header = ["confidence from", "answers", "mean confidence", "share right"]
    rows = [
        [ratio(bucket.low), bucket.count, ratio(bucket.confidence), ratio(bucket.right)]
        for bucket in reliable.buckets
    ]
    return table(header, rows)


def cpu(rows: Iterable[Row]) -> dict[str, float] | None:
    """Return median, 95th percentile and maximum of the CPU time a page; None without one."""
    times = [row.cpu_ms for row in rows if row.cpu_ms is not None]
    if not times:
        return None
    return {"median": median(times), "p95": percentile(times, 0.95), "max": max(times)}


def errors(rows: Iterable[Row]) -> dict[str, int]:
    """Count the errors by name, the most frequent first."""
    return dict(Counter(row.error for row in rows if row.error is not None).most_common())


def _cpu_table(results: Results) -> str:
    rows = []
    for system in results.systems:
        own = results.by(system)
        times = cpu(own) or {}
        kinds = errors(own)
        cells = [milliseconds(times.get(name)) for name in ("median", "p95", "max")]
        told = ", ".join(f"{count} {name}" for name, count in kinds.items())
        rows.append([system, len(own), *cells, sum(kinds.values()), told])
    return table(["system", "pages", "median", "p95", "max", "err", "errors"], rows)


def machine(results: Results) -> dict[str, object]:
    """Return the figures of the tables as plain data: numbers only."""
    return {
        **results.provenance,
        "corpora": {
            corpus: {
                system: _figures(system, results.of(corpus, system)) for system in results.systems
            }
            for corpus in results.rows
        },
        "reliability": {
            field: {corpus: asdict(reliable) for corpus, reliable in by_corpus.items()}
            for field, by_corpus in reliabilities(results).items()
        },
        "cpu_ms": {system: cpu(results.by(system)) for system in results.systems},
    }


def _figures(system: str, rows: Sequence[Row]) -> dict[str, object]:
    pages, answered = undated(rows)
    made = {name: asdict(score) for name, score in scores(rows, REGISTRY[system].fields).items()}
    return {
        "pages": len(rows),
        "errors": errors(rows),
        **made,
        "undated": {"pages": pages, "answered": answered},
    }
