"""The multi-layer perceptron for CIFAR-10: three hidden layers over flattened pixels, from scratch.

B batch, P = 3 · 32 · 32 = 3072 values of a picture, K classes.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, fields
from itertools import pairwise
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from core.data.labels import CIFAR10

ARCHITECTURE = "attention-lab-mlp"


@dataclass(frozen=True)
class MlpConfig:
    """Hyper-parameters. ``permutation``: seed of one fixed shuffle of the pixels' places, or None for none."""

    channels: int = 3
    size: int = 32
    hidden: tuple[int, ...] = (512, 256, 128)
    dropout: float = 0.5
    labels: tuple[str, ...] = CIFAR10
    mean: tuple[float, ...] = (0.4914, 0.4822, 0.4465)
    std: tuple[float, ...] = (0.2470, 0.2435, 0.2616)
    permutation: int | None = None

    def __post_init__(self) -> None:
        assert min(self.hidden, default=0) >= 1, f"hidden must name at least one width, got {self.hidden}"
        assert 0 <= self.dropout < 1, f"dropout must lie in [0, 1), got {self.dropout}"
        assert len(self.mean) == len(self.std) == self.channels, "mean and std need one value a channel"

    @property
    def values(self) -> int:
        """P, how many numbers a picture is."""
        return self.channels * self.size * self.size

    def to_dict(self) -> dict[str, Any]:
        """Plain values, as ``config.json`` holds them."""
        return {"architecture": ARCHITECTURE, **asdict(self)}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> MlpConfig:
        """The inverse of :meth:`to_dict`; keys that are not ours are left out."""
        known = {field.name for field in fields(cls)}
        made: dict[str, Any] = {
            name: tuple(v) if isinstance(v, list) else v for name, v in values.items() if name in known
        }
        return cls(**made)


class Mlp(nn.Module):
    """Flatten → (dense, ReLU) a hidden width → dropout → dense → log-softmax."""

    places: Tensor  # (size · size,) where each pixel of the flattened picture comes from

    def __init__(self, config: MlpConfig | None = None) -> None:
        super().__init__()
        self.config = config = config or MlpConfig()
        widths = [config.values, *config.hidden]
        self.hidden = nn.ModuleList(nn.Linear(wide, narrow) for wide, narrow in pairwise(widths))
        self.dropout = nn.Dropout(config.dropout)
        self.output = nn.Linear(widths[-1], len(config.labels))
        self.register_buffer("places", pixel_places(config), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        """x (B, channels, size, size), normalised → log-probabilities (B, K)."""
        c = self.config
        expected = (c.channels, c.size, c.size)
        assert tuple(x.shape[1:]) == expected, f"expected pictures of shape {expected}, got {tuple(x.shape[1:])}"
        x = x.flatten(2)  # (B, channels, size²)
        if c.permutation is not None:
            x = x[:, :, self.places]  # (B, channels, size²)
        x = x.flatten(1)  # (B, P)
        for layer in self.hidden:
            x = torch.relu(layer(x))  # (B, 512), (B, 256), (B, 128)
        scores = self.output(self.dropout(x))  # (B, K)
        return torch.log_softmax(scores, dim=1)  # (B, K)


def pixel_places(config: MlpConfig) -> Tensor:
    """(size²,) the order in which the pixels are read: 0, 1, 2 … or the one shuffle of ``config.permutation``."""
    count = config.size * config.size
    if config.permutation is None:
        return torch.arange(count)
    return torch.randperm(count, generator=torch.Generator().manual_seed(config.permutation))


def normalise(pictures: Tensor, config: MlpConfig) -> Tensor:
    """uint8 pictures (B, size, size, channels) → (B, channels, size, size) of mean 0 and deviation 1 over CIFAR-10."""
    x = pictures.permute(0, 3, 1, 2).to(torch.get_default_dtype()) / 255  # (B, channels, size, size)
    mean = torch.tensor(config.mean, device=x.device).view(1, -1, 1, 1)  # (1, channels, 1, 1)
    std = torch.tensor(config.std, device=x.device).view(1, -1, 1, 1)  # (1, channels, 1, 1)
    return (x - mean) / std


def save_mlp(network: Mlp, folder: Path) -> None:
    """Write ``config.json`` and ``model.safetensors``."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(network.config.to_dict(), indent=2) + "\n", "utf-8")
    save_file(network.state_dict(), folder / "model.safetensors", metadata={"format": "pt"})


def load_mlp(folder: str | os.PathLike[str]) -> Mlp:
    """The MLP of a folder that :func:`save_mlp` wrote, in float32 and eval mode."""
    path = Path(folder)
    config = MlpConfig.from_dict(json.loads((path / "config.json").read_text("utf-8")))
    network = Mlp(config)
    network.load_state_dict({name: value.float() for name, value in load_file(path / "model.safetensors").items()})
    return network.eval()
