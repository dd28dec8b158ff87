"""Runs a crawler as a process of its own and measures seconds, CPU seconds and memory."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.crawl.memory import Sampler, tree_pss_mb

ROOT = Path(__file__).resolve().parents[2]
_TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Cost:
    """What a command took: `cpu` and `peak_mb` are those of its whole process tree.

    `code` is None where the time limit ended it. Memory is the proportional set size: what
    processes share counts once.
    """

    code: int | None
    seconds: float
    cpu: float
    peak_mb: float


def scraper(*arguments: object) -> list[str]:
    """Return the command line of `scraper` with these arguments."""
    return [sys.executable, "-m", "scraper", *map(str, arguments)]


def environment() -> dict[str, str]:
    """Keep the caller's options and proxies away, the package findable and loopback allowed."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SCRAPER_")}
    return {
        **{name: value for name, value in kept.items() if not name.lower().endswith("_proxy")},
        "PYTHONPATH": str(ROOT),
        "SCRAPER_ALLOW_PRIVATE": "1",
    }


def cost(command: Sequence[str], folder: Path, time_limit: float) -> Cost:
    """Run a command in a folder of its own; what it says goes to log.txt there.

    `time_limit` is in seconds; after it the command and its descendants are killed.
    """
    result = folder / "cost.json"
    launch = [sys.executable, "-m", "bench.crawl.launch", str(result), *command]
    with started(launch, folder) as process:
        sampler = Sampler(process.pid, interval=0.5, measure=tree_pss_mb)
        sampler.start()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(time_limit)
        samples = sampler.stop()
    peak = max((sample.mb for sample in samples), default=0.0)
    if not result.exists():
        return Cost(None, time_limit, 0.0, peak)
    return Cost(peak_mb=peak, **json.loads(result.read_text("utf-8")))


@contextlib.contextmanager
def started(command: Sequence[str], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Start a command in a folder and a session of its own; end what is left of it afterwards."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that it is ended then, too
    with (folder / "log.txt").open("ab") as log:
        process = subprocess.Popen(
            command,
            stdout=subprocess.DEVNULL,
            stderr=log,
            cwd=folder,
            env=environment(),
            start_new_session=True,
        )
    try:
        yield process
    finally:
        kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """End a process that leads a session, and all that it started, by SIGKILL."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def cpu_seconds(pid: int) -> float:
    """Return the CPU seconds of one living process.

    >>> cpu_seconds(os.getpid()) > 0
    True
    """
    stat = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
    user, system = stat.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / _TICK
