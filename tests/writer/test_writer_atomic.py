"""A file is the old one or the new one, never a part, and nothing is left beside it."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from scraper.errors import OutputError
from scraper.writer import replacing


def write(path, body=b"new"):
    with replacing(path) as file:
        file.write(body)


def test_a_file_is_made(tmp_path):
    write(tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == b"new"


def test_a_file_is_replaced(tmp_path):
    (tmp_path / "a").write_bytes(b"old and longer")
    write(tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == b"new"


def test_nothing_is_left_beside_it(tmp_path):
    write(tmp_path / "a")
    assert os.listdir(tmp_path) == ["a"]  # noqa: PTH208 - the names


def test_the_file_appears_at_the_end_only(tmp_path):
    with replacing(tmp_path / "a") as file:
        file.write(b"new")
        assert not (tmp_path / "a").exists()


def test_the_old_file_stands_until_the_end(tmp_path):
    (tmp_path / "a").write_bytes(b"old")
    with replacing(tmp_path / "a") as file:
        file.write(b"new")
        file.flush()
        assert (tmp_path / "a").read_bytes() == b"old"


def write_half(path, error):
    with replacing(path) as file:
        file.write(b"half")
        raise error


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit, GeneratorExit])
@pytest.mark.parametrize("old", [None, b"old"])
def test_an_exception_leaves_everything_as_it_was(old, error, tmp_path):
    path = tmp_path / "a"
    if old:
        path.write_bytes(old)
    with pytest.raises(error):
        write_half(path, error)
    assert [one.read_bytes() for one in tmp_path.iterdir()] == ([old] if old else [])


def test_a_killed_writer_leaves_the_old_file(tmp_path):
    (tmp_path / "a").write_bytes(b"old")
    program = (
        "import os, sys, pathlib; from scraper.writer.atomic import replacing\n"
        "with replacing(pathlib.Path(sys.argv[1])) as file:\n"
        "    file.write(b'half'); file.flush(); os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", program, tmp_path / "a"], check=False)
    assert (tmp_path / "a").read_bytes() == b"old"


def test_a_missing_folder_is_an_output_error(tmp_path):
    with pytest.raises(OutputError, match="a: No such file or directory"):
        write(tmp_path / "missing" / "a")


def test_a_folder_in_its_place_is_an_output_error(tmp_path):
    (tmp_path / "d").mkdir()
    with pytest.raises(OutputError, match="d: Is a directory"):
        write(tmp_path / "d")
    assert list(tmp_path.iterdir()) == [tmp_path / "d"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_an_unwritable_folder_is_an_output_error(tmp_path):
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(OutputError, match="Permission denied"):
            write(tmp_path / "a")
    finally:
        tmp_path.chmod(0o700)


def test_a_folder_that_takes_no_files_is_an_output_error():
    with pytest.raises(OutputError):
        write(Path("/proc/self/a"))


def test_a_file_as_its_folder_is_an_output_error(tmp_path):
    (tmp_path / "f").touch()
    with pytest.raises(OutputError):
        write(tmp_path / "f" / "a")


def test_a_name_too_long_is_an_output_error(tmp_path):
    with pytest.raises(OutputError):
        write(tmp_path / ("x" * 300))


def test_the_longest_name_there_can_be_is_written(tmp_path):
    write(tmp_path / ("x" * 255))
    assert (tmp_path / ("x" * 255)).read_bytes() == b"new"


@pytest.mark.parametrize("path", [".", "/", ""])
def test_a_path_without_a_name_is_an_output_error(path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(OutputError):
        write(Path(path))


def test_an_error_of_the_disk_is_an_output_error(tmp_path):
    with pytest.raises(OutputError, match="No space left"), replacing(tmp_path / "a"):
        raise OSError(28, "No space left on device")
    assert list(tmp_path.iterdir()) == []


def test_a_pipe_is_written_to_and_stays_a_pipe(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    reading = os.open(tmp_path / "pipe", os.O_RDWR | os.O_NONBLOCK)
    write(tmp_path / "pipe")
    kept = stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)
    body = os.read(reading, 99) if kept else b""
    os.close(reading)
    assert (kept, body) == (True, b"new")


def test_the_file_has_the_rights_of_any_new_file(tmp_path):
    (tmp_path / "plain").touch()
    write(tmp_path / "a")
    assert (tmp_path / "a").stat().st_mode == (tmp_path / "plain").stat().st_mode
