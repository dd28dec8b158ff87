"""What every test shares: no network beyond this machine, the schema, the golden pages."""

import json
import os
import signal
import socket
from pathlib import Path

import jsonschema
import pytest
from hypothesis import settings

from scraper import schema

settings.register_profile("suite", derandomize=True, deadline=None, max_examples=100)
settings.load_profile("suite")

FIXTURES = Path(__file__).parent.parent / "fixtures"


def pytest_addoption(parser):
    parser.addoption(
        "--regen",
        action="store_true",
        help="rewrite the golden records of fixtures/pages from what extract gives now",
    )


def pytest_configure(config):
    _heed_signals()
    if config.getoption("--regen") and os.environ.get("CI"):
        raise pytest.UsageError("--regen is refused under CI: golden records are reviewed by hand")


def _heed_signals():
    """Let children be interrupted: under nohup, or behind an ampersand, all would ignore it."""
    for number, handler in (
        (signal.SIGINT, signal.default_int_handler),
        (signal.SIGHUP, signal.SIG_DFL),
    ):
        if signal.getsignal(number) == signal.SIG_IGN:
            signal.signal(number, handler)


@pytest.fixture(autouse=True)
def _only_loopback(monkeypatch):
    """Let no test leave the machine."""
    connect = socket.socket.connect

    def checked(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6):
            host = str(address[0])
            assert host.startswith("127.") or host == "::1", f"connection to {host} in a test"
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", checked)


@pytest.fixture(autouse=True)
def _allow_loopback(monkeypatch):
    """Let the command line reach the servers of tests, which are refused as a rule."""
    monkeypatch.setenv("SCRAPER_ALLOW_PRIVATE", "1")


@pytest.fixture(scope="session")
def validator():
    """The published schema as another library understands it."""
    return jsonschema.Draft202012Validator(json.loads(schema.shipped()))
