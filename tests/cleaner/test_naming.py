"""Every cut block has the kind that a reader would give it: by box, by its words, by neighbours."""

import pytest

from scraper import cleaner
from scraper.cleaner import removals
from scraper.outline import outline
from scraper.text import count_words, one_line

SENTENCE = "The tide came in and went out, and the boats rose and fell with it all day long. "
ARTICLE = "".join(f"<p>Day {day}. {SENTENCE * 3}</p>" for day in range(1, 7))


def kind(phrase, after="", before=""):
    """Return the one kind that the ledger gives a phrase of what stands around the article."""
    html = f"<body>{before}<main>{ARTICLE}{after}</main></body>"
    found = cleaner.clean(cleaner.parse(html)).removals
    (name,) = {one.kind for one in found if phrase in one_line(one.text)}
    return name


def test_a_rights_notice_in_the_footer_is_no_navigation():
    footer = "<footer><a href=/i>Imprint</a><p>© 2026 The Ferry. All rights reserved.</p></footer>"
    html = f"<body><main>{ARTICLE}</main>{footer}</body>"
    kinds = {one.text: one.kind for one in cleaner.clean(cleaner.parse(html)).removals}
    assert kinds == {
        "Imprint": "navigation",
        "© 2026 The Ferry. All rights reserved.": "copyright",
    }


def test_an_entry_of_a_menu_is_navigation_wherever_it_leads():
    menu = "<header><a href=/n>Newsletters</a><div><a href=/l>Log in</a></div></header>"
    assert kind("Log in", before=menu) == "navigation"


def test_a_sign_up_box_in_a_column_of_teasers_is_a_newsletter():
    column = (
        "<aside><a href=/a>Ten ferries you should have seen by now</a>"
        "<div class=newsletter-box>The Morning Rope, at six</div></aside>"
    )
    assert kind("The Morning Rope", after=column) == "newsletter"


def test_an_advertisement_among_teasers_is_one():
    cards = (
        "<div class=related-posts><a href=/a>Ten ferries you should have seen</a>"
        "<div class=sponsored><a href=/b>Paint that dries in the rain</a></div></div>"
    )
    assert kind("Paint that dries", after=cards) == "ad"


def test_the_byline_of_a_teaser_is_the_teaser_s():
    cards = (
        "<div class=related-posts><a href=/a>Ten ferries you should have seen</a>"
        "<div class=author-info>Ada Quay</div></div>"
    )
    assert kind("Ada Quay", after=cards) == "related"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Download our free app today", "app"),
        ("Please make a donation", "donation"),
        ("The new mug is blue", "promotion"),
    ],
)
def test_a_box_named_promo_is_what_it_says(words, expected):
    assert kind(words, after=f"<div class=inline-promo><p>{words}</p></div>") == expected


def test_a_name_that_says_more_than_promo_comes_first():
    box = "<div class='promo promo--newsletter'>The Morning Rope, at six</div>"
    assert kind("The Morning Rope", after=box) == "newsletter"


def test_a_button_is_what_it_says():
    assert kind("Copy link", after="<div><button>Copy link</button></div>") == "share"


def test_a_button_that_says_nothing_is_navigation():
    assert kind("Turn round", after="<div><button>Turn round</button></div>") == "navigation"


def test_a_caption_that_is_not_shown_is_a_caption():
    figure = "<figure><img src=a.jpg><figcaption>The ferry at noon</figcaption></figure>"
    assert kind("The ferry at noon", before=figure) == "caption"


def test_a_link_after_the_text_is_a_teaser():
    rail = "<div class=rail><p><a href=/a>The goat that voted twice last spring</a></p></div>"
    assert kind("The goat that voted", after=rail) == "related"


def test_the_heading_of_a_box_goes_with_what_is_in_it():
    rail = (
        "<div class=rail><h3>From the quay</h3><ul>"
        "<li><a href=/a>The goat that voted twice last spring</a></li></ul></div>"
    )
    assert kind("From the quay", after=rail) == "related"


@pytest.mark.parametrize(("kept", "expected"), [((), ["consent.name"]), ((3,), [])])
def test_a_box_of_much_prose_has_its_name_where_nothing_of_it_is_kept(kept, expected):
    tree = cleaner.parse(f"<body><div class=cookie-layer>{ARTICLE}</div></body>")
    page = outline(tree)
    words = [count_words(text) for text in page.texts]
    assert [one.rule for one in removals.mark(tree, page, words, kept)] == expected


def test_the_plan_of_a_membership_that_offers_newsletters_is_a_newsletter():
    box = (
        "<div class=membership-box><h2>Become a member</h2>"
        "<div class=plan><p>Sign up for our free newsletter</p><ul><li>The Rope</li></ul>"
        "<p>Choose your free newsletters:</p></div>"
        "<div class=plan><p>€9 a month</p><p>The quiet deck</p></div></div>"
    )
    assert (kind("The Rope", after=box), kind("The quiet deck", after=box)) == (
        "newsletter",
        "membership",
    )


def test_text_after_a_box_is_not_in_it():
    html = "<main><div class=ad>Buy rope</div>And so it ended.<p>Then it rained.</p></main>"
    page = outline(cleaner.parse(html))
    assert [page.texts[index] for index in page.blocks_in(2)] == ["Buy rope"]


def test_an_empty_element_has_no_blocks():
    page = outline(cleaner.parse("<main><div></div>And so it ended.</main>"))
    assert not page.blocks_in(2)


def test_a_label_in_brackets_is_a_label():
    assert (
        kind(
            "霧の宿の宿泊プラン",
            after="<div><span>[PR]</span> <a href=/x>霧の宿の宿泊プラン</a></div>",
        )
        == "ad"
    )
