"""URLs: what may be fetched, what is the same page, what may name a file."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.errors import FetchError
from scraper.urls import (
    check_web_url,
    for_logs,
    host_folder,
    host_of,
    record_id,
    resolve,
    slug,
    url_key,
    without_secrets,
)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "foo",
        "ftp://a.example/",
        "javascript:alert(1)",
        "http://",
        "http:///x",
        "http://[::1/x",
        "http://a.example:99999/",
        "http://a.example\\@b.example/",
        "http://a.example/x y",
        "http://a.example/\x00",
        "http://" + "a" * 64 + ".example/",
        "http://a..example/",
        "https://a.example/" + "x" * 9000,
    ],
)
def test_no_url_to_fetch(url):
    with pytest.raises(FetchError) as failure:
        check_web_url(url)
    assert failure.value.code == "bad_url"


def test_password_is_refused_and_not_repeated():
    with pytest.raises(FetchError) as failure:
        check_web_url("https://ada:secret@a.example/")
    assert failure.value.code == "credentials_in_url"
    assert "secret" not in str(failure.value)


@pytest.mark.parametrize(
    "other",
    [
        "http://a.example/x?b=2&a=1",
        "HTTPS://A.EXAMPLE:443/x?a=1&b=2",
        "https://a.example/y/../x?a=1&b=2#part",
        "https://a.example/x?a=1&b=2&utm_source=mail&fbclid=9",
    ],
)
def test_same_page(other):
    assert url_key(other) == url_key("https://a.example/x?a=1&b=2")


@pytest.mark.parametrize(
    "other",
    [
        "https://a.example/X",
        "https://a.example/x/",
        "https://a.example:8443/x",
        "https://a.example/x?a=",
    ],
)
def test_other_page(other):
    assert url_key(other) != url_key("https://a.example/x")


def test_id_is_stable_for_ever():
    """A change here gives every article of every user a new id."""
    key = url_key("https://www.harbour.example/news/2026/ferry.html?page=2")
    assert record_id(key) == "82f7c50e-ec22-588f-997f-9bbe0db22c71"


@pytest.mark.parametrize(
    "reference", ["//[::1", "http://[bad", "data:text/html,x", "java\nscript:x"]
)
def test_no_link(reference):
    assert resolve("https://a.example/", reference) in (None, "https://a.example/javascript:x")


@given(st.text(max_size=300))
def test_any_text_is_a_key_or_a_refusal(text):
    for url in (text, "https://a.example/" + text, "https://" + text):
        assert url_key(url) == url_key(url)
        host_of(url)
        try:
            assert check_web_url(check_web_url(url)) == check_web_url(url)
        except FetchError as error:
            assert error.code in ("bad_url", "credentials_in_url")


@given(st.text(max_size=300))
def test_any_text_makes_safe_file_names(text):
    name, folder = slug("https://a.example/" + text), host_folder(text)
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert 0 < len(name) <= 81
    assert "/" not in folder
    assert folder.strip(".")


@given(st.text(max_size=50), st.text(max_size=50))
def test_a_password_is_never_shown(user, password):
    secret = password.replace("/", "").replace("?", "").replace("#", "").replace("@", "")
    shown = without_secrets(f"https://u:s3cr3t{secret}@a.example/")
    assert "s3cr3t" not in shown


LOGGED = {
    "https://a.example/?token=x": "https://a.example/?token=***",
    "https://a.example/?a=1&access_token=x#y": "https://a.example/?a=1&access_token=***#y",
    "https://a.example/?X-Amz-Credential=x&b=2": "https://a.example/?X-Amz-Credential=***&b=2",
    "https://a.example/?sig=x&sign=y": "https://a.example/?sig=***&sign=y",
    "https://a.example/token=x": "https://a.example/token=x",
}


@pytest.mark.parametrize(("url", "logged"), LOGGED.items())
def test_keys_and_tokens_are_not_logged(url, logged):
    assert for_logs(url) == logged
