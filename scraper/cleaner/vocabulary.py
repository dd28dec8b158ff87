"""Splits the names that sites give their elements into tokens."""

import re
from functools import lru_cache
from itertools import pairwise

_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
MAX_PARTS = 12
MAX_WORDS = 6


@lru_cache(maxsize=16384)
def name_tokens(name: str) -> tuple[str, ...]:
    """Return the words of class and id, each two in a row, and each name whole after ``=``.

    >>> name_tokens("articleBody")
    ('=articlebody', 'article', 'article-body', 'body')
    """
    found: set[str] = set()
    for part in name.split()[:MAX_PARTS]:
        words = [word.lower() for word in _WORD.findall(part)][:MAX_WORDS]
        found.update(word for word in words if len(word) > 1)
        found.add("=" + part.lower()[:40])
        found.update(f"{one}-{two}" for one, two in pairwise(words))
    return tuple(sorted(found))
