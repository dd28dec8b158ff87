"""What the page says of itself outside its text: titles, description, types, its software."""

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

MAX_JSON = 100_000
"""Characters of a JSON-LD script in which types are looked for: they stand near the start."""

MAX_STATED = 8
"""Different titles, and descriptions, that are read; pages state up to three."""

MAX_CLASS = 300
"""Characters of the body's class that are read."""

_TYPE = re.compile(r'"@type"\s*:\s*\[?\s*"(?:https?://schema\.org/)?([A-Za-z]{2,40})"')
_TOKEN = re.compile(r"[a-z]{2,20}")
_WORD = re.compile(r"[A-Za-z]{3,}")

_TITLE_KEYS = frozenset(("og:title", "twitter:title"))
_DESCRIPTION_KEYS = frozenset(("description", "og:description", "twitter:description"))
_TELLING = ("article:", "product:", "citation_", "parsely-", "sailthru")
"""How keys begin that only some types of pages have."""


class Cues(NamedTuple):
    """The page's own words about itself.

    ``titles`` and ``descriptions`` as stated, headings not among them; ``tokens`` name its types,
    its software and the words of its address: ``type-newsarticle``, ``og-article``, ``url-blog``.
    """

    titles: tuple[str, ...]
    descriptions: tuple[str, ...]
    tokens: tuple[str, ...]


def read_cues(tree: LexborHTMLParser, url: str | None = None) -> Cues:
    """Return the page's cues; ``url`` adds the words of its path."""
    titles, descriptions = [], []
    tokens = {*_url_tokens(url), *_type_tokens(tree), *_body_tokens(tree)}
    head = tree.head
    title = head.css_first("title") if head is not None else None
    if title is not None:
        titles.append(title.text())
    for key, content in _metas(head):
        if key in _TITLE_KEYS:
            titles.append(content)
        elif key in _DESCRIPTION_KEYS:
            descriptions.append(content)
        else:
            tokens.update(_meta_tokens(key, content))
    return Cues(_distinct(titles), _distinct(descriptions), tuple(sorted(tokens)))


def _distinct(stated: list[str]) -> tuple[str, ...]:
    """Return the first of what is stated, each once: every block is compared with all of it."""
    return tuple(dict.fromkeys(stated))[:MAX_STATED]


def _metas(head: LexborNode | None) -> Iterator[tuple[str, str]]:
    """Yield key, lower-cased, and content of each ``meta`` in the head."""
    for meta in head.css("meta[content]") if head is not None else ():
        attributes = meta.attributes
        key = attributes.get("property") or attributes.get("name") or ""
        yield key.lower(), attributes.get("content") or ""


def _meta_tokens(key: str, content: str) -> list[str]:
    """Return what a ``meta`` tells of the page's type or software."""
    if key == "og:type":
        return ["og-" + content.lower()[:30]]
    if key == "generator":
        return ["gen-" + word for word in _TOKEN.findall(content.lower())[:2]]
    return ["meta-" + key[:30]] if key.startswith(_TELLING) else []


def _type_tokens(tree: LexborHTMLParser) -> list[str]:
    """Return the types of schema.org that the page's JSON-LD names."""
    scripts = tree.css("script[type='application/ld+json']")
    kinds = (kind for script in scripts for kind in _TYPE.findall(script.text()[:MAX_JSON]))
    return ["type-" + kind.lower() for kind in kinds]


def _body_tokens(tree: LexborHTMLParser) -> list[str]:
    """Return the words of the body's class, in which blog software names the page's type."""
    name = tree.body.attributes.get("class") if tree.body is not None else None
    return ["body-" + word.lower() for word in _WORD.findall((name or "")[:MAX_CLASS])]


def _url_tokens(url: str | None) -> list[str]:
    """Return words of the path, and what shape its last part has."""
    if not url:
        return []
    path = urlsplit(url).path.lower()
    parts = [part for part in path.split("/") if part]
    tokens = [f"url-{word}" for part in parts[:3] for word in _TOKEN.findall(part)[:2]]
    last = parts[-1] if parts else ""
    tokens.append(f"path-{min(len(parts), 4)}")
    tokens.append(f"slug-{min(last.count('-') + last.count('_'), 6)}")
    if re.search(r"/(19|20)\d\d/", path):
        tokens.append("path-dated")
    return tokens
