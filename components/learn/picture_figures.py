"""Figures of the walk-through that a picture model draws, of the twenty CIFAR-10 pictures that are always here."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from components.learn.recorded_figures import recorded_ious, training_curves
from components.learn.text_figures import Figure, Report, rounded
from components.page.viewer import packed
from core.data.galleries import shipped
from core.data.labels import MODEL_COLORS
from core.engines.zerogpu import PICTURE, SCENE, borrow
from core.errors import UnavailableError
from core.lab.lab import Lab
from core.scene.results import Segmentation

if TYPE_CHECKING:
    from core.networks.classifier import Classifier

SHOWN = 8  # the place of the shipped picture that is looked at, and
OTHER = 0  # that of the one it is compared with
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


def _rows(lab: Lab, report: Report) -> tuple[Any, Any, int, int, str]:
    """Where the middle patch looks in two pictures, and by its place alone."""
    from core.learn.claims.picture import rows
    from core.networks.classifier import Classifier

    with lab.use("", "cifar10-beit", report) as loaded:
        classifier = Classifier.of(loaded)
        side = classifier.side // classifier.patch
        query = (side // 2) * side + side // 2
        weights, alone = borrow(PICTURE, rows, loaded, shipped().pixels[[SHOWN, OTHER]], query)
        return weights, alone, side, query, loaded.spec.title


def patches(lab: Lab, report: Report) -> list[Figure]:
    """Where the middle patch of a picture looks, layer by layer."""
    weights, _, side, query, title = _rows(lab, report)
    picture = shipped().pixels[SHOWN]
    layers = weights.shape[1]
    grids = [
        _grid("layer", weights[0, layer].mean(axis=0), side, picture, query, layer=layer + 1) for layer in range(layers)
    ]
    plain = {"name": "picture", "picture": packed(np.ascontiguousarray(picture)), "size": list(picture.shape[:2])}
    fields = {"patches": side * side, "side": side}
    return [{"kind": "grids", "grids": [plain, *grids], "model": title, "fields": fields}]


def masking(lab: Lab, report: Report) -> list[Figure]:
    """How many of the shipped pictures BEiT still gets right with patches masked."""
    from core.learn.measures import MASKED_SHARES, masked_answers

    gallery = shipped()
    with lab.use("", "cifar10-beit", report) as loaded:
        right = borrow(PICTURE, masked_answers, loaded, gallery.pixels, gallery.labels.astype(np.int64))
        title = loaded.spec.title
    names = [f"{100 * share:.0f} %" for share in MASKED_SHARES]
    figure = {"kind": "bars", "unit": "share", "names": names, "label": "masked", "model": title}
    figure["fields"] = {"total": len(gallery)}
    return [{**figure, "series": [{"name": "right", "values": [count / len(gallery) for count in right]}]}]


def segmentation(lab: Lab, report: Report) -> list[Figure]:
    """A photograph's classes by area; then what the training recorded."""
    recorded = [*recorded_ious("beit-street"), *training_curves("beit-street")]
    try:
        areas = _areas(lab, report)
    except UnavailableError:
        if not recorded:
            raise
        areas = []
    return [*areas, *recorded]


def segmented(model: Any, picture: NDArray[np.uint8]) -> Segmentation:
    """Every step from a picture (H, W, 3) to its classes."""
    from core.scene.segment import segment, trace

    return segment(model, trace(model, picture), *picture.shape[:2])


def _areas(lab: Lab, report: Report) -> list[Figure]:
    from core.data.labels import ade20k, painted

    picture = scene()
    with lab.use("", "segmentation", report) as loaded:
        found = borrow(SCENE, segmented, loaded, picture)
        title = loaded.spec.title
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


def guesses_and_cost(classifier: Classifier, pixels: NDArray[np.uint8]) -> tuple[NDArray[np.int64], int]:
    """The likeliest class (n,) of pictures (n, 32, 32, 3), and the multiply-adds of one."""
    return classifier.probabilities(pixels).argmax(axis=1), classifier.multiply_adds()


def versus(lab: Lab, report: Report) -> list[Figure]:
    """MLP and BEiT on the shipped pictures: how many right, and what one picture costs."""
    from core.networks.classifier import Classifier

    gallery = shipped()
    rows = []
    missing: UnavailableError | None = None
    for job, color in (("cifar10-mlp", MODEL_COLORS["mlp"]), ("cifar10-beit", MODEL_COLORS["beit"])):
        try:
            with lab.use("", job, report) as loaded:  # type: ignore[arg-type]
                classifier = Classifier.of(loaded)
                guesses, multiply_adds = borrow(PICTURE, guesses_and_cost, classifier, gallery.pixels)
                right = float((guesses == gallery.labels).mean())
                title, costs = loaded.spec.title, (classifier.parameters_count, multiply_adds)
        except UnavailableError as error:
            missing = error  # the other one is drawn alone
            continue
        rows.append((title, right, *costs, color))
    if missing is not None and not rows:
        raise missing
    names = [row[0] for row in rows]
    figures: list[Figure] = []
    for i, (name, unit) in enumerate((("right", "share"), ("parameters", "count"), ("multiply_adds", "count")), 1):
        series = [{"name": name, "values": [row[i] for row in rows]}]
        fields = {"total": len(gallery)}
        figures.append({"kind": "bars", "unit": unit, "names": names, "series": series, "fields": fields,
                        "caption": name, "colors": [row[4] for row in rows], "model": ", ".join(names)})  # fmt: skip
    return figures


def convolution(lab: Lab, report: Report) -> list[Figure]:
    """A filter's window, attention by place alone, in a window, and everywhere in two pictures, for one patch."""
    from core.learn.claims.picture import window

    weights, alone, side, query, title = _rows(lab, report)
    layer, inside = weights.shape[1] // 2, window((side, side), query)
    first, second = shipped().pixels[SHOWN], shipped().pixels[OTHER]
    blank = np.full_like(first, 255)
    local = weights[0, layer] * inside  # (H, N): what softmax gives where the scores outside the window are masked,
    local /= local.sum(axis=-1, keepdims=True)  # once each head's shares sum to 1 again
    grids = [
        _grid("filter", inside / inside.sum(), side, blank, query),
        _grid("places", alone[layer].mean(axis=0), side, blank, query),
        _grid("local", local.mean(axis=0), side, first, query),
        _grid("one", weights[0, layer].mean(axis=0), side, first, query),
        _grid("two", weights[1, layer].mean(axis=0), side, second, query),
    ]
    return [{"kind": "grids", "grids": grids, "model": title, "fields": {"layer": layer + 1}}]


PICTURE_FIGURES: dict[str, Callable[[Lab, Report], list[Figure]]] = {
    "patches": patches,
    "masking": masking,
    "segmentation": segmentation,
    "versus": versus,
    "convolution": convolution,
}
