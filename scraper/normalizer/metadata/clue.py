"""What a reader of metadata yields."""

from typing import NamedTuple

MAX_VALUE = 5000
"""Characters of one stated value: a title or description beyond that is none."""


class Clue(NamedTuple):
    """What one source states about one field, as found.

    ``source`` is ``group.name`` as in data/evidence.toml. ``kind`` and ``url`` belong to authors.
    """

    field: str
    source: str
    value: str
    kind: str = ""
    url: str = ""
