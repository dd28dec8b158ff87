"""The command line as a process of its own: signals, pipes that break, disks that are full."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import commandline
import loopback
import pytest
from loopback import article, page, raw

from scraper.schema import complaint

run = commandline.run
alone = commandline.alone
server = loopback.server

SCRAPER = [sys.executable, "-m", "scraper"]


@contextlib.contextmanager
def started(*args, **options):
    """A running ``scraper``, alone in its process group; its standard error is piped."""
    command = [*SCRAPER, *map(str, args)]
    given = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE} | options
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, start_new_session=True, text=True, **given
    ) as process:
        try:
            yield process
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def ended(process, timeout=8.0):
    """Exit code and standard error, when it has come to its end."""
    _, err = process.communicate(timeout=timeout)
    return process.returncode, err


COUNT = 30


def pages(after=0.0):
    return {f"/{n}": page(article(f"Page {n}"), after=after) for n in range(COUNT)}


@pytest.fixture(autouse=True)
def _pages(alone, server, monkeypatch):
    monkeypatch.setenv("SCRAPER_DELAY", "0")
    monkeypatch.setenv("SCRAPER_ROBOTS", "ignore")
    server.routes = pages(after=0.03) | {"/hangs": raw(stall=True)}


@pytest.fixture
def urls(alone, server):
    Path("urls.txt").write_text("".join(f"{server.url(f'/{n}')}\n" for n in range(COUNT)))
    return "urls.txt"


def lines(name="articles.jsonl"):
    return Path("output", name).read_bytes().split(b"\n")


def check_whole():
    """Fail unless every line of the corpus is a whole and valid record."""
    for name in ("articles.jsonl", "errors.jsonl"):
        *records, rest = lines(name)
        assert rest == b""
        assert {complaint(record) for record in records} <= {None}


# Signals


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_stops_a_crawl_in_good_order(number, code, server, urls, run):
    with started("crawl", "-i", urls) as process:
        server.wait_for("/3")
        process.send_signal(number)
        returned, err = ended(process)
    assert returned == code
    assert "stopped before the end" in err
    check_whole()
    assert 3 < len(lines()) < COUNT


def test_a_stopped_crawl_is_taken_up_by_the_next(server, urls, run):
    with started("crawl", "-i", urls) as process:
        server.wait_for("/3")
        process.send_signal(signal.SIGINT)
        ended(process)
    server.routes = pages()
    run("crawl", "-i", urls)
    assert sorted(server.asked) == sorted(pages())


def test_a_second_ctrl_c_ends_at_once(server):
    with started("crawl", server.url("/1"), server.url("/hangs")) as process:
        server.wait_for("/hangs")
        process.send_signal(signal.SIGINT)
        assert "once more" in process.stderr.readline()
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        code, err = ended(process)
    assert (code, err.strip()) == (130, "scraper: interrupted")
    assert time.monotonic() - began < 2
    check_whole()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_to_all_processes_blames_no_page(number, server, monkeypatch):
    monkeypatch.setenv("SCRAPER_WORKERS", "1")
    server.routes["/slow"] = page(article("Slow"), after=0.3)
    with started("crawl", server.url("/1"), server.url("/slow")) as process:
        server.wait_for("/slow")
        os.killpg(process.pid, number)
        code, _ = ended(process)
    assert code == 128 + number
    assert lines("errors.jsonl") == [b""]
    assert [json.loads(line)["title"] for line in lines()[:-1]] == ["Page 1", "Slow"]


def test_sigterm_to_all_processes_does_not_blame_the_page_being_extracted(server, monkeypatch):
    monkeypatch.setenv("SCRAPER_WORKERS", "1")
    body = article(extra="".join(f"</p><p>The wind had kept number {n} up." for n in range(1200)))
    server.routes["/long"] = page(body)
    with started("crawl", server.url("/1"), server.url("/long")) as process:
        while server.sent["/long"] < len(body):
            time.sleep(0.01)
        time.sleep(0.1)
        os.killpg(process.pid, signal.SIGTERM)
        ended(process)
    assert lines("errors.jsonl") == [b""]


def test_a_killed_crawl_is_taken_up_by_the_next(server, urls, run):
    with started("crawl", "-i", urls) as process:
        server.wait_for("/5")
        process.kill()
        process.wait()
    server.routes = pages()
    run("crawl", "-i", urls)
    check_whole()
    found = [json.loads(line)["title"] for line in lines()[:-1]]
    assert sorted(found) == sorted(f"Page {n}" for n in range(COUNT))


def test_ctrl_c_leaves_no_half_file(server):
    Path("out.json").write_text("old")
    with started("get", server.url("/hangs"), "-o", "out.json") as process:
        server.wait_for("/hangs")
        process.send_signal(signal.SIGINT)
        code, err = ended(process)
    assert (code, err.strip()) == (130, "scraper: interrupted")
    assert [path.name for path in Path().iterdir()] == ["out.json"]
    assert Path("out.json").read_text() == "old"


def test_a_second_crawl_of_the_folder_is_exit_code_75(server, run):
    with started("crawl", server.url("/hangs")):
        server.wait_for("/hangs")
        assert run("crawl", server.url("/1")).code == 75


# Pipes and disks


@pytest.fixture
def many(alone):
    """A folder whose records are more than any pipe holds."""
    Path("d").mkdir()
    for n in range(60):
        Path(f"d/{n}.html").write_bytes(article(extra="and so on " * 40))


@pytest.mark.parametrize("workers", [0, 1])
def test_a_reader_that_has_seen_enough_ends_it_quietly(workers, many):
    with started("clean", "d", "-q", "-j", workers) as process:
        first = process.stdout.readline()
        process.stdout.close()
        err = process.stderr.read()
        process.wait(8)
    assert complaint(first.encode()) is None
    assert err == ""


@pytest.mark.parametrize("args", [("schema",), ("clean", "a.html")], ids=["schema", "clean"])
def test_a_full_disk_is_one_line_and_exit_code_4(args):
    Path("a.html").write_bytes(article())
    with open("/dev/full", "wb") as full, started(*args, stdout=full) as process:  # noqa: PTH123
        code, err = ended(process)
    assert (code, err.count("\n")) == (4, 1)
    assert err.startswith("scraper: ")


def test_a_closed_standard_output_is_one_line_and_exit_code_4():
    Path("a.html").write_bytes(article())
    command = f"{' '.join(SCRAPER)} clean a.html >&-"
    found = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)
    assert (found.returncode, found.stderr.count("\n")) == (4, 1)
