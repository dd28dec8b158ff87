"""Texts that were extracted before: menus, leads and the promo tail go, the article stays."""

import pytest

import scraper
from scraper.cleaner.plain import clean_text, is_plain

SENTENCE = "The tide came in and went out, and the boats rose and fell with it all day long."
PARAGRAPHS = [f"Day {day}. {SENTENCE} {SENTENCE}" for day in range(1, 6)]
ARTICLE = ["Harbour of Orrin freezes over for the third time", *PARAGRAPHS]
TAIL = [
    "Become a member of the Orrin Post",
    "Try it free for 7 days and cancel anytime.",
    "Already a member? Sign in",
    "What's included:",
    "  • Morning letter",
    "  • Tide tables",
    "Delivered straight to your inbox",
    "$4.00 / month",
]


def cleaned(*lines):
    content, headline, _ = clean_text("\n\n".join(lines))
    return headline, [block.text for block in content.blocks]


def test_the_article_is_kept_whole():
    assert cleaned(*ARTICLE) == (ARTICLE[0], PARAGRAPHS)


def test_the_promo_tail_goes():
    assert cleaned(*ARTICLE, *TAIL) == (ARTICLE[0], PARAGRAPHS)


def test_menus_and_skip_links_before_the_headline_go():
    assert cleaned("Skip to main content", "News", "Sport", *ARTICLE) == (ARTICLE[0], PARAGRAPHS)


def test_the_name_of_a_picture_s_file_goes():
    assert cleaned(ARTICLE[0], "Frozen_Harbour-2.jpg", *PARAGRAPHS)[1] == PARAGRAPHS


def test_a_lead_between_paragraphs_goes():
    lines = [*ARTICLE[:3], "Read more: The night the ferry froze", *ARTICLE[3:]]
    assert cleaned(*lines) == (ARTICLE[0], PARAGRAPHS)


def test_promo_words_in_a_paragraph_stay():
    told = f"She wrote a newsletter about boats, and a free trial was offered. {SENTENCE}"
    assert cleaned(*ARTICLE, told)[1] == [*PARAGRAPHS, told]


def test_an_article_that_ends_in_one_word_of_promo_stays_whole():
    told = "He asked them to subscribe, and they laughed and went home through the snow."
    assert cleaned(*ARTICLE, told)[1] == [*PARAGRAPHS, told]


def test_an_editor_s_note_in_the_tail_stays():
    note = "Correction: an earlier version of this article named the wrong boat."
    assert note in cleaned(*ARTICLE, note, *TAIL)[1]


def test_bullets_are_list_items_without_their_sign():
    content, _, _ = clean_text("\n".join([*ARTICLE, "  • nets", "  • ropes"]))
    assert [(block.role, block.text) for block in content.blocks[-2:]] == [
        ("li", "nets"),
        ("li", "ropes"),
    ]


def test_lines_broken_at_a_margin_are_joined():
    broken = "\n\n".join(
        "\n".join(paragraph[start : start + 70] for start in range(0, len(paragraph), 70))
        for paragraph in PARAGRAPHS
    )
    content, _, _ = clean_text(broken)
    assert len(content.blocks) == len(PARAGRAPHS)


def test_lines_that_are_paragraphs_are_not_joined():
    assert len(clean_text("\n".join(PARAGRAPHS))[0].blocks) == len(PARAGRAPHS)


def test_the_ledger_tells_kind_line_and_words():
    content, _, _ = clean_text("\n\n".join(["Skip to main content", *ARTICLE]))
    [entry] = content.removals
    assert (entry.kind, entry.path, entry.position, entry.words) == ("navigation", "line 1", 0, 4)


def test_a_kind_can_be_kept():
    content, _, _ = clean_text("\n\n".join([*ARTICLE, *TAIL]), keep=("membership",))
    assert TAIL[0] in [block.text for block in content.blocks]


@pytest.mark.parametrize("text", ["2 < 3 and 5 > 4", "a <3 b", "one\ntwo", "x << y >> z"])
def test_signs_are_no_markup(text):
    assert is_plain(text)


@pytest.mark.parametrize("text", ["<p>One", "a<br>b", "<!DOCTYPE html>", "x</div>", "<b class=x>"])
def test_a_tag_is_markup(text):
    assert not is_plain(text)


def test_the_record_says_that_a_text_was_given():
    record = scraper.extract("\n\n".join(ARTICLE))
    assert (record.extraction.body_source, record.title) == ("text", ARTICLE[0])


def test_pieces_hold_every_line_in_order():
    lines = ["Skip to main content", *ARTICLE]
    _, _, pieces = clean_text("\n\n".join(lines))
    assert [(piece.part, piece.text) for piece in pieces] == [
        ("removed", lines[0]),
        ("title", lines[1]),
        *(("text", line) for line in lines[2:]),
    ]


@pytest.mark.parametrize("text", ["", " \n\n ", "Subscribe now", "•", "#", "...", "a" * 10**6])
def test_no_text_raises(text):
    clean_text(text)


def test_many_lines_take_little_time():
    content, _, _ = clean_text("Sign up for our newsletter\n" * 20_000)
    assert content.page_words == 100_000
