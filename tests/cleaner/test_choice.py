"""What the user knows of a site, and what the page declares, beside the model's choice."""

import pytest

import scraper
from scraper import cleaner
from scraper.advice import NO_ADVICE, Advice, Advisor, load_advice
from scraper.cleaner.choice import choose
from scraper.errors import UsageError
from scraper.hosts import HostProfile, block_key
from scraper.sites import SiteRule

SENTENCE = "The tide came in and went out, and the boats rose and fell with it all day long."
ARTICLE = "".join(f"<p>Day {day}. {SENTENCE} {SENTENCE}</p>" for day in range(1, 7))
NOTE = "Boats on this page were counted by the harbour master himself."
PAGE = f"<article><h1>Tides</h1>{ARTICLE}<p class=count>{NOTE}</p>{ARTICLE.replace('Day', 'Eve')}"
URL = "https://www.harbour.example/tides"


def text(html, advice, **how):
    return cleaner.clean(cleaner.parse(html), URL, advice=advice, **how).blocks


def has(blocks, part):
    return any(part in block.text for block in blocks)


def rule(**lists):
    return Advice(site=SiteRule(domain="harbour.example", **lists))


def test_without_advice_the_note_is_kept():
    assert has(text(PAGE, Advice()), NOTE)


def test_a_site_s_rule_cuts():
    assert not has(text(PAGE, rule(strip=(".count",))), NOTE)


def test_a_site_s_phrase_cuts():
    assert not has(text(PAGE, rule(phrases=("^boats on this page",))), NOTE)


def test_a_site_s_rule_names_the_body():
    html = f"<div id=one>{ARTICLE}</div><div id=two>{ARTICLE.replace('Day', 'Eve')}</div>"
    blocks = text(html, rule(body=("#two",)))
    assert has(blocks, "Eve 1")
    assert not has(blocks, "Day 1")


def test_what_a_site_s_rule_keeps_is_kept():
    html = PAGE.replace(NOTE, "Sign up for our newsletter")
    assert not has(text(html, Advice()), "newsletter")
    assert has(text(html, rule(keep=(".count",))), "newsletter")


def test_the_ledger_names_the_site_s_rule():
    content = cleaner.clean(cleaner.parse(PAGE), URL, advice=rule(strip=(".count",)))
    assert [(cut.kind, cut.rule) for cut in content.removals if cut.text == NOTE] == [
        ("site", "site.harbour.example")
    ]


def test_the_record_says_that_a_rule_found_the_body():
    advisor = Advisor(
        sites={"harbour.example": SiteRule(domain="harbour.example", body=("article",))}
    )
    record = scraper.extract(PAGE, URL, advisor=advisor)
    assert (record.extraction.body_source, record.extraction.confidence) == ("site", None)


def profile(*lines):
    keys = {block_key(line): 3 for line in lines}
    return HostProfile(host="www.harbour.example", pages=5, blocks=keys)


def test_a_promo_that_recurs_on_its_host_is_cut():
    html = PAGE.replace(NOTE, f"Follow us on Facebook. {NOTE}")
    assert has(text(html, Advice()), "Facebook")
    host = profile(f"Follow us on Facebook. {NOTE}")
    assert not has(text(html, Advice(host=host)), "Facebook")


def test_a_paragraph_that_recurs_stays_where_the_model_is_sure():
    host = profile(f"Day 2. {SENTENCE} {SENTENCE}")
    assert has(text(PAGE, Advice(host=host)), "Day 2.")


def test_advice_is_found_by_the_declared_address():
    advisor = Advisor(
        sites={"harbour.example": SiteRule(domain="harbour.example", strip=(".count",))}
    )
    html = f"<link rel=canonical href='{URL}'>{PAGE}"
    assert NOTE not in scraper.extract(html, advisor=advisor).text


def test_advice_is_for_its_host_only():
    advisor = Advisor(
        sites={"harbour.example": SiteRule(domain="harbour.example", strip=(".count",))}
    )
    assert NOTE in scraper.extract(PAGE, "https://other.example/tides", advisor=advisor).text


def test_no_advice_knows_nothing():
    assert NO_ADVICE.about("harbour.example") == Advice()


def test_advice_is_read_from_disk(tmp_path):
    (tmp_path / "harbour.example.toml").write_text('strip = [".count"]')
    advice = load_advice(site_rules=str(tmp_path)).about("www.harbour.example")
    assert advice.site is not None
    assert advice.site.strip == (".count",)


def test_missing_advice_is_told(tmp_path):
    with pytest.raises(UsageError):
        load_advice(hosts=str(tmp_path / "none.json"))


def named(spared):
    """Return the rules that the name of a box speaks by: ten short lines in one called paywall."""
    short = "".join(f"<p>Boat {number} came home.</p>" for number in range(10))
    tree = cleaner.parse(f"<article>{ARTICLE}<div class=paywall>{short}</div></article>")
    return [box.rule for box in choose(tree, URL, "auto", spared=spared).named]


def test_the_declared_paid_part_is_spared():
    assert named(()) == ["paywall.name"]
    assert named((".paywall",)) == []


@pytest.mark.parametrize("kind", ["newsletter", "related"])
def test_a_kind_can_be_left_in(kind):
    html = (
        f"<article>{ARTICLE}<div class=newsletter><p>Sign up for our newsletter</div>"
        "<div class=related><a href=x>The night it froze</a></div></article>"
    )
    kinds = {cut.kind for cut in cleaner.clean(cleaner.parse(html), keep=(kind,)).removals}
    assert {"newsletter", "related"} - kinds == {kind}


def test_pieces_are_the_page_s_blocks_in_order():
    html = f"<nav><a href=x>Home</a></nav><article><h1>Tides</h1>{ARTICLE}<p>Read more: Nets</p>"
    _, pieces = cleaner.explain(cleaner.parse(html))
    assert [piece.part for piece in pieces] == ["removed", "title", *["text"] * 6, "removed"]


def test_a_piece_tells_kind_rule_path_and_votes():
    _, pieces = cleaner.explain(cleaner.parse(f"<article>{ARTICLE}<p>Read more: Nets</p>"))
    cut = pieces[-1]
    assert (cut.kind, cut.rule, cut.path) == ("related", "related.phrase", "body > article > p")
    assert cut.votes[0].startswith("model ")
    assert cut.votes[1] == "text related: ^read more"


def test_the_words_of_pieces_are_those_of_the_ledger():
    found = scraper.extraction.explain(PAGE + "<footer><p>All rights reserved</p></footer>", URL)
    cut = [piece for piece in found.pieces if piece.part == "removed"]
    assert sum(len(piece.text.split()) for piece in cut) == sum(
        removal.words for removal in found.article.removed
    )
