"""Ctrl-C, SIGTERM and SIGHUP: the first lets what is under way finish, the second ends at once."""

import contextlib
import os
import signal
import threading
from collections.abc import Iterator
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stop:
    """Whether the run shall stop, and which signal said so (0 for none)."""

    def __init__(self, event: threading.Event) -> None:
        self.event = event
        self.signal = 0

    def __call__(self, number: int, _frame: FrameType | None) -> None:
        """Take note of a signal.

        It may come in the middle of a write to ``sys.stderr``, which must not be entered twice.
        """
        if self.signal:
            raise KeyboardInterrupt(number)
        self.signal = number
        self.event.set()
        with contextlib.suppress(OSError):
            os.write(2, b"scraper: stopping; once more to stop at once\n")


@contextlib.contextmanager
def stopped_by(event: threading.Event) -> Iterator[Stop]:
    """Yield a stop whose ``event`` the signals set, until the block ends.

    Those that are ignored stay so: ``nohup`` and ``&`` in a script mean it.
    """
    stop = Stop(event)
    heeded = [number for number in SIGNALS if signal.getsignal(number) != signal.SIG_IGN]
    before = {number: signal.signal(number, stop) for number in heeded}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
