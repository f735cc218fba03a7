"""A short training of the MLP while somebody watches: some epochs on a few thousand pictures.

N training pictures, M validation pictures, K classes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.checks import choice, number
from core.data.datasets import Pictures
from core.data.galleries import SHIPPED, Gallery, set_aside
from core.data.labels import CIFAR10
from core.metrics import Confusion
from core.networks.classifier import Classifier
from core.networks.mlp import MlpConfig
from core.pictures.evaluation import seeded_order
from core.pictures.results import LiveTraining
from core.stops import Stopped, never
from core.training.mlp import MlpRecipe, train_epochs

HIDDEN = {"512-256-128": (512, 256, 128), "256-128-64": (256, 128, 64), "64": (64,), "1024-512": (1024, 512)}
LIMITS: dict[str, tuple[float, float]] = {
    "pictures": (10, 5000),
    "epochs": (1, 20),
    "learning_rate": (0.0001, 0.1),
    "dropout": (0, 0.9),
}
VALIDATION = 1000
EVERY = 40  # steps between two signs of life within an epoch


@dataclass(frozen=True)
class Wish:
    """What somebody chose, within ``LIMITS``."""

    pictures: int
    epochs: int
    learning_rate: float
    dropout: float
    hidden: tuple[int, ...]

    @classmethod
    def read(cls, pictures: object, epochs: object, learning_rate: object, dropout: object, hidden: object) -> Wish:
        """From what a page sent; ``RangeError`` names the first value out of range."""
        given = {"pictures": pictures, "epochs": epochs, "learning_rate": learning_rate, "dropout": dropout}
        numbers = {name: number(f"cifar.{name}_out_of_range", name, given[name], *LIMITS[name]) for name in LIMITS}
        layers = HIDDEN[choice("cifar.hidden_out_of_range", hidden, HIDDEN)]
        return cls(
            int(numbers["pictures"]), int(numbers["epochs"]), numbers["learning_rate"], numbers["dropout"], layers
        )


def split(train: Gallery, test: Gallery, seed: int = 0) -> tuple[Pictures, Pictures]:
    """N training and M validation pictures that do not overlap; all of ``train``, some of ``test``.

    Validation comes from the test split, which the bundled MLP has not learned from either, so that the two can be
    compared. The shipped pictures have one split only: every third is set aside.
    """
    if train.source == SHIPPED:
        aside = set_aside(len(train))
        return _taken(train, np.flatnonzero(~aside)), _taken(train, np.flatnonzero(aside))
    return _taken(train, np.arange(len(train))), _taken(test, seeded_order(len(test), VALIDATION, seed))


def _taken(gallery: Gallery, places: np.ndarray[Any, np.dtype[np.int64]]) -> Pictures:
    return Pictures(np.asarray(gallery.pixels[places]), gallery.labels[places].astype(np.int64))


def train(
    wish: Wish, learned: Pictures, held: Pictures, seed: int = 0, stopped: Stopped = never
) -> Iterator[LiveTraining]:
    """Train from random weights and yield how it stands, some times an epoch; ``stopped`` is asked before each step."""
    config = MlpConfig(hidden=wish.hidden, dropout=wish.dropout)
    recipe = MlpRecipe(epochs=wish.epochs, learning_rate=wish.learning_rate, seed=seed)
    rows: list[tuple[float, float, float, float]] = []
    confusion = np.zeros((len(CIFAR10), len(CIFAR10)), np.int64)
    for network, log in train_epochs(config, learned, held, recipe, stopped, EVERY):
        if log.done:
            figures = log.validation
            rows.append((log.train_loss, log.train_accuracy, figures["loss"], figures["accuracy"]))
            network.eval()
            guesses = Classifier("live", network).probabilities(held.images).argmax(axis=1)  # (M,)
            network.train().requires_grad_(True)  # a classifier froze what is still to learn
            confusion = Confusion(len(CIFAR10)).add(held.labels, guesses).counts
        yield LiveTraining(
            epochs=wish.epochs,
            progress=1.0 if len(rows) == wish.epochs else log.progress,
            curves=np.array(rows, np.float64).reshape(-1, 4),
            confusion=confusion,
            pictures=len(learned),
            held=len(held),
            parameters=sum(parameter.numel() for parameter in network.parameters()),
            seconds=log.seconds,
        )
