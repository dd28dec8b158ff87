"""Rules for sites: what a folder of them may hold, and which rule a host has."""

import contextlib
import os
import pickle
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.errors import UsageError
from scraper.sites import MAX_LIST, SiteRule, domain_of, load_site_rules, rule_for, to_toml
from scraper.sites.css import parse_selector


@pytest.fixture
def put(tmp_path):
    """Write files of the folder: ``put(harbour_example='body = []')``."""

    def write(**files):
        for name, text in files.items():
            data = text if isinstance(text, bytes) else text.encode()
            (tmp_path / f"{name.replace('_', '.')}.toml").write_bytes(data)
        return tmp_path

    return write


def complaint(folder):
    """The one line that says what is wrong, without the folder."""
    with pytest.raises(UsageError) as refused:
        load_site_rules(folder)
    message = str(refused.value)
    assert "\n" not in message
    assert message.startswith(str(folder))
    return message.removeprefix(str(folder)).lstrip("/: ")


FULL = """
body = ["article.story", "#text"]
strip = [".promo", "aside"]
keep = [".correction"]
phrases = ["^read also", "only # a * month"]
origin = "written by hand"
note = "two layouts"
"""


def test_a_file_is_a_rule(put):
    assert load_site_rules(put(harbour_example=FULL)) == {
        "harbour.example": SiteRule(
            domain="harbour.example",
            body=("article.story", "#text"),
            strip=(".promo", "aside"),
            keep=(".correction",),
            phrases=("^read also", "only # a * month"),
            origin="written by hand",
            note="two layouts",
        )
    }


def test_rules_come_in_the_order_of_their_names(put):
    folder = put(b_example="", a_example="", c_a_example="")
    assert list(load_site_rules(folder)) == ["a.example", "b.example", "c.a.example"]


def test_an_empty_file_is_a_rule(put):
    assert load_site_rules(put(harbour_example=""))["harbour.example"].body == ()


def test_an_empty_folder_has_no_rules(tmp_path):
    assert load_site_rules(tmp_path) == {}


def test_other_files_are_passed_over(put):
    (put(harbour_example="") / "README.md").write_text("= no TOML")
    assert list(load_site_rules(str(put()))) == ["harbour.example"]


def test_the_domain_may_be_repeated(put):
    assert load_site_rules(put(harbour_example='domain = "Harbour.example"'))


def test_a_byte_order_mark_and_windows_lines_are_read(put):
    rules = load_site_rules(put(harbour_example=b'\xef\xbb\xbfbody = ["p"]\r\nnote = "x"\r\n'))
    assert rules["harbour.example"].note == "x"


# What is refused


def test_a_folder_that_is_missing(tmp_path):
    assert complaint(tmp_path / "gone") == "No such file or directory"


def test_a_file_for_a_folder(tmp_path):
    (tmp_path / "a").write_text("")
    assert complaint(tmp_path / "a") == "Not a directory"


def test_a_name_that_no_folder_can_have():
    with pytest.raises(UsageError):
        load_site_rules("a\0b")


def test_a_folder_of_other_files_is_no_folder_of_rules(tmp_path):
    (tmp_path / "harbour.example.txt").write_text("body: //article")
    assert "scraper site-rules" in complaint(tmp_path)


WRONG = {
    "body = [": "Invalid value (at end of document)",
    'boddy = ["p"]': "Object contains unknown field boddy",
    'body = "p"': "body: expected array, got str",
    "body = [1]": "body: expected str, got int",
    'body = [""]': "body: expected str of length >= 1",
    'strip = [" "]': "strip: ' ': ends too early",
    'strip = ["div >"]': "strip: 'div >': ends too early",
    'keep = ["p:hover"]': "keep: 'p:hover': :hover is not supported",
    'domain = "other.example"': "domain: the file's name says harbour.example",
    'phrases = ["^"]': "phrases: '^': no phrase of words",
    'phrases = ["* month"]': "phrases: '* month': no phrase of words",
    'phrases = ["=..."]': "phrases: '=...': no phrase of words",
    'note = "' + "x" * 1001 + '"': "note: expected str of length <= 1000",
    'body = ["' + "x" * 501 + '"]': "body: expected str of length <= 500",
    "body = [" + '"p",' * (MAX_LIST + 1) + "]": f"body: expected array of length <= {MAX_LIST}",
    "#" * 300_000: "larger than 262144 bytes",
}


@pytest.mark.parametrize(("text", "reason"), WRONG.items(), ids=range(len(WRONG)))
def test_a_wrong_file(text, reason, put):
    assert complaint(put(harbour_example=text)) == f"harbour.example.toml: {reason}"


def test_a_file_that_is_no_utf_8(put):
    assert "can't decode byte 0xff" in complaint(put(harbour_example=b"\xff"))


def test_a_file_nested_too_deep(put):
    assert complaint(put(harbour_example="a = " + "[" * 100_000)).startswith("harbour.example")


@pytest.mark.parametrize("name", ["com", ".harbour.example", "a..b", "a b.example", "", "-a.b"])
def test_a_name_that_is_no_domain(name, tmp_path):
    (tmp_path / f"{name}.toml").write_text("")
    assert "the name must be a domain" in complaint(tmp_path)


def test_two_files_for_one_domain(put):
    folder = put(harbour_example="")
    (folder / "Harbour.example.toml").write_text("")
    assert complaint(folder).endswith("a second file for harbour.example")


def test_a_folder_where_a_file_should_be(tmp_path):
    (tmp_path / "harbour.example.toml").mkdir()
    assert complaint(tmp_path) == "harbour.example.toml: not a file"


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "harbour.example.toml")
    assert complaint(tmp_path) == "harbour.example.toml: not a file"


def test_too_many_files(put, monkeypatch):
    monkeypatch.setattr("scraper.sites.MAX_SITES", 1)
    assert complaint(put(a_example="", b_example="")) == "more than 1 files"


# Which rule a host has


RULES = {
    name: SiteRule(domain=name)
    for name in ("harbour.example", "blog.harbour.example", "127.0.0.1", "xn--hfen-loa.example")
}

HOSTS = {
    "harbour.example": "harbour.example",
    "www.harbour.example": "harbour.example",
    "WWW.Harbour.Example.": "harbour.example",
    "a.b.harbour.example:8080": "harbour.example",
    "blog.harbour.example": "blog.harbour.example",
    "m.blog.harbour.example": "blog.harbour.example",
    "blogharbour.example": None,
    "otherharbour.example": None,
    "example": None,
    "127.0.0.1:8080": "127.0.0.1",
    "[::1]:80": None,
    "häfen.example": "xn--hfen-loa.example",
    "news.HÄFEN.example": "xn--hfen-loa.example",
    "": None,
    None: None,
    "a" * 10_000: None,
    "é" * 500: None,
    "..harbour.example": None,
}


@pytest.mark.parametrize("host", HOSTS)
def test_a_host_has_the_rule_of_the_nearest_domain(host):
    rule = rule_for(RULES, host)
    assert (rule.domain if rule else None) == HOSTS[host]


@given(st.text(max_size=300))
def test_no_host_raises(host):
    rule_for(RULES, host)
    domain_of(host)


# Writing, and handing to other processes

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x7f"), max_size=20)
lines = st.lists(texts.filter(bool), max_size=3).map(tuple)


@given(texts, lines)
def test_what_is_written_is_read_as_it_was(text, found):
    rule = SiteRule(domain="a.example", phrases=found, origin=text, note=text)
    assert SiteRule(domain="a.example", **as_tuples(tomllib.loads(to_toml(rule)))) == rule


def as_tuples(values):
    return {key: tuple(v) if isinstance(v, list) else v for key, v in values.items()}


def test_a_lone_surrogate_is_written_as_a_question():
    assert to_toml(SiteRule(domain="a.example", note="\ud800\x7f")) == 'note = "?\ufffd"\n'


def test_the_written_form_is_easy_to_edit():
    rule = SiteRule(domain="a.example", body=("p", 'a[rel="x"]'), origin="me")
    assert to_toml(rule) == 'origin = "me"\nbody = [\n    "p",\n    \'a[rel="x"]\',\n]\n'


def test_a_rule_can_be_sent_to_another_process():
    rule = SiteRule(domain="a.example", body=("p",))
    assert pickle.loads(pickle.dumps(rule)) == rule


# Selectors


BAD = {
    "": "ends too early",
    ">p": "cannot be read at '>p'",
    "p >": "ends too early",
    "p,": "ends too early",
    "p,,b": "cannot be read at ',b'",
    "p > > b": "cannot be read at '> b'",
    ".": "ends too early",
    ".1a": "cannot be read at '1a'",
    "#": "ends too early",
    "[": "ends too early",
    "[a": "ends too early",
    "[a=": "ends too early",
    "[a='b]": 'cannot be read at "\'b]"',
    "[a~='']": "[a~=] with nothing to look for",
    "[a=b x]": "cannot be read at 'x]'",
    "p)": "cannot be read at ')'",
    ":": "ends too early",
    "p::before": "a part of an element is not supported",
    "p:has(b)": ":has is not supported",
    "p:last-child": ":last-child is not supported",
    ":not(p b)": "cannot be read at 'b)'",
    ":not()": "cannot be read at ')'",
    ":not(": "ends too early",
    ":nth-child()": "cannot be read at ')'",
    ":nth-child(x)": "cannot be read at 'x)'",
    ":nth-child(99999)": "a number above 10000",
    ":nth-child(1 of :first-child)": "a place within a place",
    ":is(" * 5 + "p" + ")" * 5: "too many brackets within each other",
    "a|b": "cannot be read at '|b'",
    "p{}": "cannot be read at '{}'",
    "@media": "cannot be read at '@media'",
}


@pytest.mark.parametrize("selector", BAD)
def test_a_bad_selector_is_refused_with_the_place(selector):
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - the message is compared
        parse_selector(selector)
    assert str(refused.value) == BAD[selector]


@pytest.mark.parametrize("text", ["\\31 23", "\\000031 23", "a\\:b", "a\\.b", "\\26 x", "--a", "é"])
def test_names_may_be_escaped(text):
    ((step,),) = parse_selector(f".{text}")
    plain = {"\\31 23": "123", "\\000031 23": "123", "a\\:b": "a:b", "a\\.b": "a.b", "\\26 x": "&x"}
    assert step.compound.tests[0].value == plain.get(text, text)


def test_a_character_that_does_not_exist_is_no_reason_to_fail():
    ((step,),) = parse_selector('[a="\\ffffff"]')
    assert step.compound.tests[0].value == "\ufffd"


@given(st.text("ab*.#[]=~^$|'\"\\(): ,>+-~nthcildofs12i\n", max_size=60))
def test_no_selector_raises_anything_else(text):
    with contextlib.suppress(ValueError):
        parse_selector(text)
