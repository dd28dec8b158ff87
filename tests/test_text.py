"""Text functions: what may stand in output, how words count, which texts are alike."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.text import count_words, escape_line_separators, one_line, simhash, words

NIGHT = "the tide came in and went out and the boats rose and fell with it all night".split()


@pytest.mark.parametrize(
    ("text", "number"),
    [("", 0), ("one two", 2), ("東京タワー", 5), ("東京 tower", 3), ("안녕 하세요", 2), ("a-b", 2)],
)
def test_words_are_counted(text, number):
    assert count_words(text) == number


@given(st.text())
def test_one_line_holds_no_control_no_surrogate_no_line_break(text):
    line = one_line(text)
    line.encode("utf-8")
    assert not any(ord(character) < 32 or 0x7F <= ord(character) < 0xA0 for character in line)
    assert len(line.splitlines()) <= 1


@given(st.text())
def test_one_line_is_idempotent(text):
    assert one_line(one_line(text)) == one_line(text)


@given(st.text())
def test_escaped_json_means_the_same(text):
    encoded = msgspec.json.encode(text).decode("utf-8", "surrogatepass")
    assert msgspec.json.decode(escape_line_separators(encoded)) == text


def distance(one, other):
    return (int(simhash(one), 16) ^ int(simhash(other), 16)).bit_count()


def test_similar_texts_have_close_simhashes():
    assert distance(NIGHT * 5, [*NIGHT * 5, "long"]) <= 3


def test_different_texts_have_distant_simhashes():
    assert (
        distance(NIGHT, words("nobody in the council would say who had ordered the new cranes"))
        > 15
    )


def test_simhash_is_stable_for_ever():
    assert simhash(NIGHT) == "fb0fafc5230cb2a3"


def test_simhash_of_nothing_is_empty():
    assert simhash([]) == ""


def test_simhash_of_many_words_is_that_of_few(monkeypatch):
    tokens = [f"word{number % 700}" for number in range(3000)]
    plain = simhash(tokens)
    monkeypatch.setattr("scraper.text._MANY", 500)
    assert simhash(tokens) == plain
