"""Makes data/ballots.toml: python -m train.metadata. Needs SCRAPER_CORPORA and no torch."""

import os
import sys
from collections.abc import Iterator, Sequence
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from statistics import fmean
from typing import NamedTuple

import click
import msgspec

from bench.metadata import gold, metrics
from bench.metadata.gold import MetaCase
from bench.metadata.instant import parse, same_day
from scraper import cleaner, normalizer
from scraper.encoding import decode
from scraper.normalizer.authors import author_candidates, signatures
from scraper.normalizer.ballot import Ballot, Candidate, along
from scraper.normalizer.fields import site_names, stated_language
from scraper.normalizer.published import date_candidates, sightings
from scraper.normalizer.titles import title_candidates
from scraper.outline import outline
from train.ballots import Guess, Poll, cross_validated, curve_of, fit, votes_of
from train.pages import registrable

TARGET = Path(__file__).parent.parent / "scraper" / "data" / "ballots.toml"

CORPORA = {"fundus": 4.0, "wcxb": 1.0, "trafilatura": 1.0, "htmldate": 1.0}
"""Weight of a page by corpus: fundus has a tenth of the pages, and all of the structured data."""

ABSTAIN = {"title": 0.05, "authors": 0.4, "date_published": 0.5}
"""Probability below which an elected value is not given: for a consumer a wrong date is worse than
none; names are mostly right in part, and a title that is half right still names the article."""

HEADER = """\
# How much each vote for a value counts, and how sure the elected value is. Made by
# `python -m train.metadata`; how: scraper/normalizer/ballot.py. What is not named here
# counts nothing.
"""


class Polls(NamedTuple):
    """One page's polls by field."""

    case: MetaCase
    polls: dict[str, Poll]


def main() -> None:
    """Read the corpora, print what ballots of unseen sites reach, write the ballots."""
    root = os.environ.get("SCRAPER_CORPORA")
    if not root or not Path(root).is_dir():
        sys.exit("set SCRAPER_CORPORA to the corpora's folder")
    cases = [case for name in CORPORA for case in gold.load(Path(root), name)]
    with get_context("fork").Pool(os.cpu_count()) as pool:
        pages = pool.map(read_page, cases, chunksize=20)
    text = HEADER
    for field, abstain in ABSTAIN.items():
        polls = [page.polls[field] for page in pages if field in page.polls]
        votes = votes_of(polls)
        guesses = cross_validated(polls, votes)
        curve = curve_of(guesses)
        ballot = fit(polls, votes)._replace(curve=curve, abstain=abstain)
        for line in _report(field, guesses, ballot):
            click.echo(line)
        text += _written(field, ballot)
    TARGET.write_text(text, "utf-8")


def read_page(case: MetaCase) -> Polls:
    """Return the polls of a page for the fields of which it has gold."""
    tree = cleaner.parse(decode(case.html).text)
    page = outline(tree)
    stated = normalizer.collect(tree, page, case.url)
    content = cleaner.clean(tree, case.url, page=page)
    clues, _, zone = normalizer.collect_shown(tree, page, stated, content.kept)
    url, language = case.url or "", stated_language(clues)
    names = site_names(clues, url)
    poll = partial(_poll, case)
    polls = {}
    if case.title:
        wanted = metrics.fold(case.title)
        candidates = title_candidates(clues, page, names)
        polls["title"] = poll(candidates, [metrics.fold(c.value) == wanted for c in candidates])
    if case.authors:
        signed = metrics.names(case.authors)
        bylines = author_candidates(signatures(clues, zone, language), clues, zone, names)
        right = [metrics.names([one.name for one in line.authors]) == signed for line in bylines]
        polls["authors"] = poll([line.candidate for line in bylines], right)
    if case.has_date_gold:
        days = date_candidates(sightings(clues, zone, url, language), url)
        day = parse(case.date) if case.date else None
        right = [day is not None and same_day(day, parse(one.value)) for one in days]
        polls["date_published"] = poll(days, right)._replace(gold=day is not None)
    return Polls(case, polls)


def _poll(case: MetaCase, candidates: Sequence[Candidate], right: Sequence[bool]) -> Poll:
    domain = registrable(case.domain)
    return Poll(case.corpus, case.id, domain, candidates, right, CORPORA[case.corpus])


def _report(field: str, guesses: Sequence[Guess], ballot: Ballot) -> Iterator[str]:
    """Yield what ballots reach on sites that they have not seen."""
    yield f"{field}, {len(ballot.weights)} votes; by ballots that have not seen the site:"
    curve = ballot.curve
    guesses = [one._replace(confidence=along(curve, one.confidence)) for one in guesses]
    for corpus in dict.fromkeys(guess.poll.corpus for guess in guesses):
        mine = [guess for guess in guesses if guess.poll.corpus == corpus]
        with_gold = [guess for guess in mine if guess.poll.gold]
        given = [guess for guess in with_gold if guess.confidence >= ballot.abstain]
        right = sum(guess.right for guess in given) / len(with_gold)
        reach = fmean(any(guess.poll.right) for guess in with_gold)
        line = f"  {corpus}: {len(with_gold)} pages, right {right:.3f}"
        line += f", wrong {len(given) / len(with_gold) - right:.3f}, within reach {reach:.3f}"
        without = [guess for guess in mine if not guess.poll.gold]
        if without:
            answered = fmean(guess.confidence >= ballot.abstain for guess in without)
            line += f"; {len(without)} without one, answered {answered:.3f}"
        yield line


def _written(field: str, ballot: Ballot) -> str:
    """Return a ballot as TOML, heaviest votes first."""
    order = sorted(ballot.weights.items(), key=lambda vote: (-vote[1], vote[0]))
    votes = "".join(f'"{vote}" = {weight}\n' for vote, weight in order)
    curve = msgspec.json.encode(ballot.curve).decode()
    return (
        f"\n[{field}]\nnone = {ballot.none}\nabstain = {ballot.abstain}\n"
        f"curve = {curve}\n\n[{field}.votes]\n{votes}"
    )


if __name__ == "__main__":
    main()
