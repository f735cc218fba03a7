"""What a training is made of: how long, a task with its network and data, a step's loss, an epoch's figures."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

import torch
from torch import Tensor, nn

from core.training.ema import Ema


@dataclass(frozen=True)
class Length:
    """How long to train: so many epochs, or so many minutes of activity, whichever is set."""

    epochs: int | None = None
    minutes: float | None = None

    def __post_init__(self) -> None:
        assert (self.epochs is None) != (self.minutes is None), "set either epochs or minutes"


@dataclass(frozen=True)
class EpochLog:
    """What one epoch, or the part of it so far (``done`` false), has shown. Losses in nats; seconds of activity."""

    epoch: int  # counts from 1
    progress: float  # 0..1 of the whole training
    train_loss: float
    train_accuracy: float
    learning_rate: float
    seconds: float  # since the start of the training
    validation: dict[str, float] = field(default_factory=dict)
    done: bool = True

    def to_dict(self) -> dict[str, Any]:
        """Plain values, one row of ``training_log.json``."""
        row = asdict(self)
        del row["done"]
        return row


@dataclass
class Step:
    """What a task's loss gives: the scalar to descend, and how many of how many predictions were right."""

    loss: Tensor
    hits: float | Tensor
    count: float | Tensor


class Task(ABC):
    """A network, its optimiser, its data and its loss."""

    network: nn.Module
    optimizer: torch.optim.Optimizer
    ema: Ema | None = None
    clip: float | None = None
    device: torch.device = torch.device("cpu")
    keep: str | None = None  # the validation figure whose best epoch is kept: "loss" (least) or another (most)

    @abstractmethod
    def steps(self) -> int:
        """Batches an epoch."""

    @abstractmethod
    def batches(self, epoch: int, generator: torch.Generator) -> Iterator[Any]:
        """The batches of an epoch, drawn with ``generator`` alone, so that an epoch can be repeated."""

    @abstractmethod
    def loss(self, batch: Any, progress: float) -> Step:
        """The loss of one batch in training mode."""

    @abstractmethod
    def validate(self, network: nn.Module) -> dict[str, float]:
        """Figures on held-out data; the network is in eval mode and no gradient is kept."""

    def factor(self, progress: float) -> float:
        """By what the learning rate is multiplied at ``progress`` 0..1."""
        return 1.0

    def to(self, device: torch.device) -> None:
        """Move network, average and data there, before the first step; a task with data of its own moves these too."""
        self.device = device
        self.network.to(device)
        if self.ema is not None:
            self.ema.network.to(device)

    def compile(self, backend: str = "inductor") -> None:
        """Compile what a step calls. Names and weights of the network stay as they are."""
        self.network.compile(backend=backend)  # type: ignore[no-untyped-call]

    def milestone(self, epoch: int, progress: float) -> None:
        """Called after each step; a place to set weights aside on the way. Nothing by default."""
        return

    def averaged(self) -> nn.Module:
        """The network that is evaluated and shipped: the averaged weights if there are any."""
        return self.ema.network if self.ema is not None else self.network
