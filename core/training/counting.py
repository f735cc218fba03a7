"""transformers' Trainer with figures that come from counts, so that they add up over processes. K classes."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from transformers import Trainer, TrainerCallback

from core.metrics import segmentation_report


class CountingTrainer(Trainer):  # type: ignore[misc]
    """Hands over the counts of each picture instead of its logits: 150 maps of 640 × 640 would not fit for long."""

    def prediction_step(
        self, model: nn.Module, inputs: dict[str, Any], prediction_loss_only: bool, ignore_keys: Any = None
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Loss, confusion (B, K, K) and, as the labels that the Trainer wants to see, zeros (B,)."""
        inputs = self._prepare_inputs(inputs)
        with torch.no_grad(), self.compute_loss_context_manager():
            loss, outputs = self.compute_loss(model, inputs, return_outputs=True)
        labels = inputs["labels"]
        if labels.ndim == 1:
            predicted = outputs.logits.argmax(1)[:, None]  # (B, 1)
            labels = labels[:, None]
        else:
            size = labels.shape[-2:]
            larger = nn.functional.interpolate(outputs.logits.float(), size, mode="bilinear", align_corners=False)
            predicted, labels = larger.argmax(1).flatten(1), labels.flatten(1)  # (B, H · W)
        counts = confusions(labels, predicted, outputs.logits.shape[1])
        return loss.detach().float(), counts, torch.zeros(len(labels), device=counts.device)


def confusions(labels: Tensor, predicted: Tensor, K: int, ignore: int = 255) -> Tensor:
    """Labels and predictions (B, N) → (B, K, K) counts, row = true, without the entries labelled ``ignore``."""
    counts = []
    for true, said in zip(labels, predicted, strict=True):
        known = true != ignore
        counts.append(torch.bincount(true[known] * K + said[known], minlength=K * K).view(K, K))
    return torch.stack(counts)


def figures_of(prediction: Any) -> dict[str, float]:
    """What the Trainer logs after an evaluation."""
    counts = np.asarray(prediction.predictions, dtype=np.int64).sum(axis=0)  # (K, K)
    report = segmentation_report(counts)
    return {"accuracy": report.pixel_accuracy, "mean_iou": report.mean_iou}


class Seconds(TrainerCallback):  # type: ignore[misc]
    """Seconds since the start at the end of each evaluation, which the Trainer's own history leaves out."""

    def __init__(self) -> None:
        self.start = time.perf_counter()
        self.by_epoch: dict[int, float] = {}

    def on_evaluate(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Note the time."""
        self.by_epoch[round(state.epoch)] = time.perf_counter() - self.start


def epochs_of(history: list[dict[str, Any]], seconds: dict[int, float]) -> list[dict[str, Any]]:
    """The Trainer's history → rows of ``training_log.json``; it does not measure the accuracy on training pictures."""
    rows: dict[int, dict[str, Any]] = {}
    last = max((entry["epoch"] for entry in history if "epoch" in entry), default=1.0)
    for entry in history:
        if "epoch" not in entry or not ("loss" in entry or "eval_loss" in entry):
            continue
        epoch = round(entry["epoch"])
        row = rows.setdefault(epoch, {"epoch": epoch, "progress": epoch / last, "train_accuracy": None})
        if "loss" in entry:
            row |= {"train_loss": entry["loss"], "learning_rate": entry.get("learning_rate", 0.0)}
        if "eval_loss" in entry:
            names = ("loss", "accuracy", "mean_iou")
            row["validation"] = {name: entry[f"eval_{name}"] for name in names}
            row["seconds"] = seconds.get(epoch, 0.0)
    return [row for _, row in sorted(rows.items()) if "validation" in row]
