"""One thread cuts what is overdue, and nothing else."""

import contextlib
import socket
import threading
import time

import loopback
import pytest
from loopback import page

from scraper.errors import FetchError
from scraper.fetcher import attempt, open_session
from scraper.fetcher.deadline import Deadline, current_deadline
from scraper.settings import Settings

server = loopback.server
no_proxy = loopback.no_proxy
session = loopback.session

QUICK = Settings(timeout=5.0, allow_private=True)


@pytest.fixture
def pair():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def ended(seconds, block):
    """The message of a block that may last so long; None where it ended in time."""
    try:
        with Deadline(seconds) as deadline:
            block(deadline)
    except FetchError as error:
        return str(error)
    return None


def test_an_overdue_socket_is_shut(pair):
    def block(deadline):
        deadline.watch(pair[0])
        assert pair[0].recv(1) == b""

    began = time.monotonic()
    assert ended(0.05, block) == "not complete after 0.05 s"
    assert time.monotonic() - began < 1


def test_a_socket_watched_too_late_is_shut_at_once(pair):
    def block(deadline):
        time.sleep(0.1)
        deadline.watch(pair[0])
        assert pair[0].recv(1) == b""

    assert ended(0.01, block) == "not complete after 0.01 s"


def test_a_socket_whose_deadline_was_met_is_left_alone(pair):
    ours, theirs = pair
    with Deadline(0.05) as deadline:
        deadline.watch(ours)
    time.sleep(0.1)
    theirs.send(b"x")
    assert ours.recv(1) == b"x"


def test_an_earlier_deadline_is_met_while_a_later_one_waits(pair):
    ours, _ = pair
    began = time.monotonic()
    with contextlib.suppress(FetchError), Deadline(30), Deadline(0.05) as deadline:
        deadline.watch(ours)
        ours.recv(1)
    assert time.monotonic() - began < 1


def test_the_block_around_cuts_what_the_block_inside_watches(pair):
    def block(_):
        with Deadline(30) as inner:
            inner.watch(pair[0])
            assert pair[0].recv(1) == b""

    assert ended(0.05, block) == "not complete after 0.05 s"


def test_the_block_inside_has_no_more_time_than_the_one_around():
    with Deadline(1), Deadline(30) as inner:
        assert inner.left() <= 1
    assert current_deadline() is None


def test_one_thread_serves_all_fetches(server, session):
    server.routes["/a"] = page()
    attempt(server.url("/a"), QUICK, session)
    before = {thread.name for thread in threading.enumerate()}
    for _ in range(20):
        attempt(server.url("/a"), QUICK, session)
    names = [thread.name for thread in threading.enumerate() if thread.name == "deadlines"]
    assert names == ["deadlines"]
    assert {thread.name for thread in threading.enumerate()} <= before


def test_a_handshake_that_drips_meets_the_deadline():
    ended = threading.Event()

    def drip(listening):
        connection, _ = listening.accept()
        with connection, contextlib.suppress(OSError):
            connection.sendall(b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc")
            while not ended.wait(0.05):
                connection.sendall(b"\x03")

    settings = Settings(timeout=0.3, allow_private=True)
    with socket.create_server(("127.0.0.1", 0)) as listening, open_session(settings) as session:
        thread = threading.Thread(target=drip, args=(listening,))
        thread.start()
        began = time.monotonic()
        answer = attempt(f"https://127.0.0.1:{listening.getsockname()[1]}/", settings, session)
        took = time.monotonic() - began
        ended.set()
        thread.join()
    assert (answer.code, took < 1.3) == ("deadline_exceeded", True)
