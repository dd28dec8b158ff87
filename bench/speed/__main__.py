"""Times the systems and measures their memory: python -m bench.speed."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import click

from bench.markdown import milliseconds, table
from bench.options import (
    corpora_option,
    corpus_option,
    load_corpora,
    provenance,
    require_corpora,
    require_systems,
    system_option,
)
from bench.speed.memory import measure_memory
from bench.speed.timing import Timing, time_pages, timings

NOTES = """\
CPU ms: process time a page, one thread, best of the rounds, the systems in turns on each page; on a
shared machine read the ratios (x: to trafilatura on the same pages). Peak memory: highest resident
set of a fresh process over all pages; over imports: minus the same after the imports and one tiny
page.
"""


@click.command()
@corpora_option
@corpus_option
@system_option
@click.option("--limit", type=click.IntRange(1), default=60, help="Pages a corpus. Default: 60.")
@click.option("--rounds", type=click.IntRange(1), default=3, help="Default: 3, the best counts.")
@click.option("--memory/--no-memory", default=True, help="Measure peak memory too. Default: yes.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="Write the table here and the figures beside it as .json; else print the table.",
)
def main(  # noqa: PLR0913  a command's options are its arguments
    *,
    root: Path | None,
    names: Sequence[str],
    systems: Sequence[str],
    limit: int,
    rounds: int,
    memory: bool,
    output: Path | None,
) -> None:
    """Time ours and its peers on the same real pages, and measure their peak memory."""
    root = require_corpora(root)
    chosen = require_systems(systems)
    loaded = load_corpora(root, [name for name in names if name != "promo"], limit)
    rows = {corpus: timings(time_pages(cases, chosen, rounds)) for corpus, cases in loaded.items()}
    peaks = {}
    if memory:
        peaks = {
            system.name: measure_memory(root, system.name, tuple(loaded), limit)
            for system in chosen
        }
    made = {**provenance(chosen), "pages_per_corpus": limit, "rounds": rounds}
    text = markdown(made, rows, peaks)
    if output is None:
        click.echo(text)
        return
    output.write_text(text, "utf-8")
    figures = {**made, "corpora": _plain(rows), "memory_mb": peaks}
    output.with_suffix(".json").write_text(json.dumps(figures, indent=1) + "\n", "utf-8")


def markdown(
    made: Mapping[str, object],
    rows: Mapping[str, Sequence[Timing]],
    peaks: Mapping[str, Mapping[str, float]],
) -> str:
    """Write a table a corpus, then the memory table."""
    versions = ", ".join(f"{name} {number}" for name, number in made["versions"].items())
    head = f"{made['date']}, Python {made['python']}, {made['machine']}: {versions}"
    parts = ["# CPU time and memory", head, NOTES.strip()]
    for corpus, timed in rows.items():
        parts += [f"## {corpus}", table(_HEADER, [_row(row) for row in timed])]
    if peaks:
        parts += ["## Memory, all corpora", _memory_table(peaks)]
    return "\n\n".join(parts) + "\n"


_HEADER = [
    *("system", "pages", "median ms", "mean ms", "p95 ms", "max ms"),
    *("pages/s a core", "x median", "x mean", "err"),
]


def _row(row: Timing) -> list[object]:
    times = [milliseconds(value) for value in (row.median, row.mean, row.p95, row.max)]
    ratios = [None if x is None else f"{x:.2f}" for x in (row.ratio_median, row.ratio_mean)]
    return [row.system, row.pages, *times, f"{row.pages_per_second:.0f}", *ratios, row.errors]


def _memory_table(peaks: Mapping[str, Mapping[str, float]]) -> str:
    rows = []
    for system, peak in peaks.items():
        if not peak:
            rows.append([system, "died", None, None])
            continue
        over = peak["peak_mb"] - peak["baseline_mb"]
        figures = [f"{value:.0f}" for value in (peak["peak_mb"], peak["baseline_mb"], over)]
        rows.append([system, *figures])
    return table(["system", "peak MiB", "after imports MiB", "over imports MiB"], rows)


def _plain(rows: Mapping[str, Sequence[Timing]]) -> dict[str, dict[str, dict[str, object]]]:
    return {
        corpus: {
            row.system: {
                key: round(value, 3) if isinstance(value, float) else value
                for key, value in asdict(row).items()
                if key != "system"
            }
            for row in timed
        }
        for corpus, timed in rows.items()
    }


if __name__ == "__main__":
    main()
