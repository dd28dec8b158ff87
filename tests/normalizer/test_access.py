"""Access: what a page declares, what its text shows, and what of both is believed."""

import json
import time

import pytest

import scraper
from scraper.cleaner import parse
from scraper.model import Block, Signal
from scraper.normalizer import collect, paywalled_parts
from scraper.normalizer.access import read_access
from scraper.normalizer.metadata import Clue
from scraper.outline import outline

LINE = "The ferry left the quay at nine, and by noon the island was in sight of all."
URL = "https://www.harbour.example/news/noon"
WORDS = 17
FREE = "accessible_for_free"
WALL = Signal(signal="wall.paywall", value="Subscribe to continue reading")
ACCOUNT = Signal(signal="wall.registration", value="Register to continue reading")
OFFER = Signal(signal="wall.membership", value="Become a member")
LEFT = Signal(signal="wall.remaining", value="58 % of this article remains")


def block(text, role="p"):
    return Block(role=role, text=text, level=None, rows=None, url=None)


def text(*last, count=6):
    return [block(LINE)] * count + [block(one) for one in last]


def clue(field, value):
    return Clue(field, f"head.{field}", value)


def access(*walls, blocks=None, **fields):
    """Return the access of a text with these prompts after it, of a page that states ``fields``."""
    clues = [clue(field, value) for field, value in fields.items()]
    return read_access(clues, text() if blocks is None else blocks, walls)


def signals(found):
    return [signal.signal for signal in found.evidence]


def stated(head="", body="", **jsonld):
    """Return the clues of a page."""
    script = ""
    if jsonld:
        data = json.dumps({"@context": "https://schema.org", "@type": "NewsArticle", **jsonld})
        script = f"<script type='application/ld+json'>{data}</script>"
    tree = parse(f"<html><head>{head}{script}</head><body>{body}<p>{LINE}</p></body></html>")
    return collect(tree, outline(tree), URL)


def values(clues, field):
    return [clue.value for clue in clues if clue.field == field]


# What is declared


def test_unknown_is_the_default():
    found = access()
    assert (found.status, found.declared, found.truncated, found.evidence) == (
        "unknown",
        None,
        None,
        (),
    )


@pytest.mark.parametrize(
    ("fields", "status", "declared"),
    [
        ({FREE: "true"}, "free", True),
        ({FREE: "https://schema.org/True"}, "free", True),
        ({FREE: "False"}, "unknown", False),
        ({FREE: "http://schema.org/False"}, "unknown", False),
        ({FREE: "perhaps"}, "unknown", None),
        ({"content_tier": "free"}, "free", None),
        ({"content_tier": "metered"}, "metered", None),
        ({"content_tier": "locked"}, "paywalled", None),
        ({"content_tier": "gold"}, "unknown", None),
        ({"premium": "yes"}, "unknown", None),
        ({"premium": "no"}, "unknown", None),
    ],
)
def test_what_is_declared(fields, status, declared):
    found = access(**fields)
    assert (found.status, found.declared) == (status, declared)


@pytest.mark.parametrize(
    "fields",
    [
        {FREE: "false", "content_tier": "free"},
        {FREE: "true", "content_tier": "locked"},
        {"content_tier": "free", "premium": "true"},
        {FREE: "true", "premium": "true"},
    ],
)
def test_what_contradicts_itself_is_unknown(fields):
    assert access(**fields).status == "unknown"


def test_the_first_source_that_can_be_read_declares():
    clues = [clue(FREE, "perhaps"), clue(FREE, "true"), clue(FREE, "false")]
    assert read_access(clues).declared is True


def test_what_was_declared_is_told_as_evidence():
    assert access(accessible_for_free="false").evidence == (
        Signal(signal="head.accessible_for_free", value="false"),
    )


# Prompts


def test_a_prompt_alone_makes_no_wall():
    assert (access(WALL).status, access(WALL).truncated) == ("unknown", None)


def test_a_prompt_on_a_page_that_is_not_free_makes_one():
    assert access(WALL, accessible_for_free="false").status == "paywalled"
    assert access(WALL, premium="true").status == "paywalled"


def test_a_prompt_for_an_account_on_a_page_that_is_not_free_asks_for_registration():
    assert access(ACCOUNT, accessible_for_free="false").status == "registration"


def test_who_asks_for_money_as_well_wants_more_than_an_account():
    assert access(ACCOUNT, WALL, accessible_for_free="false").status == "paywalled"


def test_a_page_that_calls_itself_free_and_asks_for_money_is_unknown():
    assert access(WALL, accessible_for_free="true").status == "unknown"


def test_an_offer_of_membership_changes_nothing():
    found = access(OFFER, accessible_for_free="true")
    assert (found.status, found.truncated) == ("free", None)
    assert signals(found) == ["head.accessible_for_free", "wall.membership"]


# Does the text break off?


@pytest.mark.parametrize(
    ("walls", "last", "fields"),
    [
        ([WALL, LEFT], LINE, {}),
        ([WALL], "By noon the island was in sight of all and the captain...", {}),
        ([WALL], "By noon the island was in sight of all and the captain", {}),
        ([WALL], "Then she said:", {}),
        ([WALL], LINE, {"word_count": "300"}),
        ([ACCOUNT], LINE, {"word_count": "300"}),
        ([ACCOUNT], "By noon the island was in sight of all and the captain…", {}),
        ([LEFT], "By noon the island was in sight of all and the captain", {}),
        ([], "By noon the island was in sight of all and the […]", {"word_count": "300"}),
        ([], "By noon the island was in sight of all. […]", {"word_count": "300"}),
        ([WALL], LINE, {"body_words": "300"}),
        ([WALL], LINE, {"empty_part": ".rest"}),
        ([], LINE, {"empty_part": ".rest", "word_count": "300"}),
    ],
)
def test_two_signs_are_a_truncated_text(walls, last, fields):
    assert access(*walls, blocks=text(last), **fields).truncated is True


@pytest.mark.parametrize(
    ("walls", "last", "fields"),
    [
        ([WALL], LINE, {}),
        ([LEFT], LINE, {}),
        ([], "By noon the island was in sight of all and the captain...", {}),
        ([], LINE, {"word_count": "300"}),
        ([], LINE, {"empty_part": ".rest"}),
        ([], LINE, {FREE: "false"}),
        ([OFFER], "By noon the island was in sight of all and the captain...", {}),
        ([OFFER], LINE, {"word_count": "300"}),
        ([WALL, ACCOUNT], LINE, {}),
        ([LEFT], LINE, {"word_count": "300"}),
        ([WALL], LINE, {FREE: "false", "content_tier": "locked"}),
    ],
)
def test_one_sign_is_none(walls, last, fields):
    assert access(*walls, blocks=text(last), **fields).truncated is None


def test_a_last_line_without_full_stop_says_nothing_by_itself():
    found = access(blocks=text("Ada Fern is the keeper of the harbour library"), word_count="300")
    assert found.truncated is None
    assert signals(found) == ["text.short"]


def test_an_account_prompt_is_no_company_for_a_missing_full_stop():
    """Forums ask for an account to answer, and their last posts end as people write."""
    assert access(
        ACCOUNT, blocks=text("thanks to all of you who know about old ferries")
    ).truncated is (None)


@pytest.mark.parametrize(
    ("blocks", "reason"),
    [
        ([*text(), block("Ferry Inn, Quay Street, open daily from nine until six", "li")], "item"),
        ([*text(), block("Ada Fern")], "short"),
        (text("by noon the island was in sight of all of us", count=2), "few"),
        ([block("by noon the island was in sight of all of us")] * 9, "none ends so"),
        ([*text(), block("The captain said that the island was in sight.”")], "quoted"),
        ([*text(), block(f"{LINE} (Harbour Press)")], "agency"),
        ([block("渡し船は九時に岸壁を離れ、正午には島が見えてきた。")] * 6, "no Latin stop"),
        ([block("वह नाव नौ बजे घाट से चली और दोपहर तक द्वीप दिखने लगा।")] * 6, "danda"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_open_end(blocks, reason):
    assert signals(access(WALL, blocks=blocks)) == ["wall.paywall"], reason


def test_a_prompt_that_was_kept_at_the_end_is_not_how_the_text_ends():
    blocks = text("By noon the island was in sight of all and the captain...", WALL.value)
    assert access(WALL, blocks=blocks).truncated is True


def test_captions_are_not_how_the_text_ends():
    blocks = [*text("By noon the island was in sight of all and the..."), block("Quay", "figure")]
    assert "text.ellipsis" in signals(access(blocks=blocks))


def test_a_text_that_reaches_its_stated_length_is_whole():
    found = access(word_count=str(6 * WORDS))
    assert found.truncated is False
    assert found.evidence[-1] == Signal(signal="text.whole", value=f"{6 * WORDS} of 102 words")


@pytest.mark.parametrize("count", ["102", "110", "1,02", " 102 words", "070"])
def test_lengths_that_are_reached(count):
    assert access(word_count=count).truncated is False


@pytest.mark.parametrize("count", ["30", "130", "0", "-102", "many", "", "9" * 500, "102.5.1e9"])
def test_lengths_that_are_not_reached_or_not_meant(count):
    assert access(word_count=count).truncated is None


def test_the_page_s_own_copy_of_the_text_proves_no_wholeness():
    assert access(body_words="102").truncated is None


def test_a_stated_count_comes_before_the_page_s_own_copy():
    assert access(WALL, word_count="102", body_words="900").truncated is None


def test_a_prompt_after_a_text_of_the_stated_length_leaves_it_open():
    assert access(WALL, word_count="102").truncated is None


def test_an_empty_part_of_a_text_of_the_stated_length_is_a_mark():
    found = access(word_count="102", empty_part=".mark", accessible_for_free="false")
    assert (found.status, found.truncated) == ("metered", False)


def test_a_page_that_is_not_free_and_short_of_its_length_is_paywalled():
    found = access(word_count="300", accessible_for_free="false")
    assert (found.status, found.truncated) == ("paywalled", None)


def test_a_truncated_text_with_a_prompt_is_walled_whatever_is_declared():
    assert access(WALL, LEFT).status == "paywalled"
    assert access(WALL, LEFT, accessible_for_free="true").status == "paywalled"
    assert access(ACCOUNT, word_count="300").status == "registration"


def test_no_text_no_sign():
    found = access(WALL, blocks=[], word_count="300", empty_part=".rest")
    assert (found.status, found.truncated, found.evidence) == ("unknown", None, ())


def test_evidence_is_bounded():
    clues = [clue("premium", "x" * 4000)] * 500
    found = read_access(clues, text(), (WALL,))
    assert len(found.evidence) < 30
    assert max(len(signal.value) for signal in found.evidence) <= 200


# Where it is stated


def test_the_whole_way_from_page_to_record():
    head = (
        "<script type='application/ld+json'>"
        + json.dumps({"@type": "NewsArticle", "isAccessibleForFree": False, "wordCount": 300})
        + "</script>"
    )
    body = f"<h1>Ferry</h1>{f'<p>{LINE}</p>' * 6}"
    found = scraper.extract(f"<html><head>{head}</head><body>{body}</body></html>", URL).access
    assert (found.status, found.declared, found.truncated) == ("paywalled", False, None)
    assert signals(found) == ["jsonld.isAccessibleForFree", "text.short"]


@pytest.mark.parametrize(
    "jsonld",
    [
        {"isAccessibleForFree": False},
        {"@type": "ItemList", "@graph": [{"@type": "Article", "isAccessibleForFree": "False"}]},
        {"@type": "WebPage", "mainEntity": {"@type": "Article", "isAccessibleForFree": False}},
        {"@type": "WebPage", "url": URL, "isAccessibleForFree": False},
        {"@type": ["NewsArticle", "CreativeWork"], "isAccessibleForFree": ["False"]},
        {"url": URL, "hasPart": [{"@type": "Article", "url": URL, "isAccessibleForFree": False}]},
    ],
)
def test_the_page_s_own_node_declares(jsonld):
    assert [value.lower() for value in values(stated(**jsonld), FREE)] == ["false"]


def test_a_second_node_of_the_same_page_declares_where_the_first_does_not():
    own = {"@type": "NewsArticle", "url": URL}
    graph = [own, {**own, "isAccessibleForFree": False, "wordCount": 300}]
    clues = stated(**{"@type": "ItemList", "@graph": graph})
    assert (values(clues, FREE), values(clues, "word_count")) == (["false"], ["300"])


@pytest.mark.parametrize(
    "jsonld",
    [
        {"video": {"@type": "VideoObject", "isAccessibleForFree": False}},
        {"hasPart": {"@type": "WebPageElement", "isAccessibleForFree": False}},
        {"@type": "WebPage", "url": URL + "/other", "isAccessibleForFree": False},
        {"isAccessibleForFree": None},
        {"isAccessibleForFree": {"@value": False}},
    ],
)
def test_what_is_about_something_else_declares_nothing(jsonld):
    assert values(stated(**jsonld), FREE) == []


@pytest.mark.parametrize("count", [300, "300"])
def test_the_word_count_is_read(count):
    assert values(stated(wordCount=count), "word_count") == ["300"]


def test_the_words_of_the_page_s_own_copy_are_counted_without_markup():
    assert values(stated(articleBody=f"<p class='a b'>{LINE}</p>"), "body_words") == [str(WORDS)]


def test_a_huge_copy_of_the_text_is_counted_soon():
    start = time.perf_counter()
    stated(articleBody="<a " * 300_000)
    assert time.perf_counter() - start < 3


@pytest.mark.parametrize(
    "wrapped",
    ["//<![CDATA[\n{}\n//]]>", "<!--\n{}\n-->", "/*<![CDATA[*/{}/*]]>*/", "<![CDATA[{}]]>"],
)
def test_jsonld_in_comments_for_old_browsers_is_read(wrapped):
    data = wrapped.format('{"@type": "Article", "isAccessibleForFree": "false"}'.replace("{", "{{"))
    data = data.replace("{{", "{")
    assert values(stated(f"<script type='application/ld+json'>{data}</script>"), FREE) == ["false"]


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("article:content_tier", "content_tier"),
        ("og:article:content_tier", "content_tier"),
        ("adv:premium", "premium"),
        ("ispremium", "premium"),
        ("k5a:paid", "premium"),
        ("article.access", "premium"),
        ("tmg.premium.locked", "premium"),
        ("cXenseParse:abc-isPremium", "premium"),
        ("cXenseParse:abc-article_ispaidcontent", "premium"),
    ],
)
def test_metas(name, field):
    assert values(stated(f"<meta name='{name}' content='yes'>"), field) == ["yes"]


@pytest.mark.parametrize("name", ["cXenseParse:pageclass", "premiumish", "cxenseparse:" + "x" * 99])
def test_other_metas_say_nothing(name):
    clues = stated(f"<meta name='{name}' content='yes'>")
    assert values(clues, "premium") == values(clues, "content_tier") == []


MICRODATA = "<meta itemprop=isAccessibleForFree content={}>"
ITEM = "<div itemscope itemtype='https://schema.org/{}'>{}</div>"


@pytest.mark.parametrize(
    ("body", "declared"),
    [
        (MICRODATA.format("false"), ["false"]),
        (ITEM.format("NewsArticle", MICRODATA.format("true")), ["true"]),
        (ITEM.format("Offer", MICRODATA.format("false")), []),
        (ITEM.format("WebPageElement", MICRODATA.format("false")), []),
        (ITEM.format("Article", MICRODATA.format("true") + MICRODATA.format("false")), []),
        (ITEM.format("Article", MICRODATA.format("true")) * 2, ["true"]),
        (
            "<link itemprop=isAccessibleForFree href=https://schema.org/False>",
            ["https://schema.org/False"],
        ),
    ],
)
def test_microdata(body, declared):
    assert values(stated(body=body), FREE) == declared


def test_microdata_in_endless_depth_is_left_alone():
    body = "<div>" * 5000 + MICRODATA.format("false")
    assert values(stated(body=body), FREE) == []


# Parts that are not free


def part(selector, free="False"):
    return {"@type": "WebPageElement", "isAccessibleForFree": free, "cssSelector": selector}


@pytest.mark.parametrize(
    ("selector", "parts"),
    [
        (".rest", (".rest",)),
        ("#rest", ("#rest",)),
        ("section.rest.locked", ("section.rest.locked",)),
        ("[data-lock]", ("[data-lock]",)),
        ("p[data-lock='a b']", ()),
        ('[data-lock="yes"]', ('[data-lock="yes"]',)),
        (".a, .b", (".a", ".b")),
        ([".a", ".b", ".a"], (".a", ".b")),
        ("main > .story .rest", (".rest",)),
        ("div", ()),
        ("*", ()),
        ("main div", ()),
        (".a:has(*)", ()),
        ("..", ()),
        ("[", ()),
        ("", ()),
        (7, ()),
        (None, ()),
        (".é", ()),
        (".a{}", ()),
        ("." + "a" * 9000, ()),
    ],
)
def test_selectors_of_paid_parts_are_plain_or_dropped(selector, parts):
    assert paywalled_parts(stated(hasPart=part(selector))) == parts


def test_a_part_that_is_free_is_none():
    assert paywalled_parts(stated(hasPart=part(".rest", free=True))) == ()


@pytest.mark.parametrize("free", [False, "false", "http://schema.org/False"])
def test_ways_to_say_that_a_part_is_not_free(free):
    assert paywalled_parts(stated(hasPart=[part(".rest", free=free)])) == (".rest",)


def test_thousands_of_parts_are_bounded():
    start = time.perf_counter()
    clues = stated(hasPart=[part([f".a{n}-{m}" for m in range(50)]) for n in range(1000)])
    assert len(paywalled_parts(clues)) <= 8
    assert time.perf_counter() - start < 3


@pytest.mark.parametrize(
    ("body", "empty"),
    [
        ("<div class=rest></div>", [".rest"]),
        ("<div class=rest> \n<p> </p><script>let a</script><style>b</style></div>", [".rest"]),
        ("<div class=rest><p>More</p></div>", []),
        ("<div class=rest></div><div class=rest>More</div>", []),
        ("<div class=other></div>", []),
        ("<div class=rest>" + "<i></i>" * 1000 + "</div>", []),
    ],
)
def test_a_paid_part_that_stands_there_empty_is_noticed(body, empty):
    assert values(stated(body=body, hasPart=part(".rest")), "empty_part") == empty


def test_a_page_full_of_paid_parts_takes_no_time():
    body = "<div class='a b c d e f g h'>" * 20_000
    start = time.perf_counter()
    stated(body=body, hasPart=part([f".{name}" for name in "abcdefgh"]))
    assert time.perf_counter() - start < 3
