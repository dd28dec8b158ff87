"""Reads language tags as BCP 47 writes them."""

import re

_TAG = re.compile(r"^[a-z]{2,3}(?:[-_][a-z0-9]{2,8}){0,3}$", re.IGNORECASE)


def read_language(stated: str) -> str | None:
    """Return the tag in BCP 47 case, or None where the value is no tag.

    >>> read_language("en_us"), read_language("zh-hant-TW"), read_language("English")
    ('en-US', 'zh-Hant-TW', None)
    """
    tag = stated.strip().split(",")[0]
    if not _TAG.match(tag):
        return None
    language, *rest = re.split("[-_]", tag)
    return "-".join([language.lower(), *(_subtag(part) for part in rest)])


def _subtag(part: str) -> str:
    if len(part) == 4 and part.isalpha():
        return part.title()
    return part.upper() if len(part) == 2 else part.lower()
