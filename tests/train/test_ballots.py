"""Fitting of ballots: what is right more often counts more; the curve rises."""

from scraper.normalizer.ballot import Candidate, elect
from train.ballots import STRAIGHT, Guess, Poll, cross_validated, curve_of, fit, votes_of


def poll(number, right, weight=1.0):
    candidates = [
        Candidate("a", frozenset(("said",)), "head.x"),
        Candidate("b", frozenset(("seen",)), "page.x"),
    ]
    return Poll("c", str(number), f"site{number}.example", candidates, right, weight)


POLLS = [poll(number, [number % 4 > 0, number % 4 == 0]) for number in range(200)]


def test_the_source_that_is_right_more_often_counts_more():
    weights = fit(POLLS, ["said", "seen"]).weights
    assert weights["said"] > weights["seen"]


def test_the_share_of_the_winner_is_how_often_it_was_right():
    ballot = fit(POLLS, ["said", "seen"])
    assert abs(elect(ballot, POLLS[0].candidates).confidence - 0.75) < 0.05


def test_pages_without_a_right_candidate_speak_for_none():
    nothing = [poll(number, [False, False]) for number in range(200)]
    ballot = fit(POLLS + nothing, ["said", "seen"])
    assert abs(elect(ballot, POLLS[0].candidates).confidence - 0.375) < 0.05


def test_heavier_pages_pull_more():
    contrary = [poll(number, [False, True], 20.0) for number in range(200)]
    assert fit(POLLS + contrary, ["said", "seen"]).weights["seen"] > 0


def test_rare_votes_get_no_weight():
    assert votes_of(POLLS[:3]) == []


def test_every_page_is_guessed_once_and_in_order():
    guesses = cross_validated(POLLS, ["said", "seen"])
    assert [guess.poll for guess in guesses] == POLLS


def test_a_curve_rises_and_begins_at_nothing():
    guesses = [Guess(POLLS[0], 0, n % 10 < n // 20, n / 200) for n in range(200)]
    curve = curve_of(guesses)
    assert curve[0] == (0.0, 0.0)
    assert curve == tuple(sorted(curve))
    assert [right for _, right in curve] == sorted(right for _, right in curve)


def test_a_curve_of_nothing_is_a_point():
    assert curve_of([]) == STRAIGHT[:1]
