"""The word lists: their proof by language, in bylines and dates as sites show them."""

import tomllib
import unicodedata
from pathlib import Path

import pytest

from scraper.normalizer import wordlists
from scraper.normalizer.dates import find_dates
from scraper.normalizer.people import after_by, by_inside, is_person, names_in
from scraper.normalizer.published import sightings
from scraper.normalizer.metadata import Clue, Zone

WORDS = Path(__file__).parent.parent.parent / "fixtures" / "words"
LISTS = sorted(path.stem for path in (Path(wordlists.__file__).parent.parent / "data" / "words").iterdir())
PROOFS = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in sorted(WORDS.iterdir())}
NEAR = Zone(0, 3, 9)


def proofs(key):
    return [
        pytest.param(language, *(case if isinstance(case, list) else [case]), id=f"{language}-{n}")
        for language, proof in PROOFS.items()
        for n, case in enumerate(proof.get(key, ()))
    ]


def read(language, text):
    rest = after_by(text, language)
    if rest is None:
        rest = by_inside(text, language)
    return names_in(text if rest is None else rest, strict=True, language=language)


@pytest.mark.parametrize(("language", "text", "names"), proofs("bylines"))
def test_byline(language, text, names):
    assert read(language, text) == names


@pytest.mark.parametrize(("language", "text"), proofs("not_bylines"))
def test_no_byline(language, text):
    assert read(language, text) == []


@pytest.mark.parametrize(("language", "text", "wanted"), proofs("dates"))
def test_date(language, text, wanted):
    month_first = language == "en"
    found = find_dates(text, language=language, month_first=month_first)
    assert [one.value for one in found] == [wanted.replace("+00:00", "Z")]


@pytest.mark.parametrize(("language", "text", "wanted"), proofs("updated"))
def test_date_of_a_change(language, text, wanted):
    line = Clue("shown", "page.line", text, 1)
    found = sightings([line], NEAR, "https://harbour.example/", language)
    assert [(one.value, one.changed) for one in found] == [(wanted, True)]
