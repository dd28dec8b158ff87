"""Features: counts as elsewhere, finite on any page, columns in known groups."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper import cleaner
from scraper.cleaner.cues import Cues, read_cues
from scraper.cleaner.features import column_groups, measure
from scraper.outline import outline
from scraper.text import count_words

SENTENCE = "The tide came in and went out, and the boats rose and fell with it all day long."
TEXTS = {
    "English": "The ferry left at nine, 3.5 km out: it's noon.",
    "French": "L'été s'achève; « déjà », dit-elle.",
    "German": "Größe der Fähre: 12 m, überall.",
    "Greek": "Το πλοίο έφυγε στις εννέα το πρωί.",
    "Russian": "Паром отошёл в девять, в 2026 году.",
    "Hebrew": "המעבורת יצאה בתשע בבוקר.",
    "Arabic": "غادرت العبارة في الساعة التاسعة.",
    "Chinese": "渡轮九点离开码头，中午到达2号岛。",
    "Japanese": "フェリーは9時に出た。NHKより",
    "Korean": "배는 아홉 시에 부두를 떠났다.",
    "rare ideographs": "𠀀𠀁 and 𪛕",
    "decomposed letters": "cafe\u0301 au lait",
}
PAGE = (
    "<title>Tides of Orrin</title><meta name=description content='How the tide came in and out'>"
    f"<nav><a href=x>Home</a></nav><article><h1>Tides of Orrin</h1><p>{SENTENCE}</p>"
    f"<ul><li>{SENTENCE}</ul></article><article><p>{SENTENCE * 2}</p></article>"
)


def measured(html, url=None):
    tree = cleaner.parse(html)
    return measure(outline(tree), read_cues(tree, url))


def column(found, group, number):
    """Return one column of a group, a figure a block."""
    return found.blocks[:, column_groups()[group].start + number].tolist()


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_words_are_counted_as_elsewhere(text):
    assert measured(f"<p>{text}</p>").counts.tolist() == [count_words(text)]


def test_words_are_counted_by_block():
    found = measured("<p>One</p><p>Two words</p><p>...</p><p>Now three words</p>")
    assert found.counts.tolist() == [1, 2, 0, 3]


def test_a_word_does_not_run_on_into_the_next_block():
    assert measured("<p>one</p><p>two</p>").counts.tolist() == [1, 1]


def test_an_ideograph_weighs_less_than_a_word():
    found = measured("<p>渡轮九点离开码头</p>")
    assert 0 < found.words[0] < found.counts[0]


def test_there_is_a_row_for_each_block():
    assert len(measured(PAGE).blocks) == 5


@pytest.mark.parametrize("html", ["<p>x", "<p>.", "<p>😀", "<pre>\n x", "<p>\u0301", "<body>x"])
def test_a_page_of_one_block_is_measured(html):
    found = measured(html)
    assert np.isfinite(found.blocks).all()
    assert np.isfinite(found.page).all()


def test_column_groups_cover_all_columns_in_order():
    groups = list(column_groups().values())
    starts, stops = [one.start for one in groups], [one.stop for one in groups]
    assert [*starts, measured(PAGE).blocks.shape[1]] == [0, *stops]


def test_no_column_group_is_empty():
    assert all(one.stop > one.start for one in column_groups().values())


def test_every_page_has_as_many_columns():
    assert measured("<p>x").blocks.shape[1] == measured(PAGE).blocks.shape[1]


def test_every_page_has_as_many_figures():
    assert measured("<p>x").page.shape == measured(PAGE).page.shape


def test_each_block_has_one_tag():
    tags = measured(PAGE).blocks[:, column_groups()["tags"]]
    assert tags.sum(1).tolist() == [1.0] * 5


def test_the_share_of_links_is_told():
    assert column(measured("<p><a href=x>One</a> two</p><p>Three</p>"), "text", 2) == [
        pytest.approx(3 / 7),
        0.0,
    ]


def test_a_block_like_the_title_is_told():
    found = measured("<title>Tides of Orrin</title><p>Tides of Orrin</p><p>Something else</p>")
    assert column(found, "relation", 3) == [1.0, 0.0]


def test_a_page_that_says_nothing_of_itself_is_like_nothing():
    tree = cleaner.parse(PAGE)
    found = measure(outline(tree), Cues((), (), ()))
    assert column(found, "relation", 3) == [0.0] * 5


def test_the_same_page_gives_the_same_arrays():
    one, two = measured(PAGE), measured(PAGE)
    assert [part.tobytes() for part in (one.blocks, one.page, one.words, one.counts)] == [
        part.tobytes() for part in (two.blocks, two.page, two.words, two.counts)
    ]


TAGS = (
    "div p a b table tr td ul li h1 h2 nav section article form pre blockquote figure figcaption"
    " noscript aside header footer dl dd button br hr"
).split()


@st.composite
def element(draw, inside):
    tag, attribute = draw(st.sampled_from(TAGS)), draw(st.sampled_from(["", "hidden", "class=x"]))
    closing = draw(st.sampled_from([f"</{tag}>", "", "</div>"]))
    return f"<{tag} {attribute}>{''.join(draw(st.lists(inside, max_size=4)))}{closing}"


words = st.text(max_size=30) | st.sampled_from(
    [SENTENCE, SENTENCE * 3, "\ud800", "&#0;", "😀", "©"]
)


@given(st.recursive(words, element, max_leaves=30), st.text(max_size=40), st.text(max_size=40))
def test_all_figures_are_finite(html, title, description):
    page = outline(cleaner.parse("<p>x</p>" + html.encode("utf-8", "replace").decode()))
    found = measure(page, Cues((title,), (description,), ()))
    assert np.isfinite(found.blocks).all()
    assert np.isfinite(found.page).all()
    assert np.isfinite(found.words).all()


@given(st.recursive(words, element, max_leaves=30))
def test_places_point_into_the_page(html):
    page = outline(cleaner.parse("<p>x</p>" + html.encode("utf-8", "replace").decode()))
    places = measure(page, Cues((), (), ())).places
    elements = len(page.tags)
    assert all(((line >= 0) & (line < elements)).all() for line in places.lines)
    assert ((places.firsts <= places.lasts) & (places.lasts <= len(page.texts))).all()
