"""The tables of CPU time, memory and stages, and the same figures for a machine."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from bench.markdown import milliseconds, percent, table
from bench.options import provenance_line
from bench.speed.stages import REST, Spent, summary
from bench.speed.timing import Timing

NOTES = """\
CPU ms: process time a page, one thread, best of the rounds, the systems in turns on each page; on a
shared machine read the ratios (x: to trafilatura on the same pages). Each system is called the same
way on every corpus. ours is the whole record, ours-text the text alone, as it is of the peers. Peak
memory: highest resident set of a fresh process over all pages of a corpus; over imports: minus the
same after the imports and one tiny page.
"""
STAGE_NOTES = f"""\
Process time a page, the quickest round of each page; a stage's own time, without that of other
stages inside it. {REST}: what no stage names. share %: of the mean.
"""


def markdown(
    made: Mapping[str, object],
    rows: Mapping[str, Sequence[Timing]],
    peaks: Mapping[str, Mapping[str, float]],
    read: Sequence[str],
) -> str:
    """Write a table a corpus, then the memory table; `read` names the corpora of the peaks."""
    parts = ["# CPU time and memory", provenance_line(made), NOTES.strip()]
    for corpus, timed in rows.items():
        parts += [f"## {corpus}", table(_HEADER, [_row(row) for row in timed])]
    if peaks:
        parts += [f"## Memory, {', '.join(read)}", _memory_table(peaks)]
    return "\n\n".join(parts) + "\n"


def stages_markdown(
    made: Mapping[str, object],
    profiles: Mapping[str, Mapping[str, Sequence[Spent]]],
    absent: Sequence[str],
) -> str:
    """Write a table for each corpus and system; `absent` names functions that were not found."""
    parts = ["# CPU time of ours by stage", provenance_line(made), STAGE_NOTES.strip()]
    if absent:
        parts.append(f"Not found, so counted as {REST}: {', '.join(absent)}.")
    for corpus, systems in profiles.items():
        for system, pages in systems.items():
            parts += [f"## {corpus}: {system}, {len(pages)} pages", _stage_table(pages)]
    return "\n\n".join(parts) + "\n"


def _stage_table(pages: Sequence[Spent]) -> str:
    rows = [
        [stage, milliseconds(row["median"]), milliseconds(row["mean"]), percent(row["share"])]
        for stage, row in summary(pages).items()
    ]
    return table(["stage", "median ms", "mean ms", "share %"], rows)


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


def plain(rows: Mapping[str, Sequence[Timing]]) -> dict[str, dict[str, dict[str, object]]]:
    """Return the timings as plain data by corpus and system."""
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
