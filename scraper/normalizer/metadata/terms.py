"""Reads what the page's elements say of who may read it: microdata, parts that are not free."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from scraper.normalizer.metadata.clue import MAX_VALUE, Clue

MAX_PARTS = 8
"""Selectors of parts that are read; the pages of the corpora state three at most."""
MAX_NODES = 20
"""Elements that are looked at for one property or one selector."""
MAX_STEPS = 200
"""Nodes of a part after which it is not empty, whatever they hold."""
MAX_LEVELS = 100
"""Elements between a property and the item that it belongs to."""

_ITEMS = ("Article", "BlogPosting", "Report", "Review", "WebPage", "CreativeWork")
_NAME = r"-?[A-Za-z_][\w-]{0,80}"
_VALUE = r"""(?:"[^"\\<>]{0,80}"|'[^'\\<>]{0,80}'|[\w-]{1,80})"""
_SELECTOR = re.compile(
    rf"(?:{_NAME})?(?:[.#]{_NAME}|\[{_NAME}(?:[~|^$*]?={_VALUE})?\]){{1,4}}", re.ASCII
)
_COMBINATOR = re.compile(r"[\s>+~]+")
_UNSEEN = frozenset(("script", "style", "template", "noscript"))


def plain_selectors(stated: str) -> Iterator[str]:
    """Yield what of a stated selector is safe to look for: one element's tag, names, attributes.

    Of a path of elements its last, which finds no less. A bare tag says nothing and is left out,
    as is all else: a page may state any CSS, and some of it takes for ever or does not parse.

    >>> list(plain_selectors("main > p.paid, #rest, div, a:has(b)"))
    ['p.paid', '#rest']
    """
    for one in stated[:MAX_VALUE].split(",")[:MAX_PARTS]:
        last = _COMBINATOR.split(one.strip())[-1]
        if _SELECTOR.fullmatch(last):
            yield last


def paywalled_parts(clues: Iterable[Clue]) -> tuple[str, ...]:
    """Return the selectors of the parts that are not free, each once, as far as they are plain."""
    stated = (clue.value for clue in clues if clue.field == "paid_part")
    plain = (one for value in islice(stated, MAX_PARTS) for one in plain_selectors(value))
    return tuple(dict.fromkeys(plain))[:MAX_PARTS]


def read(tree: LexborHTMLParser, selectors: Sequence[str]) -> Iterator[Clue]:
    """Yield what microdata declare, and which of the parts that are not free stand there empty."""
    declared = [
        _value(node)[:MAX_VALUE]
        for node in islice(tree.css("[itemprop=isAccessibleForFree]"), MAX_NODES)
        if _is_of_the_page(node)
    ]
    if declared and len({value.strip().lower() for value in declared}) == 1:  # else: of teasers
        yield Clue("accessible_for_free", "page.itemprop-isAccessibleForFree", declared[0])
    for selector in selectors:
        nodes = _found(tree, selector)
        if nodes and all(map(_is_empty, nodes)):
            yield Clue("empty_part", "page.part-empty", selector)


def _value(node: LexborNode) -> str:
    attributes = node.attributes
    return attributes.get("content") or attributes.get("href") or node.text()


def _is_of_the_page(node: LexborNode) -> bool:
    """Whether a property belongs to an article or to nothing in particular, not to a part."""
    above = node.parent
    for _ in range(MAX_LEVELS):
        if above is None or above.tag == "-document":
            return True
        if "itemscope" in above.attributes:
            return (above.attributes.get("itemtype") or "").strip().endswith(_ITEMS)
        above = above.parent
    return False


def _found(tree: LexborHTMLParser, selector: str) -> list[LexborNode]:
    try:
        return tree.css(selector)[:MAX_NODES]
    except SelectolaxError:  # what passes our pattern and not the parser's
        return []


def _is_empty(node: LexborNode) -> bool:
    """Whether an element holds no text that would be shown."""
    for step, inner in enumerate(node.traverse(include_text=True)):
        if step >= MAX_STEPS:
            return False
        if inner.tag != "-text" or not (inner.text_content or "").strip():
            continue
        parent = inner.parent
        if parent is None or parent.tag not in _UNSEEN:
            return False
    return True
