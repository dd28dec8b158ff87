"""Text that stands only in a page's data: found as the last resort, never behind a wall."""

import html
import json

import pytest

import scraper
from bench.torture.pages import MARKERS, PARAGRAPHS, article

MARKUP = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
PLAIN = "\n\n".join(PARAGRAPHS)


def shell(data, kind="application/json"):
    return f"<body><div id=root></div><script type={kind}>{data}</script></body>"


def jsonld(**stated):
    return shell(json.dumps({"@type": "NewsArticle", **stated}), "application/ld+json")


def stream(*rows):
    pushed = "".join(f"<script>self.__next_f.push([1,{json.dumps(row)}])</script>" for row in rows)
    return f"<body><div></div>{pushed}</body>"


def discourse():
    topic = {"post_stream": {"posts": [{"cooked": MARKUP}]}}
    preloaded = html.escape(json.dumps({"topic_1": json.dumps(topic)}))
    return f'<body><div id=data-preloaded data-preloaded="{preloaded}"></div></body>'


SHELLS = {
    "JSON-LD": jsonld(articleBody=PLAIN),
    "JSON-LD with markup": jsonld(articleBody=MARKUP),
    "Next.js": shell(json.dumps({"props": {"post": {"title": "T", "content": MARKUP}}})),
    "rich text": shell(
        json.dumps({"body": [{"type": "p", "children": [{"text": text}]} for text in PARAGRAPHS]})
    ),
    "React stream": stream(f"1:T{len(MARKUP):x},{MARKUP}", '2:["$","div",null,{}]\n'),
    "React elements": stream(
        *(
            f"{number}:{json.dumps(['$', 'p', None, {'children': text}])}\n"
            for number, text in enumerate(PARAGRAPHS)
        )
    ),
    "Discourse": discourse(),
}


@pytest.mark.parametrize("name", SHELLS)
def test_the_text_is_found(name):
    found = scraper.extract(SHELLS[name])
    assert (found.extraction.body_source, found.status) == ("state", "ok")
    assert [marker for marker in MARKERS if marker not in found.text] == []


@pytest.mark.parametrize("name", SHELLS)
def test_paragraphs_stay_apart(name):
    assert len(scraper.extract(SHELLS[name]).blocks) == 6


def test_its_confidence_is_unknown():
    assert scraper.extract(SHELLS["Next.js"]).extraction.confidence is None


@pytest.mark.parametrize("closed", [False, "False", "https://schema.org/False"])
def test_a_page_that_declares_itself_closed_keeps_its_data(closed):
    found = scraper.extract(jsonld(articleBody=PLAIN, isAccessibleForFree=closed))
    assert (found.text, found.extraction.body_source) == ("", None)


def test_what_the_page_shows_comes_first():
    data = json.dumps({"content": "Hidden words of another text, said at length. " * 40})
    found = scraper.extract(f"<body>{article()}<script type=application/json>{data}</script>")
    assert "Hidden" not in found.text


@pytest.mark.parametrize(
    "data",
    [
        '{"content": "Few words are no article, whoever says them."}',
        json.dumps({"description": PLAIN}),
        "[" * 100_000,
        '{"content": 1e999, "text": [null, true]}',
        json.dumps({"content": PLAIN})[:-9],
    ],
)
def test_other_data_is_no_text(data):
    assert scraper.extract(shell(data)).text == ""


def test_scripts_in_the_data_are_no_text():
    found = scraper.extract(jsonld(articleBody=MARKUP + "<script>alert(1)</script>"))
    assert "alert" not in found.text
