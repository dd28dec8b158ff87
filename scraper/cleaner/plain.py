"""Cleans a text that was already extracted: leading navigation, inline leads and the promo tail go.

There is no page, so position and wording must do: the same passes as for pages, over the lines.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import groupby

from scraper.cleaner.ledger import MAX_TEXT
from scraper.cleaner.lexicon import listen_all
from scraper.cleaner.removals import BlockMark, Said, Scene, mark_promos
from scraper.model import Block, Content, Piece, Removal, Role
from scraper.text import count_words, one_line

WRAPPED = (50, 90)
"""Characters of the lines of a text that is broken at a margin."""

MIN_WRAPPED = 0.5
"""Share of the lines in paragraphs of several that must be so long for the text to be wrapped."""

OPENING = 12
"""Lines among which the headline is looked for."""

HEADLINE = range(3, 26)
"""Words of a headline: fewer are a menu's, more a paragraph's."""

_BULLET = re.compile(r"^\s*(?:[•‣▪●○◦·*–-]|\d{1,2}[.)])\s+")
_HEADING = re.compile(r"^\s{0,3}(#{1,6})\s+")
_FILE_NAME = re.compile(
    r"^[\w()%+.,-]+\.(?:jpe?g|png|gif|webp|avif|svg|bmp|tiff?|mp[34])$", re.IGNORECASE
)
_MARKUP = re.compile(r"<(?:!doctype|/?[a-z][a-z0-9-]*)(?=[\s/>])", re.IGNORECASE)
_ENDS = '.!?…:;,"”»’)]。！？」』؟।'

FILE_NAME = "caption.file-name"
BEFORE = "navigation.before-headline"


def is_plain(text: str) -> bool:
    """Whether a text holds no markup: no tag at all, as no page is."""
    return _MARKUP.search(text) is None


def clean_text(
    text: str, keep: Collection[str] = ()
) -> tuple[Content, str | None, tuple[Piece, ...]]:
    """Return what is kept of a text, its headline where it opens with one, and all of its lines.

    ``keep`` are kinds of removals to leave in.
    """
    lines = list(_lines(text))
    roles = [_role(line) for line in lines]
    texts = [_bare(line) for line in lines]
    said = [
        Said(text=one, words=count_words(one), form="item" if role == "li" else "p", heard=heard)
        for one, role, heard in zip(texts, roles, listen_all(texts), strict=True)
    ]
    headline = _headline(said)
    marks = _opening(said, headline) | _file_names(texts)
    marks = mark_promos(Scene(said)) | marks
    marks = {place: mark for place, mark in marks.items() if mark.kind not in keep}
    if headline is not None:
        marks.pop(headline, None)
    blocks = [
        Block(role=role, text=one, level=1 if role == "li" else None, rows=None, url=None)
        for place, (role, one) in enumerate(zip(roles, texts, strict=True))
        if place not in marks and place != headline
    ]
    content = Content(
        blocks=tuple(blocks),
        kept=(),
        subtitle=None,
        removals=tuple(_ledger(said, marks)),
        page_words=sum(one.words for one in said),
        page_type=None,
        confidence=None,
        body_source="text" if blocks else None,
        walls=(),
        warnings=() if blocks else ("no_content",),
    )
    pieces = tuple(_piece(one, place, headline, marks) for place, one in enumerate(said))
    return content, texts[headline] if headline is not None else None, pieces


def _piece(said: Said, place: int, headline: int | None, marks: Mapping[int, BlockMark]) -> Piece:
    mark = marks.get(place)
    heard = (f"text {said.heard.kind}: {said.heard.phrase}",) if said.heard else ()
    return Piece(
        text=said.text,
        part="removed" if mark else "title" if place == headline else "text",
        kind=mark.kind if mark else None,
        rule=mark.rule if mark else None,
        path=f"line {place + 1}" if mark else None,
        votes=heard + (mark.votes if mark else ()),
    )


def _lines(text: str) -> Iterator[str]:
    """Yield the paragraphs: lines, or where lines are broken at a margin, what they make up."""
    paragraphs = [
        [line.rstrip() for line in lines]
        for is_blank, lines in groupby(text.splitlines(), key=lambda line: not line.strip())
        if not is_blank
    ]
    broken = [line for lines in paragraphs for line in lines[:-1]]
    wrapped = [line for line in broken if len(line) in range(*WRAPPED) and line[-1] not in ".!?"]
    if len(wrapped) <= MIN_WRAPPED * len(broken):
        yield from (line for lines in paragraphs for line in lines)
        return
    for lines in paragraphs:
        joined: list[str] = []
        for line in lines:
            if joined and (_BULLET.match(line) or _HEADING.match(line)):
                yield " ".join(joined)
                joined = []
            joined.append(line)
        yield " ".join(joined)


def _role(line: str) -> Role:
    heading = _HEADING.match(line)
    if heading:
        return f"h{max(2, len(heading.group(1)))}"  # type: ignore[return-value]
    return "li" if _BULLET.match(line) else "p"


def _bare(line: str) -> str:
    return one_line(_HEADING.sub("", _BULLET.sub("", line)))


def _headline(said: Sequence[Said]) -> int | None:
    """Return the place of the headline: the first line of its length before the first paragraph.

    It ends like no sentence, and nothing is heard in it.
    """
    for place, one in enumerate(said[:OPENING]):
        if one.is_prose:
            return None
        is_title = one.words in HEADLINE and one.text[-1:] not in _ENDS and one.form == "p"
        if is_title and one.heard is None and _leads(said, place):
            return place
    return None


def _leads(said: Sequence[Said], place: int) -> bool:
    """Whether prose follows soon: before it stand standfirst, byline and captions only."""
    return any(one.is_prose for one in said[place + 1 : place + 1 + OPENING])


def _opening(said: Sequence[Said], headline: int | None) -> dict[int, BlockMark]:
    """Return marks for what stands before the headline: menus and skip links, no sentence."""
    if headline is None:
        headline = next((place for place, one in enumerate(said) if one.is_prose), 0)
        before = [place for place in range(headline) if said[place].heard is not None]
    else:
        before = [place for place in range(headline) if said[place].words < HEADLINE.stop]
    found = {}
    for place in before:
        heard = said[place].heard
        if not said[place].is_note and said[place].text[-1:] not in ".!?":
            kind, rule = (heard.kind, f"{heard.kind}.phrase") if heard else ("navigation", BEFORE)
            found[place] = BlockMark(place, kind, rule, ("place",))
    return found


def _file_names(texts: Sequence[str]) -> dict[int, BlockMark]:
    """Return marks for lines that are a file's name: dumps print it for the picture."""
    return {
        place: BlockMark(place, "caption", FILE_NAME, ("whole",))
        for place, text in enumerate(texts)
        if _FILE_NAME.match(text)
    }


def _ledger(said: Sequence[Said], marks: dict[int, BlockMark]) -> Iterator[Removal]:
    """Yield an entry for each stretch of lines cut for the same reason; ``path`` counts lines."""
    positions = [0]
    for one in said:
        positions.append(positions[-1] + one.words)
    order = sorted(marks)
    runs = groupby(
        enumerate(order),
        key=lambda pair: (pair[1] - pair[0], marks[pair[1]].kind, marks[pair[1]].rule),
    )
    for (_, kind, rule), run in runs:
        places = [place for _, place in run]
        yield Removal(
            kind=kind,
            rule=rule,
            text="\n".join(said[place].text for place in places)[:MAX_TEXT],
            path=f"line {places[0] + 1}",
            position=positions[places[0]],
            words=sum(said[place].words for place in places),
            count=1,
        )
