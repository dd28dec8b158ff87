"""A corpus folder: every line whole, every page known, one run at a time."""

import contextlib
import json
import os
import resource
import signal
import subprocess
import sys
import uuid

import msgspec
import pytest
from loopback import article as html

import scraper
from scraper.blank import blank_article, blank_fetch, failed
from scraper.errors import CorpusLockedError, OutputError
from scraper.writer import Corpus

URL = "https://harbour.example/{}"


def article(n=1, **fields):
    fetch = blank_fetch(URL.format(n), origin="http")
    record = scraper.extract(html(f"Page {n}"), URL.format(n))
    return msgspec.structs.replace(record, fetch=fetch, **fields)


def failure(n=1):
    url = URL.format(n)
    return failed(blank_article(url, blank_fetch(url, origin="http")), "http_4xx", "HTTP 404")


def write(folder, *records, layout="jsonl"):
    with Corpus(folder, layout) as corpus:
        for record in records:
            corpus.write(record)


def titles(folder, name="articles.jsonl"):
    return [json.loads(line)["title"] for line in (folder / name).read_bytes().splitlines()]


def test_a_folder_is_made(tmp_path):
    write(tmp_path / "x" / "y", article())
    assert titles(tmp_path / "x" / "y") == ["Page 1"]


def test_articles_and_failures_have_files_of_their_own(tmp_path):
    write(tmp_path, article(1), failure(2), article(3))
    assert titles(tmp_path) == ["Page 1", "Page 3"]
    assert titles(tmp_path, "errors.jsonl") == [None]


STATUSES = {"ok": True, "partial": True, "duplicate": True}
STATUSES |= dict.fromkeys(("blocked", "not_article", "error", "skipped", "gone"), False)


@pytest.mark.parametrize(("status", "is_article"), STATUSES.items())
def test_a_status_decides_on_the_file(status, is_article, tmp_path):
    write(tmp_path, article(status=status))
    name = "articles.jsonl" if is_article else "errors.jsonl"
    assert titles(tmp_path, name) == ["Page 1"]


def test_a_record_is_there_as_soon_as_it_is_written(tmp_path):
    with Corpus(tmp_path, "jsonl") as corpus:
        corpus.write(article())
        assert titles(tmp_path) == ["Page 1"]


def test_a_second_run_appends(tmp_path):
    write(tmp_path, article(1))
    write(tmp_path, article(2))
    assert titles(tmp_path) == ["Page 1", "Page 2"]


def test_separators_of_unicode_do_not_break_a_line(tmp_path):
    write(tmp_path, article(text="one\u2028two\u2029three\x85four"))
    assert len((tmp_path / "articles.jsonl").read_text("utf-8").splitlines()) == 1


# What a killed run left


def beyond(folder, places, layout="jsonl"):
    """The titles of the records beyond ``places``."""
    with Corpus(folder, layout) as corpus:
        return [record.title for record in corpus.beyond(places)]


def places(folder, *records, layout="jsonl"):
    """Write records and return up to where the files are written then."""
    with Corpus(folder, layout) as corpus:
        corpus.write(*records)
        return corpus.places()


@pytest.mark.parametrize("layout", ["jsonl", "files"])
def test_of_files_that_were_never_read_all_is_beyond(layout, tmp_path):
    write(tmp_path, article(1), article(2), failure(3), layout=layout)
    assert sorted(map(str, beyond(tmp_path, {}, layout))) == ["None", "Page 1", "Page 2"]


@pytest.mark.parametrize("layout", ["jsonl", "files"])
def test_in_a_new_folder_nothing_is_beyond(layout, tmp_path):
    assert beyond(tmp_path, {}, layout) == []


@pytest.mark.parametrize("layout", ["jsonl", "files"])
def test_what_is_settled_is_not_beyond(layout, tmp_path):
    settled = places(tmp_path, article(1), failure(2), layout=layout)
    assert beyond(tmp_path, settled, layout) == []


def test_what_was_written_since_is_beyond(tmp_path):
    settled = places(tmp_path, article(1), failure(2))
    write(tmp_path, article(3), failure(4))
    assert beyond(tmp_path, settled) == ["Page 3", None]


def test_a_torn_line_is_not_beyond(tmp_path):
    settled = places(tmp_path, article(1))
    with (tmp_path / "articles.jsonl").open("ab") as file:
        file.write(b'{"schema_ver')
    assert beyond(tmp_path, settled) == []


def test_a_whole_record_without_the_end_of_its_line_is_beyond(tmp_path):
    settled = places(tmp_path, article(1))
    write(tmp_path, article(2))
    path = tmp_path / "articles.jsonl"
    path.write_bytes(path.read_bytes()[:-1])
    assert beyond(tmp_path, settled) == ["Page 2"]


def test_a_file_that_someone_put_there_is_not_beyond(tmp_path):
    settled = places(tmp_path, article(1))
    (tmp_path / "articles.jsonl").rename(tmp_path / "articles.jsonl.1")
    write(tmp_path, article(2))
    assert beyond(tmp_path, settled) == []


def test_a_folder_written_in_the_other_layout_is_beyond(tmp_path):
    write(tmp_path, article(1))
    write(tmp_path, article(2), layout="files")
    assert sorted(beyond(tmp_path, {})) == ["Page 1", "Page 2"]


FOREIGN = {
    "a blank line": b"\n",
    "nonsense": b"nonsense\n",
    "another object": b'{"a": 1}\n',
    "a number": b"1\n",
    "a URL that is none": b'{"fetch": {"requested_url": 1}}\n',
    "NUL bytes": bytes(100) + b"\n",
    "a lone surrogate": b'{"fetch": {"requested_url": "\\ud800"}}\n',
    "bytes that are no UTF-8": b'{"fetch": {"requested_url": "\xff"}}\n',
    "a deep nest": b'{"x":' + b"[" * 100_000 + b"\n",
}


@pytest.mark.parametrize("line", FOREIGN.values(), ids=FOREIGN)
def test_a_line_that_is_not_ours_hides_no_article(line, tmp_path):
    write(tmp_path, article(1))
    lines = (tmp_path / "articles.jsonl").read_bytes()
    (tmp_path / "articles.jsonl").write_bytes(line + lines)
    assert beyond(tmp_path, {}) == ["Page 1"]


def test_a_file_that_is_not_ours_hides_no_article(tmp_path):
    write(tmp_path, article(1), layout="files")
    (tmp_path / "articles" / "a.json").write_bytes(b"{")
    assert beyond(tmp_path, {}, "files") == ["Page 1"]


# What someone took away


def cut(folder, name="articles.jsonl", lines=1):
    """Leave only the last ``lines`` of a file."""
    kept = (folder / name).read_bytes().splitlines(keepends=True)[-lines:]
    with (folder / name).open("r+b") as file:
        file.truncate()
        file.write(b"".join(kept))
        file.truncate()


def has_lost(folder, settled):
    with Corpus(folder, "jsonl") as corpus:
        return corpus.has_lost(settled)


def test_a_whole_file_has_lost_nothing(tmp_path):
    settled = places(tmp_path, article(1), article(2))
    assert not has_lost(tmp_path, settled)


def test_a_shorter_file_has_lost_articles(tmp_path):
    settled = places(tmp_path, article(1), article(2))
    cut(tmp_path)
    assert has_lost(tmp_path, settled)


def test_a_file_that_ends_in_the_middle_of_a_line_has_lost_articles(tmp_path):
    settled = places(tmp_path, article(1), article(2))
    path = tmp_path / "articles.jsonl"
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size - 10)
    assert has_lost(tmp_path, settled)


def test_a_file_that_was_emptied_on_purpose_has_lost_nothing(tmp_path):
    settled = places(tmp_path, article(1))
    with (tmp_path / "articles.jsonl").open("r+b") as file:
        file.truncate()
    assert not has_lost(tmp_path, settled)


def test_a_file_that_was_rotated_away_has_lost_nothing(tmp_path):
    settled = places(tmp_path, article(1), article(2))
    (tmp_path / "articles.jsonl").rename(tmp_path / "articles.jsonl.1")
    write(tmp_path, article(3))
    assert not has_lost(tmp_path, settled)


def test_errors_that_were_taken_away_are_no_loss(tmp_path):
    settled = places(tmp_path, article(1), failure(2), failure(3))
    cut(tmp_path, "errors.jsonl")
    assert not has_lost(tmp_path, settled)


def test_what_is_present_are_the_articles(tmp_path):
    fetched = msgspec.structs.replace(article(1).fetch, fetched_at="2027-01-15T08:00:00Z")
    first = msgspec.structs.replace(article(1), fetch=fetched)
    write(tmp_path, first, article(2), failure(3))
    with Corpus(tmp_path, "jsonl") as corpus:
        ids, since = corpus.present()
    assert ids == {uuid.UUID(record.id).bytes for record in (article(1), article(2))}
    assert since == 1_800_000_000.0


# What is taken out


def remove(folder, *records, layout="jsonl"):
    with Corpus(folder, layout) as corpus:
        return corpus.remove({record.id for record in records})


def test_a_record_is_removed_in_all_its_versions(tmp_path):
    write(tmp_path, article(1), article(2), article(1, version=2), failure(1), failure(3))
    assert remove(tmp_path, article(1)) == 3
    assert titles(tmp_path) == ["Page 2"]
    assert len(titles(tmp_path, "errors.jsonl")) == 1


def test_an_article_file_is_removed(tmp_path):
    write(tmp_path, article(1), article(2), layout="files")
    assert remove(tmp_path, article(1), layout="files") == 1
    (path,) = (tmp_path / "articles").rglob("*.json")
    assert json.loads(path.read_text())["title"] == "Page 2"


def test_other_lines_stay_as_they_are(tmp_path):
    write(tmp_path, article(1), article(2))
    path = tmp_path / "articles.jsonl"
    path.write_bytes(b"nonsense\n" + path.read_bytes())
    last = path.read_bytes().splitlines()[-1]
    remove(tmp_path, article(1))
    assert path.read_bytes() == b"nonsense\n" + last + b"\n"


def test_nothing_to_remove_changes_no_byte(tmp_path):
    write(tmp_path, article(1), failure(2))
    before = (tmp_path / "articles.jsonl").read_bytes()
    assert remove(tmp_path, article(9)) == 0
    assert (tmp_path / "articles.jsonl").read_bytes() == before


def test_what_is_written_after_a_removal_is_there(tmp_path):
    with Corpus(tmp_path, "jsonl") as corpus:
        corpus.write(article(1), article(2))
        corpus.remove({article(1).id})
        corpus.write(article(3))
        assert titles(tmp_path) == ["Page 2", "Page 3"]
        assert list(corpus.beyond(corpus.places())) == []


def test_what_is_written_together_is_written_in_its_order(tmp_path):
    with Corpus(tmp_path, "jsonl") as corpus:
        corpus.write(article(1), failure(2), article(3))
    assert titles(tmp_path) == ["Page 1", "Page 3"]


def test_a_file_moved_away_during_a_run_is_begun_anew(tmp_path):
    with Corpus(tmp_path, "jsonl") as corpus:
        corpus.write(article(1))
        (tmp_path / "articles.jsonl").rename(tmp_path / "articles.jsonl.1")
        corpus.write(article(2))
    assert titles(tmp_path) == ["Page 2"]
    assert titles(tmp_path, "articles.jsonl.1") == ["Page 1"]


# Layout files


def test_layout_files_has_a_file_for_each_article(tmp_path):
    write(tmp_path, article(1), article(2), failure(3), layout="files")
    assert len(list((tmp_path / "articles" / "harbour.example").iterdir())) == 2
    assert titles(tmp_path, "errors.jsonl") == [None]
    assert not (tmp_path / "articles.jsonl").exists()


def test_layout_files_replaces_an_article_that_is_fetched_again(tmp_path):
    for title in ("Old", "New"):
        write(tmp_path, article(1, title=title), layout="files")
    (path,) = (tmp_path / "articles" / "harbour.example").iterdir()
    assert json.loads(path.read_text())["title"] == "New"


# Torn lines


@pytest.mark.parametrize("name", ["articles.jsonl", "errors.jsonl"])
def test_a_torn_line_is_moved_aside(name, tmp_path):
    write(tmp_path, article(1), failure(2))
    whole = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(whole + b'{"schema_ver')
    write(tmp_path)
    assert (tmp_path / name).read_bytes() == whole
    assert (tmp_path / f"{name}.partial").read_bytes() == b'{"schema_ver'


def test_after_a_torn_line_the_next_begins_a_line(tmp_path):
    write(tmp_path, article(1))
    with (tmp_path / "articles.jsonl").open("ab") as file:
        file.write(b'{"torn')
    write(tmp_path, article(2))
    assert titles(tmp_path) == ["Page 1", "Page 2"]


def test_a_file_that_is_one_torn_line_becomes_empty(tmp_path):
    (tmp_path / "articles.jsonl").write_bytes(b'{"torn')
    write(tmp_path, article(1))
    assert titles(tmp_path) == ["Page 1"]
    assert (tmp_path / "articles.jsonl.partial").read_bytes() == b'{"torn'


@pytest.mark.parametrize("size", [65_535, 65_536, 65_537, 200_000])
def test_a_long_torn_line_is_moved_whole(size, tmp_path):
    write(tmp_path, article(1))
    with (tmp_path / "articles.jsonl").open("ab") as file:
        file.write(b"x" * size)
    write(tmp_path, article(2))
    assert titles(tmp_path) == ["Page 1", "Page 2"]
    assert (tmp_path / "articles.jsonl.partial").stat().st_size == size


@pytest.mark.parametrize("size", [65_534, 65_535, 65_536])
def test_a_newline_at_the_edge_of_a_piece_is_found(size, tmp_path):
    (tmp_path / "articles.jsonl").write_bytes(b"{}\n" + b"x" * size)
    write(tmp_path)
    assert (tmp_path / "articles.jsonl").read_bytes() == b"{}\n"


def test_whole_files_leave_nothing_aside(tmp_path):
    write(tmp_path, article(1))
    write(tmp_path, article(2))
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "articles.jsonl",
        "errors.jsonl",
        "lock",
    ]


def test_no_torn_line_is_lost_to_the_next(tmp_path):
    for torn in (b"first", b"second"):
        write(tmp_path)
        with (tmp_path / "articles.jsonl").open("ab") as file:
            file.write(torn)
    write(tmp_path)
    aside = b"".join(path.read_bytes() for path in tmp_path.glob("*.partial*"))
    assert b"first" in aside
    assert b"second" in aside


def test_a_killed_run_leaves_whole_lines(tmp_path):
    program = (
        "import os, sys, pathlib, scraper; from scraper.writer import Corpus\n"
        "record = scraper.extract(b'<p>' + b'word ' * 3000, 'https://harbour.example/1')\n"
        "import msgspec; record = msgspec.structs.replace(record, status='ok')\n"
        "with Corpus(pathlib.Path(sys.argv[1]), 'jsonl') as corpus:\n"
        "    print(flush=True)\n"
        "    while True: corpus.write(record)"
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        os.kill(process.pid, signal.SIGKILL)
    write(tmp_path, article(2))
    assert titles(tmp_path)[-1] == "Page 2"


# The lock


def test_a_second_run_in_the_same_folder_is_refused(tmp_path):
    with Corpus(tmp_path, "jsonl"), pytest.raises(CorpusLockedError, match="another run"):
        Corpus(tmp_path, "jsonl")


def test_a_refused_run_does_not_touch_the_files(tmp_path):
    with Corpus(tmp_path, "jsonl") as corpus:
        corpus.write(article(1))
        with (tmp_path / "articles.jsonl").open("ab") as file:
            file.write(b"half a line of the other run")
        with pytest.raises(CorpusLockedError):
            Corpus(tmp_path, "jsonl")
        assert (tmp_path / "articles.jsonl").read_bytes().endswith(b"other run")


def test_the_end_of_a_run_frees_the_folder(tmp_path):
    write(tmp_path)
    write(tmp_path)


def test_a_refused_run_leaves_no_file_open(tmp_path):
    with Corpus(tmp_path, "jsonl"):
        before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - their number
        for _ in range(5):
            with pytest.raises(CorpusLockedError):
                Corpus(tmp_path, "jsonl")
        assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208


def test_a_run_that_could_not_begin_frees_the_folder(tmp_path):
    (tmp_path / "articles.jsonl").mkdir()
    with pytest.raises(OutputError):
        Corpus(tmp_path, "jsonl")
    (tmp_path / "articles.jsonl").rmdir()
    write(tmp_path)


def test_a_lock_file_without_a_run_is_no_lock(tmp_path):
    (tmp_path / "lock").touch()
    write(tmp_path, article(1))
    assert titles(tmp_path) == ["Page 1"]


# What cannot be written


def test_a_file_in_place_of_the_folder_is_an_output_error(tmp_path):
    (tmp_path / "f").touch()
    with pytest.raises(OutputError, match="f: "):
        Corpus(tmp_path / "f", "jsonl")


def test_a_file_in_place_of_a_parent_is_an_output_error(tmp_path):
    (tmp_path / "f").touch()
    with pytest.raises(OutputError):
        Corpus(tmp_path / "f" / "x", "jsonl")


def test_a_folder_in_place_of_a_file_is_an_output_error(tmp_path):
    (tmp_path / "errors.jsonl").mkdir()
    with pytest.raises(OutputError, match=r"errors\.jsonl: Is a directory"):
        Corpus(tmp_path, "jsonl")


@contextlib.contextmanager
def full_disk(folder):
    """Let files hold no more than ``folder``'s one article and 100 bytes.

    The limit is that of the process, so it must end before pytest prints into a log.
    """
    write(folder, article(1))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    size = (folder / "articles.jsonl").stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 100, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_is_an_output_error(tmp_path):
    full = pytest.raises(OutputError, match=r"articles\.jsonl: File too large")
    with full_disk(tmp_path), Corpus(tmp_path, "jsonl") as corpus, full:
        corpus.write(article(2))


def test_a_full_disk_costs_no_article_that_was_there(tmp_path):
    lost = contextlib.suppress(OutputError)
    with full_disk(tmp_path), Corpus(tmp_path, "jsonl") as corpus, lost:
        corpus.write(article(2))
    write(tmp_path)
    assert titles(tmp_path) == ["Page 1"]
