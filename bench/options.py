"""Command-line options and preconditions that the bench's commands share."""

import json
import platform
import sys
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import click

import bench
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


output_option = click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="Write the tables here and the figures beside it as .json; else print the tables.",
)


def outside_bench(_: click.Context, __: click.Parameter, value: str | None) -> Path | None:
    """Refuse a path inside bench: what is written there holds other people's words."""
    if value is None:
        return None
    path = Path(value)
    if path.resolve().is_relative_to(Path(bench.__file__).parent.resolve()):
        raise click.BadParameter("holds pages' words: choose a place outside bench")
    return path


def require_corpora(root: Path | None) -> Path:
    """Return the corpora's folder, or say that there is none and end with success."""
    if root is None or not root.is_dir():
        print(NO_CORPORA)
        sys.exit(0)
    return root


def load_corpora(
    root: Path,
    names: Iterable[str],
    limit: int | None,
    load: Callable[[Path, str, int | None], list] = corpora.load,
) -> dict[str, list]:
    """Load the corpora by name; an absent one is named on standard error and left out."""
    loaded = {}
    for name in dict.fromkeys(names):
        cases = load(root, name, limit)
        if cases:
            loaded[name] = cases
        else:
            click.echo(f"{name} skipped: not in the corpora folder", err=True)
    if not loaded:
        print(NO_CORPORA)
        sys.exit(0)
    return loaded


def require_systems(
    names: Iterable[str], registry: Mapping[str, peers.System] | None = None
) -> list[peers.System]:
    """Return the systems that can run; say on standard error why the others cannot."""
    known = peers.REGISTRY if registry is None else registry
    wanted = [system for name, system in known.items() if name in set(names)]
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


def write_result(output: Path | None, text: str, figures: object) -> None:
    """Write the tables to a file and the figures beside it as JSON; print them without a file."""
    if output is None:
        click.echo(text)
        return
    output.write_text(text, "utf-8")
    plain = json.dumps(rounded(figures), indent=1, ensure_ascii=False)
    output.with_suffix(".json").write_text(plain + "\n", "utf-8")


def write_lines(path: Path, rows: Iterable[object]) -> None:
    """Write plain data as JSON, one line a row."""
    lines = (json.dumps(rounded(row), ensure_ascii=False) for row in rows)
    path.write_text("".join(f"{line}\n" for line in lines), "utf-8")


def rounded(value: object) -> object:
    """Round every float in nested data to five places.

    >>> rounded({"a": [0.1234567]})
    {'a': [0.12346]}
    """
    if isinstance(value, float):
        return round(value, 5)
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    return [rounded(item) for item in value] if isinstance(value, list) else value
