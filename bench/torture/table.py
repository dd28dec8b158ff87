"""The hurting pages for ours and peers: python -m bench.torture.table -o docs/torture.md.

Each case is a process of its own: at most 20 s and 6 GB of address space. Run it in .venv-bench.
"""

import json
import resource
import subprocess
import sys
import time
from pathlib import Path

import click

from bench import peers
from bench.markdown import table
from bench.torture.pages import MARKERS, PAGES

SYSTEMS = ("ours", "trafilatura", "readability-lxml", "resiliparse", "newspaper4k")
WALL = 20
ADDRESS_SPACE = 6 << 30
SECONDS, MEGABYTES = 2.0, 200
"""What a page may take."""
START = "<!-- torture: python -m bench.torture.table -->"
END = "<!-- end of torture -->"

Result = dict[str, float | int | str]


def measure(system: str, name: str) -> Result:
    """Extract one page with one system in a process of its own."""
    command = [sys.executable, "-m", "bench.torture.table", "--one", system, name]
    try:
        done = subprocess.run(command, capture_output=True, timeout=WALL + 5, check=False)
    except subprocess.TimeoutExpired:
        return {"failed": f">{WALL} s"}
    lines = done.stdout.splitlines()
    return json.loads(lines[-1]) if lines else {"failed": f"died {done.returncode}"}


def one(system: str, name: str) -> Result:
    """Extract one page in this process, after an ordinary one."""
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    extract = peers.REGISTRY[system].extract
    with peers.silence():
        extract(PAGES["00_plain"].make(), None)
        body = PAGES[name].make()
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        wall, began = time.monotonic(), time.process_time()
        try:
            text = extract(body, None).text
        except Exception as error:
            return {"failed": type(error).__name__}
    seconds = time.process_time() - began
    if time.monotonic() - wall > WALL:
        return {"failed": f">{WALL} s"}
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    found = sum(marker in text for marker in MARKERS)
    return {"seconds": seconds, "megabytes": grown, "found": found, "length": len(text)}


def is_passed(name: str, result: Result) -> bool:
    """Whether a page gave all that a browser shows of it, or nothing where it has no article."""
    if "failed" in result or result["seconds"] > SECONDS or result["megabytes"] > MEGABYTES:
        return False
    shown = PAGES[name].shown
    return result["length"] < 100 if shown is None else int(result["found"]) >= shown


def cell(name: str, result: Result) -> str:
    """Write seconds, MB where they are many, and paragraphs found; bold where it does not pass."""
    if "failed" in result:
        return f"**{result['failed']}**"
    parts = [f"{result['seconds']:.2f} s"]
    if float(result["megabytes"]) > MEGABYTES:
        parts.append(f"{result['megabytes']:.0f} MB")
    shown = PAGES[name].shown
    parts.append(f"{result['length']} chars" if shown is None else f"{result['found']}/6")
    text = " ".join(parts)
    return text if is_passed(name, result) else f"**{text}**"


def report(results: dict[str, dict[str, Result]]) -> str:
    """Lay out a row a page and the sum of what passed."""
    systems = list(results)
    rows = [[name, *(cell(name, results[system][name]) for system in systems)] for name in PAGES]
    passed = [sum(is_passed(name, results[system][name]) for name in PAGES) for system in systems]
    rows.append(["passed", *(f"{count} of {len(PAGES)}" for count in passed)])
    heads = [f"{system} {peers.REGISTRY[system].version}" for system in systems]
    return table(["page", *heads], rows)


def written(path: Path, text: str) -> None:
    """Put the table between the marks of a document."""
    before, _, rest = path.read_text("utf-8").partition(START)
    _, _, after = rest.partition(END)
    path.write_text(f"{before}{START}\n{text}\n{END}{after}", "utf-8")


@click.command()
@click.option("--one", "single", nargs=2, hidden=True)
@click.option("--system", "systems", multiple=True, default=SYSTEMS)
@click.option("-o", "--output", type=click.Path(path_type=Path))
def main(*, single: tuple[str, str] | None, systems: tuple[str, ...], output: Path | None) -> None:
    """Extract every page with every system."""
    if single:
        print(json.dumps(one(*single)))
        return
    results: dict[str, dict[str, Result]] = {system: {} for system in systems}
    for name in PAGES:
        for system in systems:
            results[system][name] = measure(system, name)
    text = report(results)
    if output:
        written(output, text)
    else:
        print(text)


if __name__ == "__main__":
    main()
