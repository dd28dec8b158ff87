"""A loopback server and a session for each test of the fetcher; no proxy of the machine's."""

import pytest
from loopback import Server

from scraper.fetcher import open_session
from scraper.settings import Settings


@pytest.fixture
def server():
    with Server() as server:
        yield server


@pytest.fixture
def session():
    with open_session(Settings()) as session:
        yield session


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
