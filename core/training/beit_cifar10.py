"""``beit-cifar10``: a small BEiT on patches of 4 × 4 pixels, from random weights.

The first part of the training shows cut-outs scaled to fewer patches, since a relative position bias knows distances
and not places; the last part whole pictures, as they are met later.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from core.data.datasets import Pictures
from core.data.labels import CIFAR10
from core.training.beit import cut_patches, encode, start_local, start_whitened
from core.training.checkpoint import halves
from core.training.cifar import evaluate_cifar, train_and_held_out
from core.training.ema import Ema
from core.training.loop import warm_cosine
from core.training.muon import muon_for
from core.training.pack import Pack
from core.training.pack_cifar import CifarData, packed_cifar, unpacked_cifar
from core.training.precision import mixed
from core.training.recipe import MODELS, Options, Recipe
from core.training.task import Step, Task

START = MODELS / "beit-cifar10-pretrained"
SIZE, PATCH = 32, 4
SMALL = 24  # pixels of a cut-out, until
WHOLE_FROM = 0.7  # of the training, by progress


def scaled_cuts(pictures: Tensor, size: int, generator: torch.Generator, least: float = 0.7) -> Tensor:
    """(B, 3, 32, 32) → (B, 3, size, size): a square of ``least``..1 of each picture's side, half of them mirrored."""
    B = len(pictures)
    side = least + (1 - least) * torch.rand(B, generator=generator)  # (B,)
    shift = (2 * torch.rand(B, 2, generator=generator) - 1) * (1 - side)[:, None]  # (B, 2)
    mirror = torch.where(torch.rand(B, generator=generator) < 0.5, -1.0, 1.0)  # (B,)
    theta = torch.zeros(B, 2, 3)
    theta[:, 0, 0], theta[:, 1, 1], theta[:, :, 2] = side * mirror, side, shift
    grid = nn.functional.affine_grid(theta.to(pictures.device), [B, 3, size, size], align_corners=False)
    return nn.functional.grid_sample(pictures, grid, padding_mode="reflection", align_corners=False)


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


def classify(model: Any, pictures: Tensor) -> Tensor:
    """Normalised pictures (B, 3, H, W) of any size up to the configured one → scores (B, 10)."""
    scores: Tensor = model.classifier(model.beit.pooler(encode(model.beit, pictures)[-1]))
    return scores


def write_processor(folder: Path) -> None:
    """Write how pictures become what the network reads."""
    from transformers import BeitImageProcessorPil

    size = {"height": SIZE, "width": SIZE}
    BeitImageProcessorPil(size=size, resample=2, do_center_crop=False, do_reduce_labels=False).save_pretrained(folder)


def start_from(beit: Any, folder: Path) -> None:
    """Copy the encoder of a folder that was pre-trained on covered patches; what only that needs stays behind."""
    from transformers import BeitForMaskedImageModeling

    known = BeitForMaskedImageModeling.from_pretrained(folder, dtype=torch.float32).beit.state_dict()
    beit.load_state_dict({**beit.state_dict(), **{name: value for name, value in known.items() if "mask" not in name}})


class CifarTask(Task):
    """The network and its pictures, all in memory."""

    clip = 1.0

    def __init__(self, model: Any, train: Pictures, held_out: Pictures, rate: float, batch: int) -> None:
        self.network, self.batch = model, batch
        self.images, self.labels = rescaled(train.images), torch.tensor(train.labels)
        self.held, self.held_labels = rescaled(held_out.images), torch.tensor(held_out.labels)
        self.ema = Ema(self.network, 0.998)
        self.optimizer = muon_for(self.network, rate, 0.05, ("embeddings", "position", "classifier"))
        self.classify = classify

    def to(self, device: torch.device) -> None:
        super().to(device)
        self.images, self.labels = self.images.to(device), self.labels.to(device)
        self.held, self.held_labels = self.held.to(device), self.held_labels.to(device)

    def compile(self, backend: str = "inductor") -> None:
        self.classify = torch.compile(classify, backend=backend)

    def steps(self) -> int:
        return max(1, len(self.labels) // self.batch)

    def batches(self, epoch: int, generator: torch.Generator) -> Iterator[tuple[Tensor, torch.Generator]]:
        order = torch.randperm(len(self.labels), generator=generator)
        for i in range(self.steps()):
            yield order[i * self.batch : (i + 1) * self.batch], generator

    def loss(self, batch: tuple[Tensor, torch.Generator], progress: float) -> Step:
        rows, generator = batch
        rows = rows.to(self.device)
        pictures, labels = self.images[rows], self.labels[rows]
        pictures = scaled_cuts(pictures, SMALL, generator) if progress < WHOLE_FROM else shifted(pictures, 2, generator)
        with mixed(self.device):
            scores = self.classify(self.network, pictures)  # (B, 10)
        loss = nn.functional.cross_entropy(scores.float(), labels, label_smoothing=0.1)
        return Step(loss, (scores.argmax(1) == labels).sum(), len(rows))

    def validate(self, network: nn.Module) -> dict[str, float]:
        with mixed(self.device):
            scores = torch.cat([classify(network, part) for part in torch.split(self.held, 500)]).float()
        right = (scores.argmax(1) == self.held_labels).double().mean()
        return {"loss": float(nn.functional.cross_entropy(scores, self.held_labels)), "accuracy": float(right)}

    def factor(self, progress: float) -> float:
        return warm_cosine(progress, 0.05)


class BeitCifar10(Recipe):
    """The recipe of ``beit-cifar10``."""

    packs = True
    data_terms = ("cifar10",)
    headline = "accuracy"

    def __init__(self, options: Options) -> None:
        from transformers import BeitForImageClassification

        torch.manual_seed(options.seed)
        self.options = options
        self.rate, self.batch = options.learning_rate or 2e-3, options.batch_size or 128
        data: CifarData = self.needed(options)
        train, held_out = data.train, data.held_out
        self.sizes = (len(train), len(held_out))
        model = BeitForImageClassification(small_config())
        self.start = START.name if options.pretraining and (START / "config.json").is_file() else None
        if self.start is not None:
            start_from(model.beit, START)
        else:
            start_local(model.beit)
            start_whitened(model.beit, cut_patches(rescaled(train.images[:2000]), PATCH))
        self.task = CifarTask(model, train, held_out, self.rate, self.batch)
        self.length = options.length(20)

    @classmethod
    def load(cls, options: Options) -> CifarData:
        return CifarData(*train_and_held_out(options, 2000))

    @classmethod
    def packed(cls, data: CifarData, limit: int | None) -> Pack:
        return packed_cifar(data, limit)

    @classmethod
    def unpacked(cls, pack: Pack) -> CifarData:
        return unpacked_cifar(pack)

    def write(self, network: nn.Module, folder: Path) -> None:
        model: Any = network
        model.save_pretrained(folder, state_dict=halves(model.state_dict()))
        write_processor(folder)

    @staticmethod
    def measure(folder: Path, options: Options) -> dict[str, Any]:
        from transformers import AutoImageProcessor, BeitForImageClassification

        model = BeitForImageClassification.from_pretrained(folder, dtype=torch.float32).eval()
        processor = AutoImageProcessor.from_pretrained(folder, backend="pil")

        def predict(pictures: Tensor) -> Tensor:
            inputs = processor(images=list(pictures.numpy()), return_tensors="pt")
            logs: Tensor = model(**inputs).logits.log_softmax(1)
            return logs

        return evaluate_cifar(predict, options)

    def facts(self) -> dict[str, Any]:
        c: Any = self.task.network.config
        return {
            "training_pictures": self.sizes[0],
            "validation_pictures": self.sizes[1],
            "width": c.hidden_size,
            "layers": c.num_hidden_layers,
            "heads": c.num_attention_heads,
            "patch": f"{PATCH} of {SIZE} px",
            "optimizer": "Muon on matrices, AdamW on the rest, moving average of the weights (0.998)",
            "learning_rate": self.rate,
            "batch_size": self.batch,
            "pictures_shown": f"cut-outs scaled to {SMALL} px, whole ones from {WHOLE_FROM:.0%} of the time; mirrored",
            "start": self.start or "most heads on one neighbour each, first filters by principal components",
            "label_smoothing": 0.1,
        }
