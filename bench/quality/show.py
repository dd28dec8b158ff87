"""Prints one page in the terminal: gold lines kept and missed, output lines leaked."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bench import peers
from bench.corpora.case import Case
from bench.output import Output
from bench.quality.lines import Line, faults, gold_lines, output_lines
from bench.scores import score_page

_STYLES = {True: ("+", "green"), False: ("-", "red"), None: (" ", "")}


def show(case: Case, systems: Sequence[peers.System], console: Console) -> None:
    """Print the gold beside the output of each system, line by line, then promo and snippets."""
    console.print(f"[bold]{case.corpus} {case.id}[/]  {case.group}  {case.url or ''}")
    for system in systems:
        with peers.silence():
            output = system.read(case, case.html)
        score = score_page(case, system.name, output)
        if score.words:
            figures = (score.words.f1, score.words.precision, score.words.recall)
            console.print(
                f"{system.name}: F1 {figures[0]:.3f} P {figures[1]:.3f} R {figures[2]:.3f}"
            )
        console.print(_columns(case, output, system.name))
        for fault in faults(case, output):
            console.print(Text(fault, style="yellow"))


def _columns(case: Case, output: Output, system: str) -> Table:
    grid = Table(expand=True, show_lines=False)
    grid.add_column("gold: green kept, red missed", ratio=1)
    grid.add_column(f"{system}: green in gold, red leaked", ratio=1)
    grid.add_row(_text(gold_lines(case, output)), _text(output_lines(case, output)))
    return grid


def _text(lines: Iterable[Line]) -> Text:
    text = Text()
    for line in lines:
        sign, style = _STYLES[line.right]
        text.append(f"{sign} {line.text}\n", style=style)
    return text
