"""Page to content: finds the article's blocks and cuts the rest, keeping what it cut on the side.

parse -> outline (the page's text in reading order) -> features -> model -> selection
      -> body (form given back) -> block passes (leads, promo tail)
      -> verdict (is this an article at all?) -> ledger (what was cut; removal passes name it)
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from selectolax.lexbor import LexborHTMLParser

from scraper.cleaner import second_opinion
from scraper.cleaner.blocks import Outline, outline
from scraper.cleaner.body import Built, build
from scraper.cleaner.cues import Cues, read_cues
from scraper.cleaner.features import measure
from scraper.cleaner.ledger import ledger
from scraper.cleaner.model import load_model
from scraper.cleaner.removals import Said, mark, mark_blocks, vote
from scraper.cleaner.selection import NOTHING, Selection, select
from scraper.cleaner.verdict import asks_login, asks_proof, doubts
from scraper.model import Block, Content, Mode
from scraper.text import one_line, squeezed

__all__ = ["body_text", "clean", "parse"]


AFTER = 3
BETWEEN = 8
"""Blocks that were left out after the last kept one, and before each, that are listened to."""


class _Found(NamedTuple):
    """A page's blocks with the words of each, and what was chosen of them."""

    page: Outline
    cues: Cues
    words: Sequence[int]
    selection: Selection


def parse(html: str) -> LexborHTMLParser:
    """Parse a page as a browser would; never raises."""
    return LexborHTMLParser(html)


def body_text(tree: LexborHTMLParser, url: str | None = None, *, mode: Mode = "auto") -> str:
    """Return the article's text alone: no ledger, no verdict; empty where the model finds none."""
    built, _ = _built(_find(tree, url, mode), figures=False)
    return _joined(one.block for one in built)


def clean(tree: LexborHTMLParser, url: str | None = None, *, mode: Mode = "auto") -> Content:
    """Return the article's blocks, what the page is, and the ledger of what was cut."""
    found = _find(tree, url, mode)
    page, selection = found.page, found.selection
    built, labels = _built(found, figures=True)
    kept = {source for one in built for source in one.sources}
    blocks = tuple(one.block for one in built)
    source: Literal["model", "trafilatura"] = "model"
    if not _joined(blocks):
        blocks = second_opinion.find_body(tree, page)
        kept = _held(page, blocks)
        source = "trafilatura"
    page_type = selection.page_type
    warnings = doubts(
        page,
        sorted(kept),
        found.cues.titles,
        page_type=page_type.name if page_type else "article",
        certain=page_type.probability if page_type else 0.0,
        login=asks_login(tree),
        proof=asks_proof(tree),
    )
    if mode == "any":
        warnings = tuple(warning for warning in warnings if warning != "index_page")
    told = kept.union(selection.standfirst)
    return Content(
        blocks=blocks,
        subtitle=one_line(" ".join(page.texts[index] for index in selection.standfirst)) or None,
        removals=ledger(page, found.words, told, mark(tree, page, found.words), labels),
        page_words=sum(found.words),
        page_type=page_type,
        confidence=selection.confidence if source == "model" else None,
        body_source=source,
        warnings=warnings,
    )


def _find(tree: LexborHTMLParser, url: str | None, mode: Mode) -> _Found:
    page, cues = outline(tree), read_cues(tree, url)
    if not page.texts:
        return _Found(page, cues, (), NOTHING)
    features, model = measure(page, cues), load_model()
    words: list[int] = features.counts.tolist()
    prediction = model.predict(page, cues, features, mode=mode)
    chosen = select(page, features, prediction, vote(page, words), model.calibration)
    return _Found(page, cues, words, chosen)


def _built(found: _Found, *, figures: bool) -> tuple[list[Built], dict[int, tuple[str, str]]]:
    """Return the article's blocks, and by index kind and rule of those cut for what they say."""
    page = found.page
    built = build(page, found.selection.kept, figures=figures)
    heard = list(_heard(page, built))
    late = mark_blocks([said for said, _ in heard])
    cut = {heard[place][1]: marked for place, marked in late.items() if heard[place][1] >= 0}
    labels = {
        source: (marked.kind, marked.rule)
        for place, marked in cut.items()
        for source in built[place].sources
    }
    return [one for place, one in enumerate(built) if place not in cut], labels


def _heard(page: Outline, built: Sequence[Built]) -> Iterator[tuple[Said, int]]:
    """Yield the article's blocks with their place, and with -1 the page's blocks among them.

    What the model left out between two blocks, or right after the last, tells what these are: a
    promo tail may be half kept.
    """
    last = built[0].sources[0] - 1 if built else -1
    for place, one in enumerate(built):
        yield from _left_out(page, last + 1, one.sources[0])
        yield Said(one.block, _linked(page, one.sources)), place
        last = max(last, *one.sources)
    yield from _left_out(page, last + 1, min(len(page.texts), last + 1 + AFTER))


def _left_out(page: Outline, start: int, end: int) -> Iterator[tuple[Said, int]]:
    """Yield blocks that were left out as list items, whose short ones only vote if they promote."""
    for index in range(max(start, end - BETWEEN), end):
        block = Block(role="li", text=page.texts[index], level=None, rows=None, url=None)
        yield Said(block, _linked(page, (index,)), kept=False), -1


def _linked(page: Outline, sources: Iterable[int]) -> float:
    """Return the share of link text in some blocks."""
    characters = sum(len(page.texts[index]) for index in sources)
    return sum(page.links[index] for index in sources) / max(1, characters)


def _held(page: Outline, blocks: Iterable[Block]) -> set[int]:
    """Return the page's blocks whose text stands in ``blocks``, found by other means."""
    lines = {squeezed(line) for block in blocks for line in block.text.split("\n")}
    return {index for index, text in enumerate(page.texts) if squeezed(text) in lines}


def _joined(blocks: Iterable[Block]) -> str:
    return "\n\n".join(block.text for block in blocks if block.role != "figure")
