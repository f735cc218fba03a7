"""A segmented picture with the places of its patches, and without. n scenes, H × W pixels, h × w patches, T tokens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from core.data.labels import MERGED, UNLABELLED, painted
from core.learn.claims.ablation import without_places
from core.learn.claims.claim import (
    Condition,
    Exhibit,
    Finding,
    Models,
    Samples,
    Scene,
    Verdict,
    mean,
    mean_share,
    percent,
)
from core.networks.beit import PositionBias
from core.scene.segment import class_ids, segment, trace

Ids = NDArray[np.uint8]
SIDE = 200  # pixels of an exhibit's longer side, at most


def zeroed(bias: PositionBias) -> PositionBias:
    """No bias at all: not between patches, and none to or from [CLS]."""
    return replace(bias, table=torch.zeros_like(bias.table), special=torch.zeros_like(bias.special))


def maps(model: Any, pixels: NDArray[np.uint8]) -> dict[str, Ids]:
    """The ADE20K ids (H, W) that the model sees: as it is, with all places alike, without bias, and by a mirror."""
    embeddings = model.network.beit.embeddings
    assert embeddings.position_embeddings is None, "expected a BEiT that knows places by its bias alone"

    def ids(picture: NDArray[np.uint8], change: Callable[[PositionBias], PositionBias] | None = None) -> Ids:
        return segment(model, trace(model, picture, change=change), *pixels.shape[:2]).classes

    mirrored = np.ascontiguousarray(pixels[:, ::-1])
    return {
        "with": ids(pixels),
        "without": ids(pixels, without_places),
        "zero": ids(pixels, zeroed),
        "mirrored": ids(mirrored)[:, ::-1],
    }


def right(scene: Scene, said: Ids, known: NDArray[np.bool_]) -> float:
    """The share of the pixels ``known`` (H, W) whose annotated class is the one that was said."""
    if scene.plain_buildings:
        table = np.arange(256, dtype=np.uint8)
        table[list(MERGED)] = list(MERGED.values())
        said = table[said]
    return float((said == scene.ids)[known].mean())


def shown(scene: Scene, found: dict[str, Ids]) -> tuple[Exhibit, ...]:
    """The photograph, what was annotated, and what the model sees with and without places; small."""
    step = -(-max(scene.pixels.shape[:2]) // SIDE)
    small = scene.pixels[::step, ::step]
    size = (len(small), small.shape[1])
    exhibits = [Exhibit("photograph", *size, small.tobytes())]
    for name, ids in (("annotation", scene.ids), ("with", found["with"]), ("without", found["without"])):
        if ids is None:
            continue
        seen = ids[::step, ::step]
        counts = np.bincount(seen.ravel())
        classes = tuple(int(i) for i in np.argsort(-counts, kind="stable") if counts[i] and i != UNLABELLED)
        exhibits.append(Exhibit(name, *size, painted(small, seen).tobytes(), classes))
    return tuple(exhibits)


def scene(models: Models, samples: Samples, seed: int) -> Finding:
    """Segmentation with the places of the patches, with all places alike, and with no position bias at all."""
    model = models["scene"]
    outputs = class_ids(model.network)
    names = ("with", "without", "zero", "guess")
    accuracy: dict[str, list[float]] = {name: [] for name in names}
    changed: dict[str, list[float]] = {"changed": [], "mirrored": []}
    exhibits: tuple[Exhibit, ...] = ()
    for one in samples.scenes:
        found = maps(model, one.pixels)
        changed["changed"].append(float((found["without"] != found["with"]).mean()))
        changed["mirrored"].append(float((found["mirrored"] != found["with"]).mean()))
        exhibits = exhibits or shown(one, found)
        known = np.zeros(one.pixels.shape[:2], bool) if one.ids is None else np.isin(one.ids, outputs)
        if one.ids is None or not known.any():
            continue
        for name in names[:-1]:
            accuracy[name].append(right(one, found[name], known))
        accuracy["guess"].append(float(np.bincount(one.ids[known]).max() / known.sum()))
    assert UNLABELLED not in outputs, "a pixel that nobody annotated must not count"
    annotated = len(accuracy["with"])
    verdict: Verdict = "undecided"
    if annotated:
        above = mean("", np.subtract(accuracy["without"], accuracy["guess"]))
        lost = mean("", np.subtract(accuracy["with"], accuracy["without"]))
        if above.low is not None and above.low > 0:
            verdict = "refuted"
        elif lost.low is not None and lost.low > 0:
            verdict = "supported"
    said = {f"{name}_": percent(float(np.mean(accuracy[name]))) if annotated else "–" for name in names}
    conditions: list[Condition] = []
    if annotated:
        conditions = [mean_share(name, accuracy[name], control=name in ("with", "guess")) for name in names]
    conditions += [mean_share(name, values, control=name == "mirrored") for name, values in changed.items()]
    values = said | {name: percent(float(np.mean(part))) for name, part in changed.items()} | {"annotated": annotated}
    return Finding("scene", verdict, "share", tuple(conditions), len(samples), values, exhibits=exhibits)
