"""What an explanation shows beside the text: status, doubts, metadata, access, fetch."""

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from scraper.errors import ERROR_CODES, WARNING_CODES
from scraper.model import Article
from scraper.writer.explain.shown import flat
from scraper.writer.explain.stretches import View

MAX_VALUE = 600
"""Characters of a value; a description is about 200."""

MAX_ITEMS = 40
"""Tags, authors, signals and redirects that are shown."""

Tone = Literal["good", "fair", "bad", "plain"]

_STATUS: dict[str, Tone] = {"ok": "good", "error": "bad", "blocked": "bad"}
_ACCESS: dict[str, Tone] = {"free": "good", "unknown": "plain"}

SURE = 0.8
"""Confidence from which a text is called good."""


class Fact(NamedTuple):
    """One value and where it comes from; ``confidence`` is empty where there is none."""

    name: str
    value: str
    source: str = ""
    confidence: str = ""


class Badge(NamedTuple):
    """A few words on top of the page, and whether they are good news."""

    name: str
    value: str
    tone: Tone


class Head(NamedTuple):
    """What a person reads first."""

    title: str
    host: str
    address: str
    badges: tuple[Badge, ...]
    error: Fact | None
    doubts: tuple[Fact, ...]


def head_of(article: Article) -> Head:
    """Return title, address, what the page is, and what is wrong with it."""
    kind = article.extraction.page_type
    sure = article.extraction.confidence
    badges = [Badge("status", article.status, _STATUS.get(article.status, "fair"))]
    if kind is not None:
        badges.append(Badge("type", f"{kind.name} {_share(kind.probability)}", "plain"))
    if sure is not None:
        badges.append(Badge("confidence", _share(sure), "good" if sure >= SURE else "fair"))
    access = article.access.status
    badges.append(Badge("access", access, _ACCESS.get(access, "fair")))
    return Head(
        title=flat(article.title, MAX_VALUE),
        host=flat(article.host),
        address=flat(article.url or article.fetch.requested_url, MAX_VALUE),
        badges=tuple(badges),
        error=_error(article),
        doubts=tuple(_doubts(article)),
    )


def summary_of(view: View) -> str:
    """Return the sums in one sentence."""
    if not view.words:
        return "no text on the page"
    cut = f"{view.cut_words:,} cut in {counted(view.places, 'place')}"
    share = f"{100 * view.kept_words / view.words:.0f} %"
    return f"{view.kept_words:,} of {view.words:,} words kept ({share}), {cut}"


def counted(number: int, unit: str) -> str:
    """Return a number with its unit: ``1 word``, ``1,200 words``."""
    return f"{number:,} {unit}" if number == 1 else f"{number:,} {unit}s"


def metadata_of(article: Article) -> tuple[Fact, ...]:
    """Return each field that has a value or evidence, with its source and confidence."""
    return tuple(_evidenced(article, _fields(article)))


def missing_of(article: Article) -> str:
    """Return the names of the fields that nothing is known of."""
    evidence = article.extraction.evidence
    return ", ".join(
        _words(name) for name, value in _fields(article) if not value and name not in evidence
    )


def access_of(article: Article) -> tuple[Fact, ...]:
    """Return what is said of access, and the signals that speak for it."""
    access = article.access
    rows = [Fact("status", access.status)]
    if access.declared is not None:
        rows.append(Fact("declared free", "yes" if access.declared else "no"))
    if access.truncated is not None:
        rows.append(Fact("breaks off", "yes" if access.truncated else "no"))
    signals = access.evidence[:MAX_ITEMS]
    rows += [Fact("signal", flat(one.value, MAX_VALUE), flat(one.signal)) for one in signals]
    return tuple(rows)


def fetch_of(article: Article) -> tuple[Fact, ...]:
    """Return how the page came, and how the record was made."""
    fetch, made = article.fetch, article.extraction
    hops = (f"{hop.status} {hop.url}" for hop in fetch.redirects[:MAX_ITEMS])
    size = "" if fetch.bytes is None else f"{fetch.bytes:,} bytes"
    took = "" if fetch.elapsed_ms is None else f"{fetch.elapsed_ms:,} ms"
    encoding = f"{fetch.encoding or ''} ({fetch.encoding_source})" if fetch.encoding_source else ""
    rows = [
        ("asked for", fetch.requested_url),
        ("final address", "" if fetch.final_url == fetch.requested_url else fetch.final_url),
        ("redirects", ", ".join(hops)),
        ("came from", fetch.from_),
        ("HTTP status", None if fetch.http_status is None else str(fetch.http_status)),
        ("robots.txt", fetch.robots),
        ("fetched at", fetch.fetched_at),
        ("took", took),
        ("size", size),
        ("content type", fetch.content_type),
        ("encoding", encoding),
        ("etag", fetch.etag),
        ("last modified", fetch.last_modified),
        ("text found by", made.body_source),
        ("made by", made.tool),
    ]
    return tuple(Fact(name, flat(value, MAX_VALUE)) for name, value in rows if value)


def _error(article: Article) -> Fact | None:
    """Return why there is no article, in the words of the code and of this case."""
    error = article.error
    if error is None:
        return None
    known = ERROR_CODES.get(error.code)
    said = dict.fromkeys([flat(error.message, MAX_VALUE), known.meaning if known else ""])
    again = "a later try may end better" if error.retryable else ""
    return Fact(flat(error.code), "; ".join(filter(None, said)), again)


def _doubts(article: Article) -> Iterator[Fact]:
    for code in article.extraction.warnings[:MAX_ITEMS]:
        if article.error is None or code != article.error.code:
            yield Fact(flat(code), WARNING_CODES.get(code, ""))


def _evidenced(article: Article, fields: Iterable[tuple[str, str]]) -> Iterator[Fact]:
    for name, value in fields:
        found = article.extraction.evidence.get(name)
        if value or found:
            source = flat(found.source) if found else ""
            sure = _share(found.confidence) if found else ""
            perhaps = flat(found.candidate, MAX_VALUE) if found and found.candidate else ""
            unsure = f"none; perhaps {perhaps}" if perhaps else "none"
            yield Fact(_words(name), value or unsure, source, sure)


def _fields(article: Article) -> tuple[tuple[str, str], ...]:
    authors = ", ".join(
        author.name + (" (organization)" if author.kind == "organization" else "")
        for author in article.authors[:MAX_ITEMS]
    )
    plain = {
        "title": article.title,
        "subtitle": article.subtitle,
        "authors": authors,
        "date_published": article.date_published,
        "date_modified": article.date_modified,
        "site_name": article.site_name,
        "section": article.section,
        "tags": ", ".join(article.tags[:MAX_ITEMS]),
        "language": article.language,
        "description": article.description,
        "canonical_url": article.canonical_url,
        "image": article.image.url if article.image else None,
    }
    return tuple((name, flat(value, MAX_VALUE)) for name, value in plain.items())


def _words(name: str) -> str:
    return name.replace("_", " ").replace("url", "URL")


def _share(probability: float) -> str:
    return f"{probability:.2f}"
