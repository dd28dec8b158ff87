"""The election of a value: votes add up, none of them may win, the confidence is a probability."""

import itertools

import pytest

from scraper.normalizer.ballot import Ballot, Candidate, along, ballots, elect

BALLOT = Ballot({"said": 2.0, "seen": 1.0, "odd": -3.0}, 0.0, ((0.0, 0.0), (1.0, 1.0)), 0.5)


def candidate(value, *votes):
    return Candidate(value, frozenset(votes), "page.h1")


def test_no_candidate_no_election():
    assert elect(BALLOT, []) is None


def test_votes_add_up():
    found = elect(BALLOT, [candidate("a", "said"), candidate("b", "said", "seen")])
    assert found.place == 1


def test_of_equals_the_first_wins():
    assert elect(BALLOT, [candidate("a", "said"), candidate("b", "said")]).place == 0


def test_what_the_ballot_does_not_know_counts_nothing():
    assert elect(BALLOT, [candidate("a", "unheard"), candidate("b", "seen")]).place == 1


def test_agreement_raises_the_confidence():
    alone = elect(BALLOT, [candidate("a", "said")]).confidence
    assert elect(BALLOT, [candidate("a", "said", "seen")]).confidence > alone


def test_a_rival_lowers_the_confidence():
    alone = elect(BALLOT, [candidate("a", "said")]).confidence
    assert elect(BALLOT, [candidate("a", "said"), candidate("b", "seen")]).confidence < alone


def test_a_single_unlikely_candidate_is_unlikely():
    assert elect(BALLOT, [candidate("a", "odd")]).confidence < 0.1


def test_the_order_of_votes_does_not_matter():
    votes = ["said", "seen", "odd"]
    found = {
        elect(BALLOT, [Candidate("a", frozenset(order), "x"), candidate("b", "seen")]).confidence
        for order in itertools.permutations(votes)
    }
    assert len(found) == 1


@pytest.mark.parametrize(
    ("share", "wanted"), [(0.0, 0.1), (0.25, 0.2), (0.5, 0.3), (0.9, 0.8), (1.0, 0.8)]
)
def test_along_a_curve(share, wanted):
    assert along(((0.0, 0.1), (0.5, 0.3), (0.9, 0.8)), share) == pytest.approx(wanted)


@pytest.mark.parametrize("field", ["title", "authors", "date_published"])
def test_shipped_curves_rise_from_nothing_to_at_most_one(field):
    curve = ballots()[field].curve
    assert curve == tuple(sorted(curve))
    heights = [right for _, right in curve]
    assert heights == sorted(heights)
    assert 0.0 <= heights[0] <= heights[-1] <= 1.0
