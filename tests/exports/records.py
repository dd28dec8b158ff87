"""Records to map: the golden ones, one that knows all, any that are valid."""

import json
from pathlib import Path

from hypothesis import strategies as st

from scraper.blank import blank_article, blank_fetch

PAGES = Path(__file__).parent.parent.parent / "fixtures" / "pages"
SLUGS = sorted(folder.name for folder in PAGES.iterdir())
URL = "https://www.harbour.example:8443/news/ferry?id=1"


def golden(slug):
    """The golden record of a page."""
    return json.loads((PAGES / slug / "article.json").read_text("utf-8"))


def record(**fields):
    """A record that knows nothing but its address and ``fields``."""
    return blank_article(URL, blank_fetch(URL)).to_dict() | {"status": "ok"} | fields


IMAGE = {
    "url": "https://img.harbour.example/boat.jpg",
    "caption": "The boat at noon",
    "credit": "Ada Quill",
    "width": 800,
    "height": 600,
}
SECOND = {**dict.fromkeys(IMAGE), "url": "https://img.harbour.example/quay.jpg"}


def full(**fields):
    """A record that knows everything."""
    known = record()
    known["fetch"] |= {"fetched_at": "2026-03-05T06:07:08Z", "final_url": URL, "from": "http"}
    known["extraction"] |= {"page_type": {"name": "article", "probability": 0.9375}}
    return known | {
        "canonical_url": "https://www.harbour.example/news/ferry",
        "site_name": "Harbour Post",
        "title": "Last boat home moves to ten",
        "subtitle": "The firm redraws its timetable.",
        "description": "From May the last ferry sails at ten.",
        "authors": [
            {"name": "Ines Carrowby", "url": "https://harbour.example/ines", "kind": "person"},
            {"name": "Harbour Desk", "url": None, "kind": "organization"},
        ],
        "date_published": "2026-03-04T23:15:00-05:00",
        "date_modified": "2026-03-05",
        "language": "pt-BR",
        "section": "Transport",
        "tags": ["ferry", "timetable"],
        "image": IMAGE,
        "images": [IMAGE, SECOND],
        "text": "The last ferry sails at ten.\n\nIt used to sail at nine.",
        "word_count": 11,
        "access": {"status": "paywalled", "declared": False, "truncated": None, "evidence": []},
        "content_hash": "sha256:" + "0" * 64,
        "simhash": "0123456789abcdef",
        **fields,
    }


# Any valid record


words = st.text(max_size=12) | st.sampled_from(["", "a\n\nb", "\u2028", "x; y", "data:image/png,"])
some = st.none() | words
dates = (
    st.none()
    | words
    | st.dates().map(str)
    | st.datetimes(timezones=st.none() | st.timezones()).map(lambda moment: moment.isoformat())
    | st.sampled_from(["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "2026-03-04T08"])
)
counts = st.none() | st.integers(0, 10**6)
images = st.fixed_dictionaries(
    {"url": words, "caption": some, "credit": some, "width": counts, "height": counts}
)
authors = st.fixed_dictionaries(
    {"name": words, "url": some, "kind": st.sampled_from(["person", "organization"])}
)
accesses = st.fixed_dictionaries(
    {
        "status": st.sampled_from(["free", "metered", "paywalled", "registration", "unknown"]),
        "declared": st.none() | st.booleans(),
        "truncated": st.none() | st.booleans(),
        "evidence": st.just([]),
    }
)
page_types = st.none() | st.fixed_dictionaries(
    {
        "name": st.sampled_from(["article", "forum", "product", "listing", "documentation"]),
        "probability": st.floats(0, 1),
    }
)


@st.composite
def records(draw):
    """Any valid record, as far as the maps read it."""
    named = dict.fromkeys(("canonical_url", "site_name", "title", "subtitle", "section"), some)
    fields = st.fixed_dictionaries(
        {
            **named,
            "status": st.sampled_from(["ok", "partial", "error", "not_article", "gone"]),
            "url": words,
            "host": some | st.sampled_from(["a.b.example:80", "[::1]:80", "...", "xn--"]),
            "description": some,
            "authors": st.lists(authors, max_size=3),
            "date_published": dates,
            "date_modified": dates,
            "language": some | st.sampled_from(["en", "pt-BR", "zh-Hant", "fil", "EN", "-"]),
            "tags": st.lists(words, max_size=3),
            "image": st.none() | images,
            "images": st.lists(images, max_size=3),
            "text": words,
            "word_count": st.integers(0, 10**6),
            "access": accesses,
            "simhash": st.sampled_from(["", "0123456789abcdef"]),
        }
    )
    made = record(**draw(fields))
    made["fetch"]["fetched_at"] = draw(dates)
    made["extraction"]["page_type"] = draw(page_types)
    return made
