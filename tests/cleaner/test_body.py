"""Kept blocks in their form: headings, lists, quotes, code, tables, captions, drop caps."""

import pytest

from scraper import cleaner
from scraper.cleaner.body import MAX_CELL, MAX_ITEM_BLOCKS, build
from scraper.outline import outline

EIGHT = "and the boats rose and fell with it"


def built(html, *, without=(), figures=True):
    """Return the blocks of a page of which all is kept but the texts in ``without``."""
    page = outline(cleaner.parse(html))
    kept = [index for index, text in enumerate(page.texts) if text not in without]
    return [one.block for one in build(page, kept, figures=figures)]


def forms(html, **more):
    return [(block.role, block.text) for block in built(html, **more)]


# Headings and paragraphs


def test_headings_have_their_level():
    html = "".join(f"<h{level}>H{level}</h{level}>" for level in range(2, 7))
    assert forms(html) == [(f"h{level}", f"H{level}") for level in range(2, 7)]


def test_a_first_level_heading_inside_the_text_is_of_the_second():
    assert forms("<h1>Ebb</h1>") == [("h2", "Ebb")]


def test_a_heading_of_two_blocks_is_one():
    assert forms("<h2><div>Ebb</div><div>Flood</div></h2>") == [("h2", "Ebb\nFlood")]


def test_other_text_is_paragraphs():
    assert forms("<div>One</div><p>Two</p>") == [("p", "One"), ("p", "Two")]


def test_lines_of_a_poem_stay_lines():
    html = "<p>The tide came in<br>and went<br>out</p>"
    assert forms(html) == [("p", "The tide came in\nand went\nout")]


def test_nothing_kept_is_nothing_built():
    assert forms("<p>One</p>", without=["One"]) == []


def test_each_block_tells_its_sources():
    page = outline(cleaner.parse("<p>One</p><li><p>Two<p>Three</li><p>Four</p>"))
    assert [one.sources for one in build(page, [0, 1, 2, 3])] == [(0,), (1, 2), (3,)]


# Lists


def test_nested_lists_have_levels():
    html = "<ul><li>One<ol><li>Two<ul><li>Three</ul></ol></li><li>Four</ul>"
    assert [(block.role, block.level) for block in built(html)] == [
        ("li", 1),
        ("li", 2),
        ("li", 3),
        ("li", 1),
    ]


def test_terms_and_their_definitions_are_items_of_two_levels():
    html = "<dl><dt>Ebb</dt><dd>It goes out.</dd></dl>"
    assert [(block.role, block.text, block.level) for block in built(html)] == [
        ("li", "Ebb", 1),
        ("li", "It goes out.", 2),
    ]


def test_an_item_outside_a_list_is_of_the_first_level():
    assert built("<li>One</li>")[0].level == 1


def test_only_items_have_a_level():
    assert built("<p>One</p>")[0].level is None


@pytest.mark.parametrize(("count", "role"), [(MAX_ITEM_BLOCKS, "li"), (MAX_ITEM_BLOCKS + 1, "p")])
def test_an_item_of_many_blocks_is_layout(count, role):
    paragraphs = "".join(f"<p>Number {number}</p>" for number in range(count))
    assert {block.role for block in built(f"<ul><li>{paragraphs}</li></ul>")} == {role}


def test_an_item_with_a_heading_is_layout():
    assert forms("<ul><li><h3>Ebb</h3><p>Out.</p></li></ul>") == [("h3", "Ebb"), ("p", "Out.")]


# Quotes and code


def test_paragraphs_of_a_quote_are_quotes():
    html = "<blockquote><p>One</p><p>Two</p></blockquote><p>Three</p>"
    assert forms(html) == [("quote", "One"), ("quote", "Two"), ("p", "Three")]


def test_an_item_in_a_quote_is_an_item():
    assert forms("<blockquote><ul><li>One</ul></blockquote>") == [("li", "One")]


def test_code_keeps_indents_and_blank_lines():
    html = "<pre><code>if a:\n    b\n\n\nc</code></pre>"
    assert forms(html) == [("code", "if a:\n    b\n\n\nc")]


def test_code_keeps_the_indent_of_its_first_line():
    assert forms("<pre>\n    b\nc</pre>") == [("code", "    b\nc")]


def test_lines_of_code_in_elements_of_their_own_are_one_block():
    html = "<pre><div>if a:</div><div>    b</div></pre>"
    assert forms(html) == [("code", "if a:\n    b")]


def test_lines_of_code_that_come_again_are_kept():
    html = "<pre><div>if a:</div><div>}</div><div>}</div></pre>"
    assert forms(html) == [("code", "if a:\n}\n}")]


def test_two_listings_are_two_blocks():
    assert forms("<pre>a</pre><pre>b</pre>") == [("code", "a"), ("code", "b")]


def test_code_inside_a_line_is_text():
    assert forms("<p>Call <code>f(x)</code> now</p>") == [("p", "Call f(x) now")]


# Tables

DATA = "<table><tr><th>Port<th>Tide<tr><td>Orrin<td>3.5 m</table>"


def test_a_table_of_data_has_rows():
    assert built(DATA)[0].rows == (("Port", "Tide"), ("Orrin", "3.5 m"))


def test_a_table_of_data_is_one_block_of_lines():
    assert forms(DATA) == [("table", "Port | Tide\nOrrin | 3.5 m")]


def test_a_table_of_which_most_is_kept_is_kept_whole():
    assert forms(DATA, without=["Tide"]) == [("table", "Port | Tide\nOrrin | 3.5 m")]


def test_a_table_of_which_little_is_kept_is_not_kept_whole():
    assert forms(DATA, without=["Tide", "Orrin", "3.5 m"]) == [("p", "Port")]


def test_an_empty_cell_keeps_its_place():
    html = "<table><tr><th>Port<th>Tide<th>Wind<tr><td>Orrin<td><td>West</table>"
    assert built(html)[0].rows[1] == ("Orrin", "", "West")


def test_a_table_of_one_column_is_layout():
    assert forms("<table><tr><td>One<tr><td>Two</table>") == [("p", "One"), ("p", "Two")]


def test_a_table_of_one_row_is_layout():
    assert forms("<table><tr><td>One<td>Two</table>") == [("p", "One"), ("p", "Two")]


def test_a_table_with_a_long_cell_is_layout():
    prose = " ".join(["tide"] * (MAX_CELL + 1))
    html = f"<table><tr><td>Menu<td>{prose}<tr><td>More<td>Imprint</table>"
    assert {block.role for block in built(html)} == {"p"}


def test_a_table_around_a_table_is_layout():
    html = f"<table><tr><td>Menu<td>{DATA}<tr><td>One<td>Two</table>"
    assert "table" not in {block.role for block in built(html)}


def test_a_list_in_a_cell_is_not_told_twice():
    html = "<table><tr><td>Port<td><ul><li>Ebb<li>Flood</ul><tr><td>Orrin<td>3.5 m</table>"
    assert " ".join(text for _, text in forms(html)).count("Flood") == 1


# Captions

FIGURE = "<figure><img src=/quay.jpg><figcaption>The quay</figcaption></figure>"


def test_a_caption_between_paragraphs_is_a_figure_with_its_picture():
    figure = built(f"<p>One</p>{FIGURE}<p>Two</p>", without=["The quay"])[1]
    assert (figure.role, figure.text, figure.url) == ("figure", "The quay", "/quay.jpg")


def test_a_lazy_picture_has_its_later_address():
    lazy = FIGURE.replace("src=/quay.jpg", "data-src=/later.jpg src=data:image/gif;base64,R0")
    assert built(f"<p>One</p>{lazy}<p>Two</p>")[1].url == "/later.jpg"


def test_a_caption_in_a_box_of_its_figure_has_its_picture():
    boxed = FIGURE.replace("<figcaption>", "<div><figcaption>")
    assert built(f"<p>One</p>{boxed}<p>Two</p>")[1].url == "/quay.jpg"


def test_a_caption_without_picture_has_no_address():
    html = "<p>One</p><figure><figcaption>The quay</figcaption></figure><p>Two</p>"
    assert built(html)[1].url is None


def test_a_caption_after_the_last_paragraph_is_left_out():
    assert forms(f"<p>One</p>{FIGURE}", without=["The quay"]) == [("p", "One")]


def test_a_caption_away_from_kept_text_is_left_out():
    html = f"<p>One</p><aside><p>Ad</p>{FIGURE}</aside><p>Two</p>"
    assert forms(html, without=["Ad", "The quay"]) == [("p", "One"), ("p", "Two")]


def test_captions_are_left_out_where_they_are_not_wanted():
    html = f"<p>One</p>{FIGURE}<p>Two</p>"
    assert forms(html, without=["The quay"], figures=False) == [("p", "One"), ("p", "Two")]


# Drop caps


def test_a_drop_cap_is_part_of_its_word():
    assert forms("<p><span class=dropcap>T</span> he tide</p>") == [("p", "The tide")]


def test_a_drop_cap_after_a_quotation_mark_is_part_of_its_word():
    assert forms("<p><span class=dropcap>“T</span> he tide</p>") == [("p", "“The tide")]


def test_a_drop_cap_that_may_be_a_word_stays_one():
    assert forms("<p><span class=dropcap>A</span> tide</p>") == [("p", "A tide")]


def test_a_letter_that_is_not_called_a_drop_cap_stays_one():
    assert forms("<p><b>T</b> he tide</p>") == [("p", "T he tide")]


def test_a_drop_cap_set_apart_is_joined_to_its_word():
    assert forms("<div class=drop-cap>T</div><p>he tide</p>") == [("p", "The tide")]


def test_a_letter_set_apart_without_that_name_is_no_drop_cap():
    assert forms("<div>T</div><p>he tide</p>") == [("p", "T"), ("p", "he tide")]


def test_a_letter_before_a_capital_stays_apart():
    assert forms("<div class=drop-cap>T</div><p>The tide</p>") == [("p", "T"), ("p", "The tide")]


def test_a_small_letter_set_apart_is_no_drop_cap():
    assert forms("<p>x</p><p>stands for the tide</p>")[0] == ("p", "x")


def test_a_letter_at_the_end_is_kept():
    assert forms("<p>The tide</p><p>K</p>")[-1] == ("p", "K")


# Repeats


def test_a_long_block_that_comes_again_is_dropped():
    assert forms(f"<p>{EIGHT}</p><p>One</p><p>{EIGHT}</p>") == [("p", EIGHT), ("p", "One")]


def test_a_refrain_is_kept():
    html = "<p>Row on</p><p>One</p><p>Row on</p>"
    assert forms(html) == [("p", "Row on"), ("p", "One"), ("p", "Row on")]


def test_a_line_that_repeats_the_one_before_is_dropped():
    assert forms("<p>Row on</p><div>Row on</div>") == [("p", "Row on")]


# Labels before the first paragraph

PARAGRAPH = "<p>The boats left the quay at nine, and by noon they were back with their nets full."


def test_a_byline_before_the_first_paragraph_is_dropped():
    assert len(forms(f"<p>Ines Carrowby</p>{PARAGRAPH}")) == 1


def test_a_short_sentence_before_the_first_paragraph_is_kept():
    assert len(forms(f"<p>Nobody came.</p>{PARAGRAPH}")) == 2


def test_a_heading_before_the_first_paragraph_is_kept():
    assert len(forms(f"<h2>Noon</h2>{PARAGRAPH}")) == 2


def test_short_lines_without_a_paragraph_after_them_are_kept():
    assert len(forms("<p>One key</p><p>One door</p>")) == 2


def test_a_short_line_after_the_first_paragraph_is_kept():
    assert len(forms(f"{PARAGRAPH}</p><p>Ines Carrowby</p>")) == 2
