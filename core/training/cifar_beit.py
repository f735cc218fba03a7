"""What both small BEiTs of CIFAR-10 share: configuration, pictures in memory, data, folder and settings."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from core.data.datasets import Pictures
from core.data.labels import CIFAR10
from core.training.checkpoint import halves
from core.training.cifar import train_and_held_out
from core.training.ema import Ema
from core.training.loop import warm_cosine
from core.training.muon import muon_for
from core.training.pack import Pack
from core.training.pack_cifar import CifarData, packed_cifar, unpacked_cifar
from core.training.recipe import Options, Recipe
from core.training.task import Task

SIZE, PATCH = 32, 4
LOCAL_START = "most heads on one neighbour each, first filters by principal components"


def shifted(pictures: Tensor, most: int, generator: torch.Generator) -> Tensor:
    """Each picture moved by up to ``most`` whole pixels, its edge mirrored, and half of them mirrored left to right."""
    B, _, H, W = pictures.shape
    wide = nn.functional.pad(pictures, (most, most, most, most), mode="reflect")
    top, left = torch.randint(2 * most + 1, (2, B), generator=generator)
    rows = (top[:, None] + torch.arange(H))[:, None, :, None]  # (B, 1, H, 1)
    columns = left[:, None] + torch.arange(W)  # (B, W)
    mirrored = torch.rand(B, 1, generator=generator) < 0.5
    columns = torch.where(mirrored, columns.flip(1), columns)[:, None, None]  # (B, 1, 1, W)
    channels = torch.arange(3)[None, :, None, None]
    place = [part.to(pictures.device) for part in (torch.arange(B)[:, None, None, None], channels, rows, columns)]
    return wide[tuple(place)]


def small_config(**changes: Any) -> Any:
    """The configuration of the bundled model."""
    from transformers import BeitConfig

    settings: dict[str, Any] = {
        "hidden_size": 128,
        "num_hidden_layers": 6,
        "num_attention_heads": 8,
        "intermediate_size": 512,
        "image_size": SIZE,
        "patch_size": PATCH,
        "use_relative_position_bias": True,
        "layer_scale_init_value": 0.5,
        "drop_path_rate": 0.0,
        "id2label": dict(enumerate(CIFAR10)),
        "label2id": {name: i for i, name in enumerate(CIFAR10)},
    }
    return BeitConfig(**{**settings, **changes})


def rescaled(pictures: Any) -> Tensor:
    """uint8 (N, H, W, 3) → (N, 3, H, W) in -1..1, as BEiT's processor gives."""
    return torch.as_tensor(pictures).permute(0, 3, 1, 2).float().div_(127.5).sub_(1)


class PicturesTask(Task):
    """A network and its pictures, all in memory, of which an epoch draws each once."""

    clip = 1.0

    def __init__(self, model: Any, train: Pictures, held_out: Pictures, rate: float, batch: int, *, plain: str) -> None:
        """``plain``: the head, which AdamW trains as it does embeddings and positions."""
        self.network, self.batch = model, batch
        self.images, self.held = rescaled(train.images), rescaled(held_out.images)
        self.ema = Ema(self.network, 0.998)
        self.optimizer = muon_for(self.network, rate, 0.05, ("embeddings", "position", plain))

    def to(self, device: torch.device) -> None:
        super().to(device)
        self.images, self.held = self.images.to(device), self.held.to(device)

    def steps(self) -> int:
        return max(1, len(self.images) // self.batch)

    def batches(self, epoch: int, generator: torch.Generator) -> Iterator[tuple[Tensor, torch.Generator]]:
        order = torch.randperm(len(self.images), generator=generator)
        for i in range(self.steps()):
            yield order[i * self.batch : (i + 1) * self.batch], generator

    def factor(self, progress: float) -> float:
        return warm_cosine(progress, 0.05)


class CifarBeit(Recipe):
    """A recipe of a small BEiT that learns from CIFAR-10's pictures. ``name``: as the command calls it."""

    name: str
    packs = True
    data_terms = ("cifar10",)
    headline = "accuracy"
    task: PicturesTask

    def __init__(self, options: Options) -> None:
        """Seed, options and data; a recipe adds its model and task."""
        torch.manual_seed(options.seed)
        self.options = options
        self.rate, self.batch = options.learning_rate or 2e-3, options.batch_size or 128
        self.data: CifarData = self.needed(options)
        self.length = options.length(20)

    @classmethod
    def load(cls, options: Options) -> CifarData:
        return CifarData(*train_and_held_out(options, 2000))

    @classmethod
    def packed(cls, data: CifarData, limit: int | None) -> Pack:
        return packed_cifar(data, limit, cls.name)

    @classmethod
    def unpacked(cls, pack: Pack) -> CifarData:
        return unpacked_cifar(pack)

    def write(self, network: nn.Module, folder: Path) -> None:
        from transformers import BeitImageProcessorPil

        model: Any = network
        model.save_pretrained(folder, state_dict=halves(model.state_dict()))
        size = {"height": SIZE, "width": SIZE}
        processor = BeitImageProcessorPil(size=size, resample=2, do_center_crop=False, do_reduce_labels=False)
        processor.save_pretrained(folder)

    def facts(self) -> dict[str, Any]:
        c: Any = self.task.network.config
        return {
            "training_pictures": len(self.data.train),
            "validation_pictures": len(self.data.held_out),
            "width": c.hidden_size,
            "layers": c.num_hidden_layers,
            "heads": c.num_attention_heads,
            "patch": f"{PATCH} of {SIZE} px",
            "optimizer": "Muon on matrices, AdamW on the rest, moving average of the weights (0.998)",
            "learning_rate": self.rate,
            "batch_size": self.batch,
        }
