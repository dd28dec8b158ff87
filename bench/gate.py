"""Holds ours to pinned floors on a fixed sample of real pages: python -m bench.gate."""

import json
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import click

from bench import peers
from bench.corpora.case import Case
from bench.markdown import table
from bench.metadata.gold import MetaCase
from bench.metadata.rows import read_page
from bench.metadata.sample import gate_scores, gold, metadata_sample
from bench.options import NO_CORPORA, corpora_option, require_corpora, require_systems
from bench.runner import run_one
from bench.sample import digest, gate_sample
from bench.scores import summarize

FLOORS = Path(__file__).with_name("floors.json")

# A score may fall this far before the gate fails: rounding, and a library's patch release.
TOLERANCE = 0.0005

# Figures of which more is worse: their floor is a ceiling.
CEILINGS = frozenset({"promo_drop_leak", "promo_inside_leak", "date_wrong"})


@dataclass(frozen=True, slots=True)
class Measured:
    """What a corpus' sample scored, 0 to 1 by metric, and which sample that was."""

    pages: int
    sha256: str
    scores: dict[str, float]


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the gate's verdict; `old` is the pinned figure, `new` the measured one."""

    corpus: str
    metric: str
    old: float | None
    new: float | None
    passed: bool
    note: str


def compare(floors: Mapping[str, Measured], scores: Mapping[str, Measured]) -> list[Check]:
    """Compare measured scores with the floors; a corpus that was not measured is no failure.

    Another sample than the pinned one fails: its figures cannot be compared.
    """
    checks = []
    for corpus in dict.fromkeys([*floors, *scores]):
        floor, score = floors.get(corpus), scores.get(corpus)
        if score is None:
            checks.append(Check(corpus, "sample", None, None, passed=True, note="absent: skipped"))
        elif floor is None:
            checks.append(Check(corpus, "sample", None, None, passed=False, note="not pinned"))
        else:
            checks += _compare_corpus(corpus, floor, score)
    return checks


def _compare_corpus(corpus: str, floor: Measured, score: Measured) -> list[Check]:
    checks = []
    if (floor.pages, floor.sha256) != (score.pages, score.sha256):
        note = "the corpus has drifted: other pages or gold"
        checks.append(Check(corpus, "sample", floor.pages, score.pages, passed=False, note=note))
    for metric, old in floor.scores.items():
        new = score.scores.get(metric)
        if new is None:
            checks.append(Check(corpus, metric, old, None, passed=False, note="not measured"))
        else:
            passed = gain(metric, old, new) >= -TOLERANCE
            note = "" if passed else "below the floor"
            checks.append(Check(corpus, metric, old, new, passed=passed, note=note))
    return checks


def gain(metric: str, old: float, new: float) -> float:
    """Say by how much a figure got better; negative where it got worse.

    >>> gain("word_f1", 0.5, 0.75), gain("promo_drop_leak", 0.5, 0.75)
    (0.25, -0.25)
    """
    return old - new if metric in CEILINGS else new - old


def regressions(floors: Mapping[str, Measured], scores: Mapping[str, Measured]) -> list[str]:
    """Name the floors that pinning these scores would lower beyond the tolerance."""
    return [
        f"{corpus} {metric}: {old} -> {new}"
        for corpus, metric, old, new in _pairs(floors, scores)
        if gain(metric, old, new) < -TOLERANCE
    ]


def pinned(
    floors: Mapping[str, Measured], scores: Mapping[str, Measured], *, lower: bool = False
) -> dict[str, Measured]:
    """Pin new floors: the better of old and new, or the new one alone where `lower`.

    Floors of corpora that were not measured stay.
    """
    kept = (
        {}
        if lower
        else {(corpus, metric): old for corpus, metric, old, _ in _pairs(floors, scores)}
    )
    result = dict(floors)
    for corpus, score in scores.items():
        best = {
            metric: max(kept.get((corpus, metric), new), new, key=lambda one: gain(metric, 0, one))
            for metric, new in score.scores.items()
        }
        result[corpus] = Measured(score.pages, score.sha256, best)
    return result


def _pairs(
    floors: Mapping[str, Measured], scores: Mapping[str, Measured]
) -> list[tuple[str, str, float, float]]:
    return [
        (corpus, metric, old, scores[corpus].scores[metric])
        for corpus, floor in floors.items()
        if corpus in scores
        for metric, old in floor.scores.items()
        if metric in scores[corpus].scores
    ]


def measure(cases: list[Case]) -> Measured:
    """Run ours over a sample in this process and score it."""
    ours = peers.REGISTRY["ours"]
    with peers.silence():
        summary = summarize([run_one(ours, case, case.html) for case in cases])
    scores = {}
    if summary.words:
        scores["word_f1"] = summary.words.f1
    if summary.segments:
        scores["segment_f1"] = summary.segments.f1
    if summary.promo:
        scores["promo_perfect"] = summary.promo.perfect
        scores["promo_drop_leak"] = summary.promo.drop_leak
        scores["promo_inside_leak"] = summary.promo.inside_leak
        scores["promo_keep_recall"] = summary.promo.keep_recall
    return Measured(len(cases), digest(cases), _rounded(scores))


def measure_metadata(cases: list[MetaCase]) -> Measured:
    """Read the metadata of a sample with ours in this process and score it."""
    with peers.silence():
        rows = [read_page("ours", case, case.html) for case in cases]
    return Measured(len(cases), digest(cases, gold), _rounded(gate_scores(rows)))


def _rounded(scores: Mapping[str, float]) -> dict[str, float]:
    return {metric: round(value, 5) for metric, value in scores.items()}


def read_floors(path: Path) -> dict[str, Measured]:
    """Read the pinned floors; none where there is no file."""
    if not path.is_file():
        return {}
    return {
        name: Measured(**row)
        for name, row in json.loads(path.read_text("utf-8"))["corpora"].items()
    }


def write_floors(path: Path, floors: Mapping[str, Measured]) -> None:
    """Write the floors with the day and version they were pinned at."""
    made = {
        "pinned": datetime.now(UTC).date().isoformat(),
        "scraper": peers.REGISTRY["ours"].version,
        "corpora": {name: asdict(floor) for name, floor in floors.items()},
    }
    path.write_text(json.dumps(made, indent=2) + "\n", "utf-8")


@click.command()
@corpora_option
@click.option("--floors", "path", type=click.Path(path_type=Path), default=FLOORS, hidden=True)
@click.option("--update", is_flag=True, help="Pin the measured scores as the new floors.")
@click.option("--allow-regression", is_flag=True, help="With --update: floors may be lowered.")
def main(*, root: Path | None, path: Path, update: bool, allow_regression: bool) -> None:
    """Score ours on the fixed samples; exit 1 where a figure is below its floor."""
    root = require_corpora(root)
    samples, with_metadata = gate_sample(root), metadata_sample(root)
    if not samples and not with_metadata:
        print(NO_CORPORA)
        return
    require_systems(["ours"])
    started = time.monotonic()
    scores = {name: measure(cases) for name, cases in samples.items()}
    for name, cases in with_metadata.items():
        scores[f"{name} metadata"] = measure_metadata(cases)
    floors = read_floors(path)
    checks = compare(floors, scores)
    print(report(checks))
    print(
        f"{sum(score.pages for score in scores.values())} pages, {time.monotonic() - started:.0f} s"
    )
    if update:
        _update(path, floors, scores, allow_regression=allow_regression)
    elif not all(check.passed for check in checks):
        sys.exit(1)


def _update(
    path: Path,
    floors: Mapping[str, Measured],
    scores: Mapping[str, Measured],
    *,
    allow_regression: bool,
) -> None:
    lowered = regressions(floors, scores)
    if lowered and not allow_regression:
        print("not pinned, --allow-regression is needed to lower:", *lowered, sep="\n  ")
        sys.exit(1)
    write_floors(path, pinned(floors, scores, lower=allow_regression))
    print(f"pinned in {path.name}")


def report(checks: list[Check]) -> str:
    """Lay the verdict out as a table."""
    rows = [
        [
            f"{check.corpus} {check.metric}",
            *(f"{value:.5g}" if value is not None else "" for value in (check.old, check.new)),
            "ok" if check.passed else "FAIL",
            check.note,
        ]
        for check in checks
    ]
    return table(["figure", "floor", "now", "verdict", "note"], rows)


if __name__ == "__main__":
    main()
