"""Fits a ballot of the metadata: conditional logit over candidates and none, and its curve."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple
from zlib import crc32

import numpy as np
import numpy.typing as npt

from scraper.normalizer.ballot import Ballot, Candidate, elect

FOLDS = 5
RIDGE = 1e-3
"""Pull of every weight towards 0: rare votes stay small."""
STEPS, RATE, MOMENTUM = 3000, 0.5, 0.9
MIN_PAGES = 8
"""Pages that a vote must be cast on to get a weight."""
MIN_BIN = 40
"""Guesses behind each point of a curve."""

STRAIGHT = ((0.0, 0.0), (1.0, 1.0))

Floats = npt.NDArray[np.float64]


class Poll(NamedTuple):
    """The candidates of one page, and which are right; none may be. ``weight``: of its corpus.

    ``gold``: whether the page has an answer at all; one without counts for the choice of none.
    """

    corpus: str
    id: str
    domain: str
    candidates: Sequence[Candidate]
    right: Sequence[bool]
    weight: float
    gold: bool = True


class Guess(NamedTuple):
    """What a ballot that has not seen the page's site elects on it."""

    poll: Poll
    index: int | None
    right: bool
    confidence: float


def fold_of(poll: Poll) -> int:
    """Return the part of the cross-validation that a page's registrable domain belongs to."""
    return crc32(poll.domain.encode()) % FOLDS


def votes_of(polls: Sequence[Poll]) -> list[str]:
    """Return the votes that are cast on enough pages, in the order of their names."""
    pages: Counter[str] = Counter()
    for poll in polls:
        pages.update({vote for one in poll.candidates for vote in one.votes})
    return sorted(vote for vote, count in pages.items() if count >= MIN_PAGES)


def fit(polls: Sequence[Poll], votes: Sequence[str]) -> Ballot:
    """Return the ballot under which the right candidates of the pages are likeliest."""
    column = {vote: index for index, vote in enumerate(votes)}
    table = np.zeros((sum(len(poll.candidates) for poll in polls), len(votes)))
    owner, wanted = [], []
    for number, poll in enumerate(polls):
        hits = sum(poll.right)
        for one, is_right in zip(poll.candidates, poll.right, strict=True):
            table[len(owner), [column[vote] for vote in one.votes if vote in column]] = 1.0
            owner.append(number)
            wanted.append(is_right / hits if hits else 0.0)
    weights, none = _climb(table, np.array(owner), np.array(wanted), polls)
    named = {vote: round(float(weight), 3) for vote, weight in zip(votes, weights, strict=True)}
    return Ballot(named, round(none, 3), STRAIGHT, 0.0)


def _climb(
    table: Floats, owner: npt.NDArray[np.int64], wanted: Floats, polls: Sequence[Poll]
) -> tuple[Floats, float]:
    """Return the weights of votes and of none at the top of the likelihood."""
    count = len(polls)
    weight = np.array([poll.weight for poll in polls], float)
    weight /= weight.mean()
    nobody = np.array([not any(poll.right) for poll in polls], float)
    weights, speed = np.zeros(table.shape[1]), np.zeros(table.shape[1])
    none = none_speed = 0.0
    for _ in range(STEPS):
        sums = table @ weights
        top = np.full(count, none)
        np.maximum.at(top, owner, sums)
        powers = np.exp(sums - top[owner])
        whole = np.bincount(owner, powers, count) + np.exp(none - top)
        pulls = weight[owner] * (wanted - powers / whole[owner])
        speed = MOMENTUM * speed + table.T @ pulls / count - RIDGE * weights
        none_pull = float((weight * (nobody - np.exp(none - top) / whole)).mean())
        none_speed = MOMENTUM * none_speed + none_pull
        weights += RATE * speed
        none += RATE * none_speed
    return weights, none


def cross_validated(polls: Sequence[Poll], votes: Sequence[str]) -> list[Guess]:
    """Return what ballots elect on pages of sites that they were not fitted on, in their order."""
    ballots = [
        fit([poll for poll in polls if fold_of(poll) != fold], votes) for fold in range(FOLDS)
    ]
    guesses = []
    for poll in polls:
        found = elect(ballots[fold_of(poll)], poll.candidates)
        if found is None:
            guesses.append(Guess(poll, None, right=False, confidence=0.0))
        else:
            right = poll.right[found.place]
            guesses.append(Guess(poll, found.place, right, found.confidence))
    return guesses


def curve_of(guesses: Sequence[Guess]) -> tuple[tuple[float, float], ...]:
    """Return how often guesses were right by their share of the ballot: rising, a point a bin."""
    made = sorted((one.confidence, one.right) for one in guesses if one.index is not None)
    points = [(0.0, 0.0, 1)]
    bins = max(1, len(made) // MIN_BIN) if made else 0
    for number in range(bins):
        part = made[number * len(made) // bins : (number + 1) * len(made) // bins]
        share = float(np.mean([one for one, _ in part]))
        right = float(np.mean([is_right for _, is_right in part]))
        points.append((share, right, len(part)))
        while len(points) > 1 and points[-2][1] >= points[-1][1]:  # pool what does not rise
            (x, y, n), (u, v, m) = points.pop(-2), points.pop()
            points.append(((x * n + u * m) / (n + m), (y * n + v * m) / (n + m), n + m))
    return tuple((round(share, 3), round(right, 3)) for share, right, _ in points)
