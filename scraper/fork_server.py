"""The process that has loaded the extraction and forks workers, and what a worker does.

The standard library's fork server would import the caller's ``__main__`` into every worker (a
script without a guard would run twice, a notebook could not use it), load the model anew in each
(1.1 s and 130 MB of resident memory, measured), and keep the caller's standard output.
"""

import atexit
import contextlib
import errno
import gc
import os
import pickle
import resource
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import NoReturn

import msgspec
from msgspec import Struct

from scraper.advice import Reading
from scraper.blank import blank_fetch
from scraper.model import Explanation, Page

BURST = 71
"""Exit code of a worker whose memory limit was reached; os.EX_OSERR, which nothing else uses."""

START = 120.0
"""Seconds for an answer of the fork server: the first takes 2 s of CPU, 10 s at a load of 9."""

_PARENTS = frozenset({signal.SIGINT, signal.SIGTERM, signal.SIGHUP})
"""Signals that are for the caller, which lets workers finish their pages or ends them."""

_ALONE = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
"""Processes share the cores already; numpy's threads would also map 40 MB each."""

_REQUEST = struct.Struct("!q")  # a worker to end, or _FORK
_ANSWER = struct.Struct("!q")  # its pid or exit code; less than _REFUSED: not forked, by errno
_FORK = 0
_UNKNOWN = 1 << 16
_REFUSED = -(1 << 16)
_LENGTH = struct.Struct("!Q")

_PAGE_SIZE = os.sysconf("SC_PAGE_SIZE")
_SENTENCE = "The ferry left the quay at nine, and by noon the island was in sight of everyone. "
_RICH = f"""<!doctype html><html lang="en"><title>Noon at the quay</title><body>
        <nav><a href="/news">News</a></nav><article><h1>Noon at the quay</h1>
        <div class="byline">By Ines Carrowby and Tom Reed, ferry reporters</div>
        <div class="date">Published 4 March 2026, 8.15 am</div>
        {f"<p>{_SENTENCE * 3}</p>" * 5}</article></body></html>"""
_POOR = "<p>Noon"
"""Pages that make the extraction load its lists and, for the poor one, the second opinion."""


class Terms(Struct, frozen=True):
    """What a worker is told first: how to read; seconds of CPU a page; bytes beyond its start."""

    reading: Reading
    cpu: float
    memory: int


class ForkServer:
    """The caller's end: one process for all pools, started when first needed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._is_loaded = False
        self._is_closed = False

    def start(self) -> None:
        """Let the server begin to load; return at once."""
        with self._lock:
            if self._is_closed:
                return
            if self._process is None or self._process.poll() is not None:
                self._end()
                self._begin()

    def fork(self, pipe: socket.socket) -> int:
        """Return the pid of a new worker that serves ``pipe``; OSError where none can be had."""
        answer = self._ask(_FORK, pipe)
        if answer is None:  # the server was killed: by the kernel, or by a hand
            self.start()
            answer = self._ask(_FORK, pipe)
        if answer is None:
            raise OSError(errno.ECHILD, "the extraction process does not start")
        if answer < _REFUSED:
            raise OSError(_REFUSED - answer, "no process for extraction")
        return answer

    def end(self, pid: int) -> int | None:
        """Kill a worker and return its exit code, or minus the signal that ended it.

        One that was dying before keeps the reason of its death. None: it is not known.
        """
        answer = self._ask(pid)
        return None if answer == _UNKNOWN else answer

    def close(self) -> None:
        """End the server and all workers, for good."""
        self._is_closed = True
        if self._process is not None and not self._is_loaded:
            self._process.kill()  # a thread that waits for its first answer holds the lock
        with self._lock:
            self._end()

    def forget(self) -> None:
        """Leave the server to the process that this one was forked from."""
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            self._process.returncode = 0  # else it would complain that the server still runs
        self.__init__()  # type: ignore[misc] # the lock may have been held by a thread

    def _begin(self) -> None:
        self._control, theirs = socket.socketpair()
        self._control.settimeout(START)
        code = (
            f"import sys; sys.path[:] = {list(map(str, sys.path))!r}; "
            f"from scraper.fork_server import serve_forks; serve_forks({theirs.fileno()})"
        )
        # Blocked from its first instruction on: no traceback on Ctrl-C while it loads.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, _PARENTS)
        try:
            with theirs:
                self._process = subprocess.Popen(  # noqa: S603 - this very interpreter
                    [sys.executable, "-c", code],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    env={**os.environ, **_ALONE},
                    pass_fds=[theirs.fileno()],
                )
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def _end(self) -> None:
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(10 if self._is_loaded else 0)  # while it loads it has no workers
            self._process.kill()
            self._process.wait()
        self._process = self._control = None
        self._is_loaded = False

    def _ask(self, pid: int, pipe: socket.socket | None = None) -> int | None:
        """Return the server's answer; None where it is gone."""
        with self._lock:
            if self._control is None:
                return None
            try:
                handed = [pipe.fileno()] if pipe else []
                socket.send_fds(self._control, [_REQUEST.pack(pid)], handed)
                number: int = _ANSWER.unpack(self._control.recv(_ANSWER.size))[0]
            except (OSError, struct.error):
                self._end()
                return None
            except BaseException:  # Ctrl-C: the answer would be taken for the next one
                self._end()
                raise
            self._is_loaded = True
            return number


SERVER = ForkServer()
atexit.register(SERVER.close)
os.register_at_fork(after_in_child=SERVER.forget)


def send(pipe: socket.socket, frame: bytes, deadline: float | None = None) -> None:
    """Send a frame; TimeoutError where it is not taken by ``deadline`` (monotonic), or OSError."""
    pipe.settimeout(_left(deadline))
    pipe.sendall(_LENGTH.pack(len(frame)) + frame)


def receive(pipe: socket.socket, deadline: float | None = None) -> bytearray:
    """Return the next frame; TimeoutError at the ``deadline``, EOFError where the end is closed."""
    (length,) = _LENGTH.unpack(_received(pipe, _LENGTH.size, deadline))
    return _received(pipe, length, deadline)


def _received(pipe: socket.socket, length: int, deadline: float | None) -> bytearray:
    frame = bytearray(length)
    left = memoryview(frame)
    while left:
        pipe.settimeout(_left(deadline))
        count = pipe.recv_into(left)
        if not count:
            raise EOFError
        left = left[count:]
    return frame


def _left(deadline: float | None) -> float | None:
    # Not 0: that would mean not to wait at all, and raise another exception.
    return None if deadline is None else max(deadline - time.monotonic(), 0.001)


def serve_forks(number: int) -> NoReturn:
    """Fork a worker for each request on a socket until the caller is gone; then end them all.

    The caller may be gone by kill -9: the kernel closes its end.
    """
    control = socket.socket(fileno=number)
    _load()
    gc.freeze()  # collections in workers leave these objects, and so the shared memory, alone
    workers: set[int] = set()
    with contextlib.suppress(OSError):
        while request := socket.recv_fds(control, _REQUEST.size, 1):
            if not request[0]:
                break
            (pid,) = _REQUEST.unpack(request[0])
            answer = _ended(pid, workers) if pid else _forked(request[1][0], control, workers)
            control.sendall(_ANSWER.pack(answer))
    for pid in workers:
        os.kill(pid, signal.SIGKILL)
    os._exit(0)


def _load() -> None:
    """Extract once: what is loaded here, the workers share; each alone would need 1.5 s for it."""
    url = "https://harbour.example/noon"
    from scraper.extraction import explain_page  # noqa: PLC0415 - loaded here, not by the caller

    for html in (_RICH, _POOR):
        explain_page(Page(body=html.encode(), url=url, fetch=blank_fetch(url)))


def _forked(number: int, control: socket.socket, workers: set[int]) -> int:
    try:
        pid = os.fork()
    except OSError as error:
        os.close(number)
        return _REFUSED - (error.errno or errno.EAGAIN)
    if pid == 0:
        _work(number, control)
    os.close(number)
    workers.add(pid)
    return pid


def _ended(pid: int, workers: set[int]) -> int:
    """Kill a child and wait for it: until then no other process can get its number."""
    if pid not in workers:
        return _UNKNOWN
    workers.remove(pid)
    os.kill(pid, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _work(number: int, control: socket.socket) -> NoReturn:
    """Extract pages from a pipe until it is closed; never return into the server's loop."""
    code = 1
    # Held to the end: were it closed before, the caller would kill us before we can say the code.
    pipe = socket.socket(fileno=number)
    try:
        control.close()
        _be_humble()
        _serve(pipe)
    except (EOFError, OSError):
        code = 0
    except MemoryError:
        code = BURST
    finally:
        os._exit(code)


def _be_humble() -> None:
    """Be the first that the kernel ends where memory runs out, leave no core, make no noise.

    What a parser prints on a page is of no use without the page, which is kept in quarantine.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError):  # not on Linux, or forbidden
        Path("/proc/self/oom_score_adj").write_text("1000", "ascii")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stderr.fileno())
    os.close(nowhere)


def _serve(pipe: socket.socket) -> None:
    from scraper.extraction import explain_page  # noqa: PLC0415 - loaded here, not by the caller

    terms: Terms = pickle.loads(receive(pipe))  # noqa: S301 - from the caller alone
    _limit_memory(terms.memory)
    signal.signal(signal.SIGPROF, signal.SIG_DFL)  # ends the process, in native code too
    while True:
        whole, page = msgspec.msgpack.decode(receive(pipe), type=tuple[bool, Page])
        signal.setitimer(signal.ITIMER_PROF, terms.cpu)
        explanation = explain_page(page, terms.reading, whole=whole)
        signal.setitimer(signal.ITIMER_PROF, 0)
        if _has_burst(explanation):
            raise MemoryError
        send(pipe, msgspec.msgpack.encode(explanation))


def _has_burst(explanation: Explanation) -> bool:
    """Whether memory ran out, which the extraction reports as any other exception.

    A parser that gets no memory raises SelectolaxError; no bytes make it do so (fuzzed).
    """
    error = explanation.article.error
    if error is None or error.code != "internal":
        return False
    return "MemoryError" in error.message or "SelectolaxError" in error.message


def _limit_memory(extra: int) -> None:
    """Let this process map ``extra`` bytes more than it does now, where the kernel says how much.

    The limit is relative because the model and its libraries map 270 MB from the start.
    """
    mapped = _statm(os.getpid(), 0)
    if mapped:
        most = mapped + extra
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (most if hard < 0 else min(most, hard), hard))


def resident(pid: int) -> int:
    """Return the bytes of memory that a process holds, those shared included; 0: not known."""
    return _statm(pid, 1)


def _statm(pid: int, column: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_bytes().split()[column]) * _PAGE_SIZE
    except OSError:
        return 0
