"""A recorded training as curves, and the point where it begins to over-fit. E epochs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.data.recordings import read_training_log
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
    settings: Mapping[str, Any]  # hyper-parameters


def read_curves(folder: Path, model: str) -> Curves:
    """From ``training_log.json`` in ``folder``; ``DataError`` where there is none."""
    log = read_training_log(folder)
    train_loss = np.array([epoch.train_loss for epoch in log.epochs])
    train_accuracy = np.array([epoch.train_accuracy for epoch in log.epochs])
    if log.shipped is None or not log.epochs or np.isnan(train_loss).any() or np.isnan(train_accuracy).any():
        raise DataError("cifar.no_curves", model=model)
    return Curves(
        model,
        np.array([epoch.number for epoch in log.epochs], np.int64),
        train_loss,
        train_accuracy,
        np.array([epoch.held("loss") for epoch in log.epochs]),
        np.array([epoch.held("accuracy") for epoch in log.epochs]),
        log.shipped,
        log.settings,
    )


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
