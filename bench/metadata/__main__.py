"""Scores metadata on the corpora and writes the comparison: python -m bench.metadata."""

from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.progress import track

from bench.metadata import gold
from bench.metadata.gold import MetaCase
from bench.metadata.metrics import FIELDS
from bench.metadata.report import Results, machine, markdown
from bench.metadata.rows import misses, plain, read_pages
from bench.metadata.systems import REGISTRY, MetaSystem
from bench.options import (
    corpora_option,
    limit_option,
    load_corpora,
    output_option,
    outside_bench,
    provenance,
    require_corpora,
    require_systems,
    write_lines,
    write_result,
)
from bench.scores import grouped


@click.command()
@corpora_option
@click.option(
    "--corpus",
    "names",
    type=click.Choice(list(gold.LOADERS)),
    multiple=True,
    default=tuple(gold.LOADERS),
    help="Corpus to run; may be repeated. Default: all.",
)
@click.option(
    "--system",
    "systems",
    type=click.Choice(list(REGISTRY)),
    multiple=True,
    default=tuple(REGISTRY),
    help="System to run; may be repeated. Default: all that are installed.",
)
@limit_option
@click.option("--jobs", type=click.IntRange(1), default=1, help="Processes. Default: 1.")
@output_option
@click.option(
    "--pages",
    callback=outside_bench,
    help="Write a JSON line a page here: gold and every answer. Never inside bench.",
)
@click.option(
    "--misses",
    "field",
    type=click.Choice(FIELDS),
    help="Print ours' misses of a field instead of the tables: page, gold, answer, source, tab "
    "between them. Without -o and --pages only ours runs.",
)
def main(  # noqa: PLR0913  a command's options are its arguments
    *,
    root: Path | None,
    names: Sequence[str],
    systems: Sequence[str],
    limit: int | None,
    jobs: int,
    output: Path | None,
    pages: Path | None,
    field: str | None,
) -> None:
    """Score title, authors, date and tags of ours and its peers on real pages with gold."""
    root = require_corpora(root)
    alone = field is not None and output is None and pages is None
    chosen = require_systems(["ours"] if alone else systems, REGISTRY)
    results = _run(load_corpora(root, names, limit, gold.load), chosen, jobs)
    if pages is not None:
        rows = [row for of_corpus in results.rows.values() for row in of_corpus]
        by_page = grouped(rows, lambda row: (row.case.corpus, row.case.id))
        write_lines(pages, map(plain, by_page.values()))
    if field is not None:
        for miss in misses(results.by("ours"), field):
            click.echo("\t".join(miss))
    if field is None or output is not None:
        write_result(output, markdown(results), machine(results))


def _run(cases: dict[str, list[MetaCase]], systems: Sequence[MetaSystem], jobs: int) -> Results:
    """Read every page with every system, with a progress bar on standard error."""
    everything = [case for group in cases.values() for case in group]
    names = [system.name for system in systems]
    read = track(
        read_pages(everything, names, jobs=jobs),
        total=len(everything) * len(names),
        description="pages x systems",
        console=Console(stderr=True),
    )
    # Not as the processes happened to end: by page, and by system as they are registered.
    in_order = sorted(read, key=lambda row: (row.case.id, names.index(row.system)))
    by_corpus = grouped(in_order, lambda row: row.case.corpus)
    return Results(provenance(systems), tuple(names), {name: by_corpus[name] for name in cases})


if __name__ == "__main__":
    main()
