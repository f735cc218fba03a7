"""A recorded training as curves, and the point where it begins to over-fit. E epochs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import DataError

Reals = NDArray[np.float64]

REPORT_BEIT = (
    (0.5026, 0.2941, 0.9245),
    (1.2770, 0.2817, 0.9385),
    (0.0021, 0.2320, 0.9580),
    (0.0001, 0.1632, 0.9710),
    (0.0003, 0.1750, 0.9630),
)
"""What the report measured when it fine-tuned BEiT-base: train loss, validation loss and accuracy of each epoch."""

REPORT_MLP_ACCURACY, REPORT_BEIT_ACCURACY = 0.52, 0.97


@dataclass(frozen=True, eq=False)
class Curves:
    """What each epoch of a training showed: (E,) each. Losses in nats; NaN where nothing was measured."""

    model: str
    epochs: NDArray[np.int64]
    train_loss: Reals
    train_accuracy: Reals
    validation_loss: Reals
    validation_accuracy: Reals
    shipped: int  # the epoch whose weights are the model's
    settings: dict[str, Any]  # hyper-parameters


@cache
def read_curves(folder: Path, model: str) -> Curves:
    """From ``training_log.json`` in ``folder``; ``DataError`` where there is none."""
    try:
        log = json.loads((folder / "training_log.json").read_text("utf-8"))
        rows = log["epochs"]
        train = [np.array([float(row[name]) for row in rows]) for name in ("train_loss", "train_accuracy")]
        held = [np.array([float(row["validation"].get(n, np.nan)) for row in rows]) for n in ("loss", "accuracy")]
        epochs = np.array([row["epoch"] for row in rows], np.int64)
        if not len(epochs):
            raise ValueError
        shipped, settings = int(log["epoch_shipped"]), dict(log["hyper_parameters"])
        return Curves(model, epochs, train[0], train[1], held[0], held[1], shipped, settings)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataError("cifar.no_curves", model=model) from error


def turning_point(validation_loss: Reals) -> int | None:
    """Index of the least validation loss, after which it only gets worse; None where the last epoch is the best.

    From there on the network learns its training pictures by heart: that is over-fitting.
    """
    least = int(np.nanargmin(validation_loss))
    return least if least < len(validation_loss) - 1 else None


def early_stop(validation_loss: Reals, patience: int) -> int | None:
    """Index of the epoch after which early stopping ends a training: the first at which the least loss so far is
    ``patience`` epochs old (Prechelt, 1998). None where that does not happen."""
    assert patience >= 1, f"patience must be at least 1, got {patience}"
    best, since = np.inf, 0
    for epoch, loss in enumerate(validation_loss):
        best, since = (loss, 0) if loss < best else (best, since + 1)
        if since >= patience:
            return epoch
    return None
