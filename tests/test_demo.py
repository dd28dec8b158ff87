"""The demo site: what its plan says is true of the pages, and of the records they give."""

import pytest

from scraper import demo
from scraper.model import KINDS
from scraper.settings import Settings

PLAN = demo.read_plan(demo.site_folder())
CUTTING = [page for page in PLAN.page if page.cuts]


@pytest.fixture(scope="module")
def visits():
    with demo.Site(demo.site_folder()) as site:
        found = list(demo.visit(site, Settings(delay=0)))
    return {one.page.host + one.page.path: one for one in found}


@pytest.mark.parametrize("page", PLAN.page, ids=lambda page: page.host + page.path)
def test_record_is_as_the_plan_says(page, visits):
    assert list(demo.compare(page, visits[page.host + page.path].article)) == []


@pytest.mark.parametrize("page", CUTTING, ids=lambda page: page.host + page.path)
def test_ledger_gives_each_cut_its_kind(page, visits):
    assert list(demo.misnamed(page, visits[page.host + page.path].article)) == []


@pytest.mark.parametrize("page", CUTTING, ids=lambda page: page.host + page.path)
def test_plan_knows_no_kind_that_the_ledger_does_not(page):
    assert set(page.cuts) <= {*KINDS, demo.FIGURE}


@pytest.mark.parametrize("page", PLAN.page, ids=lambda page: page.host + page.path)
def test_record_is_valid(page, visits, validator):
    validator.validate(visits[page.host + page.path].article.to_dict())


def test_site_has_three_hosts_and_a_dozen_articles():
    assert len({page.host for page in PLAN.page}) == 3
    assert sum(page.status == "ok" for page in PLAN.page) >= 12


def test_redirects_are_in_the_record(visits):
    statuses = [hop.status for one in visits.values() for hop in one.article.fetch.redirects]
    assert 301 in statuses


def test_no_path_leads_out_of_the_site():
    with demo.Site(demo.site_folder()) as site:
        assert site.file("harbour-post", "/../site.toml") is None
