"""Removal passes over boxes: guards, names, the ledger."""

import pytest

import scraper
from scraper import cleaner

SENTENCE = "The tide came in and went out, and the boats rose and fell with it all day long. "


def prose(first, last):
    """Return numbered paragraphs: the same one again would be taken for a copy."""
    return "".join(f"<p>Day {day}. {SENTENCE * 3}</p>" for day in range(first, last))


ARTICLE = prose(1, 6)


def kinds(html):
    return {removal.kind for removal in cleaner.clean(cleaner.parse(html)).removals}


def test_a_box_named_newsletter_is_cut():
    assert "newsletter" in kinds(f"<main>{ARTICLE}<div class=newsletter-box>Join</div></main>")


def test_an_article_inside_a_box_named_paywall_is_kept():
    assert "paywall" not in kinds(f"<div class=paywall>{ARTICLE}</div>")


def test_the_headline_is_never_cut():
    html = f"<body><header><nav><h1>Tides</h1></nav></header>{ARTICLE}</body>"
    assert "navigation" not in kinds(html)


def test_long_comments_after_the_article_are_cut():
    assert "comments" in kinds(f"<article>{ARTICLE}</article><div id=comments>{prose(6, 16)}</div>")


def test_a_section_named_comments_before_any_prose_is_kept():
    assert "comments" not in kinds(f"<div id=comments>{ARTICLE}</div>")


def test_two_sibling_containers_are_both_kept():
    one, two = (f"<div class=a>{prose(day, day + 5)}</div>" for day in (1, 6))
    text = scraper.extract(f"{one}<div class=newsletter>Join us</div>{two}").text
    assert text.count("The tide came in") == 30


@pytest.mark.parametrize("name", ["adventure", "shared-room", "loginova", "menuhin", "abode"])
def test_a_name_that_only_begins_alike_is_no_box(name):
    assert not cleaner.clean(cleaner.parse(f"<div class={name}>Words</div>{ARTICLE}")).removals or (
        "boilerplate" in kinds(f"<div class={name}>Words</div>{ARTICLE}")
    )


def test_ledger_entries_stand_in_reading_order_with_their_place():
    content = cleaner.clean(
        cleaner.parse(f"<nav>Home Sport</nav>{ARTICLE}<footer>Imprint of all</footer>")
    )
    places = [(removal.text, removal.position) for removal in content.removals]
    assert places == [("Home Sport", 0), ("Imprint of all", content.page_words - 3)]


def test_ledger_paths_name_tag_and_class():
    content = cleaner.clean(cleaner.parse(f"<main>{ARTICLE}<div class='share x'>Tell</div></main>"))
    assert content.removals[0].path == "body > main > div.share"


def test_page_words_count_all_visible_words_once():
    html = "<body>one <b>two</b><script>no</script><style>no</style><p>three <a>four</a></p></body>"
    assert cleaner.clean(cleaner.parse(html)).page_words == 4


def test_a_name_that_stands_on_prose_says_nothing_on_that_page():
    """Some sites call every paragraph and heading of the article ``paywall``."""
    named = ARTICLE.replace("<p>", "<p class=paywall>")
    assert "paywall" not in kinds(f"<main>{named}<h2 class=paywall>Ebb</h2></main>")
