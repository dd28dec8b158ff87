"""What hostile answers do to requests.get and to ours: python -m bench.torture.http -o FILE.md."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import click

from bench.markdown import table
from bench.torture.behaviours import Behaviour, catalogue
from bench.torture.client import CLIENTS
from bench.torture.server import misbehaving

LIMIT = 10.0
"""Seconds after which a client is killed."""

_SLOW, _LARGE = 2.0, 40.0  # seconds and MiB from which a cell says so


class Result(NamedTuple):
    """What came of one request: outcome, seconds, growth of the process in MiB."""

    outcome: str
    seconds: float
    mb: float

    def shown(self) -> str:
        """Return the cell of the table."""
        slow = f" {self.seconds:.1f} s" if self.seconds >= _SLOW else ""
        large = f" +{self.mb:.0f} MiB" if self.mb >= _LARGE else ""
        return f"{self.outcome}{slow}{large}"


@click.command()
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write here.")
@click.option("--only", default="", help="Behaviours whose name holds this.")
def main(output: Path | None, only: str) -> None:
    """Ask each behaviour once with each client; exit 1 where ours ends otherwise than it must."""
    cases = {name: case for name, case in catalogue().items() if only in name}
    with misbehaving(catalogue()) as port:
        rows = list(_rows(cases, port))
    text = _report(rows)
    if output:
        output.write_text(text, "utf-8")
    print(text)
    sys.exit(any(not is_right(case, ours) for _, case, _, ours in rows))


def _rows(
    cases: dict[str, Behaviour], port: int
) -> Iterator[tuple[str, Behaviour, Result, Result]]:
    for name, case in cases.items():
        list(zip(case.steps(), [0], strict=False))  # a bomb is made before anybody waits for it
        yield name, case, *(_asked(client, name, case, port) for client in CLIENTS)


def _asked(client: str, name: str, case: Behaviour, port: int) -> Result:
    root = f"http://127.0.0.1:{port}"
    outside = case.inside and client == "ours"
    url = f"http://public.example/{name}" if outside else f"{root}/{name}"
    arguments = [client, url, root if outside else ""]
    started = time.monotonic()
    try:
        done = subprocess.run(
            [sys.executable, "-m", "bench.torture.client", *arguments],
            capture_output=True,
            timeout=LIMIT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Result("killed", time.monotonic() - started, 0.0)
    if done.returncode:
        return Result(f"died with {done.returncode}", time.monotonic() - started, 0.0)
    return Result(**json.loads(done.stdout.splitlines()[-1]))


def is_right(case: Behaviour, result: Result) -> bool:
    """Whether an outcome is one that the behaviour may have."""
    return result.outcome.partition(",")[0] in case.outcomes


def _report(rows: list[tuple[str, Behaviour, Result, Result]]) -> str:
    right = sum(is_right(case, ours) for _, case, _, ours in rows)
    killed = sum(theirs.outcome == "killed" for *_, theirs, _ in rows)
    uncaught = sum(theirs.outcome.startswith("uncaught") for *_, theirs, _ in rows)
    cells = [
        (name, theirs.shown(), ours.shown() + ("" if is_right(case, ours) else " (wrong)"))
        for name, case, theirs, ours in rows
    ]
    return (
        "# Hostile answers\n\n"
        f"`python -m bench.torture.http`: {len(rows)} behaviours of a loopback server, each asked"
        " once by `requests.get(url, timeout=(2, 3)).text` and by `scraper.fetch` with a deadline"
        f" of 5 s, in processes of their own that are killed after {LIMIT:.0f} s. Seconds and"
        f" growth of memory stand where they reach {_SLOW:.0f} s or {_LARGE:.0f} MiB. Bombs are of"
        " 500 MiB.\n\n"
        f"Ours ends as it must in {right} of {len(rows)}. requests had to be killed in {killed}"
        f" and raised what is no RequestException in {uncaught}.\n\n"
        + table(["behaviour", "requests", "ours"], cells)
        + "\n"
    )


if __name__ == "__main__":
    main()
