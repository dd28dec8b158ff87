"""Command-line options and preconditions that the bench's commands share."""

import platform
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import click

from bench import corpora, peers

NO_CORPORA = "skipped: no corpora; pass --corpora or set SCRAPER_CORPORA"

corpora_option = click.option(
    "--corpora",
    "root",
    type=click.Path(path_type=Path),
    envvar="SCRAPER_CORPORA",
    help="Folder that holds the corpora (bench/README.md).",
)
corpus_option = click.option(
    "--corpus",
    "names",
    type=click.Choice(list(corpora.LOADERS)),
    multiple=True,
    default=tuple(corpora.LOADERS),
    help="Corpus to run; may be repeated. Default: all.",
)
system_option = click.option(
    "--system",
    "systems",
    type=click.Choice(list(peers.REGISTRY)),
    multiple=True,
    default=tuple(peers.REGISTRY),
    help="System to run; may be repeated. Default: all that are installed.",
)
limit_option = click.option(
    "--limit", type=click.IntRange(1), help="Pages a corpus, spread evenly over it. Default: all."
)


def require_corpora(root: Path | None) -> Path:
    """Return the corpora's folder, or say that there is none and end with success."""
    if root is None or not root.is_dir():
        print(NO_CORPORA)
        sys.exit(0)
    return root


def load_corpora(root: Path, names: Iterable[str], limit: int | None) -> dict[str, list]:
    """Load the corpora by name; an absent one is named on standard error and left out."""
    loaded = {}
    for name in dict.fromkeys(names):
        cases = corpora.load(root, name, limit)
        if cases:
            loaded[name] = cases
        else:
            click.echo(f"{name} skipped: not in the corpora folder", err=True)
    if not loaded:
        print(NO_CORPORA)
        sys.exit(0)
    return loaded


def require_systems(names: Iterable[str]) -> list[peers.System]:
    """Return the systems that can run; say on standard error why the others cannot."""
    wanted = [system for name, system in peers.REGISTRY.items() if name in set(names)]
    found, reasons = peers.installed(wanted)
    for reason in reasons:
        click.echo(reason, err=True)
    if not found:
        raise click.ClickException("no system to run")
    return found


def provenance_line(made: Mapping[str, object]) -> str:
    """Write what made a result in one line."""
    versions = ", ".join(f"{name} {number}" for name, number in made["versions"].items())
    return f"{made['date']}, Python {made['python']}, {made['machine']}: {versions}"


def provenance(systems: Iterable[peers.System]) -> dict[str, object]:
    """Tell what made a result: day (UTC), Python, processor family, versions by system."""
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}",
        "versions": {system.name: system.version for system in systems},
    }
