"""Mends markup that hides a page's text: what is opened and never closed, what waits for a script.

A browser shows nothing of what stands behind an unclosed comment, script or title; a reader of the
bytes sees that an article does.
"""

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.limiter import swallowed

PROSE_WORDS = 40
"""Words in paragraphs from which what is swallowed is an article (a judgement, not measured)."""
MAX_MENDED = 4
"""Unclosed elements of a page that are closed."""
LOOKED_AT = 200_000
"""Characters of what is swallowed in which paragraphs are looked for."""

_SWALLOWS = frozenset("script style title textarea iframe xmp noembed noframes".split())
_BLOCK = re.compile(
    r"<(?:p|div|h[1-6]|article|section|main|header|body|table|ul|ol|blockquote)(?=[\s/>])",
    re.IGNORECASE,
)
_PARAGRAPH = re.compile(r"<p(?=[\s>])[^>]{0,500}>([^<]{20,})", re.IGNORECASE)
_CODE = re.compile(r"""["'`+(,=\\]\s{0,200}\Z""")
_VEILS = re.compile(r"<(/?)(template|frameset|noframes|plaintext)(?=[\s/>])", re.IGNORECASE)


def mended(html: str, tree: LexborHTMLParser) -> str | None:
    """Return the page with what is unclosed ended before the article begins; None if all is well.

    Only where what is swallowed holds paragraphs of prose: pages cut off in a script stay.
    """
    if not _may_swallow(tree):
        return None
    found = None
    for _ in range(MAX_MENDED):
        if (place := _mend(html)) is None:
            break
        found = html = html[: place[0]] + place[1] + html[place[0] :]
    return found


def _may_swallow(tree: LexborHTMLParser) -> bool:
    """Whether the page ends in an element that takes all for its text: cheaper than to look."""
    body, start = tree.body, tree.root
    if body is None or body.first_child is None:
        start = tree.head or start
    elif start is not None and start.next is not None:  # a comment behind the page
        start = start.next
    if start is None:
        return False
    last, above = _last(start)
    if above is not None and above.tag in _SWALLOWS:
        return _prose(last.text_content or "") >= PROSE_WORDS
    return last.tag == "-comment" and _prose(last.html or "") >= PROSE_WORDS


def _last(node: LexborNode) -> tuple[LexborNode, LexborNode | None]:
    """Return the last node in a tree, and the one above it."""
    above = None
    while node.last_child is not None:
        node, above = node.last_child, node
    return node, above


def _mend(html: str) -> tuple[int, str] | None:
    """Return where to put which end tag."""
    rest = swallowed(html)
    if rest is None or _prose(html[rest[0] : rest[0] + LOOKED_AT]) < PROSE_WORDS:
        return None
    block = _BLOCK.search(html, rest[0])
    if block is None or (
        rest[1] in ("</script>", "</style>")  # markup in a text of the program's is none
        and _CODE.search(html, max(rest[0], block.start() - 200), block.start())
    ):
        return None
    return block.start(), rest[1]


def _prose(html: str) -> int:
    return sum(len(match[1].split()) for match in _PARAGRAPH.finditer(html))


def unveiled(html: str) -> str | None:
    """Return the page with templates and frames as ordinary boxes; None where it has none."""
    shown = _VEILS.sub(lambda match: f"<{match[1]}div", html)
    return shown if shown != html else None
