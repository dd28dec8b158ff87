"""Reads JSON-LD: finds the article's node among all that a page states; resolves @id links."""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from scraper.normalizer.metadata.clue import MAX_VALUE, Clue
from scraper.text import count_words
from scraper.urls import url_key

MAX_BLOCKS = 50
MAX_BYTES = 1_000_000
"""Characters of one block; of 2,239 on the corpora the largest has 153,095."""
MAX_NODES = 2000
MAX_PARTS = 50
"""Parts of an article that are looked at; of the corpora's the most have three."""

_ARTICLE = ("Article", "BlogPosting", "Report", "LiveBlogPosting", "Review", "SocialMediaPosting")
_PAGE = ("WebPage", "CreativeWork")
_ORGANIZATION = ("Organization", "NewsMediaOrganization", "Corporation", "Company")
_TEXTS = {
    "headline": "title",
    "datePublished": "date_published",
    "dateModified": "date_modified",
    "description": "description",
    "inLanguage": "language",
}
_LISTS = {"articleSection": "section", "keywords": "tags"}

_MARKUP = re.compile(r"<[^<>]{1,200}>")
_OPENINGS = ("<!--", "//", "/*", "<![CDATA[", "*/")
_ENDINGS = ("*/", "-->", "]]>", "//", "/*")

Node = dict[str, Any]


def read(tree: LexborHTMLParser, own_urls: frozenset[str]) -> Iterator[Clue]:
    """Yield the clues of the page's article node; none where there is no such node.

    ``own_urls`` are the URL keys of the page: a page may state other articles before its own.
    """
    nodes = list(_nodes(tree))
    articles = [node for node in nodes if _is_a(node, _ARTICLE)]
    own = [node for node in articles if own_urls & _addresses(node)]
    article = next(iter(own or articles), None)
    pages = [node for node in nodes if _is_a(node, _PAGE) and own_urls & _addresses(node)]
    yield from _access([*([article] if article else ()), *own, *pages])
    if article is None:
        return
    by_id = {
        node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and "name" in node
    }
    for key, field in _TEXTS.items():
        for text in _texts(article.get(key))[:1]:
            yield Clue(field, "jsonld." + key, text)
    for key, field in _LISTS.items():
        for text in _texts(article.get(key)):
            yield Clue(field, "jsonld." + key, text)
    yield from _people(article.get("author") or article.get("creator"), by_id)
    for publisher in _linked(article.get("publisher"), by_id)[:1]:
        for name in _texts(publisher.get("name"))[:1]:
            yield Clue("site_name", "jsonld.publisher", name)
    for image in _linked(article.get("image"), by_id)[:1]:
        for url in _texts(image.get("url") or image.get("contentUrl") or image.get("name"))[:1]:
            yield Clue("image", "jsonld.image", url)


def _nodes(tree: LexborHTMLParser) -> Iterator[Node]:
    """Yield every typed object of every block, outermost first."""
    found = 0
    for script in tree.css("script[type='application/ld+json' i]")[:MAX_BLOCKS]:
        waiting = [_parse(script.text())]
        while waiting and found < MAX_NODES:
            value = waiting.pop(0)
            if isinstance(value, list):
                waiting[:0] = value[:MAX_NODES]
            elif isinstance(value, dict):
                found += 1
                yield value
                waiting += [v for v in value.values() if isinstance(v, (dict, list))][:50]


def _parse(text: str) -> Any:
    """Return the block's value; None where it is no JSON, too large or nested beyond reason."""
    if len(text) > MAX_BYTES:
        return None
    try:
        return json.loads(_unwrapped(text), strict=False)
    except (ValueError, RecursionError):
        return None


def _unwrapped(text: str) -> str:
    """Return JSON without the comments that hide it from old browsers, as ``//<![CDATA[``."""
    text = text.strip()
    for opening in _OPENINGS:
        text = text.removeprefix(opening).lstrip()
    for ending in _ENDINGS:
        text = text.removesuffix(ending).rstrip()
    return text


def _access(nodes: Sequence[Node]) -> Iterator[Clue]:
    """Yield what ``nodes``, which all speak of the page, state of who may read it, and its length.

    Of several the first that states a thing has it. A part that is not free is the text that a
    reader without an account does not get, as a selector.
    """
    for text in _texts(_first(nodes, "isAccessibleForFree"))[:1]:
        yield Clue("accessible_for_free", "jsonld.isAccessibleForFree", text)
    count = _first(nodes, "wordCount")
    for text in [str(count)] if isinstance(count, int) else _texts(count)[:1]:
        yield Clue("word_count", "jsonld.wordCount", text[:MAX_VALUE])
    body = _first(nodes, "articleBody")
    if isinstance(body, str) and body.strip():
        words = count_words(_MARKUP.sub(" ", body))
        yield Clue("body_words", "jsonld.articleBody", str(words))
    parts = [part for node in nodes for part in _linked(node.get("hasPart"), {})][:MAX_PARTS]
    for part in parts:
        if "".join(_texts(part.get("isAccessibleForFree"))[:1]).lower().endswith("false"):
            for selector in _texts(part.get("cssSelector")):
                yield Clue("paid_part", "jsonld.hasPart", selector)


def _first(nodes: Sequence[Node], key: str) -> Any:
    """Return the first value that one of some nodes states, None where none does."""
    return next((node[key] for node in nodes if node.get(key) not in (None, "", [])), None)


def _is_a(node: Node, kinds: tuple[str, ...]) -> bool:
    types = node.get("@type")
    names = types if isinstance(types, list) else [types]
    return any(isinstance(name, str) and name.endswith(kinds) for name in names)


def _addresses(node: Node) -> set[str]:
    """Return the keys of the URLs that a node says it is about."""
    stated = [node.get("url"), node.get("@id"), node.get("mainEntityOfPage")]
    inner = [value.get("@id") for value in stated if isinstance(value, dict)]
    texts = [text for value in (*stated, *inner) for text in _texts(value)]
    return {url_key(text.partition("#")[0]) for text in texts if text.startswith("http")}


def _people(value: Any, by_id: dict[str, Node]) -> Iterator[Clue]:
    for person in _linked(value, by_id):
        types = person.get("@type")
        kind = "organization" if types in _ORGANIZATION else ""
        url = next(iter(_texts(person.get("url"))), "")
        for name in _texts(person.get("name")):
            yield Clue("authors", "jsonld.author", name, kind, url)


def _linked(value: Any, by_id: dict[str, Node]) -> list[Node]:
    """Return the objects that ``value`` is or refers to; plain text becomes an object's name."""
    found: list[Node] = []
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, str):
            found.append({"name": item})
        elif isinstance(item, dict):
            named = by_id.get(item["@id"]) if isinstance(item.get("@id"), str) else None
            found.append({**(named or {}), **item})
    return found[:50]


def _texts(value: Any) -> list[str]:
    """Return the non-empty texts in ``value``: itself, a boolean's name, or those of a list."""
    if isinstance(value, list):
        return [text for item in value[:50] for text in _texts(item) if not isinstance(item, list)]
    if isinstance(value, bool):
        return [str(value).lower()]
    return [value[:MAX_VALUE]] if isinstance(value, str) and value.strip() else []
