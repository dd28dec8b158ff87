"""Reads tags and the text behind them, from XML as feeds and sitemaps hold it and heads of pages.

There is no tree and no DTD: a tag is read where it stands, whatever is broken around it, and an
entity is never more than the one character that HTML gives its name. What XML parsers lose to one
bare ampersand, an unclosed ``<br>`` or nesting is still read, and a hostile document has nothing to
expand, to nest or to fetch. Time and memory are linear in the text.
"""

import codecs
import re
from collections.abc import Container, Iterator
from html import unescape
from html.entities import html5
from itertools import islice
from typing import NamedTuple

import webencodings

from scraper.urls import MAX_URL

MAX_TEXT = 2 * MAX_URL
"""Characters of an element's text that are read: twice what a URL may have, for ``&amp;``."""

MAX_FIELDS = 100
"""Elements of one record that are kept; feeds and sitemaps have some ten of those asked for."""

MAX_TAGS = 2_000_000
"""Tags of one document that are read: those of a full sitemap with 15 translations of each page."""

# What is opened and not closed takes the rest of the text: looking for a missing end again and
# again would be quadratic. The quantifiers give nothing back (``++``, ``*+``) for the same reason.
_TOKEN = re.compile(
    r"""<(?:
      !\[CDATA\[.*?(?:\]\]>|\Z)
    | !--.*?(?:-->|\Z)
    | !(?i:doctype)[^<>\[]*+(?:\[.*?(?:\]\s*+>|\Z)|>)
    | (?P<close>/?)(?:(?P<prefix>[A-Za-z_][\w.-]*+):)?(?P<name>[A-Za-z_][\w.-]*+)
      (?:(?P<attributes>(?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*+)>|(?P<broken>[^<>]*+)>)
    )""",
    re.DOTALL | re.VERBOSE,
)
_CDATA = re.compile(r"<!\[CDATA\[(.*?)(?:\]\]>|\Z)", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_ATTRIBUTE = re.compile(
    r"""([^\s"'<>/=]++)\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'=<>`]++))""", re.DOTALL
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|([A-Za-z][A-Za-z0-9]{1,31}));")
_DECLARATION = re.compile(
    rb"""<\?xml[^>]{0,200}?\sencoding\s{0,9}=\s{0,9}["']([\w:.-]{1,40})""", re.ASCII
)
_CHARSET = re.compile(r"""charset\s*=\s*["']?([^\s;"']{1,40})""", re.IGNORECASE)
_WIDE = (  # with a byte order mark, or the first sign of markup
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
)


class Element(NamedTuple):
    """A tag and the raw text up to the next one; ``prefix`` is empty where there is none."""

    prefix: str
    name: str
    closes: bool
    attributes: str
    text: str


class Record(NamedTuple):
    """An element, and those of its descendants that were asked for, tag by tag."""

    element: Element
    fields: list[Element]


def decoded(body: bytes, content_type: str | None = None) -> str:
    r"""Return the text of an XML document: what is valid UTF-8 is that, whatever it is called.

    Else the byte order mark decides, the HTTP header, the XML declaration; where none does it is
    windows-1252, as browsers have it. Bytes without meaning become U+FFFD.

    >>> decoded(b'<?xml version="1.0" encoding="windows-1251"?><a>\xcc</a>')[-6:]
    '>М</a>'
    """
    for mark, codec in _WIDE:
        if body.startswith(mark):
            return body.decode(codec, "replace").removeprefix("\ufeff")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        is_cut = error.start >= len(body) - 3  # in the middle of the last character
    http, xml = _CHARSET.search(content_type or ""), _DECLARATION.search(body[:1024])
    for label in (http and http[1], xml and xml[1].decode("ascii")):
        found = webencodings.lookup(label) if label else None
        if found and not found.name.startswith("utf-16"):  # it would have been seen above
            return str(found.codec_info.decode(body, "replace")[0])
    return body.decode("utf-8" if is_cut else "windows-1252", "replace")


def elements(text: str, names: Container[str]) -> Iterator[Element]:
    """Yield the tags of ``text`` called one of ``names`` in order; names are in small letters.

    >>> [(element.name, element.text) for element in elements("<a>1<b/>2</A>", {"a"})]
    [('a', '1'), ('a', '')]
    """
    before = None
    for match in islice(_TOKEN.finditer(text), MAX_TAGS):
        name = match["name"]
        if not name:
            continue
        if before:
            yield _element(before, text[before.end() : match.start()])
        before = match if name.lower() in names else None
    if before:
        yield _element(before, text[before.end() :])


def _element(tag: re.Match[str], text: str) -> Element:
    close, prefix, name, attributes, broken = tag.groups()
    stated = attributes or broken or ""
    return Element((prefix or "").lower(), name.lower(), bool(close), stated, text)


def records(text: str, names: frozenset[str], wanted: frozenset[str]) -> Iterator[Record]:
    """Yield each element called one of ``names`` with the tags ``wanted`` in it.

    One that is not closed ends where the next begins.
    """
    record: Record | None = None
    for element in elements(text, names | wanted):
        if element.name in names:
            if record:
                yield record
            record = None if element.closes else Record(element, [])
        elif record and len(record.fields) < MAX_FIELDS:
            record.fields.append(element)
    if record:
        yield record


def attributes_of(element: Element) -> dict[str, str]:
    """Return the element's attributes by their names in small letters; the first of a name counts.

    >>> attributes_of(next(elements('<a HREF="/?b=1&amp;c=2" rel=x>', {"a"})))
    {'href': '/?b=1&c=2', 'rel': 'x'}
    """
    found: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(element.attributes):
        found.setdefault(name.lower(), _without_entities((double or single or bare)[:MAX_TEXT]))
    return found


def text_of(element: Element) -> str:
    """Return the text right behind the tag, CDATA and entities resolved, without space around.

    >>> text_of(next(elements("<a> 1 &lt;<!-- 2 --><![CDATA[ &amp; 3]]> &copy=4 &my;", {"a"})))
    '1 < & 3 &copy=4 &my;'
    """
    raw = element.text[:MAX_TEXT]
    if "<" in raw:
        raw = _COMMENT.sub("", _CDATA.sub(r"\1", raw))
    return _without_entities(raw).strip()


def _without_entities(text: str) -> str:
    return _ENTITY.sub(_character, text) if "&" in text else text


def _character(entity: re.Match[str]) -> str:
    if entity[1]:
        return html5.get(f"{entity[1]};", entity[0])
    return unescape(entity[0])
