"""A page line by line: gold kept and missed, output right and leaked, and what is off."""

from collections.abc import Iterator
from typing import NamedTuple

from bench.corpora.case import Case
from bench.metrics import contains, tokens
from bench.output import Output

# Share of a line's words that must stand in the other text for the line to count as there.
_SAME_LINE = 0.8


class Line(NamedTuple):
    """A line of text; `right` is None where the gold says nothing about it."""

    text: str
    right: bool | None


def gold_lines(case: Case, output: Output) -> list[Line]:
    """Return the lines of the gold, right where kept; without gold text the wanted sentences."""
    text = output.for_gold(case)
    if case.gold is not None:
        return list(matched_lines(case.gold, text))
    return [Line(part, has(text, part, case)) for part in wanted(case)]


def output_lines(case: Case, output: Output) -> list[Line]:
    """Return the lines of the output, wrong where leaked."""
    text = output.for_gold(case)
    if case.gold is not None:
        return list(matched_lines(text, case.gold))
    leaks = [part for part in unwanted(case) if has(text, part, case)]
    lines = (line for line in text.splitlines() if line.strip())
    return [
        Line(line, False if any(has(line, part, case) for part in leaks) else None)
        for line in lines
    ]


def matched_lines(text: str, other: str) -> Iterator[Line]:
    r"""Yield the lines of a text, each with whether the other text has it.

    >>> [tuple(line) for line in matched_lines("One line.\n\nAnother one", "one line")]
    [('One line.', True), ('Another one', False)]
    """
    words = tokens(other)
    known = set(words)
    for line in text.splitlines():
        parts = tokens(line)
        if parts:
            share = sum(part in known for part in parts) / len(parts)
            whole = share == 1 and contains(words, parts)
            yield Line(line, whole or (len(parts) > 4 and share >= _SAME_LINE))


def faults(case: Case, output: Output) -> list[str]:
    """Name the wanted sentences and snippets that are missing and the unwanted that leaked."""
    text = output.for_gold(case)
    return [
        *(f"missing: {part}" for part in wanted(case) if not has(text, part, case)),
        *(f"leaked: {part}" for part in unwanted(case) if has(text, part, case)),
    ]


def wanted(case: Case) -> tuple[str, ...]:
    """Return the snippets and promo exam's sentences that must appear."""
    return (*case.with_, *(case.promo.keep if case.promo else ()))


def unwanted(case: Case) -> tuple[str, ...]:
    """Return the snippets and promo exam's sentences that must not appear."""
    return (*case.without, *(case.promo.drop if case.promo else ()))


def has(text: str, part: str, case: Case) -> bool:
    """Tell whether a text has a snippet literally, or a promo sentence by its words."""
    if case.promo is not None:
        return contains(tokens(text), tokens(part))
    return " ".join(part.split()) in " ".join(text.split())
