"""Reads a list of URLs: one a line, as people and programs write them."""

import codecs
from collections.abc import Iterable, Iterator

from scraper.model import Link

MAX_LINE = 65_536
"""Bytes of a line that are read: far more than a URL may have, so that its record says too long."""


def read_list(lines: Iterable[bytes]) -> Iterator[Link]:
    r"""Yield a link for each line that is not blank and no ``#`` comment, with its line number.

    Byte order mark, Windows line ends and surrounding space are dropped; bytes that are no UTF-8
    become U+FFFD, so that the line ends in a record and not in nothing.

    >>> [link.url for link in read_list([b"https://a.example/ \r\n", b"# no\n", b"\n"])]
    ['https://a.example/']
    """
    for number, line in enumerate(lines, start=1):
        text = line[:MAX_LINE].removeprefix(codecs.BOM_UTF8).decode("utf-8", "replace").strip()
        if text and not text.startswith("#"):
            yield Link(url=text, line=number)
