"""Page to content: finds the article's blocks and cuts the rest, keeping what it cut on the side.

parse -> choice (outline, features, model, selection, promo passes) -> body (form given back)
      -> verdict (is this an article at all?) -> ledger (what was cut; removal passes name it)
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Literal, NamedTuple

import msgspec
from selectolax.lexbor import LexborHTMLParser

from scraper.advice import NONE, Advice
from scraper.cleaner import embedded, second_opinion
from scraper.cleaner.body import build
from scraper.cleaner.choice import Choice, choose
from scraper.cleaner.ledger import ledger, told_pieces
from scraper.cleaner.mending import mended, unveiled
from scraper.cleaner.naming import Cutting, Reason, reasons
from scraper.cleaner.plain import clean_text, is_plain
from scraper.cleaner.removals import mark
from scraper.cleaner.verdict import SHORT, asks_login, asks_proof, doubts
from scraper.cleaner.walls import find_walls
from scraper.limiter import limited
from scraper.model import Block, Content, Mode, Piece
from scraper.outline import Outline
from scraper.text import count_words, one_line, squeezed

__all__ = [
    "body_text",
    "clean",
    "clean_text",
    "explain",
    "is_plain",
    "parse",
    "parse_mended",
    "unveiled",
]


class _Cleaned(NamedTuple):
    """The content, and for each block of the page whether it is shown and why it would not be."""

    content: Content
    choice: Choice
    shown: Collection[int]
    told: Sequence[Reason]


def parse(html: str) -> LexborHTMLParser:
    """Parse a page as a browser would, within limits; never raises."""
    return LexborHTMLParser(limited(html))


def parse_mended(html: str) -> tuple[LexborHTMLParser, bool]:
    """Parse a page; where unclosed markup hides its text, mend that. Return whether it was."""
    tree = parse(html)
    whole = mended(html, tree)
    return (parse(whole), True) if whole else (tree, False)


def body_text(tree: LexborHTMLParser, url: str | None = None, *, mode: Mode = "auto") -> str:
    """Return the article's text alone: no ledger, no verdict; empty where the model finds none."""
    choice = choose(tree, url, mode)
    return _joined(one.block for one in build(choice.page, choice.kept, figures=False))


def clean(  # noqa: PLR0913 - each is a word of its own about how to read
    tree: LexborHTMLParser,
    url: str | None = None,
    *,
    mode: Mode = "auto",
    keep: Collection[str] = (),
    advice: Advice = NONE,
    spared: Sequence[str] = (),
    page: Outline | None = None,
    hidden: bool = False,
) -> Content:
    """Return the article's blocks, what the page is, and the ledger of what was cut.

    ``keep`` are kinds of removals to leave in, ``advice`` is what the user knows of the site;
    ``spared`` are selectors of what the page itself declares as its text. ``page`` spares making
    the outline where it is known. Where the page shows no text, the ``hidden`` one in its data is
    taken if that is allowed.
    """
    found = _clean(tree, choose(tree, url, mode, advice, spared, page), mode, keep)
    return _with_hidden(found.content, tree) if hidden else found.content


def explain(  # noqa: PLR0913 - as clean
    tree: LexborHTMLParser,
    url: str | None = None,
    *,
    mode: Mode = "auto",
    keep: Collection[str] = (),
    advice: Advice = NONE,
    spared: Sequence[str] = (),
    page: Outline | None = None,
    hidden: bool = False,
) -> tuple[Content, tuple[Piece, ...]]:
    """Return what ``clean`` does, and every block of the page with what spoke for and against."""
    found = _clean(tree, choose(tree, url, mode, advice, spared, page), mode, keep)
    content = _with_hidden(found.content, tree) if hidden else found.content
    return content, told_pieces(found.choice, found.shown, found.told)


def _clean(tree: LexborHTMLParser, choice: Choice, mode: Mode, keep: Collection[str]) -> _Cleaned:
    page, selection = choice.page, choice.selection
    stays = frozenset((*choice.kept, *selection.standfirst))
    marks = mark(tree, page, choice.words, stays or None)  # where nothing stays, all may be text
    told = reasons(Cutting(page, choice.words, choice.heard, stays), marks, choice.cut)
    chosen = choice.kept
    if keep:
        wanted = (index for index, reason in enumerate(told) if reason.kind in keep)
        chosen = sorted({*chosen, *wanted})
    built = build(page, chosen)
    kept = {source for one in built for source in one.sources}
    blocks = tuple(one.block for one in built)
    source: Literal["model", "trafilatura", "site"] = "site" if choice.by_site else "model"
    if not _joined(blocks):
        blocks = second_opinion.find_body(tree, page)
        kept = _held(page, blocks)
        source = "trafilatura"
    page_type = selection.page_type
    warnings = doubts(
        page,
        sorted(kept),
        choice.cues.titles,
        page_type=page_type.name if page_type else "article",
        certain=page_type.probability if page_type else 0.0,
        login=asks_login(tree),
        proof=asks_proof(tree),
    )
    if mode == "any":
        warnings = tuple(warning for warning in warnings if warning != "index_page")
    if warnings == ("no_content",) and _is_unshown(page, blocks):
        warnings = _shortness(blocks)
    shown = kept.union(selection.standfirst)
    content = Content(
        blocks=blocks,
        kept=tuple(sorted(kept)),
        subtitle=one_line(" ".join(page.texts[index] for index in selection.standfirst)) or None,
        removals=ledger(page, choice.words, shown, told),
        page_words=sum(choice.words),
        page_type=page_type,
        confidence=selection.confidence if source == "model" else None,
        body_source=source,
        walls=find_walls(page, kept, choice.heard),
        warnings=warnings,
    )
    return _Cleaned(content, choice, shown, told)


def _with_hidden(content: Content, tree: LexborHTMLParser) -> Content:
    """Return the content with the text from the page's data, where it has none of its own."""
    if content.warnings != ("no_content",) or not (blocks := embedded.find_body(tree)):
        return content
    warnings = _shortness(blocks)
    return msgspec.structs.replace(content, blocks=blocks, body_source="state", warnings=warnings)


def _shortness(blocks: Iterable[Block]) -> tuple[str, ...]:
    return ("short_text",) if count_words(_joined(blocks)) < SHORT else ()


def _is_unshown(page: Outline, blocks: Iterable[Block]) -> bool:
    """Whether there is text in ``blocks`` that the page does not show, as of a frameset."""
    shown = squeezed(" ".join(page.texts))
    return any(squeezed(block.text) not in shown for block in blocks)


def _held(page: Outline, blocks: Iterable[Block]) -> set[int]:
    """Return the page's blocks whose text stands in ``blocks``, found by other means."""
    lines = {squeezed(line) for block in blocks for line in block.text.split("\n")}
    return {index for index, text in enumerate(page.texts) if squeezed(text) in lines}


def _joined(blocks: Iterable[Block]) -> str:
    return "\n\n".join(block.text for block in blocks if block.role != "figure")
