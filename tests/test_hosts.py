"""Host memory: what recurs on different pages, and what only seems to."""

import json
import random
import re
import time

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

import scraper
from scraper import hosts
from scraper.errors import UsageError
from scraper.hosts import (
    HostProfile,
    SeenPage,
    block_key,
    build_profiles,
    dump_hosts,
    read_hosts,
    read_record,
    recurring,
    seen_page,
)

HOST = "harbour.example"
PROMO = "Join four thousand sailors who read our tide letter every Monday"
SHORT = "Letters from the quay"


def article(name, count=10):
    """Ten long lines that stand on no other page."""
    return [f"On {name} the boat {n} left the quay before anyone was awake" for n in range(count)]


def page(name, *rest, lines=None, host=HOST):
    return SeenPage(host, name, article(name) if lines is None else lines, rest)


def blocks(*pages, least=2):
    """What recurs on the only host: pages by key."""
    profiles = build_profiles(pages, least)
    return dict(profiles[HOST].blocks) if profiles else {}


def known(*texts, count=2):
    return dict.fromkeys(map(block_key, texts), count)


# Keys


@pytest.mark.parametrize("text", ["", "Three small words", "— — — —", "_ _ _ _", "港口"])
def test_a_short_line_has_no_key(text):
    assert block_key(text) is None


@pytest.mark.parametrize("text", [PROMO.upper(), f"  {PROMO} !", PROMO.replace(" ", " \t")])
def test_case_space_and_signs_do_not_count(text):
    assert block_key(text) == block_key(PROMO)


def test_a_key_is_16_hex_digits():
    assert re.fullmatch("[0-9a-f]{16}", block_key(SHORT))


def test_digits_count():
    assert block_key("Posted on 3 May 2026") != block_key("Posted on 4 May 2026")


def test_each_han_character_is_a_word():
    assert block_key("港口新闻") is not None


def test_lone_surrogates_have_a_key():
    assert block_key("four \ud800 small words here") is not None


# What recurs


def test_a_line_of_two_pages_recurs():
    assert blocks(page("a", PROMO), page("b", PROMO)) == known(PROMO)


def test_the_number_of_pages_is_told():
    assert blocks(*(page(name, PROMO) for name in "abcde")) == known(PROMO, count=5)


def test_a_line_of_one_page_does_not():
    assert blocks(page("a", PROMO, PROMO), page("b")) == {}


def test_a_line_in_the_article_of_one_and_beside_that_of_the_other_recurs():
    assert blocks(page("a", lines=[*article("a"), PROMO]), page("b", PROMO)) == known(PROMO)


@pytest.mark.parametrize(("count", "found"), [(2, 0), (3, 1)])
def test_a_line_that_was_nowhere_cut_needs_three_pages(count, found):
    assert (
        len(blocks(*(page(name, lines=[*article(name), PROMO]) for name in "abc"[:count]))) == found
    )


def test_each_line_of_a_text_counts_by_itself():
    assert blocks(page("a", f"{PROMO}\nTides"), page("b", f"{SHORT}\n{PROMO}")) == known(PROMO)


def test_hosts_do_not_know_each_other():
    assert blocks(page("a", PROMO), page("b", PROMO, host="inland.example")) == {}


def test_each_host_has_its_profile():
    pages = [page(name, PROMO, host=host) for host in "zyx" for name in "ab"]
    assert list(build_profiles(pages)) == ["x", "y", "z"]


def test_pages_are_counted():
    assert build_profiles([page("a", PROMO), page("b", PROMO), page("c")])[HOST].pages == 3


@pytest.mark.parametrize(("least", "found"), [(2, 1), (3, 1), (4, 0)])
def test_least_says_on_how_many_pages(least, found):
    assert len(blocks(*(page(name, PROMO) for name in "abc"), least=least)) == found


def test_visits_to_a_page_are_one_page():
    assert blocks(page("a", PROMO), page("a", PROMO, lines=article("b"))) == {}


def test_a_page_is_all_that_was_seen_on_it():
    visits = [page("a", PROMO), page("a", SHORT)]
    assert blocks(*visits, page("b", PROMO, SHORT)) == known(PROMO, SHORT)


def test_a_page_without_a_long_line_tells_nothing():
    assert blocks(page("a", PROMO, lines=[SHORT]), page("b", PROMO, lines=["No boats"])) == {}


def test_nothing_gives_nothing():
    assert build_profiles([]) == {}


# The guard


@pytest.mark.parametrize("copies", [2, 3, 5, 40])
def test_copies_of_an_article_are_one_page(copies):
    lines = article("a")
    assert blocks(*(page(f"copy {n}", PROMO, lines=lines) for n in range(copies))) == {}


def test_copies_count_as_one_beside_another_page():
    copies = [page(f"copy {n}", PROMO, lines=article("a")) for n in range(9)]
    assert blocks(*copies, page("b", PROMO)) == known(PROMO)


def test_a_print_version_is_no_other_page():
    assert blocks(page("a", PROMO), page("print", PROMO, lines=article("a")[:3])) == {}


def test_an_update_is_no_other_page():
    updated = [*article("a")[:2], *article("b")[:8]]
    assert blocks(page("a", PROMO), page("update", PROMO, lines=updated)) == {}


def test_two_pages_may_quote_the_same_line():
    quoting = [article("a")[0], *article("b")[:9]]
    assert known(PROMO).items() <= blocks(page("a", PROMO), page("b", PROMO, lines=quoting)).items()


def test_what_is_not_the_article_does_not_make_copies():
    menu = article("menu", 50)
    assert blocks(page("a", *menu), page("b", *menu)) == known(*menu)


@pytest.mark.parametrize("leaked", [1, 4, 12, 30])
def test_promos_left_in_all_texts_recur(leaked):
    promos = article("offer", leaked)
    pages = [page(name, lines=[*article(name), *promos]) for name in "abcde"]
    assert blocks(*pages) == known(*promos, count=5)


words = st.sampled_from("tide quay gull rope mast buoy crew dock keel wharf anchor pier".split())
line = st.lists(words, min_size=8, max_size=12, unique=True).map(" ".join)
body = st.lists(line, min_size=5, max_size=9, unique=True)
rest = st.lists(line | st.just(PROMO), max_size=4)
several = st.lists(
    st.builds(SeenPage, st.sampled_from(["a", "b"]), st.sampled_from("0123456789"), body, rest),
    max_size=12,
)


@given(several, st.randoms(use_true_random=False))
def test_the_order_of_pages_does_not_matter(pages, shuffling):
    shuffled = pages.copy()
    shuffling.shuffle(shuffled)
    assert dump_hosts(build_profiles(shuffled)) == dump_hosts(build_profiles(pages))


@given(several)
def test_a_second_visit_changes_nothing(pages):
    assert build_profiles(pages + pages) == build_profiles(pages)


@given(body, st.lists(st.integers(0, 4), min_size=2, max_size=12))
def test_copies_that_each_lost_a_line_never_enter(lines, lost):
    copies = [[*lines[:place], *lines[place + 1 :]] for place in lost]
    assert blocks(*(page(f"copy {n}", PROMO, lines=copy) for n, copy in enumerate(copies))) == {}


@given(st.text(), st.text())
def test_any_text_has_an_answer(text, other):
    pages = [page("a", text), page("b", text, other)]
    for profile in build_profiles(pages).values():
        assert 0 <= recurring(profile, text) <= 2
        assert 0 <= recurring(profile, other) <= 2


# Many pages


def test_of_a_large_host_some_pages_are_compared():
    profile = build_profiles(page(str(n), PROMO) for n in range(hosts.MAX_PAGES + 50))[HOST]
    assert (profile.pages, profile.blocks) == (
        hosts.MAX_PAGES,
        known(PROMO, count=hosts.MAX_PAGES),
    )


def test_which_pages_does_not_depend_on_their_order(monkeypatch):
    monkeypatch.setattr(hosts, "MAX_PAGES", 20)
    pages = [page(str(n), PROMO, *article(f"rail {n // 7}", 3)) for n in range(200)]
    shuffled = random.Random(1).sample(pages, len(pages))
    assert build_profiles(shuffled) == build_profiles(pages)


def test_which_lines_does_not_depend_on_the_page(monkeypatch):
    monkeypatch.setattr(hosts, "MAX_LINES", 20)
    menu = article("menu", 40)
    found = blocks(page("a", *menu), page("b", *menu))
    assert 0 < len(found) <= 20


def test_time_is_linear_in_the_pages():
    def seconds(count):
        lines = article("menu", 40)
        pages = [page(str(n), *lines) for n in range(count)]
        started = time.process_time()
        build_profiles(pages)
        return time.process_time() - started

    assert seconds(4000) < 8 * seconds(1000) + 0.5


def test_a_hostile_page_is_bounded():
    started = time.process_time()
    pages = [page(str(n), lines=article("same", 20_000)) for n in range(5)]
    build_profiles(pages)
    assert time.process_time() - started < 10


# Asking


def profile_of(*texts, pages=3):
    return HostProfile(host=HOST, pages=pages, blocks=known(*texts, count=pages))


def test_a_known_block_recurs():
    assert recurring(profile_of(PROMO), f"{PROMO}.") == 3


@pytest.mark.parametrize("text", ["", "\n", "Tides", SHORT, f"{PROMO} and Friday"])
def test_an_unknown_block_does_not(text):
    assert recurring(profile_of(PROMO), text) == 0


def test_a_block_is_as_known_as_the_least_known_of_its_lines():
    profile = HostProfile(host=HOST, pages=9, blocks=known(PROMO, count=9) | known(SHORT, count=2))
    assert recurring(profile, f"{PROMO}\n{SHORT}") == 2


def test_a_block_with_an_unknown_line_is_unknown():
    assert recurring(profile_of(PROMO), f"{PROMO}\n{SHORT}") == 0


def test_short_lines_follow_the_others():
    assert recurring(profile_of(PROMO), f"Tides\n{PROMO}\nGulls") == 3


def test_unless_they_are_most_of_the_block():
    assert recurring(profile_of(SHORT), f"{SHORT}\nAda Noon\nBert Hale\nCora Vane") == 0


# Records


def record(host=HOST, blocks=(), removed=()):
    return json.dumps(
        {
            "id": "1",
            "host": host,
            "status": "ok",
            "blocks": [{"role": role, "text": text, "level": None} for role, text in blocks],
            "removed": [{"kind": "share", "text": text} for text in removed],
        }
    ).encode()


def test_a_record_tells_what_was_kept_and_cut():
    line = record(blocks=[("li", "Noon"), ("p", PROMO)], removed=["Share", None])
    assert seen_page(read_record(line)) == SeenPage(HOST, "1", ["Noon", PROMO], ["Share"])


def test_code_and_headings_are_left_out():
    line = record(blocks=[("h3", "Noon"), ("p", PROMO), ("code", "int main(void) { return 0; }")])
    assert seen_page(read_record(line)).article == [PROMO]


@pytest.mark.parametrize(
    "line", [record(blocks=[("p", PROMO)], host=None), record(removed=[PROMO])]
)
def test_without_host_or_article_it_tells_nothing(line):
    assert seen_page(read_record(line)) is None


@pytest.mark.parametrize("line", [b"", b"{", b"[]", b'{"id":1}', b"\xff", b"[" * 100_000])
def test_what_is_no_record_is_refused(line):
    with pytest.raises(ValueError, match=r"."):
        read_record(line)


def test_an_article_tells_what_its_record_does():
    sentences = "".join(f"<p>{text}</p>" for text in article("a"))
    html = f"<body><nav><p>{PROMO}</p></nav><article><h1>Noon</h1>{sentences}</article></body>"
    found = scraper.extract(html, f"https://{HOST}/a")
    assert seen_page(found) == seen_page(read_record(found.to_json().encode()))
    assert (seen_page(found).host, seen_page(found).rest) == (HOST, [PROMO])


# Files


@pytest.fixture
def path(tmp_path):
    return tmp_path / "hosts.json"


def test_what_was_written_is_read(path):
    profiles = build_profiles(page(name, PROMO, SHORT, host=host) for host in "ba" for name in "12")
    path.write_bytes(dump_hosts(profiles))
    assert read_hosts(path) == profiles


def test_no_profiles_are_a_file_too(path):
    path.write_bytes(dump_hosts({}))
    assert read_hosts(path) == {}


def test_a_file_is_sorted_and_knows_its_version():
    keys = [block_key(text) for text in article("a")]
    shuffled = HostProfile(host="b", pages=2, blocks=dict.fromkeys(keys, 2))
    ordered = msgspec.structs.replace(shuffled, blocks=dict.fromkeys(sorted(keys), 2))
    other = HostProfile(host="a", pages=2, blocks={})
    assert dump_hosts({"b": shuffled, "a": other}) == dump_hosts({"a": other, "b": ordered})
    assert json.loads(dump_hosts({}))["schema_version"] == "1.0"


WRONG = {
    "empty": b"",
    "broken": b'{"schema_version":"1.0","hosts":[',
    "another thing": b"[1]",
    "no version": b'{"hosts":[]}',
    "newer": b'{"schema_version":"2.0","hosts":{}}',
    "no hosts": b'{"schema_version":"1.0"}',
    "no key": b'{"schema_version":"1.0","hosts":[{"host":"a","pages":2,"blocks":{"x":2}}]}',
    "no number": b'{"schema_version":"1.0","hosts":[{"host":"a","pages":0,"blocks":{}}]}',
    "no text": b'{"schema_version":"\xff"}',
    "deep": b'{"a":' * 100_000,
}


@pytest.mark.parametrize("data", WRONG.values(), ids=WRONG)
def test_a_wrong_file_is_one_line(data, path):
    path.write_bytes(data)
    with pytest.raises(UsageError) as caught:
        read_hosts(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert "\n" not in str(caught.value)


def test_a_newer_file_says_so(path):
    path.write_bytes(WRONG["newer"])
    with pytest.raises(UsageError, match=r"version 2\.0, not 1\.0"):
        read_hosts(path)


def test_a_missing_file_and_a_folder_are_refused(path):
    for wrong in (path, path.parent):
        with pytest.raises(UsageError):
            read_hosts(wrong)
