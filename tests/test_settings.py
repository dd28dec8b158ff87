"""Settings: ranges, types, the file, and one clear line for what is wrong."""

import pytest

from scraper.errors import UsageError
from scraper.settings import Settings, load_settings, read_settings_file


def test_defaults_are_valid():
    assert load_settings({}) == Settings()


def test_text_is_read_as_the_field_s_type():
    assert load_settings({"retries": "5", "delay": "0.5"}) == Settings(retries=5, delay=0.5)


@pytest.mark.parametrize(
    "values",
    [
        {"retries": -1},
        {"delay": "fast"},
        {"robots": "maybe"},
        {"mode": "news"},
        {"timeout": 0},
        {"nonsense": 1},
    ],
)
def test_wrong_values_are_refused_by_name(values):
    with pytest.raises(UsageError, match=next(iter(values))):
        load_settings(values)


def test_no_file_is_no_settings(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert read_settings_file(None) == {}


def test_file_in_the_working_directory_is_read(tmp_path, monkeypatch):
    (tmp_path / "scraper.toml").write_text("delay = 3\n")
    monkeypatch.chdir(tmp_path)
    assert read_settings_file(None) == {"delay": 3}


@pytest.mark.parametrize("content", ["delay = ", "delay = 'x'", "dely = 1", "\xff"])
def test_a_wrong_file_is_named(tmp_path, content):
    path = tmp_path / "mine.toml"
    path.write_bytes(content.encode("latin-1"))
    with pytest.raises(UsageError, match=r"mine\.toml"):
        read_settings_file(path)
