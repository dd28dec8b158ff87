"""Finds what selectors name, in one pass over a page, in time that grows with the page alone.

An element is tested against the few compounds that its tag, id, classes and attributes call for;
what was found around it comes down with the walk. Engines that look up and down the tree for each
selector take time that grows with a power of the page's depth or of its longest row of siblings:
minutes, for a page that was written to take them.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from selectolax.lexbor import LexborNode

from scraper.sites.css import Compound, Condition, Place, Selector

MAX_VALUE = 2_000
"""Characters of an attribute that are looked at."""

MAX_TESTS = 3_000_000
"""Tests after which a page is given up, about three seconds: a large page takes thousands."""


class TooMuch(Exception):  # noqa: N818 - a fact about a page
    """The page and the rule together ask for more tests than any real page does."""


class Found(NamedTuple):
    """An element that a selector names, or that stands in one: bits tell of which selectors."""

    node: LexborNode
    at: int
    around: int


class _Joint(NamedTuple):
    """A compound of a selector: how it stands to the one before, and the bits of both."""

    combinator: str
    before: int
    bit: int
    compound: Compound


class Plan:
    """Selectors made ready.

    ``ends`` has for each the bits that an element found by it has. The joints are looked up by
    what an element must have to be tested: ``#`` and its id, ``.`` and a class, ``[`` and the name
    of an attribute, its tag, or nothing.
    """

    def __init__(self, selectors: Sequence[Selector]) -> None:
        self.ends: list[int] = []
        self.joints: dict[str, list[_Joint]] = {}
        number = 0
        for selector in selectors:
            end = 0
            for chain in selector:
                before = -1
                for combinator, compound in chain:
                    bit = 1 << number
                    number += 1
                    joint = _Joint(combinator, before, bit, compound)
                    self.joints.setdefault(_key(compound), []).append(joint)
                    before = bit
                end |= before
            self.ends.append(end)
        self._names = {key[1:] for key in self.joints if key[:1] == "["}
        every = [joint for some in self.joints.values() for joint in some]
        places = [place for joint in every for place in _places(joint.compound)]
        self.is_placed = bool(places)
        self.counted = tuple({place.of: None for place in places if place.of})  # in order, once
        self.looks_beside = any(joint.combinator in ("+", "~") for joint in every)

    def called(self, element: "_Element") -> list[_Joint]:
        """Return the joints that the element may match."""
        joints, attributes = self.joints, element.attributes
        found = [*joints.get("", ()), *joints.get(element.tag, ())]
        if "class" in attributes:
            for word in element.words("class"):
                found += joints.get("." + word, ())
        if "id" in attributes:
            found += joints.get("#" + element.value("id"), ())
        for name in self._names:
            if name in attributes:
                found += joints["[" + name]
        return found


def _places(compound: Compound) -> Iterator[Place]:
    yield from compound.places
    for inner in (compound.none_of, *compound.any_of):
        for one in inner:
            yield from _places(one)


def _key(compound: Compound) -> str:
    """Return the rarest thing that an element must have: an id, a class, an attribute, a tag."""
    tests = {test.name + test.sign: test.value for test in compound.tests if not test.folded}
    if "id=" in tests:
        return "#" + tests["id="]
    if "class~=" in tests:
        return "." + tests["class~="]
    return "[" + compound.tests[0].name if compound.tests else compound.tag


def _is_element(tag: str | None) -> bool:
    return tag is not None and tag[:1] not in ("", "-", "!")


def search(body: LexborNode, plan: Plan) -> Iterator[Found]:
    """Yield the elements of the body that are found or stand in one, in document order.

    Raises:
        TooMuch: nothing of what was yielded so far should be believed.
    """
    walk = _Walk(plan)
    html = body.parent
    if html is not None and html.tag:  # its classes may be asked for
        walk.enter(html, html.tag)
        head = html.child
        while head is not None and head.mem_id != body.mem_id:  # the body is its second child
            if _is_element(head.tag):
                walk.enter(head, head.tag or "")
            head = head.next
    for node in body.traverse(include_text=False):
        tag = node.tag
        if tag is None or tag[0] in "-!":
            continue
        own, around = walk.enter(node, tag)
        if own | around:
            yield Found(node, own, around)
        if walk.tests > MAX_TESTS:
            raise TooMuch


class _Element:
    """What is asked of an element; ``places`` are its numbers among its siblings."""

    __slots__ = ("_words", "attributes", "places", "tag")

    def __init__(self, tag: str, attributes: dict[str, str | None]) -> None:
        self.tag = tag
        self.attributes = attributes
        self.places: dict[object, int] = {}
        self._words: dict[str, list[str]] = {}

    def value(self, name: str) -> str:
        return (self.attributes[name] or "")[:MAX_VALUE]

    def words(self, name: str) -> list[str]:
        if name not in self._words:
            self._words[name] = list(dict.fromkeys(self.value(name).split()))
        return self._words[name]


class _Walk:
    """Knows at each element what was found around it and before it."""

    def __init__(self, plan: Plan) -> None:
        self.tests = 0
        self._plan = plan
        self._is_plain = not plan.is_placed and not plan.looks_beside
        # By element; those where nothing was found are left out.
        self._own: dict[int, int] = {}
        self._down: dict[int, int] = {}
        # By parent: what was found at its last child, and at all so far; numbers of its children.
        self._beside: dict[int, tuple[int, int]] = {}
        self._numbers: dict[int, dict[object, int]] = {}

    def enter(self, node: LexborNode, tag: str) -> tuple[int, int]:
        """Return the bits of what is found at the element, and of what is found around it."""
        parent = node.parent
        above = parent.mem_id if parent is not None else 0
        around = self._down.get(above, 0)
        element = _Element(tag, node.attributes)
        joints = self._plan.called(element)
        own = 0 if self._is_plain and not joints else self._found(element, joints, above, around)
        if own:
            self._own[node.mem_id] = own
        if own | around:
            self._down[node.mem_id] = own | around
        return own, around

    def _found(self, element: _Element, joints: Iterable[_Joint], above: int, around: int) -> int:
        plan = self._plan
        if plan.is_placed:
            self._number(element, above)
        last, before = self._beside.get(above, (0, 0)) if plan.looks_beside else (0, 0)
        met = {"": -1, " ": around, ">": self._own.get(above, 0), "+": last, "~": before}
        own = 0
        for joint in joints:
            self.tests += 1
            if met[joint.combinator] & joint.before and _matches(joint.compound, element):
                own |= joint.bit
        if plan.looks_beside:
            self._beside[above] = own, before | own
        return own

    def _number(self, element: _Element, above: int) -> None:
        """Number the element among its siblings: all, those of its tag, those that are counted."""
        so_far = self._numbers.setdefault(above, {})
        ways: list[object] = [None, element.tag]
        for counted in self._plan.counted:
            self.tests += 1
            if any(_matches(one, element) for one in counted):
                ways.append(counted)
        for way in ways:
            so_far[way] = element.places[way] = so_far.get(way, 0) + 1


def _matches(compound: Compound, element: _Element) -> bool:
    tag, tests, places, any_of, none_of = compound
    if tag and tag != element.tag:
        return False
    for test in tests:  # a loop: most elements fail here, and a generator costs more than it saves
        if not _holds(test, element):
            return False
    return not (places or any_of or none_of) or (
        all(_is_placed(place, element) for place in places)
        and all(any(_matches(one, element) for one in some) for some in any_of)
        and not any(_matches(one, element) for one in none_of)
    )


def _is_placed(place: Place, element: _Element) -> bool:
    number = element.places.get(element.tag if place.of == () else place.of, 0)
    return number > 0 and place.holds(number)


def _holds(test: Condition, element: _Element) -> bool:
    name, sign, sought, is_folded = test
    if name not in element.attributes:
        return False
    if sign == "~=" and not is_folded:
        return sought in element.words(name)
    value = element.value(name)
    return _compares(sign, value.lower() if is_folded else value, sought)


def _compares(sign: str, value: str, sought: str) -> bool:
    match sign:
        case "^=":
            return value.startswith(sought)
        case "$=":
            return value.endswith(sought)
        case "*=":
            return sought in value
        case "~=":
            return sought in value.split()
        case "|=":
            return f"{value}-".startswith(f"{sought}-")
    return sign == "" or value == sought
