"""The kinds of removals as people see them: a colour and a meaning; what is not known is spread."""

import zlib
from typing import NamedTuple

COLOURS = (
    *("grey", "blue", "violet", "pink", "red", "orange", "amber", "olive", "green", "teal"),
    *("slate",),
)
"""Names of colours; the page's style sheet and the terminal each say how theirs look."""

MAX_MEANING = 60
"""Characters of a meaning: one line of a tooltip."""


class Kind(NamedTuple):
    """How a kind is shown."""

    colour: str
    meaning: str


# One family, one part of the circle: what sells is warm, what leads away is cold, the rest is grey.
KNOWN = {
    "newsletter": Kind("pink", "mailing lists and the forms for them"),
    "promotion": Kind("pink", "offers of the site's own"),
    "paywall": Kind("red", "prompts to pay before reading on"),
    "membership": Kind("red", "subscriptions, prices and trials"),
    "donation": Kind("red", "appeals for money"),
    "registration": Kind("orange", "prompts to open an account"),
    "signin": Kind("orange", "prompts to sign in"),
    "app": Kind("orange", "app stores, push messages, preferred source"),
    "ad": Kind("amber", "advertisements and their labels"),
    "affiliate": Kind("amber", "links that earn a commission, and notes on them"),
    "consent": Kind("olive", "cookies and consent"),
    "comments": Kind("green", "readers' comments and the form for them"),
    "feedback": Kind("green", "ratings, corrections, letters to the editors"),
    "author-bio": Kind("teal", "about the author"),
    "byline": Kind("teal", "who wrote it and when: told in the metadata"),
    "editorial-note": Kind("teal", "notes of the editors"),
    "related": Kind("violet", "teasers of other pages"),
    "share": Kind("blue", "share and follow"),
    "tags": Kind("blue", "topics and tags"),
    "navigation": Kind("slate", "menus, headers and footers"),
    "player": Kind("slate", "labels of players"),
    "caption": Kind("slate", "captions and credits of pictures"),
    "copyright": Kind("grey", "rights notices"),
    "hidden": Kind("grey", "not shown on the page"),
    "boilerplate": Kind("grey", "left out of the text; no rule names it"),
}

_SPREAD = COLOURS[1:-1]


def kind_of(name: str) -> Kind:
    """Return how a kind is shown; one that is not known has always the same colour.

    >>> kind_of("newsletter").colour, kind_of("zeppelin") == kind_of("zeppelin")
    ('pink', True)
    """
    if name in KNOWN:
        return KNOWN[name]
    return Kind(_SPREAD[zlib.crc32(name.encode("utf-8", "replace")) % len(_SPREAD)], "")
