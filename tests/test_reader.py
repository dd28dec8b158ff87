"""Saved pages: which files are read, in what order, and what becomes of those that cannot be."""

import gzip
import io
import os
import sys

import pytest

from scraper.errors import FetchError, UsageError
from scraper.reader import find_pages, read_page

PAGE = b"<p>The ferry left the quay at nine."
PLENTY = 10**6


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder that is the working directory, so that paths are short."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def put(*names):
    for name in names:
        os.makedirs(os.path.dirname(name) or ".", exist_ok=True)  # noqa: PTH103, PTH120
        with open(name, "wb") as file:  # noqa: PTH123 - some names are no text
            file.write(PAGE)


def found(*paths):
    return list(find_pages(paths))


@pytest.mark.parametrize("name", ["a.html", "a.pdf", "noextension", "a.txt", "-x.html", " .html"])
def test_a_file_that_is_named_is_read_whatever_its_name(name, folder):
    put(name)
    assert found(name) == [name]


TAKEN = ["a.html", "a.htm", "a.xhtml", "a.shtml", "A.HTML", "a.html.gz", "a.HTM.GZ", "page.gz"]
TAKEN += ["0123abcd.gz", "a.b.html"]


@pytest.mark.parametrize("name", TAKEN)
def test_a_page_in_a_folder_is_found(name, folder):
    put(f"d/{name}")
    assert found("d") == [f"d/{name}"]


LEFT = ["a.pdf", "a.txt", "a.jpg", "html", "a.html.bak", "a.tar.gz", "a.warc.gz", "a.css", "a.json"]


@pytest.mark.parametrize("name", LEFT)
def test_what_is_no_page_in_a_folder_is_left(name, folder):
    put(f"d/{name}")
    assert found("d") == []


def test_folders_are_read_to_the_bottom(folder):
    put("d/x/y/z/a.html")
    assert found("d") == ["d/x/y/z/a.html"]


def test_a_folder_is_read_in_the_order_of_its_names(folder):
    put("d/b.html", "d/a.html", "d/C.html", "d/10.html", "d/9.html")
    assert found("d") == ["d/10.html", "d/9.html", "d/C.html", "d/a.html", "d/b.html"]


def test_folders_in_a_folder_are_read_in_the_order_of_their_names(folder):
    put(*(f"d/{name}/a.html" for name in "hcafbedg"))
    assert found("d") == [f"d/{name}/a.html" for name in "abcdefgh"]


def test_paths_are_read_in_their_order(folder):
    put("b.html", "d/x.html", "a.html")
    assert found("b.html", "d", "a.html") == ["b.html", "d/x.html", "a.html"]


def test_a_path_named_twice_is_read_twice(folder):
    put("a.html")
    assert found("a.html", "a.html") == ["a.html"] * 2


def test_an_empty_folder_has_no_pages(folder):
    (folder / "d").mkdir()
    assert found("d") == []


def test_a_folder_named_like_a_page_is_a_folder(folder):
    put("d.html/a.html")
    assert found("d.html") == ["d.html/a.html"]


def test_a_link_in_a_circle_is_not_followed(folder):
    put("d/a.html")
    (folder / "d" / "again").symlink_to(folder / "d")
    assert found("d") == ["d/a.html"]


def test_a_link_to_a_page_is_read(folder):
    put("a.html")
    (folder / "d").mkdir()
    (folder / "d" / "b.html").symlink_to(folder / "a.html")
    assert read_page(*found("d"), None, PLENTY).body == PAGE


def test_a_name_that_is_no_unicode_is_found(folder):
    put(b"caf\xe9.html")
    assert found(".") == [os.fsdecode(b"caf\xe9.html")]


@pytest.mark.parametrize("path", ["missing.html", "", "d/missing", "a\x00b"])
def test_a_path_that_is_not_there_is_wrong_usage(path, folder):
    with pytest.raises(UsageError):
        found(path)


def test_a_path_that_no_file_can_have_is_wrong_usage(folder):
    with pytest.raises(UsageError):
        found("x" * 5000)


def test_a_dash_is_standard_input():
    assert found("-") == ["-"]


def test_a_pipe_is_read_like_a_file(folder):
    os.mkfifo("pipe")
    reading = os.open("pipe", os.O_RDWR)
    os.write(reading, PAGE)
    assert found("pipe") == ["pipe"]
    os.close(reading)


# read_page


def test_a_file_is_read_as_it_is(folder):
    put("a.html")
    page = read_page("a.html", "https://harbour.example/a", PLENTY)
    assert (page.body, page.url) == (PAGE, "https://harbour.example/a")


def test_a_file_says_where_it_came_from(folder):
    put("a.html")
    fetch = read_page("a.html", None, PLENTY).fetch
    assert (fetch.requested_url, fetch.from_, fetch.bytes) == ("a.html", "file", len(PAGE))


@pytest.mark.parametrize("name", ["a.html.gz", "a.gz", "a.html"])
def test_gzip_is_told_by_its_bytes(name, folder):
    (folder / name).write_bytes(gzip.compress(PAGE))
    assert read_page(name, None, PLENTY).body == PAGE


def test_a_plain_file_named_gz_is_read_as_it_is(folder):
    put("a.html.gz")
    assert read_page("a.html.gz", None, PLENTY).body == PAGE


def test_several_gzip_members_are_one_page(folder):
    (folder / "a.gz").write_bytes(gzip.compress(PAGE[:9]) + gzip.compress(PAGE[9:]))
    assert read_page("a.gz", None, PLENTY).body == PAGE


def test_the_size_of_a_gzip_file_is_that_of_its_page(folder):
    (folder / "a.gz").write_bytes(gzip.compress(PAGE * 100))
    assert read_page("a.gz", None, PLENTY).fetch.bytes == len(PAGE) * 100


def test_an_empty_file_is_a_page_without_bytes(folder):
    (folder / "a.html").touch()
    assert read_page("a.html", None, PLENTY).body == b""


def code_of(path, max_size=PLENTY):
    with pytest.raises(FetchError) as caught:
        read_page(path, None, max_size)
    return caught.value.code


PACKED = gzip.compress(PAGE * 50)
DAMAGED = {
    "cut": (PACKED[:-12], "truncated"),
    "cut in its head": (PACKED[:5], "truncated"),
    "with bytes changed": (PACKED[:20] + b"\xff\xff\xff\xff" + PACKED[24:], "bad_encoding"),
    "with another checksum": (PACKED[:-8] + bytes(8), "bad_encoding"),
    "of an unknown method": (b"\x1f\x8b\x07" + PACKED[3:], "bad_encoding"),
    "followed by something else": (PACKED + b"not gzip", "bad_encoding"),
}


@pytest.mark.parametrize(("body", "code"), DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_gzip_file_has_its_code(body, code, folder):
    (folder / "a.gz").write_bytes(body)
    assert code_of("a.gz") == code


@pytest.mark.parametrize("path", ["missing.html", "d", "a.html/b"])
def test_what_cannot_be_read_is_unreadable_file(path, folder):
    put("a.html", "d/a.html")
    assert code_of(path) == "unreadable_file"


def test_a_file_of_the_limit_is_read(folder):
    put("a.html")
    assert read_page("a.html", None, len(PAGE)).body == PAGE


def test_a_byte_more_is_too_large(folder):
    put("a.html")
    assert code_of("a.html", len(PAGE) - 1) == "too_large"


def test_a_packed_page_of_the_limit_is_read(folder):
    (folder / "a.gz").write_bytes(gzip.compress(PAGE * 50))
    assert len(read_page("a.gz", None, len(PAGE) * 50).body) == len(PAGE) * 50


def test_a_packed_page_is_too_large_by_its_unpacked_size(folder):
    (folder / "a.gz").write_bytes(gzip.compress(PAGE * 50))
    assert code_of("a.gz", len(PAGE) * 50 - 1) == "too_large"


def test_an_endless_file_is_too_large():
    assert code_of("/dev/zero", 1000) == "too_large"


# Standard input


@pytest.fixture
def stdin(monkeypatch):
    def give(body):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(body)))

    return give


def test_standard_input_is_read(stdin):
    stdin(PAGE)
    page = read_page("-", None, PLENTY)
    assert (page.body, page.fetch.requested_url) == (PAGE, "-")


def test_standard_input_is_unpacked(stdin):
    stdin(gzip.compress(PAGE))
    assert read_page("-", None, PLENTY).body == PAGE


def test_standard_input_has_the_limit_too(stdin):
    stdin(PAGE)
    assert code_of_stdin() == "too_large"


def code_of_stdin():
    return code_of("-", len(PAGE) - 1)


def test_a_closed_standard_input_is_unreadable_file(monkeypatch):
    monkeypatch.setattr(sys, "stdin", None)
    assert code_of("-") == "unreadable_file"
