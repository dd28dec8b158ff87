"""What is a page by type and first bytes; which pages only lead on."""

import gzip
import time

import loopback
import pytest
from loopback import article, page, raw, redirect

from scraper.fetcher import Refusal, attempt
from scraper.fetcher.sniff import is_page, refresh_target
from scraper.model import Page
from scraper.settings import Settings

server = loopback.server
no_proxy = loopback.no_proxy
session = loopback.session

QUICK = Settings(timeout=5.0, allow_private=True)
ENDLESS = [b"x" * 65536] * 400


def fetched(server, session, behaviour, path="/a"):
    server.routes[path] = behaviour
    return attempt(server.url(path), QUICK, session)


VAGUE = ["application/octet-stream", "binary/octet-stream", "nonsense", "application/x-unknown"]
VAGUE += [
    "text/html;;;",
    "text/plain",
    "unknown/unknown",
    ";",
    "application/xml",
    "multipart/mixed",
]


@pytest.mark.parametrize("kind", VAGUE)
def test_html_under_a_vague_type_is_a_page(kind, server, session):
    assert fetched(server, session, page(kind=kind)).body == article()


STARTS = [b"<!DOCTYPE html><p>", b"\xef\xbb\xbf \n<HTML><p>", b"<?xml version='1.0'?>\n<html><p>"]
STARTS += [b"<!-- a --><!-- b -->\n<!doctype html>", b"<head><title>"]


@pytest.mark.parametrize("start", STARTS)
def test_a_start_of_html_is_known(start, server, session):
    behaviour = page(start + b"x" * 2000, kind="application/octet-stream")
    assert isinstance(fetched(server, session, behaviour), Page)


def test_a_start_of_html_that_drips_is_known(server, session):
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n\r\n"
    behaviour = raw(head, b"<!doc", b"type h", b"tml><p>hello", every=0.02)
    assert fetched(server, session, behaviour).body == b"<!doctype html><p>hello"


@pytest.mark.parametrize("kind", ["video/mp4", "application/json", "application/ld+json"])
def test_html_under_the_type_of_something_else_is_not_html(kind, server, session):
    assert fetched(server, session, page(kind=kind)).code == "not_html"


MAGIC = {
    "PDF": b"%PDF-1.7",
    "zip": b"PK\x03\x04",
    "PNG": b"\x89PNG\r\n\x1a\n",
    "gzip": gzip.compress(article()),
    "MP4": b"\0\0\0\x20ftypisom",
    "JPEG": b"\xff\xd8\xff\xe0",
}


@pytest.mark.parametrize("kind", ["text/html", None])
@pytest.mark.parametrize("start", MAGIC.values(), ids=MAGIC)
def test_other_data_called_a_page_is_not_html_and_not_read(start, kind, server, session):
    stated = f"Content-Type: {kind}\r\n".encode() if kind else b""
    behaviour = raw(b"HTTP/1.1 200 OK\r\n" + stated + b"\r\n", start, *ENDLESS)
    assert fetched(server, session, behaviour).code == "not_html"
    assert server.sent["/a"] < 15_000_000


def test_data_under_a_vague_type_is_not_read(server, session):
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n\r\n"
    assert fetched(server, session, raw(head, *ENDLESS)).code == "not_html"
    assert server.sent["/a"] < 15_000_000


def test_a_start_full_of_comments_is_judged_in_no_time():
    began = time.monotonic()
    assert not is_page(b"<!---->" * 73, "unsure")
    assert time.monotonic() - began < 0.1


# Pages that lead on


def refresh(content, before="", after=""):
    return f'<html><head>{before}<meta http-equiv="refresh" content="{content}">{after}'.encode()


LEADS = {
    "0;url=/b": "/b",
    "0; URL='/b'": "/b",
    "1;url=b?x=1&amp;y=2": "b?x=1&y=2",
    "0.5, url = /b": "/b",
    "; url=/b": "/b",
    "0;/b": "/b",
    "0;url=https://harbour.example/café": "https://harbour.example/café",
    "0;url=javascript:alert(1)": "javascript:alert(1)",
}


@pytest.mark.parametrize(("content", "target"), LEADS.items())
def test_a_refresh_at_once_leads_on(content, target):
    assert refresh_target(refresh(content)) == target


STAYS = ["5;url=/b", "1.5;url=/b", "0", "", "300", "0;url=", "soon;url=/b", "-1;url=/b"]


@pytest.mark.parametrize("content", STAYS)
def test_a_refresh_later_or_to_nowhere_does_not(content):
    assert refresh_target(refresh(content)) is None


HELD = {
    "in noscript": b"<noscript>" + refresh("0;url=/b") + b"</noscript>",
    "in a comment": b"<!--" + refresh("0;url=/b") + b"-->",
    "in a script": b"<script>'" + refresh("0;url=/b") + b"'</script>",
    "on a page with text": refresh("0;url=/b", after="<body>" + "The ferry left. " * 20),
    "far down": b" " * 5000 + refresh("0;url=/b"),
    "in words": b"<p>Please refresh the page",
    "without a content": b"<meta http-equiv=refresh>",
}


@pytest.mark.parametrize("body", HELD.values(), ids=HELD)
def test_a_refresh_that_is_none_does_not_lead_on(body):
    assert refresh_target(body) is None


def test_scripts_and_styles_are_no_text():
    after = "<style>" + "a{b:c}" * 99 + "</style><script>" + "x=1;" * 99 + "</script>"
    assert refresh_target(refresh("0;url=/b", after=after)) == "/b"


FAMILIES = [b"<!--", b"<script>", b"<meta ", b"<meta content=", b"<", b"<noscript><", b"</script"]


@pytest.mark.parametrize("piece", FAMILIES)
def test_a_page_made_to_be_slow_is_judged_in_no_time(piece):
    body = (piece * 20_000)[:4000] + refresh("0;url=/b") + piece * 20_000
    began = time.monotonic()
    refresh_target(body)
    assert time.monotonic() - began < 0.5


def test_a_refresh_is_recorded_as_a_redirect(server, session):
    server.routes["/b"] = page()
    answer = fetched(server, session, page(refresh("0;url=/b")))
    assert (answer.url, answer.body) == (server.url("/b"), article())
    assert [(hop.url, hop.status) for hop in answer.fetch.redirects] == [(server.url("/a"), 200)]


def test_a_refresh_in_utf8_is_asked_for_in_percents(server, session):
    server.routes["/caf%C3%A9"] = page()
    assert isinstance(fetched(server, session, page(refresh("0;url=/café"))), Page)


CODES = {
    "0;url=/a": "redirect_loop",
    "0;url=javascript:alert(1)": "blocked_scheme",
    "0;url=file:///etc/passwd": "blocked_scheme",
    "0;url=http://[bad": "bad_redirect",
    "0;url=http://127.0.0.1:25/": "blocked_port",
}


@pytest.mark.parametrize(("content", "code"), CODES.items())
def test_a_refresh_follows_the_rules_of_redirects(content, code, server, session):
    answer = fetched(server, session, page(refresh(content)))
    assert isinstance(answer, Refusal)
    assert answer.code == code


@pytest.mark.parametrize(("count", "code"), [(3, None), (4, "too_many_redirects")])
def test_three_refreshes_are_followed(count, code, server, session):
    server.routes |= {f"/{n}": page(refresh(f"0;url=/{n + 1}")) for n in range(count)}
    server.routes[f"/{count}"] = page()
    answer = attempt(server.url("/0"), QUICK, session)
    assert getattr(answer, "code", None) == code


def test_refreshes_and_redirects_count_together(server, session):
    settings = Settings(timeout=5.0, allow_private=True, max_redirects=1)
    server.routes = {"/a": redirect("/b"), "/b": page(refresh("0;url=/c")), "/c": page()}
    assert attempt(server.url("/a"), settings, session).code == "too_many_redirects"
