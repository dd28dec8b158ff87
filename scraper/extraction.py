"""Page in, record out: parses once, collects metadata, cleans, normalizes; never raises."""

import msgspec

from scraper import cleaner, normalizer
from scraper.blank import blank_article, blank_fetch, failed
from scraper.encoding import Decoded, decode
from scraper.model import Article, Extraction, Mode, Page
from scraper.text import without_unsafe
from scraper.urls import is_web_url, without_secrets

MAX_REPLACED = 0.01
"""Share of U+FFFD among a page's characters from which a record warns of its encoding."""

# First bytes of what servers and folders hold beside pages; none of them can begin HTML.
_MAGIC = (
    *(b"%PDF-", b"PK\x03\x04", b"\x1f\x8b", b"BZh", b"Rar!", b"7z\xbc\xaf", b"\xfd7zXZ"),
    *(b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"RIFF", b"OggS", b"ID3", b"wOF2", b"\x00\x00\x01\x00"),
    *(b"\x7fELF", b"MZ\x90", b"\xd0\xcf\x11\xe0", b"SQLite format 3", b"\x28\xb5\x2f\xfd"),
)
_TEXTUAL = bytes(code for code in range(256) if code in b"\x00\t\n\f\r\x1b" or code >= 32)
MAX_CONTROLS = 0.05
"""Share of control characters above which bytes are data: of 256 values 26 are such."""
_BLANK = b" \t\r\n\f\x00\xef\xbb\xbf"


def extract(html: bytes | str, url: str | None = None, *, mode: Mode = "auto") -> Article:
    """Return the article in a page, with its metadata and the ledger of what was cut.

    ``html`` is the page as sent (the encoding is found as browsers find it) or already decoded.
    ``url`` makes links absolute and the id stable; one that is no web URL is noted, not used. No
    network, no files, no clock: the same bytes give the same record. A page without an article
    gives a record whose ``status`` and ``extraction.warnings`` say so; no page makes this raise.

    ``mode`` says what counts as the text: ``auto`` looks for an article unless the page is surely
    of another type (a thread, a product, documentation ...), ``article`` always does, ``any``
    takes every page for what it most likely is, front pages and lists of articles too.
    """
    body = html if isinstance(html, bytes) else html.encode("utf-8", "replace")
    fetch = msgspec.structs.replace(blank_fetch(without_secrets(url or "")), bytes=len(body))
    page = Page(body=body, url=url if url and is_web_url(url) else None, fetch=fetch)
    return extract_page(page, mode=mode, text=None if isinstance(html, bytes) else html)


def extract_text(html: bytes | str, url: str | None = None, *, mode: Mode = "auto") -> str:
    """Return the article's text alone, as ``extract(...).text`` would but for the headline.

    For pipelines that want nothing else: no metadata, no ledger, no verdict, and no second opinion
    where the model finds nothing. Empty where there is no page or no article; never raises.
    """
    try:
        given = html if isinstance(html, str) else None
        body = html if isinstance(html, bytes) else html[:16].encode("utf-8", "replace")
        if body.lstrip(_BLANK).startswith(_MAGIC) or _is_binary(body, given):
            return ""
        text = decode(body).text if given is None else without_unsafe(given)
        address = url if url and is_web_url(url) else None
        return cleaner.body_text(cleaner.parse(text), address, mode=mode)
    except Exception:  # noqa: BLE001 - the boundary: a text, never an exception
        return ""


def extract_page(page: Page, *, mode: Mode = "auto", text: str | None = None) -> Article:
    """Return the record of a fetched page; ``text`` spares decoding where it is known."""
    try:
        return _extract(page, mode, text)
    except Exception as error:  # noqa: BLE001 - the boundary: a record, never an exception
        record = failed(_blank(page), "internal", f"{type(error).__name__} in extraction")
        return _warned(record, "internal")


def _extract(page: Page, mode: Mode, text: str | None) -> Article:
    if not page.body.strip(_BLANK):
        record = failed(_blank(page), "empty_body", "the page holds no characters")
        return _warned(record, "empty_body")
    if page.body.lstrip(_BLANK).startswith(_MAGIC) or _is_binary(page.body, text):
        record = failed(_blank(page), "not_html", "the bytes are not a page")
        return _warned(record, "not_html")
    page, decoded = _decoded(page, text)
    tree = cleaner.parse(decoded.text)
    clues = normalizer.collect(tree, page.url)
    article = normalizer.normalize(page, clues, cleaner.clean(tree, page.url, mode=mode))
    if decoded.replaced > MAX_REPLACED * len(decoded.text):
        article = _warned(article, "replacement_characters")
    return article


def _is_binary(body: bytes, text: str | None) -> bool:
    """Whether bytes that no text holds are frequent; NUL is not counted: UTF-16 is full of it."""
    if text is not None:
        return False
    sample = body[:4096]
    return len(sample.translate(None, _TEXTUAL)) > MAX_CONTROLS * len(sample)


def _decoded(page: Page, text: str | None) -> tuple[Page, Decoded]:
    """Return the page with its encoding written down, and its text."""
    if text is not None:
        decoded = Decoded(without_unsafe(text), "utf-8", "given", 0)
    else:
        decoded = decode(page.body, page.fetch.content_type)
    fetch = msgspec.structs.replace(
        page.fetch, encoding=decoded.encoding, encoding_source=decoded.source
    )
    return msgspec.structs.replace(page, fetch=fetch), decoded


def _blank(page: Page) -> Article:
    return blank_article(page.url, page.fetch)


def _warned(article: Article, code: str) -> Article:
    extraction: Extraction = msgspec.structs.replace(
        article.extraction, warnings=(*article.extraction.warnings, code)
    )
    return msgspec.structs.replace(article, extraction=extraction)
