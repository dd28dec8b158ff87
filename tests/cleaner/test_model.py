"""The shipped model: the same answer everywhere, small, and no page too large or too deep."""

import itertools
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from importlib import resources
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

import scraper
from scraper import cleaner
from scraper.cleaner.cues import read_cues
from scraper.cleaner.features import column_groups, measure
from scraper.cleaner.model import Model, load_model
from scraper.model import TypeName
from scraper.outline import outline

PAGES = sorted((Path(__file__).parents[2] / "fixtures" / "pages").glob("*/page.html"))
FOLDER = resources.files("scraper") / "data" / "model"
TEXTS = [
    text
    for text in (path.read_text("utf-8", "replace") for path in PAGES)
    if outline(cleaner.parse(text)).texts
]
PARAGRAPH = "<p>The ferry left the quay at nine, and by noon it was in sight of island {}.</p>"


def predicted(html, mode="auto", model=None):
    tree = cleaner.parse(html)
    page, cues = outline(tree), read_cues(tree)
    return (model or load_model()).predict(page, cues, measure(page, cues), mode=mode)


def records():
    return [scraper.extract(path.read_bytes()).to_json() for path in PAGES]


# The same answer


def test_pages_give_the_same_records_again():
    assert records() == records()


def test_ten_threads_give_the_same_records():
    """Rows of names are kept from page to page and shared by threads."""
    wanted = records()
    with ThreadPoolExecutor(10) as threads:
        found = list(threads.map(lambda path: scraper.extract(path.read_bytes()), PAGES * 5))
    assert [record.to_json() for record in found] == wanted * 5


def test_ten_threads_give_the_same_predictions_from_a_fresh_model():
    shipped = load_model()
    facts = {"types": shipped.types, "calibration": shipped.calibration}
    wanted = [predicted(page).body.tobytes() for page in TEXTS]
    fresh = Model(shipped.weights, list(shipped.names), list(shipped.cues), facts)
    with ThreadPoolExecutor(10) as threads:
        found = list(threads.map(lambda page: predicted(page, model=fresh), TEXTS * 3))
    assert [one.body.tobytes() for one in found] == wanted * 3


def test_the_pages_read_before_change_nothing():
    page = TEXTS[0]
    wanted = predicted(page).body.tobytes()
    for number in range(40):
        predicted("".join(f"<p class=n{number}-{name}>x</p>" for name in range(1000)))
    assert predicted(page).body.tobytes() == wanted


def test_two_processes_with_other_hash_seeds_give_the_same_records():
    code = (
        "import sys, scraper\n"
        "for path in sys.argv[1:]: print(ascii(scraper.extract(open(path, 'rb').read()).to_json()))"
    )
    command = [sys.executable, "-c", code, *map(str, PAGES)]
    outputs = [
        subprocess.run(
            command, capture_output=True, check=True, env={**os.environ, "PYTHONHASHSEED": seed}
        ).stdout.decode()
        for seed in ("1", "2")
    ]
    assert outputs == ["".join(f"{record!a}\n" for record in records())] * 2


# The shape of the answer


def test_there_is_a_probability_for_each_block():
    found = predicted("<p>One</p><p>Two</p><p>Three</p>")
    assert (found.body.shape, found.standfirst.shape) == ((3,), (3,))


@pytest.mark.parametrize("mode", ["article", "auto", "any"])
def test_probabilities_are_probabilities(mode):
    for page in TEXTS:
        found = predicted(page, mode)
        assert ((found.body >= 0) & (found.body <= 1)).all()
        assert ((found.standfirst >= 0) & (found.standfirst <= 1)).all()


def test_the_types_of_a_page_sum_to_one():
    assert sum(predicted("<p>One</p>").types.values()) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("mode", ["article", "auto", "any"])
def test_a_page_of_one_block_is_predicted(mode):
    assert predicted("x", mode).body.shape == (1,)


def test_the_mode_does_not_change_the_types():
    page = TEXTS[0]
    assert predicted(page, "any").types == predicted(page, "article").types


# What is shipped


def test_the_model_s_files_hold_less_than_two_megabytes():
    assert sum(len(file.read_bytes()) for file in FOLDER.iterdir() if file.is_file()) < 2_000_000


def test_the_model_knows_the_types_of_the_schema():
    assert sorted(load_model().types) == sorted(get_args(TypeName))


def test_calibration_rises_from_0_to_1():
    points = load_model().calibration
    assert all(0 <= value <= 1 for point in points for value in point)
    assert all(one[0] < two[0] and one[1] <= two[1] for one, two in itertools.pairwise(points))


def test_all_weights_are_finite():
    assert all(np.isfinite(weight).all() for weight in load_model().weights.values())


def test_the_weights_fit_the_columns():
    columns = max(one.stop for one in column_groups().values())
    assert len(load_model().weights["mean"]) == columns


@pytest.mark.parametrize("name", ["names", "cues"])
def test_a_vocabulary_has_a_row_for_each_token_once(name):
    tokens = (FOLDER / f"{name}.txt").read_text("utf-8").split("\n")[:-1]
    assert len(tokens) == len(set(tokens)) == len(load_model().weights[name])


# Any size


def cpu_seconds(paragraphs):
    """CPU time of the better of two extractions: the machine may be busy."""
    page = "<article>" + "".join(map(PARAGRAPH.format, range(paragraphs))) + "</article>"
    times = []
    for _ in range(2):
        began = time.process_time()
        scraper.extract(page)
        times.append(time.process_time() - began)
    return min(times)


def test_time_is_linear_in_the_page():
    assert cpu_seconds(20_000) < 3 * cpu_seconds(10_000)


@pytest.mark.parametrize(
    "part",
    [
        "<article><h1>Tide</h1><p>The boats left the quay at nine.</p></article>",
        "<figure><img src=/a.png><figcaption>The quay</figcaption></figure><p>Word by word.</p>",
        "<p>The tide came in.</p><a class=skip-link href=#main>Skip</a><br><br>",
        "<meta property=og:title content='The tide {}'><p>The tide came in and went out.</p>",
    ],
    ids=["articles", "figures", "skip-links", "titles"],
)
def test_4_000_of_what_is_looked_up_in_pairs_take_less_than_two_seconds(part):
    """Each took the square of their number: 4,000 compared with 4,000."""
    page = "".join(part.format(number) for number in range(4000))
    began = time.process_time()
    scraper.extract(page)
    assert time.process_time() - began < 2


def test_a_page_of_20_000_paragraphs_keeps_its_words():
    page = "<article>" + "".join(map(PARAGRAPH.format, range(20_000))) + "</article>"
    assert scraper.extract(page).word_count > 300_000


@pytest.mark.parametrize("tag", ["div", "span", "ul><li", "blockquote", "table><tr><td"])
def test_deep_nesting_does_not_raise(tag):
    page = f"<{tag}>" * 5000 + "".join(map(PARAGRAPH.format, range(5)))
    assert "internal" not in scraper.extract(page).extraction.warnings


def test_deep_nesting_takes_no_text_away():
    page = "<div>" * 5000 + "".join(map(PARAGRAPH.format, range(5)))
    assert len(outline(cleaner.parse(page)).texts) == 5
