"""Crawls real pages over loopback and checks every record: python -m bench.crawl."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from bench.corpora.case import Case
from bench.crawl.check import Record, faults, read_records, requested, tally
from bench.crawl.measure import environment
from bench.crawl.memory import Growth, Sample, Sampler, growth
from bench.crawl.plan import TRAPS, Expected, Plan, build
from bench.crawl.server import serving
from bench.markdown import table
from bench.options import corpora_option, load_corpora, require_corpora

SOURCES = ("trafilatura", "fundus", "daniel")

# Exit codes of a crawl that ran to its end: all done, or some URLs failed, as planned.
_ENDED = (0, 1)

# Pages of which the recorded text is compared with extract() on the same bytes.
_COMPARED = 20


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the command line: exit code, seconds, memory samples, the end of stderr."""

    code: int | None
    seconds: float
    samples: list[Sample]
    stderr: str


@click.command()
@corpora_option
@click.option("--pages", type=click.IntRange(30), default=300, help="Real pages. Default: 300.")
@click.option("--hosts", type=click.IntRange(1), default=10, help="Ports. Default: 10.")
@click.option("--time-limit", type=float, default=420.0, help="Seconds for the run. Default: 420.")
@click.option("--keep", type=click.Path(path_type=Path), help="Crawl into this folder, keep it.")
@click.argument("options", nargs=-1)
def main(
    *,
    root: Path | None,
    pages: int,
    hosts: int,
    time_limit: float,
    keep: Path | None,
    options: Sequence[str],
) -> None:
    """Crawl corpus pages by loopback with traps among them; exit 1 where a record is off.

    OPTIONS after -- go to `scraper crawl`.
    """
    cases = _cases(require_corpora(root), pages)
    with tempfile.TemporaryDirectory() as scratch, serving(hosts) as servers:
        plan = build(cases, [server.server_address[1] for server in servers])
        for server in servers:
            server.routes = plan.routes[server.server_address[1]]
        folder = keep or Path(scratch) / "crawl"
        run = crawl(plan, Path(scratch), folder, options, time_limit)
        records = read_records(folder)
    found = _all_faults(plan, run, records)
    _print(plan, run, records, found)
    sys.exit(1 if found else 0)


def _cases(root: Path, count: int) -> list[Case]:
    """Take the pages from the sources in turns, plus those behind redirects."""
    behind = TRAPS["moved"] + TRAPS["found"]
    loaded = load_corpora(root, SOURCES, (count + behind) // 2)
    cases = [case for turn in zip(*_padded(list(loaded.values())), strict=True) for case in turn]
    return [case for case in cases if case is not None][: count + behind]


def _padded(columns: list[list[Case]]) -> list[list[Case | None]]:
    longest = max(len(column) for column in columns)
    return [[*column, *[None] * (longest - len(column))] for column in columns]


def crawl(
    plan: Plan, scratch: Path, folder: Path, options: Sequence[str], time_limit: float
) -> Run:
    """Run `scraper crawl` over the plan's URLs; `time_limit` is in seconds."""
    urls = scratch / "urls.txt"
    urls.write_text("".join(f"{item.url}\n" for item in plan.expected), "utf-8")
    log = scratch / "stderr.txt"
    flags = ["--delay", "0", "--timeout", "5", "-q", *options]
    command = [sys.executable, "-m", "scraper", "crawl", "-i", urls, "-C", folder, *flags]
    started = time.monotonic()
    with log.open("wb") as sink:
        process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=sink, cwd=scratch, env=environment()
        )
        sampler = Sampler(process.pid)
        sampler.start()
        try:
            code = process.wait(time_limit)
        except subprocess.TimeoutExpired:
            code = None
        finally:
            process.kill()
            process.wait()
    seconds = time.monotonic() - started
    return Run(code, seconds, sampler.stop(), log.read_text("utf-8", "replace")[-2000:])


def _all_faults(plan: Plan, run: Run, records: list[Record]) -> list[str]:
    found = [] if run.code in _ENDED else [f"exit code {run.code} instead of 0 or 1"]
    found += faults(plan.expected, records) + _other_texts(plan.expected, records)
    level = growth(run.samples)
    if level is not None and not level.passed:
        found.append(f"memory grew from {level.third:.0f} to {level.end:.0f} MiB")
    return found


def _other_texts(expected: Sequence[Expected], records: list[Record]) -> list[str]:
    """Compare recorded texts with extract() on the same bytes and URL."""
    import scraper

    by_url = {requested(record): record for record in records}
    pages = [item for item in expected if item.case is not None and item.url in by_url]
    found = []
    for item in pages[:: max(1, len(pages) // _COMPARED)]:
        record = by_url[item.url]
        article = scraper.extract(item.case.html, record.get("url") or item.url)
        if record.get("text") != article.text:
            found.append(f"{item.kind} {item.url} ({item.case.id}): not the text of extract()")
    return found


def _print(plan: Plan, run: Run, records: list[Record], found: Sequence[str]) -> None:
    print(table(["URLs", "outcome", "n"], tally(plan.expected, records)))
    rate = len(records) / run.seconds
    print(f"\n{len(plan.expected)} URLs, {len(records)} records, exit code {run.code},", end=" ")
    print(f"{run.seconds:.1f} s, {rate:.1f} URLs/s; {_memory(growth(run.samples))}")
    for fault in found:
        print(f"OFF: {fault}")
    if found and run.stderr:
        print(f"stderr ends:\n{run.stderr}")
    print("crawl: all as expected" if not found else f"crawl: {len(found)} faults")


def _memory(level: Growth | None) -> str:
    if level is None:
        return "too short a run to compare memory"
    return f"memory {level.third:.0f} MiB at 1/3, {level.end:.0f} at the end, {level.peak:.0f} peak"


if __name__ == "__main__":
    main()
