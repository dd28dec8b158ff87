"""Judges what recurs on a host by pages with gold: python -m bench.hosts."""

import json
import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from statistics import fmean
from typing import NamedTuple

import click
import msgspec

import scraper
from bench.corpora.case import Case
from bench.markdown import ratio, table
from bench.metrics import tokens, word_score
from bench.options import (
    corpora_option,
    corpus_option,
    load_corpora,
    provenance,
    provenance_line,
    require_corpora,
    require_systems,
)
from scraper.advice import Advisor
from scraper.cleaner import parse
from scraper.encoding import decode
from scraper.hosts import HostProfile, SeenPage, build_profiles, recurring, seen_page
from scraper.outline import Outline, outline
from scraper.text import count_words, squeezed
from train.labels import KEPT, from_gold, from_segments

NOTES = """\
Every page of a host with two or more pages, sorted by its own host's profile, to which it has
contributed itself. pages: different pages of the host from which a block counts as recurring.
Lost: words of recurring blocks that gold has, in % of its words; headlines, which a record keeps
apart, and headings are counted by themselves. Recall: of what gold does not have, in blocks and
in words. Precision: share of recurring blocks, and of their words, that gold does not have.
Caught: of the words of ours' text that gold does not have, the share in recurring blocks.
Off and on: our own text by words, the memory not used and used.
Gold leaves out lists and embeds, and keeps notices: read the losses before believing them.
"""

SHARED = "web.archive.org"
"""A host that holds pages of others."""

LENGTHS: dict[str, Callable[[int], bool]] = {
    "4 or more": lambda _: True,
    "8 or more": lambda words: words >= 8,
    "4 to 40": lambda words: words <= 40,
    "8 to 40": lambda words: 8 <= words <= 40,
}
BUCKETS = {"4-7": 8, "8-15": 16, "16-25": 26, "26-40": 41, "41-80": 81, "81 and more": 10**9}
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))


class Judged(NamedTuple):
    """A block of a page: on how many different pages of its host it stands, what gold says."""

    words: int
    pages: int
    is_gold: bool
    is_headline: bool
    is_heading: bool
    is_kept: bool


class Read(NamedTuple):
    """A page as the memory sees it, with what is needed to judge the memory."""

    case: Case
    record: scraper.Article
    page: Outline


def read_pages(cases: Iterable[Case]) -> list[Read]:
    """Extract the pages of all hosts that have two or more."""
    pages = {(case.domain, case.path): case for case in cases if case.domain not in ("", SHARED)}
    hosts = Counter(domain for domain, _ in pages)
    found = []
    for case in (case for case in pages.values() if hosts[case.domain] > 1):
        html = case.html
        record = msgspec.structs.replace(scraper.extract(html, case.url), host=case.domain)
        found.append(Read(case, record, outline(parse(decode(html).text))))
    return found


def seen(pages: Iterable[Read], *, guarded: bool) -> Iterator[SeenPage]:
    """Yield what the memory is made of; without a guard every page gets an article of its own."""
    for number, page in enumerate(pages):
        one = seen_page(page.record)
        if one is not None and guarded:
            yield one
        elif one is not None:
            own = " ".join(f"{word}{number}" for word in "a b c d e f g h i j k l".split())
            yield one._replace(article=[own], rest=[*one.article, *one.rest])


def judge(pages: Iterable[Read], profiles: Mapping[str, HostProfile]) -> Iterator[Judged]:
    """Yield each block of which gold says whether it belongs to the text."""
    for case, record, page in pages:
        profile = profiles.get(case.domain)
        headlines = {squeezed(record.title or ""), squeezed((case.gold or "").partition("\n")[0])}
        kept = {squeezed(line) for block in record.blocks for line in block.text.split("\n")}
        for index, label in enumerate(_labels(case, page.texts)):
            text = page.texts[index]
            if math.isnan(label):
                continue
            yield Judged(
                words=count_words(text),
                pages=recurring(profile, text) if profile else 0,
                is_gold=label > KEPT,
                is_headline=squeezed(text) in headlines,
                is_heading=page.tags[page.owners[index]] in HEADINGS,
                is_kept=all(squeezed(line) in kept for line in text.split("\n")),
            )


def _labels(case: Case, texts: Sequence[str]) -> list[float]:
    if case.gold is not None:
        return from_gold(texts, case.gold).tolist()
    return from_segments(texts, case.with_, case.without).tolist()


def figures(blocks: Sequence[Judged], found: Callable[[Judged], bool]) -> dict[str, float]:
    """Return the figures of one way to tell what recurs."""
    gold = [block for block in blocks if block.is_gold]
    rest = [block for block in blocks if not block.is_gold]
    lost = [block for block in gold if found(block)]
    hits = [block for block in rest if found(block)]
    heads = [block for block in lost if block.is_headline]
    inside = [block for block in lost if block.is_heading and not block.is_headline]
    text = [block for block in lost if not block.is_headline and not block.is_heading]
    leaks = [block for block in rest if block.is_kept]
    return {
        "lost": _share(_words(text), _words(gold)),
        "lost_headings": _share(_words(inside), _words(gold)),
        "lost_headlines": _share(_words(heads), _words(gold)),
        "block_recall": _share(len(hits), len(rest)),
        "word_recall": _share(_words(hits), _words(rest)),
        "block_precision": _share(len(hits), len(hits) + len(text) + len(inside)),
        "word_precision": _share(_words(hits), _words(hits) + _words(text) + _words(inside)),
        "caught": _share(_words(filter(found, leaks)), _words(leaks)),
    }


def _words(blocks: Iterable[Judged]) -> int:
    return sum(block.words for block in blocks)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def settings(blocks: Sequence[Judged]) -> dict[str, dict[str, float]]:
    """Return the figures by number of pages and length of the block."""
    return {
        f"{least}|{name}": figures(
            blocks,
            lambda one, least=least, fits=fits: one.pages >= least and fits(one.words),
        )
        for least in (2, 3, 4)
        for name, fits in LENGTHS.items()
    }


def lengths(blocks: Sequence[Judged]) -> dict[str, tuple[int, float]]:
    """Return number and precision of recurring blocks by their length, headlines left out."""
    counts = {name: [0, 0] for name in BUCKETS}
    for block in blocks:
        if block.pages and not block.is_headline:
            name = next(name for name, end in BUCKETS.items() if block.words < end)
            counts[name][block.is_gold] += 1
    return {name: (sum(both), _share(both[0], sum(both))) for name, both in counts.items()}


def section(name: str, pages: Sequence[Read]) -> tuple[str, dict[str, object]]:
    """Return the tables of one set of pages, and their figures."""
    profiles = build_profiles(seen(pages, guarded=True))
    blocks = list(judge(pages, profiles))
    bare = list(judge(pages, build_profiles(seen(pages, guarded=False))))
    rows = settings(blocks)
    rows["2|4 or more, no guard"] = settings(bare)["2|4 or more"]
    by_length = lengths(blocks)
    used = on_and_off(pages, profiles)
    hosts = len({page.case.domain for page in pages})
    parts = [
        f"## {name}: {len(pages)} pages of {hosts} hosts, {len(profiles)} with a profile",
        table(
            "pages|words|lost %|headings %|headlines %|recall, blocks|recall, words|"
            "precision, blocks|precision, words|caught".split("|"),
            [[*key.split("|"), *_cells(row)] for key, row in rows.items()],
        ),
        table(
            ["words of the block", "recurring blocks", "precision"],
            [[key, count, ratio(share)] for key, (count, share) in by_length.items()],
        ),
        table(
            ["memory", "word F1", "precision", "recall"],
            [[key, *(f"{100 * value:.2f}" for value in row.values())] for key, row in used.items()],
        ),
    ]
    plain = {
        "pages": len(pages),
        "hosts": hosts,
        "settings": rows,
        "lengths": by_length,
        "used": used,
    }
    return "\n\n".join(parts), plain


def on_and_off(
    pages: Sequence[Read], profiles: Mapping[str, HostProfile]
) -> dict[str, dict[str, float]]:
    """Return what our text scores without and with the memory, by words."""
    rows = {}
    for name, advisor in (("off", Advisor()), ("on", Advisor(hosts=profiles))):
        scores = [
            word_score(tokens(read.case.gold), tokens(_text(read.case, advisor)))
            for read in pages
            if read.case.gold
        ]
        rows[name] = {
            part: fmean(getattr(score, part) for score in scores)
            for part in ("f1", "precision", "recall")
        }
    return rows


def _text(case: Case, advisor: Advisor) -> str:
    article = scraper.extract(case.html, f"https://{case.domain}/{case.id}", advisor=advisor)
    title = article.title if case.headline_in_gold else None
    subtitle = article.subtitle if case.standfirst_in_gold else None
    return "\n".join(part for part in (title, subtitle, article.text) if part)


def _cells(row: Mapping[str, float]) -> list[str | None]:
    return [
        f"{100 * value:.2f}" if key.startswith("lost") else ratio(value)
        for key, value in row.items()
    ]


@click.command()
@corpora_option
@corpus_option
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="Write the tables here and the figures beside it as .json; else print the tables.",
)
def main(*, root: Path | None, names: Sequence[str], output: Path | None) -> None:
    """Judge host memory by gold: daniel by itself, all other corpora pooled by host."""
    root = require_corpora(root)
    made = provenance(require_systems(["ours"]))
    loaded = load_corpora(root, [name for name in names if name != "promo"], None)
    sets = {"daniel": loaded.pop("daniel", [])}
    others = [case for cases in loaded.values() for case in cases]
    sets["others, articles"] = [case for case in others if case.page_type in (None, "article")]
    sets["others, all types"] = others
    sections = {name: section(name, read_pages(cases)) for name, cases in sets.items() if cases}
    text = "\n\n".join(
        ["# Host memory", provenance_line(made), NOTES.strip(), *(s for s, _ in sections.values())]
    )
    if output is None:
        click.echo(text)
        return
    output.write_text(text + "\n", "utf-8")
    plain = {**made, "sets": {name: plain for name, (_, plain) in sections.items()}}
    output.with_suffix(".json").write_text(json.dumps(plain, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
