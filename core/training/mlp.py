"""``mlp-cifar10``: SGD with momentum on the flattened pixels, and the same with the pixels' places shuffled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from core.data.datasets import Pictures
from core.networks.mlp import Mlp, MlpConfig, load_mlp, normalise, save_mlp
from core.stops import Stopped, never
from core.training.checkpoint import halves, write_whole
from core.training.cifar import evaluate_cifar, train_and_held_out
from core.training.loop import fit
from core.training.recipe import Options, Recipe
from core.training.task import EpochLog, Length, Step, Task

PERMUTATION = 1  # seed of the one shuffle of mlp-cifar10-permuted


@dataclass(frozen=True)
class MlpRecipe:
    """How the MLP is trained."""

    epochs: int = 40
    learning_rate: float = 0.001
    momentum: float = 0.9
    batch_size: int = 16
    flip: bool = True  # mirror half of the pictures: the only augmentation
    seed: int = 0


class MlpTask(Task):
    """The MLP on pictures that fit in memory, (N, size, size, channels) uint8."""

    keep = "accuracy"

    def __init__(self, config: MlpConfig, train: Pictures, validation: Pictures, recipe: MlpRecipe) -> None:
        torch.manual_seed(recipe.seed)
        self.recipe = recipe
        self.network = Mlp(config)
        self.images = normalise(torch.tensor(train.images), config)  # (N, channels, size, size)
        self.labels = torch.tensor(train.labels)  # (N,)
        self.held_images = normalise(torch.tensor(validation.images), config)
        self.held_labels = torch.tensor(validation.labels)
        self.optimizer = torch.optim.SGD(
            self.network.parameters(), lr=recipe.learning_rate, momentum=recipe.momentum, fused=True
        )

    def to(self, device: torch.device) -> None:
        super().to(device)
        self.images, self.labels = self.images.to(device), self.labels.to(device)
        self.held_images, self.held_labels = self.held_images.to(device), self.held_labels.to(device)

    def steps(self) -> int:
        return -(-len(self.labels) // self.recipe.batch_size)

    def batches(self, epoch: int, generator: torch.Generator) -> Iterator[tuple[Tensor, Tensor]]:
        order = torch.randperm(len(self.labels), generator=generator)  # (N,)
        for rows in torch.split(order, self.recipe.batch_size):
            index = rows.to(self.device)
            x = self.images[index]  # (B, channels, size, size)
            if self.recipe.flip:
                turned = (torch.rand(len(index), 1, 1, 1, generator=generator) < 0.5).to(self.device)
                x = torch.where(turned, x.flip(3), x)
            yield x, self.labels[index]

    def loss(self, batch: tuple[Tensor, Tensor], progress: float) -> Step:
        x, labels = batch
        logs = self.network(x)  # (B, K) log-probabilities, so the likelihood needs no second softmax
        hits = (logs.detach().argmax(1) == labels).sum()
        return Step(nn.functional.nll_loss(logs, labels), hits, len(labels))

    def validate(self, network: nn.Module) -> dict[str, float]:
        logs = torch.cat([network(x) for x in torch.split(self.held_images, 1000)])  # (N, K)
        right = (logs.argmax(1) == self.held_labels).double().mean()
        return {"loss": float(nn.functional.nll_loss(logs, self.held_labels)), "accuracy": float(right)}


def train_epochs(
    config: MlpConfig,
    train: Pictures,
    validation: Pictures,
    recipe: MlpRecipe | None = None,
    stop: Stopped = never,
    every: int | None = None,
) -> Iterator[tuple[Mlp, EpochLog]]:
    """Train an MLP from random weights; yield it with a log after each epoch, and after each ``every`` steps.

    The network handed over is the one being trained: read it before asking for more, in ``eval()`` mode.
    ``stop`` is asked before each step; when it says true, the generator ends.
    """
    recipe = recipe or MlpRecipe()
    task = MlpTask(config, train, validation, recipe)
    for log in fit(task, Length(epochs=recipe.epochs), recipe.seed, stop, every=every):
        yield task.network, log  # type: ignore[misc]


class MlpCifar10(Recipe):
    """The recipe of ``mlp-cifar10`` and, with ``--permute``, of ``mlp-cifar10-permuted``."""

    data_terms = ("cifar10",)
    headline = "accuracy"
    mixes = False
    threads = 1

    def __init__(self, options: Options) -> None:
        self.options = options
        defaults = MlpRecipe()
        self.recipe = MlpRecipe(
            epochs=options.epochs or defaults.epochs,
            learning_rate=options.learning_rate or defaults.learning_rate,
            batch_size=options.batch_size or defaults.batch_size,
            seed=options.seed,
        )
        self.config = MlpConfig(permutation=PERMUTATION if options.permute else None)
        train, held_out = train_and_held_out(options)
        self.sizes = (len(train), len(held_out))
        self.task = MlpTask(self.config, train, held_out, self.recipe)
        self.length = options.length(self.recipe.epochs)

    def write(self, network: nn.Module, folder: Path) -> None:
        assert isinstance(network, Mlp), f"expected an Mlp, got {type(network).__name__}"
        save_mlp(network, folder)
        halved = halves(network.state_dict())
        write_whole(halved, folder / "model.safetensors", {})

    @staticmethod
    def measure(folder: Path, options: Options) -> dict[str, Any]:
        network = load_mlp(folder)
        return evaluate_cifar(lambda pictures: network(normalise(pictures, network.config)), options)

    def facts(self) -> dict[str, Any]:
        return {
            **asdict(self.recipe),
            "dropout": self.config.dropout,
            "training_pictures": self.sizes[0],
            "validation_pictures": self.sizes[1],
            "optimizer": "SGD with momentum",
            "pixels_shuffled": self.options.permute,
        }
