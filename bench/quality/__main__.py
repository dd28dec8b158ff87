"""Scores systems on the corpora and writes the comparison: python -m bench.quality."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click
from rich.console import Console
from rich.progress import track

from bench import corpora, peers
from bench.corpora.case import Case
from bench.options import (
    corpora_option,
    corpus_option,
    limit_option,
    load_corpora,
    output_option,
    outside_bench,
    provenance,
    require_corpora,
    require_systems,
    system_option,
    write_lines,
    write_result,
)
from bench.quality.reading import PAGES, write_worst
from bench.quality.report import Results, machine, markdown
from bench.quality.show import show
from bench.runner import score_pages
from bench.scores import grouped

READING = "output/worst"


@click.command()
@corpora_option
@corpus_option
@system_option
@limit_option
@click.option("--jobs", type=click.IntRange(1), default=1, help="Processes. Default: 1.")
@click.option("--worst", type=int, default=10, help="Worst pages of ours listed a corpus.")
@output_option
@click.option("--pages", type=click.Path(path_type=Path), help="Write a JSON line a page here.")
@click.option(
    "--read-worst",
    "folder",
    is_flag=False,
    flag_value=READING,
    metavar="[FOLDER]",
    callback=outside_bench,
    help=f"Write ours' {PAGES} worst pages of each corpus as HTML, gold beside output, into this "
    f"folder. Default: {READING}. Holds the pages' words: never inside bench.",
)
@click.option("--show", "page_id", help="Print one page side by side in the terminal instead.")
def main(  # noqa: PLR0913  a command's options are its arguments
    *,
    root: Path | None,
    names: Sequence[str],
    systems: Sequence[str],
    limit: int | None,
    jobs: int,
    worst: int,
    output: Path | None,
    pages: Path | None,
    folder: Path | None,
    page_id: str | None,
) -> None:
    """Score the extracted text of ours and its peers on real pages with gold."""
    root = require_corpora(root)
    chosen = require_systems(systems)
    if page_id is not None:
        show(_find(root, names, page_id), chosen, Console())
        return
    cases = load_corpora(root, names, limit)
    results = _run(cases, chosen, jobs)
    if pages is not None:
        write_lines(pages, (asdict(row) for rows in results.pages.values() for row in rows))
    if folder is not None:
        for path in write_worst(folder, results.pages, cases):
            click.echo(f"to read: {path}", err=True)
    write_result(output, markdown(results, worst), machine(results, worst))


def _find(root: Path, names: Sequence[str], page_id: str) -> Case:
    for name in names:
        for case in corpora.LOADERS[name](root):
            if page_id in {case.id, f"{name}:{case.id}"}:
                return case
    raise click.ClickException(f"no page has the id {page_id}")


def _run(cases: dict[str, list[Case]], systems: Sequence[peers.System], jobs: int) -> Results:
    """Score every page by every system, with a progress bar on standard error."""
    everything = [case for group in cases.values() for case in group]
    names = [system.name for system in systems]
    scores = track(
        score_pages(everything, names, jobs=jobs),
        total=len(everything) * len(names),
        description="pages x systems",
        console=Console(stderr=True),
    )
    in_order = sorted(scores, key=lambda page: page.id)  # not as the processes happened to end
    by_corpus = grouped(in_order, lambda page: page.corpus)
    return Results(provenance(systems), tuple(names), {name: by_corpus[name] for name in cases})


if __name__ == "__main__":
    main()
