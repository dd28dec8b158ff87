"""Exit codes, and how the outcome of a run becomes one."""

import math
from collections import Counter

import click

OK, SOME_FAILED, USAGE, NOTHING, CANNOT_WRITE = 0, 1, 2, 3, 4
LIMIT, LOCKED, INTERRUPTED = 5, 75, 130

DONE = ("ok", "partial", "duplicate", "unchanged", "not_article", "gone")
"""Statuses that are an answer; ``skipped`` is neither answer nor failure."""
FAILED = ("error", "blocked")


def fail_on(_ctx: click.Context, _param: click.Parameter, stated: str) -> float:
    """Return the share of failed URLs from which the exit code is 1 or 3; inf for never."""
    named = {"any": 0.0, "all": 1.0, "never": math.inf}
    if stated in named:
        return named[stated]
    try:
        share = float(stated)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise click.BadParameter("expected any, all, never or a number from 0 to 1")
    return share


fail_on_option = click.option(
    "--fail-on",
    metavar="any|all|RATIO|never",
    default="any",
    show_default=True,
    callback=fail_on,
    help="Failures from which the exit code is 1.",
)


def exit_code(statuses: Counter[str], fail_on: float) -> int:
    """Return 0, or, where at least the share ``fail_on`` failed, 1, or 3 if nothing succeeded."""
    failed = sum(statuses[status] for status in FAILED)
    done = sum(statuses[status] for status in DONE)
    if not failed or failed < fail_on * (failed + done):
        return OK
    return SOME_FAILED if done else NOTHING
