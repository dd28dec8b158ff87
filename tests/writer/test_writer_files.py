"""One file for each article: HOST/SLUG-ID8.json."""

import json
import os

import msgspec
import pytest
from loopback import article as html

import scraper
from scraper.errors import OutputError
from scraper.writer import ArticleFiles

URL = "https://harbour.example/news/ferry"
ID = "01234567-89ab-5def-8123-456789abcde{}"


def article(url=URL, **fields):
    return msgspec.structs.replace(scraper.extract(html(), url), **fields)


def names(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_file_is_named_by_host_slug_and_id(tmp_path):
    record = article()
    assert ArticleFiles(tmp_path).write(record) == (
        tmp_path / "harbour.example" / f"ferry-{record.id[:8]}.json"
    )


def test_a_file_holds_its_record(tmp_path):
    record = article()
    path = ArticleFiles(tmp_path).write(record)
    assert json.loads(path.read_text("utf-8")) == record.to_dict()
    assert path.read_bytes().endswith(b"}\n")


def test_a_port_is_part_of_the_folder(tmp_path):
    path = ArticleFiles(tmp_path).write(article("http://127.0.0.1:8080/a-b"))
    assert path.parent.name == "127.0.0.1_8080"


def test_a_record_without_a_url_has_a_file(tmp_path):
    path = ArticleFiles(tmp_path).write(article(None))
    assert str(path.relative_to(tmp_path)).startswith("unknown/index-")


def test_the_folder_is_made(tmp_path):
    ArticleFiles(tmp_path / "x" / "y").write(article())
    assert len(names(tmp_path)) == 1


def test_two_ids_with_the_same_first_characters_keep_both(tmp_path):
    files = ArticleFiles(tmp_path)
    paths = [files.write(article(id=ID.format(n))) for n in (1, 2, 3)]
    assert len(set(paths)) == 3
    assert [json.loads(path.read_text())["id"] for path in paths] == [
        ID.format(n) for n in (1, 2, 3)
    ]


def test_a_collision_is_known_in_the_next_run(tmp_path):
    for n in (1, 2):
        ArticleFiles(tmp_path).write(article(id=ID.format(n)))
    assert len(names(tmp_path)) == 2


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
def test_a_second_run_adds_no_file_in_whatever_order(order, tmp_path):
    for run in ((1, 2), order):
        files = ArticleFiles(tmp_path)
        for n in run:
            files.write(article(id=ID.format(n)))
    found = sorted(json.loads((tmp_path / name).read_text())["id"] for name in names(tmp_path))
    assert set(found) == {ID.format(1), ID.format(2)}


def test_one_id_twice_in_a_run_keeps_both(tmp_path):
    files = ArticleFiles(tmp_path)
    paths = [files.write(article(title=title)) for title in ("One", "Two", "Three")]
    assert [json.loads(path.read_text())["title"] for path in paths] == ["One", "Two", "Three"]


def test_one_id_in_a_second_run_replaces_its_file(tmp_path):
    for title in ("One", "Two"):
        path = ArticleFiles(tmp_path).write(article(title=title))
    assert json.loads(path.read_text())["title"] == "Two"
    assert len(names(tmp_path)) == 1


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[]", b"null", b'{"id": 1}'])
def test_a_damaged_file_is_replaced(body, tmp_path):
    path = ArticleFiles(tmp_path).write(article())
    path.write_bytes(body)
    assert ArticleFiles(tmp_path).write(article()) == path
    assert json.loads(path.read_text()) == article().to_dict()


def test_a_file_nested_too_deep_is_replaced(tmp_path):
    path = ArticleFiles(tmp_path).write(article())
    path.write_bytes(b'{"x":' + b"[" * 100_000)
    assert ArticleFiles(tmp_path).write(article()) == path


HOSTILE = [
    "https://harbour.example/../../../../etc/passwd",
    "https://harbour.example/%2e%2e/%2e%2e/etc/passwd",
    "https://harbour.example/..%2f..%2fetc%2fpasswd",
    "https://harbour.example/....//....//a",
    "https://harbour.example/a%00b",
    "https://harbour.example/CON",
    "https://harbour.example/nul.html",
    "https://harbour.example/" + "x" * 300,
    "https://harbour.example/" + "%f0%9f%98%80" * 100,
    "https://harbour.example/" + "\u6771" * 300,
    "https://harbour.example/a\\..\\..\\b",
    "https://harbour.example/.hidden",
    "https://harbour.example/-rf",
    "https://harbour.example/a/b/",
    "https://harbour.example/$(reboot)",
    "https://" + "a." * 120 + "example/x",
    "https://../x",
    "https://[::1]/x",
    "https://harbour.example:99/x",
    "https://con/aux",
    "file:///etc/passwd",
    "\x00\n/..",
]


@pytest.mark.parametrize("url", HOSTILE, ids=range(len(HOSTILE)))
def test_no_url_leads_out_of_the_folder(url, tmp_path):
    folder = tmp_path / "x" / "articles"
    path = ArticleFiles(folder).write(hostile(url))
    assert path.resolve().is_relative_to(folder.resolve())
    assert names(tmp_path) == [str(path.relative_to(tmp_path))]


@pytest.mark.parametrize("url", HOSTILE, ids=range(len(HOSTILE)))
def test_a_path_has_two_short_plain_names(url, tmp_path):
    path = ArticleFiles(tmp_path).write(hostile(url)).relative_to(tmp_path)
    assert len(path.parts) == 2
    assert all(part.isascii() and part.isprintable() and len(part) <= 128 for part in path.parts)
    assert not any(part.startswith((".", "-")) for part in path.parts)


def hostile(url):
    """A record of any URL, as if everything before had let it pass."""
    host = url.split("/")[2] if url.count("/") > 2 else url
    return msgspec.structs.replace(article(), url=url, host=host)


def test_a_host_that_is_a_path_does_not_lead_out(tmp_path):
    path = ArticleFiles(tmp_path / "x").write(article(host="../../a"))
    assert path.resolve().is_relative_to((tmp_path / "x").resolve())


def test_a_file_in_place_of_a_folder_is_an_output_error(tmp_path):
    (tmp_path / "harbour.example").touch()
    with pytest.raises(OutputError, match=r"harbour\.example: "):
        ArticleFiles(tmp_path).write(article())


def test_a_folder_in_place_of_a_file_is_an_output_error(tmp_path):
    path = ArticleFiles(tmp_path).write(article())
    path.unlink()
    path.mkdir()
    with pytest.raises(OutputError):
        ArticleFiles(tmp_path).write(article())
    assert os.listdir(path) == []  # noqa: PTH208 - nothing is there
