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
"""Pages, and share of the host's pages, on which a long line of an article is not its own: promos
that are left in every text would else make all pages one, on the hosts that need a memory most."""

OWN_LINES = 3
"""Own lines below which an article is one with every page that shares a line with it: where one
article came under many addresses, its lines are nobody's own."""

HALF = 0.5
"""Share of a block's words that must stand in lines long enough to be remembered."""

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
    """A page of a host: ``name`` is the same for all visits to one page, such as a record's id.

    ``article`` are the texts of the article's blocks, ``rest`` what else stands on the page.
    """

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


class _Version(Struct, frozen=True, kw_only=True):
    schema_version: str


class _File(_Version, frozen=True, kw_only=True):
    hosts: tuple[HostProfile, ...]


class _Sheet(NamedTuple):
    """The lines of a page, by their hashes: of ``article`` the long ones, of the page all."""

    article: frozenset[int]
    lines: frozenset[int]


def block_key(text: str) -> str | None:
    """Return what identifies a line on all pages of its host; None where it is too short.

    Case, space and punctuation do not count. Digits do: with all numbers folded to one, 3 % more
    of what is no article was found, and twice as much of what is.

    >>> block_key("Read  our newsletter, today!") == block_key("READ OUR NEWSLETTER TODAY")
    True
    >>> block_key("Read our newsletter") is None
    True
    """
    _, number = _read(text)
    return None if number is None else f"{number:016x}"


def recurring(profile: HostProfile, text: str) -> int:
    """Return on how many different pages of the host a block stands; 0 where it is not known to.

    A block of several lines stands where the least known of its lines does; lines too short to be
    remembered follow the others, unless they are most of it.
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

    On a page without an article nothing tells a copy from another page. Code is left out: its
    lines recur where a manual gives many examples.
    """
    article = [block.text for block in record.blocks if block.text and block.role != "code"]
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
        blocks = {f"{key:016x}": count for key, count in _counts(sheets) if count >= least}
        if blocks:
            ordered = dict(sorted(blocks.items()))
            profiles[host] = HostProfile(host=host, pages=len(sheets), blocks=ordered)
    return profiles


def read_hosts(path: Path) -> dict[str, HostProfile]:
    """Return the profiles in a file that ``dump_hosts`` made, by host.

    Raises:
        UsageError: the file cannot be read, is no host memory, or that of another version.
    """
    try:
        data = path.read_bytes()
        version = msgspec.json.decode(data, type=_Version).schema_version
        if version != SCHEMA_VERSION:
            raise UsageError(f"{path}: host memory {version}, but this reads {SCHEMA_VERSION}")
        found = msgspec.json.decode(data, type=_File)
    except (OSError, ValueError, msgspec.MsgspecError, RecursionError) as error:
        raise UsageError(f"{path}: {getattr(error, 'strerror', None) or error}") from None
    return {profile.host: profile for profile in found.hosts}


def dump_hosts(profiles: Mapping[str, HostProfile]) -> bytes:
    """Return the file of some profiles: JSON, sorted, the same bytes for the same profiles."""
    hosts = tuple(profiles[host] for host in sorted(profiles))
    line = msgspec.json.encode(_File(schema_version=SCHEMA_VERSION, hosts=hosts), order="sorted")
    return msgspec.json.format(line, indent=1) + b"\n"


class _Sample:
    """Up to ``MAX_PAGES`` pages of a host, those whose names have the smallest hashes.

    Which these are does not depend on the order in which they come, nor on how often. Their lines
    are kept as arrays: sets would take ten times the memory.
    """

    def __init__(self) -> None:
        self._pages: dict[int, tuple[Sequence[int], Sequence[int]]] = {}
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
        article, lines = self._pages.get(number, ((), ()))
        told = _lines(page.article)
        long = (key for key, count in told.items() if count >= LONG)
        self._pages[number] = (
            array("Q", nsmallest(MAX_LINES, {*article, *long})),
            array("Q", nsmallest(MAX_LINES, {*lines, *told, *_lines(page.rest)})),
        )

    def sheets(self) -> list[_Sheet]:
        """Return the pages in the order of their hashes, but those with nothing to compare."""
        found = (self._pages[number] for number in sorted(self._pages))
        return [_Sheet(frozenset(article), frozenset(lines)) for article, lines in found if article]


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
        for key in sheet.lines:
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
    standing = Counter(key for sheet in sheets for key in sheet.article)
    most = max(FREQUENT_PAGES, FREQUENT_SHARE * len(sheets))
    own = [frozenset(key for key in sheet.article if standing[key] < most) for sheet in sheets]
    found = [0] * len(sheets)
    for place, sheet in enumerate(sheets):
        for other in range(place):
            whole = _share(sheets[other].article, sheet.article)
            few = min(len(own[other]), len(own[place])) < OWN_LINES
            if whole >= COPY or (whole and (few or _share(own[other], own[place]) >= ALIKE)):
                found[place] |= 1 << other
                found[other] |= 1 << place
    return found


def _share(one: frozenset[int], other: frozenset[int]) -> float:
    """Return the share of the smaller set that both have."""
    smaller = min(len(one), len(other))
    return len(one & other) / smaller if smaller else 0.0
