"""The promo exam in tables: the whole, its parts by corpus, and what leaks by class of promo."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass

from bench.markdown import milliseconds, percent, table
from bench.metrics import KindCounts, PromoCounts
from bench.scores import PageScore, Summary, grouped, summarize

Systems = Mapping[str, Sequence[PageScore]]
"""Page scores of the exam by system, all of the same pages."""

# What asks the reader to pay, sign up, follow or read something else; the other classes are
# furniture of pages, and no sign that a text advertises.
PROMOS = (
    "related_inline",
    "newsletter",
    "follow_social",
    "subscribe_pricing",
    "paywall",
    "signin",
    "donation",
    "app_download",
    "push_notify",
    "event_product_promo",
    "affiliate_disclosure",
    "ad_label",
)
ALL_PROMOS, EVERYTHING = "all promo classes", "everything"

NOTES = """\
Each cell: pages with a leaked sentence of the class, in % of all pages of the exam / words of the
leaked sentences in 1000 words of output, over all pages together. sentences: how many of the class
the exam has, and on how many pages. Only the sentences that the exam lists are counted, each once:
no other boilerplate is. First the promo classes, then what else must not appear.
"""

CAVEATS = """\
These pages and their sentences are development data: ours was made with them, the peers were not.
Ours' figures here say what it does on pages it knows, not what it will do on others. Of ours
subtitle and text are read: a standfirst that a peer's text leaves out is missing in its keep recall
and perfect pages, which no leak figure touches.
"""

_EXAM = (
    "system",
    "n",
    "drop leak %",
    "in-zone leak %",
    "clean pages %",
    "keep recall %",
    "hard-negative recall %",
    "perfect pages %",
    "empty",
    "err",
    "CPU ms median",
)


@dataclass(frozen=True, slots=True)
class LeakRate:
    """What a system leaks of some classes: sentences, share of pages, words in 1000 of output."""

    sentences: int
    leaked: int
    pages: float
    words: float


def exam_table(systems: Systems) -> str:
    """Write the exam's figures, a row for each system."""
    return table(_EXAM, [_row(name, summarize(pages)) for name, pages in systems.items()])


def _row(system: str, row: Summary) -> list[object]:
    promo = row.promo
    shares = [None] * 6
    if promo:
        shares = [
            promo.drop_leak,
            promo.inside_leak,
            promo.clean,
            promo.keep_recall,
            promo.hard_recall,
            promo.perfect,
        ]
    figures = [percent(share) for share in shares]
    return [system, row.pages, *figures, row.empty, row.errors, milliseconds(row.cpu_median)]


def parts(systems: Systems) -> dict[str, dict[str, list[PageScore]]]:
    """Split the exam by the corpus of its pages, which their ids begin with: wcxb:0052."""
    split = {
        name: grouped(pages, lambda page: page.id.partition(":")[0])
        for name, pages in systems.items()
    }
    corpora = sorted({corpus for groups in split.values() for corpus in groups})
    return {
        corpus: {name: groups.get(corpus, []) for name, groups in split.items()}
        for corpus in corpora
    }


def sections(systems: Systems) -> list[str]:
    """Write what follows the exam's own table: its parts, then the leaks by class."""
    of_parts = [
        [f"### promo: pages of {corpus}", exam_table(part)]
        for corpus, part in parts(systems).items()
    ]
    leaks = ["### promo: leaked sentences by class", NOTES, leak_table(systems)]
    return [CAVEATS, *(text for part in of_parts for text in part), *leaks]


def leak_table(systems: Systems) -> str:
    """Write pages and words that leaked, a row for each class, a column for each system."""
    counts = {name: _counts(pages) for name, pages in systems.items()}
    first = next(iter(counts.values()), [])
    rows = [
        [
            name,
            _extent(first, kinds),
            *(_cell(leak_rate(pages, kinds)) for pages in counts.values()),
        ]
        for name, kinds in row_kinds(first).items()
    ]
    return table(["class", "sentences", *systems], rows)


def row_kinds(counts: Sequence[PromoCounts]) -> dict[str, Collection[str]]:
    """Name the table's rows, each with the classes that it sums up."""
    found = {row.kind for page in counts for row in page.kinds}
    promos = [kind for kind in PROMOS if kind in found]
    others = sorted(found - set(promos))
    return {
        **{kind: (kind,) for kind in promos},
        ALL_PROMOS: promos,
        **{kind: (kind,) for kind in others},
        EVERYTHING: found,
    }


def leak_rate(counts: Sequence[PromoCounts], kinds: Collection[str]) -> LeakRate:
    """Sum up what leaked of some classes on all pages."""
    rows = [_of(page, kinds) for page in counts]
    output = sum(page.words for page in counts)
    leaked_pages = sum(any(row.leaked for row in page) for page in rows)
    words = sum(row.words for page in rows for row in page)
    return LeakRate(
        sentences=sum(row.drop for page in rows for row in page),
        leaked=sum(row.leaked for page in rows for row in page),
        pages=leaked_pages / len(counts) if counts else 0.0,
        words=1000 * words / output if output else 0.0,
    )


def figures(systems: Systems) -> dict[str, object]:
    """Return parts and leaks as plain data."""
    counts = {name: _counts(pages) for name, pages in systems.items()}
    return {
        "parts": {
            corpus: {name: asdict(summarize(pages)) for name, pages in part.items()}
            for corpus, part in parts(systems).items()
        },
        "leaks": {
            name: {row: asdict(leak_rate(pages, kinds)) for row, kinds in row_kinds(pages).items()}
            for name, pages in counts.items()
        },
    }


def _counts(pages: Sequence[PageScore]) -> list[PromoCounts]:
    return [page.promo for page in pages if page.promo is not None]


def _of(page: PromoCounts, kinds: Collection[str]) -> list[KindCounts]:
    return [row for row in page.kinds if row.kind in kinds]


def _extent(counts: Sequence[PromoCounts], kinds: Collection[str]) -> str:
    pages = sum(bool(_of(page, kinds)) for page in counts)
    return f"{leak_rate(counts, kinds).sentences} on {pages}"


def _cell(rate: LeakRate) -> str:
    return f"{percent(rate.pages)} / {rate.words:.2f}"
