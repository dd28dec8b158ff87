"""Reads JSON-LD: finds the article's node among all that a page states; resolves @id links."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from selectolax.lexbor import LexborHTMLParser

from scraper.normalizer.metadata.clue import MAX_VALUE, Clue
from scraper.text import count_words

SELECTOR = "script[type*='ld+json' i]"
MAX_BLOCKS = 50
MAX_CHARACTERS = 1_000_000
"""Characters of all blocks; of 2,239 blocks on the corpora the largest has 153,095."""
TOO_LARGE = "jsonld_too_large"
"""Field of the clue that tells of blocks which were not read."""
MAX_NODES = 2000
MAX_PARTS = 50
"""Values of one key that are looked at; an article of the corpora has three parts at most."""

_ARTICLE = (
    *("Article", "BlogPosting", "Report", "Review", "SocialMediaPosting", "Recipe"),
    *("DiscussionForumPosting", "OpinionNewsArticle"),
)
_PAGE = ("WebPage", "CreativeWork", "ItemPage", "ProfilePage", "FAQPage", "VideoObject", "Blog")
_ORGANIZATION = ("Organization", "Corporation", "Company", "Brand", "Website", "WebSite")
_TEXTS = {
    "headline": "title",
    "name": "title",
    "datePublished": "date_published",
    "dateCreated": "date_published",
    "dateModified": "date_modified",
    "description": "description",
    "inLanguage": "language",
}
_LISTS = {"articleSection": "section", "keywords": "tags"}
_APART = frozenset(
    "comment comments review reviews itemListElement mentions citation hasPart isPartOf publisher"
    " liveBlogUpdate relatedLink breadcrumb isBasedOn subjectOf associatedMedia video".split()
)
"""Keys under which stand other works than the page's own."""

_MARKUP = re.compile(r"<[^<>]{1,200}>")
_OPENINGS = ("<!--", "//", "/*", "<![CDATA[", "*/")
_ENDINGS = ("*/", "-->", "]]>", "//", "/*", ";")
_TRAILING_COMMA = re.compile(r",(?=\s{0,40}[}\]])")
_STRING = re.compile(
    r'"(headline|datePublished|dateModified)"\s{0,9}:\s{0,9}"((?:[^"\\]|\\.){1,500})"'
)
"""What is read of a block that is no JSON, by key."""

Node = dict[str, Any]


class _Found(NamedTuple):
    """A typed object, and whether it stands where other works than the page's own do."""

    node: Node
    apart: bool


def read(tree: LexborHTMLParser, own_urls: frozenset[str]) -> Iterator[Clue]:
    """Yield the clues of the page's article node, then of what else speaks of the page.

    ``own_urls`` are keys of the page's address: a page may state other articles before its own.
    """
    blocks = list(_blocks(tree))
    if len(blocks) < len(tree.css(SELECTOR)):
        yield Clue(TOO_LARGE, "jsonld.size", str(MAX_CHARACTERS))
    found = list(_nodes([value for value, _ in blocks]))
    by_id = {
        one.node["@id"]: one.node
        for one in reversed(found)
        if isinstance(one.node.get("@id"), str) and "name" in one.node
    }
    articles = [one for one in found if _is_a(one.node, _ARTICLE)]
    own = [one.node for one in articles if own_urls & _addresses(one.node)]
    near = [one.node for one in articles if not one.apart]
    article = next(iter([node for node in own if "headline" in node] or own or near), None)
    pages = [one.node for one in found if _is_a(one.node, _PAGE) and not one.apart]
    mine = [node for node in pages if own_urls & _addresses(node)]
    yield from _access([*([article] if article else ()), *own, *mine])
    if article is not None:
        yield from _work(article, by_id, "jsonld")
    for node in [*(node for node in own if node is not article), *(mine or pages)][:3]:
        yield from _work(node, by_id, "jsonld-page")
    if article is None:
        for text in (text for value, text in blocks if value is None):
            yield from _broken(text)


def _blocks(tree: LexborHTMLParser) -> Iterator[tuple[Any, str]]:
    """Yield value and text of each block; the value is None where it is no JSON."""
    left = MAX_CHARACTERS
    for script in tree.css(SELECTOR)[:MAX_BLOCKS]:
        text = script.text()
        left -= len(text)
        if left < 0:
            return
        yield _parse(text), text


def _parse(text: str) -> Any:
    """Return the block's value; None where it is no JSON, or nested beyond reason."""
    bare = _unwrapped(text)
    for attempt in (bare, _TRAILING_COMMA.sub("", bare)):
        try:
            return json.loads(attempt, strict=False)
        except RecursionError:
            return None
        except ValueError:
            pass
    return _first_value(bare)


def _first_value(text: str) -> Any:
    """Return what stands before the first error: objects without a comma or list around them."""
    decoder, values, place = json.JSONDecoder(strict=False), list[Any](), 0
    while place < len(text) and len(values) < MAX_PARTS:
        try:
            value, place = decoder.raw_decode(text, place)
        except (ValueError, RecursionError):
            break
        values.append(value)
        while place < len(text) and text[place] in " \t\r\n,;":
            place += 1
    return values or None


def _unwrapped(text: str) -> str:
    """Return JSON without the comments that hide it from old browsers, as ``//<![CDATA[``."""
    text = text.strip().lstrip("\ufeff")
    for opening in _OPENINGS:
        text = text.removeprefix(opening).lstrip()
    for ending in _ENDINGS:
        text = text.removesuffix(ending).rstrip()
    return text


def _broken(text: str) -> Iterator[Clue]:
    """Yield what can be told of a block that is no JSON: its first headline and dates."""
    stated: dict[str, str] = {}
    for match in _STRING.finditer(text[:MAX_CHARACTERS]):
        stated.setdefault(match[1], match[2].replace('\\"', '"').replace("\\/", "/"))
    for key, value in stated.items():
        yield Clue(_TEXTS[key], f"jsonld-page.{key}", value[:MAX_VALUE])


def _nodes(values: Sequence[Any]) -> Iterator[_Found]:
    """Yield every object of every block, outermost first."""
    waiting: list[tuple[Any, bool]] = [(value, False) for value in values]
    count = place = 0
    while place < len(waiting) and count < MAX_NODES:
        value, apart = waiting[place]
        place += 1
        if isinstance(value, list):
            waiting += [(item, apart) for item in value[:MAX_NODES]]
        elif isinstance(value, dict):
            count += 1
            yield _Found(value, apart)
            waiting += [
                (inner, apart or key in _APART)
                for key, inner in list(value.items())[:100]
                if isinstance(inner, (dict, list))
            ]


def _work(node: Node, by_id: dict[str, Node], group: str) -> Iterator[Clue]:
    """Yield what a node states of the work that it is."""
    for key, field in _TEXTS.items():
        for text in _texts(node.get(key))[:1]:
            yield Clue(field, f"{group}.{key}", text)
    for key, field in _LISTS.items():
        for text in _named(node.get(key)):
            yield Clue(field, f"{group}.{key}", text)
    for key in ("author", "creator"):
        yield from _people(node.get(key), by_id, f"{group}.{key}")
    for publisher in _linked(node.get("publisher"), by_id)[:1]:
        for name in _texts(publisher.get("name"))[:1]:
            yield Clue("site_name", f"{group}.publisher", name)
    for key in ("image", "primaryImageOfPage", "thumbnailUrl"):
        yield from _images(node.get(key), by_id, f"{group}.{key}")


def _named(value: Any) -> list[str]:
    """Return the texts in a list of texts and of named things."""
    return [
        text for item in _linked(value, {}) for text in _texts(item.get("name") or item.get("@id"))
    ]


def _images(value: Any, by_id: dict[str, Node], source: str) -> Iterator[Clue]:
    for image in _linked(value, by_id)[:10]:
        url = _texts(image.get("url") or image.get("contentUrl") or image.get("name"))[:1]
        credited = [*_texts(image.get("creditText")), *_named(image.get("creator"))]
        stated = {
            "caption": next(iter(_texts(image.get("caption"))), ""),
            "credit": next(iter(credited), ""),
            "width": _size(image.get("width")),
            "height": _size(image.get("height")),
        }
        details = {key: text for key, text in stated.items() if text}
        for address in url:
            yield Clue("image", source, address, details=details)


def _size(value: Any) -> str:
    """Return a number of pixels as text: a number, a text, or an object with a ``value``."""
    if isinstance(value, dict):
        value = value.get("value")
    return str(value)[:20] if isinstance(value, (int, float, str)) else ""


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


def _first(nodes: Iterable[Node], key: str) -> Any:
    """Return the first value that one of some nodes states, None where none does."""
    return next((node[key] for node in nodes if node.get(key) not in (None, "", [])), None)


def _is_a(node: Node, kinds: tuple[str, ...]) -> bool:
    types = node.get("@type")
    names = types if isinstance(types, list) else [types]
    return any(isinstance(name, str) and name.endswith(kinds) for name in names)


def address_keys(url: str) -> frozenset[str]:
    """Return what an address may be named by: with its query and without.

    Quicker than ``url_key``, and enough for telling a page from others of its site.
    """
    full = _plain_address(url)
    path = full.partition("?")[0]
    return frozenset((full, path)) if "/" in path else frozenset((full,))


def _plain_address(url: str) -> str:
    text = url.strip().partition("#")[0].partition("://")[2]
    return text.removeprefix("www.").rstrip("/")


def _addresses(node: Node) -> set[str]:
    """Return the plain addresses that a node says it is about."""
    stated = [node.get("url"), node.get("@id"), node.get("mainEntityOfPage")]
    inner = [
        value.get(key) for value in stated if isinstance(value, dict) for key in ("@id", "url")
    ]
    texts = [text for value in (*stated, *inner) for text in _texts(value)]
    return {_plain_address(text) for text in texts if text.startswith("http")}


def _people(value: Any, by_id: dict[str, Node], source: str) -> Iterator[Clue]:
    for person in _linked(value, by_id):
        kind = "organization" if _is_a(person, _ORGANIZATION) else ""
        urls = [*_texts(person.get("url")), *_texts(person.get("sameAs"))]
        details = {"kind": kind, "url": next(iter(urls), "")}
        names = _texts(person.get("name")) or [
            " ".join(_texts(person.get("givenName"))[:1] + _texts(person.get("familyName"))[:1])
        ]
        for name in filter(None, names):
            yield Clue("authors", source, name, details=details)


def _linked(value: Any, by_id: dict[str, Node]) -> list[Node]:
    """Return the objects that ``value`` is or refers to; plain text becomes an object's name."""
    found: list[Node] = []
    waiting = [value]
    while waiting and len(found) < MAX_PARTS:
        item = waiting.pop(0)
        if isinstance(item, list):
            waiting[:0] = item[:MAX_PARTS]
        elif isinstance(item, str):
            found.append({"name": item})
        elif isinstance(item, dict):
            named = by_id.get(item["@id"]) if isinstance(item.get("@id"), str) else None
            found.append({**(named or {}), **item})
    return found


def _texts(value: Any) -> list[str]:
    """Return the non-empty texts in ``value``: itself, a boolean's name, or those of a list."""
    if isinstance(value, list):
        return [text for item in value[:50] for text in _texts(item) if not isinstance(item, list)]
    if isinstance(value, bool):
        return [str(value).lower()]
    return [value[:MAX_VALUE]] if isinstance(value, str) and value.strip() else []
