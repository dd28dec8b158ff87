"""The promo exam: sentences of wcxb and fundus pages that must not, and that must, appear."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from bench.corpora import fundus, wcxb
from bench.corpora.case import Case, Promo


def load(root: Path) -> Iterator[Case]:
    """Yield the pages of promo_dev.jsonl; the id tells the corpus: wcxb:0052."""
    path = root / "promo" / "promo_dev.jsonl"
    if not path.is_file():
        return
    pages = {("wcxb_dev", case.id): case for case in wcxb.load(root)}
    pages |= {("fundus", case.id): case for case in fundus.load(root)}
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        case = pages.get((row["corpus"], row["page_id"]))
        if case is not None:
            yield _case(case, row)


def _case(case: Case, row: dict) -> Case:
    promo = Promo(
        drop=tuple(item["text"] for item in row["drop"]),
        inside=tuple(item["pos"] == "inside" for item in row["drop"]),
        kinds=tuple(item["cls"] for item in row["drop"]),
        keep=tuple(item["text"] for item in row["keep"]),
        hard=tuple(item["why"] == "hard_negative" for item in row["keep"]),
    )
    return replace(
        case,
        corpus="promo",
        id=f"{case.corpus}:{case.id}",
        gold=None,
        with_=(),
        without=(),
        page_type=None,
        country=None,
        language=row["lang"],
        promo=promo,
        # A sentence is present where a record shows it as the article: in subtitle or text. The
        # exam's sentences to keep may be the standfirst's, on wcxb's pages as on those of fundus;
        # what the peers keep of a standfirst stands in their text, ours has it apart. Read
        # together, a standfirst that ours names is no loss, and a promo taken for one is a leak.
        standfirst_in_gold=True,
    )
