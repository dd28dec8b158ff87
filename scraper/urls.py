"""Pure functions of URLs: checking, keys and ids, names for files."""

import re
import unicodedata
import uuid
from functools import lru_cache
from urllib.parse import SplitResult, parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from scraper.errors import FetchError
from scraper.text import one_line

MAX_URL = 8192
"""Characters. Longer ones are traps, and servers refuse them (Apache and nginx: 8 KiB a line)."""

# Parameters that say how a reader came, never which page: campaign tags and click ids.
_TRACKING = re.compile(
    r"^(utm_\w+|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|twclid|ttclid|yclid|igshid|igsh"
    r"|mc_[ce]id|_ga|_gl|_hs(enc|mi)|mkt_tok|oly_(anon|enc)_id|vero_id|wickedid|srsltid"
    r"|at_(medium|campaign)\w*|xtor|ns_(mchannel|source|campaign|linkname|fee)|cmpid|icid|ncid)$"
)
# Parameters that let whoever knows them in.
_TOKEN = re.compile(
    r"([?&;](?:\w{0,40}(?:token|secret|password|passwd|signature)|sig|auth|apikey|api_key|access_key"
    r"|key|session|sid|x-(?:amz|goog)-[\w-]{1,40})=)[^&;#]*",
    re.IGNORECASE,
)
_DEFAULT_PORTS = {"http": 80, "https": 443}
_FORBIDDEN = re.compile(
    '[\x00-\x20\x7f\\\\<>"{}|^`\ud800-\udfff]'
)  # raw, none of them may stand in a URL
# Libraries disagree on where a host with one of them ends, or unescape it: 127.0.0.1%00.a.example.
_NOT_IN_HOST = re.compile(r"[%@:\[\]]")
_SCHEME = re.compile(r"^https?://", re.IGNORECASE)
_NOT_NAME = re.compile(r"[^a-z0-9]+")
_NOT_HOST = re.compile(r"[^a-z0-9._-]+")
_EXTENSION = re.compile(r"\.(html?|xhtml|php\d?|aspx?|jsp|shtml|cms|amp|gz)$")
# Reserved by Windows, whatever the extension.
_RESERVED = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)$")


def check_web_url(url: str) -> str:
    """Return ``url`` stripped of surrounding space and of its fragment.

    Raises:
        FetchError: ``bad_url`` or ``credentials_in_url``; the message never repeats a password.

    >>> check_web_url(" https://harbour.example/a?b=1#top ")
    'https://harbour.example/a?b=1'
    """
    stripped = url.strip()
    if len(stripped) > MAX_URL:
        raise FetchError("bad_url", f"the URL is longer than {MAX_URL} characters")
    parts = _split(stripped)
    if parts is None or parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
        raise FetchError("bad_url", "not an http or https URL")
    if _FORBIDDEN.search(stripped) or not _is_host(parts.hostname):
        raise FetchError("bad_url", "the URL holds characters that no URL may hold")
    if parts.username is not None or parts.password is not None:
        raise FetchError("credentials_in_url", "a URL may not carry a user name or password")
    return urlunsplit(parts._replace(fragment=""))


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - the property raises on a port out of range
    except ValueError:
        return None
    return parts


def _is_host(hostname: str) -> bool:
    if ":" in hostname:  # an IPv6 address: urlsplit has checked it
        return True
    # a name 253 long in Unicode is longer in ASCII, and idna takes its time for endless ones
    if len(hostname) > 253 or _NOT_IN_HOST.search(hostname):
        return False
    try:
        ascii_name = hostname.encode("idna") if not hostname.isascii() else hostname.encode()
    except UnicodeError:
        return False
    labels = ascii_name.rstrip(b".").split(b".")
    return len(ascii_name) <= 253 and all(0 < len(label) <= 63 for label in labels)


def without_secrets(url: str) -> str:
    """Return ``url`` as it may be shown and stored: without password, controls and excess length.

    In what is no URL to fetch, all before the last ``@`` may be a password.

    >>> without_secrets("https://ada:secret@harbour.example/")
    'https://***@harbour.example/'
    >>> without_secrets("https://harbour.example/@ada"), without_secrets("ada:se/cret@harbour")
    ('https://harbour.example/@ada', '***@harbour')
    """
    text = one_line(url)[:MAX_URL]
    before, at, after = text.rpartition("@")
    if not at or is_web_url(url):
        return text
    scheme = _SCHEME.match(before)
    return (scheme.group(0) if scheme else "") + "***@" + after


def for_logs(url: str) -> str:
    """Return ``url`` without secrets, keys and tokens in its query among them.

    >>> for_logs("https://harbour.example/a?id=1&token=x&X-Amz-Signature=y")
    'https://harbour.example/a?id=1&token=***&X-Amz-Signature=***'
    """
    return _TOKEN.sub(r"\1***", without_secrets(url))


def is_web_url(url: str) -> bool:
    """Whether ``url`` is an http or https URL that may be fetched.

    >>> is_web_url("javascript:alert(1)"), is_web_url("http://[bad")
    (False, False)
    """
    try:
        check_web_url(url)
    except FetchError:
        return False
    return True


def resolve(base: str, reference: str) -> str | None:
    """Return ``reference`` as an absolute http or https URL, or None where it is none.

    >>> resolve("https://harbour.example/news/", "../img/a.jpg")
    'https://harbour.example/img/a.jpg'
    >>> resolve("https://harbour.example/", " JaVaScript:alert(1)") is None
    True
    """
    try:
        joined = urljoin(base, reference.strip())
        return check_web_url(joined.replace(" ", "%20"))
    except (ValueError, FetchError):
        return None


def join_redirect(base: str, location: str | None) -> str:
    """Return the absolute target of a redirect.

    Raises:
        FetchError: ``bad_redirect``, or ``blocked_scheme`` where it leads away from the web.

    >>> join_redirect("http://harbour.example/a", "/b#top")
    'http://harbour.example/b'
    """
    try:
        # requests hands headers over as Latin-1; servers mean UTF-8
        stated = (location or "").encode("latin-1", "ignore").decode("utf-8", "replace").strip()
        target = urljoin(base, stated)
        scheme = urlsplit(target).scheme
    except ValueError:
        raise FetchError("bad_redirect", "the redirect's target is no URL") from None
    if not stated:
        raise FetchError("bad_redirect", "the redirect names no target")
    if scheme not in _DEFAULT_PORTS:
        raise FetchError("blocked_scheme", "the redirect leads away from http and https")
    try:
        return check_web_url(target.replace(" ", "%20"))
    except FetchError:
        raise FetchError("bad_redirect", "the redirect's target is no usable URL") from None


def host_of(url: str) -> str | None:
    """Return host and port of ``url``, folded, without a default port; None where there is none.

    >>> host_of("https://Harbour.example:443/x"), host_of("http://127.0.0.1:8080/")
    ('harbour.example', '127.0.0.1:8080')
    """
    parts = _split(url)
    if parts is None or not parts.hostname:
        return None
    name = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    if parts.port in (None, _DEFAULT_PORTS.get(parts.scheme)):
        return name
    return f"{name}:{parts.port}"


def is_own_canonical(canonical: str, url: str) -> bool:
    """Whether ``canonical`` can be the address of the page at ``url``: same site, not its root.

    A canonical link to another host (mirrors, moves) or from a deep page to the front page (a
    template's mistake) says nothing about this page.

    >>> is_own_canonical("https://harbour.example/a", "https://www.harbour.example/a?b=1")
    True
    >>> is_own_canonical("https://harbour.example/", "https://harbour.example/a")
    False
    """
    theirs, ours = _split(canonical), _split(url)
    if theirs is None or ours is None or _bare_host(canonical) != _bare_host(url):
        return False
    return theirs.path.strip("/") != "" or ours.path.strip("/") == ""


def _bare_host(url: str) -> str:
    return re.sub(r"^(www|m|amp|mobile)\.", "", host_of(url) or "")


def site_of(url: str) -> str:
    """Return the registrable domain of a URL's host; host and port where it has none.

    >>> site_of("https://news.harbour.co.uk/a"), site_of("http://127.0.0.1:8080/")
    ('harbour.co.uk', '127.0.0.1:8080')
    """
    return site_of_host(host_of(url) or "")


@lru_cache(10_000)
def site_of_host(host: str) -> str:
    """Return the registrable domain of a host, given with its port; itself where it has none."""
    from tld import get_fld  # noqa: PLC0415 - 0.2 s that few runs need

    name = host.partition(":")[0].rstrip(".")
    found = get_fld(f"https://{name}", fail_silently=True, search_private=True)
    if found or "." not in name or name.rpartition(".")[2].isdigit():
        return found or host
    return ".".join(name.split(".")[-2:])  # a suffix that nobody has listed: one label


def url_key(url: str) -> str:
    """Return what identifies the page: folded, ordered, without scheme, fragment and tracking.

    For telling pages apart, never for fetching.

    >>> url_key("HTTP://Harbour.example:80/a/../b?z=1&utm_source=x&a=2#top")
    '//harbour.example/b?a=2&z=1'
    """
    from w3lib.url import canonicalize_url  # noqa: PLC0415 - 25 ms that only a record needs

    try:
        parts = urlsplit(canonicalize_url(url))
    except ValueError:
        return url
    query = [
        pair
        for pair in parse_qsl(parts.query, keep_blank_values=True)
        if not _TRACKING.match(pair[0].lower())
    ]
    return urlunsplit(("", host_of(url) or "", parts.path or "/", urlencode(query), ""))


def record_id(key: str) -> str:
    """Return the UUIDv5 of a URL key, or of any other stable name of a page.

    >>> record_id("//harbour.example/b")
    'd7f37b4f-3057-5a36-ac50-fa819db7c316'
    """
    return str(uuid.uuid5(uuid.NAMESPACE_URL, key.encode("utf-8", "replace").decode("utf-8")))


def slug(url: str) -> str:
    """Return a file name of ``[a-z0-9-]``, 1 to 80 characters, made from the URL's last segments.

    >>> slug("https://harbour.example/news/2026/Ferry-Timetable_2.html?page=2")
    'ferry-timetable-2'
    >>> slug("https://harbour.example/../..%2f/")
    'index'
    """
    parts = _split(url)
    segments = [part for part in (parts.path if parts else "").lower().split("/") if part]
    for segment in reversed(segments):
        ascii_text = unicodedata.normalize("NFKD", _EXTENSION.sub("", segment))
        name = _NOT_NAME.sub("-", re.sub(r"%[0-9a-f]{2}", "-", ascii_text)).strip("-")[:80]
        if len(name) > 1:
            return f"{name}-" if _RESERVED.match(name) else name.rstrip("-")
    return "index"


def host_folder(host: str | None) -> str:
    """Return a folder name for ``host`` that cannot leave its parent.

    >>> host_folder("127.0.0.1:8080"), host_folder(".."), host_folder(None)
    ('127.0.0.1_8080', 'unknown', 'unknown')
    """
    name = _NOT_HOST.sub("_", (host or "").lower()).strip("._-")[:120]
    return name or "unknown"
