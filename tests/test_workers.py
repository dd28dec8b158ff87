"""Processes that extract: one that dies or hangs costs its own page only."""

import contextlib
import multiprocessing
import os
import signal
import threading
import time
from pathlib import Path

import pytest
from loopback import article

from scraper.blank import blank_fetch
from scraper.extraction import Reading, extract_page
from scraper.model import Page
from scraper.workers import Workers

LONG = 30.0
PAGES_FOLDER = Path(__file__).parent.parent / "fixtures" / "pages"


def page(title="Noon", size=0):
    url = f"https://harbour.example/{title.lower()}"
    return Page(body=article(title) + b" " * size, url=url, fetch=blank_fetch(url))


@pytest.fixture
def one():
    """A pool of one process, which runs."""
    with Workers(1, LONG) as workers:
        assert workers.extract(page()).status == "ok"
        yield workers


def process_of(workers):
    """The only process of a pool."""
    (worker,) = workers._all
    return worker._process


@contextlib.contextmanager
def extracting(workers, *pages):
    """Extract each page in a thread of its own; yield the list that the records arrive in."""
    found = []
    threads = [
        threading.Thread(target=lambda one=one: found.append(workers.extract(one)), daemon=True)
        for one in pages
    ]
    for thread in threads:
        thread.start()
    yield found
    for thread in threads:
        thread.join(10)
    assert not any(thread.is_alive() for thread in threads)


PAGES = {
    "an article": page(),
    "an empty page": Page(body=b"", url=None, fetch=blank_fetch("x")),
    "random bytes": Page(body=bytes(range(256)) * 8, url=None, fetch=blank_fetch("x")),
    "two megabytes": page(size=2_000_000),
}


@pytest.mark.parametrize("given", PAGES.values(), ids=PAGES)
def test_a_process_gives_the_record_of_this_process(given, one):
    assert one.extract(given) == extract_page(given)


def test_a_process_is_used_again(one):
    before = process_of(one).pid
    one.extract(page("Dusk"))
    assert process_of(one).pid == before


def test_no_process_is_started_before_it_is_needed():
    with Workers(4, LONG) as workers:
        assert not workers._all


def test_without_processes_pages_are_extracted_here():
    with Workers(0, LONG) as workers:
        assert workers.extract(page()) == extract_page(page())
        assert multiprocessing.active_children() == []


def test_a_process_that_dies_on_a_page_is_extract_crashed(one):
    process = process_of(one)
    os.kill(process.pid, signal.SIGSTOP)  # so that the page is under way when it dies
    with extracting(one, page("Dusk")) as found:
        time.sleep(0.1)
        os.kill(process.pid, signal.SIGKILL)
    (record,) = found
    assert (record.status, record.error.code) == ("error", "extract_crashed")
    assert record.url == "https://harbour.example/dusk"


def test_the_page_after_a_death_is_fine(one):
    os.kill(process_of(one).pid, signal.SIGKILL)
    one.extract(page())
    assert one.extract(page("Dusk")).status == "ok"


def test_a_page_is_not_blamed_for_the_death_of_an_idle_process(one):
    os.kill(process_of(one).pid, signal.SIGKILL)
    process_of(one).join()
    assert one.extract(page("Dusk")).status == "ok"


def test_a_process_that_hangs_is_extract_timeout(one):
    process = process_of(one)
    os.kill(process.pid, signal.SIGSTOP)
    one._timeout = 0.2
    began = time.monotonic()
    record = one.extract(page("Dusk"))
    assert (record.status, record.error.code) == ("error", "extract_timeout")
    assert time.monotonic() - began < 2
    assert not process.is_alive()


def test_the_page_after_a_hang_is_fine(one):
    os.kill(process_of(one).pid, signal.SIGSTOP)
    one._timeout = 0.2
    one.extract(page())
    one._timeout = LONG
    assert one.extract(page("Dusk")).status == "ok"


def test_a_large_page_cannot_outwait_a_process_that_hangs(one):
    process = process_of(one)
    os.kill(process.pid, signal.SIGSTOP)
    one._timeout = 0.2
    with extracting(one, page(size=5_000_000)) as found:
        end = time.monotonic() + 2
        while not found and time.monotonic() < end:
            time.sleep(0.02)
        in_time = bool(found)
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)
    assert in_time


def test_the_end_of_a_pool_ends_its_processes():
    with Workers(2, LONG) as workers:
        with extracting(workers, page(), page("Dusk")):
            pass
        processes = [worker._process for worker in workers._all]
    assert [process.is_alive() for process in processes] == [False] * len(processes)


def test_a_pool_may_end_while_pages_are_under_way():
    pages = [page(name) for name in ("Dawn", "Noon", "Dusk", "Night")]
    with Workers(4, LONG) as workers:
        for one in pages:  # each by a process of its own: the longest idle is next
            workers.extract(one)
        for worker in workers._all:
            os.kill(worker._process.pid, signal.SIGSTOP)
        with extracting(workers, *pages):
            time.sleep(0.2)
            workers.__exit__(None, None, None)


def test_ctrl_c_does_not_end_a_process(one):
    os.kill(process_of(one).pid, signal.SIGINT)
    assert one.extract(page("Dusk")).status == "ok"


def test_threads_share_a_pool():
    names = ["Dawn", "Noon", "Dusk", "Night", "Ebb", "Flood"]
    with Workers(2, LONG) as workers, extracting(workers, *map(page, names)) as found:
        pass
    assert sorted(record.title for record in found) == sorted(names)
    assert len(workers._all) <= 2


def test_a_process_that_cannot_start_costs_no_place_in_the_pool(monkeypatch):
    with Workers(1, LONG) as workers:
        with monkeypatch.context() as patched:
            patched.setattr("scraper.workers._Worker", lambda _: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                workers.extract(page())
        assert workers.extract(page()).status == "ok"


@pytest.mark.parametrize("mode", ["article", "auto", "any"])
def test_a_process_is_told_the_mode(mode):
    front = PAGES_FOLDER / "index-page" / "page.html"
    given = Page(body=front.read_bytes(), url=None, fetch=blank_fetch("x"))
    with Workers(1, LONG, Reading(mode)) as workers:
        assert workers.extract(given) == extract_page(given, Reading(mode))


def test_without_processes_the_mode_is_heard():
    front = PAGES_FOLDER / "index-page" / "page.html"
    given = Page(body=front.read_bytes(), url=None, fetch=blank_fetch("x"))
    with Workers(0, LONG, Reading("any")) as workers:
        assert workers.extract(given) == extract_page(given, Reading("any"))
