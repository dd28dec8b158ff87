"""Exit codes, and how the outcome of a run becomes one."""

import math
from collections import Counter

import click

OK, SOME_FAILED, USAGE, NOTHING, CANNOT_WRITE = 0, 1, 2, 3, 4
LOCKED, INTERRUPTED = 75, 130

DONE = ("ok", "partial", "duplicate", "not_article", "gone")
"""Statuses that are an answer; ``skipped`` is neither answer nor failure."""
FAILED = ("error", "blocked")


class FailOn(click.ParamType[float]):
    """``any``, ``all``, ``never``, or the share of failures with which a run has failed."""

    name = "any|all|RATIO|never"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Return the share of failed URLs from which the exit code is 1 or 3; inf for never."""
        named = {"any": 0.0, "all": 1.0, "never": math.inf}
        if value in named:
            return named[str(value)]
        try:
            share = float(str(value))
        except ValueError:
            share = -1.0
        if not 0 <= share <= 1:
            self.fail("expected any, all, never or a number from 0 to 1", param, ctx)
        return share


def exit_code(statuses: Counter[str], fail_on: float) -> int:
    """Return 0, or, where at least the share ``fail_on`` failed, 1, or 3 if nothing succeeded."""
    failed = sum(statuses[status] for status in FAILED)
    done = sum(statuses[status] for status in DONE)
    if not failed or failed < fail_on * (failed + done):
        return OK
    return SOME_FAILED if done else NOTHING
