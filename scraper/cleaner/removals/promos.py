"""Marks promo among the kept blocks: single ones, boxes, sections, rows of links, the tail.

What the model left out by mistake is given back (``saved``).

Each pass decides on runs of blocks, never on a sentence: on half of all pages a word of a promo
stands in the article itself.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from scraper.cleaner.removals.ballot import STRONG, Ballot, ballots, load_votes, promotes
from scraper.cleaner.removals.said import PROSE_LINKS, PROSE_WORDS, Said, Scene

MIN_SHARE = 0.4
"""Share of promo blocks in a box or tail, short list items left out: they name topics and
editions. The seed's tail has 21 of 49."""

MAX_BOX = 40
"""Blocks of a box; what holds more is a part of the page."""

MAX_CLIMB = 8
"""Elements above a block among which its box is looked for."""

BOX_SEED = 0.9
"""Sum of votes of a block from which the box around it is looked at."""

MAX_GROWN = 25
"""Words of a block that goes with the promo before it."""

MAX_RUN = 40
"""Blocks that go with one heading."""

TEASERS = 4
"""Links in a row that are teasers of other pages; one or two are the article's own."""

ALL_LINK, TEASER_WORDS = 0.9, 3
"""Share of link text, and words at least, of a teaser."""

MAX_TAIL_BLOCK = 60
"""Words of a block at which the search for the tail's beginning ends: that is article text."""

SURE = 0.97
"""Probability from which a paragraph is the article's, and no tail's."""

NEAR = 2
"""Blocks from the article within which an editor's note is its own."""

SAVED = 0.2
"""Probability from which a paragraph among kept ones of the same make is kept."""

MAX_TAIL = 200
"""Blocks from the end among which a tail may begin; the seed's has 49."""

LAST = 12
"""Blocks at the end among which a tail says something promotional: most articles have none."""

DROPPED = 2
"""Promo blocks in a tail that the model left out, which is a second voice beside the phrases."""

MAX_ITEM = 8
"""Words of a short list item."""

MIN_ARTICLE, MIN_PROSE = 3, 20
"""Blocks longer than ``MIN_PROSE`` words that must remain above a tail."""

LONE = 30
"""Words up to which a single kind of promo makes a tail; beyond, two kinds must agree."""

STRUCTURE = frozenset(("place", "named", "doubted", "host"))
"""Votes of which a weak kind needs one: between paragraphs a date in bold is the head of a
timeline, and "Shop our summer hats" a sentence of the blog's own."""


class BlockMark(NamedTuple):
    """A kept block to cut after all, by its place, with kind, rule and what spoke for it."""

    place: int
    kind: str
    rule: str
    votes: tuple[str, ...]


Pass = Callable[[Scene, Sequence[Ballot]], Iterator[BlockMark]]


def mark_phrases(_scene: Scene, cast: Sequence[Ballot]) -> Iterator[BlockMark]:
    """Yield a mark for each block in which a phrase is heard and enough else speaks against it."""
    needed = load_votes().needed
    for ballot in cast:
        is_strong = ballot.rule.weight >= STRONG
        if ballot.weight >= needed and (is_strong or not STRUCTURE.isdisjoint(ballot.votes)):
            yield BlockMark(ballot.place, ballot.rule.kind, ballot.rule.id, ballot.votes)


def mark_boxes(scene: Scene, cast: Sequence[Ballot]) -> Iterator[BlockMark]:
    """Yield a mark for each block of a box without prose in which several blocks promote."""
    if scene.page is None:
        return
    done: set[range] = set()
    for ballot in cast:
        if ballot.weight < BOX_SEED or not promotes(scene.said[ballot.place]):
            continue
        box = _box(scene, ballot.place)
        if box is None or box in done:
            continue
        done.add(box)
        kind = ballot.rule.kind
        for place in box:
            if scene.said[place].kept and not scene.said[place].is_note:
                yield BlockMark(place, kind, f"{kind}.box", ("box",))


def _box(scene: Scene, place: int) -> range | None:
    """Return the largest box around a block that holds no prose and enough promo, if any."""
    page = scene.page
    if page is None:
        return None
    best: range | None = None
    element = page.parents[page.owners[scene.indices[place]]]
    for _ in range(MAX_CLIMB):
        if element <= 0:
            break
        box = scene.within(element)
        if len(box) > MAX_BOX or scene.has_prose(box):
            break
        said = [scene.said[place] for place in box]
        phrases = {one.heard.phrase for one in said if promotes(one) and one.heard}
        if len(phrases) > 1 and _share(said) >= MIN_SHARE:
            best = box
        element = page.parents[element]
    return best


def mark_sections(scene: Scene, cast: Sequence[Ballot]) -> Iterator[BlockMark]:
    """Yield a mark for what follows a heading that is cut: teasers, a form, a list of offers."""
    cut = {mark.place: mark for mark in mark_phrases(scene, cast)}
    said = scene.said
    for place, mark in cut.items():
        if not promotes(said[place]) or not _opens(said[place]):
            continue
        for following in range(place + 1, min(len(said), place + 1 + MAX_RUN)):
            if following in cut or not _goes_with(said[place], said[following]):
                break
            if said[following].kept:
                yield BlockMark(following, mark.kind, f"{mark.kind}.section", ("after",))


def _opens(said: Said) -> bool:
    """Whether a block is the heading of what follows."""
    is_label = said.heard is not None and said.heard.whole and said.words <= MAX_ITEM
    return said.form == "head" or is_label or said.text.rstrip()[-1:] in (":", "：")


def _goes_with(heading: Said, said: Said) -> bool:
    """Whether a block belongs to the promo whose heading stands above it."""
    if not said.kept:
        return True
    is_other = said.form == "head" and heading.form == "head" and not promotes(said)
    if is_other or said.is_note or said.is_prose or said.words > MAX_GROWN or said.form == "code":
        return False
    return said.linked >= 0.5 or promotes(said)


def mark_links(scene: Scene, _cast: Sequence[Ballot]) -> Iterator[BlockMark]:
    """Yield a mark for each block of a run of teasers: links and nothing else, one after the other.

    Only on articles: elsewhere lists of links are what the page is for.
    """
    if not scene.is_article:
        return
    run: list[int] = []
    for place, said in enumerate((*scene.said, None)):
        if said is not None and said.kept and _is_teaser(said):
            run.append(place)
            continue
        if len(run) >= TEASERS:
            for member in run:
                yield BlockMark(member, "related", "related.links", ("links", "run"))
        run = []


def _is_teaser(said: Said) -> bool:
    is_doubted = said.likely is None or said.likely < SURE
    return is_doubted and said.linked >= ALL_LINK and said.words >= TEASER_WORDS


def mark_tail(scene: Scene, _cast: Sequence[Ballot]) -> Iterator[BlockMark]:
    """Yield a mark for each block of the promo tail: the run rule.

    From the end upwards as far as no block stands that is the article's, the tail begins at the
    earliest promo block from which on ``MIN_SHARE`` of all blocks are promo. A tail that is more
    than a line or two needs two kinds of promo, or an article that ends in advice on subscriptions
    would lose it.
    """
    said = scene.said
    bound = max(0, len(said) - MAX_TAIL)
    first = next((n for n in range(len(said), bound, -1) if _ends_tail(said[n - 1])), bound)
    if not any(promotes(one) for one in said[max(first, len(said) - LAST) :]):
        return
    for place in range(first, len(said)):
        tail = said[place:]
        if said[place].kept and promotes(said[place]) and _share(tail) >= MIN_SHARE:
            if _is_article(said[:place]) and _is_believed(tail, scene):
                yield from _tail(scene, place)
            return


def _share(said: Sequence[Said]) -> float:
    """Return the share of promo blocks, left out what short list items do not say."""
    promo = sum(promotes(one) for one in said)
    others = sum(
        one.kept and not promotes(one) and not (one.form == "item" and one.words <= MAX_ITEM)
        for one in said
    )
    return promo / max(1, promo + others)


def _ends_tail(said: Said) -> bool:
    """Whether a block is surely none of a tail, nor is what stands before it."""
    is_told = said.is_prose and said.likely is not None and said.likely >= SURE
    return is_told or said.form in ("code", "quote", "cell") or said.words > MAX_TAIL_BLOCK


def _is_article(said: Sequence[Said]) -> bool:
    return sum(one.words > MIN_PROSE for one in said) >= MIN_ARTICLE


def _is_believed(tail: Sequence[Said], scene: Scene) -> bool:
    """Whether a tail is promo: several kinds, or one in few words; never the article's topic."""
    kinds = {one.heard.kind for one in tail if promotes(one) and one.heard}
    if kinds & scene.topics:
        return False
    dropped = sum(promotes(one) and not one.kept for one in tail)
    words = sum(one.words for one in tail if one.kept)
    return dropped >= DROPPED or len(kinds) > 1 or words <= LONE


def _tail(scene: Scene, start: int) -> Iterator[BlockMark]:
    """Let a block without a promo phrase have the kind of the one before it."""
    said = scene.said
    first = said[start].heard
    kind = first.kind if first else ""
    if start and said[start - 1].form == "head" and said[start - 1].kept:
        yield BlockMark(start - 1, kind, f"{kind}.tail", ("tail",))
    for place in range(start, len(said)):
        heard = said[place].heard
        if heard is not None and promotes(said[place]):
            kind = heard.kind
        if said[place].kept and not said[place].is_note:
            yield BlockMark(place, kind, f"{kind}.tail", ("tail",))


PROMO_PASSES: tuple[Pass, ...] = (mark_phrases, mark_boxes, mark_sections, mark_links, mark_tail)
"""In order: where two passes mark the same block, the earlier one names the kind."""


def mark_promos(scene: Scene) -> dict[int, BlockMark]:
    """Run all passes; return the marks by the block's place in the scene."""
    cast = list(ballots(scene))
    marks = [mark for one_pass in PROMO_PASSES for mark in one_pass(scene, cast)]
    return {mark.place: mark for mark in reversed(marks)}


def saved(scene: Scene) -> Iterator[int]:
    """Yield the places of what the model left out and is the article's all the same.

    An editor's note beside the article; a paragraph between two others of the same make, which a
    phrase in it made suspect: articles are written about newsletters too.
    """
    body = scene.body
    spans: dict[tuple[int, str, str], tuple[int, int]] = {}
    for place, said in enumerate(scene.said):
        if said.kept and _is_paragraph(said):
            spans[said.make] = spans.get(said.make, (place, 0))[0], place
    for place, said in enumerate(scene.said):
        if said.kept:
            continue
        first, last = spans.get(said.make, (place, place))
        is_likely = said.likely is not None and said.likely >= SAVED and first < place < last
        is_near = body.start - NEAR <= place <= body.stop + NEAR
        if (said.is_note and is_near) or (is_likely and _is_paragraph(said)):
            yield place


def _is_paragraph(said: Said) -> bool:
    return said.words >= PROSE_WORDS and said.linked < PROSE_LINKS and not said.named
