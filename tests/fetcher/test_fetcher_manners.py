"""Which hosts rest, and which are down."""

import threading
import time

import pytest

from scraper.fetcher import Manners, manners
from scraper.fetcher.manners import DEAD_CODES, DOWN_AFTER, MAX_REST

NOW = 1_800_000_000.0


@pytest.fixture
def clock(monkeypatch):
    """Monotonic time that passes when the test says so."""

    class Clock:
        now = 1000.0

    monkeypatch.setattr(time, "monotonic", lambda: Clock.now)
    return Clock


def rest(manner, host):
    return manner.ask(host).rest


# Rests


def test_nobody_rests_unasked():
    assert Manners().ask("a.example") == (0.0, False)


def test_a_host_rests_as_long_as_it_asks(clock):
    known = Manners()
    known.cool("a.example", 30)
    clock.now += 10
    assert rest(known, "a.example") == 20


def test_a_rest_ends(clock):
    known = Manners()
    known.cool("a.example", 30)
    clock.now += 31
    assert rest(known, "a.example") == 0


def test_others_do_not_rest(clock):
    known = Manners()
    known.cool("a.example", 30)
    assert rest(known, "b.example") == 0


@pytest.mark.parametrize("asked", [(30, 10), (10, 30)])
def test_of_two_rests_the_longer_holds(clock, asked):
    known = Manners()
    for seconds in asked:
        known.cool("a.example", seconds)
    assert rest(known, "a.example") == 30


def test_no_rest_is_longer_than_a_day(clock):
    known = Manners()
    known.cool("a.example", 1e12)
    assert rest(known, "a.example") == MAX_REST


def test_a_rest_of_an_earlier_run_goes_on(clock):
    known = Manners({"a.example": NOW + 50}, NOW)
    clock.now += 20
    assert rest(known, "a.example") == 30


def test_one_host_of_a_domain_rests_alone(clock):
    known = Manners()
    known.cool("a.harbour.co.uk", 30)
    assert rest(known, "b.harbour.co.uk") == 0


def test_when_two_hosts_of_a_domain_ask_all_of_it_rests(clock):
    known = Manners()
    known.cool("a.harbour.co.uk", 30)
    known.cool("b.harbour.co.uk", 20)
    assert [rest(known, f"{name}.harbour.co.uk") for name in "abc"] == [30, 20, 20]
    assert rest(known, "harbour.co.uk") == 20


def test_one_host_that_asks_twice_is_not_two(clock):
    known = Manners()
    for _ in range(2):
        known.cool("a.harbour.co.uk", 30)
    assert rest(known, "b.harbour.co.uk") == 0


def test_a_public_suffix_is_no_domain(clock):
    known = Manners()
    known.cool("harbour.co.uk", 30)
    known.cool("pier.co.uk", 30)
    assert rest(known, "quay.co.uk") == 0


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "127.0.0.1", "[::1]:8080", "localhost", ""])
def test_an_address_rests_alone(clock, host):
    known = Manners()
    known.cool(host, 30)
    known.cool("127.0.0.2:8080", 30)
    assert rest(known, host) == 30
    assert rest(known, "127.0.0.3:8080") == 0


def test_ports_of_one_name_are_hosts_of_one_domain(clock):
    known = Manners()
    for port in (8001, 8002):
        known.cool(f"a.example.org:{port}", 30)
    assert rest(known, "a.example.org:8003") == 30


# Hosts that are down


def down(known, host="a.example"):
    return known.ask(host).is_down


def fail(known, times, code="connect_failed", host="a.example"):
    for _ in range(times):
        known.failed(host, code)


@pytest.mark.parametrize("code", sorted(DEAD_CODES))
def test_a_host_that_fails_often_is_down(code):
    known = Manners()
    fail(known, DOWN_AFTER - 1, code)
    before = down(known)
    fail(known, 1, code)
    assert (before, down(known)) == (False, True)


def test_another_host_is_not_down():
    known = Manners()
    fail(known, DOWN_AFTER)
    assert not down(known, "b.example")


def test_an_answer_is_a_sign_of_life():
    known = Manners()
    fail(known, DOWN_AFTER - 1)
    known.answered("a.example")
    fail(known, DOWN_AFTER - 1)
    assert not down(known)


@pytest.mark.parametrize("code", ["http_4xx", "http_5xx", "rate_limited", "connection_reset"])
def test_a_failure_of_a_page_is_a_sign_of_life(code):
    known = Manners()
    fail(known, DOWN_AFTER - 1)
    fail(known, 1, code)
    fail(known, DOWN_AFTER - 1)
    assert not down(known)


def test_a_late_answer_finds_a_host_up_again():
    known = Manners()
    fail(known, DOWN_AFTER)
    known.answered("a.example")
    assert not down(known)


# Memory


def test_only_so_many_hosts_are_remembered(monkeypatch):
    monkeypatch.setattr(manners, "MAX_HOSTS", 100)
    known = Manners()
    for n in range(300):
        known.failed(f"{n}.example", "dns_failed")
        known.cool(f"{n}.example", 30)
    assert max(map(len, (known._failures, known._rests, known._limited))) == 100


def test_the_latest_trouble_is_remembered(monkeypatch):
    monkeypatch.setattr(manners, "MAX_HOSTS", 100)
    known = Manners()
    for n in range(300):
        known.cool(f"h{n}.example", 30)
    assert rest(known, "h299.example") > 0
    assert rest(known, "h0.example") == 0


def test_a_domain_of_countless_hosts_is_remembered_by_two():
    known = Manners()
    for n in range(1000):
        known.cool(f"h{n}.example.org", 30)
    assert len(known._limited["example.org"]) == 2


# Threads


def test_threads_may_share_it():
    known = Manners()

    def work(n):
        for _ in range(200):
            fail(known, 1, host=f"{n}.example")
            known.cool(f"{n}.example", 1)
            known.ask("0.example")
            known.answered(f"{n}.example")

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert not any(down(known, f"{n}.example") for n in range(4))
