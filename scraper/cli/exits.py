"""Exit codes, and how the outcome of a run becomes one."""

from collections import Counter

import click

OK, SOME_FAILED, USAGE, NOTHING, CANNOT_WRITE = 0, 1, 2, 3, 4
LOCKED, INTERRUPTED = 75, 130

DONE = ("ok", "partial", "duplicate", "not_article", "gone")
"""Statuses that are an answer; ``skipped`` is neither answer nor failure."""
FAILED = ("error", "blocked")


class FailOn(click.ParamType[float]):
    """``any``, ``all``, ``never``, or the share of failures from which a run has failed."""

    name = "any|all|RATIO|never"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Return the share of failed URLs above which the exit code is 1."""
        named = {"any": 0.0, "all": 1.0, "never": 1.0}
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
    """Return 0, 1 when more than the share ``fail_on`` failed, 3 when nothing succeeded."""
    failed = sum(statuses[status] for status in FAILED)
    done = sum(statuses[status] for status in DONE)
    if failed <= fail_on * (failed + done):
        return OK
    return SOME_FAILED if done else NOTHING
