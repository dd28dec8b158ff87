"""Labels: which of a page's blocks the gold holds."""

import numpy as np
import pytest

from train.labels import NEAR, from_gold, from_segments

GOLD = "The tide came in and went out all day.\nEbb\nThe boats rose and fell with it as before."
LONG, _, OTHER = GOLD.split("\n")
MENU = "Subscribe to our paper for nine coins a month"


def shares(texts, gold=GOLD):
    return from_gold(texts, gold).round(2).tolist()


def test_a_block_of_the_gold_is_wanted():
    assert shares([LONG]) == [1.0]


def test_a_block_that_the_gold_lacks_is_not_wanted():
    assert shares([LONG, MENU]) == [1.0, 0.0]


def test_a_block_is_labelled_by_the_share_that_the_gold_holds():
    half = "The tide came in to a harbour nobody knew"
    assert shares([half]) == [pytest.approx(4 / 9, abs=0.01)]


def test_case_and_space_do_not_matter():
    assert shares(["  THE TIDE came in\nand went out all day "]) == [1.0]


def test_words_of_the_gold_in_another_order_are_not_wanted():
    assert shares(["day all out went and in came tide the"]) == [0.0]


def test_a_short_line_of_the_gold_beside_kept_text_is_wanted():
    assert shares([LONG, "Ebb", OTHER]) == [1.0, 1.0, 1.0]


def test_a_short_line_far_from_kept_text_is_doubtful():
    far = ["Home"] * NEAR
    assert shares(["Ebb", *far, LONG])[0] == pytest.approx(0.4)


def test_a_short_line_that_is_no_line_of_the_gold_is_not_wanted():
    assert shares([LONG, "Home", OTHER]) == [1.0, 0.0, 1.0]


def test_parts_of_a_line_prove_each_other():
    assert shares(["The tide came in", "and went out all", "day"])[:2] == pytest.approx([0.8, 0.8])


def test_a_block_without_words_is_not_wanted():
    assert shares([LONG, "***", OTHER]) == [1.0, 0.0, 1.0]


def test_nothing_is_wanted_of_an_empty_gold():
    assert shares([LONG, "Ebb"], "") == [0.0, 0.0]


def test_a_page_without_blocks_has_no_labels():
    assert from_gold([], GOLD).shape == (0,)


def test_labels_lie_between_0_and_1():
    found = from_gold([LONG, "Ebb", MENU, "***", "Home"], GOLD)
    assert ((found >= 0) & (found <= 1)).all()


def test_a_block_with_a_wanted_segment_is_wanted():
    assert from_segments([LONG], ["tide came in"], []).tolist() == [1.0]


def test_a_block_with_an_unwanted_segment_is_not():
    assert from_segments([MENU], [], ["nine coins"]).tolist() == [0.0]


def test_a_block_without_a_segment_is_unknown():
    assert np.isnan(from_segments([LONG], ["boats"], ["coins"])).tolist() == [True]


def test_a_block_with_both_segments_is_wanted():
    assert from_segments([LONG], ["tide"], ["all day"]).tolist() == [1.0]


def test_space_in_segments_does_not_matter():
    assert from_segments(["The tide\n came in"], ["tide  came"], []).tolist() == [1.0]


def test_an_empty_segment_says_nothing():
    assert np.isnan(from_segments([LONG], [" "], [""])).all()
