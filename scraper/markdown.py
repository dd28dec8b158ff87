"""Renders an article's blocks as CommonMark; the page's own characters never become markup."""

import re
from collections.abc import Callable, Iterable
from typing import Protocol

_INLINE = re.compile(r"([\\`*_\[\]<>])|&(?=#?\w+;)")
# What opens a block when it stands first in a line: heading, quote, list, rule, fence, table.
_OPENER = re.compile(r"^(#{1,6}(?=\s|$)|[-+](?=\s|$)|[-=]{3,}|~{3,}|\||:?-+:?\|)")
_ORDINAL = re.compile(r"^(\d{1,9})([.)])(?=\s|$)")
_FENCE = re.compile(r"`{3,}")


class BlockLike(Protocol):
    """The attributes of a block that rendering reads."""

    @property
    def role(self) -> str:
        """P, h2 to h6, li, quote, code, table or figure."""

    @property
    def text(self) -> str:
        """The text, lines separated by newlines."""

    @property
    def level(self) -> int | None:
        """Nesting of a list item, from 1."""

    @property
    def rows(self) -> tuple[tuple[str, ...], ...] | None:
        """The cells of a table."""

    @property
    def url(self) -> str | None:
        """The image of a figure."""


def render(title: str | None, subtitle: str | None, blocks: Iterable[BlockLike]) -> str:
    """Return title, standfirst and blocks as CommonMark with pipe tables, ending in a newline."""
    parts = []
    if title:
        parts.append("# " + escape(title))
    if subtitle:
        parts.append("*" + escape(subtitle) + "*")
    previous = ""
    for block in blocks:
        rendered = _render(block)
        if block.role == "li" and previous == "li":
            parts[-1] += "\n" + rendered
        else:
            parts.append(rendered)
        previous = block.role
    return "\n\n".join(parts) + "\n"


def escape(text: str) -> str:
    r"""Escape what Markdown would read as markup.

    >>> print(escape("1. *not* a <b>list</b>"))
    1\. \*not\* a \<b\>list\</b\>
    >>> print(escape("# no heading"))
    \# no heading
    """
    escaped = _INLINE.sub(lambda match: "\\" + match.group(0), text)
    return "\n".join(_escape_opener(line) for line in escaped.split("\n"))


def _escape_opener(line: str) -> str:
    line = _ORDINAL.sub(r"\1\\\2", line)
    return "\\" + line if _OPENER.match(line) else line


def _render(block: BlockLike) -> str:
    if block.role in _RENDERERS:
        return _RENDERERS[block.role](block)
    heading = "#" * int(block.role[1]) + " " if block.role[0] == "h" else ""
    return heading + escape(block.text)


def _render_item(block: BlockLike) -> str:
    indent = "  " * ((block.level or 1) - 1)
    return f"{indent}- " + escape(block.text).replace("\n", " ")


def _render_quote(block: BlockLike) -> str:
    return "\n".join("> " + line for line in escape(block.text).split("\n"))


def _render_code(block: BlockLike) -> str:
    longest = max((len(run) for run in _FENCE.findall(block.text)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}\n{block.text}\n{fence}"


def _render_table(block: BlockLike) -> str:
    rows = block.rows or ()
    width = max((len(row) for row in rows), default=0)
    lines = [_render_row(row, width) for row in rows]
    lines[1:1] = ["|" + " --- |" * width]
    return "\n".join(lines)


def _render_row(row: tuple[str, ...], width: int) -> str:
    cells = [escape(cell).replace("|", "\\|").replace("\n", " ") for cell in row]
    cells += [""] * (width - len(cells))
    return "| " + " | ".join(cells) + " |"


def _render_figure(block: BlockLike) -> str:
    caption = escape(block.text)
    if not block.url:
        return caption
    target = block.url.replace("<", "%3C").replace(">", "%3E").replace("\n", "")
    return f"![{caption}](<{target}>)"


_RENDERERS: dict[str, Callable[[BlockLike], str]] = {
    "li": _render_item,
    "quote": _render_quote,
    "code": _render_code,
    "table": _render_table,
    "figure": _render_figure,
}
