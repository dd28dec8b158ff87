"""Command line of the training: python -m train; see train/README.md."""

import os
from functools import partial
from pathlib import Path
from typing import Any

import click
import torch

from train import trial
from train.export import export, write_card
from train.fitting import Fitted, fit
from train.pages import foreign_pages, training_pages

MODEL = Path(__file__).parent.parent / "scraper" / "data" / "model"
SEED = 1


@click.command()
@click.option(
    "--corpora",
    envvar="SCRAPER_CORPORA",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    required=True,
    help="Folder of the corpora; also $SCRAPER_CORPORA.",
)
@click.option("-j", "--jobs", type=click.IntRange(1), default=os.cpu_count() or 1)
@click.option("-o", "--output", type=click.Path(path_type=Path), default=MODEL)
@click.option("--figures/--no-figures", default=True, help="Cross-validate too: five fits more.")
@click.option(
    "--folds",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("build/folds"),
    show_default=True,
    help="Where to leave the networks of the cross-validation, for bench.quality.",
)
def main(*, corpora: Path, jobs: int, output: Path, figures: bool, folds: Path) -> None:
    """Train the block model on all training pages and write it with its figures."""
    torch.use_deterministic_algorithms(mode=True)
    pages = training_pages(corpora, jobs)
    click.echo(f"{len(pages)} pages")
    facts: dict[str, Any] = {"calibration": [[0.0, 0.0], [1.0, 1.0]], "figures": {}}
    if figures:
        found = trial.cross_validated(pages, [SEED], jobs, partial(_leave, folds, facts))
        facts["calibration"] = trial.calibration(found)
        facts["figures"] = trial.summary(found)
        click.echo(trial.table(facts["figures"]))
    torch.set_num_threads(1)  # sums in one order, whatever the machine
    fitted = fit(pages, SEED)
    export(fitted, output, facts)
    write_card(output / "CARD.md", trial.table(facts["figures"]), fitted)
    del pages
    foreign = list(trial.mean_guesses([fitted], foreign_pages(corpora, jobs)))
    click.echo(trial.table(trial.summary(foreign)))


def _leave(folds: Path, facts: dict[str, Any], fold: int, fitted: Fitted) -> None:
    export(fitted, folds / str(fold), facts)


if __name__ == "__main__":
    main()
