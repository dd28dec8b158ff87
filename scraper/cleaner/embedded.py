"""Finds the text that a page holds only as data for its scripts: JSON-LD, state of frameworks.

The last resort, for pages that show nothing without a script: of the keys that name a text the one
with most words wins.
"""

import html
import json
import re
from collections.abc import Iterator
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from scraper.cleaner.body import build
from scraper.limiter import limited
from scraper.model import Block
from scraper.outline import outline

MAX_CHARACTERS = 3_000_000
"""Characters of all data that are read."""
MAX_VALUES = 50_000
"""Values of one piece of data that are looked at."""
SENTENCE = 8
"""Words from which a value is prose and no label."""
PROSE_WORDS, PROSE_SHARE = 60, 1 / 3
"""Words, and the share of all prose in the data, from which the values of a key are a text: shops
say something everywhere."""

_KEYS = tuple(
    "articleBody body bodyHtml bodyText children content contentHtml cooked html paragraph"
    " paragraphs postBody rendered text".split()
)
_NEXT = re.compile(r'self\.__next_f\.push\(\[1,\s?("(?:[^"\\]|\\.)*+")\]\)')
_ROW = re.compile(r"^[0-9a-f]{1,8}:(?:T([0-9a-f]{1,8}),)?", re.MULTILINE)
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]{0,300}>")


def find_body(tree: LexborHTMLParser) -> tuple[Block, ...]:
    """Return the blocks of the text in the page's data; empty where there is none."""
    values: dict[str, dict[str, None]] = {}
    for data in _data(tree):
        for key, text in _texts(data):
            values.setdefault(key, {})[text] = None  # once each, in order
    found = max((values[key] for key in _KEYS if key in values), key=_words, default={})
    if _words(found) < max(PROSE_WORDS, PROSE_SHARE * sum(map(_words, values.values()))):
        return ()
    page = outline(LexborHTMLParser(limited("".join(map(_as_html, found)))))
    built = build(page, range(len(page.texts)), figures=False)
    return tuple(one.block for one in built)


def _words(texts: dict[str, None]) -> int:
    return sum(len(text.split()) for text in texts)


def _as_html(text: str) -> str:
    if _MARKUP.search(text):
        return f"<div>{text}</div>"
    return "".join(f"<p>{html.escape(line)}</p>" for line in text.split("\n"))


def _data(tree: LexborHTMLParser) -> Iterator[Any]:
    """Yield what the page's data say, within the limit of characters."""
    left, streamed = MAX_CHARACTERS, list[str]()
    for node in tree.css("script:not([src]), [data-preloaded]"):
        text = node.attributes.get("data-preloaded") or node.text()
        left -= len(text)
        if left < 0:
            break
        if "__next_f" in text:
            streamed += [_loaded(match[1]) or "" for match in _NEXT.finditer(text)]
        elif text.lstrip()[:1] in ("{", "["):
            yield _loaded(text)
    if streamed:
        yield from _rows("".join(streamed))


def _rows(stream: str) -> Iterator[Any]:
    """Yield the rows of a React stream: ``ID:JSON`` to the line's end, or ``ID:Tsize,text``."""
    place = 0
    while (row := _ROW.search(stream, place)) is not None:
        if row[1]:  # the size counts bytes
            size = int(row[1], 16)
            text = stream[row.end() : row.end() + size].encode("utf-8", "replace")[:size]
            text_read = text.decode("utf-8", "ignore")
            yield {"html": text_read}
            place = row.end() + max(1, len(text_read))
        else:
            end = stream.find("\n", row.end())
            end = len(stream) if end < 0 else end
            yield _loaded(stream[row.end() : end])
            place = end + 1


def _loaded(text: str) -> Any:
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def _texts(data: Any) -> Iterator[tuple[str, str]]:
    """Yield key and text of each piece of prose in the data, in order."""
    waiting: list[tuple[str, Any]] = [("", data)]
    for _ in range(MAX_VALUES):
        if not waiting:
            return
        key, value = waiting.pop()
        if isinstance(value, dict):
            waiting += reversed(value.items())
        elif isinstance(value, list):
            waiting += [(key, item) for item in reversed(value)]
        elif isinstance(value, str) and value[:1] in ("{", "[") and (inner := _loaded(value)):
            waiting.append((key, inner))
        elif isinstance(value, str) and len(value.split()) >= SENTENCE:
            yield key, value
