"""Profiles ours by stage: python -m bench.speed --stages.

STAGES is all that bench knows of scraper's inside; a name that changes there changes here only.
"""

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import reduce, wraps
from importlib import import_module
from statistics import fmean, median
from typing import Any

from bench import peers
from bench.corpora.case import Case

# The functions and methods (no generators: their work is done after the call) that make up a stage.
# A stage's time is that of its functions less that of other stages called inside them.
STAGES: dict[str, tuple[str, ...]] = {
    "decode": ("scraper.encoding:decode",),
    "parse": ("scraper.cleaner:parse",),
    "outline": ("scraper.outline:outline",),
    "cues": ("scraper.cleaner.cues:read_cues",),
    "features": ("scraper.cleaner.features:measure",),
    "model": ("scraper.cleaner.model:Model.predict",),
    "selection": ("scraper.cleaner.selection:select",),
    "second opinion": ("scraper.cleaner.second_opinion:find_body",),
    "assemble": ("scraper.cleaner.body:build",),
    "removals": ("scraper.cleaner.removals:mark", "scraper.cleaner.removals:mark_promos"),
    "verdict": ("scraper.cleaner.verdict:asks_login", "scraper.cleaner.verdict:doubts"),
    "ledger": ("scraper.cleaner.ledger:ledger",),
    "metadata": (
        "scraper.normalizer.metadata:collect",
        "scraper.normalizer.metadata:collect_shown",
        "scraper.normalizer.fields:read_fields",
        "scraper.normalizer.access:read_access",
    ),
    "normalize": ("scraper.normalizer:normalize",),
}

REST = "rest"
"""What no stage names."""

Spent = dict[str, float]


@dataclass(slots=True)
class Profile:
    """Adds up the time by stage, in the clock's seconds."""

    clock: Callable[[], float] = time.process_time
    spent: Spent = field(default_factory=dict)
    _inside: list[float] = field(default_factory=list)

    def timed(self, stage: str, call: Callable[..., Any]) -> Callable[..., Any]:
        """Wrap a function so that its own time is counted for a stage."""

        @wraps(call)
        def wrapper(*args: Any, **options: Any) -> Any:
            self._inside.append(0.0)
            started = self.clock()
            try:
                return call(*args, **options)
            finally:
                whole = self.clock() - started
                own = whole - self._inside.pop()
                self.spent[stage] = self.spent.get(stage, 0.0) + own
                if self._inside:
                    self._inside[-1] += whole

        return wrapper


@contextmanager
def patched(
    profile: Profile, stages: Mapping[str, Iterable[str]] = STAGES, package: str = "scraper"
) -> Iterator[None]:
    """Time the stages' functions wherever a module of the package has them by name."""
    found = [(stage, _find(name)) for stage, names in stages.items() for name in names]
    wrappers = {id(place[1]): profile.timed(stage, place[1]) for stage, place in found if place}
    holders = [place[0] for _, place in found if place]  # a method is held by its class alone
    holders += [
        module
        for name, module in sys.modules.items()
        if name == package or name.startswith(f"{package}.")
    ]
    bindings = {
        (holder, name): value
        for holder in holders
        for name, value in vars(holder).items()
        if id(value) in wrappers
    }
    try:
        for (holder, name), value in bindings.items():
            setattr(holder, name, wrappers[id(value)])
        yield
    finally:
        for (holder, name), value in bindings.items():
            setattr(holder, name, value)


def absent(stages: Mapping[str, Iterable[str]] = STAGES) -> list[str]:
    """Name the functions of the table that are not there."""
    return [name for names in stages.values() for name in names if _find(name) is None]


def _find(name: str) -> tuple[Any, Callable[..., Any]] | None:
    """Return the module or class that holds a function, and the function."""
    home, _, path = name.partition(":")
    *owners, function = path.split(".")
    try:
        holder = reduce(getattr, owners, import_module(home))
        return holder, getattr(holder, function)
    except (ImportError, AttributeError):
        return None


def profile_pages(system: peers.System, cases: Sequence[Case], rounds: int) -> list[Spent]:
    """Return the milliseconds by stage of each page that did not fail, its quickest round."""
    peers.warm_up(system)
    pages = (_page(system, case, rounds) for case in cases)
    return [page for page in pages if page is not None]


def _page(system: peers.System, case: Case, rounds: int) -> Spent | None:
    html = case.html
    turns = []
    for _ in range(rounds):
        profile = Profile()
        try:
            with peers.silence(), patched(profile):
                profile.timed(REST, system.extract)(html, case.url)
        except Exception:
            return None
        turns.append(profile.spent)
    best = min(turns, key=lambda spent: sum(spent.values()))
    return {stage: 1000 * seconds for stage, seconds in best.items()}


def summary(pages: Sequence[Spent]) -> dict[str, dict[str, float]]:
    """Return median and mean ms a page and the share of the whole, by stage and for all of it."""
    total = [sum(page.values()) for page in pages]
    met = [stage for stage in (*STAGES, REST) if any(stage in page for page in pages)]
    columns = {stage: [page.get(stage, 0.0) for page in pages] for stage in met}
    return {
        stage: {"median": median(times), "mean": fmean(times), "share": sum(times) / sum(total)}
        for stage, times in {**columns, "all": total}.items()
        if times
    }
