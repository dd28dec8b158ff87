"""Removal passes: guards, the run rule, the ledger."""

import pytest

import scraper
from scraper import cleaner
from scraper.cleaner.removals import Said
from scraper.cleaner.removals import mark_blocks as mark_said
from scraper.model import Block

SENTENCE = "The tide came in and went out, and the boats rose and fell with it all day long. "


def prose(first, last):
    """Return numbered paragraphs: the same one again would be taken for a copy."""
    return "".join(f"<p>Day {day}. {SENTENCE * 3}</p>" for day in range(first, last))


ARTICLE = prose(1, 6)


def mark_blocks(blocks, linked=0.0):
    return mark_said([Said(one, linked) for one in blocks])


def block(text, role="p"):
    return Block(role=role, text=text, level=None, rows=None, url=None)


def body(*tail):
    return [*(block(SENTENCE * 3) for _ in range(4)), *map(block, tail)]


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


def test_a_lead_is_cut_where_it_is_short():
    assert mark_blocks(body("Read more: the night it froze"))[4].kind == "related"


def test_a_lead_is_kept_where_it_opens_a_sentence_of_prose():
    assert not mark_blocks(body("Read more slowly, she said, and " + SENTENCE * 2))


def test_a_tail_of_two_kinds_is_cut_with_what_stands_between():
    marks = mark_blocks(
        body("Start your free trial today", "Oil & Gas", "Sign up for our newsletter")
    )
    assert [marks[place].kind for place in (4, 5, 6)] == ["membership", "membership", "newsletter"]


def test_a_long_tail_of_one_kind_is_kept():
    advice = (
        "Start your free trial only after you have read the small print and compared the prices."
    )
    assert not mark_blocks(body(advice, advice.replace("small", "large")))


def test_a_tail_about_the_article_s_own_topic_is_kept():
    blocks = [
        block("Why a free trial is never free"),
        *body("Start your free trial", "Sign up to our newsletter"),
    ]
    assert not mark_blocks(blocks)


def test_a_text_that_is_all_promo_is_kept():
    """Nothing would remain: such a page is what it is, and its verdict is not a tail's."""
    assert not mark_blocks([block("Start your free trial"), block("Sign up for our newsletter")])


LEAD_OF_WORDS = "Read more on the tide of last night and the boats that rose with it"


def test_a_lead_of_many_words_is_cut_where_it_is_a_link():
    assert mark_blocks(body(LEAD_OF_WORDS), linked=1.0)[4].kind == "related"


def test_a_lead_of_many_words_without_link_or_label_is_a_sentence():
    assert not mark_blocks(body(LEAD_OF_WORDS))


def test_a_quote_is_never_a_lead():
    assert not mark_blocks([*body(), block("Read more, she said.", "quote")])


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


ADVICE = "Start your free trial only after you have read the small print and compared the prices."


def left_out(text):
    return Said(block(text, "li"), 0.0, kept=False)


def test_a_half_kept_tail_of_one_kind_is_cut_where_the_model_left_out_the_rest():
    kept = [Said(one, 0.0) for one in body("Start your free trial today", ADVICE, ADVICE)]
    heard = [*kept[:5], left_out("Become a member"), left_out("Try it free for 7 days"), *kept[5:]]
    assert 4 in mark_said(heard)
    assert 4 not in mark_said(kept)


def test_a_box_that_the_model_left_out_begins_no_tail():
    kept = [Said(one, 0.0) for one in body(ADVICE, ADVICE)]
    heard = [*kept[:4], left_out("Sign up for our newsletter"), left_out("Donate"), *kept[4:]]
    assert not mark_said(heard)
