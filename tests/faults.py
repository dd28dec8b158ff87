"""What can befall a process that parses a page, done for real where the page's host says so.

    Workers(1, 30, Reading(advisor=Faults()))  # a page of http://abort.example/ ends its process

Workers import this module to unpickle it, so it imports nothing heavy.
"""

import ctypes
import os
import re
import signal
import time

from scraper.advice import NONE


def _noise():
    os.write(1, b"noise")
    os.write(2, b"noise")


FAULTS = {
    "abort.example": os.abort,
    "segfault.example": lambda: ctypes.string_at(0),
    "exit.example": lambda: os._exit(3),
    "killed.example": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "bomb.example": lambda: bytearray(3 * 2**30),
    "spin.example": lambda: re.match("(a+)+$", 60 * "a" + "b"),  # native, never looks at signals
    "hang.example": lambda: time.sleep(1000),
    "noise.example": _noise,
}


class Faults:
    """An advisor that knows nothing of sites, but is asked about each while a page is read."""

    def about(self, host):
        if host in FAULTS:
            FAULTS[host]()
        return NONE
