"""A written segmentation folder, measured as anybody would use it: its own processor, its own class, ADE20K ids."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from core.data.datasets import SOURCES, data_root, load_scenes
from core.data.labels import MERGED, ids_by_name, scene_class
from core.metrics import Confusion, Counts, SegmentationReport, segmentation_report
from core.training.recipe import Options


def restricted(counts: Counts, ids: list[int], merge: bool = True) -> SegmentationReport:
    """The report on the classes ``ids`` only, from a (151, 151) matrix of ADE20K ids.

    Only their rows count; a pixel of theirs that was called something else is a miss. Where windowpane or door is
    not among ``ids`` (and ``merge``), calling a pixel so counts as building.
    """
    counts = counts.copy()
    if merge:
        for part, building in MERGED.items():
            if part not in ids:
                counts[:, building] += counts[:, part]
                counts[:, part] = 0
    inside = counts[np.ix_(ids, ids)]
    elsewhere = counts[ids].sum(axis=1) - inside.sum(axis=1)  # (K,) misses outside the classes
    square = np.zeros((len(ids) + 1, len(ids) + 1), dtype=np.int64)
    square[:-1, :-1], square[:-1, -1] = inside, elsewhere
    report = segmentation_report(square)
    iou = report.iou[:-1]
    mean = float(np.nanmean(iou)) if np.isfinite(iou).any() else float("nan")
    return SegmentationReport(
        report.intersection[:-1],
        report.union[:-1],
        iou,
        report.class_accuracy[:-1],
        mean,
        report.pixel_accuracy,
        report.pixels,
        0,
    )


def evaluate_scenes(folder: Path, splits: dict[str, str], options: Options) -> dict[str, Any]:
    """Figures of the first data set by their plain names, of the others with the set's name before; each per class."""
    from transformers import AutoImageProcessor, BeitForSemanticSegmentation

    model = BeitForSemanticSegmentation.from_pretrained(folder, dtype=torch.float32).eval()
    processor = AutoImageProcessor.from_pretrained(folder, backend="pil")
    names = ids_by_name()
    outputs = np.array([names[model.config.id2label[i]] for i in range(model.config.num_labels)])  # (13,)
    figures: dict[str, float] = {}
    sets: dict[str, Any] = {}
    for place, (name, split) in enumerate(splits.items()):
        root = data_root(options.data)
        scenes = load_scenes(name, split, root, options.work / "cache", options.test_size)
        confusion = Confusion(151, ignore=0)
        right: list[int] = []  # pixels of each picture that got their very class
        for i in range(len(scenes)):
            image, ids = scenes[i]
            with torch.no_grad():
                logits = model(**processor(images=np.array(image), return_tensors="pt")).logits
            larger = nn.functional.interpolate(logits, ids.shape, mode="bilinear", align_corners=False)
            said = outputs[larger[0].argmax(0).numpy()]  # (H, W) ADE20K ids
            confusion.add(ids, said)
            right.append(int((said == ids).sum()))
        present = sorted(set(np.flatnonzero(confusion.counts.sum(axis=1)).tolist()))
        merged, strict = restricted(confusion.counts, present), restricted(confusion.counts, present, merge=False)
        before = "" if place == 0 else f"{name}_"
        figures[f"{before}mean_iou"] = merged.mean_iou
        figures[f"{before}pixel_accuracy"] = merged.pixel_accuracy
        if not {9, 15} <= set(present):
            figures[f"{before}mean_iou_strict"] = strict.mean_iou
            figures[f"{before}pixel_accuracy_strict"] = strict.pixel_accuracy
        sets[name] = {
            "data": {
                "name": name,
                "split": SOURCES[name].splits[split],
                "source": "LAB_DATA" if root is not None else SOURCES[name].hub,
                "count": len(scenes),
            },
            "right": right,
            "pixels": merged.pixels,
            "ignored": confusion.ignored,
            "classes": {
                scene_class(id).name: {
                    "id": id,
                    "intersection": int(merged.intersection[k]),
                    "union": int(merged.union[k]),
                    "iou": float(merged.iou[k]),
                    "accuracy": float(merged.class_accuracy[k]),
                }
                for k, id in enumerate(present)
            },
            "ids": present,
            "confusion": confusion.counts[np.ix_(present, sorted({*present, *outputs.tolist()}))].tolist(),
            "confusion_columns": sorted({*present, *outputs.tolist()}),
        }
    return {"figures": figures, "sets": sets}
