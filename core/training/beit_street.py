"""``beit-street``: a small BEiT with a UPerNet head, from random weights, on streets and house fronts.

The head's convolutions at a quarter of the picture's size cost several times what the encoder does. So the encoder
learns first, with one linear layer on its patches that draws each patch's 4 × 4 cells. The head joins for the rest, on
a window of each picture: neighbouring pixels teach much the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from core.data.datasets import Scenes, data_root, load_scenes
from core.data.labels import scene_class
from core.metrics import Confusion
from core.training.beit import cut_patches, start_local, start_whitened
from core.training.checkpoint import halves
from core.training.ema import Ema
from core.training.loop import warm_cosine
from core.training.muon import muon_for
from core.training.precision import mixed
from core.training.recipe import Options, Recipe
from core.training.scene_evaluation import evaluate_scenes, restricted
from core.training.scenes import Crop, colored, mixed_order, normalised, random_crop, whole
from core.training.street_loss import IDS, class_weights, output_index, overlap_loss, pixel_loss
from core.training.street_network import SideDrawn, Window
from core.training.task import Step, Task

HEAD_FROM, WHOLE_FROM = 0.5, 0.8  # of the training, by progress: with the head, on whole pictures
SHARES = {"street_scenes": 0.6, "facades": 0.4}
SIZE = 384


class StreetTask(Task):
    """The network, both sets of pictures and the two-part schedule."""

    clip = 1.0

    def __init__(
        self, model: Any, sets: dict[str, Scenes], held_out: Scenes, rate: float, batch: int, steps: int
    ) -> None:
        self.names, self.sets, self.held_out = list(sets), list(sets.values()), held_out
        self.shares = [SHARES.get(name, 1.0) for name in self.names]
        self.network = SideDrawn(model).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.ema = Ema(self.network, 0.99)
        self.optimizer = muon_for(self.network, rate, 0.05, ("embeddings", "position", "classifier", "side"))
        self.batch, self.count = batch, steps
        self.weights, self.table = class_weights(self.sets, self.shares), output_index()
        self.size: int = model.config.image_size
        self.patch: int = model.config.patch_size
        self.with_head = False

    def steps(self) -> int:
        return self.count

    def batches(
        self, epoch: int, generator: torch.Generator
    ) -> Iterator[tuple[list[tuple[int, int]], torch.Generator]]:
        counts = [len(scenes) for scenes in self.sets]
        order = list(mixed_order(counts, self.shares, self.batch * self.count, generator))
        for i in range(self.count):
            yield order[i * self.batch : (i + 1) * self.batch], generator

    def crop(self, progress: float, generator: torch.Generator) -> tuple[Crop, int]:
        """How pictures are cut at ``progress``, and how many of them: about equally many patches a batch."""
        part = self.size * 2 // 3 // self.patch * self.patch
        whole_one = torch.rand((), generator=generator) < 0.25
        if progress >= WHOLE_FROM:
            return Crop(self.size, self.size, 0.8, 1.5), max(self.batch // 4, 2)
        if progress >= HEAD_FROM:
            return Crop(part, self.size, 0.6, 1.6), max(self.batch * 3 // 4, 2)
        if whole_one:  # else the farthest distances would be met at the very end only
            return Crop(self.size, self.size, 0.7, 1.6), max(self.batch * 4 // 9, 2)
        return Crop(part, self.size, 0.5, 1.7), self.batch

    def factor(self, progress: float) -> float:
        return warm_cosine(progress, 0.04)

    def loss(self, batch: tuple[list[tuple[int, int]], torch.Generator], progress: float) -> Step:
        pairs, generator = batch
        crop, count = self.crop(progress, generator)
        pairs = pairs[:count]
        cut = [random_crop(self.sets[s], i, crop, generator) for s, i in pairs]
        pictures = normalised(colored(torch.stack([picture for picture, _ in cut]), generator))  # (B, 3, size, size)
        target = self.table[torch.stack([ids for _, ids in cut])]  # (B, size, size)
        merged = torch.tensor([self.names[s] != "facades" for s, _ in pairs])
        self.with_head = progress >= HEAD_FROM
        if progress >= WHOLE_FROM:  # too few pictures a batch to estimate means and deviations from
            for module in self.network.modules():
                if isinstance(module, nn.BatchNorm2d):
                    module.eval()
        window = self.window(crop.size // self.patch, generator)
        with mixed():
            side, head = self.network(pictures, self.with_head, window)
        coarse = target[:, 2::4, 2::4]  # (B, size / 4, size / 4)
        loss, shown = pixel_loss(side, coarse, merged, self.weights), side
        if head is not None:
            top, left, edge = (value * self.patch for value in window)
            target = target[:, top : top + edge, left : left + edge]
            finer = nn.functional.interpolate(head.float(), scale_factor=2, mode="bilinear", align_corners=False)
            fine = target[:, 1::2, 1::2]
            loss = 0.4 * loss + pixel_loss(finer, fine, merged, self.weights.sqrt())
            loss = loss + 0.5 * overlap_loss(finer, fine, merged)
            shown, coarse = head, target[:, 2::4, 2::4]
        known = coarse >= 0
        return Step(loss, float(((shown.argmax(1) == coarse) & known).sum()), float(known.sum()))

    def window(self, patches: int, generator: torch.Generator) -> Window:
        """A square of half the side at a random even place among ``patches`` × ``patches``."""
        side = max(patches // 4 * 2, 2)
        top, left = torch.randint((patches - side) // 2 + 1, (2,), generator=generator).tolist()
        return 2 * top, 2 * left, side

    def validate(self, network: nn.Module) -> dict[str, float]:
        confusion = Confusion(151, ignore=0)
        for i in range(0, len(self.held_out), 2 if self.with_head else 3):
            picture, ids = whole(self.held_out, i, self.size)
            with mixed():
                side, head = network(picture, self.with_head)
            logits = side if head is None else head
            larger = nn.functional.interpolate(logits.float(), ids.shape, mode="bilinear", align_corners=False)
            confusion.add(ids, np.array(IDS)[larger[0].argmax(0).numpy()])
        report = restricted(confusion.counts, sorted(set(np.unique(self.held_out.ids)) - {0}))
        return {"mean_iou": report.mean_iou, "pixel_accuracy": report.pixel_accuracy}


def small_config(**changes: Any) -> Any:
    """The configuration of the bundled model."""
    from transformers import BeitConfig

    names = {i: scene_class(id).name for i, id in enumerate(IDS)}
    settings: dict[str, Any] = {
        "hidden_size": 128,
        "num_hidden_layers": 10,
        "num_attention_heads": 4,
        "intermediate_size": 512,
        "image_size": SIZE,
        "patch_size": 16,
        "use_relative_position_bias": True,
        "layer_scale_init_value": 0.5,
        "drop_path_rate": 0.1,
        "use_auxiliary_head": False,
        "out_indices": [4, 6, 8, 10],
        "id2label": names,
        "label2id": {name: i for i, name in names.items()},
    }
    return BeitConfig(**{**settings, **changes})


class BeitStreet(Recipe):
    """The recipe of ``beit-street``."""

    data_terms = ("camvid", "facades", "ade20k")
    headline = "mean_iou"

    def __init__(self, options: Options) -> None:
        from transformers import BeitForSemanticSegmentation

        torch.manual_seed(options.seed)
        self.options = options
        self.rate, self.batch = options.learning_rate or 2e-3, options.batch_size or 16
        root, cache = data_root(options.data), options.work / "cache"
        sets = {name: load_scenes(name, "train", root, cache, options.train_size) for name in SHARES}
        held_out = load_scenes("street_scenes", "test", root, cache, options.test_size)
        model = BeitForSemanticSegmentation(small_config())
        start_local(model.beit)
        first = [whole(sets[name], i, SIZE)[0] for name in sets for i in range(0, len(sets[name]), 8)]
        start_whitened(model.beit, cut_patches(torch.cat(first), 16))
        self.sizes = {name: len(scenes) for name, scenes in sets.items()}
        self.task = StreetTask(model, sets, held_out, self.rate, self.batch, 64)
        self.length = options.length(40)

    def write(self, network: nn.Module, folder: Path) -> None:
        from transformers import BeitImageProcessorPil

        model: Any = network.model
        model.save_pretrained(folder, state_dict=halves(model.state_dict()))
        size = {"height": SIZE, "width": SIZE}
        # 2 is bilinear, by which the training pictures were resized too.
        processor = BeitImageProcessorPil(size=size, resample=2, do_center_crop=False, do_reduce_labels=False)
        processor.save_pretrained(folder)

    @staticmethod
    def measure(folder: Path, options: Options) -> dict[str, Any]:
        return evaluate_scenes(folder, {"street_scenes": "test", "facades": "test"}, options)

    def facts(self) -> dict[str, Any]:
        return {
            "training_pictures": ", ".join(f"{count} of {name}" for name, count in self.sizes.items()),
            "drawn_from": ", ".join(f"{name} {share:.0%}" for name, share in SHARES.items()),
            "optimizer": "Muon on matrices, AdamW on the rest, moving average of the weights (0.99)",
            "learning_rate": self.rate,
            "batch_size": f"{self.batch}, {self.batch * 3 // 4} with the head, {self.batch // 4} at the end",
            "crops": f"{SIZE * 2 // 3} px of {SIZE}, some whole pictures; in the last fifth whole ones only",
            "head_from": f"{HEAD_FROM:.0%} of the time, on a quarter of each crop; a linear layer on all patches",
            "loss": "log-weighted cross-entropy; with the head by the roots of the weights, and half a soft IoU; "
            "a building of street_scenes may be told by its windows and doors",
            "size": SIZE,
        }
