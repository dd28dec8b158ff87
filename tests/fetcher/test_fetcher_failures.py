"""Exceptions of the HTTP stack: each has its code, and what a server sent is not repeated."""

import http.client
import socket
import ssl

import pytest
import requests
import responses
import urllib3

from scraper.errors import ERROR_CODES
from scraper.fetcher import Refusal, attempt, open_session
from scraper.settings import Settings

URL = "https://harbour.example/a"
POOL = urllib3.HTTPSConnectionPool("harbour.example")
FAILURES = {
    "a name that does not resolve": (
        requests.ConnectionError(
            urllib3.exceptions.NameResolutionError("harbour.example", POOL, socket.gaierror(-2))
        ),
        "dns_failed",
    ),
    "a certificate for another host": (
        requests.exceptions.SSLError(ssl.SSLCertVerificationError("hostname mismatch")),
        "tls_failed",
    ),
    "no answer to a connection": (requests.ConnectTimeout("timed out"), "connect_timeout"),
    "no answer to a request": (requests.ReadTimeout("timed out"), "read_timeout"),
    "a proxy that refuses": (requests.exceptions.ProxyError("403"), "connect_failed"),
    "a connection that breaks": (ConnectionResetError(104, "reset"), "connection_reset"),
    "a line too long": (http.client.LineTooLong("header line"), "headers_too_large"),
    "a port out of range": (ValueError("Port out of range 0-65535"), "bad_http"),
    "an address that cannot be parsed": (
        urllib3.exceptions.LocationParseError("https://xn--a"),
        "bad_url",
    ),
    "a defect": (ZeroDivisionError(), "internal"),
}


@responses.activate
@pytest.mark.parametrize(("failure", "code"), FAILURES.values(), ids=FAILURES)
def test_every_exception_has_its_code(failure, code):
    responses.get(URL, body=failure)
    with open_session(Settings()) as session:
        answer = attempt(URL, Settings(), session)
    assert isinstance(answer, Refusal)
    assert (answer.code, answer.code in ERROR_CODES) == (code, True)


@responses.activate
def test_the_message_is_the_code_s_meaning():
    responses.get(URL, body=requests.ConnectionError("\x1b[31mfrom the server"))
    with open_session(Settings()) as session:
        answer = attempt(URL, Settings(), session)
    assert answer.message == ERROR_CODES[answer.code].meaning
