"""Explanation to one HTML page that holds all it needs and may load and run nothing.

The page's texts reach the template as text only: jinja escapes them, and none becomes part of a
tag: classes, ids and links are made of numbers and of names that stand in this package. The one
style element is allowed by its hash, scripts, styles and all else by nothing.
"""

from typing import NamedTuple

from scraper.model import Explanation
from scraper.writer.explain.facts import (
    access_of,
    fetch_of,
    head_of,
    metadata_of,
    missing_of,
    summary_of,
)
from scraper.writer.explain.stretches import MAX_KINDS, View, view_of
from scraper.writer.sheet import sheet

COLUMNS = 1000
"""Width of the strip that shows where the page was cut."""

THIN = 3
"""Columns of the shortest removal: thinner ones are not seen."""


_TOGGLES = "".join(
    f":root:has(#t{slot}:not(:checked)) .t{slot} {{ display: none }}\n"
    for slot in range(MAX_KINDS + 1)
)


class Mark(NamedTuple):
    """A removal on the strip."""

    start: int
    width: int
    number: int
    slot: int
    colour: str
    label: str


def render_page(explanation: Explanation) -> str:
    """Return the page; the same explanation gives the same page."""
    template, style, policy = sheet("explain", _TOGGLES)
    view = view_of(explanation)
    article = explanation.article
    return template.render(
        policy=policy,
        style=style,
        view=view,
        head=head_of(article),
        summary=summary_of(view),
        marks=_marks(view),
        columns=COLUMNS,
        metadata=metadata_of(article),
        missing=missing_of(article),
        access=access_of(article),
        fetch=fetch_of(article),
    )


def _marks(view: View) -> list[Mark]:
    """Return the removals as places on the strip, at most one at each column."""
    marks: dict[int, Mark] = {}
    for stretch in view.stretches:
        if stretch.kept:
            continue
        start = min(COLUMNS * stretch.start // max(1, view.words), COLUMNS - THIN)
        width = max(THIN, COLUMNS * stretch.words // max(1, view.words))
        label = f"{stretch.kind}, {stretch.words:,}"
        mark = Mark(start, width, stretch.number, stretch.slot, stretch.colour, label)
        if start not in marks or marks[start].width < width:
            marks[start] = mark
    return list(marks.values())
