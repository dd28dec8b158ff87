"""Writes records to one stream as JSON lines, JSON, Markdown or plain text."""

from collections.abc import Iterable, Iterator
from typing import BinaryIO, Literal, get_args

from scraper.model import Article

Format = Literal["jsonl", "json", "md", "text"]
FORMATS: tuple[Format, ...] = get_args(Format)

_BREAK = "\n---\n\n"


def write_all(
    articles: Iterable[Article], output: BinaryIO, form: Format, *, single: bool = False
) -> Iterator[Article]:
    """Write each record as it comes and hand it on; nothing is written unless it is iterated.

    As ``json`` a ``single`` record is one object, several are an array. ``md`` and ``text`` hold
    the articles only: a record without text leaves no trace there.
    """
    pieces = _array(articles, single=single) if form == "json" else _plain(articles, form)
    for article, piece in pieces:
        output.write(piece.encode("utf-8"))
        if article is not None:
            yield article


def _plain(articles: Iterable[Article], form: Format) -> Iterator[tuple[Article | None, str]]:
    between = ""
    for article in articles:
        piece = _render(article, form)
        yield article, between + piece if piece else ""
        if piece and form != "jsonl":
            between = _BREAK


def _array(articles: Iterable[Article], *, single: bool) -> Iterator[tuple[Article | None, str]]:
    before = "" if single else "[\n"
    for article in articles:
        yield article, before + article.to_json(indent=2)
        before = ",\n"
    if single:
        yield None, "\n"
    else:
        yield None, "\n]\n" if before == ",\n" else "[]\n"


def _render(article: Article, form: Format) -> str:
    if form == "jsonl":
        return article.to_json() + "\n"
    if not article.text:
        return ""
    if form == "md":
        return article.to_markdown()
    return (
        "\n\n".join(part for part in (article.title, article.subtitle, article.text) if part) + "\n"
    )
