"""``bert-sentiment``: our own BERT, from random weights, learns whether a film was liked.

Short stretches of the reviews come first, whole reviews last. A few words are hidden behind [MASK] all along, which
keeps the network from leaning on single words, and costs less than drawing dropout's random numbers.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file
from torch import Tensor, nn

from core.bert import PRESETS, Bert, BertConfig, create_bert
from core.data import SOURCES, data_root, load_texts
from core.labels import SENTIMENT
from core.metrics import Confusion, class_report, wilson_interval
from core.training.checkpoint import halves, load_named, named_tensors, write_whole
from core.training.ema import Ema
from core.training.loop import Step, Task, warm_cosine
from core.training.muon import muon_for
from core.training.precision import mixed
from core.training.recipe import Options, Recipe
from core.training.vocabulary import CONFIG, encode_all, load_tokenizer, train_tokenizer

ARCHITECTURE = "attention-lab-bert"
CLS, SEP, MASK = 2, 3, 4
VOCABULARY = 8000
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
        with mixed():
            output = self.network(ids.masked_fill(hidden_words, MASK), attention_mask=mask)
        loss = nn.functional.cross_entropy(output.logits.float(), labels, label_smoothing=0.05)
        return Step(loss, int((output.logits.argmax(1) == labels).sum()), len(rows))

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
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))  # like lengths together: less padding
    logs = torch.empty(len(texts), bert.config.num_labels)
    for k in range(0, len(order), batch):
        rows = order[k : k + batch]
        ids, mask = padded([texts[i] for i in rows], length)
        with mixed():
            output = bert(ids, attention_mask=mask)
        logs[rows] = output.logits.float().log_softmax(1)
    return logs


def save_bert(config: BertConfig, folder: Path) -> None:
    """``config.json`` of a folder of ours."""
    values = {"architecture": ARCHITECTURE, **config.to_dict(), "labels": list(SENTIMENT)}
    (folder / "config.json").write_text(json.dumps(values, indent=2) + "\n", "utf-8")


def load_sentiment(folder: Path, weights: str = "model.safetensors") -> Bert:
    """The BERT of a folder of ours, with one of its weight files, in float32 and eval mode."""
    bert = create_bert(BertConfig.from_dict(json.loads((folder / "config.json").read_text("utf-8"))))
    load_named(bert, {name: value.float() for name, value in load_file(folder / weights).items()}, "")
    return bert.eval()


class BertSentiment(Recipe):
    """The recipe of ``bert-sentiment``."""

    data_terms = ("imdb",)
    headline = "accuracy"

    def __init__(self, options: Options) -> None:
        torch.manual_seed(options.seed)
        self.options, self.reference = options, options.preset == "reference"
        texts = load_texts("imdb", "train", data_root(options.data), options.work / "cache")
        order = np.random.default_rng(0).permutation(len(texts.texts))
        held = max(1, min(1000, len(order) // 10))
        train = order[: len(order) - held][: options.train_size]
        rows = [texts.texts[i] for i in train]
        self.tokenizer = train_tokenizer(rows, VOCABULARY)
        preset = PRESETS["reference" if self.reference else "small"]
        dropout = preset.dropout if self.reference else 0.0
        self.config = replace(preset, vocab_size=self.tokenizer.get_vocab_size(), num_labels=2, dropout=dropout)
        self.rate = options.learning_rate or (1e-4 if self.reference else 1.5e-3)
        self.batch = options.batch_size or (128 if self.reference else 32)
        held_rows = order[len(order) - held :]
        self.early_path = options.work / options.folder / "early.safetensors"
        if not options.resume:
            self.early_path.unlink(missing_ok=True)
        self.task: SentimentTask = SentimentTask(
            self.config,
            encode_all(self.tokenizer, rows),
            texts.labels[train],
            encode_all(self.tokenizer, [texts.texts[i] for i in held_rows]),
            texts.labels[held_rows],
            batch=self.batch,
            rate=self.rate,
            decay=0.05,
            early_path=self.early_path,
        )
        self.length = options.length(2 if self.reference else 10)

    def write(self, network: nn.Module, folder: Path) -> None:
        save_bert(self.config, folder)
        self.tokenizer.save(str(folder / "tokenizer.json"))
        (folder / "tokenizer_config.json").write_text(json.dumps(CONFIG, indent=2) + "\n", "utf-8")
        early = load_file(self.early_path) if self.early_path.is_file() else self.task.untrained
        for name, tensors in (
            ("untrained", self.task.untrained),
            ("early", early),
            ("model", named_tensors(network, "")),
        ):
            write_whole(halves(tensors), folder / f"{name}.safetensors", {})

    @staticmethod
    def measure(folder: Path, options: Options) -> dict[str, Any]:
        root = data_root(options.data)
        test = load_texts("imdb", "test", root, options.work / "cache")
        # Sorted by label, so a sample is drawn rather than cut off.
        order = np.random.default_rng(0).permutation(len(test.texts))[: options.test_size]
        ids, labels = encode_all(load_tokenizer(folder), [test.texts[i] for i in order]), test.labels[order]
        bert = load_sentiment(folder)
        longest = bert.config.max_positions
        logs = predict(bert, ids, longest)
        counts = Confusion(2).add(labels, logs.argmax(1).numpy()).counts
        report = class_report(counts)
        low, high = wilson_interval(int(np.trace(counts)), len(labels))
        short = float((predict(bert, ids, 32).argmax(1).numpy() == labels).mean())
        by_file = {}
        for name in ("untrained", "early"):
            found = predict(load_sentiment(folder, f"{name}.safetensors"), ids[:2000], longest)
            by_file[name] = float((found.argmax(1).numpy() == labels[:2000]).mean())
        return {
            "data": {
                "name": "imdb",
                "split": "test",
                "source": "LAB_DATA" if root is not None else SOURCES["imdb"].hub,
                "count": len(labels),
            },
            "figures": {
                "accuracy": report.accuracy,
                "accuracy_low": low,
                "accuracy_high": high,
                "accuracy_32_tokens": short,
                "accuracy_early": by_file["early"],
                "accuracy_untrained": by_file["untrained"],
                "loss": float(-logs[torch.arange(len(labels)), torch.from_numpy(labels)].mean()),
            },
            "labels": list(SENTIMENT),
            "report": {
                name: {"precision": float(p), "recall": float(r), "f1": float(f), "support": int(s)}
                for name, p, r, f, s in zip(
                    SENTIMENT, report.precision, report.recall, report.f1, report.support, strict=True
                )
            },
            "confusion": counts.tolist(),
            # One digit a text, in the seeded order in which they were drawn: 1 where the answer was right.
            "right": "".join("01"[int(ok)] for ok in logs.argmax(1).numpy() == labels),
        }

    def facts(self) -> dict[str, Any]:
        c = self.config
        return {
            "training_texts": len(self.task.train_ids),
            "vocabulary": f"{c.vocab_size} WordPiece entries, lower-cased, trained on the training texts",
            "width": c.hidden_size,
            "layers": c.num_layers,
            "heads": c.num_heads,
            "intermediate_size": c.intermediate_size,
            "longest_text": f"{c.max_positions} tokens",
            "dropout": c.dropout,
            "optimizer": "Muon on matrices, AdamW on the rest, moving average of the weights (0.995)",
            "learning_rate": self.rate,
            "batch_size": self.batch,
            "masked_words": f"{HIDDEN:.0%}",
        }
