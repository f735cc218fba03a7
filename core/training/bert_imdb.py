"""``bert-imdb``: our own BERT, from random weights, fills gaps in film reviews and then learns what was liked.

Six moments of its training are kept, so that a page can play it: before it, three of pre-training, two of fine-tuning.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import nn

from core.data.datasets import SOURCES, Texts, data_root, load_texts
from core.data.labels import SENTIMENT
from core.errors import DataError
from core.metrics import Confusion, class_report, wilson_interval
from core.networks.bert import PRESETS
from core.networks.row_bytes import rows_to_bytes
from core.training.bert_sentiment import save_bert
from core.training.checkpoint import halves, named_tensors, write_whole
from core.training.masked_evaluation import fill_accuracy, sentiment_logs
from core.training.masked_reviews import (
    FINE_RATE,
    GAP_LENGTHS,
    KEPT_GAPS,
    REVIEW_LENGTHS,
    STAGES,
    MaskedThenSentiment,
    Reviews,
)
from core.training.masked_stages import load_masked, stages_of
from core.training.pack import Pack
from core.training.pack_reviews import packed_reviews, unpacked_reviews
from core.training.recipe import Options, Recipe
from core.training.vocabulary import CONFIG, encode_all, load_tokenizer, train_tokenizer
from core.training.whole_words import ASKED, WholeWords

VOCABULARY = 8000
POSITIONS = 512
HELD = 500  # training reviews that are only looked at, to draw the curve
SAMPLE = 1000  # test reviews by which the stages are measured; their probes are fitted to twice as many


class Data(NamedTuple):
    """What a training reads: reviews to learn from, reviews that are only looked at, and the vocabulary of both."""

    tokenizer: Tokenizer
    train: Reviews
    held: Reviews


class BertImdb(Recipe):
    """The recipe of ``bert-imdb``."""

    data_terms = ("imdb",)
    headline = "accuracy"
    packs = True

    def __init__(self, options: Options) -> None:
        self.options = options
        data: Data = self.needed(options)
        torch.manual_seed(options.seed)
        self.tokenizer = data.tokenizer
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
        keep_tokenizer(self.tokenizer, options)
        self.task: MaskedThenSentiment = MaskedThenSentiment(
            self.config,
            WholeWords(self.tokenizer),
            data.train,
            data.held,
            batch=self.batch,
            rate=self.rate,
            decay=0.05,
            folder=stages,
            seed=options.seed,
            pretraining=options.pretraining,
        )
        self.length = options.length(40)

    @classmethod
    def load(cls, options: Options) -> Data:
        """The training reviews, with a vocabulary made from those that are learned from."""
        texts = load_texts("imdb", "train", data_root(options.data), options.work / "cache")
        order = np.random.default_rng(0).permutation(len(texts.texts))
        held = max(1, min(HELD, len(order) // 10))
        train, rest = order[: len(order) - held][: options.train_size], order[len(order) - held :]
        # Which of two equally common pieces becomes an entry is left to chance, so a resumed training keeps its own.
        tokenizer = kept_tokenizer(options) or train_tokenizer([texts.texts[i] for i in train], VOCABULARY)
        return Data(tokenizer, reviews(tokenizer, texts, train), reviews(tokenizer, texts, rest))

    @classmethod
    def packed(cls, data: Data, limit: int | None) -> Pack:
        return packed_reviews(data.tokenizer, {"train": data.train, "held": data.held}, limit, "bert-imdb")

    @classmethod
    def unpacked(cls, pack: Pack) -> Data:
        tokenizer, parts = unpacked_reviews(pack)
        return Data(tokenizer, **parts)

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
        ids, labels = reviews(tokenizer, test, order)
        sample = Reviews(ids[:SAMPLE], labels[:SAMPLE])
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
            "stages": stages_of(folder, sample, probe_reviews(tokenizer, root, cache, 2 * len(sample.ids))),
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
        c, until = self.config, self.task.pretrained_until
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
            "pre-training": f"{until:.0%} of the time, windows of {spans(GAP_LENGTHS)} tokens",
            "fine-tuning": f"{1 - until:.0%} of the time, the first {spans(REVIEW_LENGTHS)} tokens",
            "loss_of_fine-tuning": f"sentiment + {KEPT_GAPS} × masked words",
            "optimizer": "Muon on matrices, AdamW on the rest, moving average of the weights (0.998)",
            "learning_rate": f"{self.rate}, in fine-tuning {FINE_RATE * self.rate:g}",
            "batch_size": f"{self.batch} reviews; in pre-training {64 * self.batch} tokens",
        }


def reviews(tokenizer: Tokenizer, texts: Texts, rows: NDArray[np.int64]) -> Reviews:
    """The reviews of these rows, encoded."""
    return Reviews(encode_all(tokenizer, [texts.texts[i] for i in rows]), texts.labels[rows])


def tokenizer_file(options: Options) -> Path:
    """Where a training keeps its vocabulary: beside its checkpoint's folder, which is emptied when one begins."""
    return options.work / f"{options.folder}.tokenizer.json"


def kept_tokenizer(options: Options) -> Tokenizer | None:
    """The vocabulary of the training that is resumed; None at the start of one."""
    path = tokenizer_file(options)
    return Tokenizer.from_file(str(path)) if options.resume and path.is_file() else None


def keep_tokenizer(tokenizer: Tokenizer, options: Options) -> None:
    """Keep it for whoever resumes this training. Raises DataError where that began with another one."""
    kept = kept_tokenizer(options)
    if kept is not None and kept.to_str() != tokenizer.to_str():
        raise DataError("training.other_vocabulary", name=options.name)
    options.work.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(tokenizer_file(options)))


def probe_reviews(tokenizer: Tokenizer, root: Path | None, cache: Path, count: int) -> Reviews:
    """The training reviews from which probes are fitted, drawn by a fixed seed."""
    texts = load_texts("imdb", "train", root, cache)
    return reviews(tokenizer, texts, np.random.default_rng(1).permutation(len(texts.texts))[:count])


def spans(lengths: tuple[tuple[float, int], ...]) -> str:
    """``64, 128, 256``"""
    return ", ".join(str(length) for _, length in lengths)
