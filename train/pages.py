"""Reads the corpora as training pages: features of every block, tokens of names, labels."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path
from zlib import crc32

import numpy as np
import numpy.typing as npt
from tld import get_fld

from bench.corpora import daniel, fundus, trafilatura, wcxb
from bench.corpora.case import Case
from bench.metrics import tokens
from scraper.cleaner import parse
from scraper.cleaner.cues import read_cues
from scraper.cleaner.features import Features, measure
from scraper.cleaner.vocabulary import name_tokens
from scraper.encoding import decode
from scraper.outline import outline
from train import labels

FOLDS = 5

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]


@dataclass(slots=True)
class TrainingPage:
    """One page as the network sees it, and what is wanted of it.

    ``names`` are the tokens of each distinct class-and-id text; ``elements`` and ``inlines`` index
    them, by element and by block. ``wanted`` is the share of each block in the gold, NaN where
    unknown; ``standfirst`` the same for the standfirst, None where the corpus has none.
    ``sizes`` are words as the bench counts them.
    """

    case: Case
    texts: list[str]
    features: Features
    owners: Ints
    names: list[tuple[str, ...]]
    elements: Ints
    inlines: Ints
    cues: tuple[str, ...]
    sizes: Floats
    wanted: Floats
    standfirst: Floats | None
    type: str | None

    @property
    def key(self) -> tuple[str, str]:
        """Corpus and page."""
        return self.case.corpus, self.case.id

    @property
    def domain(self) -> str:
        """The registrable domain, or the host where there is none."""
        return registrable(self.case.domain)

    @property
    def fold(self) -> int:
        """Part of the cross-validation: pages of one registrable domain are never parted."""
        return fold_of(self.case.domain)


def fold_of(host: str) -> int:
    """Return the part of the cross-validation that a host belongs to."""
    return crc32(registrable(host).encode()) % FOLDS


@cache
def registrable(host: str) -> str:
    """Return the registrable domain of a host: example.co.uk of news.example.co.uk."""
    return get_fld(host, fix_protocol=True, fail_silently=True) or host


def training_pages(root: Path, jobs: int) -> list[TrainingPage]:
    """Return the pages of wcxb/dev, fundus and trafilatura that hold text, in a fixed order."""
    cases = [case for corpus in (wcxb, fundus, trafilatura) for case in corpus.load(root)]
    return _read(cases, _standfirsts(root), jobs)


def foreign_pages(root: Path, jobs: int) -> list[TrainingPage]:
    """Return daniel's pages, which may judge a model and never train one (its licence)."""
    return _read(list(daniel.load(root)), {}, jobs)


def _read(cases: list[Case], standfirsts: dict[str, str], jobs: int) -> list[TrainingPage]:
    with get_context("fork").Pool(jobs) as pool:
        pages = pool.map(partial(read_page, standfirsts=standfirsts), cases, chunksize=20)
    return [page for page in pages if page is not None]


def read_page(case: Case, standfirsts: dict[str, str]) -> TrainingPage | None:
    """Measure one page with the product's own code and label its blocks; None without text."""
    tree = parse(decode(case.html).text)
    page, cues = outline(tree), read_cues(tree, case.url)
    if not page.texts:
        return None
    numbers: dict[str, int] = {"": 0}
    elements = [numbers.setdefault(name, len(numbers)) for name in page.names]
    inlines = [numbers.setdefault(name, len(numbers)) for name in page.inline_names]
    wanted = (
        labels.from_segments(page.texts, case.with_, case.without)
        if case.gold is None
        else labels.from_gold(page.texts, case.gold)
    )
    sizes = np.array([len(tokens(text)) for text in page.texts], np.float32)
    summary = standfirsts.get(case.id)
    standfirst = labels.from_gold(page.texts, summary) * (sizes > 3) if summary else None
    return TrainingPage(
        case=case,
        texts=page.texts,
        features=measure(page, cues),
        owners=np.array(page.owners, np.int64),
        names=[name_tokens(name) for name in numbers],
        elements=np.array(elements, np.int64),
        inlines=np.array(inlines, np.int64),
        cues=cues.tokens,
        sizes=sizes,
        wanted=wanted,
        standfirst=standfirst,
        type=case.page_type or (None if case.corpus == "trafilatura" else "article"),
    )


def _standfirsts(root: Path) -> dict[str, str]:
    """Return the standfirst of each fundus page that has one, by the page's id."""
    return dict(_summaries(root))


def _summaries(root: Path) -> Iterator[tuple[str, str]]:
    for case in fundus.load(root):
        path = case.path.parent / (case.path.name.split("_")[0] + ".json")
        if not path.is_file():
            continue
        for version in json.loads(path.read_text("utf-8")).values():
            body = version["body"]
            if body["summary"] and fundus.gold_text(body) == case.gold:
                yield case.id, "\n".join(body["summary"])
