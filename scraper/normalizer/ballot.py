"""Elects the value of a field: what states or shows a candidate votes for it, none of them may win.

The weight of each vote is data (``data/ballots.toml``), fitted on pages with gold as a conditional
logit: the chance of a candidate is its share of ``exp(sum of its votes)`` among all candidates and
"none of them". A curve fitted on pages of unseen sites turns that share into the confidence, which
so is a probability, and agreement of sources raises it as often as it was right to.
"""

import math
import tomllib
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import NamedTuple


class Candidate(NamedTuple):
    """A value, who votes for it, and the source that it is credited to."""

    value: str
    votes: frozenset[str]
    source: str


class Elected(NamedTuple):
    """The place of the candidate that is likeliest right, and the probability that it is."""

    place: int
    confidence: float


class Ballot(NamedTuple):
    """The weights of a field's votes; ``none`` is that of no candidate.

    ``curve`` are points (share, probability), ascending. Below the probability ``abstain`` an
    elected value is not given.
    """

    weights: dict[str, float]
    none: float
    curve: tuple[tuple[float, float], ...]
    abstain: float


@cache
def ballots() -> dict[str, Ballot]:
    """Return the ballots by field; read once a process."""
    text = (resources.files("scraper") / "data" / "ballots.toml").read_text("utf-8")
    return {
        field: Ballot(
            weights=table["votes"],
            none=table["none"],
            curve=tuple((share, right) for share, right in table["curve"]),
            abstain=table["abstain"],
        )
        for field, table in tomllib.loads(text).items()
    }


def elect(ballot: Ballot, candidates: Sequence[Candidate]) -> Elected | None:
    """Return the candidate that is likeliest right, of several the first; None without any."""
    if not candidates:
        return None
    weights = ballot.weights
    sums = [math.fsum(weights.get(vote, 0.0) for vote in one.votes) for one in candidates]
    best = max(range(len(sums)), key=lambda index: (sums[index], -index))
    top = max(sums[best], ballot.none)
    shares = math.fsum(math.exp(one - top) for one in (*sums, ballot.none))
    share = math.exp(sums[best] - top) / shares
    return Elected(best, round(along(ballot.curve, share), 3))


def along(curve: Sequence[tuple[float, float]], share: float) -> float:
    """Return the height of a curve at ``share``, straight between its points."""
    place = bisect_right(curve, (share, 2.0))
    if place == 0:
        return curve[0][1]
    if place == len(curve):
        return curve[-1][1]
    (left, low), (right, high) = curve[place - 1], curve[place]
    return low + (high - low) * (share - left) / (right - left)
