"""Writes one JSON file for each article: HOST/SLUG-ID8.json."""

from collections import Counter
from pathlib import Path

import msgspec

from scraper.errors import OutputError
from scraper.model import Article
from scraper.urls import host_folder, slug
from scraper.writer.atomic import replacing


class _Identity(msgspec.Struct):
    id: str


class ArticleFiles:
    """A folder of article files; a later record of the same page replaces its file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._written: Counter[str] = Counter()

    def write(self, article: Article) -> Path:
        """Write one record and return its file.

        Two pages whose names collide both keep a file: the second gets its whole id, and the
        second record of one id in a run gets a number.
        """
        name = f"{slug(article.url)}-{article.id[:8]}"
        path = self._place(article, name)
        if _is_other(path, article.id):
            path = self._place(article, f"{slug(article.url)}-{article.id}")
        self._written[article.id] += 1
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(f"{path.parent}: {error.strerror}") from error
        with replacing(path) as file:
            file.write(article.to_json(indent=2).encode("utf-8") + b"\n")
        return path

    def _place(self, article: Article, name: str) -> Path:
        times = self._written[article.id]
        numbered = f"{name}-{times + 1}" if times else name
        return self._folder / host_folder(article.host) / f"{numbered}.json"


def _is_other(path: Path, identity: str) -> bool:
    """Whether ``path`` holds the record of another page."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=_Identity).id != identity
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return False
