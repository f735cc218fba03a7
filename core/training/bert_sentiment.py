"""``bert-sentiment``: our own BERT, from random weights, learns whether a film was liked.

Short stretches of the reviews come first, whole reviews last. A few words are hidden behind [MASK] all along, which
keeps the network from leaning on single words, and costs less than drawing dropout's random numbers.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file
from torch import nn

from core.data.datasets import SOURCES, data_root, load_texts
from core.data.labels import SENTIMENT
from core.metrics import Confusion, class_report, wilson_interval
from core.networks.bert import PRESETS, Bert, BertConfig, create_bert
from core.training.checkpoint import halves, load_named, named_tensors, write_whole
from core.training.recipe import Options, Recipe
from core.training.reviews import HIDDEN, SentimentTask, predict
from core.training.vocabulary import CONFIG, encode_all, load_tokenizer, train_tokenizer

ARCHITECTURE = "attention-lab-bert"
VOCABULARY = 8000


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
                name: {"precision": p, "recall": r, "f1": f, "support": n}
                for name, (p, r, f, n) in zip(SENTIMENT, report.rows, strict=True)
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
