"""What of a page's blocks is shown: safe characters, bounded length, votes told once.

Nothing here takes more than linear time: it runs outside the processes that can be killed, so
texts are not normalized again (canonical order is quadratic in a run of combining marks).
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from scraper.model import Piece
from scraper.text import count_words, without_unsafe

MAX_KEPT = 4_000_000
"""Characters of kept text: more than any book."""

MAX_CUT = 500_000
"""Characters of removed text in all, and of one stretch; ``words`` counts what is not shown."""
MAX_STRETCH = 20_000

MAX_LINES = 20_000
"""Lines of text, kept and removed together: more make browsers slow."""

MAX_NAME = 200
"""Characters of a kind, a rule, a path or a vote."""

MAX_VOTES = 8

SHORT = 48
"""Characters of a removed line that is shown beside its neighbours, as menus are."""

_NUMBER = re.compile(r"^(.*\S) (\d(?:\.\d{1,9})?)$", re.DOTALL)
_BREAK = re.compile("\r\n|[\r\u2028\u2029]")


class Paragraph(NamedTuple):
    """One kept block: ``form`` is title, subtitle, heading, li, quote, code or p."""

    text: str
    form: str
    votes: str


class Budget:
    """How much may still be shown, and how many words of the page have been."""

    def __init__(self) -> None:
        self.lines, self.kept, self.cut = MAX_LINES, MAX_KEPT, MAX_CUT
        self.seen = 0


def flat(text: str | None, limit: int = MAX_NAME) -> str:
    r"""Return ``text`` in one line of at most ``limit`` characters that are safe to show.

    >>> flat(" a\x1b[31m\n b"), flat("harbour", 4)
    ('a[31m b', 'harb…')
    """
    given = text or ""
    line = _line(given[: limit + 1])
    return line if len(given) <= limit else line[:limit] + "…"


def take_paragraphs(
    pieces: Iterable[Piece], budget: Budget, forms: dict[str, str]
) -> list[Paragraph]:
    """Return the kept blocks that the budget allows, each with its form."""
    shown = []
    for piece in pieces:
        if budget.lines <= 0 or budget.kept <= 0:
            break
        lines = _BREAK.sub("\n", piece.text[: budget.kept]).split("\n", budget.lines)
        given = "\n".join(lines[: budget.lines])
        form = piece.part if piece.part != "text" else forms.get(" ".join(given.split()), "p")
        text = _lines(given, verbatim=form == "code")
        budget.seen += count_words(given)
        if text:
            shown.append(Paragraph(text, form, "; ".join(merged(piece.votes))))
            budget.lines -= 1 + text.count("\n")
            budget.kept -= len(given)
    return shown


def _lines(text: str, *, verbatim: bool) -> str:
    """Return a kept text with its own line breaks, and in code its spaces."""
    lines = text.split("\n")
    if verbatim:
        return "\n".join(without_unsafe(line.rstrip()) for line in lines).strip("\n")
    return "\n".join(line for line in (_line(line) for line in lines) if line)


def _line(text: str) -> str:
    return " ".join(without_unsafe(re.sub(r"\s", " ", text)).split())


def take_runs(pieces: Iterable[Piece], budget: Budget) -> list[list[str]]:
    """Return the lines of what was removed, short neighbours in one run."""
    left = min(MAX_STRETCH, budget.cut)
    runs: list[list[str]] = []
    for piece in pieces:
        if left <= 0 or budget.lines <= 0:
            break
        given = piece.text[:left]
        for line in filter(None, map(_line, given.split("\n"))):
            if runs and len(line) <= SHORT and len(runs[-1][-1]) <= SHORT:
                runs[-1].append(line)
            else:
                runs.append([line])
            budget.lines -= 1
        budget.seen += count_words(given)
        left -= len(given)
        budget.cut -= len(given)
    return runs


def merged(votes: Iterable[str]) -> tuple[str, ...]:
    """Return different votes in their order; of those that differ in their number, its range.

    >>> merged(["model 0.12", "name box", "model 0.04", "name box"])
    ('model 0.04 to 0.12', 'name box')
    """
    ranges: dict[str, list[str]] = {}
    for vote in votes:
        said = _NUMBER.match(vote[: MAX_NAME + 1])
        name, number = (said[1], said[2]) if said else (vote, "")
        if name not in ranges and len(ranges) > MAX_VOTES:
            continue
        seen = ranges.setdefault(name, [number, number])
        seen[:] = min(seen[0], number), max(seen[1], number)
    told = [_vote(name, *numbers) for name, numbers in list(ranges.items())[:MAX_VOTES]]
    return (*told, "more") if len(ranges) > MAX_VOTES else tuple(told)


def _vote(name: str, low: str, high: str) -> str:
    number = low if low == high else f"{low} to {high}"
    return f"{flat(name)} {number}".rstrip()
