"""What recurs on a host: the lines that stand on several different pages of it, kept in a file.

What stands on many pages of a host is seldom anyone's article. Pages that share their article are
the exception: copies, updates, print versions; a guard counts them as one. Only ``scraper hosts``
makes profiles: no run changes what a later one finds. The order of the pages does not matter.
"""

import hashlib
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from heapq import heappush, heapreplace, nsmallest
from pathlib import Path
from typing import Annotated, NamedTuple

import msgspec
from msgspec import Meta, Struct

from scraper.errors import UsageError
from scraper.model import Article
from scraper.text import count_words, squeezed

FILE_NAME = "hosts.json"
SCHEMA_VERSION = "1.0"

MIN_WORDS = 4
"""Words of a line below which it is not remembered: shorter ones are too often headings."""

LONG = 8
"""Words from which a line of an article tells it from others."""

MAX_PAGES = 200
"""Pages of a host that are compared, chosen by the hash of what they are known by: each with each,
so this bounds the time. What stands on one page of fifty is still found on four of them."""

MAX_LINES = 2000
"""Lines of a page that are remembered, chosen by their hash and so the same on every page."""

ALIKE = 0.2
COPY = 0.9
"""Share of the smaller article's long lines from which two pages are one: of its own lines, as
updates of a story have them, and of all."""

FREQUENT_PAGES = 4
FREQUENT_SHARE = 0.25
"""Pages, and share of the host's pages, on which a long line is not an article's own: promos left
in every text would else make all pages one, on the hosts that need a memory most."""

OWN_LINES = 3
"""Own lines below which an article is one with every page that shares a line with it: where one
article came under many addresses, its lines are nobody's own."""

NEVER_CUT = 3
"""Pages on which a line must stand that stands in the article on all of them: two stories may
have a paragraph in common."""

HALF = 0.5
"""Share of a block's words that must stand in lines long enough to be remembered."""

_UNHEARD = frozenset(("h2", "h3", "h4", "h5", "h6", "code"))

Key = Annotated[str, Meta(pattern="^[0-9a-f]{16}$")]
Pages = Annotated[int, Meta(ge=1)]


class HostProfile(Struct, frozen=True, kw_only=True):
    """What recurs on a host: ``blocks`` gives by ``block_key`` how many different pages have it.

    ``pages`` counts the pages that were compared, copies among them.
    """

    host: Annotated[str, Meta(min_length=1)]
    pages: Pages
    blocks: dict[Key, Pages]


class SeenPage(NamedTuple):
    """A page of a host: its name on every visit, the texts of its article, and of the rest."""

    host: str
    name: str
    article: Sequence[str]
    rest: Sequence[str]


class _Text(Struct, frozen=True):
    text: str | None
    role: str = ""


class Told(Struct, frozen=True):
    """What of a record the memory needs, whichever version of scraper wrote it."""

    id: str
    host: str | None
    blocks: tuple[_Text, ...]
    removed: tuple[_Text, ...]


class _File(Struct, frozen=True):
    schema_version: str
    hosts: msgspec.Raw


class _Sheet(NamedTuple):
    """The lines of a page by their hashes: long ones of the article, all of it, all of the rest."""

    long: frozenset[int]
    article: frozenset[int]
    rest: frozenset[int]


def block_key(text: str) -> str | None:
    """Return what identifies a line on all pages of its host; None where it is too short.

    Case, space and punctuation do not count. Digits do: with all numbers folded to one, 3 % more
    of what is no article was found, and up to twice as much of what is.

    >>> block_key("Read  our newsletter, today!") == block_key("READ OUR NEWSLETTER TODAY")
    True
    >>> block_key("Read our newsletter") is None
    True
    """
    _, number = _read(text)
    return None if number is None else f"{number:016x}"


def recurring(profile: HostProfile, text: str) -> int:
    """Return on how many different pages of the host a block is known to stand.

    Of several lines the least known counts; lines too short to be remembered follow the others,
    unless they are most of the block.
    """
    known = words = 0
    fewest = profile.pages
    for count, number in map(_read, text.split("\n")):
        words += count
        if number is not None:
            known += count
            fewest = min(fewest, profile.blocks.get(f"{number:016x}", 0))
    return fewest if known and known >= HALF * words else 0


def read_record(line: bytes) -> Told:
    """Return what a record in JSON tells.

    Raises:
        ValueError: it is none.
    """
    try:
        return msgspec.json.decode(line, type=Told)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise ValueError(str(error)) from None


def seen_page(record: Article | Told) -> SeenPage | None:
    """Return what a record tells of its host; None without host or without an article.

    On a page without an article nothing tells a copy from another page. Its headings and its code
    are left out: reviews have the same headings, manuals the same lines of code.
    """
    article = [block.text for block in record.blocks if block.text and block.role not in _UNHEARD]
    if not record.host or not article:
        return None
    rest = [removal.text for removal in record.removed if removal.text]
    return SeenPage(record.host, record.id, article, rest)


def build_profiles(pages: Iterable[SeenPage], least: int = 2) -> dict[str, HostProfile]:
    """Return the profile of each host on which something recurs on ``least`` pages or more.

    Several visits to one page are one page with all that was seen on it. Time is linear in the
    pages; memory holds up to ``MAX_PAGES`` pages of each host.
    """
    samples: dict[str, _Sample] = {}
    for page in pages:
        samples.setdefault(page.host, _Sample()).add(page)
    profiles = {}
    for host in sorted(samples):
        sheets = samples[host].sheets()
        cut = frozenset[int]().union(*(sheet.rest for sheet in sheets))
        blocks = {
            f"{key:016x}": count
            for key, count in sorted(_counts(sheets))
            if count >= (least if key in cut else max(least, NEVER_CUT))
        }
        if blocks:
            profiles[host] = HostProfile(host=host, pages=len(sheets), blocks=blocks)
    return profiles


def read_hosts(path: Path) -> dict[str, HostProfile]:
    """Return the profiles in a file that ``dump_hosts`` made, by host.

    Raises:
        UsageError: the file cannot be read, is no host memory, or that of another version.
    """
    try:
        file = msgspec.json.decode(path.read_bytes(), type=_File)
        if file.schema_version != SCHEMA_VERSION:
            raise UsageError(f"{path}: version {file.schema_version}, not {SCHEMA_VERSION}")
        found = msgspec.json.decode(file.hosts, type=tuple[HostProfile, ...])
    except (OSError, ValueError, msgspec.MsgspecError, RecursionError) as error:
        raise UsageError(f"{path}: {getattr(error, 'strerror', None) or error}") from None
    return {profile.host: profile for profile in found}


def dump_hosts(profiles: Mapping[str, HostProfile]) -> bytes:
    """Return the file of some profiles: JSON, sorted, the same bytes for the same profiles."""
    hosts = [profiles[host] for host in sorted(profiles)]
    line = msgspec.json.encode({"schema_version": SCHEMA_VERSION, "hosts": hosts}, order="sorted")
    return msgspec.json.format(line, indent=1) + b"\n"


class _Sample:
    """The pages of a host whose names have the smallest hashes; arrays, for sets take much more."""

    def __init__(self) -> None:
        self._pages: dict[int, list[array[int]]] = {}
        self._largest: list[int] = []  # a heap of the negated hashes

    def add(self, page: SeenPage) -> None:
        """Remember a page, or what is new on one that is known."""
        number = _digest(page.name)
        if number not in self._pages:
            if len(self._pages) < MAX_PAGES:
                heappush(self._largest, -number)
            elif number < -self._largest[0]:
                del self._pages[-heapreplace(self._largest, -number)]
            else:
                return
        article = _lines(page.article)
        long = [key for key, count in article.items() if count >= LONG]
        now = (long, article, _lines(page.rest))
        before = self._pages.get(number, [array("Q")] * len(now))
        self._pages[number] = [
            array("Q", nsmallest(MAX_LINES, {*old, *new}))
            for old, new in zip(before, now, strict=True)
        ]

    def sheets(self) -> list[_Sheet]:
        """Return the pages in the order of their hashes, but those with nothing to compare."""
        found = (_Sheet(*map(frozenset, self._pages[number])) for number in sorted(self._pages))
        return [sheet for sheet in found if sheet.long]


def _lines(texts: Iterable[str]) -> dict[int, int]:
    """Return the words of each line that is long enough, by its hash."""
    read = (_read(line) for text in texts for line in text.split("\n"))
    return {number: count for count, number in read if number is not None}


def _read(line: str) -> tuple[int, int | None]:
    """Return the words of a line and the hash of its letters and digits; None where too few."""
    count = count_words(line)
    text = squeezed(line) if count >= MIN_WORDS else ""
    return count, _digest(text) if text else None


def _digest(text: str) -> int:
    data = text.encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "big")


def _counts(sheets: Sequence[_Sheet]) -> Iterator[tuple[int, int]]:
    """Yield each line with the number of pages that have it, no two of them alike."""
    alike = _alike(sheets)
    standing: dict[int, int] = {}  # sets of pages are numbers of which each bit is a page
    for place, sheet in enumerate(sheets):
        for key in sheet.article | sheet.rest:
            standing[key] = standing.get(key, 0) | 1 << place
    for key, pages in standing.items():
        left, count = pages, 0
        while left:
            lowest = left & -left
            left &= ~(lowest | alike[lowest.bit_length() - 1])
            count += 1
        yield key, count


def _alike(sheets: Sequence[_Sheet]) -> list[int]:
    """Return for each page the set of those that share its article."""
    standing = Counter(key for sheet in sheets for key in sheet.long)
    most = max(FREQUENT_PAGES, FREQUENT_SHARE * len(sheets))
    own = [frozenset(key for key in sheet.long if standing[key] < most) for sheet in sheets]
    found = [0] * len(sheets)
    for place, sheet in enumerate(sheets):
        for other in range(place):
            whole = _share(sheets[other].long, sheet.long)
            few = min(len(own[other]), len(own[place])) < OWN_LINES
            if whole >= COPY or (whole and (few or _share(own[other], own[place]) >= ALIKE)):
                found[place] |= 1 << other
                found[other] |= 1 << place
    return found


def _share(one: frozenset[int], other: frozenset[int]) -> float:
    """Return the share of the smaller set that both have."""
    smaller = min(len(one), len(other))
    return len(one & other) / smaller if smaller else 0.0
