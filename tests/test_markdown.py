"""Markdown: structure kept, the page's characters never markup."""

import pytest

from scraper.markdown import escape, render
from scraper.model import Block


def block(role, text="", **given):
    return Block(**{"role": role, "text": text, "level": None, "rows": None, "url": None, **given})


@pytest.mark.parametrize(
    ("blocks", "wanted"),
    [
        ([block("p", "One"), block("p", "Two")], "One\n\nTwo\n"),
        ([block("h3", "Head")], "### Head\n"),
        ([block("li", "a", level=1), block("li", "b", level=2)], "- a\n  - b\n"),
        ([block("quote", "a\nb")], "> a\n> b\n"),
        ([block("code", "x = `1`")], "```\nx = `1`\n```\n"),
        ([block("code", "```")], "````\n```\n````\n"),
        ([block("table", rows=(("a", "b|c"), ("d",)))], "| a | b\\|c |\n| --- | --- |\n| d |  |\n"),
        (
            [block("figure", "Boat", url="https://a.example/b c.jpg")],
            "![Boat](<https://a.example/b c.jpg>)\n",
        ),
    ],
)
def test_blocks(blocks, wanted):
    assert render(None, None, blocks) == wanted


def test_title_and_standfirst_come_first():
    assert render("A_b", "Sub", [block("p", "x")]) == "# A\\_b\n\n*Sub*\n\nx\n"


@pytest.mark.parametrize(
    "text",
    [
        "# no",
        "> no",
        "- no",
        "+ no",
        "1. no",
        "=====",
        "| no",
        "<b>no</b>",
        "[no](x)",
        "*no*",
        "&amp;",
    ],
)
def test_markup_in_the_text_is_escaped(text):
    assert escape(text) != text


@pytest.mark.parametrize("text", ["C#", "3.5 %", "a - b", "#1", "AT&T", "x > 1".replace(">", "")])
def test_ordinary_text_is_left_alone(text):
    assert escape(text) == text
