"""Which URL is next: the order, the pauses and the end of a schedule."""

import contextlib
import queue
import random
import threading
import time
from collections import Counter

import pytest

from scraper.fetcher import Schedule, throttle
from scraper.model import Link, Task
from scraper.state import State


class Frontier:
    """Tasks in memory, named like ``a1``: their first letter is the host."""

    def __init__(self, *names):
        self.names = []
        self.tasks = {}
        self.lock = threading.Lock()
        self.add(*names)

    def add(self, *names):
        with self.lock:
            for name in names:
                if name[0] not in self.names:
                    self.names.append(name[0])
                seq = len(self.tasks) + 1
                self.tasks[seq] = (Task(seq=seq, id=name, link=Link(url=name), host=name[0]), True)

    def settle(self, task):
        with self.lock:
            self.tasks[task.seq] = (task, False)

    def again(self, name):
        """Let a task wait that is settled."""
        with self.lock:
            seq = next(seq for seq, (task, _) in self.tasks.items() if task.id == name)
            self.tasks[seq] = (self.tasks[seq][0], True)

    def hosts(self, after, count):
        with self.lock:
            waiting = {task.host for task, waits in self.tasks.values() if waits}
            numbered = enumerate(self.names, 1)
            found = [(n, name) for n, name in numbered if n > after and name in waiting]
            return found[:count]

    def take(self, host, after, count):
        with self.lock:
            found = [
                task
                for seq, (task, waits) in self.tasks.items()
                if waits and seq > after and task.host == self.names[host - 1]
            ]
            return found[:count]


class Run:
    """A schedule over a frontier, and what a crawl does with it."""

    def __init__(self, *names, is_open=False):
        self.frontier = Frontier(*names)
        self.schedule = Schedule(self.frontier)
        if not is_open:
            self.schedule.close()

    def start(self):
        return self.schedule.next()

    def end(self, task, pause=0.0):
        self.schedule.release(task, pause)
        self.settle(task)

    def settle(self, task):
        self.frontier.settle(task)
        self.schedule.settle(task)

    def add(self, *names):
        self.frontier.add(*names)
        self.schedule.wake()

    def all(self, pause=0.0):
        """The names in the order in which one thread gets them."""
        seen = []
        while task := self.start():
            seen.append(task.link.url)
            self.end(task, pause)
        return seen


class Asking:
    """A thread that asks for the next task."""

    def __init__(self, run):
        self.got = []
        self.thread = threading.Thread(target=lambda: self.got.append(run.start()), daemon=True)
        self.thread.start()

    def answer(self, timeout=5):
        self.thread.join(timeout)
        return self.got[0] and self.got[0].link.url

    def waits(self, seconds=0.05):
        self.thread.join(seconds)
        return not self.got


@pytest.fixture
def small(monkeypatch):
    """A window of two hosts, two URLs of a host at a time."""
    monkeypatch.setattr(throttle, "WINDOW", 2)
    monkeypatch.setattr(throttle, "BUFFER", 2)


# The order


def test_hosts_take_turns():
    assert Run("a1", "a2", "a3", "b1", "b2", "c1").all() == ["a1", "b1", "c1", "a2", "b2", "a3"]


@pytest.mark.parametrize("count", [throttle.BUFFER - 1, throttle.BUFFER, 3 * throttle.BUFFER + 1])
def test_a_host_keeps_its_order(count):
    names = [f"a{n}" for n in range(count)]
    assert Run(*names).all() == names


def test_a_host_is_asked_by_one_at_a_time():
    run = Run("a1", "a2")
    first = run.start()
    asking = Asking(run)
    assert asking.waits()
    run.end(first)
    assert asking.answer() == "a2"


def test_a_host_is_asked_for_its_next_page_before_the_last_is_settled():
    run = Run("a1", "a2")
    first = run.start()
    run.schedule.release(first, 0.0)
    assert run.start().link.url == "a2"


def test_another_host_need_not_wait():
    run = Run("a1", "a2", "b1")
    assert [run.start().link.url, run.start().link.url] == ["a1", "b1"]


def test_what_is_put_back_is_first_of_its_host():
    run = Run("a1", "a2", "a3")
    run.schedule.put_back(run.start(), 0.0)
    assert run.all() == ["a1", "a2", "a3"]


# Pauses


def waited(run):
    began = time.monotonic()
    run.start()
    return time.monotonic() - began


def test_a_host_rests():
    run = Run("a1", "a2")
    run.end(run.start(), 0.1)
    assert waited(run) >= 0.095


def test_what_is_put_back_rests():
    run = Run("a1")
    run.schedule.put_back(run.start(), 0.1)
    assert waited(run) >= 0.095


def test_a_host_that_comes_again_keeps_its_rest():
    run = Run("a1", is_open=True)
    run.end(run.start(), 0.15)
    run.add("a2")
    assert waited(run) >= 0.14


def test_a_host_that_comes_again_keeps_its_rest_while_others_are_asked():
    run = Run("a1", is_open=True)
    run.end(run.start(), 30.0)
    run.add("a2", "b1", "b2")
    seen = [run.start().link.url]
    assert seen == ["b1"]


def test_rests_that_are_over_are_forgotten(small):
    run = Run(*"abcdefghijklmnop")
    while task := run.start():
        run.end(task, 0.001)
        time.sleep(0.002)
    assert len(run.schedule._rests) <= 2 * throttle.WINDOW


def test_while_one_host_rests_all_others_are_asked():
    run = Run("a1", "a2", *(f"{host}{n}" for host in "bcdef" for n in range(20)), is_open=True)
    run.end(run.start(), 30.0)
    seen = []
    for _ in range(100):
        task = run.start()
        seen.append(task.link.url)
        run.end(task)
    assert len(seen) == 100


def test_while_one_host_is_slow_all_others_are_asked():
    run = Run("a1", "a2", *(f"{host}{n}" for host in "bc" for n in range(20)), is_open=True)
    run.start()
    for _ in range(40):
        run.end(run.start())
    assert Asking(run).waits()


# The end


def test_nothing_to_do_is_the_end():
    assert Run().start() is None


def test_the_end_is_the_end_for_ever():
    run = Run("a1")
    run.all()
    assert [run.start(), run.start()] == [None, None]


def test_who_waits_is_told_of_the_end():
    run = Run("a1")
    first = run.start()
    waiting = [Asking(run) for _ in range(3)]
    assert all(asking.waits() for asking in waiting)
    run.end(first)
    assert [asking.answer() for asking in waiting] == [None] * 3


def test_the_end_waits_for_what_is_not_settled():
    run = Run("a1")
    task = run.start()
    run.schedule.release(task, 0.0)
    asking = Asking(run)
    assert asking.waits()
    run.settle(task)
    assert asking.answer() is None


def test_what_a_last_page_adds_is_not_lost():
    run = Run("a1")
    task = run.start()
    asking = Asking(run)
    run.schedule.release(task, 0.0)
    run.add("b1")
    run.settle(task)
    assert asking.answer() == "b1"


def test_the_last_pause_of_a_host_delays_nobody():
    run = Run("a1")
    run.end(run.start(), 30.0)
    assert run.start() is None


def test_what_is_put_back_keeps_others_waiting_for_the_end():
    run = Run("a1")
    task = run.start()
    asking = Asking(run)
    run.schedule.put_back(task, 0.0)
    assert asking.answer() == "a1"


def test_an_open_schedule_waits_for_more():
    run = Run(is_open=True)
    asking = Asking(run)
    assert asking.waits()
    run.add("a1")
    assert asking.answer() == "a1"


def test_more_may_come_when_all_is_done():
    run = Run("a1", is_open=True)
    run.end(run.start())
    run.add("a2")
    assert run.start().link.url == "a2"


def test_more_may_come_for_a_host_under_way():
    run = Run("a1", is_open=True)
    task = run.start()
    run.add("a2")
    run.end(task)
    assert run.start().link.url == "a2"


@pytest.mark.parametrize("order", ["release", "settle"])
def test_what_waits_again_for_a_host_under_way_is_not_lost(order):
    run = Run("a1", "a2", is_open=True)
    run.end(run.start())
    task = run.start()
    if order == "settle":
        run.schedule.release(task, 0.0)
    run.frontier.again("a1")
    run.schedule.wake()
    asking = Asking(run)
    assert asking.waits()
    if order == "release":
        run.schedule.release(task, 0.0)
    run.settle(task)
    assert asking.answer() == "a1"


def test_what_waits_again_is_done_before_the_end():
    run = Run("a1", "a2", "b1", is_open=True)
    run.end(run.start())
    run.frontier.again("a1")
    run.schedule.wake()
    run.schedule.close()
    assert sorted(run.all()) == ["a1", "a2", "b1"]


def test_closing_an_empty_schedule_ends_it():
    run = Run(is_open=True)
    asking = Asking(run)
    assert asking.waits()
    run.schedule.close()
    assert asking.answer() is None


@pytest.mark.parametrize("pause", [0.0, 30.0])
def test_stop_sends_who_waits_home(pause):
    run = Run("a1", "a2")
    task = run.start()
    if pause:
        run.end(task, pause)
    waiting = [Asking(run) for _ in range(3)]
    assert all(asking.waits() for asking in waiting)
    run.schedule.stop()
    assert [asking.answer() for asking in waiting] == [None] * 3


def test_after_a_stop_nothing_is_given_out():
    run = Run("a1", "b1")
    run.schedule.stop()
    assert run.start() is None


# More hosts than have room


def test_all_hosts_have_their_turn(small):
    names = [f"{host}{n}" for host in "abcdefg" for n in range(5)]
    assert sorted(Run(*names).all()) == names


def test_a_large_host_gives_its_place_to_those_that_wait(small):
    names = [f"{host}{n}" for host in "ab" for n in range(50)]
    seen = Run(*names, "c0").all()
    assert seen.index("c0") <= 6


def test_a_large_host_comes_again(small):
    names = [f"a{n}" for n in range(30)]
    seen = Run(*names, "b0", "c0", "d0").all()
    assert [name for name in seen if name[0] == "a"] == names


def test_a_window_full_of_resting_hosts_is_waited_for(small):
    run = Run("a1", "a2", "b1", "b2", "c1")
    for _ in range(2):
        run.end(run.start(), 0.05)
    assert sorted(run.all()) == ["a2", "b2", "c1"]


def test_hosts_found_late_have_their_turn(small):
    run = Run("a1", "b1", "c1", "d1", is_open=True)
    seen = [run.start() for _ in range(2)]
    run.add("e1")
    for task in seen:
        run.end(task)
    run.schedule.close()
    assert sorted(run.all()) == ["c1", "d1", "e1"]


# Many threads at once


class Stress:
    """Threads that take random times, put tasks back, add tasks and settle late."""

    def __init__(self, schedule, settle, seed):
        self.schedule = schedule
        self.settle = settle
        self.random = random.Random(seed)
        self.started = Counter()
        self.ended = []
        self.busy = Counter()
        self.free_at = {}
        self.faults = []
        self.lock = threading.Lock()
        self.done = queue.Queue()

    def work(self):
        while task := self.schedule.next():
            self._begin(task)
            time.sleep(self.random.choice([0, 0, 0.001]))
            pause = self.random.choice([0, 0, 0.002])
            again = self.random.random() < 0.2
            with self.lock:
                self.busy[task.host] -= 1
                self.free_at[task.host] = time.monotonic() + pause
            if again:
                self.schedule.put_back(task, pause)
            else:
                self.schedule.release(task, pause)
                self.done.put(task)
        self.done.put(None)

    def _begin(self, task):
        with self.lock:
            self.busy[task.host] += 1
            if self.busy[task.host] > 1:
                self.faults.append(f"{task.host} asked twice at a time")
            if time.monotonic() < self.free_at.get(task.host, 0):
                self.faults.append(f"{task.host} asked too early")

    def run(self, threads=8):
        workers = [threading.Thread(target=self.work, daemon=True) for _ in range(threads)]
        for worker in workers:
            worker.start()
        working = threads
        while working:
            batch = [self.done.get(timeout=10)]
            with contextlib.suppress(queue.Empty):
                while len(batch) < self.random.randint(1, 9):
                    batch.append(self.done.get_nowait())
            working -= batch.count(None)
            tasks = [task for task in batch if task is not None]
            self.ended += [task.link.url for task in tasks]
            self.settle(tasks)
            for task in tasks:
                self.schedule.settle(task)


def names_of(seed, hosts=15):
    chance = random.Random(seed)
    sizes = [chance.choice([1, 1, 2, 5, 20]) for _ in range(hosts)]
    names = [f"{chr(97 + host)}{n}" for host, size in enumerate(sizes) for n in range(size)]
    chance.shuffle(names)
    return names


def feed(add, names, schedule):
    """Add names in pieces, slowly, from a thread of its own."""

    def go():
        for start in range(0, len(names), 7):
            add(names[start : start + 7])
            schedule.wake()
            time.sleep(0.001)
        schedule.close()

    threading.Thread(target=go, daemon=True).start()


@pytest.mark.parametrize("seed", range(6))
def test_many_threads_get_each_task_once(seed, monkeypatch):
    monkeypatch.setattr(throttle, "WINDOW", 4)
    monkeypatch.setattr(throttle, "BUFFER", 3)
    names, frontier = names_of(seed), Frontier()
    schedule = Schedule(frontier)
    stress = Stress(schedule, lambda tasks: [frontier.settle(task) for task in tasks], seed)
    feed(lambda some: frontier.add(*some), names, schedule)
    stress.run()
    assert (sorted(stress.ended), stress.faults) == (sorted(names), [])


@pytest.mark.parametrize("seed", range(3))
def test_many_threads_get_each_url_of_a_state_once(seed, monkeypatch, tmp_path):
    monkeypatch.setattr(throttle, "WINDOW", 4)
    monkeypatch.setattr(throttle, "BUFFER", 3)
    urls = [f"https://{name[0]}.example/{name}" for name in names_of(seed)]
    with State(tmp_path / "state.sqlite") as state:
        schedule = Schedule(state)
        stress = Stress(schedule, state.unqueue, seed)
        feed(lambda some: state.add([Link(url=url) for url in some], 1.0), urls, schedule)
        stress.run()
        assert (sorted(stress.ended), stress.faults) == (sorted(urls), [])
        assert state.waiting() == 0
