"""Every option with default, unit and meaning; flags, environment and file are read against it."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta, Struct

from scraper.errors import UsageError
from scraper.model import KINDS, Mode

FILE_NAME = "scraper.toml"
Seconds = Annotated[float, Meta(gt=0, le=86400)]
Interval = Annotated[float, Meta(gt=0, le=366 * 86400)]
Bytes = Annotated[int, Meta(ge=1)]

_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
_HEADER_VALUE = re.compile(r"[\t\x20-\x7e\xa0-\xff]{0,4096}")
# Set by the connection, by what the fetcher can read, or by an option of their own.
_OUR_HEADERS = frozenset(
    "host connection content-length transfer-encoding te trailer upgrade expect keep-alive"
    " proxy-authorization proxy-connection accept-encoding user-agent range if-none-match"
    " if-modified-since if-range if-match if-unmodified-since".split()
)


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The options of a run. Times are seconds, sizes are bytes.

    A wrong value raises ``UsageError`` in ``load_settings``; the constructor checks nothing.
    """

    user_agent: Annotated[
        str, Meta(min_length=1, description="User-Agent sent with every request.")
    ] = "scraper/0.1 (+https://example.org/scraper)"
    timeout: Annotated[Seconds, Meta(description="Seconds that one fetch may take in all.")] = 30.0
    connect_timeout: Annotated[Seconds, Meta(description="Seconds to connect.")] = 10.0
    max_size: Annotated[Bytes, Meta(description="Bytes of a decoded body.")] = 20 * 2**20
    max_wire: Annotated[Bytes, Meta(description="Bytes of a body as sent, still packed.")] = (
        10 * 2**20
    )
    max_redirects: Annotated[int, Meta(ge=0, le=50, description="Redirects to follow.")] = 10
    allow_private: Annotated[
        bool,
        Meta(description="Reach addresses off the public internet, too, and low ports."),
    ] = False
    proxy: Annotated[
        str, Meta(description="Proxy, http://HOST:PORT, in place of the environment's.")
    ] = ""
    headers: Annotated[
        tuple[str, ...],
        Meta(description="Further header, NAME: VALUE, for the addresses given and their origins."),
    ] = ()
    retries: Annotated[
        int, Meta(ge=0, le=10, description="Further tries after a failure that may pass.")
    ] = 2
    delay: Annotated[
        float, Meta(ge=0, le=3600, description="Seconds between requests to one host.")
    ] = 1.0
    concurrency: Annotated[
        int, Meta(ge=1, le=256, description="Hosts fetched from at the same time.")
    ] = 16
    max_wait: Annotated[
        float,
        Meta(ge=0, le=86400, description="Longest rest, asked by a host, that a run waits for."),
    ] = 60.0
    max_time: Annotated[
        float,
        Meta(ge=0, description="Seconds after which a run takes up no more URLs; 0 for no limit."),
    ] = 0.0
    max_pages: Annotated[
        int, Meta(ge=0, description="URLs after which a run ends; 0 for no limit.")
    ] = 0
    revisit_first: Annotated[
        Interval, Meta(description="Seconds until a new article is looked at again.")
    ] = 86400.0
    revisit_min: Annotated[
        Interval, Meta(description="Shortest time between two looks at an article, in seconds.")
    ] = 3600.0
    revisit_max: Annotated[
        Interval, Meta(description="Longest time between two looks at an article, in seconds.")
    ] = 60 * 86400.0
    gone_after: Annotated[
        int, Meta(ge=1, le=100, description="Looks in a row that find an article missing.")
    ] = 3
    robots: Annotated[
        Literal["obey", "ignore"], Meta(description="Whether robots.txt is obeyed.")
    ] = "obey"
    workers: Annotated[
        int,
        Meta(ge=0, le=256, description="Extraction processes; 0 extracts in this process."),
    ] = 0
    extract_timeout: Annotated[
        Seconds, Meta(description="Seconds of processor time that a page may take in a worker.")
    ] = 30.0
    mode: Annotated[
        Mode,
        Meta(
            description="Look for an article unless the page is surely something else (auto),"
            " always (article), or take every page for what it is, lists too (any)."
        ),
    ] = "auto"
    removed: Annotated[
        Literal["counts", "full", "none"], Meta(description="How much of the ledger is written.")
    ] = "counts"
    keep: Annotated[
        str, Meta(description="Kinds of removals to leave in, parted by commas: comments,caption.")
    ] = ""
    site_rules: Annotated[
        str, Meta(description="Folder of rules for single sites, one DOMAIN.toml each.")
    ] = ""
    hosts: Annotated[
        str, Meta(description="File of what recurs on hosts, as scraper hosts makes it.")
    ] = ""
    layout: Annotated[
        Literal["jsonl", "files"],
        Meta(description="One articles.jsonl, or HOST/SLUG-ID8.json for each article."),
    ] = "jsonl"


def load_settings(values: Mapping[str, Any]) -> Settings:
    """Return the settings with ``values`` in place of defaults; text is read as the field's type.

    Raises:
        UsageError: an unknown name or a value out of range, in one line.
    """
    try:
        settings = msgspec.convert(dict(values), Settings, strict=False)
    except msgspec.ValidationError as error:
        raise UsageError(_explain(error)) from None
    unknown = [kind for kind in kinds_of(settings.keep) if kind not in KINDS]
    if unknown:
        raise UsageError(f"keep: no kind is called {unknown[0]}; kinds: {', '.join(KINDS)}")
    for header in settings.headers:
        header_of(header)
    _check_proxy(settings.proxy)
    return settings


def header_of(stated: str) -> tuple[str, str]:
    """Return name and value of a header to send.

    >>> header_of("Accept-Language: is, en")
    ('Accept-Language', 'is, en')

    Raises:
        UsageError: it is none, or one that belongs to the connection or to another option. The
            message does not repeat the value, which may be a password.
    """
    name, colon, value = stated.partition(":")
    if not colon or not _HEADER_NAME.fullmatch(name):
        raise UsageError("headers: a header is NAME: VALUE")
    if name.lower() in _OUR_HEADERS:
        raise UsageError(f"headers: {name} is not for options to set")
    value = value.strip(" \t")
    if not _HEADER_VALUE.fullmatch(value):
        raise UsageError(f"headers: the value of {name} holds characters that no header may hold")
    return name, value


def _check_proxy(proxy: str) -> None:
    """Refuse what is no address of a proxy, without a word of it: it may hold a password."""
    if not proxy:
        return
    try:
        parts = urlsplit(proxy)
        usable = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable or not _HEADER_VALUE.fullmatch(proxy) or " " in proxy:
        raise UsageError("proxy: expected http://HOST:PORT or https://HOST:PORT")


def kinds_of(keep: str) -> list[str]:
    """Return the kinds in a list parted by commas.

    >>> kinds_of("comments, caption")
    ['comments', 'caption']
    """
    return [kind.strip() for kind in keep.split(",") if kind.strip()]


def read_settings_file(path: Path | None) -> dict[str, Any]:
    """Return the options in ``path``, or in ``scraper.toml`` of the working directory, if any.

    Raises:
        UsageError: the file cannot be read or holds something that is no option.
    """
    if path is None:
        path = Path(FILE_NAME)
        if not path.is_file():
            return {}
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
        msgspec.convert(values, Settings)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UsageError(f"{path}: {error}") from None
    except msgspec.ValidationError as error:
        raise UsageError(f"{path}: {_explain(error)}") from None
    return values


def _explain(error: msgspec.ValidationError) -> str:
    """Turn 'Expected `int` >= 0 - at `$.retries`' into 'retries: expected int >= 0'."""
    message, _, place = str(error).partition(" - at `$.")
    message = message.replace("`", "")
    if not place:
        return message
    return f"{place.rstrip('`')}: {message[0].lower()}{message[1:]}"
