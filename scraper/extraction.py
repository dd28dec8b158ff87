"""Page in, record out: parses once, collects metadata, cleans, normalizes; never raises."""

from collections.abc import Collection
from typing import Any, NamedTuple

import msgspec

from scraper import cleaner, normalizer
from scraper.advice import NO_ADVICE, PLAIN, Advisor, Reading
from scraper.blank import blank_article, blank_fetch, failed
from scraper.encoding import Decoded, decode
from scraper.model import Article, Content, Explanation, Extraction, Mode, Page, Piece
from scraper.outline import outline
from scraper.text import squeezed, without_unsafe
from scraper.urls import host_of, is_web_url, without_secrets

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


def extract(
    html: bytes | str,
    url: str | None = None,
    *,
    mode: Mode = "auto",
    keep: Collection[str] = (),
    advisor: Advisor = NO_ADVICE,
) -> Article:
    """Return the article in a page, with its metadata and the ledger of what was cut.

    ``html`` is the page as sent (the encoding is found as browsers find it) or already decoded; a
    text without any tag is taken for an article that was extracted before, and stripped of its
    menus and promos. ``url`` makes links absolute and the id stable; one that is no web URL is
    noted, not used. No network, no files, no clock: the same bytes give the same record. A page
    without an article gives a record whose ``status`` and ``extraction.warnings`` say so; no page
    makes this raise.

    ``mode`` says what counts as the text: ``auto`` looks for an article unless the page is surely
    of another type (a thread, a product, documentation ...), ``article`` always does, ``any``
    takes every page for what it most likely is, front pages and lists of articles too.
    ``keep`` names kinds of removals that are left in: ``comments``, ``author-bio`` ... ``advisor``
    is what ``load_advice`` read: rules for sites, memories of hosts.
    """
    reading = Reading(mode, tuple(keep), advisor)
    text = None if isinstance(html, bytes) else html
    return extract_page(_page_of(html, url), reading, text=text)


def explain(
    html: bytes | str,
    url: str | None = None,
    *,
    mode: Mode = "auto",
    keep: Collection[str] = (),
    advisor: Advisor = NO_ADVICE,
) -> Explanation:
    """Return the article as ``extract`` does, and all of the page: kept or cut, with the votes."""
    reading = Reading(mode, tuple(keep), advisor)
    text = None if isinstance(html, bytes) else html
    return explain_page(_page_of(html, url), reading, text=text)


def _page_of(html: bytes | str, url: str | None) -> Page:
    body = html if isinstance(html, bytes) else html.encode("utf-8", "replace")
    fetch = msgspec.structs.replace(blank_fetch(without_secrets(url or "")), bytes=len(body))
    return Page(body=body, url=url if url and is_web_url(url) else None, fetch=fetch)


def extract_text(html: bytes | str, url: str | None = None, *, mode: Mode = "auto") -> str:
    """Return the article's text alone, as ``extract(...).text`` would but for the headline.

    For pipelines that want nothing else: no metadata, no ledger, no verdict, and no second opinion
    where the model finds nothing. Empty where there is no page or no article; never raises.
    """
    try:
        return _text_of(html, url if url and is_web_url(url) else None, mode)
    except Exception:  # noqa: BLE001 - the boundary: a text, never an exception
        return ""


def _text_of(html: bytes | str, url: str | None, mode: Mode) -> str:
    given = html if isinstance(html, str) else None
    body = html if isinstance(html, bytes) else html[:16].encode("utf-8", "replace")
    if body.lstrip(_BLANK).startswith(_MAGIC) or _is_binary(body, given):
        return ""
    text = decode(body).text if given is None else without_unsafe(given)
    found = cleaner.body_text(cleaner.parse_mended(text)[0], url, mode=mode)
    if not found and (shown := cleaner.unveiled(text)):
        found = cleaner.body_text(cleaner.parse_mended(shown)[0], url, mode=mode)
    return found


def extract_page(page: Page, reading: Reading = PLAIN, *, text: str | None = None) -> Article:
    """Return the record of a fetched page; ``text`` spares decoding where it is known."""
    return explain_page(page, reading, text=text, whole=False).article


def explain_page(
    page: Page, reading: Reading = PLAIN, *, text: str | None = None, whole: bool = True
) -> Explanation:
    """Return the record of a page and, unless not the ``whole`` is asked for, all of its blocks."""
    try:
        return _explain(page, reading, text, whole=whole)
    except Exception as error:  # noqa: BLE001 - the boundary: a record, never an exception
        record = failed(_blank(page), "internal", f"{type(error).__name__} in extraction")
        return Explanation(article=_warned(record, "internal"), pieces=())


def _explain(page: Page, reading: Reading, text: str | None, *, whole: bool) -> Explanation:
    if not page.body.strip(_BLANK):
        record = failed(_blank(page), "empty_body", "the page holds no characters")
        return Explanation(article=_warned(record, "empty_body"), pieces=())
    if page.body.lstrip(_BLANK).startswith(_MAGIC) or _is_binary(page.body, text):
        record = failed(_blank(page), "not_html", "the bytes are not a page")
        return Explanation(article=_warned(record, "not_html"), pieces=())
    page, decoded = _decoded(page, text)
    read = _read(page, decoded.text, reading, whole=whole)
    if not read.content.blocks and (shown := cleaner.unveiled(decoded.text)):
        again = _read(page, shown, reading, whole=whole)
        if again.content.blocks:
            read = again._replace(is_mended=True)
    content, collected, pieces, mended = read
    article = normalizer.normalize(page, collected, content)
    if mended:
        article = _warned(article, "mended_markup")
    if collected.page is not None and collected.page.is_thinned:
        article = _warned(article, "too_many_blocks")
    if decoded.replaced > MAX_REPLACED * len(decoded.text):
        article = _warned(article, "replacement_characters")
    return Explanation(article=article, pieces=_titled(pieces, article))


class _Read(NamedTuple):
    """Content, evidence and, where the whole was asked for, the blocks of a page.

    ``is_mended``: the page's markup hid its text.
    """

    content: Content
    collected: normalizer.Collected
    pieces: tuple[Piece, ...]
    is_mended: bool = False


def _read(page: Page, text: str, reading: Reading, *, whole: bool) -> _Read:
    if cleaner.is_plain(text):
        content, headline, pieces = cleaner.clean_text(text, reading.keep)
        clues = [normalizer.Clue("title", "text.headline", headline)] if headline else []
        return _Read(content, normalizer.Collected(clues), pieces)
    tree, is_mended = cleaner.parse_mended(text)
    blocks = outline(tree)
    clues = normalizer.collect(tree, blocks, page.url)
    known = normalizer.address(clues, page.url)
    how: dict[str, Any] = {
        "mode": reading.mode,
        "keep": reading.keep,
        "advice": reading.advisor.about(host_of(known) if known else None),
        "spared": normalizer.paywalled_parts(clues),
        "page": blocks,
        "hidden": normalizer.is_open(clues),
    }
    pieces = ()
    if whole:
        content, pieces = cleaner.explain(tree, page.url, **how)
    else:
        content = cleaner.clean(tree, page.url, **how)
    collected = normalizer.collect_shown(tree, blocks, clues, content.kept)
    return _Read(content, collected, pieces, is_mended)


def _titled(pieces: tuple[Piece, ...], article: Article) -> tuple[Piece, ...]:
    """Name the blocks that repeat the title, which is no part of the text."""
    title = squeezed(article.title or "")
    kept = {line for block in article.blocks for line in map(squeezed, block.text.split("\n"))}
    return tuple(
        msgspec.structs.replace(piece, part="title")
        if piece.part == "text" and squeezed(piece.text) == title and title not in kept
        else piece
        for piece in pieces
    )


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
