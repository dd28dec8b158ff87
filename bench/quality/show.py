"""Prints one page in the terminal: gold lines kept and missed, output lines leaked."""

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bench import peers
from bench.corpora.case import Case
from bench.metrics import contains, tokens
from bench.scores import score_page

# Share of a line's words that must stand in the other text for the line to count as there.
_SAME_LINE = 0.8


def show(case: Case, systems: Sequence[peers.System], console: Console) -> None:
    """Print the gold beside the output of each system, line by line, then promo and snippets."""
    console.print(f"[bold]{case.corpus} {case.id}[/]  {case.group}  {case.url or ''}")
    for system in systems:
        with peers.silence():
            output = system.text(case, case.html)
        score = score_page(case, system.name, output)
        if score.words:
            figures = (score.words.f1, score.words.precision, score.words.recall)
            console.print(
                f"{system.name}: F1 {figures[0]:.3f} P {figures[1]:.3f} R {figures[2]:.3f}"
            )
        console.print(_columns(case.gold or "", output, system.name))
        for line in _sentences(case, output):
            console.print(line)


def _columns(gold: str, output: str, system: str) -> Table:
    grid = Table(expand=True, show_lines=False)
    grid.add_column("gold: green kept, red missed", ratio=1)
    grid.add_column(f"{system}: green in gold, red leaked", ratio=1)
    left, right = Text(), Text()
    for text, other, target in ((gold, output, left), (output, gold, right)):
        for line, there in matched_lines(text, other):
            target.append(f"{'+' if there else '-'} {line}\n", style="green" if there else "red")
    grid.add_row(left, right)
    return grid


def matched_lines(text: str, other: str) -> Iterator[tuple[str, bool]]:
    r"""Yield the lines of a text, each with whether the other text has it.

    >>> list(matched_lines("One line.\n\nAnother one", "one line"))
    [('One line.', True), ('Another one', False)]
    """
    words = tokens(other)
    known = set(words)
    for line in text.splitlines():
        parts = tokens(line)
        if parts:
            share = sum(part in known for part in parts) / len(parts)
            yield line, contains(words, parts) or (len(parts) > 4 and share >= _SAME_LINE)


def _sentences(case: Case, output: str) -> Iterator[Text]:
    """Yield what is off among snippets and promo sentences."""
    text = " ".join(output.split())
    words = tokens(output)
    promo = case.promo
    checks = (
        ("missing", case.with_, lambda part: " ".join(part.split()) not in text),
        ("leaked", case.without, lambda part: " ".join(part.split()) in text),
        (
            "missing keep",
            promo.keep if promo else (),
            lambda part: not contains(words, tokens(part)),
        ),
        ("leaked drop", promo.drop if promo else (), lambda part: contains(words, tokens(part))),
    )
    for name, parts, is_off in checks:
        for part in parts:
            if is_off(part):
                yield Text(f"{name}: {part}", style="yellow")
