"""The pages that hurt readers of HTML: 66 cases, each with an article of six marked paragraphs."""

import random
from collections.abc import Callable
from typing import NamedTuple

MARKERS = tuple(f"MARKER{number}" for number in range(6))
_SENTENCES = (
    "the ferry left the quay at nine and by noon the island was in sight of all on deck",
    "nobody on the pier had expected the harbour office to publish its figures that evening",
    "two councillors asked why the bridge had been closed for a week without any notice",
    "the baker on the corner said that his customers now came by bicycle from the far bank",
    "a report by the port authority puts the cost of the repair at four million crowns",
    "until the spring the boats will run twice an hour and take bicycles free of charge",
)
PARAGRAPHS = tuple(
    f"{marker} {sentence.capitalize()}. Later {sentence}, as a witness told the paper."
    for marker, sentence in zip(MARKERS, _SENTENCES, strict=True)
)


class TorturePage(NamedTuple):
    """A page's name, what makes its bytes, and how many of the six paragraphs a browser shows.

    ``shown`` is None where the page has no article.
    """

    name: str
    make: Callable[[], bytes]
    shown: int | None = 6


PAGES: dict[str, TorturePage] = {}


def article(paragraphs: tuple[str, ...] = PARAGRAPHS, *, break_: str = "") -> str:
    """Return the article alone; ``break_`` stands after its third paragraph."""
    marked = [f"<p>{text}</p>" for text in paragraphs]
    marked[3:3] = [break_]
    return "<article><h1>Ferry timetable</h1>" + "".join(marked) + "</article>"


def page(body: str, head: str = "") -> str:
    """Return a page of the usual frame."""
    return (
        "<!doctype html><html lang=en><head><meta charset=utf-8><title>Ferry timetable</title>"
        f"{head}</head><body><nav><a href=/a>Home</a> <a href=/b>News</a></nav>{body}"
        "<footer>Copyright Harbour Post</footer></body></html>"
    )


def _add(name: str, make: Callable[[], str | bytes], shown: int | None = 6) -> None:
    def made() -> bytes:
        text = make()
        return text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")

    PAGES[name] = TorturePage(name, made, shown)


def before(junk: str, head: str = "") -> str:
    """Return a page with ``junk`` between its navigation and its article."""
    return page(junk + article(), head)


def after(junk: str) -> str:
    """Return a page with ``junk`` after its article."""
    return page(article() + junk)


def within(junk: str) -> str:
    """Return a page with ``junk`` in the middle of its article."""
    return page(article(break_=junk))


def _nested(tags: str, ends: str, depth: int) -> str:
    return page(tags * depth + article() + ends * depth)


def _numbered(pattern: str, count: int) -> str:
    return "".join(pattern.replace("#", str(number)) for number in range(count))


_TEXT = article()
_random = random.Random(66)

_add("00_plain", lambda: page(_TEXT))
_add("01_empty", lambda: b"", None)
_add("02_nul_1MB", lambda: bytes(1_000_000), None)
_add("03_random_1MB", lambda: _random.randbytes(1_000_000), None)
_add("04_nul_in_text", lambda: page(_TEXT.replace(" ", " \0")))
for _count, _label in ((1_000, "1k"), (10_000, "10k"), (100_000, "100k"), (1_000_000, "1M")):
    _add(
        f"{5 + [1_000, 10_000, 100_000, 1_000_000].index(_count):02}_nest_{_label}",
        lambda count=_count: before("<div>" * count),
    )
_add("09_200k_p", lambda: after("<p>x y z</p>" * 200_000))
_add("10_attr_10MB", lambda: before(f'<div data-x="{"x" * 10_000_000}"></div>'))
_add("11_text_10MB", lambda: after(f"<script>{'x ' * 5_000_000}</script>"))
_add("12_unclosed_a_b_i_5k", lambda: before("<a href=/x><b><i>" * 5_000))
_add("13_font_bomb_3k", lambda: before(_numbered("<font size=#><p>", 3_000)))
_add("14_title_5MB", lambda: page(_TEXT, f"<title>{'long ' * 1_000_000}</title>"))
_add("15_utf16le_nobom", lambda: page(_TEXT).replace("utf-8", "utf-16").encode("utf-16le"))
_add("16_utf16le_bom", lambda: b"\xff\xfe" + page(_TEXT).encode("utf-16le"))
_add("17_decl_utf8_is_cp1252", lambda: page(_TEXT.replace("boats", "böats")).encode("cp1252"))
_add(
    "18_sjis_meta_after_2KB",
    lambda: (
        f"<html><head><!--{'x' * 2_100}--><meta charset=shift_jis><title>船</title></head><body>"
        f"{_TEXT.replace('. Later', '。船は九時に出た。 Later')}</body></html>"
    ).encode("shift_jis"),
)
_add("19_truncated_tag_utf8", lambda: page(_TEXT + "<p>en").encode()[:-60] + b'<p class="x\xe2\x82')
_add("20_100k_attrs", lambda: before(f"<div {_numbered('a#=1 ', 100_000)}></div>"))
_add(
    "21_colspan_2e53",
    lambda: before("<table><tr><td colspan=9007199254740991 rowspan=-1>cell</table>"),
)
_add("22a_unclosed_comment_mid", lambda: within("<!-- never closed"), 3)
_add("22b_unclosed_script_first", lambda: before("<script>var a = 1;"), 0)
_add("22c_plaintext", lambda: before("<plaintext>"))
_add(
    "23_svg_template_select",
    lambda: page("<svg><g><foreignObject><select><template>" + _TEXT + "</svg>"),
    0,
)
_add("24_table_nest_3k", lambda: before("<table><tr><td>" * 3_000))
_add(
    "25_billion_laughs",
    lambda: (
        '<!DOCTYPE html [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
        '<!ENTITY x SYSTEM "file:///etc/passwd">]>' + page(_TEXT + "<p>&b;&x;</p>")
    ),
)
_add("26_1M_amp", lambda: after("<p>" + "&amp" * 1_000_000))
_add(
    "27_jsonld_deep_100k",
    lambda: page(_TEXT, f"<script type=application/ld+json>{'[' * 100_000}</script>"),
)
_add(
    "27b_jsonld_5MB",
    lambda: page(
        _TEXT,
        '<script type=application/ld+json>{"@type":"NewsArticle","headline":"'
        f'{"x" * 5_000_000}"}}</script>',
    ),
)
_add("28_digits_1MB", lambda: after(f"<p>{'1' * 1_000_000}</p>"))
_add(
    "29_bad_hrefs",
    lambda: before(
        "<base href='javascript:'><link rel=canonical href='http://[bad'><a href='//[::1'>x</a>"
        "<a href='javascript:alert(1)'>y</a><a href=' JaVaScRiPt&#58;z'>z</a>"
        "<img src='data:text/html,x'>"
    ),
)
_add(
    "30_ctrl_ansi_bidi",
    lambda: page(_TEXT.replace("boats", "bo\x1b[31ma\x07t\u202es\u2066\x85")),
)
_add("31_entity_script", lambda: after("<p>&lt;script&gt;alert(1)&lt;/script&gt; javascript:x</p>"))
_add("32_200k_links", lambda: after("<a href=/x>y</a> " * 200_000))
_add(
    "33_surrogate_refs",
    lambda: page(_TEXT.replace("boats", "bo&#xD800;a&#1;t&#xFFFE;s&#x110000;")),
)
_add(
    "34_5k_author_meta",
    lambda: page(_TEXT, _numbered("<meta name=author content='Ada Writer #'>", 5_000)),
)
_add("35_2MB_no_space", lambda: after(f"<p>{'x' * 2_000_000}</p>"))
_add("36_xml_decl", lambda: '<?xml version="1.0" encoding="utf-16"?>' + page(_TEXT))
_add("37_ws_2MB", lambda: within(" \n\t" * 700_000))
_add(
    "38_frameset_noscript",
    lambda: (
        "<html><head><title>F</title></head><frameset><frame src=/a>"
        f"<noframes><body>{_TEXT}</body></noframes></frameset></html>"
    ),
)
_add("39_nested_lists_20k", lambda: before("<ul><li>" * 20_000))
_add(
    "40_nested_span_in_p_50k",
    lambda: page(
        _TEXT.replace("<p>MARKER2", f"<p>{'<span>' * 50_000}MARKER2").replace(
            "<p>MARKER3", f"{'</span>' * 50_000}<p>MARKER3"
        )
    ),
)
_add(
    "41_nested_blockquote_3k_closed",
    lambda: page("<blockquote>" * 3_000 + _TEXT + "</blockquote>" * 3_000),
)
for _count in (1_000, 2_000):
    _add(
        f"42_b_i_reconstruct_{_count}",
        lambda count=_count: before(_numbered("<b i#>", count) + _numbered("<i i#>", count)),
    )
for _depth in (200, 245, 260, 300, 512):
    _add(f"43_depth_{_depth}_closed", lambda depth=_depth: _nested("<div>", "</div>", depth))
_add("44_select_20k_options", lambda: before(f"<select>{'<option>o' * 20_000}</select>"))
_add("44b_select_100k_options", lambda: before(f"<select>{'<option>o' * 100_000}</select>"))
_add("45_1M_lt", lambda: after("<p>" + "< " * 1_000_000))
_add("46_100k_unclosed_tags", lambda: after("<a href=x" * 100_000))
_add("47_200k_comments", lambda: within("<!-- c -->" * 200_000))
_add("48_200k_close_p", lambda: within("</p>" * 200_000))
_add("49_200k_br", lambda: within("<br>" * 200_000))
_add("50_100k_td", lambda: after(f"<table><tr>{'<td>x' * 100_000}</table>"))
_add(
    "51_30k_meta_jsonld",
    lambda: page(
        _TEXT,
        "<meta property=og:x content=y>" * 30_000
        + '<script type=application/ld+json>{"@type":"Thing"}</script>' * 3_000,
    ),
)
_add(
    "52_20k_p_good",
    lambda: page(
        "<article>"
        + "".join(f"<p>{PARAGRAPHS[number % 6]} Part {number}.</p>" for number in range(20_000))
        + "</article>"
    ),
)
_add("53_20k_headings", lambda: after("<h2>Short heading</h2>" * 20_000))
_add("54_nested_a_formatting_p_3k", lambda: before(_numbered("<a href=#><b><p>", 3_000)))
_add(
    "55_10k_distinct_classes_attr",
    lambda: before(_numbered("<div class='c# d#'></div>", 10_000)),
)
_add(
    "56_cdata_svg_math",
    lambda: before("<svg><![CDATA[ x ]]><math>" + "<mi>" * 500 + "<annotation-xml>"),
)
