"""A BERT that first fills gaps in reviews and then learns what their writers thought.

B texts, T tokens, M asked places, V entries of the vocabulary.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from core.networks.bert import BertConfig
from core.networks.masked_head import MaskedBert
from core.training.checkpoint import named_tensors, write_whole
from core.training.ema import Ema
from core.training.fast_bert import class_logits, last_hidden
from core.training.loop import warm_cosine
from core.training.masked_evaluation import device_of, fill_accuracy, sentiment_logs
from core.training.muon import muon_for
from core.training.neighbours import start_at_neighbours
from core.training.precision import mixed
from core.training.reviews import Ids, padded
from core.training.task import Step, Task
from core.training.whole_words import WholeWords
from core.training.word_counts import start_from_counts

PRETRAINING = 0.65  # of the training, by progress; the rest is fine-tuning
# until which progress of the phase, how many tokens of a review
GAP_LENGTHS = ((0.6, 64), (0.9, 128), (1.0, 256))
REVIEW_LENGTHS = ((0.35, 128), (0.7, 256), (1.0, 512))
STAGES = {  # the file that keeps the weights of the moment → that moment, by progress
    "untrained": 0.0,
    "pretraining_1": 0.1 * PRETRAINING,
    "pretraining_2": 0.4 * PRETRAINING,
    "pretrained": PRETRAINING,
    "fine_tuning_1": PRETRAINING + 0.1 * (1 - PRETRAINING),
}
KEPT_GAPS = 0.3  # weight of the masked words' loss in fine-tuning: what was learned first is not lost
FINE_RATE = 0.4  # the learning rate of fine-tuning against that of pre-training
LOG_EVERY = 200  # steps, at most, that count as an epoch: a row of the log and a checkpoint


class Reviews(NamedTuple):
    """Token ids of reviews without special tokens, and what their writers thought: 0 or 1."""

    ids: list[Ids]
    labels: NDArray[np.int64]


class MaskedThenSentiment(Task):
    """Pre-training on windows of reviews, then fine-tuning on reviews from their beginning."""

    clip = 1.0
    network: MaskedBert

    def __init__(self, config: BertConfig, words: WholeWords, train: Reviews, held: Reviews, **how: Any) -> None:
        self.words, self.train, self.held = words, train, held
        self.batch: int = how["batch"]  # reviews a batch in fine-tuning; in pre-training, as many windows of 64 tokens
        self.longest = config.max_positions
        self.folder: Path = how["folder"]
        self.pretrained_until: float = PRETRAINING if how.get("pretraining", True) else 0.0
        self.network = MaskedBert(config)
        self.untrained = named_tensors(self.network, "")
        start_at_neighbours(self.network, how.get("seed", 0))
        start_from_counts(self.network, train.ids)
        self.ema = Ema(self.network, 0.998)
        plain = ("embeddings", "classifier", "pooler")
        self.optimizer = muon_for(self.network, how["rate"], how["decay"], plain)
        sizes = np.array([len(ids) for ids in train.ids], dtype=np.float64)
        self.shares = torch.from_numpy(sizes / sizes.sum())  # a long review has more words to learn from
        self.order = np.random.default_rng(how.get("seed", 0)).permutation(len(train.ids))

    def steps(self) -> int:
        whole = -(-sum(len(ids) for ids in self.train.ids) // (64 * self.batch))
        return min(LOG_EVERY, whole)

    def batches(self, epoch: int, generator: torch.Generator) -> Iterator[tuple[int, torch.Generator]]:
        for step in range(self.steps()):
            yield (epoch - 1) * self.steps() + step, generator

    def phase(self, progress: float) -> tuple[bool, float]:
        """Whether words are still all there is to learn, and how far the phase is: 0..1."""
        until = self.pretrained_until
        if progress < until:
            return True, progress / until
        return False, (progress - until) / (1 - until)

    def length(self, progress: float) -> int:
        """Tokens of a window. Short ones are cheap and teach the most a second; long ones come last."""
        first, along = self.phase(progress)
        lengths = GAP_LENGTHS if first else REVIEW_LENGTHS
        return min(self.longest, next(length for until, length in lengths if along < until or until == 1.0))

    def factor(self, progress: float) -> float:
        first, along = self.phase(progress)
        return warm_cosine(along, 0.04, 0.1) if first else FINE_RATE * warm_cosine(along, 0.08)

    def loss(self, batch: tuple[int, torch.Generator], progress: float) -> Step:
        step, generator = batch
        if self.phase(progress)[0]:
            return self.gap_loss(self.length(progress), generator)
        return self.review_loss(step, self.length(progress), generator)

    def gap_loss(self, length: int, generator: torch.Generator) -> Step:
        """Masked words alone, in windows from anywhere in a review; every batch has about as many tokens."""
        rows = torch.multinomial(self.shares, max(1, self.batch * 64 // length), True, generator=generator)
        ids, mask = padded([self.window(self.train.ids[j], length, generator) for j in rows.tolist()], length)
        drawn, device = self.words.mask(ids, generator), device_of(self.network)
        with mixed(device):
            whole = None if bool(mask.all()) else mask.to(device)
            hidden = last_hidden(self.network, drawn.ids.to(device), whole)
            logits = self.network.word_logits(hidden[drawn.asked.to(device)])  # (M, V)
        answers = ids[drawn.asked].to(device)
        return Step(mean_loss(logits, answers), int((logits.argmax(1) == answers).sum()), max(1, len(answers)))

    def review_loss(self, step: int, length: int, generator: torch.Generator) -> Step:
        """What the writer thought, and the masked words as well, from the beginning of reviews of like length."""
        rows = self.rows(step)
        ids, mask = padded([self.train.ids[j] for j in rows], length)
        drawn, device = self.words.mask(ids, generator), device_of(self.network)
        with mixed(device):
            hidden = last_hidden(self.network, drawn.ids.to(device), mask.to(device))
            logits = class_logits(self.network, hidden)  # (B, labels)
            words = self.network.word_logits(hidden[drawn.asked.to(device)])  # (M, V)
        labels = torch.from_numpy(self.train.labels[rows]).to(device)
        loss = functional.cross_entropy(logits.float(), labels, label_smoothing=0.05)
        loss = loss + KEPT_GAPS * mean_loss(words, ids[drawn.asked].to(device))
        return Step(loss, int((logits.argmax(1) == labels).sum()), len(rows))

    def rows(self, step: int) -> list[int]:
        """The reviews of a step: each comes once in a round; within 20 batches they are sorted by length."""
        chunk, place = divmod(step, 20)
        size = 20 * self.batch
        numbers = np.arange(chunk * size, (chunk + 1) * size) % len(self.order)
        several = sorted(self.order[numbers].tolist(), key=lambda j: len(self.train.ids[j]))
        place = int(np.random.default_rng(chunk).permutation(20)[place])
        return several[place * self.batch : (place + 1) * self.batch]

    def window(self, ids: Ids, length: int, generator: torch.Generator) -> Ids:
        """A stretch of a review that fits and begins with a word."""
        spare = len(ids) - (length - 2)
        if spare <= 0:
            return ids
        start = int(torch.randint(spare + 1, (), generator=generator))
        while start > 0 and bool(self.words.continues[int(ids[start])]):
            start -= 1
        return ids[start:]

    def milestone(self, epoch: int, progress: float) -> None:
        for name, moment in STAGES.items():
            path = self.folder / f"{name}.safetensors"
            if self.pretrained_until and progress >= moment > 0 and not path.is_file():
                path.parent.mkdir(parents=True, exist_ok=True)
                write_whole(named_tensors(self.averaged(), ""), path, {})

    def validate(self, network: torch.nn.Module) -> dict[str, float]:
        assert isinstance(network, MaskedBert)
        logs = sentiment_logs(network, self.held.ids, min(256, self.longest))
        labels = torch.from_numpy(self.held.labels)
        found = fill_accuracy(network, self.words, self.held.ids, seed=0)
        return {
            "loss": float(functional.nll_loss(logs, labels)),
            "accuracy": float((logs.argmax(1) == labels).double().mean()),
            "masked_loss": found.loss,
            "masked_top1": found.top1,
            "masked_top5": found.top5,
        }


def mean_loss(logits: Tensor, answers: Tensor) -> Tensor:
    """Mean cross-entropy of logits (M, V) in nats; 0 where nothing was asked."""
    return functional.cross_entropy(logits.float(), answers, reduction="sum") / max(1, len(answers))
