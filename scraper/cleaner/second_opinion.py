"""Asks trafilatura where the model finds no article: rarely, and never on pages it cannot bear."""

import logging
import threading
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from selectolax.lexbor import LexborHTMLParser

from scraper.cleaner.body import MAX_CELL
from scraper.model import Block, Role
from scraper.outline import Outline
from scraper.text import count_words, keep_lines, one_line, without_unsafe

if TYPE_CHECKING:
    from lxml.etree import _Element

_ROLES: dict[str, Role] = {f"h{level}": f"h{level}" for level in range(2, 7)}  # type: ignore[misc]
MAX_BLOCKS = 5_000
"""Blocks above which trafilatura is not asked: its time grows with their square (20,000: 1.8 s)."""

MAX_DEPTH = 200
"""Depth of block-level elements above which it is not asked: below 256 levels it sees nothing."""

MAX_TAGS = 60_000
"""Tags above which it is not asked: 50,000 pictures in one paragraph take it 1.4 s."""

# Without a handler Python prints a library's warnings; with one they go where the user says.
logging.getLogger("trafilatura").addHandler(logging.NullHandler())

# Concurrent threads inside lxml have crashed trafilatura (its issues 840 and 925).
_LOCK = threading.Lock()


def find_body(tree: LexborHTMLParser, page: Outline) -> tuple[Block, ...]:
    """Return the article's blocks as trafilatura finds them; empty where it finds none.

    It is not asked about pages on which it would take minutes or lose the text. It reads the page
    as serialised by Lexbor, so that character references are resolved: a reference to a control
    character makes trafilatura 2.3 lose the page.
    """
    if not page.texts or len(page.texts) > MAX_BLOCKS or max(page.depths) > MAX_DEPTH:
        return ()
    html = tree.html or ""
    if html.count("<") > MAX_TAGS:
        return ()
    import trafilatura  # noqa: PLC0415 - 0.1 s that few pages need

    html = without_unsafe(html)
    with _LOCK:
        found = trafilatura.bare_extraction(html, include_comments=False, with_metadata=False)
    body = getattr(found, "body", None)
    if body is None:
        return ()
    return tuple(block for element in body for block in _convert(element, level=0) if block.text)


def _convert(element: "_Element", *, level: int) -> Iterator[Block]:
    match element.tag:
        case "head":
            yield _block(_ROLES.get(element.get("rend") or "", "h2"), _text(element))
        case "list":
            for item in element.iterchildren("item"):
                yield from _list_item(item, level=level + 1)
        case "quote":
            yield from _quote(element)
        case "code":
            yield _block("code", keep_lines("".join(element.itertext())))
        case "table":
            yield from _table(element)
        case _:
            yield _block("p", _text(element))


def _list_item(item: "_Element", *, level: int) -> Iterator[Block]:
    nested = list(item.iterchildren("list"))
    yield _block("li", _text(item, without=nested), level=level)
    for inner in nested:
        yield from _convert(inner, level=level)


def _quote(element: "_Element") -> Iterator[Block]:
    if not len(element) or (element.text or "").strip():
        yield _block("quote", _text(element))
        return
    for inner in element:
        for block in _convert(inner, level=0):
            yield _block("quote", block.text) if block.role == "p" else block


def _table(element: "_Element") -> Iterator[Block]:
    """Yield a table, or the paragraphs in the cells of a table that only serves the layout."""
    rows = [tuple(_text(cell) for cell in row.iterchildren("cell")) for row in element.iter("row")]
    filled = tuple(row for row in rows if any(row))
    is_layout = any(count_words(cell) > MAX_CELL for row in filled for cell in row)
    if is_layout or all(len(row) == 1 for row in filled):
        lines = (line for row in filled for cell in row for line in cell.split("\n"))
        yield from (_block("p", line) for line in lines)
    else:
        text = "\n".join(" | ".join(cell for cell in row if cell) for row in filled)
        yield _block("table", text, rows=filled)


def _text(element: "_Element", without: "Sequence[_Element]" = ()) -> str:
    """Return the element's text, a line for each line break, ``without`` some of its children."""
    lines = "".join(_pieces(element, without)).split("\n")
    return "\n".join(line for line in map(one_line, lines) if line)


def _pieces(element: "_Element", without: "Sequence[_Element]") -> Iterator[str]:
    yield _flat(element.text)
    for child in element:
        if child not in without:
            yield "\n" if child.tag in ("lb", "p") else ""
            yield from _pieces(child, without)
        yield _flat(child.tail)


def _flat(text: str | None) -> str:
    return (text or "").replace("\n", " ")


def _block(
    role: Role,
    text: str,
    *,
    level: int | None = None,
    rows: tuple[tuple[str, ...], ...] | None = None,
) -> Block:
    return Block(role=role, text=text, level=level, rows=rows, url=None)
