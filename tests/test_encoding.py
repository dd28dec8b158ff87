"""Decoding: declarations in the order of browsers, bytes before declarations where they differ."""

import pytest

from scraper.encoding import decode

TEXTS = {
    "shift_jis": "日本語のテキストです。今日は天気がいいですね。",
    "euc-jp": "日本語のテキストです。今日は天気がいいですね。",
    "euc-kr": "안녕하세요. 오늘은 날씨가 좋아서 산책을 갑니다.",
    "gb18030": "今天天气很好，我们去公园散步吧。",
    "windows-1251": "Привет, это обычный русский текст о погоде.",
    "windows-1253": "Η Ελλάδα είναι μια όμορφη χώρα με πολλά νησιά.",
    "windows-1256": "مرحبا بالعالم هذا نص عربي للاختبار فقط",
}
CODECS = {
    "euc-kr": "cp949",
    "windows-1251": "cp1251",
    "windows-1253": "cp1253",
    "windows-1256": "cp1256",
}


def encoded(name):
    return (TEXTS[name] * 8).encode(CODECS.get(name, name))


@pytest.mark.parametrize("name", TEXTS)
def test_undeclared_legacy_text_is_detected(name):
    decoded = decode(b"<p>" + encoded(name))
    assert (decoded.encoding, decoded.source) == (name, "detected")
    assert decoded.text.endswith(TEXTS[name])


@pytest.mark.parametrize("name", TEXTS)
def test_meta_charset_is_heard(name):
    decoded = decode(f"<meta charset={name}>".encode() + encoded(name))
    assert (decoded.encoding, decoded.source) == (name, "meta")


def test_http_comes_before_meta():
    decoded = decode(
        b"<meta charset=koi8-r>" + encoded("windows-1251"), "text/html; charset=cp1251"
    )
    assert (decoded.encoding, decoded.source) == ("windows-1251", "http")


def test_byte_order_mark_comes_before_all():
    decoded = decode("\ufeff<meta charset=koi8-r>é".encode(), "text/html; charset=latin1")
    assert (decoded.text[-1], decoded.source) == ("é", "bom")


def test_utf16_with_mark():
    assert decode("\ufeffé".encode("utf-16-le")).text == "é"


def test_valid_utf8_comes_before_a_wrong_declaration():
    assert decode("<meta charset=latin1>é".encode()).source == "utf-8"


def test_latin1_means_windows_1252():
    assert decode(b"<meta charset=iso-8859-1>\x93x\x94").text.endswith("“x”")


def test_a_few_broken_bytes_leave_the_declaration_in_force():
    body = b"<meta charset=utf-8>" + "é".encode() * 50 + b"\xff"
    assert decode(body)[1:] == ("utf-8", "meta", 1)


@pytest.mark.parametrize(
    "label",
    ["idna", "undefined", "punycode", "zlib", "rot13", "unicode_escape", "utf-7", "a\0b", "é"],
)
def test_only_labels_of_the_web_name_a_codec(label):
    assert decode(b"+ADw-x", f"text/html; charset={label}").text == "+ADw-x"


def test_charset_in_a_comment_is_none():
    assert decode(b"<!-- <meta charset=koi8-r> --><p>x").source == "utf-8"


def test_meta_cannot_declare_utf16():
    assert decode(b"<meta charset=utf-16>abc").encoding == "utf-8"


def test_empty_is_utf8():
    assert decode(b"") == ("", "utf-8", "utf-8", 0)


@pytest.mark.parametrize("name", ["utf-16le", "utf-16be"])
def test_utf16_without_a_mark_is_seen_by_its_zeros(name):
    decoded = decode("<p>The ferry left the quay at nine.</p>".encode(name))
    assert decoded[:3] == ("<p>The ferry left the quay at nine.</p>", name, "detected")


def test_some_zeros_make_no_utf16():
    assert decode(b"<p>The ferry \0left the \0quay at nine.</p>").encoding == "utf-8"


def test_utf7_is_never_decoded():
    decoded = decode(b"<meta charset=utf-7><p>+ADw-script+AD4-</p>", "text/html; charset=utf-7")
    assert "+ADw-" in decoded.text
