"""Reviews as training batches, and the BERT that reads them. B texts, T tokens."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from core.networks.bert import Bert, BertConfig, create_bert
from core.training.checkpoint import named_tensors, write_whole
from core.training.ema import Ema
from core.training.loop import warm_cosine
from core.training.muon import muon_for
from core.training.precision import mixed
from core.training.task import Step, Task

CLS, SEP, MASK = 2, 3, 4
EARLY = 0.15  # of the training, by progress: when the weights of early.safetensors are set aside
HIDDEN = 0.1  # share of the words behind [MASK] in training
STAGES = ((0.3, 64), (0.75, 128), (1.0, 256))  # until which progress, how many tokens of a review
Ids = NDArray[np.int16]


def padded(texts: list[Ids], length: int) -> tuple[Tensor, Tensor]:
    """Ids without special tokens → ids with [CLS] and [SEP] and attention mask, (B, T) each, T at most ``length``."""
    kept = [text[: length - 2] for text in texts]
    T = max(map(len, kept)) + 2
    ids, mask = torch.zeros(len(kept), T, dtype=torch.long), torch.zeros(len(kept), T, dtype=torch.long)
    for row, text in enumerate(kept):
        ids[row, : len(text) + 2] = torch.tensor([CLS, *text.tolist(), SEP])
        mask[row, : len(text) + 2] = 1
    return ids, mask


class SentimentTask(Task):
    """Windows of reviews in batches of like length."""

    clip = 1.0

    def __init__(
        self,
        config: BertConfig,
        train: list[Ids],
        labels: NDArray[np.int64],
        held: list[Ids],
        held_labels: Any,
        **how: Any,
    ) -> None:
        self.train_ids, self.labels, self.held, self.held_labels = train, labels, held, held_labels
        self.batch: int = how["batch"]
        self.longest = config.max_positions
        self.network = create_bert(config)
        self.untrained = named_tensors(self.network, "")
        self.early: dict[str, Tensor] | None = None
        self.early_path: Path = how["early_path"]
        self.ema = Ema(self.network, 0.995)
        self.optimizer = muon_for(self.network, how["rate"], how["decay"], ("embeddings", "classifier", "pooler"))

    def steps(self) -> int:
        return -(-len(self.train_ids) // self.batch)

    def length(self, progress: float) -> int:
        """Short windows are cheap and teach the most a second; the whole length comes last."""
        return min(self.longest, next(length for until, length in STAGES if progress < until or until == 1.0))

    def batches(self, epoch: int, generator: torch.Generator) -> Iterator[tuple[list[int], torch.Generator]]:
        order = torch.randperm(len(self.train_ids), generator=generator).tolist()
        groups = []
        for i in range(0, len(order), self.batch * 20):
            chunk = sorted(order[i : i + self.batch * 20], key=lambda j: len(self.train_ids[j]))
            groups += [chunk[k : k + self.batch] for k in range(0, len(chunk), self.batch)]
        for k in torch.randperm(len(groups), generator=generator).tolist():
            yield groups[k], generator

    def window(self, ids: Ids, length: int, generator: torch.Generator) -> Ids:
        """A stretch of a review that fits; half of the time the beginning, which is what is read later."""
        spare = len(ids) - (length - 2)
        if spare <= 0 or torch.rand((), generator=generator) < 0.5:
            return ids
        start = int(torch.randint(spare + 1, (), generator=generator))
        return ids[start:]

    def loss(self, batch: tuple[list[int], torch.Generator], progress: float) -> Step:
        rows, generator = batch
        length = self.length(progress)
        ids, mask = padded([self.window(self.train_ids[j], length, generator) for j in rows], length)
        labels = torch.from_numpy(self.labels[rows])  # (B,)
        hidden_words = (torch.rand(ids.shape, generator=generator) < HIDDEN) & (ids > MASK)  # (B, T)
        ids, mask = ids.masked_fill(hidden_words, MASK).to(self.device), mask.to(self.device)
        labels = labels.to(self.device)
        with mixed(self.device):
            output = self.network(ids, attention_mask=mask)
        loss = nn.functional.cross_entropy(output.logits.float(), labels, label_smoothing=0.05)
        return Step(loss, (output.logits.argmax(1) == labels).sum(), len(rows))

    def milestone(self, epoch: int, progress: float) -> None:
        if progress >= EARLY and not self.early_path.is_file():
            self.early_path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(named_tensors(self.averaged(), ""), self.early_path, {})

    def validate(self, network: nn.Module) -> dict[str, float]:
        logs = predict(network, self.held, self.longest)  # type: ignore[arg-type]
        labels = torch.from_numpy(self.held_labels)
        right = (logs.argmax(1) == labels).double().mean()
        return {"loss": float(nn.functional.nll_loss(logs, labels)), "accuracy": float(right)}

    def factor(self, progress: float) -> float:
        return warm_cosine(progress, 0.06)


@torch.no_grad()
def predict(bert: Bert, texts: list[Ids], length: int, batch: int = 64) -> Tensor:
    """Log-probabilities (N, labels) from the first ``length`` tokens of each text."""
    device = next(bert.parameters()).device
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))  # like lengths together: less padding
    logs = torch.empty(len(texts), bert.config.num_labels)
    for k in range(0, len(order), batch):
        rows = order[k : k + batch]
        ids, mask = padded([texts[i] for i in rows], length)
        with mixed(device):
            output = bert(ids.to(device), attention_mask=mask.to(device))
        logs[rows] = output.logits.float().log_softmax(1).cpu()
    return logs
