"""Takes out of a page what would cost a parser more than linear time or memory; text is kept.

Lexbor, like the standard, is quadratic in the depth of open elements, in the attributes of a tag
and in the options of a list, and worse in formatting elements that are opened again in each block:
67 KB of them took 1.7 GB. No time limit reaches into the parser, so such pages are rewritten before
they are parsed. Pages that harm nobody come back as they are.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

MAX_DEPTH = 512
"""Open elements; Blink and WebKit stop there too. The deepest of 2,447 real pages has 56."""
_BLOCK_DEPTH = MAX_DEPTH - 1  # a link may stand in the deepest block
MAX_ATTRIBUTES = 512
"""Attributes of one tag; 5,000 take the parser 0.03 s, and four times as long for each doubling."""
MAX_OPTIONS = 4096
"""Options of one list; a real page has 3,708, 5,000 take the parser 0.07 s."""
MAX_COPIES = 200_000
"""Formatting elements opened again on the whole page: 500,000 take 0.12 s and 250 MB."""

FEW_TAGS = 4000
"""Start tags below which their depth costs nothing: 5,000 levels take the parser 0.02 s."""
LONG_TAG = 2 * MAX_ATTRIBUTES
"""Characters below which a tag cannot have too many attributes."""
LONG_PIECE = 8192
"""Characters without ``<`` from which it is looked whether they are a tag."""
LOOK_BACK = 16
"""Open elements among which a list item looks for the one that it ends."""

_SPACE = r"\t\n\f\r "
_ATTRIBUTE = (
    rf"[^{_SPACE}/>][^{_SPACE}/>=]*+"
    rf"(?:[{_SPACE}]*+=[{_SPACE}]*+(?:\"[^\"]*+\"|'[^']*+'|[^{_SPACE}>]*+))?+"
)
_ATTRIBUTES = re.compile(_ATTRIBUTE)
# A comment, an end or start tag with all its attributes, or something that is read as a comment.
_TAG = re.compile(
    r"<(?:!--(?:-?>|.*?(?:--!?>|(?P<unclosed>\Z)))"
    rf"|(?P<slash>/?)(?P<name>[a-zA-Z][^{_SPACE}/>]*+)"
    rf"(?P<attributes>(?:[{_SPACE}/]*+{_ATTRIBUTE})*+[{_SPACE}/]*+)(?:>|\Z)"
    r"|[!?/][^>]*+(?:>|\Z))",
    re.DOTALL,
)
_RAW = frozenset("script style textarea title xmp iframe noembed noframes".split())
_ENDS = {name: re.compile(rf"</{name}(?=[{_SPACE}/>])", re.IGNORECASE) for name in _RAW}

_VOID = frozenset(
    "area base basefont bgsound br col embed frame hr image img input keygen link meta param source"
    " track wbr".split()
)
_OUTER = frozenset(("html", "head", "body", "frameset"))
_FORMATTING = frozenset("a b big code em font i nobr s small strike strong tt u".split())
# Of links one at most is opened again: the next ends it. Cases are written out, for a pattern that
# ignores case takes three times as long.
_REOPENED = re.compile(
    "<(?:"
    + "|".join(
        cased
        for name in sorted(_FORMATTING - {"a"})
        for cased in sorted({name, name.upper(), name.title()})
    )
    + rf")[{_SPACE}/>]"
)
_INLINE = _FORMATTING | frozenset(
    "abbr acronym bdi bdo cite data del dfn ins kbd label mark output q ruby samp span sub sup time"
    " var".split()
)
# Elements beyond which an end tag does not reach.
_FOREIGN = frozenset(("svg", "math"))
_INTEGRATED = frozenset("annotation-xml desc foreignobject mi mn mo ms mtext title".split())
_CELLS = frozenset(("td", "th", "caption"))
_SCOPES = frozenset(("applet", "button", "marquee", "object", "table", "template"))
_CROSSED = {"table": _CELLS, "svg": _INTEGRATED, "math": _INTEGRATED}
_ROWS = frozenset("colgroup tbody td tfoot th thead tr caption".split())
_HEADINGS = frozenset(f"h{level}" for level in range(1, 7))
_ITEMS = {"li": ("li",), "dd": ("dd", "dt"), "dt": ("dd", "dt")}
_EXEMPT = _INLINE | frozenset(("address", "div", "p"))
_ENDS_P = _HEADINGS | frozenset(
    "address article aside blockquote center dd details dialog dir div dl dt fieldset figcaption"
    " figure footer form header hgroup hr li listing main menu nav ol p plaintext pre search"
    " section summary table ul xmp".split()
)
_ENDS_LIKE = frozenset("option tr tbody rt rp".split())
_ENDS_OTHERS = _ENDS_P | _CELLS | _ROWS | _ENDS_LIKE | frozenset(("button",))
# What ends a picture or formula that it stands in; so does a font with one of its attributes.
_BREAKS_OUT = _HEADINGS | frozenset(
    "b big blockquote br center code dd div dl dt em embed hr i img li listing menu meta nobr ol p"
    " pre ruby s small span strike strong sub sup table tt u ul var".split()
)
_OF_FONTS = frozenset(("color", "face", "size"))

# References that may be to no character, or to a control; what they stand for would be U+FFFD or
# dropped. A mark takes their place which all output drops, so that no new reference comes about.
_REFERENCE = re.compile(
    r"&#(?:[xX]0*+((?:[01]?[0-9a-f]?|7f|[df][0-9a-f]{3}|[0-9a-f]{5,}+)(?![0-9a-f]))"
    r"|0*+((?:[12]?[0-9]?|3[01]|127|[0-9]{5,}+)(?![0-9])));?",
    re.IGNORECASE,
)
_MARK = "\x01"
LONG_REFERENCE = 12
"""Characters after ``&#`` that tell one reference from another; zeros may make it longer."""


class _Tag(NamedTuple):
    """A tag, where it stands, and whether it ends an element; ``attributes`` as written."""

    start: int
    end: int
    is_end: bool
    name: str
    attributes: str


def limited(html: str) -> str:
    r"""Return a page that no parser suffers from: the same text, and the same page if it was one.

    Linear in the page. Twice is as good as once.

    >>> limited("<p>One &#1;<b>two")
    '<p>One \x01<b>two'
    >>> limited("<div>" * 5000 + "deep").count("<div>") < 2 * MAX_DEPTH + 5000
    True
    """
    if "\0" in html:
        html = html.replace("\0", "")
    if _has_dead_references(html):
        html = _REFERENCE.sub(_kept_reference, html)
    if _is_small(html) or not _is_harmful(html):
        return html
    return "".join(_rewritten(html))


def swallowed(html: str) -> tuple[int, str] | None:
    """Return where the page's rest is swallowed, and what would have ended it; None if nowhere.

    That is an opened comment, script, style, title, text area ... without its end.
    """
    place = 0
    while (match := _TAG.search(html, place)) is not None:
        place, name = match.end(), (match["name"] or "").lower()
        if match["unclosed"] is not None:
            return match.start() + 4, "-->"
        if name in _RAW and not match["slash"]:
            ending = _ENDS[name].search(html, place)
            if ending is None:
                return place, f"</{name}>"
            place = ending.start()
    return None


def _has_dead_references(html: str) -> bool:
    """Whether a reference has to go; a page repeats a few of them, so that few are looked at."""
    if "&#" not in html:
        return False
    told = {piece[:LONG_REFERENCE] for piece in html.split("&#")[1:]}
    return any(piece.lstrip("xX").startswith("0000") or _is_dead(piece) for piece in told)


def _is_dead(piece: str) -> bool:
    match = _REFERENCE.match("&#" + piece)
    return match is not None and _kept_reference(match) == _MARK


def _kept_reference(match: re.Match[str]) -> str:
    digits = match[1] or match[2] or "0"
    if match[0].rstrip(";")[-1] in "#xX":  # no reference at all
        return match[0]
    code = int(digits, 16 if match[1] else 10) if len(digits) < 9 else 0x110000
    dead = (
        (code < 32 and code not in (9, 10, 12, 13))
        or code == 0x7F
        or 0xD800 <= code <= 0xDFFF
        or 0xFDD0 <= code <= 0xFDEF
        or code & 0xFFFE == 0xFFFE
        or code > 0x10FFFF
    )
    return _MARK if dead else match[0]


def _is_small(html: str) -> bool:
    """Whether the page cannot pass a limit that matters, by counting alone: 92 % of real pages.

    All of its formatting elements opened again by each other tag must stay below the limit.
    """
    tags = html.count("<")
    if tags > FEW_TAGS:
        ends = html.count("</")
        if tags - ends > FEW_TAGS or ends > 2 * FEW_TAGS:
            return False
    if tags * len(_REOPENED.findall(html)) > MAX_COPIES:
        return False
    return not any(_is_overloaded(html, place) for place in _long_pieces(html))


def _long_pieces(html: str) -> Iterator[int]:
    """Yield a place in each piece of ``LONG_PIECE`` characters without ``<``, or of half as many.

    A few places are looked at, not all pieces: a sixtieth of the time of splitting the page.
    """
    step, place = LONG_PIECE // 2, 0
    while place < len(html):
        if html.find("<", place, place + step) < 0:
            yield place
            place = html.find("<", place)
            if place < 0:
                return
        place += step


def _is_overloaded(html: str, place: int) -> bool:
    """Whether a place is in a tag with too many attributes."""
    start = html.rfind("<", 0, place)
    match = (
        _TAG.match(html, start) if html[start + 1 : start + 2].isalpha() and start >= 0 else None
    )
    return match is not None and match.end() > place and _has_many(match["attributes"] or "")


def _breaks_out(tag: _Tag) -> bool:
    """Whether a start tag ends the picture or formula that it stands in."""
    if tag.name == "font":
        names = (attribute.partition("=")[0] for attribute in _ATTRIBUTES.findall(tag.attributes))
        return any(name.strip().lower() in _OF_FONTS for name in names)
    return tag.name in _BREAKS_OUT


class _Open:
    """The elements that are open, outermost first, in scopes beyond which no end tag reaches.

    A model of the tree's construction that never holds fewer elements than a parser would.
    """

    def __init__(self) -> None:
        self.names: list[str] = []
        self.attributes: list[str] = []
        self._floors = [0]  # of each scope, where it begins
        self._counts: list[dict[str, int]] = [{}]

    @property
    def scope(self) -> str:
        """Name the element that makes the innermost scope; empty for the page."""
        floor = self._floors[-1]
        return self.names[floor - 1] if floor else ""

    def begin(self, name: str, attributes: str) -> None:
        """Open an element."""
        self.names.append(name)
        self.attributes.append(attributes)
        if self._makes_scope(name):
            self._floors.append(len(self.names))
            self._counts.append({})
        else:
            counts = self._counts[-1]
            counts[name] = counts.get(name, 0) + 1

    def _makes_scope(self, name: str) -> bool:
        if name in _FOREIGN or name in _CELLS or name in _SCOPES:
            return True
        return name in _INTEGRATED and self.scope in _FOREIGN

    def ignores(self, name: str) -> bool:
        """Whether a start tag opens nothing: that of a row or cell outside tables."""
        if name not in _CELLS and name not in _ROWS:
            return False
        scope = self.scope
        return scope not in _CELLS and scope not in ("table", "template") and scope not in _FOREIGN

    def cut(self, length: int) -> Sequence[tuple[str, str]]:
        """End all but ``length`` elements; return name and attributes, innermost first."""
        names = self.names
        if len(names) == length:
            return ()
        ended = []
        while len(names) > length:
            if self._floors[-1] == len(names):
                self._floors.pop()
                self._counts.pop()
                name = names.pop()
            else:
                name = names.pop()
                self._counts[-1][name] -= 1
            ended.append((name, self.attributes.pop()))
        return ended

    def remove(self, name: str) -> bool:
        """Take out the innermost element of a name in the scope, whatever is open in it."""
        if not self._counts[-1].get(name):
            return False
        place = self._last(name)
        del self.names[place], self.attributes[place]
        self._counts[-1][name] -= 1
        return True

    def ended_by(self, name: str) -> int:
        """Return how many elements an end tag leaves open: all, where it ends nothing."""
        if self.names and self.names[-1] == name:
            return len(self.names) - 1
        if self._counts[-1].get(name):
            return self._last(name)
        if self._makes_scope(name) or name in _INTEGRATED:
            return self._before_scope(name)
        if name in _ROWS and self.scope in _CELLS and self._counts[-2].get(name):
            return self._last(name)
        return len(self.names)

    def ended_before(self, tag: _Tag) -> int:
        """Return how many elements a start tag leaves open."""
        name, scope = tag.name, self.scope
        if scope in _FOREIGN:
            ends_scope = _breaks_out(tag)
        elif name not in _ENDS_OTHERS:
            return len(self.names)
        else:
            ends_scope = (scope in _CELLS and (name in _CELLS or name in _ROWS)) or (
                name == scope == "button"
            )
        return self._floors[-1] - 1 if ends_scope else self._first_ended(name)

    def _first_ended(self, name: str) -> int:
        """Return where in the scope begins what a start tag ends."""
        names = self.names
        if name in _ITEMS and (place := self._item_before(_ITEMS[name])) >= 0:
            return place
        if name in _ENDS_P and self._counts[-1].get("p"):
            return self._last("p")
        above = names[-1] if names else ""
        ends_above = (name in _HEADINGS and above in _HEADINGS) or (
            name == above and name in _ENDS_LIKE
        )
        return len(names) - ends_above

    def _last(self, name: str) -> int:
        place = len(self.names) - 1
        while self.names[place] != name:
            place -= 1
        return place

    def _before_scope(self, name: str) -> int:
        """Return where the scope of a name begins, if only its parts stand between."""
        crossed = _CROSSED.get(name, frozenset())
        for floor in reversed(self._floors[1:]):
            if self.names[floor - 1] == name:
                return floor - 1
            if self.names[floor - 1] not in crossed:
                break
        return len(self.names)

    def _item_before(self, ended: tuple[str, ...]) -> int:
        """Return the list item that another one ends; -1 where there is none nearby."""
        lowest = max(self._floors[-1], len(self.names) - LOOK_BACK)
        for place in range(len(self.names) - 1, lowest - 1, -1):
            if self.names[place] in ended:
                return place
            if self.names[place] not in _EXEMPT:
                break
        return -1


def _tags(html: str, opened: _Open) -> Iterator[_Tag]:
    """Yield the page's tags as a tokenizer sees them: none inside comments and scripts.

    ``opened`` is what the tags so far have opened: in pictures ``style`` is an element like others.
    """
    place = 0
    while place >= 0:
        start, place = place, -1
        for match in _TAG.finditer(html, start):
            _, slash, name, attributes = match.groups()
            if name is None:
                continue
            name = name.lower()
            is_raw = not slash and name in _RAW and opened.scope not in _FOREIGN
            yield _Tag(match.start(), match.end(), slash == "/", name, attributes)
            if name == "plaintext" and not slash:
                return
            if is_raw:
                ending = _ENDS[name].search(html, match.end())
                place = ending.start() if ending else -1
                break


def _is_harmful(html: str) -> bool:
    """Whether a limit is passed anywhere on the page."""
    opened, again = _Open(), _Again()
    options = 0
    for tag in _tags(html, opened):
        if tag.is_end:
            _end(tag.name, opened, again)
            continue
        if _has_many(tag.attributes):
            return True
        _begin(tag, opened, again)
        if tag.name in ("select", "option"):
            options = options + 1 if tag.name == "option" else 0
        if options > MAX_OPTIONS or len(opened.names) > MAX_DEPTH or again.copies > MAX_COPIES:
            return True
    return False


def _end(name: str, opened: _Open, again: "_Again") -> None:
    """End what an end tag ends; of a form no more than itself."""
    if name in _FORMATTING:
        if not opened.remove(name):
            again.forget(name)
    elif name != "form" or opened.names[-1:] == ["form"]:
        again.note(opened.cut(opened.ended_by(name)))


def _begin(tag: _Tag, opened: _Open, again: "_Again") -> None:
    in_foreign = opened.scope in _FOREIGN
    again.note(opened.cut(opened.ended_before(tag)))
    if opened.ignores(tag.name) or _is_leaf(
        tag.name, tag.attributes, foreign=in_foreign and not _breaks_out(tag)
    ):
        return
    if tag.name == "a" and not opened.remove("a"):
        again.forget("a")
    if tag.name in _ENDS_P or tag.name in _CELLS or tag.name in _ROWS:  # text opens them inside
        opened.begin(tag.name, tag.attributes)
        again.reopen(opened)
    else:
        again.reopen(opened)
        opened.begin(tag.name, tag.attributes)


def _is_leaf(name: str, attributes: str, *, foreign: bool) -> bool:
    """Whether nothing can stand in an element; inside a picture a slash says so."""
    if foreign:
        return attributes.endswith("/")
    return name in _VOID or name in _OUTER or name in _RAW


def _has_many(attributes: str) -> bool:
    return len(attributes) > LONG_TAG and len(_ATTRIBUTES.findall(attributes)) > MAX_ATTRIBUTES


class _Again:
    """Formatting elements that were ended by another's end: what comes next opens them again."""

    def __init__(self) -> None:
        self.copies = 0
        self._waiting: dict[str, list[str]] = {}

    def note(self, ended: Iterable[tuple[str, str]]) -> None:
        """Count the formatting elements among those ended; of like ones three at most."""
        for name, attributes in ended:
            if name in _FORMATTING:
                waiting = self._waiting.setdefault(name, [])
                if waiting.count(attributes) < 3:
                    waiting.append(attributes)

    def forget(self, name: str) -> None:
        """Take note of an end tag."""
        if self._waiting.get(name):
            self._waiting[name].pop()

    def reopen(self, opened: _Open) -> None:
        """Open all of them in what is open now."""
        for name, waiting in self._waiting.items():
            self.copies += len(waiting)
            for attributes in waiting:
                opened.begin(name, attributes)
        self._waiting.clear()


def _rewritten(html: str) -> Iterator[str]:
    """Yield the page: its text, comments and scripts, and the tags that ``_Rewriting`` gives."""
    rewriting, place = _Rewriting(), 0
    for tag in _tags(html, rewriting.opened):
        text, place = html[place : tag.start], tag.end
        yield text
        written = rewriting.rewrite(tag, follows=text.isspace() or not text)
        # What stood apart must not become a tag or a reference.
        yield written or ("<!---->" if text.endswith("<") or "&" in text[-LOOK_BACK:] else "")
    yield html[place:]


class _Rewriting:
    """Writes tags so that the parser's tree is the one of ``_Open``: each element has its end tag.

    Formatting goes, and forms; links hold no blocks; pictures and formulas hold text alone. Blocks
    below the greatest depth stand side by side, as in browsers.
    """

    def __init__(self) -> None:
        self.opened = _Open()
        self._linked = False
        self._options = 0
        self._is_empty = False  # nothing stands in the innermost element yet

    def rewrite(self, tag: _Tag, *, follows: bool) -> str:
        """Return what stands for a tag; whether it ``follows`` the one before without any text."""
        self._is_empty = self._is_empty and follows
        depth = len(self.opened.names)
        written = self._rewrite(tag)
        if written:
            self._is_empty = not tag.is_end and len(self.opened.names) >= depth
        return written

    def _rewrite(self, tag: _Tag) -> str:
        name = tag.name
        if self.opened.scope in _FOREIGN and not _breaks_out(tag):
            closing = tag.is_end and name == self.opened.scope
            return self._cut(len(self.opened.names) - 1) if closing else ""
        if name == "a":
            return self._unlinked() + ("" if tag.is_end else self._link(tag))
        if name in _FORMATTING or name == "form":
            return ""
        return self._end(tag) if tag.is_end else self._begin(tag)

    def _link(self, tag: _Tag) -> str:
        self._linked = True
        return _written(tag)

    def _unlinked(self) -> str:
        was, self._linked = self._linked, False
        return "</a>" if was else ""

    def _cut(self, length: int) -> str:
        ended = "".join(f"</{name}>" for name, _ in self.opened.cut(length))
        return self._unlinked() + ended if ended else ""

    def _end(self, tag: _Tag) -> str:
        if tag.name in _OUTER or tag.name in _RAW:
            return f"</{tag.name}>"
        return self._cut(self.opened.ended_by(tag.name))

    def _begin(self, tag: _Tag) -> str:
        name, opened = tag.name, self.opened
        if self._is_empty and len(opened.names) >= _BLOCK_DEPTH and name == opened.names[-1]:
            return ""
        if opened.ignores(name):
            return ""
        ended = self._cut(opened.ended_before(tag))
        if _is_leaf(name, tag.attributes, foreign=False):
            return ended + _written(tag)
        if name in ("select", "option"):
            self._options = self._options + 1 if name == "option" else 0
        if self._options > MAX_OPTIONS and name == "option":
            return ended
        if len(opened.names) >= _BLOCK_DEPTH:
            if name in _INLINE:
                return ended
            ended += self._cut(_BLOCK_DEPTH - 1)
        if name not in _INLINE:
            ended = self._unlinked() + ended
        opened.begin(name, tag.attributes)
        return ended + _written(tag)


def _written(tag: _Tag) -> str:
    attributes = tag.attributes
    if _has_many(attributes):
        attributes = " " + " ".join(_ATTRIBUTES.findall(attributes)[:MAX_ATTRIBUTES])
    return f"<{tag.name}{attributes}>"
