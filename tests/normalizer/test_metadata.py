"""Metadata: which source wins, what is no value, and that nonsense never raises."""

import json

import pytest

import scraper

PROSE = "<p>The ferry left the quay at nine, and by noon the island was in sight of all.</p>" * 6
SITE = "<meta property=og:site_name content='Harbour Post'>"
URL = "https://www.harbour.example/news/noon"


def page(head="", body="", **jsonld):
    script = ""
    if jsonld:
        text = json.dumps({"@context": "https://schema.org", "@type": "NewsArticle", **jsonld})
        script = f"<script type='application/ld+json'>{text}</script>"
    html = f"<html><head>{head}{script}</head><body>{body}{PROSE}</body></html>"
    return scraper.extract(html, URL)


def names(article):
    return [author.name for author in article.authors]


def test_title_that_is_stated_twice_comes_before_the_heading():
    head = "<title>Ferry stops early</title><meta property=og:title content='Ferry stops early'>"
    article = page(head, "<h1>The Ferry</h1>", headline="Ferry stops early")
    assert article.title == "Ferry stops early"


def test_h1_that_shares_no_word_with_the_other_titles_is_no_title():
    assert page("<title>Ferry stops at noon</title>", "<h1>Harbour Post</h1>").title == (
        "Ferry stops at noon"
    )


def test_site_name_is_cut_from_a_title():
    head = "<title>Ferry - stops | Harbour Post</title>" + SITE
    assert page(head).title == "Ferry - stops"


def test_a_dash_alone_cuts_nothing():
    assert page("<title>Ferry - stops</title>").title == "Ferry - stops"


def test_evidence_names_the_source():
    assert page(headline="Ferry").extraction.evidence["title"].source == "jsonld.headline"


def test_agreement_of_two_groups_raises_the_confidence():
    alone = page(headline="Ferry").extraction.evidence["title"].confidence
    agreed = page("", "<h1>Ferry</h1>", headline="Ferry").extraction.evidence["title"].confidence
    assert agreed > alone


def test_no_source_no_value_no_evidence():
    article = page()
    assert (article.title, article.authors, article.date_published) == (None, (), None)
    assert not article.extraction.evidence


@pytest.mark.parametrize(
    ("author", "wanted"),
    [
        ("Ada Fern", ["Ada Fern"]),
        ({"@type": "Person", "name": "Ada Fern"}, ["Ada Fern"]),
        ([{"name": "Ada Fern"}, "Bo Lind"], ["Ada Fern", "Bo Lind"]),
        ("By Ada Fern and Bo Lind", ["Ada Fern", "Bo Lind"]),
        (["Ada Fern", "ada-fern"], ["Ada Fern"]),
        ("admin", []),
        ("https://harbour.example/ada", []),
        ("{{author}}", []),
        (7, []),
        ([[["x"]]], []),
    ],
)
def test_authors(author, wanted):
    assert names(page(author=author)) == wanted


def test_an_organization_is_told_from_a_person():
    article = page(author={"@type": "Organization", "name": "Harbour Desk and Sons"})
    assert [(a.name, a.kind) for a in article.authors] == [
        ("Harbour Desk and Sons", "organization")
    ]


def test_author_page_becomes_absolute():
    assert page(author={"name": "Ada Fern", "url": "/ada"}).authors[0].url == (
        "https://www.harbour.example/ada"
    )


@pytest.mark.parametrize(
    "stated", ["soon", "", "0000-00-00", "2023-02-29", "9" * 500_000, "1899-01-01", 20230101, None]
)
def test_what_is_no_date_is_none(stated):
    assert page(datePublished=stated).date_published is None


def test_the_zone_is_kept_as_stated():
    assert page(datePublished="2026-03-04T08:15:00-05:00").date_published == (
        "2026-03-04T08:15:00-05:00"
    )


def test_a_broken_first_source_leaves_the_second():
    head = "<meta property=article:published_time content=2026-03-04>"
    assert page(head, datePublished="soon").date_published == "2026-03-04"


@pytest.mark.parametrize(
    "address",
    [
        "https://mirror.example/news/noon",
        "https://www.harbour.example/",
        "javascript:x",
        "http://[b",
    ],
)
def test_an_implausible_canonical_address_is_none(address):
    assert page(f"<link rel=canonical href='{address}'>").canonical_url is None


def test_tags_are_split_and_the_site_is_no_tag():
    head = "<meta name=keywords content='Ferry, Tides;Harbour Post'>" + SITE
    assert page(head).tags == ("Ferry", "Tides")


def test_a_list_of_keywords_without_end_is_none():
    assert page(keywords=[f"word{n}" for n in range(40)]).tags == ()


@pytest.mark.parametrize(
    ("free", "tier", "status", "declared"),
    [
        ("True", None, "free", True),
        (True, None, "free", True),
        ("False", None, "unknown", False),
        (None, "metered", "metered", None),
        (False, "locked", "paywalled", False),
        (False, "free", "unknown", False),
        (None, None, "unknown", None),
        ("maybe", None, "unknown", None),
    ],
)
def test_access(free, tier, status, declared):
    head = f"<meta name=article:content_tier content={tier}>" if tier else ""
    access = page(head, isAccessibleForFree=free).access
    assert (access.status, access.declared) == (status, declared)


@pytest.mark.parametrize(
    "script",
    [
        "[" * 100_000,
        '{"@type": "NewsArticle", "headline": NaN}',
        "<!-- {} -->",
        '{"@graph": "x", "@type": {"a": 1}}',
        '{"@type": ["NewsArticle"], "author": {"@id": "#a"}, "publisher": [[]], "image": [{}]}',
        "null",
        '"text"',
        "{",
        '{"@type": "NewsArticle", "headline": "' + "x" * 2_000_000 + '"}',
    ],
    ids=["deep", "nan", "comment", "types", "holes", "null", "text", "open", "huge"],
)
def test_strange_jsonld_leaves_the_rest_alone(script):
    head = f"<title>Noon</title><script type='application/ld+json'>{script}</script>"
    article = page(head)
    assert (article.status, article.title) == ("ok", "Noon")


def test_the_page_s_own_node_is_taken_among_several():
    other = {"@type": "Article", "headline": "Other", "url": "https://www.harbour.example/other"}
    own = {"@type": "Article", "headline": "Own", "url": URL}
    assert page(**{"@type": "ItemList", "@graph": [other, own]}).title == "Own"


def test_publisher_by_reference_gives_the_site_name():
    publisher = {"@type": "Organization", "@id": "#p", "name": "Harbour Post"}
    own = {"@type": "Article", "headline": "Own", "publisher": {"@id": "#p"}}
    assert page(**{"@type": "ItemList", "@graph": [own, publisher]}).site_name == "Harbour Post"


def test_image_size_is_read_in_pixels():
    head = (
        "<meta property=og:image content=/a.jpg><meta property=og:image:width content=1200px>"
        "<meta property=og:image:height content=tall>"
    )
    image = page(head).image
    assert (image.width, image.height) == (1200, None)


def test_language_tag_is_written_as_bcp_47_does():
    assert scraper.extract(f"<html lang=EN_us>{PROSE}").language == "en-US"


STATE = {
    "plain": '{"a":{"publishedAt":"2026-03-04T08:15:00Z","author":{"name":"Ada Fern"}}}',
    "assigned": 'window.S = {"datePublished":"2026-03-04T08:15:00Z","authorName":"Ada Fern"};',
    "escaped": r'push("{\"publishDate\":\"2026-03-04T08:15:00Z\",\"byline\":\"Ada Fern\"}")',
}


@pytest.mark.parametrize("form", STATE)
def test_embedded_state_is_read_where_nothing_else_says(form):
    article = page("<title>Noon</title>", f"<script>{STATE[form]}</script>")
    assert article.date_published == "2026-03-04T08:15:00Z"
    assert article.extraction.evidence["authors"].candidate in ("Ada Fern", None)


def test_embedded_state_is_not_asked_where_the_page_states_it():
    state = '<script>{"publishedAt":"2020-01-01T00:00:00Z"}</script>'
    article = page("", state, headline="Ferry", datePublished="2026-03-04")
    assert article.date_published == "2026-03-04"
