"""What an explanation shows: stretches, sums, bounds."""

import msgspec
import pytest
from explained import FERRY, cut, explanation, kept

from scraper.model import Block
from scraper.writer.explain import shown, stretches
from scraper.writer.explain.kinds import COLOURS, KNOWN, MAX_MEANING, kind_of
from scraper.writer.explain.shown import MAX_LINES, MAX_STRETCH, merged
from scraper.writer.explain.stretches import MAX_KINDS, view_of


def view(*pieces, **fields):
    return view_of(explanation(*pieces, **fields))


def test_neighbours_with_one_reason_are_one_stretch():
    found = view(*FERRY).stretches
    assert [(one.kind, one.blocks) for one in found] == [
        ("navigation", 1),
        ("", 2),
        ("newsletter", 2),
        ("", 1),
    ]


@pytest.mark.parametrize("other", [{"kind": "ad"}, {"rule": "newsletter.form"}, {"path": "form"}])
def test_neighbours_with_different_reasons_are_two(other):
    assert len(view(cut("one"), cut("two", **other)).stretches) == 2


def test_all_words_are_counted():
    found = view(*FERRY)
    assert (found.kept_words, found.cut_words, found.words, found.places) == (18, 11, 29, 2)


def test_a_stretch_knows_how_many_words_stand_before_it():
    assert [one.start for one in view(*FERRY).stretches] == [0, 3, 14, 22]


def test_the_legend_has_the_most_words_first():
    found = view(*FERRY).legend
    assert [(one.kind, one.places, one.words) for one in found] == [
        ("newsletter", 1, 8),
        ("navigation", 1, 3),
    ]


def test_kinds_with_as_many_words_stand_in_the_order_of_their_names():
    found = view(cut("one", "share"), cut("one", "ad"), cut("one", "donation"))
    assert [one.kind for one in found.legend] == ["ad", "donation", "share"]


def test_the_sums_of_the_legend_are_those_of_the_page():
    pieces = [cut("some words here", f"kind-{n % 90}") for n in range(500)]
    found = view(*pieces)
    assert sum(one.words for one in found.legend) == found.cut_words == 1500
    assert sum(one.places for one in found.legend) == found.places == 500


def test_votes_of_a_stretch_are_told_once():
    assert view(*FERRY).stretches[2].votes == ("model 0.07 to 0.12", "text newsletter: no thanks")


def test_votes_that_are_only_a_number_stay():
    assert merged(["0.5", "", "0.5"]) == ("0.5", "")


def test_many_votes_end_in_more():
    assert merged(f"vote of {name}" for name in "abcdefghijkl")[-1] == "more"


def test_short_lines_of_a_removal_stand_in_one_run():
    found = view(cut("Home"), cut("News\nSport"), cut("A long line. " * 10), cut("Jobs"))
    assert [len(run) for run in found.stretches[0].runs] == [3, 1, 1]


def test_kept_blocks_have_the_form_of_the_article():
    def block(role, text):
        return Block(role=role, text=text, level=None, rows=None, url=None)

    blocks = (block("h3", "A head"), block("code", "a  b"), block("p", "Words"))
    found = view(kept("A head"), kept("a  b"), kept("Words"), blocks=blocks).stretches[0]
    assert [one.form for one in found.paragraphs] == ["heading", "code", "p"]
    assert found.paragraphs[1].text == "a  b"


def test_a_removal_without_words_is_a_place_without_a_stretch():
    found = view(kept("One."), cut(" \n "), kept("Two."))
    assert (found.places, len(found.stretches)) == (1, 2)


def test_no_pieces_are_no_words():
    assert view() == stretches.View((), (), 0, 0, 0, 0, 0, 0)


# Bounds


def test_a_long_removal_is_cut_short_and_says_so():
    found = view(cut("word " * 20_000)).stretches[0]
    assert (found.words, found.unseen) == (20_000, 20_000 - MAX_STRETCH // 5)


def test_what_is_shown_of_all_removals_is_bounded():
    found = view(*(cut("word " * 3_000, f"kind-{n}") for n in range(60)))
    length = sum(len(part) for one in found.stretches for run in one.runs for part in run)
    assert length <= shown.MAX_CUT
    unseen = sum(one.unseen for one in found.stretches) + found.unseen_cut
    assert length // 5 + unseen == pytest.approx(found.cut_words, abs=60)


def test_kept_text_is_bounded_and_its_rest_counted(monkeypatch):
    monkeypatch.setattr(shown, "MAX_KEPT", 50)
    found = view(kept("word " * 8), cut("Subscribe"), kept("word " * 8), kept("word " * 8))
    assert (found.kept_words, found.unseen_kept) == (24, 14)


def test_lines_are_bounded():
    found = view(*(cut("a", "ad") if n % 2 else kept("b") for n in range(3 * MAX_LINES)))
    assert len(found.stretches) <= MAX_LINES
    assert found.unseen_kept + found.unseen_cut == 2 * MAX_LINES


def test_lines_of_one_block_are_bounded():
    found = view(kept("a\n" * 2 * MAX_LINES), cut("b"))
    assert len(found.stretches) == 1
    assert (found.unseen_kept, found.unseen_cut) == (MAX_LINES, 1)


def test_thousands_of_kinds_have_one_line_together():
    found = view(*(cut("word", f"kind-{n:04}") for n in range(3000)))
    assert len(found.legend) == MAX_KINDS + 1
    assert (found.legend[-1].kind, found.legend[-1].words) == ("other kinds", 3000 - MAX_KINDS)
    assert max(one.slot for one in found.stretches) == MAX_KINDS


def test_names_are_bounded():
    found = view(cut("word", "k" * 9999, "r" * 9999, "p" * 9999, ("v" * 9999,) * 9)).stretches[0]
    assert max(map(len, (found.kind, found.rule, found.path, *found.votes))) < 500


HOSTILE = {
    "one line": [cut("word " * 1_000_000)],
    "no space": [cut("w" * 5_000_000)],
    "marks": [cut("a" + "\u0301\u0323" * 1_000_000), kept("a" + "\u0301\u0323" * 1_000_000)],
    "lines": [cut("a\n" * 1_000_000), kept("a\n" * 1_000_000)],
    "votes": [cut("word", votes=tuple(f"vote{n}" for n in range(100_000)))],
    "digits": [cut("word", votes=("1 " * 1_000_000,) * 20)],
}


@pytest.mark.parametrize("pieces", HOSTILE.values(), ids=HOSTILE)
def test_hostile_pieces_are_bounded(pieces):
    found = view(*pieces)
    assert len(msgspec.json.encode(found)) < 10_000_000


def test_unsafe_characters_are_dropped():
    found = view(
        cut("a\x1b[2Jb\u202ec\ud800", "k\x1b]0;x\x07", votes=("v\u2066\x9b",)), kept("a\x1bb\x00")
    )
    assert "".join(msgspec.to_builtins(found.stretches[0].runs)[0]) == "a[2Jbc"
    assert found.stretches[0].kind == "k]0;x"
    assert found.stretches[0].votes == ("v",)
    assert found.stretches[1].paragraphs[0].text == "ab"


# Kinds


@pytest.mark.parametrize("kind", KNOWN)
def test_a_known_kind_has_a_colour_and_a_meaning_of_one_line(kind):
    assert kind_of(kind).colour in COLOURS
    assert 0 < len(kind_of(kind).meaning) <= MAX_MEANING


def test_unknown_kinds_are_spread_over_the_colours():
    assert len({kind_of(f"kind-{n}").colour for n in range(200)}) == len(COLOURS) - 2


@pytest.mark.parametrize("kind", ["", "\ud800", "'\"<>", "x" * 10_000])
def test_any_name_has_a_colour(kind):
    assert kind_of(kind).colour in COLOURS
