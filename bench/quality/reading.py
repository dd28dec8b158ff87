"""Writes ours' worst pages as HTML to read: gold beside output, line by line.

The files hold other people's words: they are for reading, and stay outside the repository.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from xml.etree import ElementTree as ET
from xml.etree.ElementTree import Element, SubElement

from bench import peers
from bench.corpora.case import Case
from bench.output import Output
from bench.quality.lines import Line, faults, gold_lines, output_lines
from bench.quality.worst import WorstPage, worst_pages
from bench.scores import PageScore, score_page

PAGES = 30
"""Pages a corpus: what one reads in an evening."""

MAX_LINE = 500
MAX_LINES = 150
"""Characters of a line and lines of a column that are shown."""

EDGE = 2
"""Right lines shown at each end of a longer run of them."""

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; margin: 2em auto; max-width: 80em; padding: 0 1em }
h2 { font-size: 1em; margin: 2.5em 0 .3em; border-top: 1px solid #999; padding-top: .5em }
table { border-collapse: collapse } td, th { padding: 0 .8em; text-align: left }
.sides { display: grid; grid-template-columns: 1fr 1fr; gap: 1.5em }
p { margin: .25em 0; padding-left: .5em; border-left: 4px solid #ccc; overflow-wrap: anywhere }
p.right { border-color: #4a4; color: #353 } p.wrong { border-color: #c33; background: #fdeaea }
p.cut, .note { color: #777 } p.cut { border-color: #fff }
"""
_CLASSES = {True: "right", False: "wrong", None: "unknown"}
_FIGURE = "Figures: word F1, else the share of snippets or promo sentences that are right."
_KEY = {
    "gold": {True: "kept", False: "missed"},
    "output": {True: "right", False: "leaked"},
}


def write_worst(
    folder: Path,
    corpora: dict[str, list[PageScore]],
    cases: dict[str, list[Case]],
    count: int = PAGES,
) -> list[Path]:
    """Write FOLDER/CORPUS.html with ours' worst pages for each corpus that ours has read."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for corpus, scores in corpora.items():
        failed = {score.id for score in scores if score.system == "ours" and score.error}
        by_id = {case.id: case for case in cases[corpus]}
        pages = [
            (page, by_id[page.id], Output("") if page.id in failed else _read(by_id[page.id]))
            for page in worst_pages(scores, count)
        ]
        if pages:
            path = folder / f"{corpus}.html"
            path.write_text(document(corpus, pages), "utf-8")
            written.append(path)
    return written


def _read(case: Case) -> Output:
    """Extract a page once more: scoring keeps no outputs."""
    with peers.silence():
        return peers.REGISTRY["ours"].read(case, case.html)


def document(corpus: str, pages: Sequence[tuple[WorstPage, Case, Output]]) -> str:
    """Return one HTML file; the serializer escapes whatever a page says."""
    root = Element("html", lang="en")
    head, body = SubElement(root, "head"), SubElement(root, "body")
    SubElement(head, "meta", charset="utf-8")
    SubElement(head, "meta", {"http-equiv": "Content-Security-Policy", "content": _POLICY})
    SubElement(head, "title").text = f"{corpus}: worst pages of ours"
    SubElement(head, "style").text = _STYLE
    SubElement(body, "h1").text = f"{corpus}: worst pages of ours"
    SubElement(body, "p", {"class": "note"}).text = _FIGURE
    _contents(body, [page for page, _, _ in pages])
    for page, case, output in pages:
        _page(body, page, case, output)
    text = ET.tostring(root, encoding="unicode", method="html")
    return "<!doctype html>\n" + text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def _contents(body: Element, pages: Sequence[WorstPage]) -> None:
    """List the pages with ours' and each peer's figure."""
    names = list(dict.fromkeys(name for page in pages for name in page.peers))
    table = SubElement(body, "table")
    header = SubElement(table, "tr")
    for name in ("page", "group", "ours", *names):
        SubElement(header, "th").text = name
    for page in pages:
        row = SubElement(table, "tr")
        SubElement(SubElement(row, "td"), "a", href=f"#{page.id}").text = page.id
        figures = (page.peers.get(name) for name in names)
        for cell in (page.group, f"{page.ours:.3f}", *map(_figure, figures)):
            SubElement(row, "td").text = cell


def _page(body: Element, page: WorstPage, case: Case, output: Output) -> None:
    SubElement(body, "h2", id=page.id).text = " · ".join(_heading(page, case, output))
    SubElement(body, "div", {"class": "note"}).text = case.url or ""
    sides = SubElement(body, "div", {"class": "sides"})
    for name, lines in (("gold", gold_lines(case, output)), ("output", output_lines(case, output))):
        side = SubElement(sides, "div")
        _column(side, name, lines)
    for fault in faults(case, output):
        SubElement(body, "div", dir="auto").text = fault[:MAX_LINE]


def _heading(page: WorstPage, case: Case, output: Output) -> Iterator[str]:
    yield from (page.id, page.group)
    words = score_page(case, "ours", output).words
    if words:
        yield f"ours F1 {words.f1:.3f} P {words.precision:.3f} R {words.recall:.3f}"
    else:
        yield f"ours {page.ours:.3f}"
    yield from (f"{name} {figure:.3f}" for name, figure in page.peers.items())


def _column(side: Element, name: str, lines: Sequence[Line]) -> None:
    counts = (f"{sum(x.right is key for x in lines)} {word}" for key, word in _KEY[name].items())
    SubElement(side, "strong").text = f"{name}: {len(lines)} lines, {', '.join(counts)}"
    for line in folded(lines):
        mark = "cut" if line is None else _CLASSES[line.right]
        text = "…" if line is None else line.text[:MAX_LINE]
        SubElement(side, "p", {"class": mark, "dir": "auto"}).text = text


def folded(lines: Iterable[Line]) -> list[Line | None]:
    """Leave out the middle of long runs of right lines, and what is beyond the column's length.

    None stands for what is left out.

    >>> right = [Line(str(number), True) for number in range(9)]
    >>> [line and line.text for line in folded(right)]
    ['0', '1', None, '7', '8']
    """
    shown: list[Line | None] = []
    for right, run in groupby(lines, key=lambda line: line.right):
        stretch = list(run)
        if right and len(stretch) > 2 * EDGE + 1:
            shown += [*stretch[:EDGE], None, *stretch[-EDGE:]]
        else:
            shown += stretch
    return shown if len(shown) <= MAX_LINES else [*shown[:MAX_LINES], None]


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"
