"""What ``crawl`` and ``refresh`` share: options, progress, the run's account, the exit code."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from scraper.cli.exits import LIMIT, NOTHING, SOME_FAILED, fail_on_option
from scraper.cli.options import config, setting

if TYPE_CHECKING:
    from scraper.cli.progress import LogFormat
    from scraper.cli.stopping import Stop
    from scraper.model import Visit
    from scraper.pipeline import Job
    from scraper.settings import Settings
    from scraper.writer.runs import RunLog

HEARTBEAT = 10.0
"""Seconds between two accounts of a run that goes on."""

_LIMITS = ("max_time", "max_pages")

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

_OPTIONS: tuple[Decorator, ...] = (
    click.option("-q", "--quiet", is_flag=True, help="Say nothing unless something failed."),
    click.option("-v", "--verbose", count=True, help="Say a line for each URL."),
    click.option(
        "--log-format",
        type=click.Choice(["text", "json"]),
        default="text",
        show_default=True,
        help="How those lines and the summary are written.",
    ),
    fail_on_option,
    click.option(
        "--wait-lock",
        metavar="SECONDS",
        type=click.FloatRange(min=0),
        default=0.0,
        show_default=True,
        help="How long to wait for another run that holds the folder.",
    ),
    click.option(
        "--metrics",
        type=click.Path(path_type=Path, dir_okay=False),
        help="Write figures for Prometheus' textfile collector here.",
    ),
    click.option(
        "--report",
        type=click.Path(path_type=Path, dir_okay=False),
        help="Write an HTML page on the folder's runs here.",
    ),
    setting("max_time"),
    setting("max_pages"),
    setting("max_wait"),
    setting("delay"),
    setting("concurrency"),
    setting("timeout", "-m"),
    setting("connect_timeout"),
    setting("retries"),
    setting("max_size"),
    setting("max_redirects"),
    setting("user_agent", "-A"),
    setting("proxy", "-x"),
    setting("headers", "-H"),
    setting("allow_private"),
    setting("robots"),
    setting("revisit_first"),
    setting("revisit_min"),
    setting("revisit_max"),
    setting("gone_after"),
    setting("workers", "-j", default="one a processor"),
    setting("extract_timeout"),
    setting("layout"),
    setting("mode"),
    setting("keep"),
    setting("site_rules"),
    setting("hosts"),
    setting("removed"),
    config,
)


class Telling(NamedTuple):
    """How a run is told of, as the flags say."""

    quiet: bool
    verbose: int
    log_format: "LogFormat"
    fail_on: float
    wait_lock: float
    metrics: Path | None
    report: Path | None


def corpus_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of a run into a corpus folder."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def told(flags: dict[str, Any]) -> Telling:
    """Take the flags that say how the run is told of out of ``flags``."""
    return Telling(**{name: flags.pop(name) for name in Telling._fields})


def run(
    command: str,
    folder: Path,
    settings: "Settings",
    telling: Telling,
    visits_of: "Callable[[Job], Iterator[Visit]]",
) -> int:
    """Run a job over ``folder`` and tell how it goes; return the exit code."""
    from scraper.cli.report import Tally
    from scraper.cli.stopping import stopped_by
    from scraper.pipeline import Job
    from scraper.writer.runs import RunLog

    tally, log, event = Tally(), RunLog(command, time.time()), threading.Event()
    # Until the job has begun, signals end it as they end any program: a wait may be a long one.
    with (
        Job(folder, settings, wait=telling.wait_lock, stop=event) as job,
        stopped_by(event) as stop,
    ):
        _tell_repairs(job, telling)
        try:
            _follow(job, visits_of(job), tally, log, telling)
        finally:
            _leave_input()
            reason = _reason(job, stop)
            _account(job, log, reason, telling)
        left = job.left()
        extra = _extra(job, left, stop)
    code = tally.close(
        unit="URL",
        fail_on=telling.fail_on,
        quiet=telling.quiet,
        extra=extra,
        log_format=telling.log_format,
    )
    if stop.signal:
        return 128 + stop.signal
    if code == NOTHING and command == "refresh":  # the articles that there are stand
        code = SOME_FAILED
    return LIMIT if left and job.ended in _LIMITS else code


def _tell_repairs(job: "Job", telling: Telling) -> None:
    """Say what a run that was killed, or a hand in the files, has left to do."""
    if telling.quiet:
        return
    if job.adopted:
        click.echo(f"scraper: {job.adopted} records of an earlier run taken over", err=True)
    if job.lost:
        click.echo(f"scraper: {job.lost} articles are gone from the file: again", err=True)


def _follow(
    job: "Job",
    visits: "Iterator[Visit]",
    tally: Any,
    log: "RunLog",
    telling: Telling,
) -> None:
    from scraper.cli.progress import followed
    from scraper.writer.runs import write_run

    write_run(job.folder, log.run(None))  # where that cannot be written nothing is fetched
    beat = time.monotonic() + HEARTBEAT
    for visit in followed(
        visits,
        tally,
        total=job.total,
        quiet=telling.quiet,
        verbose=telling.verbose,
        log_format=telling.log_format,
    ):
        log.add(visit)
        if time.monotonic() > beat:
            write_run(job.folder, log.run(None))
            beat = time.monotonic() + HEARTBEAT


def _leave_input() -> None:
    """Let go of standard input, from which a thread may be reading that nobody waits for.

    Python would close it at the end, and abort because that thread holds it.
    """
    import io
    import sys

    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.detach()


def _account(job: "Job", log: "RunLog", reason: str, telling: Telling) -> None:
    """Write the account of the run, and what was asked for beside it."""
    from scraper.writer.metrics import write_metrics
    from scraper.writer.report import render
    from scraper.writer.runs import read_runs, write_run

    account = log.run(reason)
    write_run(job.folder, account)
    totals = job.totals()
    if telling.metrics:
        write_metrics(telling.metrics, account, totals)
    if telling.report:
        from scraper.writer import replacing

        page = render(read_runs(job.folder), totals, job.folder.resolve().name)
        with replacing(telling.report) as file:
            file.write(page.encode("utf-8"))


def _reason(job: "Job", stop: "Stop") -> str:
    import signal
    import sys

    if stop.signal:
        return signal.Signals(stop.signal).name
    if sys.exception() is not None:
        return "failed"
    return (job.ended or "finished").replace("_", "-")


def _extra(job: "Job", left: int, stop: "Stop") -> str:
    extra = f", {job.already_there} already there" if job.already_there else ""
    extra += f" -> {job.folder}"
    if left and (stop.signal or job.ended):
        extra += f"; stopped before the end, {left} left"
    elif stop.signal:
        extra += "; stopped before the end"
    return extra
