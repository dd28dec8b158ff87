"""Says where a crawl of ours spends CPU, in ms a page: python -m bench.crawl.profile."""

import json
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from bench.corpora.case import read_bytes
from bench.crawl.measure import cost
from bench.crawl.origin import Site, serving
from bench.crawl.pages import corpus_pages
from bench.crawl.sections import output_option, write_section
from bench.crawl.systems import CONCURRENCY
from bench.markdown import table
from bench.options import corpora_option, require_corpora

# Pages of the crawl that stands for start and end: enough that each worker has one.
_FIRST = 4

NOTES = f"""\
CPU ms a page. Two crawls: a plain one for the sums, and one for the shares, in which the parent's
threads are looked at every 10 ms (bench/crawl/sampled.py). start and end: a crawl of {_FIRST}
pages, shared by all pages. A stack counts for the first stage, from its innermost frame outward,
that one of its files belongs to. alone: scraper.extract on the same bytes in this process.
"""

# Stage by a part of a file's path; the first frame, from the innermost outward, that matches one
# decides. What only libraries call, such as a socket, so counts for the library that called it.
STAGES = {
    "/urllib3/": "fetch: requests, urllib3, http.client",
    "/requests/": "fetch: requests, urllib3, http.client",
    "/http/": "fetch: requests, urllib3, http.client",
    "/protego": "robots: rules",
    "scraper/fetcher/robots": "robots: rules",
    "scraper/fetcher/throttle": "schedule",
    "scraper/fetcher/manners": "schedule",
    "scraper/fetcher/": "fetch: ours",
    "scraper/state": "state",
    "scraper/fork_server": "workers: pipe, encode, decode",
    "scraper/workers": "workers: pipe, encode, decode",
    "/multiprocessing/": "workers: pipe, encode, decode",
    "scraper/writer": "write: shape, encode",
    "scraper/model": "write: shape, encode",
    "scraper/pipeline": "pipeline",
    "scraper/cli/": "command line",
    "/rich/": "command line",
    "/click/": "command line",
    "scraper/": "ours, other",
    "<frozen importlib": "imports",
}
OTHER = "other threads and the interpreter"
UNSEEN = "threads that came and went between two looks"

_TOP = 15


@dataclass(frozen=True, slots=True)
class Stack:
    """A stack, innermost frame first as FILE:FUNCTION, and the CPU seconds charged to it."""

    frames: Sequence[str]
    cpu: float


@dataclass(frozen=True, slots=True)
class Seen:
    """CPU seconds of a crawl, of all processes and of the parent, and the parent's stacks."""

    whole: float
    parent: float
    stacks: Sequence[Stack]

    @property
    def workers(self) -> float:
        """Return the CPU seconds of all processes but the parent."""
        return self.whole - self.parent


@click.command()
@corpora_option
@output_option
@click.option("--pages", type=click.IntRange(10), default=1000, help="Addresses. Default: 1000.")
@click.option("--hosts", type=click.IntRange(1), default=100, help="Hosts. Default: 100.")
@click.option("--small", is_flag=True, help="Small articles of our own instead of corpus pages.")
@click.argument("options", nargs=-1)
def main(
    *,
    root: Path | None,
    output: Path | None,
    pages: int,
    hosts: int,
    small: bool,
    options: Sequence[str],
) -> None:
    """Crawl twice, plainly and with looks at the threads; print CPU ms a page by stage.

    OPTIONS after -- go to `scraper crawl`.
    """
    files = () if small else corpus_pages(require_corpora(root), pages)
    with serving(Site(files)) as origin:
        urls = origin.urls(pages, hosts)
        start = _crawl(urls[:_FIRST], options)
        plain = _crawl(urls, options)
        seen = _crawl(urls, options, looks=True)
        bodies = [read_bytes(path) for path in files] or None
        alone = _extract_alone(urls, bodies)
    scale = 1000 / pages
    parent = plain.parent * scale
    rows = [
        ("all processes", plain.whole * scale),
        ("parent", parent),
        ("- start and end, also in the rows below", start.parent * scale),
        *((f"- {stage}", share * parent) for stage, share in shares(seen.stacks, seen.parent)),
        ("workers", plain.workers * scale),
        ("- start and end", start.workers * scale),
        ("- extraction alone", alone * scale),
        ("- pipe, encode, decode, rest", (plain.workers - start.workers - alone) * scale),
    ]
    kind = "small articles" if small else "corpus pages"
    text = "\n\n".join(
        [
            f"## CPU of a crawl by stage: {pages} {kind}, {hosts} hosts",
            NOTES.strip(),
            table(["where", "ms a page"], [(name, f"{value:.2f}") for name, value in rows]),
            "Where the parent's threads were most, our own function nearest to it:",
            table(
                ["function", "ms a page"],
                [
                    (name, f"{cpu / seen.parent * parent:.2f}")
                    for name, cpu in functions(seen.stacks)[:_TOP]
                ],
            ),
        ]
    )
    write_section(output, f"profile {kind}", text, {"ms": dict(rows)})


def _crawl(urls: Iterable[str], options: Sequence[str], *, looks: bool = False) -> Seen:
    """Crawl, with looks at the parent's threads or without."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (folder / "urls.txt").write_text("".join(f"{url}\n" for url in urls), "utf-8")
        result = folder / "looks.json"
        module = ["bench.crawl.sampled", str(result), *([] if looks else ["--plain"])]
        flags = ["--delay", "0", "--concurrency", str(CONCURRENCY), "-q", "--fail-on", "never"]
        crawl = ["crawl", "-i", "urls.txt", "-C", "corpus", *flags, *options]
        spent = cost([sys.executable, "-m", *module, *crawl], folder, 600.0)
        if spent.code not in {0, 1} or not result.exists():
            raise click.ClickException((folder / "log.txt").read_text("utf-8")[-2000:])
        found = json.loads(result.read_text("utf-8"))
    stacks = [Stack(row["stack"], row["cpu"]) for row in found["stacks"]]
    return Seen(spent.cpu, found["cpu"], stacks)


def shares(stacks: Sequence[Stack], whole: float) -> list[tuple[str, float]]:
    """Return the share of each stage in `whole` CPU seconds, the largest first."""
    seconds: dict[str, float] = defaultdict(float)
    for stack in stacks:
        seconds[stage_of(stack.frames)] += stack.cpu
    seconds[UNSEEN] = max(0.0, whole - sum(seconds.values()))
    return [(stage, cpu / whole) for stage, cpu in _largest_first(seconds)]


def stage_of(frames: Iterable[str], stages: Mapping[str, str] = STAGES) -> str:
    """Return the stage of the first frame that belongs to one.

    >>> stage_of(["/lib/socket.py:f", "/p/urllib3/a.py:g", "/w/scraper/fetcher/attempt.py:h"])
    'fetch: requests, urllib3, http.client'
    """
    for frame in frames:
        for part, stage in stages.items():
            if part in frame:
                return stage
    return OTHER


def functions(stacks: Iterable[Stack]) -> list[tuple[str, float]]:
    """Charge each stack to its innermost frame, named with our caller of it if it is not ours.

    Returns names and CPU seconds, the largest first.
    """
    seconds: dict[str, float] = defaultdict(float)
    for stack in stacks:
        inner = _short(stack.frames[0])
        ours = next((frame for frame in stack.frames if "/scraper/" in frame), stack.frames[-1])
        name = inner if ours == stack.frames[0] else f"{_short(ours)} > {inner}"
        seconds[name] += stack.cpu
    return _largest_first(seconds)


def _largest_first(seconds: Mapping[str, float]) -> list[tuple[str, float]]:
    return sorted(seconds.items(), key=lambda item: -item[1])


def _short(frame: str) -> str:
    """Shorten a path to its last two parts.

    >>> _short("/w/scraper/fetcher/attempt.py:_get")
    'fetcher/attempt.py:_get'
    """
    return "/".join(frame.split("/")[-2:])


def _extract_alone(urls: Sequence[str], bodies: Sequence[bytes] | None) -> float:
    """Return the CPU seconds that `scraper.extract` takes for the pages of the crawl."""
    import scraper
    from bench.crawl.origin import small_article

    made = bodies or [small_article(number) for number in range(len(urls))]
    scraper.extract(made[0], url=urls[0])
    begun = time.process_time()
    for number, url in enumerate(urls):
        scraper.extract(made[number % len(made)], url=url)
    return time.process_time() - begun


if __name__ == "__main__":
    main()
