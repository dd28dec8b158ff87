"""Which URL is next: the order, the pauses and the end of a schedule."""

import threading
import time

import pytest

from scraper.fetcher import Schedule, Task
from scraper.model import Link


def tasks(*names):
    """One task a name; its first letter is the host."""
    return [Task(link=Link(url=name), host=name[0]) for name in names]


def drained(schedule):
    """The URLs in the order in which one thread gets them."""
    seen = []
    while task := schedule.next():
        seen.append(task.link.url)
        schedule.finish(task, 0.0)
    return seen


def test_hosts_take_turns():
    schedule = Schedule(tasks("a1", "a2", "a3", "b1", "b2", "c1"))
    assert drained(schedule) == ["a1", "b1", "c1", "a2", "b2", "a3"]


def test_a_host_keeps_its_order():
    schedule = Schedule(tasks(*(f"a{n}" for n in range(50))))
    assert drained(schedule) == [f"a{n}" for n in range(50)]


def test_nothing_to_do_is_the_end():
    assert Schedule([]).next() is None


def test_the_end_is_the_end_for_ever():
    schedule = Schedule(tasks("a1"))
    drained(schedule)
    assert [schedule.next(), schedule.next()] == [None, None]


class Asking:
    """A thread that asks for the next task."""

    def __init__(self, schedule):
        self.got = []
        self.thread = threading.Thread(target=self._ask, args=(schedule,), daemon=True)
        self.thread.start()

    def _ask(self, schedule):
        self.got.append(schedule.next())

    def answer(self, timeout):
        """The task, or an exception when none comes in time."""
        self.thread.join(timeout)
        return self.got[0].link.url if self.got[0] else None

    def waits(self):
        self.thread.join(0.05)
        return not self.got


def test_a_host_is_asked_by_one_at_a_time():
    schedule = Schedule(tasks("a1", "a2"))
    first = schedule.next()
    asking = Asking(schedule)
    assert asking.waits()
    schedule.finish(first, 0.0)
    assert asking.answer(2) == "a2"


def test_another_host_need_not_wait():
    schedule = Schedule(tasks("a1", "a2", "b1"))
    assert [schedule.next().link.url, schedule.next().link.url] == ["a1", "b1"]


def test_who_waits_is_told_of_the_end():
    schedule = Schedule(tasks("a1"))
    first = schedule.next()
    asking = Asking(schedule)
    assert asking.waits()
    schedule.finish(first, 0.0)
    assert asking.answer(2) is None


def test_a_host_rests():
    schedule = Schedule(tasks("a1", "a2"))
    schedule.finish(schedule.next(), 0.1)
    began = time.monotonic()
    schedule.next()
    assert time.monotonic() - began >= 0.095


def test_while_one_host_rests_another_is_asked():
    schedule = Schedule(tasks("a1", "a2", "b1", "b2"))
    schedule.finish(schedule.next(), 30.0)
    assert [schedule.next().link.url] == ["b1"]


def test_the_last_pause_of_a_host_delays_nobody():
    schedule = Schedule(tasks("a1"))
    schedule.finish(schedule.next(), 30.0)
    assert schedule.next() is None


def test_what_is_put_back_is_first_of_its_host():
    schedule = Schedule(tasks("a1", "a2", "a3"))
    schedule.put_back(schedule.next(), 0.0)
    assert drained(schedule) == ["a1", "a2", "a3"]


def test_what_is_put_back_rests():
    schedule = Schedule(tasks("a1"))
    schedule.put_back(schedule.next(), 0.1)
    began = time.monotonic()
    assert schedule.next().link.url == "a1"
    assert time.monotonic() - began >= 0.095


def test_what_is_put_back_keeps_others_waiting_for_the_end():
    schedule = Schedule(tasks("a1"))
    task = schedule.next()
    asking = Asking(schedule)
    schedule.put_back(task, 0.0)
    assert asking.answer(2) == "a1"


@pytest.mark.parametrize("pause", [0.0, 30.0])
def test_stop_sends_who_waits_home(pause):
    schedule = Schedule(tasks("a1", "a2"))
    task = schedule.next()
    if pause:
        schedule.finish(task, pause)
    waiting = [Asking(schedule) for _ in range(3)]
    assert all(asking.waits() for asking in waiting)
    schedule.stop()
    assert [asking.answer(2) for asking in waiting] == [None] * 3


def test_after_a_stop_nothing_is_given_out():
    schedule = Schedule(tasks("a1", "b1"))
    schedule.stop()
    assert schedule.next() is None


def test_many_threads_get_each_task_once():
    names = [f"{host}{n}" for host in "abcdefgh" for n in range(40)]
    schedule = Schedule(tasks(*names))
    seen = []
    threads = [threading.Thread(target=lambda: seen.extend(drained(schedule))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert sorted(seen) == sorted(names)
