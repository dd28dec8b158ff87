"""The network: each block by itself, the page as a whole, neighbours in order, holders in the tree.

``scraper/cleaner/model.py`` evaluates the same in numpy; tests/train compares the two.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from scraper.cleaner.features import ANCESTORS, column_groups
from scraper.cleaner.model import CHAIN, MAX_STANDARD
from train.pages import TrainingPage

TYPES = ("article", "forum", "product", "collection", "listing", "documentation", "service")

NAME_SIZE = 8
CUE_SIZE = 12
HIDDEN = 64
SUMMARY = 48
CONTEXT = 24
MIXED = 48
REFINED = 32
TAPS = 5

DROPOUT = 0.15
NAMELESS = 0.4
"""Share of pages whose class and id names are hidden in training: old and foreign sites have none
that the vocabulary knows."""
BLIND = 0.15
"""Share of pages on which a group of features is hidden, each group for itself."""


NOISE = 0.15
"""Standard deviations by which each feature is blurred, for the page and for each block: with this,
and twice the hiding above, articles gained .007 of F1 and segments .004."""


@dataclass(frozen=True)
class Vocabulary:
    """Tokens of class and id names, and of cues, by their number."""

    names: dict[str, int]
    cues: dict[str, int]


@dataclass(frozen=True)
class Scales:
    """Mean and standard deviation of each column, of blocks and of pages."""

    mean: Tensor
    deviation: Tensor
    page_mean: Tensor
    page_deviation: Tensor


def scales_of(pages: Sequence[TrainingPage]) -> Scales:
    """Return the scales of every third block, which are enough of them."""
    blocks = np.concatenate([page.features.blocks[::3] for page in pages])
    whole = np.stack([page.features.page for page in pages])
    figures = (blocks.mean(0), blocks.std(0) + 1e-3, whole.mean(0), whole.std(0) + 1e-3)
    return Scales(*(torch.from_numpy(figure.astype(np.float32)) for figure in figures))


class Prepared:
    """A page as tensors."""

    def __init__(self, page: TrainingPage, vocabulary: Vocabulary, scales: Scales) -> None:
        features, places = page.features, page.features.places
        self.page = page
        self.count = len(page.texts)
        self.blocks = _standard(features.blocks, scales.mean, scales.deviation)
        self.whole = _standard(features.page, scales.page_mean, scales.page_deviation)
        self.words = torch.from_numpy(features.words)
        self._read_names(page, vocabulary)
        self.firsts = torch.from_numpy(np.stack([places.firsts[line] for line in places.lines]))
        self.lasts = torch.from_numpy(np.stack([places.lasts[line] for line in places.lines]))
        self.kinds = torch.from_numpy(np.stack([places.kinds[line] for line in places.lines]))
        known = [token for token in page.cues if token in vocabulary.cues]
        self.cues = torch.tensor([vocabulary.cues[token] for token in known], dtype=torch.long)
        self.of_address = torch.tensor(
            [token.startswith(("url-", "slug-", "path-")) for token in known], dtype=torch.bool
        )
        self.type = TYPES.index(page.type) if page.type in TYPES else -1

    def _read_names(self, page: TrainingPage, vocabulary: Vocabulary) -> None:
        tokens = [
            [vocabulary.names[token] for token in name if token in vocabulary.names]
            for name in page.names
        ]
        self.tokens = torch.tensor([token for name in tokens for token in name], dtype=torch.long)
        lengths = torch.tensor([0, *(len(name) for name in tokens)], dtype=torch.long)
        self.offsets = torch.cumsum(lengths, 0)[:-1]
        places, elements = page.features.places, page.elements
        self.holders = torch.from_numpy(np.stack([elements[line] for line in places.lines[:3]]))
        self.inlines = torch.from_numpy(page.inlines)
        # Every name further up, as pairs of block and name.
        blocks, names = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
        grand = places.lines[2]
        open_ = grand > 0
        step = places.parents[grand]
        while open_.any():
            blocks.append(np.flatnonzero(open_))
            names.append(elements[step[open_]])
            open_ = open_ & (step > 0)
            step = places.parents[step]
        self.chain_blocks = torch.from_numpy(np.concatenate(blocks))
        self.chain_names = torch.from_numpy(np.concatenate(names))


def _standard(values: np.ndarray, mean: Tensor, deviation: Tensor) -> Tensor:
    standard = (torch.from_numpy(values) - mean) / deviation
    return standard.clamp(-MAX_STANDARD, MAX_STANDARD)


class Batch:
    """Some pages end to end; ``page`` says by block which one it is of."""

    def __init__(self, pages: Sequence[Prepared], generator: torch.Generator | None = None) -> None:
        """Join ``pages``; with a ``generator`` some of what they say is hidden, for training."""
        self.pages = pages
        self.blocks = torch.cat([page.blocks for page in pages])
        self.whole = torch.stack([page.whole for page in pages])
        self.words = torch.cat([page.words for page in pages])
        counts = torch.tensor([page.count for page in pages])
        self.counts = counts
        self.page = torch.repeat_interleave(torch.arange(len(pages)), counts)
        before = torch.cumsum(counts, 0) - counts
        gap = (TAPS // 2) * 3  # zeros between pages, as far as both convolutions reach
        self.slots = torch.arange(len(self.page)) + (self.page * gap)
        self.length = int(self.slots[-1]) + 1
        named = torch.tensor([len(page.offsets) for page in pages])
        names_before = torch.cumsum(named, 0) - named
        told = torch.tensor([len(page.tokens) for page in pages])
        tokens_before = torch.cumsum(told, 0) - told
        kinds = torch.tensor([int(page.kinds.max()) + 1 for page in pages])
        kinds_before = torch.cumsum(kinds, 0) - kinds
        self.kind_count = int(kinds.sum())

        def joined(name: str, offsets: Tensor | None = None, dim: int = 0) -> Tensor:
            parts = [getattr(page, name) for page in pages]
            if offsets is not None:
                parts = [part + offset for part, offset in zip(parts, offsets, strict=True)]
            return torch.cat(parts, dim)

        self.tokens = joined("tokens")
        self.offsets = joined("offsets", tokens_before)
        self.holders = joined("holders", names_before, 1)
        self.inlines = joined("inlines", names_before)
        self.chain_blocks = joined("chain_blocks", before)
        self.chain_names = joined("chain_names", names_before)
        self.firsts = joined("firsts", before, 1)
        self.lasts = joined("lasts", before, 1)
        self.kinds = joined("kinds", kinds_before, 1)
        cues = [page.cues for page in pages]
        if generator is not None:
            cues = [_some_cues(page, generator) for page in pages]
        sizes = torch.tensor([len(page_cues) for page_cues in cues])
        self.cues, self.cue_offsets = torch.cat(cues), torch.cumsum(sizes, 0) - sizes
        self.types = torch.tensor([page.type for page in pages])
        self.named = torch.ones(len(pages))
        if generator is not None:
            self._hide(generator)

    def _hide(self, generator: torch.Generator) -> None:
        count = len(self.pages)
        self.named = (torch.rand(count, generator=generator) > NAMELESS).float()
        seen = torch.ones(count, self.blocks.shape[1])
        for columns in column_groups().values():
            shown = torch.rand(count, 1, generator=generator) > BLIND
            seen[:, columns] *= shown.float()
        shift = NOISE * torch.randn(count, self.blocks.shape[1], generator=generator)
        blur = NOISE * torch.randn(self.blocks.shape, generator=generator)
        self.blocks = self.blocks * seen[self.page] + shift[self.page] + blur


def _some_cues(page: Prepared, generator: torch.Generator) -> Tensor:
    """Hide the address half the time: files come without; and sometimes half of the rest."""
    chance = torch.rand(2, generator=generator)
    cues = page.cues
    if chance[0] < 0.5:
        cues = cues[~page.of_address]
    if chance[1] < 0.2:
        cues = cues[torch.rand(len(cues), generator=generator) < 0.5]
    return cues


class Network(nn.Module):
    """Logits of body and standfirst for each block, of the types for each page."""

    def __init__(self, columns: int, page_columns: int, vocabulary: Vocabulary) -> None:
        super().__init__()
        self.names = nn.EmbeddingBag(max(1, len(vocabulary.names)), NAME_SIZE, mode="sum")
        self.cues = nn.EmbeddingBag(max(1, len(vocabulary.cues)), CUE_SIZE, mode="sum")
        for table in (self.names, self.cues):
            nn.init.normal_(table.weight, 0, 0.05)
        self.l1 = nn.Linear(columns + 4 * NAME_SIZE, HIDDEN)
        self.pl = nn.Linear(2 * HIDDEN + page_columns + CUE_SIZE, SUMMARY)
        self.ty = nn.Linear(SUMMARY, len(TYPES))
        self.pv = nn.Linear(SUMMARY, CONTEXT)
        self.l2 = nn.Linear(HIDDEN + CONTEXT + len(TYPES), MIXED)
        self.c1 = nn.Conv1d(MIXED, MIXED, TAPS, padding=TAPS // 2)
        self.c2 = nn.Conv1d(MIXED, MIXED, TAPS, padding=TAPS // 2 * 2, dilation=2)
        self.out = nn.Linear(MIXED, 2)
        self.r1 = nn.Linear(MIXED + 4 * ANCESTORS, REFINED)
        self.r2 = nn.Linear(REFINED, 1)
        self.drop = nn.Dropout(DROPOUT)

    def forward(self, batch: Batch, given: Tensor | None = None) -> "Logits":
        """Return the logits; ``given`` are the types (pages x types) that the body sees.

        Without them, or where they are NaN, it sees those that the network itself finds.
        """
        values, named = batch.blocks, self._named(batch)
        if self.training:
            named = named * batch.named[batch.page, None]
        hidden = self.drop(torch.relu(self.l1(torch.cat([values, named], 1))))
        summary = self.drop(self._summary(batch, hidden))
        types = self.ty(summary)
        shown = torch.softmax(types, 1).detach()
        if given is not None:
            shown = torch.where(given.isnan(), shown, given)
        context = torch.cat([self.pv(summary), shown], 1)[batch.page]
        mixed = self.drop(torch.relu(self.l2(torch.cat([hidden, context], 1))))
        mixed = self._in_order(batch, mixed)
        first = self.out(mixed)
        held = _shares(batch, torch.sigmoid(first[:, 0]))
        refined = torch.relu(self.r1(torch.cat([mixed, held], 1)))
        body = first[:, 0] + self.r2(refined)[:, 0]
        return Logits(body, first[:, 0], first[:, 1], types)

    def _named(self, batch: Batch) -> Tensor:
        vectors = self.names(batch.tokens, batch.offsets)
        chain = torch.zeros(len(batch.page), NAME_SIZE)
        chain = chain.index_add(0, batch.chain_blocks, vectors[batch.chain_names])
        own, above, grand = (vectors[line] for line in batch.holders)
        return torch.cat([own + vectors[batch.inlines], above, grand, CHAIN * chain], 1)

    def _summary(self, batch: Batch, hidden: Tensor) -> Tensor:
        count = len(batch.pages)
        heavy = torch.log1p(batch.words)
        mean = torch.zeros(count, hidden.shape[1]).index_add(0, batch.page, hidden)
        weighed = torch.zeros(count, hidden.shape[1])
        weighed = weighed.index_add(0, batch.page, hidden * heavy[:, None])
        weight = torch.zeros(count).index_add(0, batch.page, heavy).clamp(min=1e-3)
        pooled = [
            mean / batch.counts[:, None],
            weighed / weight[:, None],
            batch.whole,
            self.cues(batch.cues, batch.cue_offsets),
        ]
        return torch.relu(self.pl(torch.cat(pooled, 1)))

    def _in_order(self, batch: Batch, mixed: Tensor) -> Tensor:
        row = torch.zeros(batch.length, mixed.shape[1]).index_copy(0, batch.slots, mixed).T[None]
        mask = torch.zeros(batch.length).index_fill(0, batch.slots, 1.0)
        for layer in (self.c1, self.c2):
            row = (row + torch.relu(layer(row))) * mask
        return row[0].T[batch.slots]


@dataclass(frozen=True)
class Logits:
    """``body`` refines ``first``; both and ``standfirst`` by block, ``types`` by page."""

    body: Tensor
    first: Tensor
    standfirst: Tensor
    types: Tensor


def _shares(batch: Batch, probabilities: Tensor) -> Tensor:
    """Return what ``scraper.cleaner.model`` calls the shares, for all pages of the batch."""
    words = batch.words.double()
    kept = probabilities.double() * words
    zero = torch.zeros(1, dtype=torch.double)
    until = torch.cat([zero, torch.cumsum(kept, 0)])
    until_words = torch.cat([zero, torch.cumsum(words, 0)])
    totals = torch.zeros(len(batch.pages), dtype=torch.double).index_add(0, batch.page, kept) + 1
    total = totals[batch.page]
    columns = []
    for first, last, kinds in zip(batch.firsts, batch.lasts, batch.kinds, strict=True):
        inside = until[last] - until[first]
        alike = torch.zeros(batch.kind_count, dtype=torch.double).index_add(0, kinds, kept)
        alike_words = torch.zeros(batch.kind_count, dtype=torch.double).index_add(0, kinds, words)
        columns += [
            inside / (until_words[last] - until_words[first] + 1e-3),
            inside / total,
            (alike / (alike_words + 1e-3))[kinds],
            alike[kinds] / total,
        ]
    return torch.stack(columns, 1).float()
