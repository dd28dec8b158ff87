"""Pages with gold for title, authors, date and tags; see bench/README.md for what it is worth."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.corpora import fundus, trafilatura, wcxb
from bench.corpora.case import Case, host_of, read_bytes, stored
from bench.metadata.instant import parse


@dataclass(frozen=True, slots=True)
class MetaCase:
    """One page of a corpus; what its gold does not say is None.

    `authors` are as written: an entry may name several. `date` is a day or a time of one, with
    or without a zone. `has_date_gold` without a `date`: the gold says that the page has none.
    """

    corpus: str
    id: str
    url: str | None
    path: Path
    domain: str
    title: str | None = None
    authors: tuple[str, ...] | None = None
    date: str | None = None
    has_date_gold: bool = False
    tags: tuple[str, ...] | None = None

    @property
    def html(self) -> bytes:
        """Read the page's bytes from disk."""
        return read_bytes(self.path)

    @property
    def undated(self) -> bool:
        """Tell whether the gold says that the page has no date."""
        return self.has_date_gold and self.date is None


def load(root: Path, corpus: str, limit: int | None = None) -> list[MetaCase]:
    """Load a corpus, or `limit` pages spread evenly over it; empty where the corpus is absent."""
    cases = list(LOADERS[corpus](root))
    if limit is None or limit >= len(cases):
        return cases
    return [cases[index * len(cases) // limit] for index in range(limit)]


def _fundus(root: Path) -> Iterator[MetaCase]:
    """Yield news whose gold was made by the publishers' own parsers, mostly from JSON-LD."""
    for case, gold in fundus.load_with_gold(root):
        yield _case(
            case,
            title=gold.get("title"),
            authors=gold.get("authors"),
            date=gold.get("publishing_date"),
            tags=gold.get("topics"),
        )


def _wcxb(root: Path) -> Iterator[MetaCase]:
    """Yield the articles of wcxb/dev, of which the gold says which have no date."""
    for case, gold in wcxb.load_with_gold(root):
        if case.page_type == "article":
            yield _case(
                case,
                title=gold.get("title"),
                authors=gold.get("author"),
                date=gold.get("publish_date"),
                null_is_undated="publish_date" in gold,
            )


def _trafilatura(root: Path) -> Iterator[MetaCase]:
    """Yield trafilatura's pages; some of them have snippets alone and no gold here."""
    for case, gold in trafilatura.load_with_gold(root):
        yield _case(
            case,
            title=gold.get("title"),
            authors=gold.get("author"),
            date=gold.get("date"),
            tags=gold.get("tags"),
        )


def _htmldate(root: Path) -> Iterator[MetaCase]:
    """Yield htmldate's pages, most of which stand in trafilatura's folders under the same name."""
    path = root / "htmldate" / "eval_default.json"
    rows = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    folders = [root / "htmldate" / "pages", *(root / "trafilatura" / n for n in ("eval", "cache"))]
    for url, row in rows.items():
        page = next(filter(None, (stored(folder / row["file"]) for folder in folders)), None)
        if page is not None:
            case = Case("htmldate", trafilatura.case_id(url), url, page, host_of(url))
            yield _case(case, date=row["date"])


LOADERS: dict[str, Callable[[Path], Iterator[MetaCase]]] = {
    "fundus": _fundus,
    "wcxb": _wcxb,
    "trafilatura": _trafilatura,
    "htmldate": _htmldate,
}


def _case(
    case: Case,
    *,
    title: str | None = None,
    authors: str | list[str] | None = None,
    date: str | None = None,
    tags: list[str] | None = None,
    null_is_undated: bool = False,
) -> MetaCase:
    """Join a page and its gold; empty values, and dates without a day, are no gold."""
    known = date if date and parse(date) else None
    return MetaCase(
        corpus=case.corpus,
        id=case.id,
        url=case.url,
        path=case.path,
        domain=case.domain,
        title=_stated(title),
        authors=_labels([authors] if isinstance(authors, str) else authors),
        date=known,
        has_date_gold=known is not None or (null_is_undated and not date),
        tags=_labels(tags),
    )


def _stated(text: str | None) -> str | None:
    return text.strip() or None if text else None


def _labels(texts: list[str] | None) -> tuple[str, ...] | None:
    return tuple(text.strip() for text in texts or () if text.strip()) or None
