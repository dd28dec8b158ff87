"""Judges near duplicates on real pages: python -m bench.duplicates."""

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from statistics import median
from typing import NamedTuple

import click
import numpy as np

import scraper
from bench.corpora.case import Case
from bench.markdown import table
from bench.options import corpora_option, corpus_option, limit_option, load_corpora, require_corpora
from scraper.state.similar import MIN_WORDS, NEAR, NEAR_BY_ADDRESS
from scraper.text import simhash, words
from scraper.urls import host_of, url_key

BITS = 12
"""Pairs that differ in more are not looked at one by one."""

ALIKE = 0.8
"""Share of words in common, in order, from which two texts count as one article."""

CUTS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5)
"""Shares of the last words of a text that another copy of it may lack."""

NOTES = f"""\
Texts of all articles of the corpora, each page once, compared pair by pair. Bits: of 64, in which
the simhashes differ. Likeness: words in common and in order, 0 to 1 (difflib). Alike: {ALIKE} or
more. The product takes up to {NEAR} bits for one article, from {MIN_WORDS} words on, and up to
{NEAR_BY_ADDRESS} where a canonical address says so.
"""


class Text(NamedTuple):
    """What is compared of an article."""

    name: str
    key: str
    host: str
    words: list[str]
    simhash: int
    content_hash: str


class Pair(NamedTuple):
    """Two texts with the bits in which they differ and their likeness."""

    bits: int
    likeness: float
    one: Text
    two: Text

    @property
    def size(self) -> int:
        """Count the words of the shorter text."""
        return min(len(self.one.words), len(self.two.words))


def read_texts(cases: Iterable[Case]) -> list[Text]:
    """Extract each page once, and keep those that are articles."""
    pages = {case.path: case for case in cases}
    return [text for case in pages.values() if (text := _text(case)) is not None]


def _text(case: Case) -> Text | None:
    record = scraper.extract(case.html, case.url)
    if record.status not in ("ok", "partial") or not record.simhash:
        return None
    return Text(
        name=f"{case.corpus}:{case.id}",
        key=url_key(case.url) if case.url else "",
        host=case.domain or host_of(case.url or "") or "",
        words=words(record.text.casefold()),
        simhash=int(record.simhash, 16),
        content_hash=record.content_hash,
    )


def distances(texts: Sequence[Text]) -> Iterator[tuple[int, np.ndarray]]:
    """Yield the number of each text with its bits of difference to all texts after it."""
    hashes = np.array([text.simhash for text in texts], dtype=np.uint64)
    for index in range(len(texts) - 1):
        yield index, np.bitwise_count(hashes[index + 1 :] ^ hashes[index])


def near_pairs(texts: Sequence[Text], bits: int = BITS) -> list[Pair]:
    """Return the pairs of unequal texts within so many bits, nearest first."""
    found = []
    for index, row in distances(texts):
        for place in np.flatnonzero(row <= bits):
            one, two = texts[index], texts[index + 1 + int(place)]
            if one.content_hash != two.content_hash:
                found.append(Pair(int(row[place]), likeness(one.words, two.words), one, two))
    return sorted(found, key=lambda pair: (pair.bits, pair.likeness))


def likeness(one: Sequence[str], two: Sequence[str]) -> float:
    """Return the share of words that two texts have in common, in order.

    >>> likeness("the ferry left at nine".split(), "the ferry left at noon".split())
    0.8
    """
    return SequenceMatcher(None, one, two, autojunk=False).ratio()


def by_bits(pairs: Iterable[Pair]) -> str:
    """Return a table of the pairs by their bits."""
    rows = []
    for bits, group in itertools.groupby(pairs, key=lambda pair: pair.bits):
        found = list(group)
        alike = sum(pair.likeness >= ALIKE for pair in found)
        named = sum(pair.one.key == pair.two.key != "" for pair in found)
        likenesses = [pair.likeness for pair in found]
        rows.append(
            [
                str(bits),
                str(len(found)),
                str(alike),
                str(named),
                f"{min(likenesses):.2f}",
                f"{median(likenesses):.2f}",
                str(min(pair.size for pair in found)),
            ]
        )
    head = ["bits", "pairs", "alike", "one URL", "least like", "median", "fewest words"]
    return table(head, rows)


def of_hosts(texts: Sequence[Text]) -> str:
    """Return how near unlike pages of one host are: what a wrong canonical address would join."""
    counts: Counter[int] = Counter()
    hosts: dict[str, list[Text]] = {}
    for text in texts:
        hosts.setdefault(text.host, []).append(text)
    for group in hosts.values():
        for one, two in itertools.combinations(group, 2):
            if one.key != two.key and one.content_hash != two.content_hash:
                counts[(one.simhash ^ two.simhash).bit_count()] += 1
    total = sum(counts.values())
    rows = []
    for limit in (NEAR, 6, 8, 10, 12, 14, NEAR_BY_ADDRESS, 18, 20, 22, 24):
        within = sum(count for bits, count in counts.items() if bits <= limit)
        rows.append([str(limit), str(within), f"{100 * within / total:.3f}" if total else ""])
    return f"{total} pairs\n\n" + table(["bits up to", "pairs", "%"], rows)


def of_cuts(texts: Sequence[Text]) -> str:
    """Return in how many bits a text differs from its own beginning."""
    rows = []
    for share in CUTS:
        bits = sorted(_cut(text, share) for text in texts if len(text.words) >= MIN_WORDS)
        near = sum(number <= NEAR for number in bits) / len(bits)
        by_address = sum(number <= NEAR_BY_ADDRESS for number in bits) / len(bits)
        rows.append(
            [
                f"{share:.0%}",
                str(bits[len(bits) // 2]),
                str(bits[len(bits) * 9 // 10]),
                f"{100 * near:.0f}",
                f"{100 * by_address:.0f}",
            ]
        )
    head = ["cut", "median bits", "90 % up to", f"within {NEAR}, %", f"within {NEAR_BY_ADDRESS}, %"]
    return table(head, rows)


def _cut(text: Text, share: float) -> int:
    kept = text.words[: max(1, round(len(text.words) * (1 - share)))]
    return (int(simhash(kept), 16) ^ text.simhash).bit_count()


def shown(pair: Pair) -> str:
    """Return a pair in one line: figures and ids, never words."""
    sizes = f"{len(pair.one.words)}/{len(pair.two.words)} words"
    return f"{pair.bits} bits, {pair.likeness:.2f}, {sizes}: {pair.one.name} {pair.two.name}"


@click.command()
@corpora_option
@corpus_option
@limit_option
@click.option("--pairs", "bits", type=click.IntRange(0, BITS), help="List pairs up to these bits.")
def main(root: Path | None, names: tuple[str, ...], limit: int | None, bits: int | None) -> None:
    """Print how near the texts of real pages are, and how alike."""
    loaded = load_corpora(require_corpora(root), names, limit)
    texts = read_texts(case for cases in loaded.values() for case in cases)
    pairs = near_pairs(texts)
    enough = [pair for pair in pairs if pair.size >= MIN_WORDS]
    short = [pair for pair in pairs if pair.size < MIN_WORDS]
    print(f"{NOTES}\n{len(texts)} texts\n")
    print(f"From {MIN_WORDS} words on\n\n{by_bits(enough)}\n")
    print(f"Shorter\n\n{by_bits(short)}\n")
    print(f"Other pages of one host\n\n{of_hosts(texts)}\n")
    print(f"A text and its beginning\n\n{of_cuts(texts)}")
    for pair in pairs:
        if bits is not None and pair.bits <= bits:
            print(shown(pair))


if __name__ == "__main__":
    main()
