"""Authors: who signs, without what stands around the names."""

import json

import pytest

import scraper

PROSE = "<p>The ferry left the quay at nine, and by noon the island was in sight of all.</p>" * 8
URL = "https://www.harbour.example/news/noon"
SITE = "<meta property=og:site_name content='Harbour Post'>"


def page(shown="", head="", after="", **jsonld):
    script = ""
    if jsonld:
        node = {"@context": "https://schema.org", "@type": "NewsArticle", **jsonld}
        script = f"<script type='application/ld+json'>{json.dumps(node)}</script>"
    body = f"<article><h1>Ferry at noon</h1>{shown}{PROSE}{after}</article>"
    top = f"<title>Ferry at noon</title>{SITE}{head}{script}"
    return scraper.extract(f"<html lang=en><head>{top}</head><body>{body}</body></html>", URL)


def names(article):
    return [author.name for author in article.authors]


@pytest.mark.parametrize(
    ("shown", "wanted"),
    [
        ("<p class=byline>By Ada Fern</p>", ["Ada Fern"]),
        ("<p>By Ada Fern and Bo Lind</p>", ["Ada Fern", "Bo Lind"]),
        ("<p>By Ada Fern, Staff Writer</p>", ["Ada Fern"]),
        ("<div class=author><b>Ada</b> <b>Fern</b></div>", ["Ada Fern"]),
        ("<p>By Ada Fern | 4 March 2026, 8:15 am</p>", ["Ada Fern"]),
        ("<p>Posted on 4 March 2026 by Ada Fern</p>", ["Ada Fern"]),
        ("<p class=byline>Ada Fern</p><p>Twitter Facebook Email</p>", ["Ada Fern"]),
        ("<p>Photo: Cy Quill</p><p>By Ada Fern</p>", ["Ada Fern"]),
        ("<p>By Ada Fern</p><p>Edited by Dee Moor</p>", ["Ada Fern"]),
    ],
)
def test_shown_bylines(shown, wanted):
    assert names(page(shown)) == wanted


@pytest.mark.parametrize(
    "shown", ["", "<p>By the sea the nets were drying.</p>", "<p>Photo: Cy Quill</p>"]
)
def test_no_byline_no_author(shown):
    assert page(shown).authors == ()


def test_a_byline_completes_what_is_stated_in_part():
    article = page("<p class=byline>By Ada Fern</p>", author=[{"name": "Ada Fern"}])
    assert names(article) == ["Ada Fern"]


def test_the_site_signs_only_where_no_person_does():
    assert names(page(author=[{"name": "Ada Fern"}, {"name": "Harbour Post"}])) == ["Ada Fern"]


def test_a_news_agency_beside_a_person_is_kept_as_an_organization():
    found = page("<p>By Ada Fern</p>", author=[{"name": "Ada Fern"}, {"name": "Reuters"}]).authors
    assert [(author.name, author.kind) for author in found] in (
        [("Ada Fern", "person"), ("Reuters", "organization")],
        [("Ada Fern", "person")],
    )


def test_a_slug_gives_way_to_the_name():
    stated = [{"name": "ada-fern"}, {"name": "Ada Fern"}]
    assert names(page(author=stated)) == ["Ada Fern"]


def test_the_author_s_page_is_taken_from_the_byline_s_link():
    shown = "<p class=byline>By <a rel=author href=/people/ada>Ada Fern</a></p>"
    assert page(shown).authors[0].url == "https://www.harbour.example/people/ada"


def test_a_signature_after_the_text_is_read():
    assert names(page(after="<p class=signature>By Ada Fern</p>")) == ["Ada Fern"]


def test_links_to_authors_of_other_articles_are_no_byline():
    others = "<nav>" + "".join(f"<a rel=author href=/a/{n}>Cy Quill</a>" for n in range(4))
    assert names(page("<p>By Ada Fern</p>", after=others + "</nav>")) == ["Ada Fern"]


def test_the_creator_of_the_twitter_card_is_nobody():
    assert page(head="<meta name=twitter:creator content=@harbourpost>").authors == ()


@pytest.mark.parametrize("label", ["Written by", "Verfasst von", "Écrit par", "Escrito por"])
def test_a_labelled_author_of_a_twitter_card(label):
    head = (
        f"<meta name=twitter:label1 content='{label}'><meta name=twitter:data1 content='Ada Fern'>"
    )
    assert names(page(head=head)) == ["Ada Fern"]
