"""``beit-scenes``: a small BEiT with a UPerNet head for rooms, landscapes, streets, animals and people.

Its pictures come from many sources, which name things more or less finely; a label that may stand for several classes
is satisfied by any of them. It starts from the weights of ``beit-street`` where these are at hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from core.data.datasets import data_root
from core.data.labels import ids_by_name, scene_class
from core.training.beit import cut_patches, start_local, start_whitened
from core.training.beit_street import IDS as STREET_IDS
from core.training.beit_street import SIZE, STREET_ALLOWED, small_config, write_segmenter
from core.training.label_space import Allowed, LabelSpace, read_coarse
from core.training.pack import Pack
from core.training.pack_pictures import SHAPES, Shape, fitting
from core.training.pack_scenes import packed_sets, unpacked_sets
from core.training.recipe import MODELS, Options, Recipe, Told
from core.training.scene_card import counts_of, told
from core.training.scene_evaluation import evaluate_scenes
from core.training.scene_sets import SceneSet, load_sets, pictures_of_id
from core.training.scene_task import Plan, SceneTask
from core.training.scenes import Crop, whole

LEAST = 10  # training pictures that show an id, below which it is no output
SHARES = {"scenes": 0.76, "street_scenes": 0.12, "facades": 0.12}
COMMONEST = 44  # ids of scenes/validation by which it is measured
STEPS = 32  # an epoch
START: Path | None = MODELS / "beit-street"


def coarse_labels(root: Path | None) -> dict[tuple[str, int], tuple[int, ...]]:
    """What else a mask id of a source may stand for, by the table that lies beside the pictures."""
    return read_coarse(root / "scenes" / "coarse.csv") if root is not None else {}


class ScenesPlan(Plan):
    """Small crops first; whole pictures all along, as the farthest distances would be met at the very end else."""

    head_from, joined_from, joined_whole, still_from = 0.55, 0.63, 0.75, 0.9

    def __init__(self, size: int, patch: int) -> None:
        self.size, self.half, self.part = size, size // 2 // patch * patch, size * 2 // 3 // patch * patch

    def crop(self, progress: float, batch: int, generator: torch.Generator) -> tuple[Crop, int]:
        u = float(torch.rand((), generator=generator))
        wide = Crop(self.size, self.size, 0.75, 1.5)
        part = Crop(self.part, self.size, 0.55, 1.5)
        if progress >= self.still_from:
            return Crop(self.size, self.size, 0.85, 1.4), max(batch // 5, 2)
        if progress >= self.head_from:
            return (wide, max(batch // 5, 2)) if u < 0.5 else (part, max(batch // 2, 2))
        if u < 0.1:
            return wide, max(batch // 4, 2)
        return (part, max(batch * 9 // 16, 2)) if u < 0.35 else (Crop(self.half, self.size, 0.45, 1.4), batch)


class ScenesTask(SceneTask):
    """As any, with short epochs: a validation takes a fifth of one."""

    every = 4


def chosen_ids(sets: list[SceneSet]) -> tuple[int, ...]:
    """The ADE20K ids that become outputs: those shown by ``LEAST`` training pictures, and those of ``beit-street``."""
    found = np.flatnonzero(pictures_of_id(sets) >= LEAST)
    return tuple(sorted({int(id) for id in found if id > 0} | set(STREET_IDS)))


@torch.no_grad()
def start_from(model: Any, folder: Path, ids: tuple[int, ...]) -> None:
    """Copy a segmentation folder's weights into a model of the same shapes; outputs that it has are copied by name."""
    from transformers import BeitForSemanticSegmentation

    known = BeitForSemanticSegmentation.from_pretrained(folder, dtype=torch.float32)
    outputs = {ids_by_name()[name]: k for k, name in known.config.id2label.items()}
    weights, fresh = known.state_dict(), model.state_dict()
    for name in weights:
        if "classifier" in name:
            rows = fresh[name].clone()
            for k, id in enumerate(ids):
                if id in outputs:
                    rows[k] = weights[name][outputs[id]]
            weights[name] = rows
    model.load_state_dict(weights)


@dataclass(frozen=True, eq=False)
class ScenesData:
    """Pictures to learn from, pictures to look how far that went, and what their labels may stand for."""

    sets: list[SceneSet]
    held_out: list[SceneSet]
    allowed: Allowed
    ids: tuple[int, ...]  # of the outputs


class BeitScenes(Recipe):
    """The recipe of ``beit-scenes``."""

    packs = True
    data_terms = ("nyuv2", "msrc", "voc", "coco", "stanford", "ade20k_pictures", "camvid", "facades")
    headline = "mean_iou"
    task: ScenesTask

    def __init__(self, options: Options) -> None:
        from transformers import BeitForSemanticSegmentation

        torch.manual_seed(options.seed)
        self.options = options
        self.rate, self.batch = options.learning_rate or 2e-3, options.batch_size or 32
        data: ScenesData = self.needed(options)
        sets, held_out, allowed, ids = data.sets, data.held_out, data.allowed, data.ids
        sources = tuple(sorted({part.source for part in (*sets, *held_out)}))
        names = {i: scene_class(id).name for i, id in enumerate(ids)}
        config = small_config(id2label=names, label2id={name: i for i, name in names.items()})
        model = BeitForSemanticSegmentation(config)
        self.start = START.name if START is not None else None
        if START is not None:
            start_from(model, START, ids)
        else:
            start_local(model.beit)
            first = [whole(part.scenes, i, config.image_size)[0] for part in sets for i in range(0, len(part), 8)]
            start_whitened(model.beit, cut_patches(torch.cat(first), config.patch_size))
        self.sizes = {part.source: len(part) for part in sets}
        space = LabelSpace(ids, allowed, sources)
        plan = ScenesPlan(config.image_size, config.patch_size)
        self.task = ScenesTask(model, sets, held_out, space, plan, self.rate, self.batch, STEPS)
        self.length = options.length(60)

    @classmethod
    def load(cls, options: Options) -> ScenesData:
        root, cache = data_root(options.data), options.work / "cache"
        sets = []
        for name, share in SHARES.items():
            parts = load_sets(name, "train", root, cache, options.train_size)
            weight = np.array([len(part) for part in parts]) ** 0.75
            sets += [
                SceneSet(part.source, part.scenes, float(share * w))
                for part, w in zip(parts, weight / weight.sum(), strict=True)
            ]
        held_out = load_sets("scenes", "test", root, cache, options.test_size)
        return ScenesData(sets, held_out, {**STREET_ALLOWED, **coarse_labels(root)}, chosen_ids(sets))

    @classmethod
    def packed(cls, data: ScenesData, limit: int | None) -> Pack:
        allowed = [[source, id, list(ids)] for (source, id), ids in data.allowed.items()]

        def made(shape: Shape, every: int) -> Pack:
            train = packed_sets("train", data.sets, shape, every)
            held = packed_sets("held_out", data.held_out, shape, every)
            facts = {**train.facts, **held.facts, "allowed": allowed, "ids": data.ids, "shape": shape}
            return Pack({**train.arrays, **held.arrays}, facts)

        return fitting("beit-scenes", made, SHAPES, sum(len(part) for part in data.sets), limit)

    @classmethod
    def unpacked(cls, pack: Pack) -> ScenesData:
        allowed = {(source, id): tuple(ids) for source, id, ids in pack.facts["allowed"]}
        sets, held_out = (unpacked_sets(pack, name) for name in ("train", "held_out"))
        return ScenesData(sets, held_out, allowed, tuple(pack.facts["ids"]))

    def write(self, network: nn.Module, folder: Path) -> None:
        write_segmenter(network, folder, SIZE)

    @staticmethod
    def measure(folder: Path, options: Options) -> dict[str, Any]:
        splits = {"scenes": "test", "street_scenes": "test", "facades": "test"}
        return evaluate_scenes(folder, splits, options, {"scenes": COMMONEST}, coarse_labels(data_root(options.data)))

    def told(self, evaluation: dict[str, Any]) -> Told:
        return told(evaluation, counts_of(self.task.sets, self.task.space.ids), self.start)

    def facts(self) -> dict[str, Any]:
        plan = self.task.plan
        return {
            "start": self.start or "random weights",
            "outputs": len(self.task.space.ids),
            "training_pictures": ", ".join(f"{count} of {name}" for name, count in self.sizes.items()),
            "drawn_from": ", ".join(f"{part.source} {part.share:.0%}" for part in self.task.sets),
            "optimizer": "Muon on matrices, AdamW on the rest, moving average of the weights (0.99)",
            "learning_rate": self.rate,
            "batch_size": f"{self.batch} of 192 px, fewer of the larger ones",
            "crops": "192, 256 and 384 px of 384; with the head 256 and 384; in the last tenth whole pictures only",
            "head_from": f"{plan.head_from:.0%} of the time, beside a linear layer on all patches; it changes the "
            f"encoder from {plan.joined_from:.0%}, in full from {plan.joined_whole:.0%}",
            "loss": "log-weighted cross-entropy; with the head by the roots of the weights, and half a soft IoU; "
            "what a label may stand for is summed",
            "size": SIZE,
        }
