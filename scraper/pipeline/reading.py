"""Makes the pool of processes that read pages as the settings say."""

from pathlib import Path

from scraper.advice import Reading, load_advice
from scraper.settings import Settings, kinds_of
from scraper.workers import Limits, Workers

CLOCK = 3.0
"""A page has as many times its processor time by the clock: the machine may be busy."""


def open_workers(settings: Settings, quarantine: Path | None = None) -> Workers:
    """Return the pool; pages that no process survives are kept in ``quarantine``.

    Raises:
        UsageError: rules for sites or memories of hosts cannot be read.
    """
    return Workers(
        settings.workers,
        CLOCK * settings.extract_timeout,
        read_how(settings),
        limits=Limits(cpu=settings.extract_timeout),
        quarantine=quarantine,
    )


def read_how(settings: Settings) -> Reading:
    """Return how pages are to be read; UsageError as above."""
    advisor = load_advice(settings.site_rules, settings.hosts)
    return Reading(settings.mode, tuple(kinds_of(settings.keep)), advisor)
