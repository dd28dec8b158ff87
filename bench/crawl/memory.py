"""Samples the resident set of a process and its descendants from /proc."""

import os
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

_PAGE = os.sysconf("SC_PAGE_SIZE")
_PSS = re.compile(r"^Pss:\s*(\d+) kB", re.MULTILINE)

# Growth from one third of the run to its end that passes: caches and the state database may fill,
# a page held per URL may not.
GROWTH_RATIO = 1.25
GROWTH_MB = 24.0


@dataclass(frozen=True, slots=True)
class Sample:
    """The resident set of the whole process tree in MiB, `seconds` after the start."""

    seconds: float
    mb: float


class Sampler(threading.Thread):
    """Samples a process tree every `interval` seconds until it is gone or `stop` is called.

    `measure` is `tree_mb` or `tree_pss_mb`.
    """

    def __init__(
        self, pid: int, interval: float = 0.2, measure: Callable[[int], float] | None = None
    ) -> None:
        super().__init__(daemon=True)
        self.samples: list[Sample] = []
        self._pid = pid
        self._interval = interval
        self._measure = measure or tree_mb
        self._ended = threading.Event()

    def run(self) -> None:
        """Append a sample at each interval."""
        started = time.monotonic()
        while not self._ended.wait(self._interval):
            mb = self._measure(self._pid)
            if mb > 0:
                self.samples.append(Sample(time.monotonic() - started, mb))

    def stop(self) -> list[Sample]:
        """End sampling and return the samples."""
        self._ended.set()
        self.join()
        return self.samples


def tree_mb(root: int) -> float:
    """Sum the resident sets of a process and its descendants in MiB; pages shared count twice."""
    return sum(family(root).values())


def tree_pss_mb(root: int) -> float:
    """Sum the proportional sets of a process' descendants in MiB, without its own.

    What processes share counts once. The process itself is the one that measures.
    """
    return sum(_pss_mb(pid) for pid in family(root) if pid != root)


def _pss_mb(pid: int) -> float:
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii", "replace")
    except OSError:  # the process ended meanwhile
        return 0.0
    match = _PSS.search(rollup)
    return int(match[1]) / 1024 if match else 0.0


def family(root: int) -> dict[int, float]:
    """Return the resident sets in MiB of a process and its descendants by process id."""
    parents, resident = {}, {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
            except OSError:  # the process ended meanwhile
                continue
            parents[int(entry.name)] = int(fields[1])
            resident[int(entry.name)] = int(fields[21]) * _PAGE / 2**20
    members = {root}
    grown = True
    while grown:
        children = {pid for pid, parent in parents.items() if parent in members} - members
        members |= children
        grown = bool(children)
    return {pid: resident[pid] for pid in members if pid in resident}


@dataclass(frozen=True, slots=True)
class Growth:
    """Resident set in MiB at one third and at the end of a run, and the highest of all."""

    third: float
    end: float
    peak: float

    @property
    def passed(self) -> bool:
        """Tell whether memory stayed level."""
        return self.end <= max(self.third * GROWTH_RATIO, self.third + GROWTH_MB)


def growth(samples: list[Sample]) -> Growth | None:
    """Compare the medians around one third (.28-.38) and at the end (.87-.97) of the run."""
    if not samples:
        return None
    last = samples[-1].seconds
    third = [sample.mb for sample in samples if 0.28 <= sample.seconds / last <= 0.38]
    end = [sample.mb for sample in samples if 0.87 <= sample.seconds / last <= 0.97]
    if not third or not end:
        return None
    return Growth(median(third), median(end), max(sample.mb for sample in samples))
