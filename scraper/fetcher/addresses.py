"""Says which hosts, ports and addresses may be reached, and finds the addresses of a host."""

import ipaddress
import queue
import re
import socket
import threading
from collections.abc import Iterable
from itertools import chain, zip_longest
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import idna

from scraper.errors import ERROR_CODES, FetchError

MAX_ADDRESSES = 4
"""Addresses of one host that are tried: a name with 200 dead ones costs no more than four."""

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# IANA special-purpose registry, all that is not global, and multicast.
_CLOSED_V4 = tuple(
    ipaddress.IPv4Network(network)
    for network in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
        *("172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16"),
        *("198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
        "168.63.129.16/32",  # Azure's platform endpoint: global by its number, the host's by use
    )
)
_GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")
_CLOSED_V6 = tuple(
    ipaddress.IPv6Network(network) for network in ("2001::/23", "2001:db8::/32", "3fff::/20")
)
_TEREDO = ipaddress.IPv6Network("2001::/32")
_SIX_TO_FOUR = ipaddress.IPv6Network("2002::/16")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_MAPPED = ipaddress.IPv6Network("::ffff:0:0/96")

# Names that mean this machine or its cloud's metadata wherever they are resolved.
_CLOSED_NAMES = re.compile(
    r"(.*\.)?localhost|localhost\d?\.localdomain\d?|ip6-(localhost|loopback)"
    r"|metadata\.google\.internal|metadata\.goog|metadata|instance-data"
)
_NUMERIC = re.compile(r"\d+|0x[0-9a-f]*")

_WEB_PORTS = frozenset({80, 443})
_FIRST_FREE_PORT = 1024
# Ports of other protocols that no browser speaks HTTP to (Fetch standard, "bad port").
_BAD_PORTS = frozenset(
    {0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101}
    | {102, 103, 104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389}
    | {427, 465, 512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636}
    | {989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566}
    | {*range(6665, 6670), 6679, 6697, 10080}
)


class Endpoint(NamedTuple):
    """An address to connect to, as the system's resolver gives it."""

    family: socket.AddressFamily
    sockaddr: tuple[Any, ...]


def check_target(url: str, *, allow_private: bool) -> None:
    """Refuse what can be told from a checked URL alone, before any name is looked up.

    ``allow_private`` opens private addresses and ports below 1024, but for those that belong to
    other protocols.

    Raises:
        FetchError: ``blocked_address``, ``blocked_port``, ``bad_url`` for a broken number.
    """
    parts = urlsplit(url)
    host = folded_host(parts.hostname or "")
    address = literal(host)
    closed = not is_global(address) if address else bool(_CLOSED_NAMES.fullmatch(host))
    if closed and not allow_private:
        raise _blocked("blocked_address")
    port = parts.port
    if port is None or port in _WEB_PORTS:
        return
    if port in _BAD_PORTS or (port < _FIRST_FREE_PORT and not allow_private):
        raise _blocked("blocked_port")


def folded_host(hostname: str) -> str:
    """Return ``hostname`` as it is looked up: in ASCII, small letters, without a last dot.

    Raises:
        FetchError: ``bad_url`` where it is no name that can be looked up.
    """
    host = hostname.lower()
    if not host.isascii():
        try:
            host = idna.encode(host, uts46=True).decode("ascii").lower()
        except idna.IDNAError:
            raise FetchError("bad_url", "the host is no name that can be looked up") from None
    return host.removesuffix(".")


def literal(host: str) -> _Address | None:
    """Return the address that a folded host spells, in any form that resolvers take, or None.

    >>> str(literal("0x7f.1")), str(literal("2130706433")), literal("harbour.example")
    ('127.0.0.1', '127.0.0.1', None)

    Raises:
        FetchError: ``bad_url`` for what ends in a number and is no address, as the URL standard
            has it.
    """
    if ":" in host:
        try:
            return ipaddress.IPv6Address(host.partition("%")[0])
        except ValueError:
            raise FetchError("bad_url", "the host is no IPv6 address") from None
    if not _NUMERIC.fullmatch(host.rpartition(".")[2]):
        return None
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host))
    except OSError:
        raise FetchError("bad_url", "the host ends in a number but is no address") from None


def is_global(address: _Address) -> bool:
    """Whether ``address`` is on the public internet, and so is every address that it embeds.

    >>> is_global(ipaddress.ip_address("::ffff:10.0.0.1"))
    False
    """
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in network for network in _CLOSED_V4)
    embedded = _embedded(address)
    if embedded:
        return all(is_global(inner) for inner in embedded)
    return address in _GLOBAL_V6 and not any(address in network for network in _CLOSED_V6)


def _embedded(address: ipaddress.IPv6Address) -> list[ipaddress.IPv4Address]:
    """Return the IPv4 addresses that an IPv6 address carries: one, or two for Teredo."""
    number = int(address)
    if address in _NAT64 or address in _MAPPED:
        return [ipaddress.IPv4Address(number & 0xFFFFFFFF)]
    if address in _SIX_TO_FOUR:
        return [ipaddress.IPv4Address(number >> 80 & 0xFFFFFFFF)]
    if address in _TEREDO:  # the server, then the client with its bits turned over
        numbers = (number >> 64 & 0xFFFFFFFF, ~number & 0xFFFFFFFF)
        return [ipaddress.IPv4Address(inner) for inner in numbers]
    return []


def find_endpoints(host: str, port: int, seconds: float, *, allow_private: bool) -> list[Endpoint]:
    """Look ``host`` up once and return the few endpoints to try, IPv6 and IPv4 in turns.

    Raises:
        FetchError: ``dns_failed`` (also after ``seconds``); ``blocked_address`` if a single answer
            is not global: a name that mixes both kinds is made to slip past a check.
    """
    found = list(dict.fromkeys(_look_up(host, port, seconds)))
    if not found:
        raise FetchError("dns_failed", ERROR_CODES["dns_failed"].meaning)
    if not allow_private:
        check_addresses(str(endpoint.sockaddr[0]) for endpoint in found)
    first = found[0].family
    same = [endpoint for endpoint in found if endpoint.family == first]
    other = [endpoint for endpoint in found if endpoint.family != first]
    in_turns = chain.from_iterable(zip_longest(same, other))
    return [endpoint for endpoint in in_turns if endpoint][:MAX_ADDRESSES]


def check_addresses(addresses: Iterable[str]) -> None:
    """Refuse addresses of which one is not global.

    Raises:
        FetchError: ``blocked_address``.
    """
    for address in addresses:
        if not is_global(ipaddress.ip_address(address.partition("%")[0])):
            raise _blocked("blocked_address")


def _look_up(host: str, port: int, seconds: float) -> list[Endpoint]:
    """Ask the system's resolver, in a thread of its own: nothing else can end its waiting."""
    answers: queue.SimpleQueue[list[Endpoint] | Exception] = queue.SimpleQueue()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except Exception as error:  # noqa: BLE001 - handed over to the thread that waits
            answers.put(error)
        else:
            answers.put([Endpoint(family, address) for family, _, _, _, address in found])

    if _is_number(host):  # answered without asking anybody
        ask()
    else:
        threading.Thread(target=ask, name="resolver", daemon=True).start()
    try:
        answer = answers.get(timeout=seconds)
    except queue.Empty:
        raise FetchError("dns_failed", f"no answer from the resolver in {seconds:.0f} s") from None
    if isinstance(answer, Exception):
        raise FetchError("dns_failed", ERROR_CODES["dns_failed"].meaning) from answer
    return answer


def _is_number(host: str) -> bool:
    return ":" in host or bool(_NUMERIC.fullmatch(host.rpartition(".")[2]))


def _blocked(code: str) -> FetchError:
    return FetchError(code, ERROR_CODES[code].meaning)
