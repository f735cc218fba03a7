"""``beit-cifar10``: a small BEiT on patches of 4 × 4 pixels, from ``beit-cifar10-pretrained`` where that is there.

The first part of the training shows cut-outs scaled to fewer patches, since a relative position bias knows distances
and not places; the last part whole pictures, as they are met later.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from core.data.datasets import Pictures
from core.training.beit import cut_patches, encode, start_local, start_whitened
from core.training.cifar import evaluate_cifar
from core.training.cifar_beit import LOCAL_START, PATCH, CifarBeit, PicturesTask, rescaled, shifted, small_config
from core.training.precision import mixed
from core.training.recipe import MODELS, Options
from core.training.task import Step

START = MODELS / "beit-cifar10-pretrained"
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


def classify(model: Any, pictures: Tensor) -> Tensor:
    """Normalised pictures (B, 3, H, W) of any size up to the configured one → scores (B, 10)."""
    scores: Tensor = model.classifier(model.beit.pooler(encode(model.beit, pictures)[-1]))
    return scores


def start_from(beit: Any, folder: Path) -> None:
    """Copy the encoder of a folder that was pre-trained on covered patches; what only that needs stays behind."""
    from transformers import BeitForMaskedImageModeling

    known = BeitForMaskedImageModeling.from_pretrained(folder, dtype=torch.float32).beit.state_dict()
    beit.load_state_dict({**beit.state_dict(), **{name: value for name, value in known.items() if "mask" not in name}})


class CifarTask(PicturesTask):
    """The network and its pictures, all in memory."""

    def __init__(self, model: Any, train: Pictures, held_out: Pictures, rate: float, batch: int) -> None:
        super().__init__(model, train, held_out, rate, batch, plain="classifier")
        self.labels, self.held_labels = torch.tensor(train.labels), torch.tensor(held_out.labels)
        self.classify = classify

    def to(self, device: torch.device) -> None:
        super().to(device)
        self.labels, self.held_labels = self.labels.to(device), self.held_labels.to(device)

    def compile(self, backend: str = "inductor") -> None:
        self.classify = torch.compile(classify, backend=backend)

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


class BeitCifar10(CifarBeit):
    """The recipe of ``beit-cifar10``."""

    name = "beit-cifar10"

    def __init__(self, options: Options) -> None:
        from transformers import BeitForImageClassification

        super().__init__(options)
        train, held_out = self.data.train, self.data.held_out
        model = BeitForImageClassification(small_config())
        self.start = START.name if options.pretraining and (START / "config.json").is_file() else None
        if self.start is not None:
            start_from(model.beit, START)
        else:
            start_local(model.beit)
            start_whitened(model.beit, cut_patches(rescaled(train.images[:2000]), PATCH))
        self.task = CifarTask(model, train, held_out, self.rate, self.batch)

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
        shown = f"cut-outs scaled to {SMALL} px, whole ones from {WHOLE_FROM:.0%} of the time; mirrored"
        facts = {**super().facts(), "pictures_shown": shown, "start": self.start or LOCAL_START}
        return {**facts, "label_smoothing": 0.1}
