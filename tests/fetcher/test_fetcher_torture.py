"""Every behaviour of the torture server ends in its code, in time, and in little memory."""

import time
from pathlib import Path

import loopback
import pytest

from bench.torture import behaviours
from bench.torture.behaviours import catalogue
from bench.torture.server import misbehaving
from scraper.fetcher import attempt, open_session
from scraper.model import Page
from scraper.settings import Settings

no_proxy = loopback.no_proxy

CASES = catalogue()
DEADLINE = 0.3
MEGABYTE = 2**20


@pytest.fixture(scope="module")
def port():
    """The port of a server that does all of it, with bombs of a size that tests can make."""
    behaviours.BOMB_SIZE, size = 60 * MEGABYTE, behaviours.BOMB_SIZE
    with misbehaving(CASES) as port:
        yield port
    behaviours.BOMB_SIZE = size


def resident():
    """Megabytes of this process in memory."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * 4096 / MEGABYTE


def asked(name, port, **settings):
    """What one behaviour comes to; what leads inside is asked through a proxy, as from outside."""
    case = CASES[name]
    root = f"http://127.0.0.1:{port}"
    proxied = {"proxy": root} if case.inside else {"allow_private": True}
    settings = Settings(timeout=5.0, **proxied, **settings)
    with open_session(settings) as session:
        url = f"http://public.example/{name}" if case.inside else f"{root}/{name}"
        return attempt(url, settings, session)


def code(answer):
    return "ok" if isinstance(answer, Page) else answer.code


QUICK = [name for name, case in CASES.items() if not case.outcomes & {"deadline_exceeded"}]
LATE = [name for name, case in CASES.items() if case.outcomes & {"deadline_exceeded"}]


@pytest.mark.parametrize("name", QUICK)
def test_an_answer_comes_to_its_code(name, port):
    answer = asked(name, port)
    assert code(answer) in CASES[name].outcomes


@pytest.mark.parametrize("name", LATE)
def test_an_answer_without_end_meets_the_deadline(name, port):
    url = f"http://127.0.0.1:{port}/{name}"
    settings = Settings(timeout=DEADLINE, allow_private=True)
    began = time.monotonic()
    with open_session(settings) as session:
        answer = attempt(url, settings, session)
    assert code(answer) in CASES[name].outcomes
    assert time.monotonic() - began < DEADLINE + 1


HEAVY = [name for name in QUICK if "bomb" in name or CASES[name].endless]
HEAVY += ["hdr_10MB", "chunk_huge", "redir_huge"]


@pytest.mark.parametrize("name", HEAVY)
def test_what_is_made_to_fill_memory_does_not(name, port):
    asked("ok", port)
    asked(name, port)  # the server, in this process, has made its bomb
    before = resident()
    began = time.monotonic()
    asked(name, port)
    assert time.monotonic() - began < 2
    assert resident() - before < 40


@pytest.mark.parametrize("name", [name for name in CASES if name.startswith("cs_")])
def test_a_charset_names_no_codec_but_the_web_s(name, port):
    answer = asked(name, port)
    article = behaviours.PAGE.decode()
    from scraper.encoding import decode  # noqa: PLC0415 - next to its use

    assert decode(answer.body, answer.fetch.content_type).text == article


def test_a_session_serves_on_after_all_of_it(port):
    settings = Settings(timeout=DEADLINE, allow_private=True)
    with open_session(settings) as session:
        for name in QUICK[:40]:
            attempt(f"http://127.0.0.1:{port}/{name}", settings, session)
        answer = attempt(f"http://127.0.0.1:{port}/ok", settings, session)
    assert answer.body == behaviours.PAGE


def open_files():
    return len(list(Path("/proc/self/fd").iterdir()))


def test_no_connection_is_left_open(port):
    settings = Settings(timeout=5.0, allow_private=True)
    with open_session(settings) as session:
        attempt(f"http://127.0.0.1:{port}/ok", settings, session)
    before = open_files()
    with open_session(settings) as session:
        for name in ("cl_neg", "gzip_bomb", "hdr_10MB", "redir_loop", "close", "pdf", "chunk_bad"):
            attempt(f"http://127.0.0.1:{port}/{name}", settings, session)
    time.sleep(0.1)  # until the threads of the server, in this process, have closed theirs
    assert open_files() <= before + 1
