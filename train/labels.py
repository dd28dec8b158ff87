"""Labels a page's blocks by aligning their words with the gold's."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from bench.metrics import tokens

Floats = npt.NDArray[np.float32]

SHINGLE = 4
"""Words in a row that must stand in the gold; the row may run over the end of a block, so that
neighbouring short lines prove each other."""

LONG = 5
"""Words from which a block is labelled by the share of its words that shingles cover."""

NEAR = 3
"""Blocks within which a short line needs a long kept block, or it is a menu item of that name."""

KEPT = 0.6
"""Share of covered words from which a long block vouches for short ones."""


def from_gold(texts: Sequence[str], gold: str) -> Floats:
    """Return for each text the share of its words that belong to the gold, 0 to 1."""
    blocks = [tokens(text) for text in texts]
    shares = _covered(blocks, tokens(gold))
    lines = {tuple(tokens(line)) for line in gold.split("\n")}
    is_kept = [
        len(block) >= LONG and share > KEPT for block, share in zip(blocks, shares, strict=True)
    ]
    labels = np.zeros(len(blocks), np.float32)
    for place, (block, share) in enumerate(zip(blocks, shares, strict=True)):
        if len(block) >= LONG:
            labels[place] = share
        elif block:
            near = any(is_kept[max(0, place - NEAR) : place + NEAR + 1])
            labels[place] = _short(share, exact=tuple(block) in lines, near=near)
    return labels


def _short(share: float, *, exact: bool, near: bool) -> float:
    """Weigh what speaks for a short line: covered by shingles, a line of the gold, kept nearby."""
    if share > 0.99:
        return 1.0 if exact or near else 0.8
    if exact:
        return 1.0 if near else 0.4
    return 0.0


def _covered(blocks: Sequence[Sequence[str]], gold: Sequence[str]) -> list[float]:
    known = set(zip(*(gold[offset:] for offset in range(SHINGLE)), strict=False))
    stream = [token for block in blocks for token in block]
    covered = bytearray(len(stream))
    for place, shingle in enumerate(
        zip(*(stream[offset:] for offset in range(SHINGLE)), strict=False)
    ):
        if shingle in known:
            covered[place : place + SHINGLE] = b"\x01" * SHINGLE
    shares, start = [], 0
    for block in blocks:
        shares.append(sum(covered[start : start + len(block)]) / max(1, len(block)))
        start += len(block)
    return shares


def from_segments(texts: Sequence[str], wanted: Sequence[str], unwanted: Sequence[str]) -> Floats:
    """Return 1 and 0 for the blocks that hold a wanted or an unwanted segment, NaN for the rest."""
    labels = np.full(len(texts), np.nan, np.float32)
    squeezed = [" ".join(text.split()) for text in texts]
    for segments, label in ((unwanted, 0.0), (wanted, 1.0)):
        for segment in filter(None, (" ".join(segment.split()) for segment in segments)):
            for place, text in enumerate(squeezed):
                if segment in text:
                    labels[place] = label
    return labels
