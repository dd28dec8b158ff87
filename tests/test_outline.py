"""The page's outline: where blocks begin and end, what is read, what elements are said to hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from scraper.outline import FLAGGED, INVISIBLE, LONG_LINE, MAX_NAME, outline

LINE = "The ferry left the quay at nine, and by noon the island was in sight of all."


def page(html):
    return outline(LexborHTMLParser(html))


def texts(html):
    return page(html).texts


def owners(html):
    found = page(html)
    return [found.tags[owner] for owner in found.owners]


# Where blocks part


def test_each_paragraph_is_a_block():
    assert texts("<p>One</p><p>Two</p>") == ["One", "Two"]


def test_two_breaks_part_blocks():
    assert texts("<p>One<br><br>Two</p>") == ["One", "Two"]


def test_two_breaks_with_space_between_part_blocks():
    assert texts("<p>One <br>\n <br> Two</p>") == ["One", "Two"]


def test_one_break_after_a_long_line_parts_blocks():
    assert texts(f"<p>{LINE}<br>{LINE}</p>") == [LINE, LINE]


def test_one_break_after_a_short_line_is_a_line_break():
    assert texts("<p>One<br>Two</p>") == ["One\nTwo"]


@pytest.mark.parametrize(("length", "blocks"), [(LONG_LINE - 1, 1), (LONG_LINE, 2)])
def test_a_line_is_long_from_its_bound(length, blocks):
    assert len(texts(f"<p>{'x' * length}<br>y</p>")) == blocks


def test_breaks_at_the_ends_leave_nothing():
    assert texts("<p><br>One<br></p>") == ["One"]


def test_a_break_says_that_it_parts_two_blocks():
    assert page("<p>One<br><br>Two</p><p>Three</p>").breaks == [0, 1, 0]


def test_a_block_inside_an_element_splits_its_text():
    html = "<div>One<p>Two</p>Three</div>"
    assert (texts(html), owners(html)) == (["One", "Two", "Three"], ["div", "p", "div"])


def test_a_block_inside_an_inline_element_splits_its_text():
    html = "<div><span>One<section>Two</section>Three</span></div>"
    assert (texts(html), owners(html)) == (["One", "Two", "Three"], ["div", "section", "div"])


def test_inline_elements_part_nothing():
    assert texts("<p>O<b>n</b>e <i>two</i></p>") == ["One two"]


def test_comments_part_nothing():
    assert texts("<p>On<!-- or two -->e</p>") == ["One"]


def test_an_unknown_element_parts_blocks():
    assert texts("<p>One<my-teaser>Two</my-teaser>Three</p>") == ["One", "Two", "Three"]


def test_text_of_the_body_itself_is_a_block():
    assert owners("<body>One<p>Two</p>") == ["body", "p"]


# What is read


def test_runs_of_space_are_one_space():
    assert texts("<p>  One \n\t two\xa0 </p>") == ["One two"]


@pytest.mark.parametrize("tag", ["script", "style", "svg", "select", "template", "iframe", "title"])
def test_what_is_no_text_is_not_read(tag):
    assert texts(f"<p>One</p><{tag}>Two</{tag}>") == ["One"]


def test_noscript_is_read():
    assert texts("<noscript><p>One</p></noscript>") == ["One"]


def test_verbatim_text_keeps_breaks_and_indents():
    assert texts("<pre>if a:\n    b\n\nc\n</pre>") == ["if a:\n    b\n\nc"]


def test_a_break_in_verbatim_text_is_a_new_line():
    assert texts("<pre>one<br>two<br><br>three</pre>") == ["one\ntwo\n\nthree"]


def test_verbatim_text_of_space_alone_is_no_block():
    assert texts("<pre>  \n </pre><p>One</p>") == ["One"]


@pytest.mark.parametrize("html", ["", " ", "<body></body>", "<p> </p>", "<script>x</script>"])
def test_an_empty_page_has_no_blocks(html):
    assert texts(html) == []


def test_an_empty_page_has_its_body_as_element():
    assert page("").tags == ["body"]


def test_a_page_without_body_has_no_elements():
    found = page("<html><frameset><frame src=a></frameset></html>")
    assert (found.body, found.tags, found.ends()) == (None, [], [])


# What is said of blocks and elements


def test_characters_of_links_are_counted():
    assert page("<p>One <a href=x>two <b>three</b></a></p>").links == [len("two three")]


def test_characters_of_links_are_no_more_than_the_block_has():
    assert page("<p><a href=x> One  \n </a></p>").links == [3]


def test_a_link_around_blocks_links_them():
    assert page("<a href=x><h3>One</h3><p>Two</p></a><p>Three</p>").links == [3, 3, 0]


def test_the_inline_element_around_the_first_text_is_named():
    found = page("<p><span class=cap id=x>O</span>ne <b class=no>two</b></p>")
    assert (found.inline_tags, found.inline_names) == (["span"], ["cap #x"])


def test_an_inline_element_later_in_the_block_is_not_named():
    assert page("<p>One <b class=no>two</b></p>").inline_names == [""]


def test_names_hold_class_id_role_and_itemprop():
    found = page("<div class='a b' id=c role=d itemprop=e>One</div>")
    assert found.names == ["", "a b #c role-d prop-e"]


def test_long_names_are_cut_short():
    assert len(page(f"<div class={'x' * 9999}>One</div>").names[1]) == MAX_NAME


@pytest.mark.parametrize(
    "attribute",
    ["hidden", "aria-hidden=true", "style='display: none'", "style='VISIBILITY:hidden;top:0'"],
)
def test_hidden_elements_are_marked(attribute):
    assert page(f"<div {attribute}>One</div>").is_hidden(1)


@pytest.mark.parametrize(
    "attribute", ["aria-hidden=false", "style='display:block'", "class=hidden"]
)
def test_what_is_shown_is_not_marked_hidden(attribute):
    assert not page(f"<div {attribute}>One</div>").is_hidden(1)


def test_what_stands_in_a_hidden_element_is_hidden():
    assert page("<div hidden><section><p>One</p></section></div>").is_hidden(3)


def test_what_stands_after_a_hidden_element_is_not():
    assert not page("<div hidden><p>One</p></div><p>Two</p>").is_hidden(3)


def test_a_hidden_body_is_not_marked():
    """A script shows it; without one nobody would read the page."""
    assert not page("<body style='visibility:hidden'><p>One</p>").is_hidden(1)


@pytest.mark.parametrize("tag", sorted(set(FLAGGED) - {"table"}))
def test_elements_know_what_they_stand_in(tag):
    found = page(f"<body><{tag}><div>One</div></{tag}><div>Two</div>")
    bit = 1 << FLAGGED.index(tag)
    assert [bool(flags & bit) for flags in found.flags] == [False, True, True, False]


def test_cells_know_that_they_stand_in_a_table():
    found = page("<table><tr><td>One</table>")
    assert found.flags[found.owners[0]] & 1 << FLAGGED.index("table")


def test_depth_counts_block_level_elements():
    assert page("<div><span><p>One</p></span></div>").depths == [0, 1, 2]


def test_ends_are_after_the_last_descendant():
    assert page("<div><p>One</p><p>Two</p></div><p>Three</p>").ends() == [5, 4, 3, 4, 5]


def test_firsts_count_the_blocks_before():
    assert page("<div>One<p>Two</p><p>Three</p></div><p>Four</p>").firsts == [0, 0, 1, 2, 3]


# Any page

TAGS = (
    "div p a b i span table tr td ul li h1 nav section script style title textarea noscript svg"
    " template select option form iframe blockquote pre br img article math xmp dl dd my-tag"
).split()
leaves = st.text(max_size=30) | st.sampled_from(
    ["&#1;", "&nbsp;", "\x00", "<!--", "]]>", "\n", " "]
)


@st.composite
def element(draw, inside):
    tag, attribute = draw(st.sampled_from(TAGS)), draw(st.sampled_from(["", "hidden", "class=x"]))
    closing = draw(st.sampled_from([f"</{tag}>", "", "</div>"]))
    return f"<{tag} {attribute}>{''.join(draw(st.lists(inside, max_size=4)))}{closing}"


soup = st.recursive(leaves, element, max_leaves=30)


@given(soup)
def test_every_block_lies_in_its_owner(html):
    found = page(html)
    ends, firsts = found.ends(), [*found.firsts, len(found.texts)]
    assert all(
        firsts[owner] <= index < firsts[ends[owner]] for index, owner in enumerate(found.owners)
    )


@given(soup)
def test_children_lie_in_their_parents(html):
    found = page(html)
    ends = found.ends()
    assert all(
        parent < child < ends[child] <= ends[parent]
        for child, parent in enumerate(found.parents)
        if parent >= 0
    )


@given(soup)
def test_blocks_hold_all_visible_text_in_order(html):
    tree = LexborHTMLParser(html)
    found = outline(tree)
    tree.strip_tags([tag for tag in INVISIBLE if tag != "head"])
    visible = tree.body.text(deep=True) if tree.body is not None else ""
    assert "".join("".join(found.texts).split()) == "".join(visible.split())


@given(soup)
def test_no_block_is_empty_or_holds_more_link_than_text(html):
    found = page(html)
    assert all(
        0 <= linked <= len(text) for text, linked in zip(found.texts, found.links, strict=True)
    )
    assert all(text.strip() for text in found.texts)


@given(soup)
def test_tables_of_elements_and_of_blocks_are_whole(html):
    found = page(html)
    elements = (found.parents, found.depths, found.ids, found.names, found.flags, found.firsts)
    blocks = (found.owners, found.links, found.breaks, found.inline_tags, found.inline_names)
    assert {len(column) for column in elements} == {len(found.tags)}
    assert {len(column) for column in blocks} == {len(found.texts)}


class TestThinning:
    """Of too many blocks the longest stay, with what holds them."""

    html = "<body><div id=junk>" + "<p>x</p>" * 300 + "</div><section><h2>Head line</h2>"
    html += "".join(f"<p>A paragraph of some length, number {n}.</p>" for n in range(40))
    html += "</section><a id=tail href=/x>x</a>"

    @pytest.fixture
    def both(self, monkeypatch):
        tree = LexborHTMLParser(self.html)
        whole = outline(tree)
        monkeypatch.setattr("scraper.outline.MAX_BLOCKS", 41)
        return tree, whole, outline(tree)

    def test_the_longest_blocks_stay_in_order(self, both):
        _, whole, thinned = both
        assert thinned.texts == [text for text in whole.texts if len(text) > 2]

    def test_each_block_keeps_its_element(self, both):
        _, _, thinned = both
        assert [thinned.tags[owner] for owner in thinned.owners] == ["h2"] + ["p"] * 40

    def test_elements_without_blocks_go(self, both):
        _, _, thinned = both
        assert thinned.tags == ["body", "section", "h2"] + ["p"] * 40

    def test_each_element_keeps_its_blocks(self, both):
        _, _, thinned = both
        assert thinned.blocks_in(thinned.tags.index("section")) == range(41)

    def test_what_stood_in_an_element_that_goes_stands_in_the_one_around_it(self, both):
        tree, _, thinned = both
        assert thinned.element_of(tree.css_first("#junk p")) == 0

    def test_it_says_so(self, both):
        _, whole, thinned = both
        assert (whole.is_thinned, thinned.is_thinned) == (False, True)
