"""The gate's sample: the same pages everywhere, chosen by the hash of their ids."""

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from bench import corpora
from bench.corpora.case import Case

# Pages a corpus and group ("*": each other group; "": the corpus as one); 335 in all, which the
# engine scores in about 12 s. WCXB is half articles; the other six types get a fair look. Of
# trafilatura 45 were too few: the draw was easier (segment F1 .981) than the corpus (.927).
QUOTAS: dict[str, dict[str, int]] = {
    "wcxb": {"article": 40, "*": 10},
    "fundus": {"": 35},
    "trafilatura": {"": 120},
    "daniel": {"*": 8},
    "promo": {"": 40},
}


def gate_sample(root: Path) -> dict[str, list[Case]]:
    """Choose the gate's pages from the corpora that are there."""
    loaded = {name: list(corpora.LOADERS[name](root)) for name in QUOTAS}
    return {name: choose(cases, QUOTAS[name]) for name, cases in loaded.items() if cases}


def choose(cases: Iterable[Case], quotas: dict[str, int]) -> list[Case]:
    """Take of each group the pages whose ids hash lowest, up to the group's quota.

    A quota of the group "" is for all groups together, one of "*" for each group not named.
    """
    taken: dict[str, int] = {}
    chosen = []
    for case in sorted(cases, key=_rank):
        group = "" if "" in quotas else case.group
        quota = quotas.get(group, quotas.get("*", 0))
        if taken.get(group, 0) < quota:
            taken[group] = taken.get(group, 0) + 1
            chosen.append(case)
    return sorted(chosen, key=lambda case: case.id)


def text_gold(case: Case) -> list[Any]:
    """List what a page's text is scored against."""
    promo = case.promo
    return [case.gold, case.with_, case.without, promo and [promo.drop, promo.keep]]


def digest(cases: Sequence[Any], gold: Callable[[Any], list[Any]] = text_gold) -> str:
    """Hash ids, bytes and gold of a sample (sha256, hex), so that another corpus is noticed."""
    state = hashlib.sha256()
    for case in cases:
        for part in (case.id.encode(), case.html, json.dumps(gold(case)).encode()):
            state.update(len(part).to_bytes(8, "big") + part)
    return state.hexdigest()


def _rank(case: Case) -> bytes:
    return hashlib.sha256(f"{case.corpus}:{case.id}".encode()).digest()
