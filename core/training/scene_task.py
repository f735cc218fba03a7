"""The training of a small segmentation BEiT: encoder first, its far costlier head later.

The head's convolutions at a quarter of the picture's size cost several times what the encoder does. So the encoder
learns first, with one linear layer on its patches that draws each patch's 4 × 4 cells. The head joins for the rest, on
a window of each picture: neighbouring pixels teach much the same.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from core.data.datasets import Scenes
from core.metrics import Confusion
from core.training.ema import Ema
from core.training.label_space import LabelSpace, forgiven, output_weights
from core.training.loop import warm_cosine
from core.training.muon import muon_for
from core.training.precision import mixed
from core.training.scene_evaluation import restricted
from core.training.scene_loss import overlap_loss, pixel_loss
from core.training.scene_network import SideDrawn, Window
from core.training.scene_sets import SceneSet, pixels_of_id
from core.training.scenes import Crop, DeviceScenes, colored, mixed_order, normalised, random_crop, whole
from core.training.task import Step, Task

Batch = tuple[list[tuple[int, int]], torch.Generator]  # which set, which picture of it


class Plan(ABC):
    """When the head joins and how pictures are cut, by progress 0..1."""

    head_from: float
    joined_from: float  # until then the head learns from the encoder's states without changing them
    joined_whole: float  # from then on its gradient enters the encoder in full
    still_from: float  # from then on batches are too small to estimate means and deviations from

    @abstractmethod
    def crop(self, progress: float, batch: int, generator: torch.Generator) -> tuple[Crop, int]:
        """How pictures are cut, and how many of them: about equally many patches a batch."""

    def joined(self, progress: float) -> float:
        """The share 0..1 of the head's gradient that enters the encoder."""
        if self.joined_whole <= self.joined_from:
            return float(progress >= self.joined_from)
        return min(max((progress - self.joined_from) / (self.joined_whole - self.joined_from), 0.0), 1.0)


class SceneTask(Task):
    """The network, its sets of pictures, what their labels may stand for, and the two-part schedule."""

    clip = 1.0
    every = 2  # one in so many held-out pictures is looked at after an epoch, fewer before the head joins

    def __init__(
        self,
        model: Any,
        sets: list[SceneSet],
        held_out: list[SceneSet],
        space: LabelSpace,
        plan: Plan,
        rate: float,
        batch: int,
        steps: int,
    ) -> None:
        self.sets, self.held_out, self.plan = sets, held_out, plan
        self.shares = [part.share for part in sets]
        self.network = SideDrawn(model).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.ema = Ema(self.network, 0.99)
        self.optimizer = muon_for(self.network, rate, 0.05, ("embeddings", "position", "classifier", "side"))
        self.batch, self.count = batch, steps
        self.space = space
        self.places = [space.sources.index(part.source) for part in sets]  # rows of the space's tables
        self.weights = output_weights(space, self.code_shares())
        self.size: int = model.config.image_size
        self.patch: int = model.config.patch_size
        self.with_head = False
        self.pictures: list[Scenes | DeviceScenes] = [part.scenes for part in sets]

    def to(self, device: torch.device) -> None:
        super().to(device)
        self.space, self.weights = self.space.to(device), self.weights.to(device)
        if device.type != "cpu":
            self.pictures = [DeviceScenes(part.scenes, device) for part in self.sets]

    def code_shares(self) -> Tensor:
        """(M,) the share of the annotated pixels that carries each code, each set counted by how often it is drawn."""
        found = torch.zeros(len(self.space.own), dtype=torch.float64)
        for place, part in zip(self.places, self.sets, strict=True):
            table, counts = self.space.tables[place], torch.from_numpy(pixels_of_id(part)).double()
            known = table >= 0
            found.index_add_(0, table[known], part.share * counts[known] / counts[known].sum().clamp(min=1))
        return found

    def steps(self) -> int:
        return self.count

    def batches(self, epoch: int, generator: torch.Generator) -> Iterator[Batch]:
        counts = [len(part) for part in self.sets]
        order = list(mixed_order(counts, self.shares, self.batch * self.count, generator))
        for i in range(self.count):
            yield order[i * self.batch : (i + 1) * self.batch], generator

    def factor(self, progress: float) -> float:
        return warm_cosine(progress, 0.04)

    def cut(self, pairs: list[tuple[int, int]], crop: Crop, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Normalised pictures (B, 3, size, size) and the codes of their pixels (B, size, size)."""
        parts = [random_crop(self.pictures[s], i, crop, generator) for s, i in pairs]
        pictures = normalised(colored(torch.stack([picture for picture, _ in parts]), generator))
        target = torch.stack(
            [self.space.tables[self.places[s]][ids] for (s, _), (_, ids) in zip(pairs, parts, strict=True)]
        )
        return pictures, target

    def loss(self, batch: Batch, progress: float) -> Step:
        pairs, generator = batch
        crop, count = self.plan.crop(progress, self.batch, generator)
        pictures, target = self.cut(pairs[:count], crop, generator)
        self.with_head = progress >= self.plan.head_from
        if progress >= self.plan.still_from:
            for module in self.network.modules():
                if isinstance(module, nn.BatchNorm2d):
                    module.eval()
        window = self.window(crop.size // self.patch, generator)
        with mixed(self.device):
            side, head = self.network(pictures, self.with_head, window, self.plan.joined(progress))
        coarse = target[:, 2::4, 2::4]  # (B, size / 4, size / 4)
        loss, shown = pixel_loss(side, coarse, self.space, self.weights), side
        if head is not None:
            top, left, edge = (value * self.patch for value in window)
            target = target[:, top : top + edge, left : left + edge]
            finer = nn.functional.interpolate(head.float(), scale_factor=2, mode="bilinear", align_corners=False)
            fine = target[:, 1::2, 1::2]
            loss = 0.4 * loss + pixel_loss(finer, fine, self.space, self.weights.sqrt())
            loss = loss + 0.5 * overlap_loss(finer, fine, self.space)
            shown, coarse = head, target[:, 2::4, 2::4]
        known = coarse >= 0
        said = shown.argmax(1)[known]  # (P,)
        return Step(loss, self.space.may[coarse[known], said].sum(), known.sum())

    def window(self, patches: int, generator: torch.Generator) -> Window:
        """A square of half the side at a random even place among ``patches`` × ``patches``."""
        side = max(patches // 4 * 2, 2)
        top, left = torch.randint((patches - side) // 2 + 1, (2,), generator=generator).tolist()
        return 2 * top, 2 * left, side

    def validate(self, network: nn.Module) -> dict[str, float]:
        confusion = Confusion(151, ignore=0)
        outputs = np.array(self.space.ids, dtype=np.uint8)
        present: set[int] = set()
        for part in self.held_out:
            for i in range(0, len(part), self.every if self.with_head else self.every * 3 // 2):
                picture, mask = whole(part.scenes, i, self.size)
                with mixed(self.device):
                    side, head = network(picture.to(self.device), self.with_head)
                logits = side if head is None else head
                larger = nn.functional.interpolate(logits.float(), mask.shape, mode="bilinear", align_corners=False)
                said = outputs[larger[0].argmax(0).cpu().numpy()]
                confusion.add(mask, forgiven(said, mask, self.space.allowed, part.source))
                present |= set(np.unique(mask).tolist()) - {0}
        report = restricted(confusion.counts, sorted(present))
        return {"mean_iou": report.mean_iou, "pixel_accuracy": report.pixel_accuracy}
