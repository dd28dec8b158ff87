"""Which article another one repeats: by address, by text, by nearly the same text."""

import msgspec
import pytest

from scraper.blank import blank_article, blank_fetch
from scraper.model import Link
from scraper.state import Settlement, State
from scraper.state.similar import MIN_WORDS, NEAR, NEAR_BY_ADDRESS
from scraper.urls import record_id, url_key

NOW = 1_800_000_000.0
URL = "https://harbour.example/{}"


def ident(name):
    return record_id(url_key(URL.format(name)))


class Shelf:
    """A state whose pages are visited one after the other, as a run does."""

    def __init__(self, state):
        self.state = state

    def put(self, name, text="text", *, bits=0, words=300, canonical=None):
        """Visit a page and return the name of what it repeats, if anything.

        ``text`` decides the hash, ``bits`` of the simhash are set.
        """
        link = Link(url=URL.format(name))
        self.state.add([link], NOW)
        task = self.state.find(link.url)
        article = msgspec.structs.replace(
            blank_article(link.url, blank_fetch(link.url)),
            status="ok",
            canonical_url=canonical and URL.format(canonical),
            content_hash=f"sha256:{text}",
            simhash=f"{(1 << bits) - 1:016x}",
            word_count=words,
        )
        with self.state.change() as change:
            known = change.known(task)
            original = change.original_of(task, article)
            known = msgspec.structs.replace(
                known,
                version=known.version + 1,
                content_hash=article.content_hash,
                simhash=article.simhash,
                words=words,
                status="duplicate" if original else "ok",
                duplicate_of=original,
                due=NOW,
                last_seen=NOW,
            )
            change.settle(Settlement(task, known, article))
        return original

    def repeats(self, name, of, **fields):
        return self.put(name, **fields) == ident(of)

    def forget(self, name):
        self.state.forget(self.state.ids([URL.format(name)]))


@pytest.fixture
def shelf():
    with State() as state:
        yield Shelf(state)


# The same text


def test_the_first_of_its_kind_repeats_nothing(shelf):
    assert shelf.put("a") is None


def test_the_same_text_is_a_duplicate(shelf):
    shelf.put("a")
    assert shelf.put("b") == ident("a")


def test_another_text_is_none(shelf):
    shelf.put("a")
    assert shelf.put("b", "other", bits=64) is None


@pytest.mark.parametrize("words", [1, MIN_WORDS - 1])
def test_a_short_text_is_a_duplicate_where_it_is_the_same(shelf, words):
    shelf.put("a", words=words)
    assert shelf.put("b", words=words) == ident("a")


def test_a_page_does_not_repeat_itself(shelf):
    assert [shelf.put("a", canonical="a") for _ in range(2)] == [None, None]


def test_a_page_whose_text_is_edited_does_not_repeat_itself(shelf):
    shelf.put("a", "one")
    assert shelf.put("a", "two", bits=1) is None


def test_a_duplicate_of_a_duplicate_names_the_original(shelf):
    shelf.put("a")
    shelf.put("b")
    assert shelf.put("c") == ident("a")


# Nearly the same text


@pytest.mark.parametrize("bits", range(NEAR + 1))
def test_nearly_the_same_text_is_a_duplicate(shelf, bits):
    shelf.put("a", "one")
    assert shelf.put("b", "two", bits=bits) == ident("a")


@pytest.mark.parametrize("bits", [NEAR + 1, NEAR_BY_ADDRESS, 64])
def test_a_text_that_differs_more_is_none(shelf, bits):
    shelf.put("a", "one")
    assert shelf.put("b", "two", bits=bits) is None


@pytest.mark.parametrize("places", [(0, 1, 2), (15, 16, 17), (0, 16, 32), (31, 47, 63)])
def test_the_bits_may_differ_anywhere(shelf, places):
    shelf.put("a", "one")
    article = msgspec.structs.replace(
        blank_article(URL.format("b"), blank_fetch(URL.format("b"))),
        simhash=f"{sum(1 << place for place in places):016x}",
        content_hash="sha256:two",
        word_count=300,
    )
    shelf.state.add([Link(url=URL.format("b"))], NOW)
    with shelf.state.change() as change:
        assert change.original_of(shelf.state.find(URL.format("b")), article) == ident("a")


@pytest.mark.parametrize(("first", "second"), [(MIN_WORDS - 1, 300), (300, MIN_WORDS - 1)])
def test_short_texts_are_not_nearly_the_same(shelf, first, second):
    shelf.put("a", "one", words=first)
    assert shelf.put("b", "two", bits=1, words=second) is None


def test_likeness_does_not_lead_from_one_to_the_next(shelf):
    shelf.put("a", "one", bits=0)
    shelf.put("b", "two", bits=NEAR)
    assert shelf.put("c", "three", bits=2 * NEAR) is None


def test_the_first_of_several_like_texts_is_the_original(shelf):
    shelf.put("a", "one", bits=0)
    shelf.put("b", "two", bits=NEAR + 1)
    assert shelf.put("c", "three", bits=2) == ident("a")


# The same address


def test_a_page_repeats_the_one_at_its_canonical_address(shelf):
    shelf.put("story", "one")
    assert shelf.repeats("print", "story", text="two", bits=10, canonical="story")


@pytest.mark.parametrize("canonical", ["story", None])
def test_the_page_at_the_canonical_address_may_come_last(shelf, canonical):
    shelf.put("print", "one", canonical="story")
    assert shelf.repeats("story", "print", text="two", bits=10, canonical=canonical)


def test_two_pages_with_one_canonical_address_are_one(shelf):
    shelf.put("print", "one", canonical="story")
    assert shelf.repeats("mobile", "print", text="two", bits=10, canonical="story")


def test_a_canonical_address_in_another_form_is_the_same(shelf):
    shelf.put("story", "one")
    assert shelf.repeats("p", "story", text="two", bits=10, canonical="story?utm_source=x#top")


@pytest.mark.parametrize(
    ("bits", "original"), [(NEAR_BY_ADDRESS, True), (NEAR_BY_ADDRESS + 1, False)]
)
def test_a_canonical_address_joins_no_unlike_texts(shelf, bits, original):
    shelf.put("story", "one")
    assert shelf.repeats("part-2", "story", text="two", bits=bits, canonical="story") == original


def test_short_texts_with_one_canonical_address_are_one(shelf):
    shelf.put("story", "one", words=10)
    assert shelf.repeats("print", "story", text="two", words=10, bits=5, canonical="story")


def test_a_page_without_an_article_is_no_original(shelf):
    shelf.state.add([Link(url=URL.format("story"))], NOW)
    assert shelf.put("print", canonical="story") is None


# What changes


def test_a_duplicate_whose_text_changes_is_none_any_more(shelf):
    shelf.put("a", "one")
    shelf.put("b", "one")
    assert shelf.put("b", "two", bits=40) is None


def test_a_duplicate_that_became_an_article_is_an_original(shelf):
    shelf.put("a", "one")
    shelf.put("b", "one")
    shelf.put("b", "two", bits=40)
    assert shelf.put("c", "two", bits=40) == ident("b")


def test_the_old_text_of_a_page_is_no_original(shelf):
    shelf.put("a", "one")
    shelf.put("a", "two", bits=40)
    assert shelf.put("b", "one") is None


def test_an_article_that_became_a_duplicate_is_no_original(shelf):
    shelf.put("a", "one", bits=0)
    shelf.put("b", "two", bits=40)
    shelf.put("b", "one", bits=0)
    assert shelf.put("c", "one", bits=0) == ident("a")


def test_pages_that_take_each_others_text_are_not_both_duplicates(shelf):
    shelf.put("a", "one", bits=0)
    shelf.put("b", "two", bits=40)
    originals = [shelf.put("a", "two", bits=40), shelf.put("b", "one", bits=0)]
    assert originals == [ident("b"), None]


# What is forgotten


def test_an_original_that_is_forgotten_is_none(shelf):
    shelf.put("a", canonical="story")
    shelf.forget("a")
    assert shelf.put("b", canonical="story") is None


def test_nothing_repeats_what_is_forgotten(shelf):
    shelf.put("a")
    shelf.put("b")
    shelf.forget("a")
    assert shelf.state.look(URL.format("b"))[1].duplicate_of is None


def test_duplicates_of_what_is_forgotten_are_due(shelf):
    shelf.put("a")
    shelf.put("b")
    shelf.forget("a")
    assert shelf.state.queue_due(1.0) == 1


def test_of_the_duplicates_of_what_is_forgotten_one_is_the_original(shelf):
    for name in "abc":
        shelf.put(name)
    shelf.forget("a")
    assert [shelf.put("b"), shelf.put("c")] == [None, ident("b")]


def test_other_duplicates_stay(shelf):
    shelf.put("a", "one")
    shelf.put("x", "two", bits=40)
    shelf.put("y", "two", bits=40)
    shelf.forget("a")
    assert shelf.state.look(URL.format("y"))[1].duplicate_of == ident("x")
