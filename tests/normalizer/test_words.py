"""The word lists: their proof by language, in bylines and dates as sites show them."""

import tomllib
import unicodedata
from pathlib import Path

import pytest

from scraper.normalizer import wordlists
from scraper.normalizer.dates import find_dates
from scraper.normalizer.metadata import Clue, Zone
from scraper.normalizer.people import after_by, by_inside, names_in
from scraper.normalizer.published import sightings

LISTS = Path(wordlists.__file__).parent.parent / "data" / "words"
PROOFS = Path(__file__).parent.parent.parent / "fixtures" / "words"
LANGUAGES = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in sorted(PROOFS.iterdir())}
NEAR = Zone(0, 3, 9)

# What a reader of the language reads and we do not yet; strict, so that meeting one is noticed.
MISSES = {
    "bylines": "he-4 hy-1 ja-4 ko-3 ko-5 pt-4 zh-1 zh-2",
    "not_bylines": "ka-0 si-0 sw-2",
    "dates": "en-3 it-4 km-0 sl-4 zh-5",
    "updated": "km-0 my-0",
}


def proofs(kind):
    missed = MISSES[kind].split()
    for language, proof in LANGUAGES.items():
        for number, case in enumerate(proof.get(kind, ())):
            name = f"{language}-{number}"
            marks = [pytest.mark.xfail(strict=True, reason="known miss")] if name in missed else []
            values = case if isinstance(case, list) else [case]
            yield pytest.param(language, *values, id=name, marks=marks)


def read(language, text):
    rest = after_by(text, language) or by_inside(text, language)
    return names_in(text if rest is None else rest, strict=True, language=language)


@pytest.mark.parametrize(("language", "text", "names"), list(proofs("bylines")))
def test_byline(language, text, names):
    assert read(language, text) == names


@pytest.mark.parametrize(("language", "text"), list(proofs("not_bylines")))
def test_no_byline(language, text):
    assert read(language, text) == []


@pytest.mark.parametrize(("language", "text", "wanted"), list(proofs("dates")))
def test_date(language, text, wanted):
    found = find_dates(text, language=language, month_first=language == "en")
    assert [one.value for one in found] == [wanted.replace("+00:00", "Z")]


@pytest.mark.parametrize(("language", "text", "wanted"), list(proofs("updated")))
def test_date_of_a_change(language, text, wanted):
    line = Clue("shown", "page.line", text, 1)
    found = sightings([line], NEAR, "https://harbour.example/", language)
    assert [(one.value, one.changed) for one in found] == [(wanted.replace("+00:00", "Z"), True)]


@pytest.mark.parametrize("path", sorted(LISTS.iterdir()), ids=lambda path: path.stem)
def test_list_is_written_as_it_is_read(path):
    phrases = wordlists.by_language(path.stem)
    assert list(phrases) == sorted(phrases)
    for language, found in phrases.items():
        assert len(set(found)) == len(found), language
        for one in found:
            assert one == unicodedata.normalize("NFC", one.casefold()), one


def test_every_language_has_twelve_months():
    assert {len(groups) for groups in wordlists.by_language("months").values()} == {12}


def test_a_month_s_name_means_one_month_in_a_language():
    for language, groups in wordlists.by_language("months").items():
        names = [name for group in groups for name in set(group.split())]
        assert len(names) == len(set(names)), language
