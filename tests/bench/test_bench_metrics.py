"""The bench's metrics against values computed by hand."""

import pytest

from bench.metrics import (
    KindCounts,
    PromoCounts,
    SegmentCounts,
    WordScore,
    contains,
    macro,
    paired_interval,
    percentile,
    promo_counts,
    promo_score,
    segment_counts,
    segment_score,
    tokens,
    word_score,
)


def test_tokens_fold_case_and_compatibility_forms():
    assert tokens("Straße \ufb01ne") == ["strasse", "fine"]


def test_tokens_see_through_soft_hyphens_and_joiners():
    assert tokens("co\u00adoper\u200bate") == ["cooperate"]


def test_tokens_compose_combining_accents():
    assert tokens("cafe\u0301") == tokens("café")


def test_tokens_keep_a_word_with_dependent_vowels_whole():
    assert len(tokens("हिन्दी")) == 1


def test_tokens_count_han_and_kana_by_character():
    assert tokens("東京でsushi") == ["東", "京", "で", "sushi"]


def test_tokens_keep_hangul_words_whole():
    assert tokens("한국 신문") == ["한국", "신문"]


def test_word_score_counts_repetitions_once_each():
    # 2 of 4 output words match; 2 of 3 gold words are found.
    score = word_score(["a", "a", "b"], ["a", "b", "b", "c"])
    assert (score.precision, score.recall) == (0.5, pytest.approx(2 / 3))


def test_word_f1_is_the_harmonic_mean():
    assert word_score(["a", "a", "b"], ["a", "b", "b", "c"]).f1 == pytest.approx(4 / 7)


def test_two_empty_texts_score_one():
    assert word_score([], []) == WordScore(1.0, 1.0, 1.0)


@pytest.mark.parametrize(("gold", "output"), [(["a"], []), ([], ["a"])])
def test_one_empty_text_scores_zero(gold, output):
    assert word_score(gold, output).f1 == 0.0


def test_macro_weighs_every_page_alike():
    assert macro([WordScore(1, 1, 1), WordScore(0, 0, 0)]).f1 == 0.5


def test_macro_of_no_page_is_none():
    assert macro([]) is None


def test_segments_match_across_line_breaks():
    assert segment_counts(["two words"], [], "two\n\nwords").tp == 1


def test_segments_match_case_and_punctuation_exactly():
    assert segment_counts(["Two words"], [], "two words").fn == 1


def test_segment_score_pools_counts_over_pages():
    score = segment_score([SegmentCounts(3, 1, 1, 2), SegmentCounts(0, 0, 0, 1)])
    assert (score.precision, score.recall, score.accuracy) == (0.75, 0.75, 0.75)


def test_segment_leak_is_the_share_of_unwanted_segments_found():
    assert segment_score([SegmentCounts(fp=1, tn=3)]).leak == 0.25


def test_segment_score_without_segments_is_none():
    assert segment_score([SegmentCounts()]) is None


def test_a_sentence_is_present_without_regard_to_punctuation():
    assert contains(tokens("Please, sign up now!"), tokens("Sign up"))


def test_a_sentence_with_other_words_between_is_not_present():
    assert not contains(tokens("sign me up"), tokens("sign up"))


def test_part_of_a_word_is_not_present():
    assert not contains(tokens("resign upwards"), tokens("sign up"))


def test_a_sentence_without_words_is_never_present():
    assert not contains(tokens("anything"), tokens("***"))


def test_promo_counts_tell_sentences_inside_the_article_apart():
    drop = [("buy", True, "ad"), ("join", True, "ad"), ("follow", False, "share")]
    counts = promo_counts(drop, [], "buy follow")
    assert (counts.leaked, counts.inside, counts.inside_leaked) == (2, 2, 1)


def test_promo_counts_tell_hard_negatives_apart():
    counts = promo_counts([], [("prose", False), ("costs 3 euros", True)], "costs 3 euros")
    assert (counts.kept, counts.hard, counts.hard_kept) == (1, 1, 1)


def test_an_empty_output_is_clean_and_not_perfect():
    counts = promo_counts([("buy", False, "ad")], [("prose", False)], "")
    assert (counts.clean, counts.perfect) == (True, False)


def test_a_page_with_one_leak_is_not_perfect():
    assert not promo_counts([("buy", False, "ad")], [("prose", False)], "prose buy").perfect


def test_promo_counts_tell_classes_apart():
    drop = [("buy it", True, "ad"), ("follow us all", False, "share"), ("join", False, "ad")]
    counts = promo_counts(drop, [], "Buy it. Join!")
    assert counts.kinds == (KindCounts("ad", 2, 2, 3), KindCounts("share", 1, 0, 0))


def test_a_leak_that_stands_there_twice_counts_once():
    counts = promo_counts([("buy it", True, "ad")], [], "Buy it. Buy it.")
    assert (counts.kinds[0].words, counts.words) == (2, 4)


def test_promo_leak_is_counted_over_sentences_not_pages():
    pages = [PromoCounts(drop=9, leaked=0), PromoCounts(drop=1, leaked=1)]
    assert promo_score(pages).drop_leak == 0.1


def test_clean_pages_are_counted_by_page():
    pages = [PromoCounts(drop=9, leaked=0), PromoCounts(drop=1, leaked=1)]
    assert promo_score(pages).clean == 0.5


def test_percentile_is_a_value_that_occurred():
    assert percentile([10.0, 20.0, 30.0, 40.0], 0.95) == 40.0


def test_the_paired_interval_holds_the_mean():
    low, high = paired_interval([0.0, 0.1, 0.2, 0.3])
    assert low < 0.15 < high


def test_the_paired_interval_is_the_same_every_time():
    assert paired_interval([0.0, 0.1, 0.2]) == paired_interval([0.0, 0.1, 0.2])
