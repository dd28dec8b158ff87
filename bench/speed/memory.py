"""Measures one system's peak memory in its own process: python -m bench.speed.memory.

Prints {"baseline_mb": ..., "peak_mb": ...}: resident set in MiB after the system's imports and one
tiny page, and the highest over all pages.
"""

import json
import re
import resource
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from bench import corpora, peers

_PEAK = re.compile(r"^VmHWM:\s*(\d+) kB", re.MULTILINE)


def peak_mb() -> float:
    """Return this process' highest resident set so far, in MiB.

    /proc before getrusage: on Linux ru_maxrss starts at the size of the process that forked.
    """
    status = Path("/proc/self/status")
    match = _PEAK.search(status.read_text("ascii", "replace")) if status.exists() else None
    if match:
        return int(match[1]) / 1024
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def measure_memory(
    root: Path, system: str, names: Sequence[str], limit: int | None
) -> dict[str, float]:
    """Run a system over the pages in a fresh process; empty where it died."""
    options = [f"--corpora={root}", f"--system={system}"]
    if limit is not None:
        options.append(f"--limit={limit}")
    command = [sys.executable, "-m", "bench.speed.memory", *options, *names]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return json.loads(done.stdout) if done.returncode == 0 else {}


@click.command()
@click.option("--corpora", "root", type=click.Path(path_type=Path), required=True)
@click.option("--system", "name", required=True)
@click.option("--limit", type=int)
@click.argument("names", nargs=-1)
def main(*, root: Path, name: str, limit: int | None, names: tuple[str, ...]) -> None:
    """Print baseline and peak of one system over pages of the named corpora."""
    system = peers.REGISTRY[name]
    cases = [case for corpus in names for case in corpora.load(root, corpus, limit)]
    peers.warm_up(system)
    baseline = peak_mb()
    for case in cases:
        html = case.html
        try:
            with peers.silence():
                system.extract(html, case.url)
        except Exception as error:
            click.echo(f"{case.id}: {type(error).__name__}", err=True)
    click.echo(json.dumps({"baseline_mb": baseline, "peak_mb": peak_mb()}))


if __name__ == "__main__":
    main()
