"""Pictures as the Trainer wants them: one example at a time, through the checkpoint's own processor."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import Dataset

from core.data.datasets import data_root, load_scenes
from core.data.decoding import resized_ids
from core.data.labels import ade20k, ids_by_name
from core.errors import DataError
from core.training.cifar import load_cifar
from core.training.recipe import Options
from core.training.scenes import colored

IGNORED = 255


class LabelledPictures(Dataset[dict[str, Tensor]]):
    """CIFAR-10, a seeded choice of ``count`` pictures; mirrored at random where ``seed`` is set (training)."""

    def __init__(
        self, options: Options, split: str, count: int | None, processor: Any, config: Any, seed: int | None
    ) -> None:
        pictures = load_cifar(options, split)
        self.pictures = pictures.take(np.random.default_rng(0).permutation(len(pictures))[:count])
        self.processor, self.training = processor, seed is not None

    def __len__(self) -> int:
        return len(self.pictures)

    def __getitem__(self, index: int) -> dict[str, Tensor]:
        picture = self.pictures.images[index]
        if self.training and torch.rand(()) < 0.5:
            picture = picture[:, ::-1]
        inputs = self.processor(images=np.ascontiguousarray(picture), return_tensors="pt")
        return {"pixel_values": inputs["pixel_values"][0], "labels": torch.tensor(int(self.pictures.labels[index]))}


def output_table(config: Any) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    """(256,) ADE20K id → output of a checkpoint, or ``IGNORED``. 150 outputs are ids 1..150; others go by name."""
    table = np.full(256, IGNORED, dtype=np.int64)
    if config.num_labels == len(ade20k()):
        table[1 : config.num_labels + 1] = np.arange(config.num_labels)
        return table
    names = ids_by_name()
    for output, name in config.id2label.items():
        if name not in names:
            raise DataError("training.other_classes", name=name)
        table[names[name]] = output
    return table


class LabelledScenes(Dataset[dict[str, Tensor]]):
    """Street pictures, house fronts, or all of ADE20K (``scene_parse_150``), mirrored and coloured in training."""

    def __init__(
        self, options: Options, split: str, count: int | None, processor: Any, config: Any, seed: int | None
    ) -> None:
        root = data_root(options.data)
        # Without a folder of one's own the hub's whole ADE20K is what the checkpoint is fine-tuned on.
        names = (
            ("scene_parse_150",)
            if root is None
            else ("street_scenes", "facades")
            if seed is not None
            else ("street_scenes",)
        )
        self.sets = [load_scenes(name, split, root, options.work / "cache", count) for name in names]
        self.places = [(s, i) for s, scenes in enumerate(self.sets) for i in range(len(scenes))]
        self.processor, self.training, self.table = processor, seed is not None, output_table(config)

    def __len__(self) -> int:
        return len(self.places)

    def __getitem__(self, index: int) -> dict[str, Tensor]:
        which, place = self.places[index]
        picture, ids = (np.array(part) for part in self.sets[which][place])
        if self.training:
            if torch.rand(()) < 0.5:
                picture, ids = np.ascontiguousarray(picture[:, ::-1]), np.ascontiguousarray(ids[:, ::-1])
            # A generator of its own, seeded by the worker's, keeps this in step with the Trainer's seeding.
            generator = torch.Generator().manual_seed(int(torch.randint(2**31, ())))
            tensor = torch.from_numpy(picture).permute(2, 0, 1)[None].float() / 255
            picture = (colored(tensor, generator)[0].permute(1, 2, 0) * 255).round().byte().numpy()
        pixels = self.processor(images=picture, return_tensors="pt")["pixel_values"][0]
        labels = self.table[resized_ids(ids, pixels.shape[1], pixels.shape[2])]  # nearest: the processor's way invents
        return {"pixel_values": pixels, "labels": torch.from_numpy(labels)}
