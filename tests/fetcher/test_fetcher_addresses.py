"""No address off the public internet is reached, however it is spelled, resolved or led to."""

import socket
import time

import loopback
import pytest
from loopback import Server, page, redirect, text

from scraper.errors import FetchError
from scraper.fetcher import Refusal, RobotsCache, attempt, open_session
from scraper.fetcher.addresses import MAX_ADDRESSES, check_target, find_endpoints
from scraper.settings import Settings

server = loopback.server
no_proxy = loopback.no_proxy

PUBLIC = "93.184.216.34"
STRICT = Settings(timeout=2.0)


@pytest.fixture
def outside():
    """A session as it is by default."""
    with open_session(STRICT) as session:
        yield session


def resolver(monkeypatch, *answers):
    """Let names resolve to one answer after the other; return the names asked for."""
    asked = []

    def resolve(host, port, *_, **__):
        addresses = answers[min(len(asked), len(answers) - 1)]
        asked.append(host)
        return [_found(address, port) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return asked


def _found(address, port):
    if ":" in address:
        return (socket.AF_INET6, socket.SOCK_STREAM, 6, "", (address, port, 0, 0))
    return (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))


@pytest.fixture
def dialled(monkeypatch):
    """The addresses that were connected to, of which none answers."""
    addresses = []

    def connect(_, address):
        addresses.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket.socket, "connect", connect)
    return addresses


CLOSED = """
127.0.0.1 127.1 127.0.1 2130706433 0x7f000001 0x7F.0.0.1 0177.0.0.1 017700000001 0 0.0.0.0
127.0.0.1. 10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1 169.254.169.254 169.254.170.2 100.64.0.1
100.100.100.200 192.0.0.192 192.0.2.1 192.88.99.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1
240.0.0.1 255.255.255.255 168.63.129.16
[::] [::1] [::ffff:127.0.0.1] [::ffff:7f00:1] [::ffff:10.0.0.1] [::127.0.0.1] [64:ff9b::7f00:1]
[64:ff9b:1::a00:1] [2002:7f00:1::] [2002:a00:1::1] [2001:0:7f00:1::] [2001:0:808:808::f5ff:fffe]
[fe80::1] [fe80::1%25eth0] [fc00::1] [fd00:ec2::254] [ff02::1] [2001:db8::1] [3fff::1] [100::1]
localhost LOCALHOST. localhost. a.localhost localhost.localdomain ip6-localhost
metadata.google.internal METADATA.google.internal. metadata.goog
１２７.０.０.１ 127。0。0。1 ①②⑦.⓪.⓪.① ⓛocalhost
""".split()


@pytest.mark.parametrize("host", CLOSED)
def test_a_closed_host_is_blocked_address(host, outside):
    assert attempt(f"http://{host}/", STRICT, outside).code == "blocked_address"


OPEN = """
8.8.8.8 134744072 0x8.8.8.8 172.32.0.1 100.128.0.1 192.0.1.1 [2606:4700::1] [64:ff9b::808:808]
[::ffff:8.8.8.8] [2002:808:808::1] [2001:0:808:808::f7f7:f7f7] harbour.example localhost.example
notlocalhost 127.0.0.1.example a-127-0-0-1.example
""".split()


@pytest.mark.parametrize("host", OPEN)
def test_an_open_host_is_not_blocked(host):
    check_target(f"http://{host}/", allow_private=False)


@pytest.mark.parametrize("host", ["256.1.1.1", "1.2.3.4.5", "4294967296", "a.0x7g.1", "09.1.1.1"])
def test_a_broken_number_is_bad_url_and_is_not_looked_up(host, outside, monkeypatch):
    asked = resolver(monkeypatch, [PUBLIC])
    assert (attempt(f"http://{host}/", STRICT, outside).code, asked) == ("bad_url", [])


DIFFERENTIALS = [
    "http://ok.example\\@127.0.0.1/",
    "http://127.0.0.1%00.ok.example/",
    "http://127.0.0.1%2eok.example/",
    "http://ok.example%40127.0.0.1/",
    "http://127.0.0.1\t.ok.example/",
    "http://ok.example\n@127.0.0.1/",
    "http://[::1].ok.example/",
    "http://[v1.a]/",
    "http://ok.example:80:80/",
]


REFUSED = {"bad_url", "credentials_in_url", "blocked_address"}


@pytest.mark.parametrize("url", DIFFERENTIALS)
def test_what_parsers_read_in_different_ways_is_refused(url, outside, dialled):
    answer = attempt(url, STRICT, outside)
    assert (answer.code in REFUSED, dialled) == (True, [])


def test_a_fragment_does_not_hide_a_host(outside, monkeypatch, dialled):
    resolver(monkeypatch, [PUBLIC])
    attempt("http://ok.example#@127.0.0.1/", STRICT, outside)
    assert dialled == [(PUBLIC, 80)]


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:10.0.0.1", "fe80::1%2"])
def test_a_name_that_resolves_to_a_closed_address_is_blocked(
    address, outside, monkeypatch, dialled
):
    resolver(monkeypatch, [address])
    answer = attempt("http://inside.example/", STRICT, outside)
    assert (answer.code, dialled) == ("blocked_address", [])


def test_one_closed_answer_among_open_ones_blocks_all(outside, monkeypatch, dialled):
    resolver(monkeypatch, [PUBLIC, "8.8.8.8", "10.0.0.1"])
    answer = attempt("http://mixed.example/", STRICT, outside)
    assert (answer.code, dialled) == ("blocked_address", [])


def test_a_name_is_looked_up_once_and_what_was_checked_is_dialled(outside, monkeypatch, dialled):
    asked = resolver(monkeypatch, [PUBLIC], ["127.0.0.1"])
    attempt("http://rebinding.example/", STRICT, outside)
    assert (asked, dialled) == (["rebinding.example"], [(PUBLIC, 80)])


def test_the_second_answer_of_a_rebinding_name_is_checked_too(outside, monkeypatch, dialled):
    resolver(monkeypatch, [PUBLIC], ["127.0.0.1"])
    attempt("http://rebinding.example/", STRICT, outside)
    assert attempt("http://rebinding.example/", STRICT, outside).code == "blocked_address"


def test_the_peer_is_checked_after_connecting(server, outside, monkeypatch):
    """As if the system had sent a connection elsewhere than it was told."""
    connect = socket.socket.connect
    monkeypatch.setattr(
        socket.socket, "connect", lambda self, _: connect(self, ("127.0.0.1", server.server_port))
    )
    resolver(monkeypatch, [PUBLIC])
    answer = attempt("http://elsewhere.example/a", STRICT, outside)
    assert (answer.code, server.asked) == ("blocked_address", [])


def test_the_session_closes_what_the_call_would_open(server, outside):
    open_call = Settings(timeout=2.0, allow_private=True)
    assert attempt(server.url("/a"), open_call, outside).code == "blocked_address"


# Redirects: the proxy of the tests stands for the public internet


def led(server, location):
    """What a page on the public internet that redirects to ``location`` comes to."""
    settings = Settings(timeout=2.0, proxy=server.url(""))
    server.routes["http://public.example/a"] = redirect(location)
    with open_session(settings) as session:
        return attempt("http://public.example/a", settings, session)


INSIDE = ["http://127.0.0.1/", "http://0x7f.1/", "http://localhost/", "http://[::1]/"]
INSIDE += ["http://169.254.169.254/latest/meta-data/", "//10.0.0.1/", "http://a.localhost:8080/"]


@pytest.mark.parametrize("location", INSIDE)
def test_a_redirect_inside_is_blocked_and_not_asked_for(location, server):
    answer = led(server, location)
    assert (answer.code, server.asked) == ("blocked_address", ["http://public.example/a"])
    assert [hop.url for hop in answer.fetch.redirects] == ["http://public.example/a"]


def test_a_redirect_to_a_closed_port_is_blocked(server):
    assert led(server, "http://public.example:25/").code == "blocked_port"


def test_a_refresh_inside_is_blocked(server):
    settings = Settings(timeout=2.0, proxy=server.url(""))
    meta = b'<meta http-equiv="refresh" content="0;url=http://127.0.0.1/">'
    server.routes["http://public.example/a"] = page(meta)
    with open_session(settings) as session:
        answer = attempt("http://public.example/a", settings, session)
    assert (answer.code, server.asked) == ("blocked_address", ["http://public.example/a"])


def test_a_robots_txt_that_redirects_inside_is_none(server):
    settings = Settings(timeout=2.0, proxy=server.url(""))
    server.routes["http://public.example/robots.txt"] = redirect("http://127.0.0.1/robots.txt")
    with open_session(settings) as session:
        robots = RobotsCache(settings, session)
        robots.load("http://public.example/a")
        assert robots.verdict("http://public.example/a").robots == "allowed"
    assert [request.path for request in server.requests] == ["http://public.example/robots.txt"]


def test_the_robots_txt_of_a_closed_host_is_not_asked_for(server, outside):
    server.routes["/robots.txt"] = text("User-agent: *\nDisallow: /")
    robots = RobotsCache(STRICT, outside)
    robots.load(server.url("/a"))
    assert server.requests == []


# Ports


@pytest.mark.parametrize("port", [0, 1, 21, 22, 25, 81, 591, 1023, 2049, 5060, 6000, 6667, 10080])
def test_a_port_of_another_protocol_is_blocked(port, outside):
    url = f"http://public.example:{port}/"
    assert attempt(url, STRICT, outside).code == "blocked_port"


@pytest.mark.parametrize("port", [80, 443, 1024, 3000, 8000, 8080, 8443, 65535])
def test_a_port_of_the_web_is_not_blocked(port):
    check_target(f"http://public.example:{port}/", allow_private=False)


@pytest.mark.parametrize(("port", "code"), [(81, None), (591, None), (25, "blocked_port")])
def test_private_addresses_may_be_on_low_ports(port, code):
    try:
        check_target(f"http://127.0.0.1:{port}/", allow_private=True)
    except FetchError as error:
        assert error.code == code
    else:
        assert code is None


# Many addresses


def test_few_addresses_are_tried_of_both_families_in_turns(monkeypatch):
    many = [f"8.8.{n}.8" for n in range(100)] + [f"2606:4700::{n:x}" for n in range(1, 101)]
    resolver(monkeypatch, many)
    found = find_endpoints("many.example", 80, 1.0, allow_private=False)
    four, six = socket.AF_INET, socket.AF_INET6
    assert [endpoint.family for endpoint in found] == [four, six, four, six]


def test_the_next_address_is_tried_where_one_refuses(server, monkeypatch):
    settings = Settings(timeout=2.0, allow_private=True)
    server.routes["/a"] = page()
    resolver(monkeypatch, ["127.0.0.2", "127.0.0.3", "127.0.0.1"])
    with open_session(settings) as session:
        answer = attempt(f"http://site.invalid:{server.server_port}/a", settings, session)
    assert answer.fetch.http_status == 200


def test_no_more_addresses_than_the_limit_are_dialled(outside, monkeypatch, dialled):
    resolver(monkeypatch, [f"8.8.{n}.8" for n in range(200)])
    assert attempt("http://many.example/", STRICT, outside).code == "connect_failed"
    assert len(dialled) == MAX_ADDRESSES


@pytest.mark.parametrize(
    ("settings", "codes"),
    [
        (Settings(timeout=20.0, connect_timeout=0.1), {"dns_failed"}),
        (Settings(timeout=0.1), {"dns_failed", "deadline_exceeded"}),
    ],
)
def test_a_resolver_that_does_not_answer_is_dns_failed(settings, codes, outside, monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: time.sleep(1.0) or [])
    began = time.monotonic()
    assert attempt("http://slow.example/", settings, outside).code in codes
    assert time.monotonic() - began < 0.9


def test_a_name_without_addresses_is_dns_failed(outside, monkeypatch):
    resolver(monkeypatch, [])
    assert attempt("http://empty.example/", STRICT, outside).code == "dns_failed"


def test_a_resolver_that_breaks_is_dns_failed(outside, monkeypatch):
    def broken(*_, **__):
        raise UnicodeError("label too long")

    monkeypatch.setattr(socket, "getaddrinfo", broken)
    assert attempt("http://odd.example/", STRICT, outside).code == "dns_failed"


# A proxy is the user's own word


def test_a_proxy_may_stand_on_this_machine(server):
    settings = Settings(timeout=2.0, proxy=server.url(""))
    server.routes["http://public.example/a"] = page()
    with open_session(settings) as session:
        assert attempt("http://public.example/a", settings, session).fetch.http_status == 200


def test_the_proxy_of_the_settings_stands_in_place_of_the_environment_s(server, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    settings = Settings(timeout=2.0, proxy=server.url(""))
    server.routes["http://public.example/a"] = page()
    with open_session(settings) as session:
        assert not isinstance(attempt("http://public.example/a", settings, session), Refusal)


@pytest.mark.parametrize("host", ["127.0.0.1", "0x7f.1", "localhost", "[::1]", "10.0.0.1"])
def test_a_proxy_is_not_asked_for_a_closed_host(host, server):
    settings = Settings(timeout=2.0, proxy=server.url(""))
    with open_session(settings) as session:
        answer = attempt(f"http://{host}/", settings, session)
    assert (answer.code, server.asked) == ("blocked_address", [])


def test_a_dripping_proxy_meets_the_deadline():
    with Server() as proxy:
        proxy.routes["http://public.example/a"] = loopback.drip(every=0.05)
        settings = Settings(timeout=0.3, proxy=proxy.url(""))
        with open_session(settings) as session:
            answer = attempt("http://public.example/a", settings, session)
    assert answer.code == "deadline_exceeded"


def test_the_password_of_a_proxy_goes_to_the_proxy(server):
    settings = Settings(timeout=2.0, proxy=f"http://ada:geheim@{server.host}")
    server.routes["http://public.example/a"] = page()
    with open_session(settings) as session:
        attempt("http://public.example/a", settings, session)
    assert server.headers("http://public.example/a")["proxy-authorization"].startswith("Basic ")


def test_the_password_of_a_proxy_is_in_no_answer(server):
    settings = Settings(timeout=2.0, proxy="http://ada:geheim@127.0.0.1:1")
    with open_session(settings) as session:
        assert "geheim" not in repr(attempt("http://public.example/a", settings, session))
