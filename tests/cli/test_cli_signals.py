"""Signals, closed pipes, held folders, disks that cannot be written: how the command line ends."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import commandline
import loopback
import pytest
from loopback import article, page, raw

from bench.torture.runs import forked
from scraper.cli.stopping import stopped_by
from scraper.schema import complaint
from scraper.writer import lock

run = commandline.run
alone = commandline.alone
server = loopback.server

OPTIONS = ("-C", "corpus", "--delay", "0", "--robots", "ignore")
DRAIN = 0.5
"""Seconds that fetches get here once a run is stopped, in place of ten."""

STOPS = {signal.SIGTERM: 143, signal.SIGINT: 130, signal.SIGHUP: 129}


@pytest.fixture(autouse=True)
def _pages(alone, server):
    server.routes = {f"/{n}": page(article(f"Page {n}", f"Of page {n}.")) for n in range(5)}
    server.routes["/slow"] = page(article("Slow"), after=0.4)
    server.routes["/hangs"] = raw(stall=True)


@pytest.fixture
def crawl(alone, server):
    """Start a crawl of some paths in a process of its own; its standard error is in ``log``."""
    started = []

    def start(*paths, drain=DRAIN):
        urls = [server.url(path) for path in paths]
        process = forked(["crawl", *urls, *OPTIONS], Path("log").absolute(), drain=drain)
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.join()


def stopped(process, *numbers):
    """Send signals, with a moment between; return the exit code."""
    for number in numbers:
        os.kill(process.pid, number)
        time.sleep(0.1)
    process.join(8)
    return process.exitcode


def titles():
    found = []
    for name in ("articles.jsonl", "errors.jsonl"):
        for line in Path("corpus", name).read_bytes().splitlines():
            assert complaint(line) is None
            found.append(json.loads(line)["title"])
    return found


# Signals


@pytest.mark.parametrize(("number", "code"), STOPS.items())
def test_a_signal_lets_a_fetch_under_way_finish(number, code, crawl, server):
    process = crawl("/slow", "/1", drain=10)
    server.wait_for("/slow", timeout=30)
    assert stopped(process, number) == code
    assert (titles(), server.count("/1")) == (["Slow"], 0)


@pytest.mark.parametrize(("number", "code"), STOPS.items())
def test_a_fetch_that_does_not_finish_is_given_up(number, code, crawl, server):
    process = crawl("/hangs", "/1")
    server.wait_for("/hangs", timeout=30)
    began = time.monotonic()
    assert stopped(process, number) == code
    assert time.monotonic() - began < DRAIN + 3
    assert titles() == []


def test_what_was_given_up_waits_for_the_next_run(crawl, server, run):
    process = crawl("/hangs", "/1")
    server.wait_for("/hangs", timeout=30)
    stopped(process, signal.SIGTERM)
    server.routes["/hangs"] = page(article("At last"))
    run("crawl", *OPTIONS)
    assert sorted(titles()) == ["At last", "Page 1"]


@pytest.mark.parametrize(("number", "code"), STOPS.items())
def test_a_second_signal_ends_it_at_once(number, code, crawl, server):
    process = crawl("/hangs", drain=60)
    server.wait_for("/hangs", timeout=30)
    assert stopped(process, number, number) == code
    assert titles() == []


@pytest.mark.parametrize("number", STOPS)
def test_a_signal_that_is_ignored_stays_so(number):
    before = signal.signal(number, signal.SIG_IGN)
    try:
        with stopped_by(threading.Event()) as stop:
            signal.raise_signal(number)
    finally:
        signal.signal(number, before)
    assert not stop.event.is_set()


def test_a_list_without_an_end_does_not_outlast_the_run(server):
    command = [sys.executable, "-m", "scraper", "crawl", "-", *OPTIONS]
    pipes = {"stdin": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, **pipes) as process:
        process.stdin.write(server.url("/slow").encode() + b"\n")
        process.stdin.flush()
        server.wait_for("/slow", timeout=30)
        process.send_signal(signal.SIGTERM)
        err = process.stderr.read()
        assert process.wait(20) == 143
    assert b"Fatal" not in err


def test_a_signal_ends_the_wait_for_another_run(server, alone):
    Path("corpus").mkdir()
    held = lock.hold(Path("corpus"))
    arguments = ["crawl", server.url("/1"), *OPTIONS, "--wait-lock", "60"]
    process = forked(arguments, Path("log").absolute())
    time.sleep(0.5)
    process.terminate()
    process.join(5)
    os.close(held)
    assert process.exitcode == -signal.SIGTERM


# Pipes


@pytest.mark.parametrize("command", ["get URL -f json", "discover URL/feed"])
def test_a_reader_that_goes_away_sees_no_traceback(command, server):
    server.routes["/big"] = page(article(extra="and so on " * 3000))
    items = "".join(f"<item><link>{server.url(f'/{n}')}</link></item>" for n in range(9000))
    feed = f"<rss version='2.0'><channel>{items}</channel></rss>".encode()
    server.routes["/big/feed"] = page(feed, kind="application/rss+xml")
    line = command.replace("URL", server.url("/big"))
    shell = f"{sys.executable} -m scraper {line} | head -c 1"
    found = subprocess.run(shell, shell=True, capture_output=True, check=False)
    assert (len(found.stdout), found.stderr) == (1, b"")


# The lock


def test_a_second_run_is_refused_at_once(run, server):
    Path("corpus").mkdir()
    held = lock.hold(Path("corpus"))
    began = time.monotonic()
    found = run("crawl", server.url("/1"), *OPTIONS)
    os.close(held)
    assert (found.code, time.monotonic() - began < 1) == (75, True)
    assert f"(process {os.getpid()} on " in found.complaint


def test_of_two_runs_begun_together_one_works(crawl, server):
    server.routes["/slow"] = page(article("Slow"), after=1.5)
    codes = []
    for process in [crawl("/slow"), crawl("/slow")]:
        process.join(10)
        codes.append(process.exitcode)
    assert (sorted(codes), titles()) == ([0, 75], ["Slow"])


# What cannot be written


@pytest.mark.parametrize("name", ["state.sqlite", "lock", "articles.jsonl", "errors.jsonl"])
def test_a_folder_in_place_of_a_file_is_told_before_any_fetch(name, run, server):
    Path("corpus", name).mkdir(parents=True)
    found = run("crawl", server.url("/1"), *OPTIONS)
    assert (found.code, bool(found.complaint), server.asked) == (4, True, [])


@pytest.mark.parametrize("name", ["runs", "articles"])
def test_a_file_in_place_of_a_folder_is_told_before_any_fetch(name, run, server):
    Path("corpus").mkdir()
    Path("corpus", name).touch()
    found = run("crawl", server.url("/1"), *OPTIONS, "--layout", "files")
    assert (found.code, bool(found.complaint), server.asked) == (4, True, [])


@pytest.fixture
def small_disk(alone):
    """A disk of 64 KiB, where this user may mount one."""
    Path("disk").mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", "disk"]
    if not shutil.which("mount") or subprocess.run(mount, check=False, stderr=-3).returncode:
        pytest.skip("this user may not mount")
    yield Path("disk").absolute()
    subprocess.run(["umount", "-l", "disk"], check=True)


def test_a_disk_that_can_only_be_read_is_told_before_any_fetch(small_disk, run, server):
    subprocess.run(["mount", "-o", "remount,ro", "disk"], check=True)
    found = run("crawl", server.url("/1"), *OPTIONS, "-C", "disk/corpus")
    assert (found.code, bool(found.complaint), server.asked) == (4, True, [])


def test_a_full_disk_is_one_line_and_the_rest_follows_when_there_is_room(small_disk, run, server):
    found = run("crawl", *map(server.url, server.routes), *OPTIONS, "-C", "disk", "-m", "1")
    assert (found.code, "no space left" in found.complaint.lower()) == (4, True)
    subprocess.run(["mount", "-o", "remount,size=4m", "disk"], check=True)
    Path("corpus").symlink_to("disk")
    run("crawl", *map(server.url, server.routes), *OPTIONS, "-m", "1")
    expected = ["Page 0", "Page 1", "Page 2", "Page 3", "Page 4", "Slow", None]
    assert sorted(titles(), key=str) == sorted(expected, key=str)


# A damaged state


def test_a_damaged_state_is_told_before_any_fetch(run, server):
    run("crawl", server.url("/1"), *OPTIONS)
    Path("corpus/state.sqlite").write_bytes(b"text")
    found = run("crawl", server.url("/2"), *OPTIONS)
    assert (found.code, server.asked) == (4, ["/1"])
    assert "`scraper rebuild corpus`" in found.complaint
    assert Path("corpus/state.sqlite").read_bytes() == b"text"


def test_a_rebuilt_state_knows_what_was_fetched(run, server):
    urls = [server.url(f"/{n}") for n in range(5)]
    run("crawl", *urls, *OPTIONS)
    Path("corpus/state.sqlite").write_bytes(b"text")
    assert run("rebuild", "corpus").code == 0
    found = run("crawl", *urls, *OPTIONS)
    assert ("5 already there" in found.err, len(server.asked)) == (True, 5)
