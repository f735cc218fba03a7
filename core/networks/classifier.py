"""A network that tells CIFAR-10's ten classes apart, ours or one of transformers, behind one face.

The letters of the shapes: B pictures, S the side of what a network takes, K classes.
"""

from __future__ import annotations

import re
import threading
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor, nn
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode

from core.data.galleries import Pixels
from core.data.labels import CIFAR10
from core.errors import ModelError

SIDE = 32  # CIFAR-10's pictures (Krizhevsky, 2009)
SYNONYMS = {"plane": "airplane", "aeroplane": "airplane", "car": "automobile"}
BATCH = 64  # more at once is no faster on a CPU, and takes more memory

counting = threading.Lock()  # the choice of attention kernels below is one for the whole process


def fit(image: Pixels, place: float = 0.5) -> Pixels:
    """Any RGB picture (H, W, 3) uint8 → exactly what a classifier is given, (32, 32, 3) uint8.

    The largest square is kept, at ``place`` along the longer side (0 at its beginning, 0.5 in the middle, 1 at its
    end), then scaled with Lanczos' filter, which does not alias.
    """
    assert 0 <= place <= 1, f"expected a place from 0 to 1, got {place}"
    height, width = image.shape[:2]
    side = min(height, width)
    top, left = int((height - side) * place), int((width - side) * place)
    square = image[top : top + side, left : left + side]
    if side == SIDE:
        return np.ascontiguousarray(square)
    return np.asarray(Image.fromarray(square).resize((SIDE, SIDE), Image.Resampling.LANCZOS))


def unit(pixels: Pixels) -> Tensor:
    """(B, 32, 32, 3) uint8 → (B, 3, 32, 32) float32 between 0 and 1."""
    return torch.from_numpy(np.array(pixels)).permute(0, 3, 1, 2).float() / 255  # (B, 3, 32, 32)


def class_order(labels: dict[int, str]) -> list[int] | None:
    """Where a network keeps each of :data:`core.data.labels.CIFAR10`, or None where its names say nothing (LABEL_0 …).

    Raises ``ModelError`` where it has not ten classes, or ten others.
    """
    if len(labels) != len(CIFAR10):
        raise ModelError("cifar.not_ten_classes", count=len(labels))
    names = [labels[i].strip().lower() for i in range(len(CIFAR10))]
    names = [SYNONYMS.get(name, name) for name in names]
    if sorted(names) == sorted(CIFAR10):
        return [names.index(name) for name in CIFAR10]
    if all(re.fullmatch("label_[0-9]+|[0-9]+", name) for name in names):
        return None
    raise ModelError("cifar.other_classes", names=", ".join(names))


def first(size: Any) -> int:
    """A side that a config may give once or as (height, width)."""
    return int(size) if isinstance(size, int) else int(size[0])


class Classifier(nn.Module):
    """A network with its own preparation inside: pictures between 0 and 1 in, logits in CIFAR-10's order out.

    ``network``: our :class:`core.networks.mlp.Mlp`, whose config names the mean and deviation of a pixel; or an image
    classifier of transformers, whose ``processor`` names them. The whole is differentiable, so that an attack reaches
    the picture.
    Raises ``ModelError`` for a network of other classes.
    """

    def __init__(self, name: str, network: nn.Module, processor: Any = None) -> None:
        super().__init__()
        self.name = name
        self.loaded: Any = None  # the leased model that this is made of, where it is one
        # An attack walks back to the picture; gradients of the weights would only pile up in a model that others share.
        self.network = network.eval().requires_grad_(False)
        self.eval()
        config: Any = network.config
        self.is_transformer = hasattr(config, "id2label")
        self.side, self.patch, self.order = SIDE, 0, None  # patch 0: knows no patches
        if self.is_transformer:
            self.side, self.patch = first(config.image_size), first(getattr(config, "patch_size", 0))
            self.order = class_order(config.id2label)
            mean, std = processor.image_mean, processor.image_std
        else:
            mean, std = config.mean, config.std
        self.mean = torch.tensor(mean).view(3, 1, 1)
        self.std = torch.tensor(std).view(3, 1, 1)

    @classmethod
    def of(cls, loaded: Any) -> Classifier:
        """From a leased model: anything with ``spec.name``, ``network`` and ``processor``."""
        classifier = cls(loaded.spec.name, loaded.network, loaded.processor)
        classifier.loaded = loaded
        return classifier

    @property
    def device(self) -> torch.device:
        """Where the network is."""
        return next(self.network.parameters()).device

    def prepare(self, x: Tensor) -> Tensor:
        """(B, 3, 32, 32) between 0 and 1 → (B, 3, S, S), enlarged where the network wants it, and normalised."""
        parameter = next(self.network.parameters())
        if self.side != SIDE:
            x = nn.functional.interpolate(x, size=(self.side, self.side), mode="bilinear")  # (B, 3, S, S)
        x = (x - self.mean.to(x.device)) / self.std.to(x.device)  # (B, 3, S, S)
        return x.to(parameter.dtype)

    def forward(self, x: Tensor) -> Tensor:
        """(B, 3, 32, 32) between 0 and 1 → logits (B, K) in CIFAR-10's order."""
        prepared = self.prepare(x.to(self.device))  # (B, 3, S, S)
        output = self.network(pixel_values=prepared) if self.is_transformer else self.network(prepared)
        logits: Tensor = getattr(output, "logits", output)  # (B, K)
        return logits if self.order is None else logits[:, self.order]

    def probabilities(self, pixels: Pixels) -> NDArray[np.float32]:
        """(B, 32, 32, 3) uint8 → (B, K) float32, rows sum to 1; in batches of at most ``BATCH``."""
        parts = []
        with torch.no_grad():
            for start in range(0, len(pixels), BATCH):
                logits = self(unit(pixels[start : start + BATCH]))  # (B, K)
                parts.append(logits.float().softmax(dim=-1).cpu().numpy())
        return np.concatenate(parts) if parts else np.zeros((0, len(CIFAR10)), np.float32)

    @property
    def parameters_count(self) -> int:
        """How many numbers the network has learned."""
        return sum(parameter.numel() for parameter in self.network.parameters())

    def multiply_adds(self) -> int:
        """Multiplications of matrices and convolutions for one picture, counted by running one."""
        x = torch.zeros(1, 3, SIDE, SIDE)
        # The counter knows nothing of a CPU's fused attention; the plain one is two products that it sees.
        with counting, torch.no_grad(), sdpa_kernel(SDPBackend.MATH), FlopCounterMode(display=False) as counter:
            self(x)
        return int(counter.get_total_flops()) // 2
