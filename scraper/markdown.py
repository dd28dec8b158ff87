"""Renders an article's blocks as CommonMark; the page's own characters never become markup."""

import re
from collections.abc import Iterable
from typing import Protocol

_INLINE = re.compile(r"([\\`*_\[\]<>])|&(?=#?\w+;)")
# What opens a block when it stands first in a line: heading, quote, list, rule, fence, table.
_OPENER = re.compile(r"^(#{1,6}(?=\s|$)|[-+](?=\s|$)|[-=]{3,}|~{3,}|\||:?-+:?\|)")
_ORDINAL = re.compile(r"^(\d{1,9})([.)])(?=\s|$)")
_FENCE = re.compile(r"`{3,}")


class BlockLike(Protocol):
    """The attributes of a block that rendering reads."""

    @property
    def role(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def level(self) -> int | None: ...
    @property
    def rows(self) -> tuple[tuple[str, ...], ...] | None: ...
    @property
    def url(self) -> str | None: ...


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
    """Escape what Markdown would read as markup.

    >>> print(escape("1. *not* a <b>list</b>"))
    1\\. \\*not\\* a \\<b\\>list\\</b\\>
    >>> print(escape("# no heading"))
    \\# no heading
    """
    escaped = _INLINE.sub(lambda match: "\\" + match.group(0), text)
    return "\n".join(_escape_opener(line) for line in escaped.split("\n"))


def _escape_opener(line: str) -> str:
    line = _ORDINAL.sub(r"\1\\\2", line)
    return "\\" + line if _OPENER.match(line) else line


def _render(block: BlockLike) -> str:
    match block.role:
        case "li":
            return "  " * ((block.level or 1) - 1) + "- " + escape(block.text).replace("\n", " ")
        case "quote":
            return "\n".join("> " + line for line in escape(block.text).split("\n"))
        case "code":
            return _render_code(block.text)
        case "table":
            return _render_table(block.rows or ())
        case "figure":
            return _render_figure(block)
        case "p":
            return escape(block.text)
        case heading:
            return "#" * int(heading[1]) + " " + escape(block.text)


def _render_code(text: str) -> str:
    longest = max((len(run) for run in _FENCE.findall(text)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}\n{text}\n{fence}"


def _render_table(rows: tuple[tuple[str, ...], ...]) -> str:
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
