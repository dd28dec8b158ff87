"""The lexicons: their proof by language, how phrases match, what it costs."""

import tomllib
from importlib import resources
from pathlib import Path

import pytest

from scraper.cleaner.lexicon import MAX_WORDS, PAGE_LEXICONS, fold, listen, listen_all

PROOFS = sorted((Path(__file__).parents[2] / "fixtures" / "rules").glob("*.toml"))
LANGUAGES = sorted(
    folder.name for folder in (resources.files("scraper") / "data" / "lexicons").iterdir()
)
MAIN_KINDS = (
    *("newsletter", "paywall", "membership", "donation", "signin", "app", "share", "related"),
    *("ad", "consent", "comments"),
)


def proofs(part):
    for path in PROOFS:
        for kind, proof in tomllib.loads(path.read_text("utf-8")).items():
            for text in proof[part]:
                yield pytest.param(kind, text, id=f"{path.stem}-{kind}-{text[:30]}")


@pytest.mark.parametrize(("kind", "text"), list(proofs("hits")))
def test_a_hit_is_heard(kind, text):
    heard = listen(text)
    assert heard is not None
    assert heard.kind == kind


@pytest.mark.parametrize(("kind", "text"), list(proofs("misses")))
def test_a_miss_is_not_heard(kind, text):
    assert listen(text) is None


def test_every_language_has_its_proof():
    assert [path.stem for path in PROOFS] == LANGUAGES


def test_there_are_more_than_twenty_languages():
    assert len(LANGUAGES) > 20


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_main_kinds_are_known_in_every_language(language):
    folder = resources.files("scraper") / "data" / "lexicons" / language
    assert [kind for kind in MAIN_KINDS if not (folder / f"{kind}.txt").is_file()] == []


def phrases():
    for language in LANGUAGES:
        for file in (resources.files("scraper") / "data" / "lexicons" / language).iterdir():
            if file.name.removesuffix(".txt") not in PAGE_LEXICONS:
                yield from file.read_text("utf-8").splitlines()


def test_no_phrase_begins_or_ends_in_a_gap():
    bare = [line.lstrip("^=").removesuffix(":") for line in phrases()]
    assert [line for line in bare if line.startswith("*") or line.endswith("*")] == []


def test_no_phrase_is_less_than_two_letters():
    assert [line for line in phrases() if sum(map(str.isalpha, line)) < 2] == []


@pytest.mark.parametrize(
    "text",
    [
        "READ MORE: The night it froze",
        "» Read more: The night it froze",
        "Read\u00a0more:\nThe night it froze",
        "[Read more: The night it froze]",
    ],
)
def test_case_signs_and_spaces_do_not_matter(text):
    assert listen(text).kind == "related"


def test_a_label_is_a_phrase_with_its_colon():
    assert listen("Read more: The night it froze").label
    assert not listen("Read more about the night").label


def test_all_of_a_block_is_told():
    assert listen("Sign up for our newsletter!").whole
    assert not listen("Sign up for our newsletter, will you").whole


def test_a_gap_is_up_to_four_words():
    assert listen("sign up for our new and quite free newsletter") is not None


def test_a_number_with_its_sign_is_one_word():
    assert listen("$25.00 / month").kind == "membership"


def test_accents_and_the_turkish_i_fold():
    assert fold("ΔΙΑΒΆΣΤΕ İNDİR kayıt") == fold("διαβαστε indir kayit")


def test_a_long_text_is_not_listened_to():
    assert listen("Sign up for our newsletter" + " and so on" * MAX_WORDS) is None


def test_many_texts_are_heard_as_each_by_itself():
    texts = ["Read more", "", "Plain words", "続きを読む", "\x1f", "Sign up for our newsletter"]
    assert listen_all(texts) == [listen(text) for text in texts]


def test_many_accented_letters_fold_as_few_do():
    letters = "".join(map(chr, range(0xC0, 0x250)))
    assert fold(letters) == "".join(map(fold, letters))
