"""The tables of the quality comparison, and the same figures for a machine."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import fmean

from bench.markdown import milliseconds, percent, ratio, table
from bench.metrics import paired_interval
from bench.options import provenance_line
from bench.peers import OURS
from bench.quality import promo
from bench.quality.claims import claims, confidence_section, type_section
from bench.quality.worst import WorstPage, worst_pages
from bench.scores import PageScore, Summary, grouped, summarize

_COLUMNS = (
    "system n F1 P R|F1 text alone|with %|without present %|seg F1|seg acc|empty|err"
    "|CPU ms median|CPU ms mean"
)

NOTES = """\
F1, P, R: words of a page as a multiset, averaged over pages. with %: snippets of the gold that the
output has, of those that it should have; without present %: of those that it should not have. Only
wcxb and trafilatura have snippets. seg F1, seg acc as in trafilatura's own evaluation. empty: under
50 characters. err: raised, crashed or over 60 s; scored as empty.
F1 text alone: on fundus and daniel the gold begins with standfirst or headline, and F1 is that of
text with what a system reports of them apart; this is the F1 without.
Promo: sentences that must not (drop) and that must (keep) appear; perfect: no leak and every keep.
trafilatura runs with include_comments=False, trafilatura-precision with favor_precision=True too.
CPU: process time of one page in ms on a shared machine; read ratios. Definitions: bench/README.md.
"""


@dataclass(frozen=True, slots=True)
class Results:
    """Everything a run produced: provenance, the systems in order, page scores by corpus."""

    provenance: dict[str, object]
    systems: tuple[str, ...]
    pages: dict[str, list[PageScore]]

    def of(self, corpus: str, system: str) -> list[PageScore]:
        """Select the pages of one corpus and system."""
        return [page for page in self.pages[corpus] if page.system == system]

    def by_system(self, corpus: str) -> dict[str, list[PageScore]]:
        """Select the pages of one corpus by system."""
        return {system: self.of(corpus, system) for system in self.systems}

    def ours(self) -> dict[str, list[PageScore]]:
        """Select the pages of ours by corpus."""
        return {corpus: self.of(corpus, "ours") for corpus in self.pages}

    def summary(self, corpus: str, system: str) -> Summary:
        """Summarize one corpus and system."""
        return summarize(self.of(corpus, system))


def markdown(results: Results, worst: int) -> str:
    """Write all tables; `worst` is the number of pages listed a corpus."""
    parts = ["# Quality of the extracted text", provenance_line(results.provenance), NOTES]
    for corpus in results.pages:
        parts += [f"## {corpus}", _corpus_table(results, corpus)]
        if groups := _group_table(results, corpus):
            parts += [f"### {corpus} by group (word F1)", groups]
        if _is_exam(results.pages[corpus]):
            parts += promo.sections(results.by_system(corpus))
    if differences := _difference_table(results):
        parts += ["## Ours minus a peer (word F1, 95 % interval by paired bootstrap)", differences]
    if "ours" in results.systems:
        parts += ["## Page type as ours says it", type_section(results.ours())]
        parts += ["## Confidence of ours and word F1", confidence_section(results.ours())]
    for corpus in results.pages:
        if pages := worst_pages(results.pages[corpus], worst):
            parts += [f"## Worst pages of ours: {corpus}", _worst_table(pages)]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def machine(results: Results, worst: int) -> dict[str, object]:
    """Return the figures of the tables as plain data: ids and numbers only."""
    return {
        **results.provenance,
        "corpora": {
            corpus: {
                system: {
                    **asdict(results.summary(corpus, system)),
                    "groups": {
                        group: asdict(summarize(pages))
                        for group, pages in grouped(
                            results.of(corpus, system), lambda page: page.group
                        ).items()
                    },
                }
                for system in results.systems
            }
            for corpus in results.pages
        },
        "promo_exam": {
            corpus: promo.figures(results.by_system(corpus))
            for corpus, pages in results.pages.items()
            if _is_exam(pages)
        },
        "claims": claims(results.ours()),
        "ours_minus": {
            corpus: {
                system: _interval(paired_differences(results, corpus, system))
                for system in results.systems
                if system not in OURS
            }
            for corpus in results.pages
        },
        "worst": [
            asdict(page)
            for corpus in results.pages
            for page in worst_pages(results.pages[corpus], worst)
        ],
    }


def _corpus_table(results: Results, corpus: str) -> str:
    if _is_exam(results.pages[corpus]):
        return promo.exam_table(results.by_system(corpus))
    rows = [_row(system, results.summary(corpus, system)) for system in results.systems]
    return table(_split(_COLUMNS), rows)


def _is_exam(pages: Sequence[PageScore]) -> bool:
    return any(page.promo for page in pages)


def _split(columns: str) -> list[str]:
    first, *rest = columns.split("|")
    return [*first.split(), *rest]


def _row(system: str, row: Summary) -> list[object]:
    words, segments = row.words, row.segments
    return [
        system,
        row.pages,
        *((ratio(words.f1), ratio(words.precision), ratio(words.recall)) if words else [None] * 3),
        ratio(row.text_f1),
        *((percent(segments.recall), percent(segments.leak)) if segments else [None] * 2),
        *((ratio(segments.f1), ratio(segments.accuracy)) if segments else [None] * 2),
        row.empty,
        row.errors,
        milliseconds(row.cpu_median),
        milliseconds(row.cpu_mean),
    ]


def _group_table(results: Results, corpus: str) -> str | None:
    """Break word F1 down by page type, language or country; None where there is but one group."""
    counts = grouped(results.of(corpus, results.systems[0]), lambda page: page.group)
    rows = []
    for group, pages in sorted(counts.items(), key=lambda item: -len(item[1])):
        scores = [
            summarize([page for page in results.of(corpus, system) if page.group == group]).words
            for system in results.systems
        ]
        if any(scores):
            rows.append([group, len(pages), *(ratio(score and score.f1) for score in scores)])
    return table(["group", "n", *results.systems], rows) if len(rows) > 1 else None


def paired_differences(results: Results, corpus: str, peer: str) -> list[float]:
    """List ours minus a peer in word F1, page by page."""
    ours = {page.id: page.words.f1 for page in results.of(corpus, "ours") if page.words}
    return [
        ours[page.id] - page.words.f1
        for page in results.of(corpus, peer)
        if page.words and page.id in ours
    ]


def _difference_table(results: Results) -> str | None:
    peers = [system for system in results.systems if system not in OURS]
    rows = []
    for corpus in results.pages:
        cells = [_difference(paired_differences(results, corpus, peer)) for peer in peers]
        if any(cells):
            rows.append([corpus, *cells])
    return table(["corpus", *peers], rows) if rows else None


def _difference(differences: Sequence[float]) -> str | None:
    """Format a mean difference and its interval: +.012 (+.004 to +.020)."""
    figures = _interval(differences)
    if figures is None:
        return None
    mean, low, high = (f"{value:+.3f}".replace("0.", ".", 1) for value in figures)
    return f"{mean} ({low} to {high})"


def _interval(differences: Sequence[float]) -> list[float] | None:
    """Return mean, lower and upper bound."""
    return [fmean(differences), *paired_interval(differences)] if differences else None


def _worst_table(pages: Sequence[WorstPage]) -> str:
    rows = []
    for page in pages:
        name, best = page.best or (None, None)
        rows.append([page.id, page.group, ratio(page.ours), ratio(best), name])
    return table(["page", "group", "ours", "best peer's", "best peer"], rows)
