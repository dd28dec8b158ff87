"""The page's blocks as the promo passes hear them: what each says, its form, what speaks for it."""

from bisect import bisect_left
from collections.abc import Collection, Sequence
from typing import Literal, NamedTuple

from scraper.cleaner.lexicon import Heard, listen_all
from scraper.outline import FLAGGED, IN_VERBATIM, Outline

Form = Literal["p", "head", "item", "quote", "cell", "code"]

BEFORE, BETWEEN, AFTER = 3, 8, 15
"""Blocks that were left out and are listened to: before the first kept one, on either side of a
gap, after the last. They tell what the kept ones among them are."""

NOTE = "editorial-note"
"""The kind that is kept: corrections and editor's notes are the article's own."""

PROSE_WORDS, PROSE_LINKS = 25, 0.3
"""A paragraph of the article: at least so many words, less than that share of links."""

HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_ITEMS = frozenset(("li", "dt", "dd"))
_CELLS = frozenset(("td", "th"))
_SET_APART = frozenset(("em", "i", "b", "strong", "small", "a"))
_QUOTE = 1 << FLAGGED.index("blockquote")


class Said(NamedTuple):
    """A block: its text, words, share of link text, whether it is kept.

    ``likely`` is the model's probability, None where there is no page to judge.

    ``named``: a box around it has a name that speaks against it. ``apart``: it opens in bold or the
    like. ``recurs``: it stands on other pages of the host too. ``make``: what holds it, its tag and
    its name.
    """

    text: str
    words: int
    linked: float = 0.0
    form: Form = "p"
    likely: float | None = None
    kept: bool = True
    named: bool = False
    apart: bool = False
    recurs: bool = False
    make: tuple[int, str, str] = (0, "", "")
    heard: Heard | None = None

    @property
    def is_note(self) -> bool:
        """Whether it is an editor's note, which no pass may cut."""
        return self.heard is not None and self.heard.kind == NOTE

    @property
    def is_prose(self) -> bool:
        """Whether it is a paragraph of the article."""
        return (
            self.kept
            and self.words >= PROSE_WORDS
            and self.linked < PROSE_LINKS
            and self.form != "cell"
            and (self.heard is None or self.is_note)
        )


class Scene:
    """Blocks in reading order, ``said``, and their indices in ``page``; a text has no page.

    ``topics`` are the kinds that the page's titles speak of. ``is_article``: by the page's type.
    """

    def __init__(
        self,
        said: Sequence[Said],
        topics: Collection[str] = (),
        page: Outline | None = None,
        indices: Sequence[int] = (),
        *,
        is_article: bool = False,
    ) -> None:
        self.is_article = is_article
        self.said = said
        self.topics = frozenset(topics)
        self.page = page
        self.indices = indices
        self._prose = [0]
        for one in said:
            self._prose.append(self._prose[-1] + one.is_prose)

    @property
    def body(self) -> range:
        """The places from the first paragraph of prose to the last."""
        if not self._prose[-1]:
            return range(len(self.said))
        return range(bisect_left(self._prose, 1) - 1, bisect_left(self._prose, self._prose[-1]))

    def within(self, element: int) -> range:
        """Return the places of the blocks in an element of the page."""
        if self.page is None:
            return range(0)
        blocks = self.page.blocks_in(element)
        start = bisect_left(self.indices, blocks.start)
        return range(start, bisect_left(self.indices, blocks.stop))

    def has_prose(self, places: range) -> bool:
        """Whether a paragraph of the article stands at one of the places."""
        return self._prose[places.stop] > self._prose[places.start]


def overhear(  # noqa: PLR0913 - what is known of each block
    page: Outline,
    words: Sequence[int],
    heard: Sequence[Heard | None],
    likely: Sequence[float],
    kept: Sequence[int],
    *,
    named: Collection[int],
    recurring: Collection[int],
    titles: Sequence[str],
    is_article: bool = True,
) -> Scene:
    """Return the kept blocks of a page (ascending) and those around them.

    ``named`` and ``recurring`` are indices of blocks; what its ``titles`` say is the page's topic.
    """
    inside = frozenset(kept)
    indices = list(_listened(kept, len(page.texts)))
    said = [
        Said(
            text=page.texts[index],
            words=words[index],
            linked=page.links[index] / max(1, len(page.texts[index])),
            form=_form(page, page.owners[index]),
            likely=float(likely[index]),
            kept=index in inside,
            named=index in named,
            apart=page.inline_tags[index] in _SET_APART,
            recurs=index in recurring,
            make=_make(page, page.owners[index]),
            heard=heard[index],
        )
        for index in indices
    ]
    topics = {topic.kind for topic in listen_all(titles) if topic is not None}
    return Scene(said, topics, page, indices, is_article=is_article)


def _listened(kept: Sequence[int], count: int) -> list[int]:
    """Return the indices of the kept blocks and of those beside them, ascending."""
    if not kept:
        return []
    found: list[int] = list(range(max(0, kept[0] - BEFORE), kept[0]))
    last = kept[0] - 1
    for index in kept:
        gap = range(last + 1, index)
        found += gap if len(gap) <= 2 * BETWEEN else (*gap[:BETWEEN], *gap[-BETWEEN:])
        found.append(index)
        last = index
    return [*found, *range(last + 1, min(count, last + 1 + AFTER))]


def _make(page: Outline, owner: int) -> tuple[int, str, str]:
    return page.parents[owner], page.tags[owner], page.names[owner]


def _form(page: Outline, owner: int) -> Form:
    tag, flags = page.tags[owner], page.flags[owner]
    if flags & IN_VERBATIM:
        return "code"
    if tag in HEADINGS:
        return "head"
    if flags & _QUOTE:
        return "quote"
    if tag in _CELLS:
        return "cell"
    above = page.parents[owner]
    return "item" if tag in _ITEMS or (above >= 0 and page.tags[above] in _ITEMS) else "p"
