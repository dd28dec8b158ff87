"""Explanation to lines of text: kept text indented, removals behind a dash, as in a diff."""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from scraper.model import Explanation
from scraper.writer.explain.facts import Fact, access_of, counted, head_of, summary_of
from scraper.writer.explain.stretches import Stretch, View, view_of

Style = Literal["plain", "strong", "muted", "good", "fair", "bad", "mark", "cut"]

KEPT, CUT, MARK = "  ", "- ", "@ "
"""What a line begins with: a page's text never stands at the margin, so it forges no mark."""


class Line(NamedTuple):
    """A line: its margin, its text, and how both look.

    ``colour`` is that of a kind, whose name is the first ``lead`` characters of the text.
    """

    margin: str
    text: str
    style: Style
    colour: str = ""
    lead: int = 0


_EMPTY = Line("", "", "plain")
_STRONG = frozenset({"title", "heading"})


def render_text(explanation: Explanation) -> str:
    """Return the explanation as plain text, a line for each paragraph."""
    return "".join(f"{line.margin}{line.text}".rstrip() + "\n" for line in lines_of(explanation))


def lines_of(explanation: Explanation) -> Iterator[Line]:
    """Yield head, text and legend line by line."""
    view = view_of(explanation)
    yield from _head(explanation, view)
    for stretch in view.stretches:
        yield from _kept(stretch) if stretch.kept else _cut(stretch)
    yield from _legend(view)


def _head(explanation: Explanation, view: View) -> Iterator[Line]:
    head = head_of(explanation.article)
    yield _row("title", head.title or "none", "strong")
    yield _row("address", head.address, "plain")
    for badge in head.badges:
        yield _row(badge.name, badge.value, badge.tone)
    for fact in access_of(explanation.article)[1:]:
        yield _row("", " ".join(filter(None, (fact.source or fact.name, fact.value))), "muted")
    if head.error:
        yield _row("error", _joined(head.error), "bad")
    for doubt in head.doubts:
        yield _row("doubt", _joined(doubt), "fair")
    yield _row("words", summary_of(view), "plain")
    yield _EMPTY


def _row(name: str, value: str, style: Style) -> Line:
    return Line(f"{name:<12}", value, style)


def _joined(fact: Fact) -> str:
    return ": ".join(filter(None, (fact.name, fact.value)))


def _kept(stretch: Stretch) -> Iterator[Line]:
    for one in stretch.paragraphs:
        style: Style = "strong" if one.form in _STRONG else "plain"
        for line in one.text.split("\n"):
            yield Line(KEPT, line, style)
        yield _EMPTY


def _cut(stretch: Stretch) -> Iterator[Line]:
    name = stretch.kind + stretch.rest
    reasons = " | ".join([name, counted(stretch.words, "word"), *stretch.votes])
    yield Line(MARK, reasons, "mark", stretch.colour, len(stretch.kind))
    for run in stretch.runs:
        yield Line(CUT, " · ".join(run), "cut", stretch.colour)
    if stretch.unseen:
        yield Line(CUT, f"... {counted(stretch.unseen, 'word')} more", "cut", stretch.colour)
    yield _EMPTY


def _legend(view: View) -> Iterator[Line]:
    for unseen, what in ((view.unseen_kept, "kept"), (view.unseen_cut, "removed")):
        if unseen:
            yield Line(MARK, f"{counted(unseen, 'word')} {what}, not shown here", "mark")
            yield _EMPTY
    if not view.words:
        return
    yield _sum("kept", view.kept_blocks, "block", view.kept_words)
    for entry in view.legend:
        line = _sum(entry.kind, entry.places, "place", entry.words, entry.meaning)
        yield line._replace(style="mark", colour=entry.colour, lead=len(entry.kind))
    yield _sum("cut in all", view.places, "place", view.cut_words)


def _sum(name: str, number: int, unit: str, words: int, meaning: str = "") -> Line:
    places = f"{number:>7,} {unit if number == 1 else unit + 's':<7}"
    counts = f"{words:>8,} {'word' if words == 1 else 'words':<8}"
    return Line("", f"{name:<16}{places}{counts}{meaning}".rstrip(), "strong")
