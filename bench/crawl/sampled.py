"""Runs `scraper` with a look at every thread now and then: python -m bench.crawl.sampled OUT ...

At each look the CPU time that a thread has taken since the last one is charged to what it does now.
The result is JSON: CPU seconds of the process in all, of those the seconds that were charged, and
stacks, innermost frame first as FILE:FUNCTION, with the seconds charged to each.
"""

import json
import random
import sys
import threading
import time
from collections import defaultdict
from pathlib import Path
from types import FrameType

# Mean seconds between two looks; at random, so as not to fall into step with the crawl.
_INTERVAL = 0.01

# Seconds after which Python takes the lock from a thread that another one waits for. With the
# default, 5 ms, a look finds most threads where they let go of the lock: in reads and waits.
_SWITCH = 0.0001

# Frames of a stack that are kept: enough to reach from urllib3's sockets to our own functions.
_DEPTH = 40


class Looks(threading.Thread):
    """Looks at all threads but its own until `stop` is called."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.charged: defaultdict[tuple[str, ...], float] = defaultdict(float)
        self._seen: dict[int, float] = {}
        self._ended = threading.Event()

    def run(self) -> None:
        """Charge what each thread has taken since the last look."""
        while not self._ended.wait(random.uniform(0, 2 * _INTERVAL)):
            threads = {thread.ident: thread.native_id for thread in threading.enumerate()}
            for ident, frame in sys._current_frames().items():  # noqa: SLF001 - made for this
                native = threads.get(ident)
                if native is not None and ident != self.ident:
                    self._charge(native, frame)

    def _charge(self, native: int, frame: FrameType) -> None:
        try:
            now = time.clock_gettime(_clock(native))
        except OSError:  # the thread has ended
            return
        spent = now - self._seen.get(native, 0.0)
        self._seen[native] = now
        if spent > 0:
            self.charged[_stack(frame)] += spent

    def stop(self) -> float:
        """End the looks; return the CPU seconds that they took themselves."""
        own = time.clock_gettime(_clock(self.native_id or 0))
        self._ended.set()
        self.join()
        return own


def _clock(native: int) -> int:
    """Return the id of a thread's CPU clock, as the kernel's MAKE_THREAD_CPUCLOCK makes it.

    time.pthread_getcpuclockid crashes on a thread that has ended.
    """
    return (~native << 3) | 6


def _stack(frame: FrameType | None) -> tuple[str, ...]:
    names: list[str] = []
    while frame is not None and len(names) < _DEPTH:
        code = frame.f_code
        names.append(f"{code.co_filename}:{code.co_qualname}")
        frame = frame.f_back
    return tuple(names)


def main() -> None:
    """Run the command line with the arguments after the result's path; --plain: without looks."""
    from scraper.cli import main as scraper

    result, *arguments = sys.argv[1:]
    plain = arguments[0] == "--plain"
    sys.argv[1:] = arguments[plain:]
    looks = Looks()
    if not plain:
        sys.setswitchinterval(_SWITCH)
        looks.start()
    try:
        scraper()
    finally:
        own = 0.0 if plain else looks.stop()
        stacks = [{"stack": list(stack), "cpu": cpu} for stack, cpu in looks.charged.items()]
        found = {"cpu": time.process_time() - own, "stacks": stacks}
        Path(result).write_text(json.dumps(found), "utf-8")


if __name__ == "__main__":
    main()
