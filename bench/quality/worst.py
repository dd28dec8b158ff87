"""Ranks the pages on which ours scores lowest."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bench.peers import OURS
from bench.scores import PageScore, grouped


@dataclass(frozen=True, slots=True)
class WorstPage:
    """A page on which ours scores low, beside each peer; all from 0 to 1.

    The figure is the word F1, else the share of snippets or promo sentences that are right.
    """

    corpus: str
    id: str
    group: str
    ours: float
    peers: dict[str, float]

    @property
    def best(self) -> tuple[str, float] | None:
        """Name the peer with the highest score; None where no peer ran."""
        return max(self.peers.items(), key=lambda item: item[1], default=None)


def worst_pages(pages: Iterable[PageScore], count: int) -> list[WorstPage]:
    """List the pages of a corpus where ours has the lowest figure, lowest first.

    Pages whose gold is empty say more about the corpus and are left out, as are perfect ones.
    """
    scored = (page for page in pages if page.words is None or page.gold_words)
    rows = [_compared(page) for page in grouped(scored, lambda page: page.id).values()]
    flawed = (row for row in rows if row is not None and row.ours < 1)
    return sorted(flawed, key=lambda row: (row.ours, row.id))[:count]


def _compared(pages: Sequence[PageScore]) -> WorstPage | None:
    figures = {page.system: page.figure for page in pages if page.figure is not None}
    if "ours" not in figures:
        return None
    others = {name: figure for name, figure in figures.items() if name not in OURS}
    first = pages[0]
    return WorstPage(first.corpus, first.id, first.group, figures["ours"], others)
