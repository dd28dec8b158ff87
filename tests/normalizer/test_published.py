"""Dates: published and changed kept apart, the most exact statement, silence without evidence."""

import json

import pytest

import scraper

PROSE = "<p>The ferry left the quay at nine, and by noon the island was in sight of all.</p>" * 8
URL = "https://www.harbour.example/news/noon"


def page(shown="", head="", after="", url=URL, **jsonld):
    script = ""
    if jsonld:
        node = {"@context": "https://schema.org", "@type": "NewsArticle", **jsonld}
        script = f"<script type='application/ld+json'>{json.dumps(node)}</script>"
    title = "<title>Ferry at noon</title>"
    body = f"<article><h1>Ferry at noon</h1>{shown}{PROSE}</article>{after}"
    html = f"<html lang=en><head>{title}{head}{script}</head><body>{body}</body></html>"
    return scraper.extract(html, url)


def test_a_shown_date_is_read():
    assert page("<p class=date>4 March 2026</p>").date_published == "2026-03-04"


def test_a_shown_time_is_read_with_it():
    assert page("<p>Published 4 March 2026, 8:15 am</p>").date_published == "2026-03-04T08:15:00"


def test_a_stated_instant_completes_a_shown_day():
    article = page("<p class=date>4 March 2026</p>", datePublished="2026-03-04T08:15:00+01:00")
    assert article.date_published == "2026-03-04T08:15:00+01:00"


def test_agreement_of_page_and_machine_raises_the_confidence():
    alone = page(datePublished="2026-03-04T08:15:00+01:00")
    both = page("<p class=date>4 March 2026</p>", datePublished="2026-03-04T08:15:00+01:00")
    assert (
        both.extraction.evidence["date_published"].confidence
        > alone.extraction.evidence["date_published"].confidence
    )


def test_published_and_updated_are_kept_apart():
    article = page("<p>Published: 4 March 2026</p><p>Updated: 6 March 2026</p>")
    assert (article.date_published, article.date_modified) == ("2026-03-04", "2026-03-06")


def test_two_labels_in_one_line():
    article = page("<p>Published 4 March 2026 | Updated 6 March 2026</p>")
    assert (article.date_published, article.date_modified) == ("2026-03-04", "2026-03-06")


def test_a_change_before_the_publication_is_none():
    stated = {"datePublished": "2026-03-04", "dateModified": "2026-03-01"}
    assert page(**stated).date_modified is None


def test_dates_of_comments_are_no_evidence():
    comments = "<div class=comments>" + "<p class=date>9 March 2026</p><p>Fine.</p>" * 3 + "</div>"
    assert page("<p class=date>4 March 2026</p>", after=comments).date_published == "2026-03-04"


def test_a_time_element_of_a_related_article_is_no_evidence():
    related = "<aside><a href=/x>Nets</a><time datetime=2020-01-01>1 January 2020</time></aside>"
    assert page("<p>4 March 2026</p>", after=related).date_published == "2026-03-04"


def test_blog_software_s_published_updated_is_no_change():
    article = page("<time class='entry-date published updated' datetime=2026-03-04>4 March</time>")
    assert (article.date_published, article.date_modified) == ("2026-03-04", None)


@pytest.mark.parametrize(
    "shown", ["", "<p>4 March</p>", "<p>Two hours ago</p>", "<p>© 2019 Harbour Post</p>"]
)
def test_no_date_without_evidence(shown):
    assert page(shown).date_published is None


def test_what_is_not_sure_enough_stands_as_candidate():
    years = "".join(f"<p class=date>1 January {year}</p>" for year in (2020, 2021, 2022))
    article = page(after="<p>Nets and ropes for sale.</p>" * 20 + f"<div class=box>{years}</div>")
    evidence = article.extraction.evidence["date_published"]
    assert article.date_published is None
    assert (evidence.candidate, evidence.confidence < 0.5) == ("2020-01-01", True)


def test_the_day_in_the_address_confirms_a_reading():
    url = "https://www.harbour.example/2026/04/03/noon"
    assert page("<p class=date>03/04/2026</p>", url=url).date_published == "2026-04-03"


@pytest.mark.parametrize(
    ("stated", "wanted"),
    [
        ("2026-03-04 08:15:00 +0100", "2026-03-04T08:15:00+01:00"),
        ("Wed, 04 Mar 2026 08:15:00 GMT", "2026-03-04T08:15:00Z"),
        ("Wed Mar 04 2026 08:15:00 GMT+0100 (CET)", "2026-03-04T08:15:00+01:00"),
        ("March 4, 2026", "2026-03-04"),
        ("04.03.2026, 08:15:03", "2026-03-04T08:15:03"),
        ("20260304", "2026-03-04"),
        ("1772612100000", "2026-03-04T08:15:00Z"),
    ],
)
def test_ways_to_state_a_date(stated, wanted):
    assert page("<p>4 March 2026</p>", datePublished=stated).date_published == wanted
