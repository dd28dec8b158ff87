"""``scraper refresh``: look again at what is due in a corpus folder."""

from pathlib import Path
from typing import Any

import click

from scraper.cli.corpus_run import corpus_options, run, told
from scraper.cli.options import corpus_argument, default_workers, settings_from


@click.command(
    epilog="""\b
Examples:
  scraper refresh corpus -q
  scraper refresh corpus --limit 500 --max-time 3000 --metrics scraper.prom"""
)
@corpus_argument
@click.option("--limit", type=click.IntRange(min=1), help="Look at no more URLs than this.")
@click.option("--all", "every", is_flag=True, help="Look at everything, due or not.")
@corpus_options
def command(folder: Path, limit: int | None, every: bool, config: Path | None, **flags: Any) -> int:
    """Look again at the pages and feeds of a corpus that are due.

    Servers are asked for changes only. A new text is a new version of its article, a line of its
    own in articles.jsonl; where nothing changed nothing is written. No failure, wall or shrunken
    page takes the place of an article. Made for cron: docs/operating.md.
    """
    telling = told(flags)
    settings = settings_from(config, flags, workers=default_workers())
    return run(
        "refresh", folder, settings, telling, lambda job: job.refresh(limit=limit, every=every)
    )
