"""The lock of a corpus folder: one run at a time, and nobody has to clean up after a dead one."""

import json
import os
import subprocess
import sys
import threading
import time

import pytest

from scraper.errors import CorpusLockedError
from scraper.writer import lock

HOLD = """
import sys, pathlib
from scraper.writer import lock
lock.hold(pathlib.Path(sys.argv[1]))
print(flush=True)
sys.stdin.read()
"""


@pytest.fixture
def held(tmp_path):
    descriptor = lock.hold(tmp_path)
    yield descriptor
    os.close(descriptor)


def refusal(folder, wait=0.0):
    with pytest.raises(CorpusLockedError) as error:
        lock.hold(folder, wait)
    return str(error.value)


def test_a_second_holder_is_told_who_the_first_is(held, tmp_path):
    assert f"(process {os.getpid()} on " in refusal(tmp_path)


def test_a_second_holder_is_told_for_how_long(held, tmp_path):
    holder = json.loads((tmp_path / lock.NAME).read_text())
    begun = holder | {"started": int(time.time()) - 150}
    (tmp_path / lock.NAME).write_text(json.dumps(begun))
    assert refusal(tmp_path).endswith("for 2 min)")


def test_a_second_holder_is_refused_at_once(held, tmp_path):
    began = time.monotonic()
    refusal(tmp_path)
    assert time.monotonic() - began < 1


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff", b'{"pid": "x"}', b"7" * 5000])
def test_a_holder_that_cannot_be_read_is_left_out(content, held, tmp_path):
    (tmp_path / lock.NAME).write_bytes(content)
    assert refusal(tmp_path).endswith("another run is writing here")


def test_who_waits_in_vain_is_refused(held, tmp_path):
    began = time.monotonic()
    refusal(tmp_path, wait=0.2)
    assert 0.2 <= time.monotonic() - began < 1.2


def test_who_waits_has_the_folder_when_it_is_free(tmp_path):
    threading.Timer(0.2, os.close, [lock.hold(tmp_path)]).start()
    os.close(lock.hold(tmp_path, 10.0))


def test_a_killed_holder_is_no_obstacle(tmp_path):
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, **pipes) as process:
        process.stdout.readline()
        refusal(tmp_path)
        process.kill()
    os.close(lock.hold(tmp_path))


def test_the_file_says_who_holds_it_now(tmp_path):
    (tmp_path / lock.NAME).write_text("who held it before had a long name" * 10)
    os.close(lock.hold(tmp_path))
    assert json.loads((tmp_path / lock.NAME).read_text())["pid"] == os.getpid()


def test_of_many_at_the_same_moment_one_has_it(tmp_path):
    start, taken, refused = threading.Barrier(8), [], []

    def take():
        start.wait()
        try:
            taken.append(lock.hold(tmp_path))
        except CorpusLockedError as error:
            refused.append(error)

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for descriptor in taken:
        os.close(descriptor)
    assert (len(taken), len(refused)) == (1, 7)
