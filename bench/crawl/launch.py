"""Runs a command and writes what it cost: python -m bench.crawl.launch RESULT.json COMMAND...

The result holds its exit code, seconds, and the CPU seconds of it and of all its descendants: this
process adopts those that their parents leave behind, as a fork server's children are.
"""

import ctypes
import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

# prctl(2), Linux only: orphans below this process become its children.
_SET_CHILD_SUBREAPER = 36


def main() -> None:
    """Run the command of the arguments."""
    result, *command = sys.argv[1:]
    ctypes.CDLL(None).prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    started = time.monotonic()
    process = subprocess.Popen(command)
    code, seconds = _reap(process.pid, started)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    cost = {"code": code, "seconds": seconds, "cpu": used.ru_utime + used.ru_stime}
    Path(result).write_text(json.dumps(cost), "utf-8")


def _reap(pid: int, started: float) -> tuple[int, float]:
    """Wait for all children; return exit code and seconds of the one that was started."""
    code, seconds = -1, 0.0
    while True:
        try:
            ended, status = os.waitpid(-1, 0)
        except ChildProcessError:
            return code, seconds
        if ended == pid:
            code, seconds = os.waitstatus_to_exitcode(status), time.monotonic() - started


if __name__ == "__main__":
    main()
