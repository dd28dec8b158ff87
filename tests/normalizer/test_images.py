"""Pictures: the one that stands for the article, captions and credits apart."""

import json

import scraper

PROSE = "<p>The ferry left the quay at nine, and by noon the island was in sight of all.</p>" * 6
AFTER = "<p>In the evening it went back, with two dogs, a piano and the mail on board.</p>" * 6
URL = "https://www.harbour.example/news/noon"


def page(body="", head="", **jsonld):
    node = json.dumps({"@type": "NewsArticle", "headline": "Ferry at noon", **jsonld})
    script = f"<script type='application/ld+json'>{node}</script>"
    html = f"<head>{head}{script}</head><body><article><h1>Ferry at noon</h1>{PROSE}{body}{AFTER}"
    return scraper.extract(html, URL)


def figure(src, caption):
    return f"<figure><img src={src}><figcaption>{caption}</figcaption></figure>"


def test_a_figure_s_caption_comes_to_the_stated_picture_of_the_same_file():
    head = "<meta property=og:image content=https://cdn.harbour.example/ferry-noon-1200x600.jpg>"
    article = page(figure("/img/ferry-noon.jpg", "The ferry. Photo: Ada Fern"), head)
    assert (article.image.caption, article.image.credit) == ("The ferry.", "Ada Fern")
    assert len(article.images) == 1


def test_figures_in_the_text_follow():
    article = page(figure("/quay.jpg", "The quay"), "<meta property=og:image content=/ferry.jpg>")
    assert [image.url for image in article.images] == [
        "https://www.harbour.example/ferry.jpg",
        "https://www.harbour.example/quay.jpg",
    ]


def test_jsonld_names_several_pictures():
    article = page(image=["/a-picture.jpg", {"url": "/b-picture.jpg", "caption": "The quay"}])
    assert [image.caption for image in article.images] == [None, "The quay"]


def test_a_stated_size_is_read():
    article = page(image={"url": "/a.jpg", "width": {"value": 1200}, "height": "675px"})
    assert (article.image.width, article.image.height) == (1200, 675)


def test_a_picture_that_is_no_web_address_is_none():
    assert page(image="javascript:alert(1)").images == ()


def test_the_first_picture_is_the_image():
    article = page(figure("/quay.jpg", "The quay"))
    assert article.image == article.images[0]
