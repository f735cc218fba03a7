"""The moments of a training that were kept, each measured on the same reviews."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from core.networks.bert import BertConfig
from core.networks.masked_head import MaskedBert
from core.networks.row_bytes import read_weights
from core.training.checkpoint import load_named
from core.training.masked_evaluation import fill_accuracy, probe_accuracy, sentiment_logs
from core.training.masked_reviews import PRETRAINING, STAGES, Reviews
from core.training.vocabulary import load_tokenizer
from core.training.whole_words import WholeWords

STAGE_LENGTH = 256  # tokens of a review by which a stage judges it


def load_masked(folder: Path, weights: str = "model.safetensors") -> MaskedBert:
    """The BERT of a folder of this recipe, with one of its weight files, in float32 and eval mode."""
    bert = MaskedBert(BertConfig.from_dict(json.loads((folder / "config.json").read_text("utf-8"))))
    load_named(bert, read_weights(folder / weights), "")
    return bert.eval()


def stages_of(folder: Path, test: Reviews, probe: Reviews) -> list[dict[str, Any]]:
    """Each moment of the training on the same sample of the test reviews, in the order of time.

    ``accuracy`` is what the stage's own classifier reaches, which is random until fine-tuning begins;
    ``accuracy_probe`` what a linear probe, fitted to ``probe``, reads off its states.
    """
    words, rows = WholeWords(load_tokenizer(folder)), []
    for name, moment in (*STAGES.items(), ("model", 1.0)):
        path = folder / f"{name}.safetensors"
        if not path.is_file():
            continue
        bert = load_masked(folder, path.name)
        filled = fill_accuracy(bert, words, test.ids, seed=0)
        said = sentiment_logs(bert, test.ids, STAGE_LENGTH).argmax(1).numpy()
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
                "accuracy_probe": probe_accuracy(bert, *probe, *test, STAGE_LENGTH),
            }
        )
    return rows


def stage_table(stages: list[dict[str, Any]], texts: dict[str, str]) -> str:
    """The stages as Markdown, for a card; ``texts`` has its head."""
    rows = [texts["stages"].format(reviews=stages[0]["reviews"], masks=stages[0]["masks"]), "", texts["head"]]
    rows.append("| --- " * texts["head"].count(" | ") + "| --- |")
    for row in stages:
        figures = (row["masked_top1"], row["masked_top5"], row["accuracy"], row["accuracy_probe"])
        told = " | ".join(f"{value:.3f}" for value in figures)
        rows.append(f"| `{row['file']}` | {row['progress']:.0%} | {row['classifier']} | {told} |")
    return "\n".join(rows)
