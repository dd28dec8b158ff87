"""Gives the kept blocks their form back: headings, lists, quotes, code, tables, figures."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from scraper.model import Block, Role
from scraper.outline import Outline
from scraper.text import count_words, keep_lines, one_line

_HEADINGS: dict[str, Role] = {
    "h1": "h2", "h2": "h2", "h3": "h3", "h4": "h4", "h5": "h5", "h6": "h6"
}  # fmt: skip
_HEADING_ROLES = frozenset(_HEADINGS.values())
_ANCHOR = re.compile(r"\s*¶$|\s[#§🔗]$")  # the sign by which documentation links to a heading
_LISTS = frozenset(("ul", "ol", "menu", "dir", "dl"))
_ITEMS = frozenset(("li", "dt", "dd"))
_CELLS = frozenset(("td", "th"))

MAX_CELL = 60
"""Words of a cell above which its table is layout: data stands in short cells."""

MIN_TABLE = 0.5
"""Share of a data table's words that must be kept for the whole of it to be."""

MAX_ITEM_BLOCKS = 4
"""Blocks in one list item above which the list is layout: sites build whole articles in an li."""

REPEATED = 8
"""Words from which a block that comes again is a copy for another screen, not a refrain."""

CAPTION_DEPTH = 8
"""Elements between a caption and its figure that are climbed."""

LABEL = 6
"""Words of a label: a line before the first paragraph that no full stop or the like ends."""
MAX_LABELS = 4
"""Labels in a row before the first paragraph; more are the lines of a list or a poem."""
OPENING = 12
"""Words of the paragraph that must follow them."""
_ENDS = '.!?…:;"”»’)]。！？」』؟।'

_DROP_CAP = re.compile(r"^(?:[\"“„«]\s?)?[^\W\d_] (?=[^\W\d_])")
_DROP_CAP_NAME = re.compile(r"drop|initial|letrine|versal", re.IGNORECASE)
_ONE_LETTER = re.compile(r"^[\"“„«]?[^\W\d_]$")
_LETTER_WORDS = frozenset("AIOÀÉÓYEUWZVSKЯИВСКУОАН")  # a capital that may be a word by itself


class Form(NamedTuple):
    """What an element makes of the text in it; blocks of one ``whole`` are one block."""

    role: Role
    level: int
    whole: int
    quoted: bool


class Built(NamedTuple):
    """A block of the article and the indices of the page's blocks that it was made of."""

    block: Block
    sources: tuple[int, ...]


_PLAIN = Form("p", 0, -1, quoted=False)


def build(page: Outline, kept: Sequence[int], *, figures: bool = True) -> list[Built]:
    """Return the article's blocks and their sources from the kept blocks' indices, ascending.

    ``figures`` adds the captions that stand among them, which are no part of the text.
    """
    kept = _without_repeats(page, kept)
    tables = _data_tables(page, kept) if "table" in page.tags else {}
    figures = figures and "figcaption" in page.tags
    needed = _lines_up(page, page.owners if figures else (page.owners[index] for index in kept))
    forms = _forms(page, needed, tables, _layout_items(page, needed, kept))
    if figures:
        kept = _with_figures(page, kept, forms)
    found = _joined_caps(page, _blocks(page, kept, forms, tables))
    return _without_labels([built for built in found if built.block.text])


def _without_repeats(page: Outline, kept: Sequence[int]) -> list[int]:
    """Drop what comes twice: copies for another screen, and lines that repeat the one before."""
    seen: set[str] = set()
    last = ""
    left = []
    for index in kept:
        text = page.texts[index]
        is_again = text == last or (text in seen and count_words(text) >= REPEATED)
        if is_again and not page.is_verbatim(page.owners[index]):
            continue
        seen.add(text)
        last = text
        left.append(index)
    return left


def _without_labels(found: list[Built]) -> list[Built]:
    """Drop the labels before the first paragraph: byline, date, place, length of the recording."""
    labels = 0
    for built in found[:MAX_LABELS]:
        if not _is_label(built.block):
            break
        labels += 1
    is_told = labels < len(found) and count_words(found[labels].block.text) >= OPENING
    return found[labels:] if is_told else found


def _is_label(block: Block) -> bool:
    is_short = block.text.count(" ") < LABEL and "\n" not in block.text
    return block.role == "p" and is_short and block.text[-1] not in _ENDS


def _forms(
    page: Outline, needed: Iterable[int], tables: dict[int, list[list[int]]], layout: set[int]
) -> dict[int, Form]:
    """Return the form of each needed element (ascending, parents among them)."""
    forms = {-1: _PLAIN}
    table_of = {-1: -1}
    for element in needed:
        tag, parent = page.tags[element], page.parents[element]
        above = forms[parent]
        table_of[element] = element if tag == "table" else table_of[parent]
        form = above
        if above.role == "table":
            pass  # whatever stands in a cell is part of it
        elif page.is_verbatim(element):
            form = above if above.role == "code" else Form("code", 0, element, above.quoted)
        elif tag in _HEADINGS:
            form = Form(_HEADINGS[tag], 0, element, above.quoted)
        elif tag == "figcaption":
            form = Form("figure", 0, element, above.quoted)
        elif tag in _LISTS:
            form = above._replace(level=above.level + 1)
        elif tag in _ITEMS and element not in layout:
            form = Form("li", max(1, above.level) + (tag == "dd"), element, above.quoted)
        elif tag in _CELLS:
            table = table_of[element]
            form = Form("table", 0, table, quoted=False) if table in tables else _PLAIN
        elif tag == "blockquote":
            form = Form("quote", 0, -1, quoted=True)
        forms[element] = form
    return forms


def _lines_up(page: Outline, elements: Iterable[int]) -> list[int]:
    """Return the elements and all above them, ascending, so that parents come first."""
    found: set[int] = set()
    for element in elements:
        step = element
        while step >= 0 and step not in found:
            found.add(step)
            step = page.parents[step]
    return sorted(found)


def _layout_items(page: Outline, needed: Iterable[int], kept: Sequence[int]) -> set[int]:
    """Return the list items that hold a heading or many blocks: they are parts of the page."""
    item_of = {-1: -1}
    for element in needed:
        is_item = page.tags[element] in _ITEMS
        item_of[element] = element if is_item else item_of[page.parents[element]]
    blocks = Counter(item_of[page.owners[index]] for index in kept)
    headed = {
        item_of[page.owners[index]] for index in kept if page.tags[page.owners[index]] in _HEADINGS
    }
    return headed | {item for item, count in blocks.items() if count > MAX_ITEM_BLOCKS}


def _data_tables(page: Outline, kept: Sequence[int]) -> dict[int, list[list[int]]]:
    """Return, for each kept table that holds data, its rows as lists of cells (element indices)."""
    inside = set(kept)
    outer = [-1] * len(page.tags)
    row_of: dict[int, dict[int, list[int]]] = {}
    row = table = -1
    for element, (tag, parent) in enumerate(zip(page.tags, page.parents, strict=True)):
        table = outer[parent] if parent >= 0 else -1
        outer[element] = element if tag == "table" else table
        if tag == "table" and table >= 0:
            row_of.pop(table, None)  # a table in a cell: the outer one is layout
        elif tag == "table":
            row_of[element] = {}
        elif tag == "tr":
            row = element
        elif tag in _CELLS and table in row_of:
            row_of[table].setdefault(row, []).append(element)
    found = {}
    for table, rows in row_of.items():
        blocks = page.blocks_in(table)
        words = {index: count_words(page.texts[index]) for index in blocks}
        held = sum(count for index, count in words.items() if index in inside)
        cells = [cell for row_cells in rows.values() for cell in row_cells]
        widest = max((_filled(page, row_cells) for row_cells in rows.values()), default=0)
        small = all(
            sum(words[index] for index in page.blocks_in(cell)) <= MAX_CELL for cell in cells
        )
        if widest > 1 and len(rows) > 1 and small and held > MIN_TABLE * sum(words.values()):
            found[table] = list(rows.values())
    return found


def _filled(page: Outline, cells: Iterable[int]) -> int:
    return sum(len(page.blocks_in(cell)) > 0 for cell in cells)


def _with_figures(page: Outline, kept: list[int], forms: Mapping[int, Form]) -> list[int]:
    """Add the captions among the kept blocks whose figure stands right beside kept text."""
    if not kept:
        return kept
    found = set(kept)
    for index in range(kept[0], kept[-1]):
        form = forms[page.owners[index]]
        if form.role != "figure" or index in found:
            continue
        beside = page.blocks_in(max(0, page.parents[_figure_of(page, form.whole)]))
        place = bisect_left(kept, beside.start)
        if place < len(kept) and kept[place] < beside.stop:
            found.add(index)
    return sorted(found)


def _blocks(
    page: Outline,
    kept: Sequence[int],
    forms: Mapping[int, Form],
    tables: dict[int, list[list[int]]],
) -> Iterator[Built]:
    told: set[int] = set()
    pictures: dict[int, str] | None = None
    pairs = [(index, forms[page.owners[index]]) for index in kept]
    keyed = groupby(pairs, key=lambda pair: pair[1].whole if pair[1].whole >= 0 else -2 - pair[0])
    for _, group in keyed:
        members = list(group)
        sources, form = tuple(index for index, _ in members), members[0][1]
        if form.role == "table":
            if form.whole not in told:
                told.add(form.whole)
                yield _table(page, form.whole, tables[form.whole])
        elif form.role == "code":
            code = keep_lines("\n".join(page.texts[index] for index in sources))
            yield Built(_block("code", code), sources)
        elif form.role == "figure":
            if pictures is None:
                pictures = _pictures(page)
            image = pictures.get(page.ids[_figure_of(page, form.whole)])
            yield Built(_block("figure", _text(page, sources), url=image), sources)
        else:
            level = form.level if form.role == "li" else None
            text = _text(page, sources)
            if form.role in _HEADING_ROLES:
                text = _ANCHOR.sub("", text)
            yield Built(_block(form.role, text, level=level), sources)


def _text(page: Outline, indices: Iterable[int]) -> str:
    """Return the text of blocks, a line for each line break; a set-apart first letter joined."""
    lines = []
    for index in indices:
        text = page.texts[index]
        if _DROP_CAP.match(text) and _has_drop_cap(page, index):
            text = text.replace(" ", "", 1)
        lines += [one_line(line) for line in text.split("\n")]
    return "\n".join(line for line in lines if line)


def _has_drop_cap(page: Outline, index: int) -> bool:
    """Whether a first letter followed by a space is a drop cap and no word by itself."""
    name = page.inline_names[index]
    letter = page.texts[index].lstrip('"“„« ')[:1]
    return letter not in _LETTER_WORDS and _DROP_CAP_NAME.search(name) is not None


def _joined_caps(page: Outline, found: Iterable[Built]) -> Iterator[Built]:
    """Join a paragraph of one letter, named a drop cap, to the lower-case text after it."""
    letter: Built | None = None
    for built in found:
        block, sources = built
        if letter is not None:
            if block.role == "p" and block.text[:1].islower():
                block = _block("p", letter.block.text + block.text)
                sources = letter.sources + sources
            else:
                yield letter
            letter = None
        if block.role == "p" and _is_cap(page, built):
            letter = built
        else:
            yield Built(block, sources)
    if letter is not None:
        yield letter


def _is_cap(page: Outline, built: Built) -> bool:
    """Whether a block is a single letter whose element has the name of a drop cap."""
    index = built.sources[0]
    names = page.names[page.owners[index]] + " " + page.inline_names[index]
    return _ONE_LETTER.match(built.block.text) is not None and bool(_DROP_CAP_NAME.search(names))


def _table(page: Outline, table: int, rows: Iterable[Iterable[int]]) -> Built:
    """Return a table whole: cells that would not be kept by themselves belong to it."""
    cells = [
        tuple(_text(page, page.blocks_in(cell)).replace("\n", " ") for cell in row) for row in rows
    ]
    filled = tuple(row for row in cells if any(row))
    text = "\n".join(" | ".join(cell for cell in row if cell) for row in filled)
    return Built(_block("table", text, rows=filled), tuple(page.blocks_in(table)))


def _figure_of(page: Outline, caption: int) -> int:
    """Return the figure that a caption stands in, or what holds it where there is none near."""
    step = page.parents[caption]
    for _ in range(CAPTION_DEPTH):
        if step < 0 or page.tags[step] == "figure":
            break
        step = page.parents[step]
    is_figure = step >= 0 and page.tags[step] == "figure"
    return step if is_figure else max(0, page.parents[caption])


def _pictures(page: Outline) -> dict[int, str]:
    """Return the address of each figure's picture as written; lazy loaders keep it in data-src."""
    found = {}
    for figure in page.body.css("figure") if page.body is not None else ():
        picture = figure.css_first("img")
        attributes = picture.attributes if picture is not None else {}
        stated = (attributes.get(name) for name in ("data-src", "data-original", "src"))
        url = next((url for url in stated if url and not url.startswith("data:")), None)
        if url is not None:
            found[figure.mem_id] = url
    return found


def _block(
    role: Role,
    text: str,
    *,
    level: int | None = None,
    rows: tuple[tuple[str, ...], ...] | None = None,
    url: str | None = None,
) -> Block:
    return Block(role=role, text=text, level=level, rows=rows, url=url)
