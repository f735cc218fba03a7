"""From picture to classes, step by step: what each step makes of this very picture, and the code that makes it."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from core.data.labels import palette
from core.networks import beit
from core.networks import fast_head as upernet
from core.scene import enlarging
from core.scene import segment as segmentation
from core.scene.results import Segmentation, Stage, Trace
from core.scene.segment import Model
from core.scene.windows import Blend, Windows, windows_of

THUMBNAIL = 256  # pixels a side at most

SOURCES: dict[str, Callable[..., Any]] = {
    "squeezed": segmentation.prepare,
    "tokens": beit.embed,
    "layer": beit.layer_forward,
    "windows": Blend.add,
    "scores": upernet.FastHead.__call__,
    "classes": enlarging.winners,
}


def source(step: str) -> str:
    """The lines that run for a step, as they stand in the file."""
    return inspect.getsource(SOURCES[step])


def fitted(pixels: npt.NDArray[np.uint8], resample: Image.Resampling) -> npt.NDArray[np.uint8]:
    """(H, W, 3) → at most ``THUMBNAIL`` down and across."""
    image = Image.fromarray(pixels)
    scale = min(1.0, THUMBNAIL / max(image.size))
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return np.asarray(image.resize(size, resample), dtype=np.uint8)


def principal_colors(state: npt.NDArray[np.float32], grid: tuple[int, int]) -> npt.NDArray[np.uint8]:
    """Patches (N, C) → (h, w, 3): their three principal components as red, green and blue.

    Patches of like colour have like vectors. The sign of a component means nothing; its largest loading is made
    positive, so that the same picture has the same colours each time.
    """
    centred = state.astype(np.float64) - state.mean(axis=0)
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    axes = axes[:3]
    largest = np.abs(axes).argmax(axis=1)
    axes = axes * np.sign(axes[np.arange(len(axes)), largest])[:, None]
    values = np.zeros((len(state), 3))
    values[:, : len(axes)] = centred @ axes.T
    low, high = np.percentile(values, [2, 98], axis=0)
    shown = (values - low) / np.maximum(high - low, 1e-12)
    return np.asarray((shown.clip(0, 1) * 255).round().reshape(*grid, 3), dtype=np.uint8)


def windows_stage(pixels: npt.NDArray[np.uint8], windows: Windows, cells: int) -> Stage:
    """The picture, at each place as bright as many windows cover it; ``cells`` as in :mod:`core.scene.windows`."""
    window = windows.cut(pixels, cells)[0]
    small = fitted(pixels, Image.Resampling.BILINEAR)
    cover = np.zeros(small.shape[windows.axis])
    for low, high in windows.boxes(cells, len(cover)):
        cover[low:high] += 1
    light = (cover / cover.max()).reshape((-1, 1, 1) if windows.axis == 0 else (1, -1, 1))
    return Stage("windows", (windows.count, *window.shape), (small * light).round().astype(np.uint8))


def stages(
    model: Model, pixels: npt.NDArray[np.uint8], traced: Trace, result: Segmentation
) -> list[tuple[Stage, str | None]]:
    """Every step with the name of its source, or None where a step is no computation: see ``SOURCES``."""
    config, (h, w) = model.network.config, traced.grid
    patch, (_, T, C) = config.patch_size, traced.states.shape
    smooth, sharp = Image.Resampling.BILINEAR, Image.Resampling.NEAREST
    prepared = segmentation.prepare(model, pixels, traced.side)[0].float().cpu().numpy().transpose(1, 2, 0)
    low, high = prepared.min(), prepared.max()
    squeezed = ((prepared - low) / max(high - low, 1e-12) * 255).round().astype(np.uint8)
    colors = palette()
    best = result.known[result.scores.argmax(axis=0)]
    steps: list[tuple[Stage, str | None]] = [
        (Stage("picture", pixels.shape, fitted(pixels, smooth)), None),
        (Stage("squeezed", (3, traced.side, traced.side), fitted(squeezed, smooth)), "squeezed"),
        (Stage("patches", (h * w, 3 * patch * patch), fitted(squeezed, smooth)), None),
        (Stage("tokens", (T, C), principal_colors(traced.states[0, 1:], traced.grid)), "tokens"),
    ]
    for index in config.out_indices:
        if index > 1:
            picture = principal_colors(traced.states[index - 1, 1:], traced.grid)
            steps.append((Stage(f"layer {index - 1}", (T, C), picture), "layer"))
    windows = windows_of(*pixels.shape[:2])
    if windows is not None:
        steps.append((windows_stage(pixels, windows, 4 * max(traced.grid)), "windows"))
    steps.append((Stage("scores", result.scores.shape, colors[best]), "scores"))
    steps.append((Stage("classes", result.classes.shape, fitted(colors[result.classes], sharp)), "classes"))
    return steps
