"""Decides which blocks of a page are the article: the model first, then what speaks against it.

The model's probabilities are one voice. Names of boxes raise what a block needs; phrases, place and
form cut promos that were kept and give editor's notes back; a site's rule and what recurs on its
host are heard where the user gave them.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser

from scraper.advice import NONE, Advice
from scraper.cleaner.cues import Cues, read_cues
from scraper.cleaner.features import measure
from scraper.cleaner.lexicon import Heard, Lexicon, compiled, listen_all
from scraper.cleaner.model import load_model
from scraper.cleaner.removals import BlockMark, Mark, mark_promos, overhear, saved, vote
from scraper.cleaner.removals.said import HEADINGS
from scraper.cleaner.removals.sites import SiteMarks, mark_site
from scraper.cleaner.selection import NOTHING, Selection, select
from scraper.hosts import HostProfile, recurring
from scraper.model import Mode
from scraper.outline import Outline, outline
from scraper.sites import SiteRule

RECURS = 2
"""Different pages of a host, this one among them, from which a block recurs."""

RECURRING_SURE = 0.97
"""Probability from which a block that recurs is kept all the same."""

RECURRING_WORDS = 40
"""Words above which a block is prose: it recurs because sites quote themselves."""


class Choice(NamedTuple):
    """A page's blocks, what is known of each, and which are the article.

    ``named`` are boxes whose names speak against them; ``kept`` are the article's blocks,
    ascending; ``cut`` were selected and go after all; ``by_site``: a rule for the site chose.
    """

    page: Outline
    cues: Cues
    words: Sequence[int]
    heard: Sequence[Heard | None]
    likely: Sequence[float]
    named: Sequence[Mark]
    selection: Selection
    kept: Sequence[int]
    cut: Mapping[int, BlockMark]
    by_site: bool


def choose(
    tree: LexborHTMLParser,
    url: str | None,
    mode: Mode,
    advice: Advice = NONE,
    spared: Sequence[str] = (),
    page: Outline | None = None,
) -> Choice:
    """Return what of the page is the article; ``spared`` are selectors that no box rule may cut.

    ``page`` spares making the outline where it is known.
    """
    page, cues = page or outline(tree), read_cues(tree, url)
    if not page.texts:
        return Choice(page, cues, (), (), (), (), NOTHING, (), {}, by_site=False)
    features, model = measure(page, cues), load_model()
    words: list[int] = features.counts.tolist()
    prediction = model.predict(page, cues, features, mode=mode)
    likely = prediction.body.tolist()
    named = vote(page, words)
    if spared:
        named = _without(named, mark_site(page, SiteRule(domain="page", keep=tuple(spared))).keep)
    selection = select(page, features, prediction, named, model.calibration)
    heard = features.heard
    site = mark_site(page, advice.site) if advice.site else None
    kept = _selected(selection, site)
    recurs = _recurring(page, kept, advice.host) if _is_article(selection) else set()
    scene = overhear(
        page,
        words,
        heard,
        likely,
        kept,
        named=_blocks(named),
        recurring=recurs,
        titles=cues.titles,
        is_article=_is_article(selection),
    )
    cut = {scene.indices[place]: mark for place, mark in mark_promos(scene).items()}
    notes = {scene.indices[place] for place in saved(scene)}
    cut = _recurring_marks(recurs, words, likely) | cut
    if advice.site and site:
        cut = _site_marks(page, advice.site, site) | cut
        cut = {index: mark for index, mark in cut.items() if index not in site.keep}
        notes |= site.keep
    kept = sorted(notes.union(kept).difference(cut))
    by_site = site is not None and site.body is not None
    return Choice(page, cues, words, heard, likely, named, selection, kept, cut, by_site)


def _without(marks: Iterable[Mark], spared: Collection[int]) -> list[Mark]:
    """Leave out the marks that would take all of what the page calls its paid part, or more."""
    if not spared:
        return list(marks)
    first, last = min(spared), max(spared)
    return [mark for mark in marks if not (mark.start <= first and last < mark.end)]


def _selected(selection: Selection, site: SiteMarks | None) -> Sequence[int]:
    """Return the blocks that the site's rule names as the body, or else the model's."""
    if site is None or site.body is None:
        return selection.kept
    return sorted(site.body.difference(selection.standfirst))


def _blocks(marks: Iterable[Mark]) -> set[int]:
    return {index for mark in marks for index in range(mark.start, mark.end)}


def _is_article(selection: Selection) -> bool:
    """Whether the page is likely an article: what recurs on products and threads is their own."""
    return selection.page_type is not None and selection.page_type.name == "article"


def _recurring(page: Outline, kept: Iterable[int], host: HostProfile | None) -> set[int]:
    """Return the kept blocks that stand on several pages of the host; headings are never meant.

    A headline recurs too, in the rails of other pages.
    """
    if host is None:
        return set()
    return {
        index
        for index in kept
        if page.tags[page.owners[index]] not in HEADINGS
        and recurring(host, page.texts[index]) >= RECURS
    }


def _recurring_marks(
    recurs: Iterable[int], words: Sequence[int], likely: Sequence[float]
) -> dict[int, BlockMark]:
    """Return marks for what recurs and is not surely the article's."""
    return {
        index: BlockMark(index, "boilerplate", "boilerplate.recurs", ("host",))
        for index in recurs
        if likely[index] < RECURRING_SURE and words[index] <= RECURRING_WORDS
    }


def _site_marks(page: Outline, rule: SiteRule, site: SiteMarks) -> dict[int, BlockMark]:
    """Return marks for what the site's rule cuts, by selector and by phrase."""
    marks = {
        index: BlockMark(index, mark.kind, mark.rule, ("site",))
        for mark in site.strip
        for index in range(mark.start, mark.end)
    }
    if rule.phrases:
        for index, heard in enumerate(listen_all(page.texts, _site_lexicon(rule.phrases))):
            if heard is not None:
                marks[index] = BlockMark(index, "site", f"site.{rule.domain}", ("site",))
    return marks


@lru_cache(maxsize=256)
def _site_lexicon(phrases: tuple[str, ...]) -> Lexicon:
    return compiled([("site", phrases)])
