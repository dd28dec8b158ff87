"""The loaders on tiny corpora of our own words."""

import gzip
import json

import pytest

from bench import corpora
from bench.corpora.case import decode
from bench.corpora.trafilatura import case_id

PAGE = b"<html><body><p>Our own words.</p></body></html>"


def write(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")


def wcxb_page(root, case_id="0001", page_type="forum", **truth):
    folder = root / "wcxb" / "dev"
    record = {
        "url": f"https://www.example.org/{case_id}",
        "file_id": case_id,
        "_internal": {"page_type": {"primary": page_type}},
        "ground_truth": {"main_content": "Our own words.", "with": ["own"], "without": ["ad"]}
        | truth,
    }
    write(folder / "ground-truth" / f"{case_id}.json", record)
    write(folder / "html" / f"{case_id}.html.gz", gzip.compress(PAGE))


def layout(*paragraphs, summary=(), headline=()):
    sections = [{"headline": list(headline), "paragraphs": list(paragraphs)}]
    return {"body": {"summary": list(summary), "sections": sections}}


@pytest.fixture
def fundus(tmp_path):
    country = tmp_path / "fundus" / "xx"
    days = {f"2024_01_{day:02}": f"https://paper.example/{day}" for day in (1, 2, 3)}
    for day in days:
        write(country / f"Paper_{day}.html.gz", gzip.compress(PAGE))
    meta = {f"Paper_{day}.html.gz": {"url": url} for day, url in days.items()}
    write(country / "meta.info", meta)
    gold = {
        "V1_10": layout("third"),
        "V1": layout("first", summary=["standfirst"], headline=["head"]),
        "V1_2": layout("second"),
    }
    write(country / "Paper.json", gold)
    return tmp_path


def test_an_absent_corpus_is_empty(tmp_path):
    assert [corpora.load(tmp_path, name) for name in corpora.LOADERS] == [[]] * 5


def test_wcxb_reads_gold_snippets_and_page_type(tmp_path):
    wcxb_page(tmp_path)
    (case,) = corpora.load(tmp_path, "wcxb")
    assert (case.gold, case.with_, case.without, case.page_type) == (
        "Our own words.",
        ("own",),
        ("ad",),
        "forum",
    )


def test_wcxb_without_main_content_has_no_gold(tmp_path):
    wcxb_page(tmp_path, main_content=None)
    assert corpora.load(tmp_path, "wcxb")[0].gold is None


def test_a_gzipped_page_is_read_unpacked(tmp_path):
    wcxb_page(tmp_path)
    assert corpora.load(tmp_path, "wcxb")[0].html == PAGE


def test_a_plain_page_is_read_as_it_is(tmp_path):
    wcxb_page(tmp_path)
    (tmp_path / "wcxb/dev/html/0001.html.gz").unlink()
    write(tmp_path / "wcxb/dev/html/0001.html", PAGE)
    assert corpora.load(tmp_path, "wcxb")[0].html == PAGE


def test_a_limit_spreads_over_the_corpus(tmp_path):
    for number in range(6):
        wcxb_page(tmp_path, case_id=f"{number:04}")
    assert [case.id for case in corpora.load(tmp_path, "wcxb", 2)] == ["0000", "0003"]


def test_fundus_gives_the_nth_page_the_nth_layout_version(fundus):
    last_lines = [case.gold.split("\n\n")[-1] for case in corpora.load(fundus, "fundus")]
    assert last_lines == ["first", "second", "third"]


def test_fundus_gold_begins_with_the_standfirst(fundus):
    assert corpora.load(fundus, "fundus")[0].gold == "standfirst\n\nhead\n\nfirst"


def test_fundus_takes_the_url_from_its_index(fundus):
    assert corpora.load(fundus, "fundus")[1].url == "https://paper.example/2"


def test_fundus_is_grouped_by_country(fundus):
    assert corpora.load(fundus, "fundus")[0].group == "xx"


def test_fundus_is_scored_with_the_standfirst(fundus):
    assert corpora.load(fundus, "fundus")[0].standfirst_in_gold


def test_fundus_is_scored_without_the_headline(fundus):
    assert not corpora.load(fundus, "fundus")[0].headline_in_gold


@pytest.mark.parametrize("folder", ["eval", "cache"])
def test_trafilatura_finds_pages_in_either_folder(tmp_path, folder):
    row = {"file": "some headline.html", "with": ["in"], "without": ["out"]}
    write(tmp_path / "trafilatura" / "evaldata.json", {"https://example.org/a": row})
    write(tmp_path / "trafilatura" / folder / "some headline.html.gz", gzip.compress(PAGE))
    assert corpora.load(tmp_path, "trafilatura")[0].html == PAGE


def test_trafilatura_ids_do_not_repeat_the_headline():
    assert case_id("https://example.org/some-headline").startswith("example.org-")


@pytest.fixture
def daniel(tmp_path):
    name = "20120101_www.example.gr_0123456789abcdef"
    write(tmp_path / "daniel" / "doc_lg.json", {name: "Greek"})
    write(tmp_path / "daniel" / "html" / f"{name}.gz", gzip.compress(PAGE))
    write(tmp_path / "daniel" / "reference" / name, "<p>one &amp; two</p>\n<p>three</p>\n")
    return corpora.load(tmp_path, "daniel")


def test_daniel_gold_is_the_text_of_its_paragraphs(daniel):
    assert daniel[0].gold == "one & two\n\nthree"


def test_daniel_knows_language_and_site(daniel):
    assert (daniel[0].language, daniel[0].domain) == ("Greek", "example.gr")


def test_daniel_is_scored_with_headline_and_standfirst(daniel):
    assert (daniel[0].headline_in_gold, daniel[0].standfirst_in_gold) == (True, True)


@pytest.fixture
def promo(tmp_path):
    wcxb_page(tmp_path)
    row = {
        "corpus": "wcxb_dev",
        "page_id": "0001",
        "lang": "en",
        "drop": [
            {"text": "Sign up", "pos": "inside", "cls": "newsletter"},
            {"text": "Follow us", "pos": "after", "cls": "follow_social"},
        ],
        "keep": [
            {"text": "Our own words.", "why": "middle"},
            {"text": "It costs 3 euros.", "why": "hard_negative"},
        ],
    }
    gone = row | {"page_id": "9999"}
    write(tmp_path / "promo" / "promo_dev.jsonl", f"{json.dumps(row)}\n{json.dumps(gone)}\n")
    return corpora.load(tmp_path, "promo")


def test_promo_leaves_out_rows_whose_page_is_absent(promo):
    assert [case.id for case in promo] == ["wcxb:0001"]


def test_promo_marks_sentences_inside_the_article(promo):
    assert promo[0].promo.inside == (True, False)


def test_promo_knows_the_class_of_a_sentence(promo):
    assert promo[0].promo.kinds == ("newsletter", "follow_social")


def test_promo_reads_ours_with_its_standfirst_on_pages_of_wcxb_too(promo):
    assert promo[0].standfirst_in_gold


def test_promo_marks_hard_negatives(promo):
    assert promo[0].promo.hard == (False, True)


def test_promo_pages_are_not_scored_by_words(promo):
    assert (promo[0].gold, promo[0].with_) == (None, ())


def test_decode_prefers_valid_utf8_to_the_declaration():
    assert decode('<meta charset="latin-1">é'.encode()).endswith("é")


def test_decode_falls_back_to_the_declared_charset():
    assert decode(b'<meta charset="windows-1251">\xc4').endswith("Д")


def test_decode_survives_an_unknown_charset():
    assert decode(b'<meta charset="no-such">\xe9').endswith("é")
