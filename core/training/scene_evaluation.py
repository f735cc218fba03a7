"""A written segmentation folder, measured as anybody would use it: its own processor, its own class, ADE20K ids."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from core.data.datasets import SOURCES, Scenes, data_root
from core.data.labels import MERGED, ids_by_name, scene_class
from core.metrics import Confusion, Counts, SegmentationReport, segmentation_report
from core.training.calibration import Reliability
from core.training.label_space import Allowed, forgiven
from core.training.recipe import Options
from core.training.scene_sets import load_with_sources


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


@dataclass
class Seen:
    """What the pictures of one data set have shown so far, in counts of pixels."""

    confusion: Confusion = field(default_factory=lambda: Confusion(151, ignore=0))  # said what may be said is right
    strict: Confusion = field(default_factory=lambda: Confusion(151, ignore=0))  # only the very id is
    reliability: Reliability = field(default_factory=Reliability)
    right: list[int] = field(default_factory=list)  # pixels of each picture that got what may be said of them
    pictures: NDArray[np.int64] = field(default_factory=lambda: np.zeros(151, np.int64))  # that show each id

    def add(
        self, said: NDArray[np.uint8], sure: NDArray[np.float32], mask: NDArray[np.uint8], mild: NDArray[np.uint8]
    ) -> None:
        """Ids as said, how surely, and as annotated, (H, W) each; ``mild``: as said, with what is allowed as right."""
        self.strict.add(mask, said)
        self.confusion.add(mask, mild)
        self.right.append(int((mild == mask).sum()))
        self.pictures[np.unique(mask)] += 1
        known = mask > 0
        self.reliability.add(sure[known], mild[known] == mask[known])

    def commonest(self, most: int | None) -> list[int]:
        """The annotated ids, or the ``most`` that occur in the most pictures; of as many pictures, in more pixels."""
        pixels = self.confusion.counts.sum(axis=1)
        present = [int(id) for id in np.flatnonzero(pixels)]
        return sorted(sorted(present, key=lambda id: (-self.pictures[id], -pixels[id], id))[:most])

    def mistakes(self, most: int = 10) -> list[dict[str, Any]]:
        """The commonest pairs of what a pixel is and what else it was called."""
        wrong = self.confusion.counts.copy()
        np.fill_diagonal(wrong, 0)
        order = np.argsort(-wrong, axis=None, kind="stable")[:most]
        pairs = [divmod(int(place), wrong.shape[1]) for place in order]
        return [
            {"true": scene_class(a).name, "said": scene_class(b).name, "ids": [a, b], "pixels": int(wrong[a, b])}
            for a, b in pairs
            if wrong[a, b]
        ]


class Segmenter:
    """A written folder with its own processor, asked as anybody would."""

    def __init__(self, folder: Path) -> None:
        from transformers import AutoImageProcessor, BeitForSemanticSegmentation

        self.model = BeitForSemanticSegmentation.from_pretrained(folder, dtype=torch.float32).eval()
        self.processor = AutoImageProcessor.from_pretrained(folder, backend="pil")
        names, labels = ids_by_name(), self.model.config.id2label
        self.ids = np.array([names[labels[k]] for k in range(self.model.config.num_labels)], dtype=np.uint8)  # (K,)

    def __call__(
        self, image: NDArray[np.uint8], size: tuple[int, ...]
    ) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
        """A picture → the ADE20K id of each pixel of ``size``, and the probability 0..1 given to it."""
        with torch.no_grad():
            logits = self.model(**self.processor(images=np.array(image), return_tensors="pt")).logits
            larger = nn.functional.interpolate(logits, size, mode="bilinear", align_corners=False)
            sure, output = larger[0].softmax(0).max(0)  # (H, W) each
        return self.ids[output.numpy()], sure.numpy()


def look_at(segmenter: Segmenter, scenes: Scenes, sources: list[str], allowed: Allowed) -> Seen:
    """Segment every picture, in order."""
    seen = Seen()
    for i, source in enumerate(sources):
        image, mask = scenes[i]
        said, sure = segmenter(image, mask.shape)
        seen.add(said, sure, np.asarray(mask), forgiven(said, mask, allowed, source))
    return seen


def report_of(seen: Seen, most: int | None, outputs: NDArray[np.uint8]) -> dict[str, Any]:
    """What ``evaluation.json`` holds of one data set; figures over the ``most`` commonest ids, or all annotated."""
    ids = seen.commonest(most)
    merged = restricted(seen.confusion.counts, ids)
    columns = sorted({*ids, *outputs.tolist()})
    return {
        "right": seen.right,
        "pixels": int(seen.confusion.counts.sum()),
        "ignored": seen.confusion.ignored,
        "classes": {
            scene_class(id).name: {
                "id": id,
                "pictures": int(seen.pictures[id]),
                "intersection": int(merged.intersection[k]),
                "union": int(merged.union[k]),
                "iou": float(merged.iou[k]),
                "accuracy": float(merged.class_accuracy[k]),
            }
            for k, id in enumerate(ids)
        },
        "ids": ids,
        "annotated_ids": len(seen.commonest(None)),
        "confusion": seen.confusion.counts[np.ix_(ids, columns)].tolist(),
        "confusion_columns": columns,
        "mistakes": seen.mistakes(),
        "reliability": seen.reliability.to_dict(),
    }


def figures_of(seen: Seen, most: int | None) -> dict[str, float]:
    """Headline figures of one data set."""
    ids, every = seen.commonest(most), seen.commonest(None)
    merged = restricted(seen.confusion.counts, ids)
    figures = {"mean_iou": merged.mean_iou, "pixel_accuracy": merged.pixel_accuracy}
    strict = None
    if most is not None:
        strict = restricted(seen.strict.counts, every, merge=False)
    elif not {9, 15} <= set(every):
        strict = restricted(seen.confusion.counts, ids, merge=False)
    if strict is not None:
        figures |= {"mean_iou_strict": strict.mean_iou, "pixel_accuracy_strict": strict.pixel_accuracy}
    return figures


def evaluate_scenes(
    folder: Path,
    splits: dict[str, str],
    options: Options,
    most: Mapping[str, int] | None = None,
    allowed: Allowed | None = None,
) -> dict[str, Any]:
    """Figures of the first data set by their plain names, of the others with the set's name before; each per class.

    ``most``: data sets of which only so many of the commonest ids count (see :meth:`Seen.commonest`). ``allowed``:
    what else a mask id of a source may be called.

    Pixel accuracy is the share of the pixels annotated with a counted id that were given what they may be called. An
    id's IoU is that share's pixels over those annotated with it or, among the pixels annotated with any counted id,
    called it where it may not be; mean IoU is the mean over the counted ids. "Strict" is on all annotated ids, and
    nothing but the very id is right.
    """
    segmenter, root = Segmenter(folder), data_root(options.data)
    figures: dict[str, float] = {}
    sets: dict[str, Any] = {}
    for place, (name, split) in enumerate(splits.items()):
        scenes, sources = load_with_sources(name, split, root, options.work / "cache", options.test_size)
        seen = look_at(segmenter, scenes, sources, allowed or {})
        number = (most or {}).get(name)
        before = "" if place == 0 else f"{name}_"
        figures |= {before + figure: value for figure, value in figures_of(seen, number).items()}
        if number is not None:
            figures[f"{before}calibration_error"] = seen.reliability.expected_error()
        read = "LAB_DATA" if root is not None else SOURCES[name].hub
        data = {"name": name, "split": SOURCES[name].splits[split], "source": read, "count": len(seen.right)}
        sets[name] = {"data": data, **report_of(seen, number, segmenter.ids)}
    return {"figures": figures, "sets": sets}
