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


BAD_HEADERS = ["nonsense", ": b", "X A: b", "X: a\r\nY: b", "X: a\nb", "X: \0", "X: \u20ac"]
BAD_HEADERS += ["Host: a", "Content-Length: 5", "transfer-encoding: chunked", "Range: bytes=0-"]
BAD_HEADERS += ["User-Agent: a"]


@pytest.mark.parametrize("header", BAD_HEADERS)
def test_a_header_that_none_may_send_is_refused(header):
    with pytest.raises(UsageError, match=r"^headers: "):
        load_settings({"headers": [header]})


def test_a_refused_header_is_not_repeated():
    with pytest.raises(UsageError) as caught:
        load_settings({"headers": ["Authorization: geheim\r\n"]})
    assert "geheim" not in str(caught.value)


@pytest.mark.parametrize(
    "header", ["X-A: b", "X-A:b", "Cookie: a=b; c=d", "X-A:", "X-A: caf\u00e9"]
)
def test_a_header_is_taken(header):
    assert load_settings({"headers": [header]}).headers == (header,)


BAD_PROXIES = ["a.example:8080", "socks5://a.example:1", "ftp://a.example", "http://"]
BAD_PROXIES += ["http://a:99999", "http://a.example\r\n", "http://[bad", "http://ada:ge heim@a.b"]


@pytest.mark.parametrize("proxy", BAD_PROXIES)
def test_a_proxy_that_is_none_is_refused_and_not_repeated(proxy):
    with pytest.raises(UsageError, match=r"^proxy: expected http://HOST:PORT"):
        load_settings({"proxy": proxy})


@pytest.mark.parametrize(("stated", "value"), [("1", True), ("true", True), ("0", False)])
def test_text_is_read_as_yes_or_no(stated, value):
    assert load_settings({"allow_private": stated}).allow_private is value
