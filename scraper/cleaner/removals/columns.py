"""Marks the other columns and rows of a layout table: old pages build menus and footers so."""

from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.cleaner.removals.mark import Mark
from scraper.cleaner.removals.prose import Prose
from scraper.cleaner.rules import load_rules

MIN_PROSE = 100
"""Words of prose in one cell from which its table is a layout and not data."""


def mark_columns(tree: LexborHTMLParser, prose: Prose) -> Iterator[Mark]:
    """Yield a mark for each cell without prose in a table that holds the article in a cell."""
    if tree.body is None:
        return
    rule = next(rule for rule in load_rules() if rule.columns)
    for table in tree.body.css("table"):
        cells = list(_cells(table))
        if not any(prose.words(cell) >= MIN_PROSE for cell in cells):
            continue
        for cell in cells:
            mark = prose.mark(cell, rule)
            if mark:
                yield mark


def _cells(table: LexborNode) -> Iterator[LexborNode]:
    """Yield the table's own cells, not those of tables inside it."""
    for section in table.iter():
        for row in section.iter():
            if row.tag == "tr":
                yield from row.iter()
