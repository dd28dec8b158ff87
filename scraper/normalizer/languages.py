"""Finds the language of an article: what the page states, checked on the text itself."""

import re
from functools import cache
from typing import Any

MIN_LETTERS = 500
"""Characters of a text from which the detector is heard against what the page states: on short
texts it takes English and German for Latin, Frisian or Luxembourgish."""
MIN_ALONE = 100
"""Characters from which it is heard where nothing is stated."""
MAX_LETTERS = 400
"""Characters that are listened to: five times as many change the answer on 8 pages of 1,771."""
SURE = 0.95
"""Probability from which the detector overrules the page: themes state ``en`` on sites in Swahili,
isiZulu and German."""
SURE_ALONE = 0.6

_TAG = re.compile(r"[a-z]{2,3}(?:[-_][a-z0-9]{2,8}){0,3}", re.IGNORECASE)
_SAME = ({"no", "nb", "nn"}, {"id", "ms"}, {"hr", "sr", "bs"}, {"tl", "fil"}, {"zu", "xh"})
"""Languages that are told apart badly: the page's word stands."""


def read_language(stated: str) -> str | None:
    """Return the tag in BCP 47 case, or None where the value is no tag.

    >>> read_language("en_us"), read_language("zh-hant-TW"), read_language("English")
    ('en-US', 'zh-Hant-TW', None)
    """
    tag = stated.strip().split(",")[0].strip()
    if not _TAG.fullmatch(tag):
        return None
    language, *rest = re.split("[-_]", tag)
    return "-".join([language.lower(), *(_subtag(part) for part in rest)])


def _subtag(part: str) -> str:
    if len(part) == 4 and part.isalpha():
        return part.title()
    return part.upper() if len(part) == 2 else part.lower()


def hear_language(text: str) -> tuple[str, float] | None:
    """Return the language that a text is written in and how likely it is; None for short texts."""
    if len(text) < MIN_ALONE:
        return None
    detector = _detector()
    if detector is None:
        return None
    language, probability = detector.classify(text[:MAX_LETTERS])
    return str(language), float(probability)


def overrules(heard: tuple[str, float], stated: str, text: str) -> bool:
    """Whether what is heard in a text is to be believed against what its page states."""
    language, probability = heard
    mine = stated.partition("-")[0]
    related = any({language, mine} <= group for group in _SAME)
    return len(text) >= MIN_LETTERS and probability >= SURE and language != mine and not related


@cache
def _detector() -> Any:
    """Return the detector; None where its model cannot be unpacked, for which it takes a file."""
    from py3langid.langid import (  # noqa: PLC0415 - its model takes 0.5 s to load
        MODEL_FILE,
        LanguageIdentifier,
    )

    try:
        return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    except OSError:
        return None
