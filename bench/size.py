"""Lists the installed size of scraper and of what it needs at run time: python -m bench.size."""

import json
from collections.abc import Iterable
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path

import click
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from bench.markdown import table

ROOT = "scraper"
NOTES = """\
Files as installed, without bytecode, in MiB (2^20 bytes). What is below scraper is the closure of
its requirements on this machine, without extras that it does not ask for.
"""


def closure(root: str) -> dict[str, Distribution]:
    """Return `root` and all that it needs by name; what is not installed is left out."""
    found: dict[str, Distribution] = {}
    queue: list[tuple[str, frozenset[str]]] = [(root, frozenset())]
    seen = set(queue)
    while queue:
        name, extras = queue.pop(0)
        try:
            found.setdefault(name, distribution(name))
        except PackageNotFoundError:
            continue
        for needed in _needs(found[name].requires or (), extras):
            if needed not in seen:
                seen.add(needed)
                queue.append(needed)
    return found


def _needs(lines: Iterable[str], extras: frozenset[str]) -> Iterable[tuple[str, frozenset[str]]]:
    """Yield name and extras of the requirements that hold here, with these extras asked for."""
    for requirement in map(Requirement, lines):
        marker = requirement.marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in (*extras, "")):
            yield canonicalize_name(requirement.name), frozenset(requirement.extras)


def size(found: Distribution) -> int:
    """Return the bytes of a distribution's files; of one in editable mode those of its package."""
    files = [Path(str(path.locate())) for path in found.files or ()]
    if any(path.name.startswith("__editable__") for path in files):
        spec = find_spec(found.metadata["Name"])
        folders = spec.submodule_search_locations if spec else None
        files = [path for folder in folders or () for path in Path(folder).rglob("*")]
    return sum(path.stat().st_size for path in files if path.suffix != ".pyc" and path.is_file())


def markdown(sizes: dict[str, tuple[str, int]]) -> str:
    """Write the table, the largest first after scraper itself, then the whole."""
    first, *others = sizes.items()
    others.sort(key=lambda item: -item[1][1])
    rows = [[name, number, _mib(count)] for name, (number, count) in (first, *others)]
    whole = sum(count for _, count in sizes.values())
    body = table(["distribution", "version", "MiB"], [*rows, ["all", None, _mib(whole)]])
    return f"# Installed size\n\n{NOTES}\n{body}\n"


def _mib(count: int) -> str:
    return f"{count / 2**20:.2f}"


@click.command()
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="Write the table here and the figures beside it as .json; else print the table.",
)
def main(*, output: Path | None) -> None:
    """List the installed size of scraper and of each distribution that it needs at run time."""
    sizes = {name: (found.version, size(found)) for name, found in closure(ROOT).items()}
    text = markdown(sizes)
    if output is None:
        click.echo(text)
        return
    output.write_text(text, "utf-8")
    figures = {name: {"version": number, "bytes": count} for name, (number, count) in sizes.items()}
    output.with_suffix(".json").write_text(json.dumps(figures, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
