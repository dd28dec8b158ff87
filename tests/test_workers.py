"""Processes that extract: one that dies, hangs or bursts costs its own page only."""

import contextlib
import errno
import hashlib
import os
import signal
import subprocess
import sys
import threading
import time
import warnings
from pathlib import Path

import pytest
from faults import Faults
from loopback import article

from scraper.advice import Reading
from scraper.blank import blank_fetch
from scraper.extraction import extract_page
from scraper.fork_server import SERVER
from scraper.model import Page
from scraper.workers import QUARANTINE_FILES, Limits, Workers

LONG = 30.0
PAGES_FOLDER = Path(__file__).parent.parent / "fixtures" / "pages"
FAULTY = Reading(advisor=Faults())
NOTHING = Page(body=b"", url=None, fetch=blank_fetch("x"))  # needs hardly any time


def page(title="Noon", size=0, host="harbour"):
    url = f"https://{host}.example/{title.lower()}"
    return Page(body=article(title) + b" " * size, url=url, fetch=blank_fetch(url))


@pytest.fixture
def one():
    """A pool of one process, which runs."""
    with Workers(1, LONG) as workers:
        assert workers.extract(page()).status == "ok"
        yield workers


@pytest.fixture(scope="module")
def faulty():
    """A pool of one process, which the pages of some hosts take down."""
    with Workers(1, LONG, FAULTY, limits=Limits(cpu=0.3)) as workers:
        yield workers


def pid_of(workers):
    """The pid of the only process of a pool."""
    (worker,) = workers._all
    return worker.pid


def state(pid):
    """The letter that the kernel gives a process's state; None where there is no process."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def wait_for(condition, seconds=10):
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.002)
    return condition()


def kill(pid):
    """Kill a process of a pool and wait until it is dead."""
    os.kill(pid, signal.SIGKILL)
    assert wait_for(lambda: state(pid) in {"Z", None})


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
    "an empty page": NOTHING,
    "random bytes": Page(body=bytes(range(256)) * 8, url=None, fetch=blank_fetch("x")),
    "two megabytes": page(size=2_000_000),
    "a record larger than what a pipe holds": Page(
        body=article(extra="and so on " * 4_000), url=None, fetch=blank_fetch("x")
    ),
}


@pytest.mark.parametrize("given", PAGES.values(), ids=PAGES)
def test_a_process_gives_the_record_of_this_process(given, one):
    assert one.extract(given) == extract_page(given)


def test_a_process_is_used_again(one):
    before = pid_of(one)
    one.extract(page("Dusk"))
    assert pid_of(one) == before


def test_no_process_is_started_before_it_is_needed():
    with Workers(4, LONG) as workers:
        assert not workers._all


def test_without_processes_pages_are_extracted_here():
    with Workers(0, LONG) as workers:
        assert workers.extract(page()) == extract_page(page())
        assert not workers._all


# What may befall a page.

FATES = {
    "abort": ("extract_crashed", "the extraction process died of SIGABRT"),
    "segfault": ("extract_crashed", "the extraction process died of SIGSEGV"),
    "exit": ("extract_crashed", "the extraction process ended with exit code 3"),
    "killed": ("extract_memory", "killed by SIGKILL, as by the system where memory runs out"),
    "bomb": ("extract_memory", "more than 2,048 MiB of memory needed"),
    "spin": ("extract_timeout", "stopped after 0.3 s of processor time"),
}


@pytest.mark.parametrize("fate", FATES)
def test_a_failure_says_what_happened(fate, faulty):
    record = faulty.extract(page(host=fate))
    assert (record.status, record.error.code, record.error.message) == ("error", *FATES[fate])


@pytest.mark.parametrize("fate", FATES)
def test_the_page_after_a_failure_is_fine(fate, faulty):
    faulty.extract(page(host=fate))
    assert faulty.extract(page("Dusk")).status == "ok"


def test_a_failure_is_of_its_page(faulty):
    assert faulty.extract(page("Dusk", host="abort")).url == "https://abort.example/dusk"


def test_a_page_that_hangs_is_extract_timeout(faulty, monkeypatch):
    monkeypatch.setattr(faulty, "_timeout", 0.3)
    error = faulty.extract(page(host="hang")).error
    assert (error.code, error.message) == ("extract_timeout", "stopped after 0.3 s")


def test_a_page_larger_than_memory_is_extract_memory():
    with Workers(1, LONG, limits=Limits(memory=30 * 2**20)) as workers:
        error = workers.extract(page(size=40_000_000)).error
    assert (error.code, error.message) == ("extract_memory", "more than 30 MiB of memory needed")


def test_a_failure_among_threads_costs_one_record():
    pages = [page(host="abort" if number == 7 else "harbour") for number in range(16)]
    with Workers(2, LONG, FAULTY) as workers, extracting(workers, *pages) as found:
        pass
    assert sorted(record.status for record in found) == ["error"] + 15 * ["ok"]


def test_a_page_is_not_blamed_for_the_death_of_an_idle_process(one):
    kill(pid_of(one))
    assert one.extract(page("Dusk")).status == "ok"


def test_a_process_that_is_stopped_hangs(one):
    pid = pid_of(one)
    os.kill(pid, signal.SIGSTOP)
    one._timeout = 0.2
    began = time.monotonic()
    assert one.extract(page("Dusk")).error.code == "extract_timeout"
    assert time.monotonic() - began < 2
    assert state(pid) is None


def test_a_large_page_cannot_outwait_a_process_that_hangs(one):
    os.kill(pid_of(one), signal.SIGSTOP)
    one._timeout = 0.2
    with extracting(one, page(size=5_000_000)) as found:
        assert wait_for(lambda: found, 2)


def test_the_death_of_the_fork_server_costs_no_page(one):
    os.kill(SERVER._process.pid, signal.SIGKILL)
    first = one.extract(page())
    kill(pid_of(one))
    assert [first.status, one.extract(page("Dusk")).status] == ["ok", "ok"]


# Quarantine.


@pytest.fixture
def quarantining(tmp_path):
    folder = tmp_path / "corpus" / "quarantine"
    with Workers(1, LONG, FAULTY, limits=Limits(cpu=0.3), quarantine=folder) as workers:
        yield workers, folder


@pytest.mark.parametrize("fate", ["abort", "bomb", "spin"])
def test_a_page_that_fails_is_kept_in_quarantine(fate, quarantining):
    workers, folder = quarantining
    bad = page(host=fate)
    error = workers.extract(bad).error
    (path,) = folder.iterdir()
    assert path.name == f"{hashlib.sha256(bad.body).hexdigest()[:16]}.html"
    assert path.read_bytes() == bad.body
    assert error.message.endswith(f"; the page is {path.name} in quarantine")


def test_a_good_page_is_not_kept(quarantining):
    workers, folder = quarantining
    workers.extract(page())
    assert not folder.exists()


def test_a_page_in_quarantine_is_never_overwritten(quarantining):
    workers, folder = quarantining
    bad = page(host="abort")
    path = folder / f"{hashlib.sha256(bad.body).hexdigest()[:16]}.html"
    folder.mkdir(parents=True)
    path.write_text("annotated")
    workers.extract(bad)
    assert [entry.read_text() for entry in folder.iterdir()] == ["annotated"]


def test_a_full_quarantine_takes_no_more(quarantining):
    workers, folder = quarantining
    folder.mkdir(parents=True)
    for number in range(QUARANTINE_FILES):
        (folder / f"{number}.html").touch()
    error = workers.extract(page(host="abort")).error
    assert len(list(folder.iterdir())) == QUARANTINE_FILES
    assert error.message == FATES["abort"][1]


def test_a_page_too_large_for_the_quarantine_is_not_kept(quarantining, monkeypatch):
    workers, folder = quarantining
    monkeypatch.setattr("scraper.workers.QUARANTINE_BYTES", 100)
    workers.extract(page(host="abort"))
    assert not list(folder.iterdir())


def test_a_quarantine_that_cannot_be_written_costs_no_record(quarantining):
    workers, folder = quarantining
    folder.parent.mkdir()
    folder.write_text("a file")
    assert workers.extract(page(host="abort")).error.message == FATES["abort"][1]


def test_a_page_under_way_at_the_end_of_a_run_is_not_kept(quarantining):
    workers, folder = quarantining
    with extracting(workers, page(host="hang")) as found:
        assert wait_for(lambda: workers._all)
        workers.__exit__(None, None, None)
    assert found[0].error.message == "the run was stopped before the page was extracted"
    assert not folder.exists()


# The life of a pool and of its processes.


@pytest.mark.parametrize(
    ("limits", "replaced"),
    [(Limits(), 0), (Limits(pages=2), 2), (Limits(resident=1), 4)],
    ids=["at first", "after so many pages", "that holds too much memory"],
)
def test_a_process_is_replaced(limits, replaced):
    pids = []
    with Workers(1, LONG, limits=limits) as workers:
        for _ in range(5):
            assert workers.extract(NOTHING).error.code == "empty_body"
            pids.append(pid_of(workers))
    assert len(set(pids)) == replaced + 1


def test_deaths_leave_nothing_open(one):
    before = list(Path("/proc/self/fd").iterdir())
    for _ in range(50):
        kill(pid_of(one))
        one.extract(NOTHING)
    children = Path(f"/proc/{SERVER._process.pid}/task/{SERVER._process.pid}/children")
    assert list(Path("/proc/self/fd").iterdir()) == before
    assert str(pid_of(one)) in children.read_text().split()
    assert "Z" not in {state(pid) for pid in children.read_text().split()}


def test_the_end_of_a_pool_ends_its_processes():
    with Workers(2, LONG) as workers:
        workers.extract(page())
        workers.extract(page())
        pids = [worker.pid for worker in workers._all]
    assert [state(pid) for pid in pids] == [None, None]


def test_a_pool_may_end_while_pages_are_under_way():
    pages = [page(name, host="hang") for name in ("Dawn", "Noon", "Dusk", "Night")]
    with Workers(2, LONG, FAULTY) as workers, extracting(workers, *pages) as found:
        assert wait_for(lambda: len(workers._all) == len(workers._waiting) == 2)
        workers.__exit__(None, None, None)
    assert [record.error.code for record in found] == 4 * ["extract_crashed"]
    assert not workers._idle


def test_an_interruption_leaves_no_answer_for_the_next_page(one, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("scraper.workers.receive", interrupted)
        with pytest.raises(KeyboardInterrupt):
            one.extract(page("Dawn"))
    assert one.extract(page("Dusk")).title == "Dusk"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signals_for_the_caller_do_not_end_a_process(number, one):
    os.kill(pid_of(one), number)
    assert one.extract(page("Dusk")).status == "ok"


def test_64_threads_share_two_processes():
    names = [f"Page {number}" for number in range(64)]
    with Workers(2, LONG) as workers, extracting(workers, *map(page, names)) as found:
        pass
    assert sorted(record.title for record in found) == sorted(names)
    assert len(workers._all) == 2


def test_pages_are_served_in_the_order_they_come(one):
    found, threads = [], []
    os.kill(pid_of(one), signal.SIGSTOP)
    for number in range(8):
        threads.append(
            threading.Thread(target=lambda n=number: (one.extract(NOTHING), found.append(n)))
        )
        threads[-1].start()
        assert wait_for(lambda n=number: len(one._waiting) == n)
    os.kill(pid_of(one), signal.SIGCONT)
    for thread in threads:
        thread.join(10)
    assert found == sorted(found)


def test_a_busy_thread_overtakes_nobody(one):
    """A thread that gives a process back and asks again at once goes behind those that wait."""
    ended, pages = threading.Event(), []
    hog = threading.Thread(
        target=lambda: [pages.append(one.extract(NOTHING)) for _ in iter(ended.is_set, True)]
    )
    hog.start()
    assert wait_for(lambda: pages)
    before = len(pages)
    for _ in range(20):
        one.extract(NOTHING)
    served = len(pages) - before
    ended.set()
    hog.join()
    assert served < 60


@pytest.fixture
def crowded(monkeypatch):
    """A pool for which the system has no process, until the patch is undone."""

    def refused(*_):
        raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))

    with Workers(1, LONG) as workers:
        monkeypatch.setattr(SERVER, "fork", refused)
        yield workers


def test_a_page_for_which_there_is_no_process_is_extract_crashed(crowded):
    error = crowded.extract(page()).error
    message = "no process for extraction: Resource temporarily unavailable"
    assert (error.code, error.message) == ("extract_crashed", message)


def test_a_process_that_cannot_start_costs_no_place_in_the_pool(crowded, monkeypatch):
    crowded.extract(page())
    monkeypatch.undo()
    assert crowded.extract(page()).status == "ok"


def test_a_fork_of_the_caller_does_not_use_its_fork_server(one):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a test's other threads are none of this one's matter
        pid = os.fork()
    if pid == 0:
        os._exit(SERVER._process is not None or SERVER._control is not None)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


# What a process has of its surroundings.


def test_a_process_holds_nothing_that_its_caller_opened(tmp_path):
    with (tmp_path / "lock").open("w"), Workers(1, LONG) as workers:
        workers.extract(NOTHING)
        folder = Path(f"/proc/{pid_of(workers)}/fd")
        held = [str(entry.readlink()) for entry in folder.iterdir()]
    assert sorted(name.partition(":")[0] for name in held) == 3 * ["/dev/null"] + ["socket"]


def test_a_process_is_the_first_that_the_kernel_ends(one):
    assert Path(f"/proc/{pid_of(one)}/oom_score_adj").read_text() == "1000\n"


def test_a_process_leaves_no_core(one):
    limits = Path(f"/proc/{pid_of(one)}/limits").read_text()
    assert limits.partition("Max core file size")[2].split()[:2] == ["0", "0"]


def test_a_process_has_one_thread(one):
    assert "Threads:\t1\n" in Path(f"/proc/{pid_of(one)}/status").read_text()


SCRIPT = """
import sys
sys.path.insert(0, sys.argv[1])
from faults import Faults
from scraper.blank import blank_fetch
from scraper.advice import Reading
from scraper.model import Page
from scraper.workers import Workers
def page(host):
    body = b"<title>Noon</title>" + 9 * b"<p>The boats went out again, one after the other."
    return Page(body=body, url=f"https://{host}.example/", fetch=blank_fetch("x"))
workers = Workers(2, 30, Reading(advisor=Faults()))
"""


def script(text, **options):
    """Start a script that has no file and no guard, in a session of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", SCRIPT + text, str(Path(__file__).parent)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        text=True,
        **options,
    )


def family(pid):
    """The descendants of a process."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in children] + [
        more for child in children for more in family(child)
    ]


def test_no_process_outlives_a_caller_killed_by_sigkill():
    text = "[workers.extract(page(host)) for host in ('harbour', 'harbour', 'hang')]"
    with script(text) as process:
        assert wait_for(lambda: len(family(process.pid)) == 3, 60)
        pids = family(process.pid)
        process.kill()
        assert wait_for(lambda: [state(pid) for pid in pids] == [None, None, None])


LISTENING = """
try:
    print("begun", flush=True)
    workers.extract(page("noise"))
    workers.extract(page("hang"))
except KeyboardInterrupt:
    print("interrupted")
"""


@pytest.mark.parametrize("loaded", [False, True], ids=["while it loads", "while a page is read"])
def test_ctrl_c_and_noise_of_a_parser_show_nothing_of_a_process(loaded):
    with script(LISTENING) as process:
        assert process.stdout.readline() == "begun\n"
        if loaded:
            assert wait_for(lambda: len(family(process.pid)) == 3, 60)
        os.killpg(process.pid, signal.SIGINT)
        assert process.communicate(timeout=60) == ("interrupted\n", "")


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
