"""Writes figures as Markdown tables."""

from collections.abc import Iterable, Sequence


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    r"""Lay out rows under a header, the first column to the left, figures to the right.

    >>> print(table(["system", "n"], [["ours", 3]]))
    | system | n |
    | --- | ---: |
    | ours | 3 |
    """
    lines = [_line(header), _line(["---", *["---:"] * (len(header) - 1)])]
    return "\n".join([*lines, *(_line([cell(value) for value in row]) for row in rows)])


def cell(value: object) -> str:
    """Format one figure: None as nothing, floats as they are given by the helpers below.

    >>> cell(None), cell(3), cell("a|b")
    ('', '3', 'a/b')
    """
    return "" if value is None else str(value).replace("|", "/")


def ratio(value: float | None) -> str | None:
    """Format a score from 0 to 1 with three places.

    >>> ratio(0.9567), ratio(None)
    ('.957', None)
    """
    return None if value is None else f"{value:.3f}".removeprefix("0") if value < 1 else "1.000"


def percent(value: float | None) -> str | None:
    """Format a share from 0 to 1 as percent with one place.

    >>> percent(0.0749), percent(None)
    ('7.5', None)
    """
    return None if value is None else f"{100 * value:.1f}"


def milliseconds(value: float | None) -> str | None:
    """Format a time in ms with one place.

    >>> milliseconds(12.345), milliseconds(None)
    ('12.3', None)
    """
    return None if value is None else f"{value:.1f}"


def _line(cells: Sequence[object]) -> str:
    return "| " + " | ".join(str(value) for value in cells) + " |"
