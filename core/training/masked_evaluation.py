"""How well a BERT fills gaps in reviews, and what it makes of their writers' opinions. N texts, M asked places."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from core.networks.bert import Bert
from core.networks.masked_head import MaskedBert
from core.training.fast_bert import class_logits, last_hidden
from core.training.precision import mixed
from core.training.reviews import Ids, padded
from core.training.whole_words import WholeWords

GAP_LENGTH = 128  # tokens of a review in which words are asked for
BATCH = 64


@dataclass(frozen=True)
class Filled:
    """What came of the asked places, all kinds together; ``hidden_*``: of those behind [MASK] alone."""

    count: int
    top1: float
    top5: float
    hidden_count: int
    hidden_top1: float
    hidden_top5: float
    loss: float  # nats a place


def device_of(bert: Bert) -> torch.device:
    """Where the network is."""
    return next(bert.parameters()).device


def groups(texts: Sequence[Ids], length: int) -> Iterator[tuple[list[int], Tensor, Tensor]]:
    """The texts in batches of like length: their numbers, ids and attention mask, (B, T) each, on the CPU."""
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    for k in range(0, len(order), BATCH):
        rows = order[k : k + BATCH]
        ids, mask = padded([texts[i] for i in rows], length)
        yield rows, ids, mask


@torch.no_grad()
def sentiment_logs(bert: Bert, texts: Sequence[Ids], length: int) -> Tensor:
    """Log-probabilities (N, labels) from the first ``length`` tokens of each text."""
    logs, device = torch.empty(len(texts), bert.config.num_labels), device_of(bert)
    for rows, ids, mask in groups(texts, length):
        with mixed(device):
            logits = class_logits(bert, last_hidden(bert, ids.to(device), mask.to(device)))
        logs[rows] = logits.float().log_softmax(1).cpu()
    return logs


@torch.no_grad()
def fill_accuracy(bert: MaskedBert, words: WholeWords, texts: Sequence[Ids], seed: int) -> Filled:
    """Words of the first ``GAP_LENGTH`` tokens masked as in training, by a fixed seed: how often one is named."""
    generator, device = torch.Generator().manual_seed(seed), device_of(bert)
    rows: list[Tensor] = []  # (M, 4): among the first, among the first five, behind [MASK], loss
    for _, ids, mask in groups(texts, GAP_LENGTH):
        drawn = words.mask(ids, generator)
        with mixed(device):
            hidden = last_hidden(bert, drawn.ids.to(device), mask.to(device))
            logits = bert.word_logits(hidden[drawn.asked.to(device)]).float()  # (M, V)
        answers = ids[drawn.asked].to(device)
        named = logits.topk(5, dim=1).indices == answers[:, None]  # (M, 5)
        losses = functional.cross_entropy(logits, answers, reduction="none")
        kind = drawn.hidden[drawn.asked].to(device)
        rows.append(torch.stack([named[:, 0].float(), named.any(1).float(), kind.float(), losses], dim=1).cpu())
    found = torch.cat(rows).double()  # (M, 4)
    behind = found[found[:, 2] == 1]
    top1, top5, _, loss = found.mean(0).tolist()
    hidden_top1, hidden_top5 = behind[:, :2].mean(0).tolist()
    return Filled(len(found), top1, top5, len(behind), hidden_top1, hidden_top5, loss)


@torch.no_grad()
def mean_states(bert: Bert, texts: Sequence[Ids], length: int) -> Tensor:
    """The mean of the last hidden states of each text's tokens, (N, C)."""
    means, device = torch.empty(len(texts), bert.config.hidden_size), device_of(bert)
    for rows, ids, mask in groups(texts, length):
        with mixed(device):
            hidden = last_hidden(bert, ids.to(device), mask.to(device)).float().cpu()  # (B, T, C)
        means[rows] = (hidden * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
    return means


def probe_accuracy(
    bert: Bert,
    train: Sequence[Ids],
    train_labels: NDArray[np.int64],
    test: Sequence[Ids],
    test_labels: NDArray[np.int64],
    length: int,
) -> float:
    """Whether the network's states know what the writer thought, whatever its own classifier has learned.

    A linear probe (Alain & Bengio, 2016): ridge regression of ±1 on the standardised mean states of ``train``, then the
    share of ``test`` on the right side of 0.
    """
    states = mean_states(bert, train, length)
    middle, spread = states.mean(0), states.std(0).clamp(min=1e-6)
    x = with_one((states - middle) / spread)  # (N, C + 1)
    y = torch.from_numpy(2.0 * train_labels - 1).float()  # (N,)
    weights = torch.linalg.solve(x.T @ x + len(x) * 0.01 * torch.eye(x.size(1)), x.T @ y)  # (C + 1,)
    said = with_one((mean_states(bert, test, length) - middle) / spread) @ weights  # (M,)
    return float(((said > 0).numpy() == (test_labels > 0)).mean())


def with_one(x: Tensor) -> Tensor:
    """(N, C) → (N, C + 1) with a last column of ones."""
    return torch.cat([x, torch.ones(len(x), 1)], dim=1)
