"""schema.org: only properties of NewsArticle, each with a value of an expected type."""

import re

import pytest
import records
from hypothesis import given

from scraper.exports import export

# The vocabulary's properties of NewsArticle and of its parents, from schema.org/NewsArticle.
NEWS_ARTICLE = "dateline printColumn printEdition printPage printSection"
ARTICLE = "articleBody articleSection backstory pageEnd pageStart pagination speakable wordCount"
CREATIVE_WORK = """
    about abstract accessMode accessModeSufficient accessibilityAPI accessibilityControl
    accessibilityFeature accessibilityHazard accessibilitySummary accountablePerson
    acquireLicensePage aggregateRating alternativeHeadline archivedAt assesses associatedMedia
    audience audio author award character citation comment commentCount conditionsOfAccess
    contentLocation contentRating contentReferenceTime contributor copyrightHolder copyrightNotice
    copyrightYear correction countryOfOrigin creativeWorkStatus creator creditText dateCreated
    dateModified datePublished digitalSourceType discussionUrl editEIDR editor educationalAlignment
    educationalLevel educationalUse encoding encodingFormat exampleOfWork expires funder funding
    genre hasPart headline inLanguage interactionStatistic interactivityType interpretedAsClaim
    isAccessibleForFree isBasedOn isFamilyFriendly isPartOf keywords learningResourceType license
    locationCreated mainEntity maintainer material materialExtent mentions offers pattern position
    producer provider publication publisher publisherImprint publishingPrinciples recordedAt
    releasedEvent review schemaVersion sdDatePublished sdLicense sdPublisher size
    sourceOrganization spatial spatialCoverage sponsor teaches temporal temporalCoverage text
    thumbnail thumbnailUrl timeRequired translationOfWork translator typicalAgeRange usageInfo
    version video wordCount workExample workTranslation
"""
THING = """
    additionalType alternateName description disambiguatingDescription identifier image
    mainEntityOfPage name owner potentialAction sameAs subjectOf url
"""
PROPERTIES = frozenset(f"{NEWS_ARTICLE} {ARTICLE} {CREATIVE_WORK} {THING}".split())
OF_IMAGE = frozenset(f"{CREATIVE_WORK} {THING} caption width height".split())

DATE = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)?)?")


def text(value):
    return isinstance(value, str) and value != ""


def integer(value):
    return type(value) is int and value >= 0


def texts(value):
    return isinstance(value, list) and all(map(text, value))


def node(kinds, **properties):
    """A test whether a value is a node of one of some types, with these properties alone."""

    def fits(value):
        return value["@type"] in kinds and all(
            name in properties and properties[name](inner)
            for name, inner in value.items()
            if name != "@type"
        )

    return fits


def nodes(fits):
    return lambda value: isinstance(value, list) and len(value) > 0 and all(map(fits, value))


length = node({"QuantitativeValue"}, value=integer, unitCode=lambda code: code == "E37")
image = node({"ImageObject"}, url=text, caption=text, creditText=text, width=length, height=length)
EXPECTED = {
    "identifier": text,
    "url": text,
    "mainEntityOfPage": node({"WebPage"}, **{"@id": text}),
    "headline": text,
    "alternativeHeadline": text,
    "description": text,
    "author": nodes(node({"Person", "Organization"}, name=text, url=text)),
    "publisher": node({"Organization"}, name=text),
    "datePublished": text,
    "dateModified": text,
    "inLanguage": text,
    "articleSection": text,
    "keywords": texts,
    "image": nodes(image),
    "isAccessibleForFree": lambda value: isinstance(value, bool),
    "wordCount": integer,
    "articleBody": text,
    "version": integer,
}


def check(mapped):
    assert mapped["@context"] == "https://schema.org"
    assert mapped["@type"] == "NewsArticle"
    named = {name: value for name, value in mapped.items() if not name.startswith("@")}
    assert set(named) <= PROPERTIES
    assert [name for name, value in named.items() if not EXPECTED[name](value)] == []


@pytest.mark.parametrize("slug", records.SLUGS)
def test_golden_records_hold_expected_values(slug):
    mapped = export(records.golden(slug), "schemaorg")
    check(mapped)
    stated = (mapped.get("datePublished"), mapped.get("dateModified"))
    assert all(DATE.fullmatch(date) for date in stated if date)


@given(records.records())
def test_any_record_holds_expected_values(record):
    record["tags"] = [tag for tag in record["tags"] if tag]
    check(export(record, "schemaorg"))


def test_our_image_nodes_hold_properties_of_images():
    mapped = export(records.full(), "schemaorg")
    assert all(set(one) - {"@type"} <= OF_IMAGE for one in mapped["image"])


def test_a_record_that_knows_all():
    record = records.full()
    assert export(record, "schemaorg") == {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "identifier": "urn:uuid:" + record["id"],
        "url": records.URL,
        "mainEntityOfPage": {
            "@type": "WebPage",
            "@id": "https://www.harbour.example/news/ferry",
        },
        "headline": "Last boat home moves to ten",
        "alternativeHeadline": "The firm redraws its timetable.",
        "description": "From May the last ferry sails at ten.",
        "author": [
            {"@type": "Person", "name": "Ines Carrowby", "url": "https://harbour.example/ines"},
            {"@type": "Organization", "name": "Harbour Desk"},
        ],
        "publisher": {"@type": "Organization", "name": "Harbour Post"},
        "datePublished": "2026-03-04T23:15:00-05:00",
        "dateModified": "2026-03-05",
        "inLanguage": "pt-BR",
        "articleSection": "Transport",
        "keywords": ["ferry", "timetable"],
        "image": [
            {
                "@type": "ImageObject",
                "url": "https://img.harbour.example/boat.jpg",
                "caption": "The boat at noon",
                "creditText": "Ada Quill",
                "width": {"@type": "QuantitativeValue", "value": 800, "unitCode": "E37"},
                "height": {"@type": "QuantitativeValue", "value": 600, "unitCode": "E37"},
            },
            {"@type": "ImageObject", "url": "https://img.harbour.example/quay.jpg"},
        ],
        "isAccessibleForFree": False,
        "wordCount": 11,
        "articleBody": record["text"],
        "version": 1,
    }


ACCESS = [
    ("unknown", None, None),
    ("unknown", True, True),
    ("free", None, True),
    ("paywalled", None, False),
    ("paywalled", True, True),
    ("metered", None, None),
    ("metered", False, False),
    ("registration", None, None),
]


@pytest.mark.parametrize(("status", "declared", "free"), ACCESS)
def test_free_is_what_the_page_declares_else_what_is_seen(status, declared, free):
    access = {"status": status, "declared": declared, "truncated": None, "evidence": []}
    mapped = export(records.record(access=access), "schemaorg")
    assert mapped.get("isAccessibleForFree") is free


def test_a_page_without_an_address_is_nobodys_main_entity():
    assert "mainEntityOfPage" not in export(records.record(url=""), "schemaorg")
