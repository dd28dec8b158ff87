"""What a reader of metadata yields."""

from collections.abc import Mapping
from typing import NamedTuple

MAX_VALUE = 5000
"""Characters of one stated value: a title or description beyond that is none."""

NOWHERE = -1
"""The place of what is not shown."""

_NO_DETAILS: Mapping[str, str] = {}


class Clue(NamedTuple):
    """What one source states about one field, as found.

    ``source`` is ``group.name`` as in data/evidence.toml. ``place`` is the block of the outline
    where it is shown, or before which it would be. ``details`` are what stands with the value: an
    author's ``kind`` and ``url``, a picture's ``caption``, ``credit``, ``width``, ``height``.
    """

    field: str
    source: str
    value: str
    place: int = NOWHERE
    details: Mapping[str, str] = _NO_DETAILS

    @property
    def group(self) -> str:
        """Who says it: ``jsonld``, ``head``, ``page`` ..."""
        return self.source.partition(".")[0]
