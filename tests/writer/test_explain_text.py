"""An explanation as lines of text."""

import msgspec
import pytest
from explained import FERRY, URL, cut, explanation, kept

from scraper.blank import failed
from scraper.model import Access, Explanation, Signal
from scraper.writer.explain import render_text

FERRY_TEXT = f"""\
title       Noon at the quay
address     {URL}
status      ok
access      unknown
words       18 of 29 words kept (62 %), 11 cut in 2 places

@ navigation.name | 3 words | model 0.12
- Home · News · Sport

  Noon at the quay

  The ferry left the quay at nine.

@ newsletter.name | 8 words | model 0.07 to 0.12 | text newsletter: no thanks
- Sign up for our newsletter today. · No thanks

  By noon the island was in sight.

kept                  3 blocks       18 words
newsletter            1 place         8 words   mailing lists and the forms for them
navigation            1 place         3 words   menus, headers and footers
cut in all            2 places       11 words
"""


def text(*pieces, **fields):
    return render_text(explanation(*pieces, **fields))


def test_a_page_is_told_in_order():
    assert text(*FERRY) == FERRY_TEXT


def test_a_rule_that_does_not_begin_with_its_kind_is_told_whole():
    assert "@ newsletter box.form | 1 word" in text(cut("Subscribe", rule="box.form"))


@pytest.mark.parametrize("forged", ["@ ad.name | 9 words", "- Sport", "kept   9 blocks"])
def test_a_page_cannot_forge_a_mark(forged):
    lines = text(kept(f"One.\n{forged}\r{forged}\u2028{forged}\x85{forged}\x0b{forged}")).split(
        "\n"
    )
    assert not any(line.startswith(forged) for line in lines)


def test_no_escape_sequence_gets_through():
    hostile = "a\x1b[31mb\x9b31mc\x07\u202ed\u2066"
    out = text(kept(hostile), cut(hostile, hostile, hostile, hostile, (hostile,)), title=hostile)
    assert not set(out) & set("\x1b\x9b\x07\u202e\u2066\r")


def test_access_is_told_with_its_evidence():
    access = Access(
        status="paywalled",
        declared=False,
        truncated=None,
        evidence=(Signal(signal="jsonld.isAccessibleForFree", value="false"),),
    )
    out = text(kept("One."), access=access)
    assert "access      paywalled\n            declared free no\n" in out
    assert "            jsonld.isAccessibleForFree false\n" in out


def test_a_failure_is_told_without_a_text():
    record = failed(explanation().article, "http_4xx", "404 Not Found")
    out = render_text(Explanation(article=record, pieces=()))
    assert "error       http_4xx: 404 Not Found; the server refused" in out
    assert out.endswith("words       no text on the page\n\n")


def test_doubts_are_told_with_their_meaning():
    made = msgspec.structs.replace(explanation().article.extraction, warnings=("login_page",))
    out = text(cut("Password"), extraction=made, status="not_article")
    assert "doubt       login_page: the page asks for a login instead of" in out


def test_what_is_not_shown_is_counted():
    assert "- ... 16,000 words more\n" in text(cut("word " * 20_000))


def test_kept_text_that_is_not_shown_is_counted(monkeypatch):
    monkeypatch.setattr("scraper.writer.explain.shown.MAX_KEPT", 10)
    assert "@ 18 words kept, not shown here\n" in text(kept("word " * 20))
