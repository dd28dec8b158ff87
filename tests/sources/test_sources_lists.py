"""Lists of URLs as people and programs write them."""

import gzip
import io
import tracemalloc
import zlib

import pytest

from scraper.errors import FetchError
from scraper.sources import open_list, read_list
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


class Pipe:
    """What comes in pieces, and fails when it is asked for more."""

    def __init__(self, *pieces):
        self.pieces = list(pieces)

    def read(self, _size):
        assert self.pieces, "read ahead"
        return self.pieces.pop(0)

    read1 = read


def opened(body):
    return [(link.line, link.url) for link in read_list(open_list(io.BytesIO(body)))]


@pytest.mark.parametrize(("text", "expected"), LISTS.values(), ids=LISTS)
def test_a_stream_with(text, expected):
    assert opened(text) == expected


@pytest.mark.parametrize(("text", "expected"), LISTS.values(), ids=LISTS)
def test_a_gzipped_stream_with(text, expected):
    assert opened(gzip.compress(text)) == expected


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_a_list_in_utf16_is_read(codec):
    assert opened("\ufeffhttp://a/caf\u00e9\r\n".encode(codec)) == [(1, "http://a/caf\u00e9")]


def test_the_members_of_a_gzip_are_one_list():
    packed = gzip.compress(b"http://a/\nhttp://") + gzip.compress(b"b/\n")
    assert opened(packed) == [(1, "http://a/"), (2, "http://b/")]


def test_a_stream_is_read_as_it_comes():
    lines = open_list(Pipe(b"http://a/\nhttp://b", b"/\n"))
    assert [next(lines), next(lines)] == [b"http://a/", b"http://b/"]


def test_a_gzipped_stream_is_read_as_it_comes():
    packer = zlib.compressobj(wbits=31)
    packed = packer.compress(b"http://a/\n") + packer.flush(zlib.Z_SYNC_FLUSH)
    assert next(open_list(Pipe(packed[:1], packed[1:]))) == b"http://a/"


@pytest.mark.parametrize("cut", [1, 9, 20])
def test_a_gzip_that_ends_too_early_is_told_after_what_it_held(cut):
    packed = gzip.compress(b"http://a/\n" * 1000)[:-cut]
    with pytest.raises(OSError, match="end too early"):
        list(open_list(io.BytesIO(packed)))


def test_a_damaged_gzip_is_told():
    with pytest.raises(OSError, match="damaged"):
        list(open_list(io.BytesIO(b"\x1f\x8b" + b"\xff" * 20)))


def test_a_line_of_a_megabyte_becomes_one_link_that_is_too_long():
    links = opened(b"http://a/" + b"x" * 10**6 + b"\nhttp://b/\n")
    assert [(line, len(url)) for line, url in links] == [(1, 65_536), (2, 9)]


def test_a_line_with_a_nul_is_a_link_that_cannot_be_fetched():
    ((_, url),) = opened(b"http://a/\x00b\n")
    with pytest.raises(FetchError, match="characters"):
        check_web_url(url)


def test_memory_is_bounded_by_no_line():
    """64 MB without a line end pass through in pieces."""
    tracemalloc.start()
    for _ in open_list(Pipe(*[b"x" * 65_536] * 1000, b"")):
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2**20
