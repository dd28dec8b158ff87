"""Every rule hits its snippet and leaves its other one alone; lexicons are well-formed."""

from importlib import resources

import pytest

from scraper import cleaner
from scraper.cleaner import removals
from scraper.cleaner.lexicon import PAGE_LEXICONS, listen
from scraper.cleaner.rules import load_rules
from scraper.outline import outline
from scraper.text import count_words

NODE_RULES = [rule for rule in load_rules() if not rule.phrases]
PHRASE_RULES = [rule for rule in load_rules() if rule.phrases]
PROSE = "<p>" + "The tide came in and went out, and the boats rose and fell with it. " * 20 + "</p>"


def marked(snippet):
    html = snippet.replace("ARTICLE", PROSE)
    if "<body" not in html:
        html = f"<body><main>{PROSE}</main>{html}</body>"
    tree = cleaner.parse(html)
    page = outline(tree)
    words = [count_words(text) for text in page.texts]
    return {mark.rule for mark in removals.mark(tree, page, words)}


@pytest.mark.parametrize("rule", NODE_RULES, ids=lambda rule: rule.id)
def test_node_rule_hits(rule):
    assert rule.id in marked(rule.hit)


@pytest.mark.parametrize("rule", NODE_RULES, ids=lambda rule: rule.id)
def test_node_rule_misses(rule):
    assert rule.id not in marked(rule.miss)


@pytest.mark.parametrize("rule", PHRASE_RULES, ids=lambda rule: rule.id)
def test_phrase_rule_hits(rule):
    assert listen(rule.hit).kind == rule.kind


@pytest.mark.parametrize("rule", PHRASE_RULES, ids=lambda rule: rule.id)
def test_phrase_rule_misses(rule):
    assert listen(rule.miss) is None


def test_rule_ids_are_unique():
    ids = [rule.id for rule in load_rules()]
    assert len(ids) == len(set(ids))


def test_every_rule_has_one_mechanism():
    for rule in load_rules():
        assert sum(map(bool, (rule.select, rule.names, rule.phrases, rule.columns))) == 1, rule.id


def test_no_name_belongs_to_two_rules():
    names = [name for rule in load_rules() for name in rule.names]
    assert sorted(names) == sorted(set(names))


def test_every_lexicon_has_its_rule_and_every_rule_its_lexicon():
    files = {
        file.name.removesuffix(".txt")
        for language in (resources.files("scraper") / "data" / "lexicons").iterdir()
        for file in language.iterdir()
    }
    assert files - PAGE_LEXICONS - {"editorial-note"} == {rule.phrases for rule in PHRASE_RULES}


def test_lexicon_files_are_sorted_one_phrase_a_line():
    for language in (resources.files("scraper") / "data" / "lexicons").iterdir():
        for file in language.iterdir():
            lines = file.read_text("utf-8").splitlines()
            assert lines == sorted(set(lines)), f"{language.name}/{file.name}"
            assert all(line == line.strip().lower() and line for line in lines)
