"""Tells a page from other data by Content-Type and first bytes, before the body is read."""

import html
import re
from typing import Literal

SNIFFED = 512
"""Bytes looked at for what a body is; the MIME sniffing standard takes up to 1,445."""

HEAD = 4096
"""Bytes in which a refresh is looked for: a page that only redirects says so at its start."""

MAX_DELAY = 1.0
"""Seconds up to which a refresh is a redirect; a page that is to be read waits longer."""

MAX_WORDS = 200
"""Characters of visible text from which a page is worth more than where it would lead."""

_READ = 65536  # bytes in which visible text is counted
_PAGE_TYPES = ("text/", "application/xhtml", "application/xml", "multipart/")
_OTHER_TEXT = frozenset({"text/css", "text/javascript", "text/csv", "text/calendar"})
_OTHER_TYPES = ("image/", "audio/", "video/", "font/", "model/", "application/pdf")
_OTHER_DATA = re.compile(r"text/.+|application/(.*\+)?(json|zip|gzip|javascript|wasm|zstd).*")
_HTML = re.compile(
    rb"(\xef\xbb\xbf)?\s*(<\?xml[^>]{0,200}>\s*)?((?><!--.{0,400}?-->)\s*+)*+"  # never tried twice
    rb"<(!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
# None of them can begin HTML.
_MAGIC = (
    *(b"%PDF-", b"PK\x03\x04", b"\x1f\x8b", b"BZh9", b"Rar!\x1a", b"7z\xbc\xaf", b"\xfd7zXZ"),
    *(b"\x89PNG", b"GIF87a", b"GIF89a", b"\xff\xd8\xff", b"OggS", b"ID3\x03", b"ID3\x04"),
    *(b"wOFF", b"wOF2", b"\x7fELF", b"\x28\xb5\x2f\xfd", b"\x00\x00\x01\x00", b"\x1aE\xdf\xa3"),
)
_HIDDEN = re.compile(
    r"<(script|style|noscript|title|template)\b.*?(</\1\s*>|\Z)|<!--.*?(-->|\Z)|<[^>]*(>|\Z)",
    re.IGNORECASE | re.DOTALL,
)
_NOT_MARKUP = re.compile(
    r"<(script|style|noscript|template)\b.*?(</\1\s*>|\Z)|<!--.*?(-->|\Z)",
    re.IGNORECASE | re.DOTALL,
)
_META = re.compile(r"<meta\b([^>]{1,3000})>", re.IGNORECASE)
_IS_REFRESH = re.compile(r"""http-equiv\s*=\s*["']?\s*refresh\b""", re.IGNORECASE)
_CONTENT = re.compile(r"""\bcontent\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))""", re.IGNORECASE)
_TARGET = re.compile(
    r"""\s*(\d{0,4}(?:\.\d{0,4})?)\s*[;,]\s*(?:url\s*=\s*)?(["']?)(.*?)\2\s*""",
    re.IGNORECASE | re.DOTALL,
)

Kind = Literal["page", "unsure", "other"]


def kind_of_type(content_type: str) -> Kind:
    """Return what a Content-Type promises; for a vague one the first bytes decide.

    >>> kind_of_type("text/html;;;"), kind_of_type("video/mp4"), kind_of_type("nonsense")
    ('page', 'other', 'unsure')
    """
    essence = content_type.partition(";")[0].strip().lower()
    if essence in _OTHER_TEXT or essence.startswith(_OTHER_TYPES):
        return "other"
    if not essence or essence.startswith(_PAGE_TYPES):
        return "page"
    return "other" if _OTHER_DATA.fullmatch(essence) else "unsure"


def is_page(start: bytes, promised: Kind) -> bool:
    """Whether a body that starts with ``start`` can be a page.

    >>> is_page(b"%PDF-1.7", "page"), is_page(b"<!doctype html>", "unsure")
    (False, True)
    """
    if promised == "unsure":
        return bool(_HTML.match(start))
    return not start.startswith(_MAGIC) and start[4:8] != b"ftyp"


def refresh_target(body: bytes) -> str | None:
    """Return where a page without text of its own sends its reader at once, or None.

    The target is relative to the page. What stands in noscript is for readers without scripts,
    and leads most of them to a page that asks for scripts.
    """
    if b"refresh" not in body[:HEAD].lower():
        return None
    delay, target = _stated_refresh(_NOT_MARKUP.sub(" ", body[:HEAD].decode("utf-8", "replace")))
    if not target or delay > MAX_DELAY:
        return None
    text = _HIDDEN.sub(" ", body[:_READ].decode("utf-8", "replace"))
    return target if len("".join(text.split())) < MAX_WORDS else None


def _stated_refresh(markup: str) -> tuple[float, str]:
    """Return delay in seconds and target of the first refresh; no target where there is none."""
    for meta in _META.finditer(markup):
        content = _CONTENT.search(meta[1]) if _IS_REFRESH.search(meta[1]) else None
        if content:
            stated = html.unescape(content[1] or content[2] or content[3] or "")
            refresh = _TARGET.fullmatch(stated)
            if refresh:
                return float(refresh[1].strip(".") or 0), refresh[3].strip()
    return 0.0, ""
