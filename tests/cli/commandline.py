"""Runs the command line in this process, in an empty folder and without anyone's settings.

A test module takes the fixtures as ``run = commandline.run; alone = commandline.alone``.
"""

import io
import os
import sys
from typing import NamedTuple

import pytest

from scraper.cli import main


class Result(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def complaint(self):
        """The one line on standard error that says what is wrong."""
        assert self.err.startswith("scraper: ")
        assert self.err.count("\n") == 1, self.err
        assert self.out == ""
        return self.err.removeprefix("scraper: ").rstrip()


@pytest.fixture(autouse=True)
def alone(tmp_path, monkeypatch):
    """An empty working directory, no settings in the environment, no process but this."""
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.startswith("SCRAPER_") or name.lower() in {"http_proxy", "all_proxy"}:
            monkeypatch.delenv(name)
    monkeypatch.setenv("SCRAPER_WORKERS", "0")
    monkeypatch.setenv("SCRAPER_ALLOW_PRIVATE", "1")


@pytest.fixture
def run(alone, capsysbinary, monkeypatch):
    """Run ``scraper`` with arguments; ``stdin`` is bytes, None where it is closed."""

    def command(*args, stdin=b""):
        given = None if stdin is None else io.TextIOWrapper(io.BytesIO(stdin))
        monkeypatch.setattr(sys, "stdin", given)
        capsysbinary.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([str(arg) for arg in args], prog_name="scraper")
        out, err = capsysbinary.readouterr()
        return Result(ended.value.code or 0, out.decode(), err.decode())

    return command
