"""How few heads keep a classifier's accuracy: heads switched off one by one, the one that is missed least first.

After Michel et al. (2019), https://arxiv.org/abs/1905.10650. Which head goes is chosen on one half of the sentences and
told on the other, which had no part in the choice; beside it stand orders drawn at random. N heads, n sentences.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product

import numpy as np
import torch
from torch import Tensor

from core.data.labels import SENTIMENT
from core.needs import EVALUATION, lent
from core.networks.bert import Bert
from core.stops import Stopped, never
from core.text.attend import TextModel, device_of
from core.text.cut import Head, heads_on
from core.text.tokens import encode

TOKENS = 128  # of a text that are read
BATCH = 50
ROWS = 200  # of a pass
ORDERS = 10  # drawn at random
KEEPS = 0.95  # of the accuracy

Curve = tuple[float, ...]


@dataclass(frozen=True)
class Labelled:
    """Texts and their labels, by the names of ``SENTIMENT``; ``source``: where they come from."""

    source: str
    texts: tuple[str, ...]
    labels: tuple[str, ...]

    def __post_init__(self) -> None:
        assert len(self.texts) == len(self.labels), f"{len(self.texts)} texts have {len(self.labels)} labels"
        assert set(self.labels) <= set(SENTIMENT), f"expected {SENTIMENT}, got {sorted(set(self.labels))}"


@dataclass(frozen=True)
class Pruning:
    """How the search stands, after k of N heads were switched off.

    ``order``: layer and head of those, from 0, in their order. ``chosen``: (k + 1,) accuracy on the sentences by which
    they were chosen, ``held`` on the others; entry i with i heads off. ``random``: the same as ``held`` for each of
    ``ORDERS`` random orders. ``sentences``: how many there are of both kinds.
    """

    total: int
    sentences: tuple[int, int]
    order: tuple[Head, ...]
    chosen: Curve
    held: Curve
    random: tuple[Curve, ...] = field(default=())

    @property
    def done(self) -> bool:
        """Whether every head is off."""
        return len(self.order) == self.total


def fewest(curve: Curve, total: int, keeps: float = KEEPS) -> int:
    """How many of ``total`` heads are left where the accuracy last was at least ``keeps`` of the first, before it fell
    below for the first time."""
    least = keeps * curve[0]
    fell = next((off for off, accuracy in enumerate(curve) if accuracy < least - 1e-9), len(curve))
    return total - (fell - 1)


class Part:
    """Labelled texts, tokenized once and padded in batches of about one length."""

    def __init__(self, model: TextModel, texts: Sequence[str], labels: Sequence[str]) -> None:
        network: Bert = model.network
        limit = min(TOKENS, network.config.max_positions)
        rows = [encode(model.processor, text, limit=limit).ids for text in texts]
        names = network.config.labels or SENTIMENT
        order = sorted(range(len(rows)), key=lambda i: len(rows[i]))
        self.network, self.count, self.batches = network, len(rows), []
        for start in range(0, len(order), BATCH):
            places = order[start : start + BATCH]
            self.batches.append(self._padded([rows[i] for i in places], [names.index(labels[i]) for i in places]))

    def _padded(self, rows: list[tuple[int, ...]], labels: list[int]) -> tuple[Tensor, Tensor, Tensor]:
        T, pad = max(map(len, rows)), self.network.config.pad_id
        ids = torch.tensor([[*row, *[pad] * (T - len(row))] for row in rows])  # (B, T)
        seen = torch.tensor([[1] * len(row) + [0] * (T - len(row)) for row in rows])  # (B, T)
        device = device_of(self.network)
        return ids.to(device), seen.to(device), torch.tensor(labels, device=device)

    @torch.inference_mode()
    def score(self, cuts: Sequence[Sequence[Head]]) -> list[tuple[float, float]]:
        """For each choice of heads that are off: the accuracy, and the mean cross-entropy in nats.

        Several choices go through the network side by side, each row of a batch with heads of its own.
        """
        right, loss = np.zeros(len(cuts), int), np.zeros(len(cuts))
        ones = torch.ones(self.network.config.num_layers, self.network.config.num_heads)
        on = torch.stack([ones if (one := heads_on(self.network, cut)) is None else one.to(ones) for cut in cuts])
        for ids, seen, labels in self.batches:
            B, at_once = len(ids), max(1, ROWS // len(ids))
            for low in range(0, len(cuts), at_once):
                some = on[low : low + at_once].to(next(self.network.parameters()))  # (S, L, H)
                S = len(some)
                rows = some.repeat_interleave(B, dim=0)  # (S · B, L, H)
                logits = self.network(ids.repeat(S, 1), attention_mask=seen.repeat(S, 1), heads=rows).logits
                assert logits is not None, "only a classifier can be right"
                logits, truth = logits.float(), labels.repeat(S)
                hits = (logits.argmax(dim=-1) == truth).view(S, B).sum(dim=1)
                lost = torch.nn.functional.cross_entropy(logits, truth, reduction="none").view(S, B).sum(dim=1)
                right[low : low + S] += hits.cpu().numpy()
                loss[low : low + S] += lost.double().cpu().numpy()
        return [(float(r) / self.count, float(one) / self.count) for r, one in zip(right, loss, strict=True)]


def halves(labels: Sequence[str], seed: int) -> tuple[list[int], list[int]]:
    """Places of texts to choose by, and of texts to tell by: each label is in both as often, or once more in one."""
    rng = np.random.default_rng(seed)
    order = [i for name in SENTIMENT for i in rng.permutation([i for i, label in enumerate(labels) if label == name])]
    return [int(i) for i in order[::2]], [int(i) for i in order[1::2]]


@lent(EVALUATION)
def prune(model: TextModel, sample: Labelled, seed: int = 0, stopped: Stopped = never) -> Iterator[Pruning]:
    """The search, a step for each head; the first step has none off. At least two sentences are needed.

    The next head to go is the one without which accuracy is best, and of equal ones the one with the lower loss.
    """
    network: Bert = model.network
    by, told = (
        Part(model, [sample.texts[i] for i in places], [sample.labels[i] for i in places])
        for places in halves(sample.labels, seed)
    )
    heads = list(product(range(network.config.num_layers), range(network.config.num_heads)))
    rng = np.random.default_rng(seed)
    orders = [[heads[i] for i in rng.permutation(len(heads))] for _ in range(ORDERS)]
    ((whole, _),), ((first, _),) = told.score([()]), by.score([()])
    cut: list[Head] = []
    chosen, held, random = [first], [whole], [[whole] for _ in orders]
    for step in range(len(heads) + 1):
        yield Pruning(
            len(heads), (by.count, told.count), tuple(cut), tuple(chosen), tuple(held), tuple(map(tuple, random))
        )
        if step == len(heads) or stopped():
            return
        left = [head for head in heads if head not in cut]
        tried = by.score([[*cut, head] for head in left])
        best = max(range(len(left)), key=lambda i: (tried[i][0], -tried[i][1]))
        cut.append(left[best])
        chosen.append(tried[best][0])
        (now, _), *others = told.score([cut, *(order[: step + 1] for order in orders)])
        held.append(now)
        for curve, (accuracy, _) in zip(random, others, strict=True):
            curve.append(accuracy)
