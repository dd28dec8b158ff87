"""Runs to one HTML page that holds all it needs and may load and run nothing.

What comes from the runs reaches the template as text only: jinja escapes it, and none becomes part
of a tag; classes and the numbers of drawings are made here. The one style element is allowed by
its hash, scripts, links and all else by nothing.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from scraper.writer.explain.shown import flat
from scraper.writer.report import rows, told
from scraper.writer.report.charts import HEIGHT, NAMES, chart_of_run, chart_of_runs
from scraper.writer.runs import Run
from scraper.writer.sheet import sheet


class Figure(NamedTuple):
    """One number that is read first; ``outcome`` is empty where it has no colour."""

    value: str
    name: str
    outcome: str = ""


def render(runs: Sequence[Run], totals: Mapping[str, int], folder_name: str) -> str:
    """Return the page of at least one run, the oldest first; the same runs give the same page.

    ``totals`` counts the URLs of the corpus by state; ``folder_name`` is what the corpus is called.

    Raises:
        ValueError: there is no run.
    """
    if not runs:
        raise ValueError("no run to report")
    template, style, policy = sheet("report")
    last = runs[-1]
    return template.render(
        policy=policy,
        style=style,
        name=flat(folder_name) or "corpus",
        sentence=told.sentence(last),
        figures=_figures(last),
        visits=last.visits,
        made_by=flat(last.tool),
        number=told.number,
        counted=told.counted,
        order=tuple(NAMES.items()),
        height=HEIGHT,
        scale=rows.SCALE,
        of_run=chart_of_run(last),
        of_runs=chart_of_runs(runs) if len(runs) > 1 else None,
        statuses=rows.status_rows(last),
        codes=rows.code_rows(last),
        hosts=rows.host_rows(last),
        first_hosts=rows.FIRST_HOSTS,
        words=rows.word_rows(last),
        mean_words=rows.mean(last.words),
        times=rows.time_rows(last),
        mean_time=rows.mean(last.milliseconds),
        removed=rows.removed_rows(last),
        answers=rows.http_rows(last),
        totals=rows.total_rows(totals),
        runs=rows.run_rows(runs),
        earlier=len(runs) - rows.MAX_RUNS,
    )


def _figures(run: Run) -> list[Figure]:
    sums, articles = told.outcomes(run), run.articles
    shown = [
        Figure(told.number(run.visits), "URL" if run.visits == 1 else "URLs"),
        Figure(told.number(articles.new), "new", "ok"),
        Figure(told.number(articles.changed), "changed", "ok"),
        Figure(told.number(sums["unchanged"]), "unchanged", "unchanged"),
        Figure(told.number(sums["failed"]), "failed", "failed"),
        Figure(told.size(run.bytes), "fetched"),
    ]
    if articles.kept:
        shown.insert(5, Figure(told.number(articles.kept), "kept", "other"))
    return shown
