"""A run in the text format of Prometheus 0.0.4, for the textfile collector of node_exporter."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import get_args

from scraper.errors import ERROR_CODES
from scraper.model import Status
from scraper.writer.atomic import replacing
from scraper.writer.runs import FAILED, Run

STATUSES = (*get_args(Status), "unchanged")

WHOLE = ("finished", "max-time", "max-pages")
"""Reasons for which a run ends by itself; all others are troubles or signals."""

MAX_FILE = 1 << 20
"""Bytes of an earlier file that is searched for the last success; ours have 3,000."""

_SUMS = ("urls", "hosts")
"""Totals that are no state."""

_LAST_SUCCESS = "scraper_last_success_timestamp_seconds"
_STATED = re.compile(rf"^{_LAST_SUCCESS} (\d{{1,12}})$", re.MULTILINE)

Samples = Iterable[tuple[Mapping[str, str], float]]


def write_metrics(path: Path, run: Run, totals: Mapping[str, int]) -> None:
    """Write the figures of the last run and of the corpus, in one piece.

    ``totals`` counts the URLs of the corpus by state. The time of the last success is that of the
    earlier file where this run is none: a run that goes on, was stopped, or in which all failed.

    Raises:
        OutputError: the file cannot be written.
    """
    success = _end(run) if _succeeded(run) else _earlier_success(path)
    text = "".join(_families(run, totals, success))
    with replacing(path) as file:
        file.write(text.encode("utf-8", "replace"))


def _families(run: Run, totals: Mapping[str, int], success: int | None) -> Iterator[str]:
    statuses = dict.fromkeys(STATUSES, 0) | run.statuses
    codes = dict.fromkeys(ERROR_CODES, 0) | run.codes
    articles = run.articles
    changes = {
        "new": articles.new,
        "changed": articles.changed,
        "unchanged": articles.unchanged,
        "kept": articles.kept,
    }
    about = {"command": run.command, "reason": run.reason or "", "tool": run.tool}
    yield _family("scraper_urls", "URLs of the last run by outcome.", _by("status", statuses))
    yield _family("scraper_failures", "Failures of the last run by code.", _by("code", codes))
    yield _family("scraper_articles", "Articles of the last run.", _by("change", changes))
    yield _family("scraper_fetched_bytes", "Bytes of decoded bodies.", [({}, run.bytes)])
    yield _family("scraper_hosts", "Hosts that the last run visited.", [({}, run.hosts)])
    yield _family("scraper_run_seconds", "How long the last run took.", [({}, run.seconds)])
    yield _family("scraper_run_info", "What ran, and why it ended; always 1.", [(about, 1)])
    ended = "When the last run ended, or was last heard of."
    yield _family("scraper_last_run_timestamp_seconds", ended, [({}, _end(run))])
    if success is not None:
        whole = "When a run last ended by itself with an answer."
        yield _family(_LAST_SUCCESS, whole, [({}, success)])
    states = {state: count for state, count in totals.items() if state not in _SUMS}
    if states:
        corpus = "URLs of the corpus by state; queued and due ones have another state, too."
        yield _family("scraper_corpus_urls", corpus, _by("state", states))


def _family(name: str, meaning: str, samples: Samples) -> str:
    lines = [f"# HELP {name} {meaning}", f"# TYPE {name} gauge"]
    lines += [f"{name}{_labels(labels)} {value}" for labels, value in samples]
    return "\n".join(lines) + "\n"


def _by(label: str, counts: Mapping[str, int]) -> Samples:
    return [({label: name}, count) for name, count in counts.items()]


def _labels(labels: Mapping[str, str]) -> str:
    stated = ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items())
    return f"{{{stated}}}" if stated else ""


def _escaped(value: str) -> str:
    r"""Return a label's value as the format writes it.

    >>> print(_escaped('a"b\\c\nd'))
    a\"b\\c\nd
    """
    return value.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')


def _succeeded(run: Run) -> bool:
    """Whether the run ended by itself, and not everything failed; nothing to do is a success."""
    failed = sum(run.statuses.get(status, 0) for status in FAILED)
    return run.reason in WHOLE and (not failed or failed < run.visits)


def _end(run: Run) -> int:
    return int(datetime.fromisoformat(run.started).timestamp() + run.seconds)


def _earlier_success(path: Path) -> int | None:
    try:
        if not path.is_file() or path.stat().st_size > MAX_FILE:
            return None
        stated = _STATED.search(path.read_text("utf-8", "replace"))
    except OSError:
        return None
    return int(stated[1]) if stated else None
