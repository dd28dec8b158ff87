"""Fits the network: what is asked of it, and how it is taught."""

import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional

from scraper.cleaner.model import OTHER
from train.network import TYPES, Batch, Logits, Network, Prepared, Scales, Vocabulary, scales_of
from train.pages import TrainingPage

Floats = npt.NDArray[np.float32]

EPOCHS = 9
"""Passes over the pages: with 13 and 14 articles came out .002 to .004 lower, with other seeds."""
PAGES = 24
"""Pages of one step."""
RATE = 3e-3
DECAY = 1e-2

NAME_DOMAINS = 3
CUE_DOMAINS = 4
"""Registrable domains on which a token must stand to be learned: fewer are a site's own words."""

SEGMENTS = 1.0
"""Weight of a page of which only some segments are labelled, to that of a page with gold."""
SELF = 0.5
"""Weight of what the first model says about the unlabelled blocks of such pages."""
TYPE = 0.1
STANDFIRST = 0.5
FIRST_LOOK = 0.5
"""Weights of the losses beside that of the body."""


@dataclass
class Target:
    """What is wanted of a page's blocks, and how much each counts."""

    wanted: Tensor
    weights: Tensor
    sizes: Tensor
    has_gold: bool
    standfirst: Tensor | None


@dataclass(frozen=True)
class Fitted:
    """A trained network and what it reads with."""

    network: Network
    vocabulary: Vocabulary
    scales: Scales


@dataclass(frozen=True)
class Guess:
    """Probabilities by block: body in mode ``auto`` and as an article, standfirst; by type."""

    page: TrainingPage
    likely: Floats
    as_article: Floats
    standfirst: Floats
    types: Floats


def fit(pages: Sequence[TrainingPage], seed: int) -> Fitted:
    """Fit twice: the second time the first model's answers stand where there are no labels."""
    first = _fit(pages, {}, seed)
    unlabelled = [page for page in pages if page.case.gold is None]
    answers = {guess.page.case.id: guess.as_article for guess in guesses(first, unlabelled)}
    return _fit(pages, answers, seed)


def vocabulary_of(pages: Iterable[TrainingPage]) -> Vocabulary:
    """Return the tokens that stand on enough domains, numbered in their order."""
    names: dict[str, set[str]] = defaultdict(set)
    cues: dict[str, set[str]] = defaultdict(set)
    for page in pages:
        for token in {token for name in page.names for token in name}:
            names[token].add(page.domain)
        for token in page.cues:
            cues[token].add(page.domain)
    return Vocabulary(_frequent(names, NAME_DOMAINS), _frequent(cues, CUE_DOMAINS))


def _frequent(domains: dict[str, set[str]], least: int) -> dict[str, int]:
    tokens = sorted(token for token, where in domains.items() if len(where) >= least)
    return {token: number for number, token in enumerate(tokens)}


def _fit(pages: Sequence[TrainingPage], answers: dict[str, Floats], seed: int) -> Fitted:
    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(seed)
    order = random.Random(seed)  # noqa: S311 - an order, not a secret
    vocabulary, scales = vocabulary_of(pages), scales_of(pages)
    network = Network(len(scales.mean), len(scales.page_mean), vocabulary)
    lessons = [
        (Prepared(page, vocabulary, scales), _target(page, answers.get(page.case.id)))
        for page in pages
    ]
    optimizer = torch.optim.AdamW(network.parameters(), RATE, weight_decay=DECAY)
    steps = EPOCHS * -(-len(lessons) // PAGES)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, RATE, total_steps=steps, pct_start=0.15
    )
    network.train()
    for _ in range(EPOCHS):
        order.shuffle(lessons)
        for start in range(0, len(lessons), PAGES):
            chosen = lessons[start : start + PAGES]
            batch = Batch([prepared for prepared, _ in chosen], generator)
            logits = network(batch, _given(batch, generator))
            loss = _loss(batch, logits, [target for _, target in chosen])
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
    network.eval()
    return Fitted(network, vocabulary, scales)


def _given(batch: Batch, generator: torch.Generator) -> Tensor:
    """Return the true types of about half of the pages; the body sees what is found of the others.

    A page of unknown type is read as an article.
    """
    true = functional.one_hot(batch.types.clamp(min=0), len(TYPES)).float()
    told = torch.rand(len(true), 1, generator=generator) < 0.5
    return torch.where(told, true, torch.nan)


def _target(page: TrainingPage, answers: Floats | None) -> Target:
    known = ~np.isnan(page.wanted)
    weights = np.sqrt(np.clip(page.sizes, 1, 100)) * known
    has_gold = page.case.gold is not None
    whole = 1.0 if has_gold else SEGMENTS * min(6, known.sum()) / 6
    weights = weights / max(1e-6, weights.sum()) * whole
    wanted = np.nan_to_num(page.wanted)
    if answers is not None:
        sure = (2 * answers - 1) ** 2 * np.sqrt(np.clip(page.sizes, 1, 100)) * ~known
        weights = weights + SELF * sure / max(1e-6, sure.sum())
        wanted = np.where(known, wanted, answers)
    standfirst = None if page.standfirst is None else torch.from_numpy(page.standfirst)
    return Target(
        wanted=torch.from_numpy(wanted.astype(np.float32)),
        weights=torch.from_numpy(weights.astype(np.float32)),
        sizes=torch.from_numpy(page.sizes),
        has_gold=has_gold,
        standfirst=standfirst,
    )


def _loss(batch: Batch, logits: Logits, targets: Sequence[Target]) -> Tensor:
    """Return the loss a page: each block's, 1 - F1 of the whole, type and standfirst."""
    count = len(targets)
    wanted = torch.cat([target.wanted for target in targets])
    weights = torch.cat([target.weights for target in targets])
    sizes = torch.cat([target.sizes for target in targets])
    entropy = functional.binary_cross_entropy_with_logits
    loss = (entropy(logits.body, wanted, reduction="none") * weights).sum()
    loss = loss + FIRST_LOOK * (entropy(logits.first, wanted, reduction="none") * weights).sum()
    gold = torch.tensor([float(target.has_gold) for target in targets])
    likely = torch.sigmoid(logits.body)

    def by_page(values: Tensor) -> Tensor:
        return torch.zeros(count).index_add(0, batch.page, values)

    hits = by_page(likely * wanted * sizes)
    f1 = 2 * hits / (by_page(likely * sizes) + by_page(wanted * sizes) + 10)
    loss = (loss + ((1 - f1) * gold).sum()) / count
    typed = batch.types >= 0
    if typed.any():
        loss = loss + TYPE * functional.cross_entropy(logits.types[typed], batch.types[typed])
    return loss + STANDFIRST * _standfirst_loss(batch, logits, targets, sizes)


def _standfirst_loss(
    batch: Batch, logits: Logits, targets: Sequence[Target], sizes: Tensor
) -> Tensor:
    told = torch.tensor([target.standfirst is not None for target in targets])
    if not told.any():
        return torch.zeros(())
    wanted = torch.cat(
        [
            target.wanted * 0 if target.standfirst is None else target.standfirst
            for target in targets
        ]
    )
    losses = functional.binary_cross_entropy_with_logits(
        logits.standfirst, (wanted > 0.6).float(), reduction="none"
    )
    weights = told[batch.page] * torch.sqrt(sizes.clamp(1, 100)) / 60
    return (losses * weights).sum() / told.sum()


def guesses(fitted: Fitted, pages: Iterable[TrainingPage]) -> Iterable[Guess]:
    """Yield what the network makes of each page."""
    article = functional.one_hot(torch.tensor([0]), len(TYPES)).float()
    with torch.no_grad():
        for page in pages:
            batch = Batch([Prepared(page, fitted.vocabulary, fitted.scales)])
            logits, as_article = fitted.network(batch), fitted.network(batch, article)
            types = torch.softmax(logits.types, 1)[0]
            is_article = 1 - float(types[TYPES.index("article")]) < OTHER
            yield Guess(
                page,
                torch.sigmoid((as_article if is_article else logits).body).numpy(),
                torch.sigmoid(as_article.body).numpy(),
                torch.sigmoid(logits.standfirst).numpy(),
                types.numpy(),
            )
