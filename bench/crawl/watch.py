"""Looks at a crawl that runs: pages asked for, memory of parent and workers, open files."""

import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.crawl.memory import family
from bench.crawl.origin import Origin


@dataclass(frozen=True, slots=True)
class Look:
    """A crawl at one moment, `seconds` after the watch began.

    Memory is the resident set in MiB of the process itself and of all its descendants; `fds` are
    the files and sockets that it has open.
    """

    seconds: float
    pages: int
    parent_mb: float
    workers_mb: float
    fds: int


class Late(Exception):  # noqa: N818 - says what happened
    """A crawl did not get as far as it should have in its time."""


def watch(
    process: subprocess.Popen[bytes], origin: Origin, interval: float, time_limit: float
) -> Iterator[Look]:
    """Yield a look every `interval` seconds until the process ends or nobody asks for more.

    Raises:
        Late: `time_limit` seconds have passed.
    """
    begun = time.monotonic()
    while process.poll() is None:
        seconds = time.monotonic() - begun
        if seconds > time_limit:
            raise Late(f"not done after {time_limit:g} s")
        found = look(process.pid, origin, seconds)
        if found is not None:
            yield found
        time.sleep(interval)


def look(pid: int, origin: Origin, seconds: float) -> Look | None:
    """Return how a crawl is; None where it has just ended."""
    try:
        fds = sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())
        resident = family(pid)
        parent = resident.pop(pid)
    except (OSError, KeyError):
        return None
    return Look(seconds, origin.tally().pages, parent, sum(resident.values()), fds)


def slope(looks: Sequence[Look], values: Sequence[float]) -> float:
    """Return by how much `values` grow a page, by least squares over the looks.

    >>> slope([Look(0, 10, 0, 0, 0), Look(1, 20, 0, 0, 0)], [3.0, 8.0])
    0.5
    """
    mean_pages = sum(item.pages for item in looks) / len(looks)
    mean = sum(values) / len(values)
    spread = sum((item.pages - mean_pages) ** 2 for item in looks)
    together = sum(
        (item.pages - mean_pages) * (value - mean)
        for item, value in zip(looks, values, strict=True)
    )
    return together / spread if spread else 0.0
