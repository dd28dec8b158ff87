"""The installed size of a distribution and of what it needs."""

from types import SimpleNamespace

import pytest

from bench import size

INSTALLED = {
    "a": ["b[fast]>=1", "dev-only; extra == 'dev'", "gone"],
    "b": ["c; extra == 'fast'", "d; extra == 'slow'", "a"],
    "c": None,
}


@pytest.fixture
def installed(monkeypatch):
    def distribution(name):
        if name not in INSTALLED:
            raise size.PackageNotFoundError
        return SimpleNamespace(requires=INSTALLED[name])

    monkeypatch.setattr(size, "distribution", distribution)


def test_the_closure_follows_requirements_and_the_extras_they_ask_for(installed):
    assert list(size.closure("a")) == ["a", "b", "c"]


def test_bytecode_is_not_counted(tmp_path):
    for name in ("a.py", "a.pyc"):
        (tmp_path / name).write_bytes(b"12345")
    files = [SimpleNamespace(locate=path.resolve) for path in tmp_path.iterdir()]
    assert size.size(SimpleNamespace(files=files)) == 5


def test_a_package_in_editable_mode_is_counted_where_it_lies(tmp_path):
    pointer = tmp_path / "__editable__.bench-0.pth"
    pointer.write_text("x")
    files = [SimpleNamespace(locate=pointer.resolve)]
    found = SimpleNamespace(files=files, metadata={"Name": "bench"})
    assert size.size(found) > 1000


def test_the_table_sums_up():
    text = size.markdown({"a": ("1", 2**20), "b": ("2", 2**19), "c": ("3", 2**21)})
    assert "| a | 1 | 1.00 |\n| c | 3 | 2.00 |\n| b | 2 | 0.50 |\n| all |  | 3.50 |" in text
