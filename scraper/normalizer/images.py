"""Finds the pictures of an article: the one that stands for it, and all with their captions."""

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from posixpath import basename
from urllib.parse import urlsplit

from scraper.model import Block, Image
from scraper.normalizer import wordlists
from scraper.normalizer.metadata import Clue
from scraper.normalizer.resolve import ranked
from scraper.text import one_line
from scraper.urls import resolve

MAX_IMAGES = 30
MAX_CAPTION = 1000
MAX_CREDIT = 200

_SIZE = re.compile(r"[-_]?\d{2,4}x\d{2,4}|@\dx", re.ASCII)
_PIXELS = re.compile(r"\s*(\d{1,5})(?:\.0+)?(?:px)?\s*", re.ASCII)
_BRACKETED = re.compile(r"\s*[(\[（]([^()\[\]（）]{3,200})[)\]）]\s*\.?\Z")
_LAST = re.compile(r"(?:\A|[.!?»”\"|\n]\s*|\s[-–—/|]\s)([^.!?|\n]{3,120})\.?\s*\Z")
_MARK = re.compile(r"\s*(©|\(c\)\s|Copyright\s)\s*", re.IGNORECASE)


def read_images(
    clues: Sequence[Clue], blocks: Iterable[Block], base: str
) -> tuple[tuple[Image, ...], str]:
    """Return the pictures, the one that stands for the article first, and where that is stated.

    Captions shown in the text come to the stated picture of the same file.
    """
    found: dict[str, Image] = {}
    source = ""
    for clue in ranked("image", clues):
        url = resolve(base, html.unescape(clue.value))
        if url and (not found or clue.source.startswith("jsonld.")):
            source = source or clue.source
            found.setdefault(_file(url), _image(url, clue.details))
    for block in blocks:
        if block.role == "figure" and block.url:
            caption, credit = split_credit(block.text)
            key = _file(block.url)
            if key in found:
                found[key] = _completed(found[key], caption, credit)
            elif len(found) < MAX_IMAGES:
                found[key] = Image(
                    url=block.url, caption=caption, credit=credit, width=None, height=None
                )
                source = source or "page.figure"
    return tuple(found.values())[:MAX_IMAGES], source


def _image(url: str, details: Mapping[str, str]) -> Image:
    caption, credit = split_credit(_plain(details.get("caption", ""), MAX_CAPTION) or "")
    return Image(
        url=url,
        caption=caption,
        credit=_plain(details.get("credit", ""), MAX_CREDIT) or credit,
        width=_pixels(details.get("width", "")),
        height=_pixels(details.get("height", "")),
    )


def _completed(image: Image, caption: str | None, credit: str | None) -> Image:
    """Return a picture with the caption that is shown with it, which is the better one."""
    return Image(
        url=image.url,
        caption=caption or image.caption,
        credit=image.credit or credit,
        width=image.width,
        height=image.height,
    )


def _plain(stated: str, limit: int) -> str | None:
    text = one_line(html.unescape(stated))
    return text if 0 < len(text) <= limit else None


def _file(url: str) -> str:
    """Return what tells a picture from others: its file, whatever the crop; else its address."""
    parts = urlsplit(url)
    name = _SIZE.sub("", basename(parts.path).lower())
    return name if len(name) > 8 else f"{parts.path}?{parts.query}"


def _pixels(stated: str) -> int | None:
    match = _PIXELS.fullmatch(stated)
    return int(match.group(1)) if match else None


def split_credit(text: str) -> tuple[str | None, str | None]:
    """Return caption and credit of a picture's text, as far as it says which is which.

    >>> split_credit("The ferry at the quay. Photo: Ada Fern")
    ('The ferry at the quay.', 'Ada Fern')
    >>> split_credit("The ferry at the quay (Foto: Ada Fern/dpa)")
    ('The ferry at the quay', 'Ada Fern/dpa')
    >>> split_credit("The ferry © Ada Fern"), split_credit("The ferry at the quay")
    (('The ferry', 'Ada Fern'), ('The ferry at the quay', None))
    """
    plain = one_line(text.replace("\n", " | ")).strip(" |")[:MAX_CAPTION]
    for pattern in (_BRACKETED, _LAST):
        match = pattern.search(plain)
        credit = _credit(match[1]) if match else None
        if match and credit:
            return _rest(plain[: match.start(1)].rstrip("([（ |-–—/")), credit
    marks = list(_MARK.finditer(plain))
    if marks and len(plain) - marks[-1].end() <= MAX_CREDIT:
        return _rest(plain[: marks[-1].start()]), _rest(plain[marks[-1].end() :].rstrip(")] "))
    return _rest(plain), None


def _credit(text: str) -> str | None:
    """Return what follows a word for photographs and a colon, or the name of a picture agency."""
    taken = wordlists.start(wordlists.phrases("credit"), text.split(), text)
    if taken:
        said, rest = text[:taken].rstrip(), text[taken:].lstrip()
        named = rest.lstrip(wordlists.MARKS)
        is_parted = said[-1] in ":：/" or rest[:1] in ":：/" or said.endswith((" by", " von"))
        if named and is_parted:
            return named.strip()
    houses = wordlists.by_language("credit")["und"]
    return text.strip() if wordlists.phrase(text) in houses else None


def _rest(text: str) -> str | None:
    return text.strip(" |") or None
