"""One try at one URL: what each answer of a real server becomes."""

import gzip
import re
import shutil
import socket
import ssl
import subprocess
import threading
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import loopback
import pytest
from loopback import Server, article, chunked, page, raw, redirect, reset

import scraper
from scraper.errors import ERROR_CODES, FetchError
from scraper.fetcher import Refusal, attempt, open_session
from scraper.model import Page
from scraper.settings import Settings

server = loopback.server
no_proxy = loopback.no_proxy
session = loopback.session


QUICK = Settings(allow_private=True, timeout=5.0, max_size=10**6)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
PACKED = gzip.compress(article())
GZIP = {"Content-Encoding": "gzip"}


def refusal(behaviour, server, session, settings=QUICK):
    server.routes["/a"] = behaviour
    answer = attempt(server.url("/a"), settings, session)
    assert isinstance(answer, Refusal), answer
    return answer


PAGES = {
    "with its length": page(),
    "in chunks": chunked(article()[:100], article()[100:]),
    "up to the end of the connection": raw(HEAD, b"\r\n", article()),
    "packed": page(PACKED, headers=GZIP),
    "packed twice": page(gzip.compress(PACKED), headers={"Content-Encoding": "gzip, gzip"}),
    "packed in chunks": chunked(PACKED[:50], PACKED[50:], headers=GZIP),
    "without a type": page(kind=None),
    "as XHTML": page(kind="application/xhtml+xml"),
    "as plain text": page(kind="text/plain"),
    "as TEXT/HTML in capitals": page(kind="TEXT/HTML"),
    "with status 203": page(status=203),
    "with what follows it left out": raw(
        HEAD, b"Content-Length: %d\r\n\r\n" % len(article()), article(), b"x"
    ),
    "labelled as packed, but plain": page(headers=GZIP),
    "after an interim answer": raw(
        b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", HEAD, b"\r\n", article()
    ),
    "after a header without a colon": raw(
        HEAD, b"nonsense\r\nContent-Length: %d\r\n\r\n" % len(article()), article()
    ),
    "after a header with control characters": raw(
        HEAD, b"X-A: \0\x1b[31m\r\n b\r\n\r\n", article()
    ),
}


@pytest.mark.parametrize("behaviour", PAGES.values(), ids=PAGES)
def test_a_body_arrives_whole(behaviour, server, session):
    server.routes["/a"] = behaviour
    assert attempt(server.url("/a"), QUICK, session).body == article()


def test_an_empty_body_is_a_page_without_bytes(server, session):
    server.routes["/a"] = page(b"", status=204)
    assert attempt(server.url("/a"), QUICK, session).body == b""


STATUSES = [(code, "http_4xx") for code in (400, 401, 403, 404, 410, 418, 451, 499)]
STATUSES += [(code, "http_5xx") for code in (500, 502, 503, 504, 599)]
STATUSES += [(code, "bad_http") for code in (300, 304, 305, 600, 999)]
STATUSES += [(429, "rate_limited")]


@pytest.mark.parametrize(("status", "code"), STATUSES)
def test_a_status_that_is_no_success_has_its_code(status, code, server, session):
    answer = refusal(page(b"", status=status), server, session)
    assert (answer.code, answer.fetch.http_status) == (code, status)


KINDS = ["application/pdf", "image/png", "application/json", "text/css", "text/javascript"]
KINDS += ["text/csv", "application/octet-stream", "video/mp4", "IMAGE/GIF", "nonsense"]


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_page_by_its_type_is_not_html(kind, server, session):
    assert refusal(page(b"x", kind=kind), server, session).code == "not_html"


BROKEN = {
    "no bytes at all": (raw(), "connection_reset"),
    "a reset": (reset(), "connection_reset"),
    "another protocol": (raw(b"SSH-2.0-OpenSSH_9\r\n"), "bad_http"),
    "a page without a head": (raw(b"<html>hello"), "bad_http"),
    "a chunk size that is none": (
        raw(HEAD, b"Transfer-Encoding: chunked\r\n\r\nzz\r\nab"),
        "bad_http",
    ),
    "two lengths": (raw(HEAD, b"Content-Length: 5\r\nContent-Length: 7\r\n\r\nhello"), "bad_http"),
    "fewer bytes than promised": (raw(HEAD, b"Content-Length: 99\r\n\r\nabc"), "truncated"),
    "a length that is no number": (raw(HEAD, b"Content-Length: abc\r\n\r\n", b"x"), "bad_http"),
    "a negative length": (raw(HEAD, b"Content-Length: -5\r\n\r\n", b"hello"), "bad_http"),
    "a packed body that breaks": (page(PACKED[:20] + b"x" * 50, headers=GZIP), "bad_encoding"),
    "a packed body without its end": (page(PACKED[:-8], headers=GZIP), "truncated"),
    "a body packed nine times over": (
        page(PACKED, headers={"Content-Encoding": ", ".join(["gzip"] * 9)}),
        "bad_encoding",
    ),
}


@pytest.mark.parametrize(("behaviour", "code"), BROKEN.values(), ids=BROKEN)
def test_a_broken_answer_has_its_code(behaviour, code, server, session):
    answer = refusal(behaviour, server, session)
    assert (answer.code, answer.message) == (code, ERROR_CODES[code].meaning)


CUT = {
    "inside a chunk": raw(HEAD, b"Transfer-Encoding: chunked\r\n\r\n9\r\nab"),
    "between two chunks": raw(HEAD, b"Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n"),
}


@pytest.mark.parametrize("behaviour", CUT.values(), ids=CUT)
def test_a_chunked_body_cut_short_is_truncated(behaviour, server, session):
    assert refusal(behaviour, server, session).code == "truncated"


def test_a_header_beyond_the_limit_is_headers_too_large(server, session):
    huge = raw(HEAD, b"X: ", b"a" * 70_000, b"\r\n\r\n")
    assert refusal(huge, server, session).code == "headers_too_large"


def test_more_headers_than_the_limit_are_headers_too_large(server, session):
    many = raw(HEAD, b"X: a\r\n" * 500, b"\r\n")
    assert refusal(many, server, session).code == "headers_too_large"


# Connections


def test_a_closed_port_is_connect_failed(session):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert attempt(f"http://127.0.0.1:{port}/", QUICK, session).code == "connect_failed"


def test_a_server_that_accepts_nobody_is_connect_timeout(session):
    with socket.socket() as deaf, socket.socket() as first:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        first.connect(deaf.getsockname())
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}/"
        settings = Settings(allow_private=True, timeout=5.0, connect_timeout=0.1)
        assert attempt(url, settings, session).code == "connect_timeout"


def test_a_name_that_does_not_resolve_is_dns_failed(session, monkeypatch):
    def unknown(*_args, **_options):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert attempt("http://nohost.invalid/", QUICK, session).code == "dns_failed"


def test_a_server_that_speaks_no_tls_is_tls_failed(server, session):
    url = server.url("/a").replace("http:", "https:")
    assert attempt(url, QUICK, session).code == "tls_failed"


@pytest.fixture
def self_signed(server, tmp_path):
    """The server behind TLS, with a certificate that nobody vouches for."""
    if shutil.which("openssl") is None:
        pytest.skip("needs openssl to make a certificate")
    files = ["-keyout", str(tmp_path / "key.pem"), "-out", str(tmp_path / "cert.pem")]
    kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    name = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"]
    command = ["openssl", "req", "-x509", "-days", "2", *kind, *files, *name]
    subprocess.run(command, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    return server


def test_a_certificate_that_nobody_vouches_for_is_tls_failed(self_signed, session):
    self_signed.routes["/a"] = page()
    url = self_signed.url("/a").replace("http:", "https:")
    assert attempt(url, QUICK, session).code == "tls_failed"
    assert self_signed.asked == []


@pytest.fixture
def vouched(self_signed, session, tmp_path):
    """A session that trusts the server's own certificate."""
    session.verify = str(tmp_path / "cert.pem")
    self_signed.routes["/a"] = page()
    return session


def test_a_page_arrives_by_tls(self_signed, vouched):
    url = self_signed.url("/a").replace("http:", "https:")
    assert attempt(url, QUICK, vouched).body == article()


def test_a_connection_by_tls_is_used_again(self_signed, vouched):
    for _ in range(3):
        attempt(self_signed.url("/a").replace("http:", "https:"), QUICK, vouched)
    assert len({request.connection for request in self_signed.requests}) == 1


def test_a_page_arrives_by_tls_through_a_proxy(self_signed, vouched, tmp_path):
    """The proxy of this test is the server behind it as well."""
    asked = []

    def tunnel(listening):
        connection, _ = listening.accept()
        with connection:
            asked.extend(connection.recv(4096).split()[:2])
            connection.sendall(b"HTTP/1.1 200 Connected\r\nX-A: a\r\n\r\n")
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
            with context.wrap_socket(connection, server_side=True) as secure:
                secure.recv(4096)
                secure.sendall(HEAD + b"Content-Length: 5\r\n\r\nhello")

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=tunnel, args=(listening,))
        thread.start()
        proxy = f"http://127.0.0.1:{listening.getsockname()[1]}"
        settings = Settings(timeout=5.0, allow_private=True, proxy=proxy)
        answer = attempt("https://127.0.0.1:8443/a", settings, vouched)
        thread.join()
    assert (answer.body, asked) == (b"hello", [b"CONNECT", b"127.0.0.1:8443"])


def test_a_proxy_that_refuses_is_connect_failed(server, session):
    settings = Settings(timeout=5.0, allow_private=True, proxy=server.url(""))
    assert attempt("https://127.0.0.1:8443/a", settings, session).code == "connect_failed"


def test_a_certificate_for_another_name_is_tls_failed(self_signed, vouched):
    url = f"https://localhost:{self_signed.server_port}/a"
    assert attempt(url, QUICK, vouched).code == "tls_failed"


FORMS = {"with its length": page(), "in chunks": chunked(article())}
FORMS["packed"] = page(PACKED, headers=GZIP)


@pytest.mark.parametrize("behaviour", FORMS.values(), ids=FORMS)
def test_a_connection_is_used_again(behaviour, server, session):
    server.routes["/a"] = behaviour
    for _ in range(3):
        attempt(server.url("/a"), QUICK, session)
    assert len({request.connection for request in server.requests}) == 1


def test_a_connection_that_the_server_dropped_is_opened_anew(server, session):
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
    server.routes["/a"] = raw(head)
    attempt(server.url("/a"), QUICK, session)
    time.sleep(0.05)  # until the end of the connection is here, too
    assert attempt(server.url("/a"), QUICK, session).body == b"hello"


# Redirects


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed_and_recorded(status, server, session):
    server.routes = {"/a": redirect("/b", status=status), "/b": page()}
    answer = attempt(server.url("/a"), QUICK, session)
    hops = [(hop.url, hop.status) for hop in answer.fetch.redirects]
    assert hops == [(server.url("/a"), status)]
    assert answer.url == answer.fetch.final_url == server.url("/b")
    assert answer.fetch.requested_url == server.url("/a")


TARGETS = {
    "b": "/dir/b",
    "../b": "/b",
    "/b?x=1&y=2": "/b?x=1&y=2",
    "?page=2": "/dir/a?page=2",
    "/b#part": "/b",
    "  /b  ": "/b",
    "/a b": "/a%20b",
    "/caf\u00c3\u00a9": "/caf%C3%A9",  # UTF-8 as bytes of a header
}


@pytest.mark.parametrize(("location", "path"), TARGETS.items())
def test_a_location_is_read_relative_to_its_page(location, path, server, session):
    server.routes = {"/dir/a": redirect(location), path: page()}
    assert isinstance(attempt(server.url("/dir/a"), QUICK, session), Page)
    assert server.asked == ["/dir/a", path]


def test_a_redirect_to_another_host_is_followed(server, session):
    with Server({"/b": page()}) as other:
        server.routes["/a"] = redirect(other.url("/b"))
        assert attempt(server.url("/a"), QUICK, session).url == other.url("/b")


def test_a_location_without_scheme_names_another_host(server, session):
    with Server({"/b": page()}) as other:
        server.routes["/a"] = redirect(f"//{other.host}/b")
        assert attempt(server.url("/a"), QUICK, session).url == other.url("/b")


LEADS_NOWHERE = {
    "redirect_loop": redirect("/a"),
    "bad_redirect": redirect(None),
}


@pytest.mark.parametrize(("code", "behaviour"), LEADS_NOWHERE.items())
def test_a_redirect_that_leads_nowhere_is_recorded(code, behaviour, server, session):
    answer = refusal(behaviour, server, session)
    assert answer.code == code
    assert [hop.status for hop in answer.fetch.redirects] == [302]


def test_a_loop_over_two_pages_ends_when_it_closes(server, session):
    server.routes["/b"] = redirect("/a")
    assert refusal(redirect("/b"), server, session).code == "redirect_loop"
    assert server.asked == ["/a", "/b"]


def test_a_loop_that_differs_in_its_fragment_is_a_loop(server, session):
    assert refusal(redirect("/a#again"), server, session).code == "redirect_loop"


def chain(length):
    return {f"/{n}": redirect(f"/{n + 1}") for n in range(length)} | {f"/{length}": page()}


def test_as_many_redirects_as_allowed_are_followed(server, session):
    server.routes = chain(3)
    answer = attempt(
        server.url("/0"), Settings(allow_private=True, timeout=5.0, max_redirects=3), session
    )
    assert len(answer.fetch.redirects) == 3


def test_one_redirect_more_is_too_many_redirects(server, session):
    server.routes = chain(4)
    answer = attempt(
        server.url("/0"), Settings(allow_private=True, timeout=5.0, max_redirects=3), session
    )
    assert answer.code == "too_many_redirects"
    assert server.asked == ["/0", "/1", "/2", "/3"]


def test_no_redirect_may_be_allowed(server, session):
    settings = Settings(allow_private=True, timeout=5.0, max_redirects=0)
    assert refusal(redirect("/b"), server, session, settings).code == "too_many_redirects"


@pytest.mark.parametrize(
    "location",
    ["file:///etc/passwd", "javascript:alert(1)", "data:text/html,x", "ftp://a/", "mailto:a@b"],
)
def test_a_redirect_out_of_the_web_is_blocked_scheme(location, server, session):
    assert refusal(redirect(location), server, session).code == "blocked_scheme"


@pytest.mark.parametrize("location", ["", "   ", "http://[bad", "http://a:99999/", "http://a\x7f/"])
def test_a_location_that_is_no_address_is_bad_redirect(location, server, session):
    assert refusal(redirect(location), server, session).code == "bad_redirect"


def test_a_redirect_to_a_password_is_bad_redirect_and_does_not_repeat_it(server, session):
    answer = refusal(redirect("http://ada:secret@127.0.0.1/"), server, session)
    assert answer.code == "bad_redirect"
    assert "secret" not in repr(answer)


ENDLESS = [b"x" * 65536] * 800  # 50 MB: far more than the buffers between us hold


def test_the_body_of_a_redirect_is_not_read(server, session):
    head = b"HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 52428800\r\n\r\n"
    server.routes = {"/a": raw(head, *ENDLESS), "/b": page()}
    assert isinstance(attempt(server.url("/a"), QUICK, session), Page)
    assert server.sent["/a"] < 20_000_000


def test_a_redirect_whose_body_never_comes_does_not_delay(server, session):
    head = b"HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 999\r\n\r\n"
    server.routes = {"/a": raw(head, stall=True), "/b": page()}
    assert attempt(server.url("/a"), QUICK, session).fetch.elapsed_ms < 2000


def test_the_body_of_what_is_no_page_is_not_read(server, session):
    head = b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\nContent-Length: 52428800\r\n\r\n"
    assert refusal(raw(head, *ENDLESS), server, session).code == "not_html"
    assert server.sent["/a"] < 20_000_000


# Retry-After


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(("stated", "seconds"), [("7", 7.0), (" 120 ", 120.0), ("0", 0.0)])
def test_retry_after_in_seconds(stated, seconds, status, server, session):
    busy = page(b"", status=status, headers={"Retry-After": stated})
    assert refusal(busy, server, session).retry_after == seconds


def test_retry_after_as_a_date(server, session):
    moment = format_datetime(datetime.now(UTC) + timedelta(seconds=100), usegmt=True)
    busy = page(b"", status=429, headers={"Retry-After": moment})
    assert 90 < refusal(busy, server, session).retry_after <= 100


def test_retry_after_a_date_gone_by_is_now(server, session):
    busy = page(b"", status=429, headers={"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"})
    assert refusal(busy, server, session).retry_after == 0.0


@pytest.mark.parametrize(
    "stated", ["soon", "-5", "1.5", "9" * 40, "\u00b2", "Mon, 99 Foo 2015 25:61:00 GMT", "", ","]
)
def test_a_retry_after_that_says_nothing_is_none(stated, server, session):
    busy = page(b"", status=429, headers={"Retry-After": stated})
    assert refusal(busy, server, session).retry_after is None


def test_other_refusals_know_no_retry_after(server, session):
    gone = page(b"", status=404, headers={"Retry-After": "5"})
    assert refusal(gone, server, session).retry_after is None


# What is sent


def test_the_user_agent_is_sent_as_set(server):
    settings = Settings(
        allow_private=True, user_agent="harbour-bot/2 (+https://harbour.example/bot)"
    )
    with open_session(settings) as session:
        attempt(server.url("/a"), settings, session)
    assert server.headers("/a")["user-agent"] == settings.user_agent


def test_cookies_are_not_sent_back(server, session):
    server.routes = {
        "/a": redirect("/b", headers={"Set-Cookie": "id=1; Path=/"}),
        "/b": page(headers={"Set-Cookie": "id=2; Path=/"}),
    }
    for path in ("/a", "/b"):
        attempt(server.url(path), QUICK, session)
    assert [request.headers.get("cookie") for request in server.requests] == [None] * 3


@pytest.mark.parametrize("variable", ["HOME", "NETRC"])
def test_passwords_of_netrc_are_not_used(variable, server, session, monkeypatch, tmp_path):
    file = tmp_path / ".netrc"
    file.write_text("default login ada password secret\n")
    file.chmod(0o600)
    monkeypatch.setenv(variable, str(tmp_path if variable == "HOME" else file))
    attempt(server.url("/a"), QUICK, session)
    assert "authorization" not in server.headers("/a")


def test_a_redirect_sends_no_referer(server, session):
    server.routes = {"/a": redirect("/b"), "/b": page()}
    attempt(server.url("/a"), QUICK, session)
    assert "referer" not in server.headers("/b")


def test_the_proxy_of_the_environment_is_used(server, session, monkeypatch):
    monkeypatch.setenv("http_proxy", server.url(""))
    server.routes["http://site.invalid/a"] = page()
    assert attempt("http://site.invalid/a", QUICK, session).body == article()


def test_the_proxy_is_chosen_for_each_hop(server, session, monkeypatch):
    monkeypatch.setenv("http_proxy", server.url(""))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with Server({"/b": page()}) as direct:
        server.routes["http://site.invalid/a"] = redirect(direct.url("/b"))
        attempt("http://site.invalid/a", QUICK, session)
        assert direct.asked == ["/b"]


# What is recorded


def test_the_head_of_the_answer_is_recorded(server, session):
    stamp = "Mon, 05 Jan 2026 10:00:00 GMT"
    server.routes["/a"] = page(headers={"ETag": '"e1"', "Last-Modified": stamp})
    fetch = attempt(server.url("/a"), QUICK, session).fetch
    assert (fetch.etag, fetch.last_modified) == ('"e1"', stamp)
    assert (fetch.http_status, fetch.content_type) == (200, "text/html; charset=utf-8")
    assert (fetch.from_, fetch.robots) == ("http", None)


def test_the_bytes_recorded_are_those_of_the_unpacked_body(server, session):
    server.routes["/a"] = page(PACKED, headers=GZIP)
    assert attempt(server.url("/a"), QUICK, session).fetch.bytes == len(article())


def test_the_time_of_the_fetch_is_recorded_in_utc(server, session):
    fetch = attempt(server.url("/a"), QUICK, session).fetch
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", fetch.fetched_at)


def test_a_header_is_cut_to_500_characters(server, session):
    server.routes["/a"] = page(headers={"ETag": "e" * 5000})
    assert attempt(server.url("/a"), QUICK, session).fetch.etag == "e" * 500


def test_a_fragment_is_not_asked_for(server, session):
    server.routes["/a"] = page()
    answer = attempt(server.url("/a#part"), QUICK, session)
    assert answer.url == server.url("/a")


BAD_URLS = ["", "ftp://a/", "harbour.example", "http://", "javascript:alert(1)", "http://[bad"]
BAD_URLS += ["http://a b/", "http://a:99999/", "http://a/\n/b", "http://" + "a" * 9000, "file:///x"]
BAD_URLS += ["http://.../", "http://" + "a" * 64 + ".example/"]


@pytest.mark.parametrize("url", BAD_URLS, ids=lambda url: url[:20])
def test_what_is_no_web_address_is_bad_url(url, session):
    assert attempt(url, QUICK, session).code == "bad_url"


@pytest.mark.parametrize("url", ["http://ada:secret@127.0.0.1:1/", "http://secret@127.0.0.1:1/"])
def test_a_password_in_the_url_is_refused_without_asking(url, session):
    answer = attempt(url, QUICK, session)
    assert answer.code == "credentials_in_url"
    assert "secret" not in answer.message


def test_a_refusal_does_not_repeat_the_password(session):
    assert "secret" not in repr(attempt("http://ada:secret@127.0.0.1:1/", QUICK, session))


# fetch


def test_fetch_returns_the_page(server):
    server.routes["/a"] = page()
    assert scraper.fetch(server.url("/a"), QUICK).body == article()


def test_fetch_raises_what_the_server_said(server):
    server.routes["/a"] = page(b"", status=503, headers={"Retry-After": "9"})
    with pytest.raises(FetchError, match="HTTP 503") as caught:
        scraper.fetch(server.url("/a"), QUICK)
    assert (caught.value.code, caught.value.http_status) == ("http_5xx", 503)
    assert (caught.value.retry_after, caught.value.retryable) == (9.0, True)


def test_fetch_does_not_ask_robots(server):
    server.routes["/a"] = page()
    scraper.fetch(server.url("/a"), QUICK)
    assert server.count("/robots.txt") == 0


def test_threads_share_a_session(server):
    server.routes = {f"/{n}": page(article(f"Page {n}")) for n in range(16)}
    found = {}
    with open_session(Settings(allow_private=True, concurrency=4)) as session:

        def one(n):
            found[n] = attempt(server.url(f"/{n}"), QUICK, session).body

        threads = [threading.Thread(target=one, args=(n,)) for n in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert found == {n: article(f"Page {n}") for n in range(16)}


def test_an_unknown_content_encoding_is_no_page(server, session):
    behaviour = page("<p>x", headers={"Content-Encoding": "rot13"})
    assert refusal(behaviour, server, session).code == "bad_encoding"
