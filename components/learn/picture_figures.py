"""Figures of the walk-through that a picture model draws, of the twenty CIFAR-10 pictures that are always here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from components.learn.recorded_figures import pretraining, recorded_ious, training_curves
from components.learn.text_figures import Figure, rounded
from components.page.viewer import packed
from core.data.galleries import shipped
from core.data.labels import MODEL_COLORS
from core.errors import UnavailableError
from core.lab.lab import Lab
from core.lab.scene import segmentation_of
from core.lab.stations import OTHER, SHOWN, contenders, masked, middle_patch
from core.progress import Progress

PHOTO = "china.jpg"  # scikit-learn's, a landscape with a building
SIDE = 160  # pixels of the segmented scene's longer side on the page


def scene() -> Any:
    """A photograph that is always here, (H, W, 3) uint8."""
    from sklearn.datasets import load_sample_image

    return np.asarray(load_sample_image(PHOTO))


def _grid(name: str, weights: Any, side: int, pixels: Any, mark: int | None = None, **fields: object) -> Figure:
    weights = np.asarray(weights, dtype=np.float64)
    top = max(1e-9, float(weights.max()))
    grid: Figure = {"name": name, "fields": fields, "height": side, "width": side, "mark": mark}
    grid |= {"values": rounded(weights / top, 3), "shares": rounded(weights, 4)}
    if pixels is not None:
        height, width = pixels.shape[:2]
        grid |= {"picture": packed(np.ascontiguousarray(pixels)), "size": [height, width]}
    return grid


def patches(lab: Lab, report: Progress) -> list[Figure]:
    """Where the middle patch of a picture looks, layer by layer."""
    found = middle_patch(lab, report)
    side, picture = found.side, shipped().pixels[SHOWN]
    grids = [
        _grid("layer", found.weights[0, layer].mean(axis=0), side, picture, found.query, layer=layer + 1)
        for layer in range(found.layers)
    ]
    plain = {"name": "picture", "picture": packed(np.ascontiguousarray(picture)), "size": list(picture.shape[:2])}
    fields = {"patches": side * side, "side": side}
    return [{"kind": "grids", "grids": [plain, *grids], "model": found.title, "fields": fields}]


def masking(lab: Lab, report: Progress) -> list[Figure]:
    """How many of the shipped pictures BEiT still gets right with patches masked."""
    found = masked(lab, report)
    names = [f"{100 * share:.0f} %" for share in found.shares]
    figure: Figure = {"kind": "bars", "unit": "share", "names": names, "label": "masked", "model": found.title}
    figure["fields"] = {"total": found.total}
    figure["series"] = [{"name": "right", "values": [count / found.total for count in found.right]}]
    return [{**figure, "caption": "masked"}, *pretraining("beit-cifar10")]


def segmentation(lab: Lab, report: Progress) -> list[Figure]:
    """A photograph's classes by area; then what the training recorded."""
    recorded = [*recorded_ious("beit-scenes"), *training_curves("beit-scenes")]
    try:
        areas = _areas(lab, report)
    except UnavailableError:
        if not recorded:
            raise
        areas = []
    return [*areas, *recorded]


def _areas(lab: Lab, report: Progress) -> list[Figure]:
    from core.data.labels import ade20k, painted

    picture = scene()
    found, title = segmentation_of(lab, picture, report), lab.find("", "segmentation").title
    step = max(1, -(-max(picture.shape) // SIDE))
    small = picture[::step, ::step]
    mixed = painted(small, found.classes[::step, ::step])
    keys = [f"classes.{i}" for i in found.ids]
    shares = [round(float(share), 4) for share in found.shares]
    pictures = [{"name": name, "picture": packed(np.ascontiguousarray(part)), "size": list(part.shape[:2])}
                for name, part in (("photograph", small), ("classes", mixed))]  # fmt: skip
    series = [{"name": "area", "values": shares}]
    colors = [ade20k()[int(i) - 1].color for i in found.ids]
    bars = {"kind": "bars", "unit": "share", "keys": keys, "series": series, "colors": colors, "model": title}
    return [{"kind": "grids", "grids": pictures, "fields": {}, "caption": "scene"}, {**bars, "fields": {}}]


def versus(lab: Lab, report: Progress) -> list[Figure]:
    """MLP and BEiT on the shipped pictures: how many right, and what one picture costs."""
    found = contenders(lab, report)
    names, total = [one.title for one in found], len(shipped())
    about = {"names": names, "fields": {"total": total}, "colors": [MODEL_COLORS[one.part] for one in found]}
    bars = (
        ("right", "share", [one.right for one in found]),
        ("parameters", "count", [one.cost.parameters for one in found]),
        ("multiply_adds", "count", [one.cost.multiply_adds for one in found]),
    )
    return [
        {"kind": "bars", "unit": unit, "series": [{"name": name, "values": values}], "caption": name,
         "model": ", ".join(names), **about}
        for name, unit, values in bars
    ]  # fmt: skip


def convolution(lab: Lab, report: Progress) -> list[Figure]:
    """A filter's window, attention by place alone, in a window, and everywhere in two pictures, for one patch."""
    from core.learn.claims.picture import window

    found = middle_patch(lab, report)
    weights, side, query = found.weights, found.side, found.query
    layer, inside = found.layers // 2, window((side, side), query)
    first, second = shipped().pixels[SHOWN], shipped().pixels[OTHER]
    blank = np.full_like(first, 255)
    local = weights[0, layer] * inside  # (H, N): what softmax gives where the scores outside the window are masked,
    local /= local.sum(axis=-1, keepdims=True)  # once each head's shares sum to 1 again
    grids = [
        _grid("filter", inside / inside.sum(), side, blank, query),
        _grid("places", found.alone[layer].mean(axis=0), side, blank, query),
        _grid("local", local.mean(axis=0), side, first, query),
        _grid("one", weights[0, layer].mean(axis=0), side, first, query),
        _grid("two", weights[1, layer].mean(axis=0), side, second, query),
    ]
    return [{"kind": "grids", "grids": grids, "model": found.title, "fields": {"layer": layer + 1}}]


PICTURE_FIGURES: dict[str, Callable[[Lab, Progress], list[Figure]]] = {
    "patches": patches,
    "masking": masking,
    "segmentation": segmentation,
    "versus": versus,
    "convolution": convolution,
}
