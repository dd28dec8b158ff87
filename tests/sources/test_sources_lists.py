"""Lists of URLs as people and programs write them."""

import pytest

from scraper.errors import FetchError
from scraper.sources import read_list
from scraper.urls import check_web_url


def links(text):
    lines = text if isinstance(text, list) else text.splitlines(keepends=True)
    return [(link.line, link.url) for link in read_list(lines)]


LISTS = {
    "one a line": (b"http://a/\nhttp://b/\n", [(1, "http://a/"), (2, "http://b/")]),
    "no newline at the end": (b"http://a/", [(1, "http://a/")]),
    "Windows line ends": (b"http://a/\r\nhttp://b/\r\n", [(1, "http://a/"), (2, "http://b/")]),
    "blank lines": (b"\n \n\t\nhttp://a/\n\n", [(4, "http://a/")]),
    "comments": (b"# news\nhttp://a/\n  # more\n#http://b/", [(2, "http://a/")]),
    "a byte order mark": (b"\xef\xbb\xbfhttp://a/\n", [(1, "http://a/")]),
    "a byte order mark before a comment": (b"\xef\xbb\xbf# x\nhttp://a/", [(2, "http://a/")]),
    "space around": (b"  http://a/ \t\n", [(1, "http://a/")]),
    "a fragment": (b"http://a/#part\n", [(1, "http://a/#part")]),
    "letters beyond ASCII": ("http://a/caf\u00e9\n".encode(), [(1, "http://a/caf\u00e9")]),
    "the same twice": (b"http://a/\nhttp://a/\n", [(1, "http://a/"), (2, "http://a/")]),
    "what is no URL": (b"harbour.example\n", [(1, "harbour.example")]),
    "nothing": (b"", []),
    "only a byte order mark": (b"\xef\xbb\xbf", []),
    "only comments": (b"# a\n# b\n", []),
}


@pytest.mark.parametrize(("text", "expected"), LISTS.values(), ids=LISTS)
def test_a_list_with(text, expected):
    assert links(text) == expected


def test_bytes_that_are_no_utf8_become_replacement_characters():
    assert links(b"http://a/caf\xe9\n") == [(1, "http://a/caf\ufffd")]


def test_a_line_without_end_is_cut_and_still_too_long_for_a_url():
    ((_, url),) = links([b"http://a/" + b"x" * 10**6])
    assert len(url) == 65_536
    with pytest.raises(FetchError, match="longer than"):
        check_web_url(url)


def test_a_list_is_read_line_by_line():
    def lines():
        yield b"http://a/\n"
        raise AssertionError("read ahead")

    assert next(read_list(lines())).url == "http://a/"
