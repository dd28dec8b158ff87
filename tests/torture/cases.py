"""The pages of the torture tests: those that peers are compared on, and more."""

from bench.torture.pages import PAGES, TorturePage, after, article, before, page, within

NO_ARTICLE = None
TEXT = article()


def _case(name, body, shown=6):
    return TorturePage(name, lambda: body.encode("utf-8") if isinstance(body, str) else body, shown)


def _unclosed(tag):
    """An element that is opened at the start and never closed."""
    return f"<html><head><meta charset=utf-8></head><body><{tag} x>\n{TEXT}"


def _jsonld(text):
    return page(TEXT, f"<script type=application/ld+json>{text}</script>")


MORE = [
    _case("space_only", " \r\n\t" * 20, NO_ARTICLE),
    _case("bom_only", b"\xef\xbb\xbf", NO_ARTICLE),
    _case("zip", b"PK\x03\x04" + bytes(range(256)) * 40, NO_ARTICLE),
    _case("gzip", b"\x1f\x8b\x08" + bytes(range(256)) * 40, NO_ARTICLE),
    _case("utf16be_bom", b"\xfe\xff" + page(TEXT).encode("utf-16be")),
    _case("utf16be_nobom", page(TEXT).encode("utf-16be")),
    _case("utf32_bom", page(TEXT).encode("utf-32")),
    _case("utf8_bom", b"\xef\xbb\xbf" + page(TEXT).encode()),
    _case("cut_in_a_character", page(TEXT + "é").encode()[:-1] + b"\xe2\x82"),
    _case("cut_in_an_attribute", page(TEXT).encode() + b'<a href="x'),
    _case("cut_in_a_script", page(TEXT).encode()[:-14] + b"<script>var a = '<p>"),
    _case("cut_in_a_reference", page(TEXT).encode()[:-14] + b"&am"),
    *(
        _case(f"unclosed_{tag}", _unclosed(tag))
        for tag in "script style title textarea noscript iframe plaintext template".split()
    ),
    _case("unclosed_comment", f"<html><head><meta charset=utf-8></head><body><!-- x\n{TEXT}"),
    _case("unclosed_title_in_head", f"<html><head><title>Ferry\n<body>{TEXT}"),
    _case(
        "svg_soup",
        before("<svg><title>x<p><math><select><template></svg>" * 300 + "</template></select>"),
    ),
    _case("jsonld_nan", _jsonld('{"@type":"NewsArticle","headline":NaN,"headline":"a"}')),
    _case("jsonld_end_in_string", _jsonld('{"@type":"Article","headline":"a</script>b"}')),
    _case("jsonld_comment", _jsonld('<!--{"@type":"Article","author":[[["Ada"]]]}-->')),
    _case("jsonld_date_number", _jsonld('{"@type":"Article","datePublished":99999999999999}')),
    _case("dates_60k", after("<p>" + "2024-01-" * 60_000)),
    _case("time_long", before("<time datetime='9999999999'>x</time>" * 2_000)),
    _case("forms", before("<form><div></form>" * 20_000)),
    _case("misnested_b", before("<b><div></b>" * 20_000)),
    _case("quotes_in_attributes", before("<div " + "a='>' b=\"<p>\" " * 30_000 + "></div>")),
    _case("svg_styles", before("<svg><style>" + "<g>" * 20_000)),
    _case("end_tags_of_nothing", within("<table><td>" + "</div></b></x>" * 30_000 + "</table>")),
    _case("tables_in_cells", before("<table><tr><td><table></td>" * 5_000)),
    _case("class_list", before(f"<div class='{'c ' * 300_000}'></div>")),
    _case("srcset", within("<img srcset='" + "/a.jpg 1x, " * 50_000 + "'>")),
    _case("cdata_ends", after("<p>" + "]]>" * 200_000)),
    _case("comment_opens", page(TEXT + "<!--" * 200_000)),
]
LONG = "08_nest_1M"
"""Takes as long as twenty others; the table of peers has it."""
CASES = {case.name: case for case in (*PAGES.values(), *MORE) if case.name != LONG}
