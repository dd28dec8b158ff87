"""Marks the other columns and rows of a layout table: old pages build menus and footers so."""

from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser

from scraper.cleaner.removals.mark import Mark
from scraper.cleaner.removals.prose import Prose
from scraper.cleaner.rules import load_rules

MIN_PROSE = 100
"""Words of prose in one cell from which its table is a layout and not data."""


def mark_columns(_tree: LexborHTMLParser, prose: Prose) -> Iterator[Mark]:
    """Yield a mark for each cell without prose in a table that holds the article in a cell."""
    if "table" not in prose.page.tags:
        return
    rule = next(rule for rule in load_rules() if rule.columns)
    for cells in _cells(prose).values():
        if not any(prose.words(cell) >= MIN_PROSE for cell in cells):
            continue
        for cell in cells:
            mark = prose.mark(cell, rule)
            if mark:
                yield mark


def _cells(prose: Prose) -> dict[int, list[int]]:
    """Return the cells of each table, not those of tables inside it."""
    page = prose.page
    cells: dict[int, list[int]] = {}
    table_of: list[int] = []
    for element, (tag, parent) in enumerate(zip(page.tags, page.parents, strict=True)):
        table = table_of[parent] if parent >= 0 else -1
        if tag in ("td", "th") and table >= 0:
            cells.setdefault(table, []).append(element)
        table_of.append(element if tag == "table" else table)
    return cells
