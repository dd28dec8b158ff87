"""What is sent goes to the origin first asked and no further; what was known may be unchanged."""

import loopback
import pytest
from loopback import Server, page, redirect, turns

from scraper.fetcher import Refusal, RobotsCache, Unchanged, Wish, attempt
from scraper.model import Page
from scraper.settings import Settings

server = loopback.server
no_proxy = loopback.no_proxy
session = loopback.session

SECRETS = ("Authorization: Bearer geheim", "Cookie: id=geheim", "X-Api-Key: geheim")
OWN = Settings(timeout=5.0, allow_private=True, headers=SECRETS)
KNOWN = Wish(etag='"e1"', last_modified="Mon, 05 Jan 2026 10:00:00 GMT")
SAME = page(b"", status=304)


def sent(server, path):
    """The headers of the last request for a path that are the caller's or conditional."""
    names = {"authorization", "cookie", "x-api-key", "if-none-match", "if-modified-since"}
    return names & set(server.headers(path))


def test_headers_of_the_caller_are_sent(server, session):
    server.routes["/a"] = page()
    attempt(server.url("/a"), OWN, session)
    assert server.headers("/a")["x-api-key"] == "geheim"


def test_they_go_along_on_a_redirect_within_the_origin(server, session):
    server.routes = {"/a": redirect("/b"), "/b": page()}
    attempt(server.url("/a"), OWN, session)
    assert sent(server, "/b") == {"authorization", "cookie", "x-api-key"}


def test_they_do_not_go_to_another_port(server, session):
    with Server({"/b": page()}) as other:
        server.routes["/a"] = redirect(other.url("/b"))
        attempt(server.url("/a"), OWN, session, KNOWN)
        assert sent(other, "/b") == set()


def test_they_do_not_go_to_another_host_on_the_same_port(server, session):
    server.routes = {"/a": redirect(server.url("/b").replace("127.0.0.1", "localhost"))}
    server.routes["/b"] = page()
    attempt(server.url("/a"), OWN, session, KNOWN)
    assert sent(server, "/b") == set()


def test_they_do_not_come_back_once_dropped(server, session):
    with Server({"/b": redirect(server.url("/c"))}) as other:
        server.routes |= {"/a": redirect(other.url("/b")), "/c": page()}
        attempt(server.url("/a"), OWN, session, KNOWN)
    assert sent(server, "/c") == set()


def test_they_do_not_go_to_robots_txt(server, session):
    RobotsCache(OWN, session).load(server.url("/a"))
    assert sent(server, "/robots.txt") == set()


def test_they_are_in_no_answer(server, session):
    server.routes["/a"] = page(status=401)
    assert "geheim" not in repr(attempt(server.url("/a"), OWN, session))


@pytest.mark.parametrize("header", ["X-A: a\r\nX-B: b", "Host: other.example", "nonsense"])
def test_a_header_that_none_may_send_is_not_sent(header, server, session):
    """The constructor of Settings checks nothing."""
    settings = Settings(timeout=5.0, allow_private=True, headers=(header,))
    answer = attempt(server.url("/a"), settings, session)
    assert (answer.code, server.requests) == ("internal", [])


def test_cookies_of_a_flood_are_not_sent_on(server, session):
    many = {f"Set-Cookie: c{n}={'a' * 4000}; Path": "/" for n in range(9)}
    server.routes |= {"/a": page(headers=many), "/b": page()}
    attempt(server.url("/a"), Settings(allow_private=True), session)
    attempt(server.url("/b"), Settings(allow_private=True), session)
    assert "cookie" not in server.headers("/b")


# Conditional requests


def test_validators_make_the_request_conditional(server, session):
    server.routes["/a"] = page()
    attempt(server.url("/a"), OWN, session, KNOWN)
    headers = server.headers("/a")
    assert headers["if-none-match"] == KNOWN.etag
    assert headers["if-modified-since"] == KNOWN.last_modified


def test_a_page_that_has_not_changed_is_unchanged(server, session):
    server.routes["/a"] = SAME
    answer = attempt(server.url("/a"), OWN, session, KNOWN)
    assert isinstance(answer, Unchanged)
    assert (answer.fetch.http_status, answer.fetch.final_url) == (304, server.url("/a"))


def test_a_page_that_has_changed_is_a_page(server, session):
    server.routes["/a"] = page()
    assert isinstance(attempt(server.url("/a"), OWN, session, KNOWN), Page)


def test_unchanged_behind_a_redirect_within_the_origin(server, session):
    server.routes = {"/a": redirect("/b"), "/b": SAME}
    answer = attempt(server.url("/a"), OWN, session, KNOWN)
    assert isinstance(answer, Unchanged)
    assert len(answer.fetch.redirects) == 1


def test_a_304_of_an_origin_that_was_not_asked_so_is_bad_http(server, session):
    with Server({"/b": SAME}) as other:
        server.routes["/a"] = redirect(other.url("/b"))
        assert attempt(server.url("/a"), OWN, session, KNOWN).code == "bad_http"


def test_a_304_without_a_question_is_bad_http(server, session):
    server.routes["/a"] = SAME
    assert attempt(server.url("/a"), OWN, session).code == "bad_http"


@pytest.mark.parametrize("wish", [KNOWN, Wish()])
def test_a_part_that_was_not_asked_for_is_bad_http(wish, server, session):
    server.routes["/a"] = page(status=206)
    assert attempt(server.url("/a"), OWN, session, wish).code == "bad_http"


BAD = ['"a\r\nX-B: c"', '"a\nb"', '"\0"', '"' + "e" * 500 + '"', "", " ", "\u20ac", "\x7f", ' "a"']


@pytest.mark.parametrize("value", BAD)
def test_a_validator_that_no_header_may_hold_is_not_sent(value, server, session):
    server.routes["/a"] = page()
    wish = Wish(etag=value, last_modified=value)
    assert isinstance(attempt(server.url("/a"), OWN, session, wish), Page)
    assert sent(server, "/a") == {"authorization", "cookie", "x-api-key"}


@pytest.mark.parametrize("value", ['"e1"', 'W/"e1"', "e1", '"caf\u00e9"', '"' + "e" * 498 + '"'])
def test_a_validator_is_sent_as_it_came(value, server, session):
    server.routes["/a"] = page()
    attempt(server.url("/a"), OWN, session, Wish(etag=value))
    assert server.headers("/a")["if-none-match"] == value


def test_the_connection_of_an_unchanged_page_is_used_again(server, session):
    server.routes["/a"] = SAME
    for _ in range(3):
        attempt(server.url("/a"), OWN, session, KNOWN)
    assert len({request.connection for request in server.requests}) == 1


def test_the_connection_of_a_redirect_without_body_is_used_again(server, session):
    server.routes = {"/a": redirect("/b"), "/b": page()}
    attempt(server.url("/a"), OWN, session)
    assert len({request.connection for request in server.requests}) == 1


# Connections that were kept


def hang_up(request):
    """Read the request, then close without an answer, as a server at the end of its patience."""
    request.close_connection = True


def test_a_kept_connection_that_closes_on_us_is_tried_again(server, session):
    server.routes = {"/a": page(), "/b": turns(hang_up, page())}
    attempt(server.url("/a"), OWN, session)
    assert isinstance(attempt(server.url("/b"), OWN, session), Page)
    assert server.count("/b") == 2


def test_a_kept_connection_that_is_reset_is_tried_again(server, session):
    server.routes = {"/a": page(), "/b": turns(loopback.reset(), page())}
    attempt(server.url("/a"), OWN, session)
    assert isinstance(attempt(server.url("/b"), OWN, session), Page)


def test_it_is_tried_again_once(server, session):
    server.routes = {"/a": page(), "/b": hang_up}
    attempt(server.url("/a"), OWN, session)
    assert attempt(server.url("/b"), OWN, session).code == "connection_reset"
    assert server.count("/b") == 2


def test_a_new_connection_that_closes_is_not_tried_again(server, session):
    server.routes["/b"] = hang_up
    assert attempt(server.url("/b"), OWN, session).code == "connection_reset"
    assert server.count("/b") == 1


def test_what_follows_an_answer_is_not_the_next_one(server, session):
    """A second answer in the same bytes must not become that of the next request."""
    extra = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\nwrong"

    def two(request):
        body = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\nfirst"
        request.put(body + extra)

    server.routes = {"/a": two, "/b": page()}
    assert attempt(server.url("/a"), OWN, session).body == b"first"
    assert attempt(server.url("/b"), OWN, session).body == loopback.article()
    assert len({request.connection for request in server.requests}) == 2


def test_a_length_beside_chunks_ends_the_connection(server, session):
    server.routes["/a"] = loopback.chunked(loopback.article(), headers={"Content-Length": "5"})
    for _ in range(2):
        assert attempt(server.url("/a"), OWN, session).body == loopback.article()
    assert len({request.connection for request in server.requests}) == 2


def test_a_refusal_is_no_unchanged(server, session):
    server.routes["/a"] = page(status=500)
    assert isinstance(attempt(server.url("/a"), OWN, session, KNOWN), Refusal)
