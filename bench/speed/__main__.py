"""Times the systems and measures their memory: python -m bench.speed."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from bench import peers
from bench.corpora.case import Case
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
from bench.speed.report import markdown, plain, stages_markdown
from bench.speed.stages import absent, profile_pages, summary
from bench.speed.timing import time_pages, timings

MEMORY_CORPUS = "wcxb"
"""The corpus whose pages all pass through one process for the peak: the most varied one."""

Report = tuple[str, dict[str, object]]


@click.command()
@corpora_option
@corpus_option
@system_option
@click.option("--limit", type=click.IntRange(1), default=60, help="Pages a corpus. Default: 60.")
@click.option("--rounds", type=click.IntRange(1), default=3, help="Default: 3, the best counts.")
@click.option("--memory/--no-memory", default=True, help="Measure peak memory too. Default: yes.")
@click.option(
    "--memory-limit", type=click.IntRange(1), help="Pages of wcxb for the peak. Default: all."
)
@click.option("--stages", is_flag=True, help="Profile ours by stage instead.")
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
    memory_limit: int | None,
    stages: bool,
    output: Path | None,
) -> None:
    """Time ours and its peers on the same real pages, and measure their peak memory."""
    root = require_corpora(root)
    if stages:
        systems = [name for name in systems if name in peers.OURS]
    chosen = require_systems(systems)
    loaded = load_corpora(root, [name for name in names if name != "promo"], limit)
    made = {**provenance(chosen), "pages_per_corpus": limit, "rounds": rounds}
    if stages:
        text, figures = _stages(made, loaded, chosen)
    else:
        read = [MEMORY_CORPUS] if MEMORY_CORPUS in loaded else list(loaded)
        peaks = {}
        rows = {name: timings(time_pages(cases, chosen, rounds)) for name, cases in loaded.items()}
        if memory:
            peaks = {one.name: measure_memory(root, one.name, read, memory_limit) for one in chosen}
        text = markdown(made, rows, peaks, read)
        figures = {**made, "corpora": plain(rows), "memory_mb": peaks}
    if output is None:
        click.echo(text)
        return
    output.write_text(text, "utf-8")
    output.with_suffix(".json").write_text(json.dumps(figures, indent=1) + "\n", "utf-8")


def _stages(
    made: Mapping[str, object],
    loaded: Mapping[str, Sequence[Case]],
    systems: Sequence[peers.System],
) -> Report:
    """Profile ours on each corpus: the tables, and the figures."""
    profiles = {
        corpus: {one.name: profile_pages(one, cases, made["rounds"]) for one in systems}
        for corpus, cases in loaded.items()
    }
    figures = {
        corpus: {name: summary(pages) for name, pages in by_system.items()}
        for corpus, by_system in profiles.items()
    }
    return stages_markdown(made, profiles, absent()), {**made, "stages": figures}


if __name__ == "__main__":
    main()
