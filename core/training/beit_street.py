"""``beit-street``: a small BEiT with a UPerNet head, from random weights, on streets and house fronts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch import nn

from core.data.datasets import Scenes, data_root, load_scenes
from core.data.labels import scene_class
from core.training.beit import cut_patches, start_local, start_whitened
from core.training.checkpoint import halves
from core.training.label_space import LabelSpace
from core.training.recipe import Options, Recipe
from core.training.scene_evaluation import evaluate_scenes
from core.training.scene_sets import SceneSet
from core.training.scene_task import Plan, SceneTask
from core.training.scenes import Crop, whole

IDS = (2, 3, 5, 7, 9, 12, 13, 15, 21, 33, 44, 94, 128)  # ADE20K ids of the 13 classes, in the order of the outputs
STREET_ALLOWED = {("street_scenes", 2): (2, 9, 15)}  # there, windows and doors are labelled as building
HEAD_FROM, WHOLE_FROM = 0.5, 0.8  # of the training, by progress: with the head, on whole pictures
SHARES = {"street_scenes": 0.6, "facades": 0.4}
SIZE = 384


class StreetPlan(Plan):
    """Parts of pictures, some whole ones, whole ones only at the end."""

    head_from = joined_from = joined_whole = HEAD_FROM
    still_from = WHOLE_FROM

    def __init__(self, size: int, patch: int) -> None:
        self.size, self.part = size, size * 2 // 3 // patch * patch

    def crop(self, progress: float, batch: int, generator: torch.Generator) -> tuple[Crop, int]:
        whole_one = torch.rand((), generator=generator) < 0.25
        if progress >= WHOLE_FROM:
            return Crop(self.size, self.size, 0.8, 1.5), max(batch // 4, 2)
        if progress >= HEAD_FROM:
            return Crop(self.part, self.size, 0.6, 1.6), max(batch * 3 // 4, 2)
        if whole_one:  # else the farthest distances would be met at the very end only
            return Crop(self.size, self.size, 0.7, 1.6), max(batch * 4 // 9, 2)
        return Crop(self.part, self.size, 0.5, 1.7), batch


class StreetTask(SceneTask):
    """The network and both sets of pictures, told apart by name."""

    def __init__(
        self, model: Any, sets: dict[str, Scenes], held_out: Scenes, rate: float, batch: int, steps: int
    ) -> None:
        parts = [SceneSet(name, scenes, SHARES.get(name, 1.0)) for name, scenes in sets.items()]
        space = LabelSpace(IDS, STREET_ALLOWED, tuple(dict.fromkeys([*sets, "street_scenes"])))
        plan = StreetPlan(model.config.image_size, model.config.patch_size)
        super().__init__(model, parts, [SceneSet("street_scenes", held_out)], space, plan, rate, batch, steps)


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


def write_segmenter(network: nn.Module, folder: Path, size: int) -> None:
    """The folder's configuration, weights in float16 and processor."""
    from transformers import BeitImageProcessorPil

    model: Any = network.model
    model.save_pretrained(folder, state_dict=halves(model.state_dict()))
    edges = {"height": size, "width": size}
    # 2 is bilinear, by which the training pictures were resized too.
    processor = BeitImageProcessorPil(size=edges, resample=2, do_center_crop=False, do_reduce_labels=False)
    processor.save_pretrained(folder)


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
        write_segmenter(network, folder, SIZE)

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
