"""What counting alone tells about words, before any gradient: how often each occurs, and which stand near which.

V entries of the vocabulary, C width. Both are found in seconds, and a network that starts from them need not spend its
first minutes on rediscovering them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn

from core.networks.masked_head import MaskedBert
from core.training.reviews import MASK, Ids

REACH = 4  # places to each side that count as near
COMPANY = 2000  # entries, the most frequent, by whose nearness the others are described
CLIP = 4.0  # nats; pieces that only ever stand together would drown everything else
DEVIATION = 0.02  # BERT's own initialisation


def log_frequencies(texts: Sequence[Ids], size: int) -> Tensor:
    """Logarithm of each entry's share of all tokens (V,); an entry that never occurs counts as half a token."""
    counts = np.bincount(np.concatenate(texts), minlength=size).astype(np.float64)
    return torch.from_numpy(np.log(np.maximum(counts, 0.5) / counts.sum())).float()


def neighbour_counts(texts: Sequence[Ids], size: int) -> Tensor:
    """(V, V): how often the column's entry follows the row's; at distance d it counts 1 / d."""
    gap = np.full(REACH, -1, np.int16)  # keeps texts apart
    stream = np.concatenate([part for text in texts for part in (text, gap)]).astype(np.int64)
    counts = np.zeros(size * size, dtype=np.float32)
    for distance in range(1, REACH + 1):
        left, right = stream[:-distance], stream[distance:]
        both = (left >= 0) & (right >= 0)
        counts += np.bincount(left[both] * size + right[both], minlength=size * size).astype(np.float32) / distance
    return torch.from_numpy(counts.reshape(size, size))


def information(counts: Tensor) -> Tensor:
    """Positive pointwise mutual information of rows and columns (V, K), at most ``CLIP``.

    Columns weigh by their count to the power 3/4, or rare company would count for too much.
    """
    rows, columns = counts.sum(1, keepdim=True), counts.sum(0, keepdim=True) ** 0.75
    expected = (rows * columns / columns.sum()).clamp(min=1e-12)
    return torch.log(counts / expected).clamp(0, CLIP)  # the logarithm of 0 becomes 0


def vectors_from_counts(follows: Tensor, width: int, seed: int = 0) -> Tensor:
    """Counts (V, V) of what follows what → a vector an entry (V, C): entries in like company get like vectors.

    Leading singular vectors of the information that an entry gives on what stands before it and after it, scaled by the
    root of the singular values (Levy, Goldberg & Dagan, 2015, https://aclanthology.org/Q15-1016). Each is as long as
    one of BERT's random vectors; an entry without company has length 0.
    """
    known = follows.sum(0) + follows.sum(1) > 0
    company = (follows.sum(0) + follows.sum(1)).topk(min(COMPANY, len(follows))).indices
    after, before = information(follows[:, company]), information(follows.T[:, company])
    table = torch.cat([after, before], dim=1)  # (V, 2 K)
    table = (table - table[known].mean(0)) * known[:, None]
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        left, values, _ = torch.svd_lowrank(table, q=min(width + 16, *table.shape), niter=3)
        turned = torch.linalg.qr(torch.randn(width, width))[0]  # so that no axis is worth more than another
    found = (left * values.sqrt())[:, :width]
    vectors = nn.functional.pad(found, (0, width - found.size(1))) @ turned
    scaled: Tensor = nn.functional.normalize(vectors, dim=1) * DEVIATION * width**0.5 * known[:, None]
    return scaled


@torch.no_grad()
def start_from_counts(bert: MaskedBert, texts: Sequence[Ids]) -> None:
    """Set the token embeddings of ``bert`` from the company of words, and its masked head's bias from their frequency.

    Entries that occur nowhere near another, such as special tokens, keep their random vectors.
    """
    table = bert.embeddings.token.weight
    vectors = vectors_from_counts(neighbour_counts(texts, table.size(0)), table.size(1))
    known = vectors.norm(dim=1) > 0
    known[: MASK + 1] = False
    table[known] = vectors[known]
    bert.masked_head.bias.copy_(log_frequencies(texts, table.size(0)))
