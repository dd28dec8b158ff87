"""Decodes a page's bytes: byte order mark, HTTP charset, meta charset, valid UTF-8, detector."""

import codecs
import re
from typing import Literal, NamedTuple

import webencodings

Source = Literal["bom", "http", "meta", "utf-8", "detected", "given"]

PRESCAN = 4096
"""Bytes searched for a meta charset. The standard says 1,024; heads full of scripts need more."""

SAMPLE = 65536
"""Bytes that the detector sees: its time grows with the size, its answer hardly changes."""

TOLERANCE = 0.1
"""Share of undecodable among all non-ASCII characters up to which a declared encoding is believed:
a page with a few broken bytes is still in its declared encoding (a judgement, not measured)."""

WIDE = 0.3
"""Share of NUL among every second byte from which they are UTF-16 without a mark: Latin text has
nearly all, and no other encoding has any."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16le"),
    (codecs.BOM_UTF16_BE, "utf-16be"),
)
_META = re.compile(
    rb"""<meta\s[^>]{0,512}?charset\s{0,20}=\s{0,20}["']?\s{0,20}([a-zA-Z0-9_:.-]{1,40})""",
    re.IGNORECASE,
)
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_CHARSET = re.compile(r"""charset\s*=\s*["']?([^\s;"']{1,40})""", re.IGNORECASE)
# Codecs that the detector may answer with, and their WHATWG names. Left free it also guesses
# code pages that the web never used.
_CANDIDATES = {
    "cp932": "shift_jis",
    "cp949": "euc-kr",
    "big5": "big5",
    "gb18030": "gb18030",
    "euc_jp": "euc-jp",
    "koi8_r": "koi8-r",
    "iso8859_2": "iso-8859-2",
    "iso8859_7": "iso-8859-7",
    "cp874": "windows-874",
    **{f"cp{number}": f"windows-{number}" for number in range(1250, 1259)},
}
_NON_ASCII = re.compile(r"[^\x00-\x7f]")


class Decoded(NamedTuple):
    """Text, the WHATWG name of its encoding, what told it, and the number of U+FFFD put in."""

    text: str
    encoding: str
    source: Source
    replaced: int


def decode(body: bytes, content_type: str | None = None) -> Decoded:
    r"""Decode a page's bytes; never raises.

    ``content_type`` is the HTTP header. Only labels of the WHATWG table name a codec.

    >>> decode(b"<meta charset=latin1>caf\xe9")[1:3]
    ('windows-1252', 'meta')
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            return _decode(body[len(mark) :], name, "bom")
    if b"\0" in body[:PRESCAN] and (wide := _wide(body[:PRESCAN])):
        return _decode(body, wide, "detected")
    is_utf8 = _try_utf8(body)
    labels: tuple[tuple[str | None, Source], ...] = (
        (_http_label(content_type), "http"),
        (_meta_label(body), "meta"),
    )
    for label, source in labels:
        declared = _lookup(label, source)
        if declared:
            return _declared(body, declared, source, is_utf8)
    if is_utf8 is not None:
        return Decoded(is_utf8, "utf-8", "utf-8", 0)
    return _detect(body)


def _wide(sample: bytes) -> str | None:
    """Return UTF-16 of either order, where the zeros stand on one side of the pairs."""
    left, right = sample[::2].count(0), sample[1::2].count(0)
    if max(left, right) < WIDE * len(sample) / 2 or min(left, right) * 4 > max(left, right):
        return None
    return "utf-16le" if right > left else "utf-16be"


def _http_label(content_type: str | None) -> str | None:
    match = _CHARSET.search(content_type or "")
    return match.group(1) if match else None


def _meta_label(body: bytes) -> str | None:
    match = _META.search(_COMMENT.sub(b"", body[:PRESCAN]))
    return match.group(1).decode("ascii") if match else None


def _lookup(label: str | None, source: Source) -> str | None:
    """Return the encoding's WHATWG name; a meta element cannot declare UTF-16, for it was read."""
    found = webencodings.lookup(label) if label else None
    if found is None:
        return None
    return "utf-8" if source == "meta" and found.name.startswith("utf-16") else found.name


def _try_utf8(body: bytes) -> str | None:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _declared(body: bytes, name: str, source: Source, utf8_text: str | None) -> Decoded:
    """Decode as declared, unless the bytes say otherwise.

    Text in a legacy encoding is hardly ever valid UTF-8 with characters beyond ASCII: a page
    declared windows-1252 that decodes so is UTF-8.
    """
    if utf8_text is not None and (name == "utf-8" or not utf8_text.isascii()):
        return Decoded(utf8_text, "utf-8", source if name == "utf-8" else "utf-8", 0)
    decoded = _decode(body, name, source)
    if decoded.replaced > TOLERANCE * len(_NON_ASCII.findall(decoded.text)):
        return _detect(body)
    return decoded


def _decode(body: bytes, name: str, source: Source) -> Decoded:
    # The standard decodes gbk, and gb2312 with it, as gb18030, of which both are a part.
    codec = webencodings.lookup("gb18030" if name == "gbk" else name).codec_info
    text = codec.decode(body, "replace")[0]
    return Decoded(text, name, source, text.count("\ufffd"))


def _detect(body: bytes) -> Decoded:
    """Ask the detector; windows-1252 where it knows nothing, as browsers do."""
    from charset_normalizer import from_bytes  # noqa: PLC0415 - 11 ms that few pages need

    best = from_bytes(body[:SAMPLE], cp_isolation=list(_CANDIDATES)).best()
    return _decode(body, _CANDIDATES[best.encoding] if best else "windows-1252", "detected")
