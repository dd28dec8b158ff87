"""Samples the resident set of a process and its descendants from /proc."""

import os
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

_PAGE = os.sysconf("SC_PAGE_SIZE")

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
    """Samples a process tree every `interval` seconds until it is gone or `stop` is called."""

    def __init__(self, pid: int, interval: float = 0.2) -> None:
        super().__init__(daemon=True)
        self.samples: list[Sample] = []
        self._pid = pid
        self._interval = interval
        self._ended = threading.Event()

    def run(self) -> None:
        """Append a sample at each interval."""
        started = time.monotonic()
        while not self._ended.wait(self._interval):
            mb = tree_mb(self._pid)
            if mb > 0:
                self.samples.append(Sample(time.monotonic() - started, mb))

    def stop(self) -> list[Sample]:
        """End sampling and return the samples."""
        self._ended.set()
        self.join()
        return self.samples


def tree_mb(root: int) -> float:
    """Sum the resident sets of a process and its descendants in MiB; pages shared count twice."""
    parents, resident = {}, {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
            except OSError:  # the process ended meanwhile
                continue
            parents[int(entry.name)] = int(fields[1])
            resident[int(entry.name)] = int(fields[21]) * _PAGE / 2**20
    family = {root}
    grown = True
    while grown:
        children = {pid for pid, parent in parents.items() if parent in family} - family
        family |= children
        grown = bool(children)
    return sum(resident.get(pid, 0.0) for pid in family)


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
