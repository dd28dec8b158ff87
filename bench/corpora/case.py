"""One page with its gold, and how its bytes are read and decoded."""

import gzip
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

# Bytes at the head of a page in which a charset declaration counts; HTML standard: 1024, but
# old pages put long comments first.
DECLARATION_WINDOW = 4096

_CHARSET = re.compile(rb"""charset \s* = \s* ["']? \s* ([\w-]{1,40})""", re.VERBOSE | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Promo:
    """Sentences that must not appear in the output (drop) and that must appear (keep).

    By index: `inside` says which drop sentences stand between paragraphs of the article, `kinds`
    what each is (newsletter, paywall ...), `hard` which keep sentences are worded like a promo.
    """

    drop: tuple[str, ...]
    inside: tuple[bool, ...]
    kinds: tuple[str, ...]
    keep: tuple[str, ...]
    hard: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """One page of a corpus; what the corpus does not know is None or ().

    `standfirst_in_gold` and `headline_in_gold`: the gold has in it what many systems report
    apart from the text; they are scored with it there.
    """

    corpus: str
    id: str
    url: str | None
    path: Path
    domain: str
    gold: str | None = None
    with_: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    page_type: str | None = None
    language: str | None = None
    country: str | None = None
    promo: Promo | None = None
    standfirst_in_gold: bool = False
    headline_in_gold: bool = False

    @property
    def html(self) -> bytes:
        """Read the page's bytes from disk."""
        return read_bytes(self.path)

    @property
    def group(self) -> str:
        """Name what the corpus is broken down by: country, language or page type."""
        return self.country or self.language or self.page_type or "all"


def stored(path: Path) -> Path | None:
    """Find NAME or NAME.gz; None where there is neither."""
    packed = path.with_name(path.name + ".gz")
    return path if path.is_file() else packed if packed.is_file() else None


def read_bytes(path: Path) -> bytes:
    """Read a file, gunzipped where its name ends in .gz."""
    data = path.read_bytes()
    return gzip.decompress(data) if path.suffix == ".gz" else data


def read_text(path: Path) -> str:
    """Read a UTF-8 file, gunzipped where its name ends in .gz."""
    return read_bytes(path).decode("utf-8", "replace")


def decode(html: bytes) -> str:
    r"""Decode a page for a peer that takes only str: UTF-8 if valid, else as declared, else cp1252.

    >>> decode("é".encode()), decode(b'<meta charset="iso-8859-2">\xb1'), decode(b"\xe9")
    ('é', '<meta charset="iso-8859-2">ą', 'é')
    """
    try:
        return html.decode("utf-8")
    except UnicodeDecodeError:
        declared = _CHARSET.search(html[:DECLARATION_WINDOW])
    name = declared[1].decode("ascii") if declared else "cp1252"
    if name.lower() in {"utf-8", "utf8", "iso-8859-1"}:  # the web reads Latin-1 as cp1252
        name = "cp1252"
    try:
        return html.decode(name, "replace")
    except LookupError:
        return html.decode("cp1252", "replace")


def host_of(url: str) -> str:
    """Take the host of a URL, lower-cased, without www.

    >>> host_of("https://www.Example.org:8080/a")
    'example.org'
    """
    return (urlsplit(url).hostname or "").removeprefix("www.")
