"""``bert-imdb``: our own BERT, from random weights, fills gaps in film reviews and then learns what was liked.

Six moments of its training are kept, so that a page can play it: before it, three of pre-training, two of fine-tuning.
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

from core.data.datasets import SOURCES, Texts, data_root, load_texts
from core.data.labels import SENTIMENT
from core.metrics import Confusion, class_report, wilson_interval
from core.networks.bert import PRESETS, BertConfig
from core.networks.masked_head import MaskedBert
from core.networks.row_bytes import read_weights, rows_to_bytes
from core.training.bert_sentiment import save_bert
from core.training.checkpoint import halves, load_named, named_tensors, write_whole
from core.training.masked_evaluation import fill_accuracy, probe_accuracy, sentiment_logs
from core.training.masked_reviews import (
    FINE_RATE,
    GAP_LENGTHS,
    KEPT_GAPS,
    PRETRAINING,
    REVIEW_LENGTHS,
    STAGES,
    MaskedThenSentiment,
    Reviews,
)
from core.training.recipe import Options, Recipe
from core.training.vocabulary import CONFIG, encode_all, load_tokenizer, train_tokenizer
from core.training.whole_words import ASKED, WholeWords

VOCABULARY = 8000
POSITIONS = 512
HELD = 500  # training reviews that are only looked at, to draw the curve
SAMPLE = 1000  # test reviews by which the five stages on the way are measured
PROBE = 2000  # training reviews from which a stage's linear probe is fitted


def load_masked(folder: Path, weights: str = "model.safetensors") -> MaskedBert:
    """The BERT of a folder of this recipe, with one of its weight files, in float32 and eval mode."""
    bert = MaskedBert(BertConfig.from_dict(json.loads((folder / "config.json").read_text("utf-8"))))
    load_named(bert, read_weights(folder / weights), "")
    return bert.eval()


class BertImdb(Recipe):
    """The recipe of ``bert-imdb``."""

    data_terms = ("imdb",)
    headline = "accuracy"
    threads = 1  # on two cores that others use as well, a second thread waits more than it computes

    def __init__(self, options: Options) -> None:
        torch.manual_seed(options.seed)
        self.options = options
        texts = load_texts("imdb", "train", data_root(options.data), options.work / "cache")
        order = np.random.default_rng(0).permutation(len(texts.texts))
        held = max(1, min(HELD, len(order) // 10))
        train, rest = order[: len(order) - held][: options.train_size], order[len(order) - held :]
        self.tokenizer = train_tokenizer([texts.texts[i] for i in train], VOCABULARY)
        self.config = replace(
            PRESETS["small"],
            vocab_size=self.tokenizer.get_vocab_size(),
            max_positions=POSITIONS,
            num_labels=2,
            dropout=0.0,
        )
        self.rate, self.batch = options.learning_rate or 3e-3, options.batch_size or 32
        stages = options.work / options.folder
        if not options.resume:
            for name in STAGES:
                (stages / f"{name}.safetensors").unlink(missing_ok=True)
        self.task: MaskedThenSentiment = MaskedThenSentiment(
            self.config,
            WholeWords(self.tokenizer),
            self.reviews(texts, train),
            self.reviews(texts, rest),
            batch=self.batch,
            rate=self.rate,
            decay=0.05,
            folder=stages,
            seed=options.seed,
        )
        self.length = options.length(40)

    def reviews(self, texts: Texts, rows: Any) -> Reviews:
        """The reviews of these rows, encoded."""
        return Reviews(encode_all(self.tokenizer, [texts.texts[i] for i in rows]), texts.labels[rows])

    def write(self, network: nn.Module, folder: Path) -> None:
        save_bert(self.config, folder)
        self.tokenizer.save(str(folder / "tokenizer.json"))
        (folder / "tokenizer_config.json").write_text(json.dumps(CONFIG, indent=2) + "\n", "utf-8")
        write_whole(halves(named_tensors(network, "")), folder / "model.safetensors", {})
        for name in STAGES:
            path = self.task.folder / f"{name}.safetensors"
            kept = self.task.untrained if name == "untrained" else load_file(path) if path.is_file() else None
            if kept is not None:  # a training that was cut short has not seen them all
                write_whole(rows_to_bytes(kept), folder / f"{name}.safetensors", {})

    @staticmethod
    def measure(folder: Path, options: Options) -> dict[str, Any]:
        root, cache = data_root(options.data), options.work / "cache"
        tokenizer = load_tokenizer(folder)
        test = load_texts("imdb", "test", root, cache)
        # Sorted by label, so a sample is drawn rather than cut off.
        order = np.random.default_rng(0).permutation(len(test.texts))[: options.test_size]
        ids, labels = encode_all(tokenizer, [test.texts[i] for i in order]), test.labels[order]
        bert = load_masked(folder)
        logs = sentiment_logs(bert, ids, bert.config.max_positions)
        said = logs.argmax(1).numpy()
        counts = Confusion(2).add(labels, said).counts
        report, words = class_report(counts), WholeWords(tokenizer)
        low, high = wilson_interval(int(np.trace(counts)), len(labels))
        filled = fill_accuracy(bert, words, ids, seed=0)
        short = sentiment_logs(bert, ids, 32).argmax(1).numpy()
        figures = {
            "accuracy": report.accuracy,
            "accuracy_low": low,
            "accuracy_high": high,
            "accuracy_32_tokens": float((short == labels).mean()),
            "masked_top1": filled.top1,
            "masked_top5": filled.top5,
            "masked_top1_hidden": filled.hidden_top1,
            "masked_top5_hidden": filled.hidden_top5,
            "loss": float(-logs[torch.arange(len(labels)), torch.from_numpy(labels)].mean()),
            "masked_loss": filled.loss,
        }
        source = "LAB_DATA" if root is not None else SOURCES["imdb"].hub
        return {
            "data": {"name": "imdb", "split": "test", "source": source, "count": len(labels)},
            "figures": figures,
            "masks": {"seed": 0, "asked": filled.count, "hidden": filled.hidden_count},
            "stages": stages_of(folder, Reviews(ids[:SAMPLE], labels[:SAMPLE]), probe_texts(tokenizer, root, cache)),
            "labels": list(SENTIMENT),
            "report": {
                name: {"precision": float(p), "recall": float(r), "f1": float(f), "support": int(s)}
                for name, p, r, f, s in zip(
                    SENTIMENT, report.precision, report.recall, report.f1, report.support, strict=True
                )
            },
            "confusion": counts.tolist(),
            # One digit a text, in the seeded order in which they were drawn: 1 where the answer was right.
            "right": "".join("01"[int(ok)] for ok in said == labels),
        }

    def facts(self) -> dict[str, Any]:
        c = self.config
        return {
            "training_texts": len(self.task.train.ids),
            "vocabulary": f"{c.vocab_size} WordPiece entries, lower-cased, trained on the training texts",
            "width": c.hidden_size,
            "layers": c.num_layers,
            "heads": c.num_heads,
            "intermediate_size": c.intermediate_size,
            "longest_text": f"{c.max_positions} tokens",
            "dropout": c.dropout,
            "start": "token embeddings from counts of neighbouring words, positions as waves, heads at neighbours",
            "masked_words": f"{ASKED:.0%} of the words, whole: 80 % [MASK], 10 % another, 10 % left",
            "pre-training": f"{PRETRAINING:.0%} of the time, windows of {spans(GAP_LENGTHS)} tokens",
            "fine-tuning": f"{1 - PRETRAINING:.0%} of the time, the first {spans(REVIEW_LENGTHS)} tokens",
            "loss_of_fine-tuning": f"sentiment + {KEPT_GAPS} × masked words",
            "optimizer": "Muon on matrices, AdamW on the rest, moving average of the weights (0.998)",
            "learning_rate": f"{self.rate}, in fine-tuning {FINE_RATE * self.rate:g}",
            "batch_size": f"{self.batch} reviews; in pre-training {64 * self.batch} tokens",
        }


def probe_texts(tokenizer: Any, root: Path | None, cache: Path) -> Reviews:
    """The training reviews from which probes are fitted, drawn by a fixed seed."""
    texts = load_texts("imdb", "train", root, cache)
    rows = np.random.default_rng(1).permutation(len(texts.texts))[:PROBE]
    return Reviews(encode_all(tokenizer, [texts.texts[i] for i in rows]), texts.labels[rows])


def stages_of(folder: Path, test: Reviews, probe: Reviews) -> list[dict[str, Any]]:
    """Each moment of the training on the same sample of the test reviews, 256 tokens of each, in the order of time."""
    words, rows = WholeWords(load_tokenizer(folder)), []
    for name, moment in (*STAGES.items(), ("model", 1.0)):
        path = folder / f"{name}.safetensors"
        if not path.is_file():
            continue
        bert = load_masked(folder, path.name)
        filled = fill_accuracy(bert, words, test.ids, seed=0)
        said = sentiment_logs(bert, test.ids, 256).argmax(1).numpy()
        rows.append(
            {
                "file": path.name,
                "progress": moment,
                "classifier": "trained" if moment > PRETRAINING else "untrained",
                "reviews": len(test.ids),
                "masks": filled.count,
                "masked_top1": filled.top1,
                "masked_top5": filled.top5,
                "accuracy": float((said == test.labels).mean()),
                "accuracy_probe": probe_accuracy(bert, *probe, *test, 256),
            }
        )
    return rows


def spans(lengths: tuple[tuple[float, int], ...]) -> str:
    """``64, 128, 256``"""
    return ", ".join(str(length) for _, length in lengths)
