"""Ctrl-C, SIGTERM and SIGHUP: the first lets what is under way finish, the second ends at once."""

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType

import click


class Stop:
    """Whether the run shall stop, and which signal said so (0 for none)."""

    def __init__(self) -> None:
        self.event = threading.Event()
        self.signal = 0

    def __call__(self, number: int, _frame: FrameType | None) -> None:
        """Take note of a signal."""
        if self.event.is_set():
            raise KeyboardInterrupt
        self.signal = number
        self.event.set()
        click.echo("scraper: stopping; once more to stop at once", err=True)


@contextlib.contextmanager
def stopped_by(
    signals: tuple[int, ...] = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP),
) -> Iterator[Stop]:
    """Yield a stop that the signals set, until the block ends."""
    stop = Stop()
    before = {number: signal.signal(number, stop) for number in signals}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
