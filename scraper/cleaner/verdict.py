"""Doubts whether a page is an article, or a check, an error, a dialog, a form, a list instead.

Most pages hold an article, and the length of what is kept ends the matter. On the others it is
weighed what the page says in its titles and short blocks and how it names its elements. One sign
is never enough where other text stands: articles are written about all of this.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache, cached_property
from itertools import islice
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser

from scraper.cleaner.rules import load_lexicon
from scraper.outline import FLAGGED, Outline
from scraper.text import count_words, squeezed

PLENTY = 2500
"""Characters of kept text that only an article has, or a long dialog: 300 words in any script."""

SHORT = 60
"""Words below which a text is too short to be sure of (a judgement, not measured)."""
# What the page says of itself: of kept words, of prose, of all words, of a phrase.
LITTLE = 200
"""Kept words from which a page is no check, error or form: the longest of firewalls have 150."""
MUCH_PROSE = 400
"""Words of prose from which it takes four points: the article may be there and was not found."""
BARE = 100
"""Words of the whole page below which two points do, kept words from which it takes four: servers
send no navigation, and what a site says of an error is short."""
SCANT = 30
"""Words of the whole page below which one sentence is enough: it is all there is."""
WHOLE, MOST = 3, 0.6
"""Words from which a phrase counts inside other text, for "404" and "sign in" must be all of it;
share of a title from which it is what the title says."""
SAYING, HEARD = 600, 20_000
"""Characters of a block, and of all, that are heard: errors are short, and the rest is a list."""

# Consent: the dialog stands on ordinary pages too, so what counts is how little stands beside it.
BESIDE, BESIDE_TITLED = 60, 200
"""Words beside the dialog up to which it is the page: more where the title speaks of consent."""
LONGEST_DIALOG = 1500
"""Words of the whole page, for few say more before the lists of partners that scripts load."""
WORDS_A_SAYING = 90
"""Kept words for each block that speaks of consent: an article in a box named so has more."""

# An index: hardly any prose, and headlines that are links, or links all over.
INDEX_PROSE, INDEX_KEPT = 300, 100
"""Words of prose, on the page and kept, from which it is no index. Without the second 49 of the
990 pages of trafilatura are called so, short articles among many links; with it 13."""
INDEX_HEADLINES, WORDS_A_HEADLINE, INDEX_LINK_SHARE = 4, 30, 0.6
CERTAIN = 0.8
"""Probability from which the page's type is believed: a list needs less proof, an article more."""
PROSE_WORDS, PROSE_LINK_SHARE = 15, 0.3

_PARTS = re.compile(r"\s+[-\u2010-\u2015:/]+\s+|\s*[|»«·•]\s*")
_PLAIN = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "ı": "i", "\u0307": None})
_NAV, _FOOTER, _NOSCRIPT = (1 << FLAGGED.index(tag) for tag in ("nav", "footer", "noscript"))
_CHECK_NAMES = tuple(
    "challenge-form challenge-running challenge-error cf-chl cf-challenge cf-browser-ver px-captcha"
    " cf-error-details dd-captcha ddos-guard sec-cpt sec-if-".split()
)
_WIDGET_NAMES = ("captcha", "cf-turnstile", "geetest_", "challenge-container")
_FRAMES = ("captcha-delivery.com", "_Incapsula_Resource?CWUDNSAI")
_ERROR_NAMES = re.compile(
    r"(?:^|[\s#_-])(?:error[-_]?(?:[45]\d\d|page)|page[-_]?(?:404|not-?found)|not-?found(?:-page)?"
    r"|404(?:[-_]?(?:page|error))?|http-?error)(?=$|[\s_-])"
)
_DIALOG_NAMES = tuple(
    "consent gdpr cookie cmp- cmp_ cmpbox tcf- didomi onetrust usercentrics sp_message iubenda cky-"
    " cybot osano truste borlabs klaro purwall pur-wall privacy-wall privacy-manager".split()
)


def asks_login(tree: LexborHTMLParser) -> bool:
    """Whether the page holds a password field."""
    return tree.css_first("input[type=password]") is not None


def asks_proof(tree: LexborHTMLParser) -> bool:
    """Whether the body opens with a bot check's frame; such a page may hold no text at all."""
    nodes = islice(tree.body.iter(), 10) if tree.body is not None else ()
    return any(_holds(node.attributes.get("src") or "", _FRAMES) for node in nodes)


def doubts(  # noqa: PLR0913 - two are facts of the tree, which is not read here
    page: Outline,
    kept: Sequence[int],
    titles: Sequence[str],
    *,
    page_type: str,
    certain: float,
    login: bool,
    proof: bool = False,
) -> tuple[str, ...]:
    """Return the code that speaks most against an article, or none for a plain one.

    ``kept`` are the blocks of the body, as indices into ``page.texts``; ``titles`` what the page
    calls itself outside its text; ``page_type`` the likeliest type with its probability
    ``certain`` from 0 to 1; ``login`` and ``proof`` what ``asks_login`` and ``asks_proof`` say.
    """
    listed = page_type in ("listing", "collection") and certain >= CERTAIN
    if not listed and _is_plenty(page, kept):
        return ()
    view = _View(page, kept, titles)
    code = _named(view, login=login, proof=proof)
    article = page_type == "article" and certain >= CERTAIN
    if not code and _is_index(view, listed=listed, article=article):
        code = "index_page"
    if not code and view.words < SHORT:
        code = "short_text" if view.words else "no_content"
    return (code,) if code else ()


def _is_plenty(page: Outline, kept: Sequence[int]) -> bool:
    """Whether so much is kept that it can only be an article, and is no list or dialog."""
    length = linked = 0
    for index in kept:
        length += len(page.texts[index])
        linked += page.links[index]
        if length >= PLENTY:
            break
    if length < PLENTY or linked > INDEX_LINK_SHARE * length:
        return False
    above = [page.owners[index]]
    while above[-1] > 0:
        above.append(page.parents[above[-1]])
    return not _holds(" ".join([page.names[i] for i in above[:-1]]).lower(), _DIALOG_NAMES)


def _holds(text: str, parts: Iterable[str]) -> bool:
    return any(part in text for part in parts)


class _Phrases(NamedTuple):
    """A lexicon: all phrases as letters and digits only, and those that may stand in a text."""

    whole: frozenset[str]
    inside: tuple[str, ...]

    def found_in(self, texts: Sequence[str]) -> list[str]:
        """Return the phrases that stand inside any of the folded texts."""
        heard = "\n".join(texts)
        return [phrase for phrase in self.inside if phrase in heard]


@cache
def _phrases(name: str) -> _Phrases:
    folded = [_folded(phrase) for phrase in load_lexicon(name)]
    inside = (phrase for phrase in folded if count_words(phrase) >= WHOLE)
    return _Phrases(frozenset(map(squeezed, folded)) - {""}, tuple(inside))


def _folded(text: str) -> str:
    """Return the text as lexicons are read: small letters, plain quotes, no dots that come off."""
    return unicodedata.normalize("NFKC", text.casefold()).translate(_PLAIN)


class _View:
    """What a doubtful page shows and says.

    ``counts`` are the words of all blocks, ``words`` those of the kept ones: without the line that
    asks for scripts, with the article that forums put in its place for robots. ``main`` are the
    blocks ``shown`` outside navigation and footers. ``needed`` are the points that it takes here.
    """

    def __init__(self, page: Outline, kept: Sequence[int], titles: Sequence[str]) -> None:
        self.page = page
        self.kept = kept
        self.counts = [count_words(text) for text in page.texts]
        self.shown = [i for i, owner in enumerate(page.owners) if not page.is_hidden(owner)]
        self.main = [i for i in self.shown if not page.flags[page.owners[i]] & (_NAV | _FOOTER)]
        heads = [page.texts[i] for i in self.shown if page.tags[page.owners[i]] == "h1"][:3]
        self.titles = [_folded(title) for title in (*titles, *heads)]
        spare = sum(self.counts[i] for i in kept if page.flags[page.owners[i]] & _NOSCRIPT)
        self.words = sum(self.counts[i] for i in kept) - (spare if spare < SHORT else 0)
        self.total = sum(self.counts[i] for i in self.shown)
        self.prose = self.prose_of(self.main)
        much = self.words >= BARE or self.prose >= MUCH_PROSE
        self.needed = 4 if much else 2 if self.total < BARE else 3

    def prose_of(self, blocks: Sequence[int]) -> int:
        """Return the words of those blocks that are long and no list of links."""
        full = [i for i in blocks if self.counts[i] >= PROSE_WORDS]
        return sum(self.counts[i] for i in full if self.link_share(i) <= PROSE_LINK_SHARE)

    def link_share(self, block: int) -> float:
        return self.page.links[block] / len(self.page.texts[block])

    def is_linked_headline(self, block: int) -> bool:
        owner = self.page.owners[block]
        over = {self.page.tags[owner], self.page.tags[max(0, self.page.parents[owner])]}
        linked = self.counts[block] >= 3 and self.link_share(block) >= 0.8
        return linked and not over.isdisjoint(("h2", "h3", "h4"))

    @cached_property
    def sayings(self) -> list[tuple[str, str]]:
        """The short blocks shown that are no links: folded, and as letters where very short."""
        said, length = [], 0
        for i in self.shown:
            text, tag = self.page.texts[i], self.page.tags[self.page.owners[i]]
            if len(text) > SAYING or self.link_share(i) > 0.5 or tag == "h1" or length > HEARD:
                continue
            length += len(text)
            said.append((_folded(text), squeezed(_folded(text)) if len(text) < 80 else ""))
        return said

    def title_points(self, name: str) -> int:
        """Return 2 where a phrase is most of a part of a title, 1 where it stands in a title."""
        phrases = _phrases(name)
        found = phrases.found_in(self.titles)
        for part in (part for title in self.titles for part in (title, *_PARTS.split(title))):
            most = tuple(phrase for phrase in found if len(phrase) >= MOST * len(part))
            if squeezed(part) in phrases.whole or _holds(part, most):
                return 2
        return int(bool(found))

    def said(self, name: str) -> int:
        """Return how many blocks say a phrase of the lexicon."""
        phrases = _phrases(name)
        found = phrases.found_in([text for text, _ in self.sayings])
        return sum(bare in phrases.whole or _holds(text, found) for text, bare in self.sayings)

    def points(self, name: str, sign: int) -> int:
        """Return the evidence of titles, of blocks and of names, each up to two points."""
        points = self.title_points(name) + sign
        if self.total < SCANT:
            return points + 2 * bool(self.said(name))
        if points < 2 < self.needed:  # what blocks say is no proof alone; most articles end here
            return points
        return points + min(2, self.said(name))

    def check_sign(self) -> int:
        """Return 2 where a bot check stands in the page, 1 for a captcha that has it to itself."""
        names = " ".join(self.page.names).lower()
        widget = self.total < BARE and _holds(names, _WIDGET_NAMES)
        return 2 if _holds(names, _CHECK_NAMES) else int(widget)

    def error_sign(self) -> int:
        """Return 2 where the body is named an error: deeper such names are of searches, forms."""
        return 2 * any(_ERROR_NAMES.search(name.lower()) for name in self.page.names[:1])


def _named(view: _View, *, login: bool, proof: bool) -> str:
    """Return the code of what the page says that it is; empty where it says nothing."""
    if view.words < LITTLE:
        check = view.points("challenge", 2 if proof else view.check_sign())
        error = view.points("error-page", view.error_sign())
        if max(check, error) >= view.needed:
            return "challenge_page" if check >= error else "error_page"
    if _is_dialog(view):
        return "consent_page"
    if max(view.words, view.prose) < LITTLE:
        titled = view.title_points("login-page")
        told = bool(_phrases("login-page").found_in([text for text, _ in view.sayings]))
        # A box to log in stands on many pages: those that are one say so, or hold nothing else.
        if login and view.total < SCANT:  # the field is all there is
            return "login_page"
        if titled + told + 2 * login >= 3 and (titled == 2 or (login and view.total < BARE)):
            return "login_page"
    return ""


def _is_dialog(view: _View) -> bool:
    """Whether hardly anything but a consent dialog is on the page.

    Hidden blocks count as beside it: some sites hide the page while the dialog is open.
    """
    if sum(view.counts) > LONGEST_DIALOG:
        return False
    titled, said = view.title_points("consent-page"), view.said("consent-page")
    if titled + min(2, said) < 2 or said * WORDS_A_SAYING < view.words:
        return False
    page, texts = view.page, [_folded(text) for text in view.page.texts]
    found = _phrases("consent-page").found_in(texts)
    named = [False]  # the body may be named after what lies over it
    for name, parent in zip(page.names[1:], page.parents[1:], strict=True):
        named.append(named[parent] or _holds(name.lower(), _DIALOG_NAMES))
    beside = sum(
        count
        for text, owner, count in zip(texts, page.owners, view.counts, strict=True)
        if not named[owner] and not _holds(text, found)
    )
    return beside < (BESIDE_TITLED if titled else BESIDE)


def _is_index(view: _View, *, listed: bool, article: bool) -> bool:
    """Whether headlines that are links, or links all over, make up the page."""
    prose, kept = view.prose, view.prose_of(view.kept)
    if listed:
        prose = min(prose, kept) // 2
    elif prose >= INDEX_PROSE or kept >= (PROSE_WORDS if article else INDEX_KEPT):
        return False
    headlines = sum(map(view.is_linked_headline, view.main))
    words = sum(view.counts[i] for i in view.main)
    linked = sum(view.counts[i] * view.link_share(i) for i in view.main)
    many = headlines >= INDEX_HEADLINES and headlines * WORDS_A_HEADLINE > prose
    return many or (words >= BARE and linked > INDEX_LINK_SHARE * words)
