"""The prompt right after the text: what is one, where it may stand, what is left to read."""

import time

import pytest

from scraper.cleaner import parse
from scraper.cleaner.lexicon import listen_all
from scraper.cleaner.walls import BACK, MAX_VALUE, REACH, find_walls, remaining_in
from scraper.outline import outline

TEXT = "The ferry left the quay at nine, and by noon the island was in sight of all."
PROMPT = "Subscribe to continue reading"


def walls(*after, before=(), kept=None):
    """Return name and words of what a page of one paragraph says after it."""
    blocks = [*before, TEXT, *after]
    page = outline(parse("".join(f"<p>{block}</p>" for block in blocks)))
    found = find_walls(page, [len(before)] if kept is None else kept, listen_all(page.texts))
    return [(wall.signal, wall.value) for wall in found]


def test_a_prompt_after_the_text_is_told_with_its_words():
    assert walls(PROMPT) == [("wall.paywall", PROMPT)]


def test_a_prompt_that_asks_for_an_account_is_told_apart():
    prompt = "Create a free account to continue reading"
    assert walls(prompt) == [("wall.registration", prompt)]


def test_an_offer_is_told_apart():
    assert [name for name, _ in walls("Become a member today")] == ["wall.membership"]


def test_the_first_prompt_of_a_kind_is_told():
    assert walls(PROMPT, "This article is for subscribers only") == [("wall.paywall", PROMPT)]


def test_no_text_no_wall():
    assert walls(PROMPT, kept=[]) == []


def test_what_stands_before_the_text_is_no_wall():
    assert walls(before=[PROMPT]) == []


@pytest.mark.parametrize(("between", "found"), [(REACH - 1, 1), (REACH, 0)])
def test_a_prompt_is_looked_for_near_the_text(between, found):
    assert len(walls(*["Gulls"] * between, PROMPT)) == found


def test_a_prompt_that_was_kept_as_the_last_block_is_one():
    assert walls(PROMPT, kept=[0, 1]) == [("wall.paywall", PROMPT)]


def test_kept_prompts_at_the_end_are_told_in_the_order_of_the_page():
    other = "Create a free account to continue reading"
    assert [name for name, _ in walls(PROMPT, other, kept=[0, 1, 2])] == [
        "wall.paywall",
        "wall.registration",
    ]


def test_a_kept_prompt_with_text_after_it_is_none():
    assert walls(PROMPT, TEXT, kept=[0, 1, 2]) == []


def test_a_long_kept_block_at_the_end_is_how_the_author_ends():
    thanks = f"I hope that this was worth your while, and {PROMPT} as often as you like: " * 2
    assert walls(thanks, kept=[0, 1]) == []


def test_only_the_last_kept_blocks_are_looked_at():
    prompts = [PROMPT] * (BACK + 3)
    assert walls(*prompts, kept=range(BACK + 4)) == [("wall.paywall", PROMPT)]


def test_what_is_marked_as_hidden_is_no_prompt():
    page = outline(parse(f"<p>{TEXT}</p><div hidden><p>{PROMPT}</p></div>"))
    assert find_walls(page, [0], listen_all(page.texts)) == ()


def test_what_is_hidden_takes_no_room():
    hidden = "<p hidden>Gulls</p>" * 2 * REACH
    page = outline(parse(f"<p>{TEXT}</p>{hidden}<p>{PROMPT}</p>"))
    assert len(find_walls(page, [0], listen_all(page.texts))) == 1


@pytest.mark.parametrize("foot", ["Leave a comment", "All rights reserved"])
def test_behind_comments_and_the_foot_of_the_page_stands_no_wall(foot):
    assert walls(foot, PROMPT) == []


@pytest.mark.parametrize("label", ["Register", "Subscribers", "Locked", "Sign in"])
def test_a_label_is_no_prompt(label):
    assert walls(label) == []


def test_an_article_about_subscriptions_is_no_prompt():
    assert walls("The harbour library now has 900 subscribers, twice as many as last year.") == []


def test_a_long_prompt_is_cut():
    [(_, value)] = walls(f"{PROMPT}: " + "harbourmaster, " * 20)
    assert len(value) == MAX_VALUE


def test_a_share_that_is_left_to_read_is_told():
    found = dict(walls("58 % of this article remains. Subscribe to continue reading."))
    assert found["wall.remaining"] == "58 % of this article remains"


@pytest.mark.parametrize(
    "text",
    [
        "Noch 71 % dieses Artikels",
        "NOCH 71 PROZENT DES ARTIKELS",
        "Il vous reste 71,5% de l’article",
        "Il vous reste 71.5 % à lire.",
        "You've read 20% of this story",
        "1,204 words remaining in this article",
        "Te queda el 71% por leer",
        "Faltam 71% para ler",
        "Ti rimane il 71% da leggere",
        "Nog 71 % van dit artikel",
        "Pozostało jeszcze 71% artykułu",
        "Zostáva vám 71 % na dočítanie",
        "Zbývá vám přečíst 71 %",
        "Осталось 71 % текста",
        "Απομένει το 71 % του άρθρου",
        "残り1204文字",
        "（残り：1,204字／全文 2,000字）",
        "剩余71%",
        "나머지 기사 71%",
        "Haberin kalan %71'i",
    ],
)
def test_what_is_left_is_heard_in_many_languages(text):
    assert remaining_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "Il vous reste 71 % de la somme à payer",
        "Noch 71 % des Waldes sind gesund",
        "You have 3 free articles left",
        "She read 20 books of this author",
        "残り71%の住民",
        "残り5分",
        "71 %",
        "of this article remains",
        "",
    ],
)
def test_shares_of_other_things_are_none(text):
    assert remaining_in(text) == ""


@pytest.mark.parametrize(
    "text",
    ["7 % " * 120, "7" * 499, "%7" * 240, "il vous reste " * 35 + "7 %", "７％ of" * 80],
)
def test_hostile_numbers_take_no_time(text):
    start = time.perf_counter()
    for _ in range(20):
        remaining_in(text)
    assert time.perf_counter() - start < 1


def test_an_index_beyond_the_page_raises_nothing():
    page = outline(parse(f"<p>{TEXT}</p>"))
    assert find_walls(page, [0], listen_all(page.texts)) == ()
    assert find_walls(outline(parse("")), [], []) == ()
