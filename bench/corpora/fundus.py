"""Fundus: news of many countries, gold by layout version of each publisher.

Source: flairNLP/fundus tests, MIT. Gold leaves lists and embeds out, and has the standfirst in.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from bench.corpora.case import Case, host_of

_PAGE = re.compile(r"(?P<publisher>.+)_(?P<day>\d{4}_\d{2}_\d{2})\.html(?:\.gz)?")


def load(root: Path) -> Iterator[Case]:
    """Yield the pages by country and publisher, each with the gold of its layout version."""
    return (case for case, _ in load_with_gold(root))


def load_with_gold(root: Path) -> Iterator[tuple[Case, dict]]:
    """Yield the pages as `load` does, each with all that the gold says of its layout version."""
    for country in sorted(path for path in (root / "fundus").glob("*") if path.is_dir()):
        meta = json.loads((country / "meta.info").read_text("utf-8"))
        pages = _pages_by_publisher(country)
        for publisher in sorted(pages):
            gold = json.loads((country / f"{publisher}.json").read_text("utf-8"))
            versions = sorted(gold, key=_version)
            for version, page in zip(versions, pages[publisher], strict=False):
                yield _case(country.name, page, gold[version]["body"], meta), gold[version]


def _pages_by_publisher(country: Path) -> dict[str, list[Path]]:
    pages: dict[str, list[Path]] = {}
    for path in sorted(country.glob("*.html*")):  # a publisher's pages sort by their day
        if match := _PAGE.fullmatch(path.name):
            pages.setdefault(match["publisher"], []).append(path)
    return pages


def _version(name: str) -> tuple[int, ...]:
    """Order V1, V1_2, V1_10, V2 as numbers."""
    return tuple(int(number) for number in re.findall(r"\d+", name))


def _case(country: str, page: Path, body: dict, meta: dict) -> Case:
    name = page.name.removesuffix(".gz")
    url = (meta.get(name) or meta.get(f"{name}.gz") or {}).get("url")
    return Case(
        corpus="fundus",
        id=f"{country}/{name.removesuffix('.html')}",
        url=url,
        path=page,
        domain=host_of(url or ""),
        gold=gold_text(body),
        page_type="article",
        country=country,
        standfirst_in_gold=True,
    )


def gold_text(body: dict) -> str:
    r"""Join summary, headlines and paragraphs in reading order by blank lines.

    >>> gold_text({"summary": ["S"], "sections": [{"headline": ["H"], "paragraphs": ["P", "Q"]}]})
    'S\n\nH\n\nP\n\nQ'
    """
    lines = list(body["summary"])
    for section in body["sections"]:
        lines += section["headline"]
        lines += section["paragraphs"]
    return "\n\n".join(line for line in lines if line.strip())
