"""The JSON text of many maps, piece by piece, so that a corpus of any size needs little memory."""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from scraper.exports import jsonfeed
from scraper.text import escape_line_separators


def json_lines(items: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Yield each item as one line of JSON."""
    for item in items:
        yield _json(item) + "\n"


def feed(items: Iterable[dict[str, Any]], title: str) -> Iterator[str]:
    r"""Yield a JSON Feed of the items.

    >>> list(feed([{"id": "1"}, {"id": "2"}], "News"))[1:]
    [',\n{"id":"2"}', '\n]}\n']
    """
    before = _json(jsonfeed.head(title)).removesuffix("}") + ',"items":['
    for item in items:
        yield f"{before}\n{_json(item)}"
        before = ","
    yield "\n]}\n" if before == "," else before + "]}\n"


def _json(value: dict[str, Any]) -> str:
    return escape_line_separators(msgspec.json.encode(value).decode())
