"""Golden pages: one folder a page, one test a field, and the human reading beside the record.

``article.json`` is the whole record as extracted; ``pytest --regen`` rewrites it and prints what
changed. ``page.json`` holds what a human reads on the page; ``misses`` in it names the expectations
that are known to fail, so that meeting one is noticed. ``text_has`` lists snippets in the order of
the text, ``text_lacks`` in any; ``blocks`` lists blocks in their order, others may stand between:
of each it tells what matters, say the role alone.
"""

import difflib
import functools
import json
from pathlib import Path

import pytest

import scraper
from scraper.text import one_line

PAGES = Path(__file__).parent.parent / "fixtures" / "pages"
SLUGS = sorted(folder.name for folder in PAGES.iterdir())
FIELDS = scraper.Article.__struct_fields__
PLAIN = frozenset("status title subtitle date_published language site_name canonical_url".split())


@functools.cache
def record(slug):
    """Extract a page; the tool's version is no fact about the page."""
    page = json.loads((PAGES / slug / "page.json").read_text("utf-8"))
    found = scraper.extract((PAGES / slug / "page.html").read_bytes(), page["url"]).to_dict()
    found["extraction"]["tool"] = "scraper"
    return found


@functools.cache
def golden(slug):
    return json.loads((PAGES / slug / "article.json").read_text("utf-8"))


def pytest_generate_tests(metafunc):
    if metafunc.function is test_reading:
        metafunc.parametrize(("slug", "name", "wanted"), list(_readings()))


def _readings():
    for slug in SLUGS:
        page = json.loads((PAGES / slug / "page.json").read_text("utf-8"))
        for name, wanted in page["expect"].items():
            missed = name in page.get("misses", ())
            marks = [pytest.mark.xfail(strict=True, reason="known miss")] if missed else []
            yield pytest.param(slug, name, wanted, marks=marks, id=f"{slug}-{name}")


@pytest.fixture(scope="module", autouse=True)
def _regenerated(request):
    """Rewrite the golden records, when asked to, and print the differences."""
    if not request.config.getoption("--regen"):
        return
    capture = request.config.pluginmanager.getplugin("capturemanager")
    with capture.global_and_fixture_disabled():
        for slug in SLUGS:
            print(_regenerate(slug), end="")


def _regenerate(slug):
    path = PAGES / slug / "article.json"
    before = path.read_text("utf-8") if path.exists() else ""
    after = json.dumps(record(slug), ensure_ascii=False, indent=1) + "\n"
    path.write_text(after, "utf-8")
    changes = difflib.unified_diff(before.splitlines(), after.splitlines(), slug, slug, lineterm="")
    return "".join(f"{change}\n" for change in changes)


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("slug", SLUGS)
def test_field(slug, field):
    assert record(slug)[field] == golden(slug)[field]


@pytest.mark.parametrize("slug", SLUGS)
def test_golden_is_valid(slug, validator):
    validator.validate(golden(slug))


def test_reading(slug, name, wanted):
    found = record(slug)
    text = one_line(found["text"])
    if name == "authors":
        assert [author["name"] for author in found["authors"]] == wanted
    elif name == "code":
        assert wanted in found["extraction"]["warnings"]
    elif name == "text_has":
        assert _absent(wanted, text) == []
    elif name == "text_lacks":
        assert [phrase for phrase in wanted if phrase in found["text"]] == []
    elif name == "text_starts":
        assert text[: len(wanted)] == wanted
    elif name == "text_ends":
        assert text[-len(wanted) :] == wanted
    elif name == "blocks":
        assert _unmatched(wanted, found["blocks"]) == []
    else:
        assert name in PLAIN
        assert found[name] == wanted


def _absent(wanted, text):
    """Return the snippets that do not follow in ``text`` after those before them."""
    absent, rest = [], text
    for snippet in wanted:
        _, found, after = rest.partition(one_line(snippet))
        if found:
            rest = after
        else:
            absent.append(snippet)
    return absent


def _unmatched(wanted, blocks):
    """Return the wanted blocks from the first on that no block after those before agrees with."""
    rest = iter(blocks)
    return [part for part in wanted if not any(part.items() <= block.items() for block in rest)]
