"""(model, picture) → classes of every pixel: the picture's patches through BEiT, then through its head, then enlarged.

A long picture goes through in windows (:mod:`core.scene.windows`); its trace is that of the whole picture, squeezed.

A model is whatever carries ``network`` (a ``BeitForSemanticSegmentation`` in eval mode) and ``processor``; see
``core.models.loading.Loaded``. Networks on the CPU go through :class:`core.networks.fast_head.FastHead`, once it was
found to agree.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image
from torch import Tensor

from core.data.labels import ade20k, ids_by_name
from core.errors import RangeError
from core.needs import SCENE, lent
from core.networks import beit
from core.networks.arrays import to_numpy
from core.networks.scene_head import depth, fast_head, head_maps, plain_head
from core.scene.enlarging import winners
from core.scene.results import Segmentation, Trace
from core.scene.windows import Blend, Windows, windows_of
from core.stops import Stopped, never

MODES = ("exact", "quick")


class Model(Protocol):
    """What is handed in."""

    @property
    def network(self) -> Any: ...
    @property
    def processor(self) -> Any: ...


def side_of(model: Model, mode: str) -> int:
    """Pixels that a picture is squeezed to: what the model was trained at, or about 0.6 of it. Errors: RangeError."""
    if mode not in MODES:
        raise RangeError("segmentation.mode", choices=", ".join(MODES))
    config = model.network.config
    size = config.image_size if isinstance(config.image_size, int) else config.image_size[0]
    step = 2 * config.patch_size  # the coarsest level has half as many cells as there are patches
    return int(size) if mode == "exact" else max(step * 2, round(0.6 * size / step) * step)


def class_ids(network: Any) -> npt.NDArray[np.uint8]:
    """(K,) the ADE20K id of each output: by its name where the model has one of the table's, else by its place."""
    names, table = network.config.id2label, ids_by_name()
    K = network.config.num_labels
    if len(ade20k()) == K:  # checkpoints of all 150 classes keep the table's order, not always its spelling
        return np.arange(1, K + 1, dtype=np.uint8)
    return np.array([table[names[i]] for i in range(K)], dtype=np.uint8)


def prepare(model: Model, pixels: npt.NDArray[np.uint8], side: int) -> Tensor:
    """(H, W, 3) → (1, 3, side, side) by the model's own processor: resized, rescaled, normalised."""
    size = {"height": side, "width": side}
    batch = model.processor(images=Image.fromarray(pixels), size=size, do_center_crop=False, return_tensors="pt")
    parameter = next(model.network.parameters())
    prepared: Tensor = batch["pixel_values"].to(parameter.device, parameter.dtype)
    return prepared


@torch.no_grad()
def trace(
    model: Model,
    pixels: npt.NDArray[np.uint8],
    mode: str = "exact",
    change: Callable[[beit.PositionBias], beit.PositionBias] | None = None,
) -> Trace:
    """The picture (H, W, 3) through as many layers as the head reads; see :class:`core.scene.results.Trace`.

    ``change``: see :func:`core.networks.beit.advance`.
    """
    return _trace(model, pixels, mode, change)[0]


def _trace(
    model: Model,
    pixels: npt.NDArray[np.uint8],
    mode: str,
    change: Callable[[beit.PositionBias], beit.PositionBias] | None = None,
) -> tuple[Trace, Tensor]:
    """The trace, and its states (S, T, C) where the network computes."""
    start, side = time.perf_counter(), side_of(model, mode)
    encoder, patch = model.network.beit, model.network.config.patch_size
    grid = (side // patch, side // patch)
    x = beit.embed(encoder, prepare(model, pixels, side))
    states = [x, *beit.advance(encoder, x, grid, 0, depth(model.network.config), change)]
    stacked = torch.stack(states)
    return Trace(to_numpy(stacked), grid, side, time.perf_counter() - start), stacked


@torch.no_grad()
def segment(model: Model, traced: Trace, height: int, width: int) -> Segmentation:
    """A trace → :class:`core.scene.results.Segmentation` of the picture's own ``height`` × ``width`` pixels."""
    parameter = next(model.network.parameters())
    states = torch.from_numpy(traced.states).to(parameter.device, parameter.dtype)
    return _segment(model.network, states, traced.grid, height, width)


@lent(SCENE)
@torch.no_grad()
def analyse(model: Model, pixels: npt.NDArray[np.uint8], mode: str = "exact") -> tuple[Trace, Segmentation]:
    """The picture (H, W, 3) through encoder and head at once; the head reads the states where they are."""
    windows = windows_of(*pixels.shape[:2])
    traced, states = _trace(model, pixels, mode)
    if windows is None:
        return traced, _segment(model.network, states, traced.grid, *pixels.shape[:2])
    del states
    *_, result = _by_windows(model, pixels, mode, windows)
    assert isinstance(result, Segmentation), "the last step is the result"
    return traced, result


@lent(SCENE)
@torch.no_grad()
def analyse_long(
    model: Model, pixels: npt.NDArray[np.uint8], mode: str = "exact", stopped: Stopped = never
) -> Iterator[float | tuple[Trace, Segmentation]]:
    """:func:`analyse` for a picture that is cut into windows, step by step: the share that is done, at last the result.

    Ends without a result once it is ``stopped``.
    """
    windows = windows_of(*pixels.shape[:2])
    assert windows is not None, f"expected a picture that is cut into windows, got {pixels.shape}"
    traced, _ = _trace(model, pixels, mode)
    for step in _by_windows(model, pixels, mode, windows):
        yield step if isinstance(step, float) else (traced, step)
        if stopped():
            return


def _by_windows(
    model: Model, pixels: npt.NDArray[np.uint8], mode: str, windows: Windows
) -> Iterator[float | Segmentation]:
    """One window after the other, so that no more than one is in memory."""
    network, side = model.network, side_of(model, mode)
    cells, blend, encoder, head = 4 * side // network.config.patch_size, Blend(windows), 0.0, 0.0
    for number, window in enumerate(windows.cut(pixels, cells)):
        yield number / windows.count
        traced, states = _trace(model, np.ascontiguousarray(window), mode)
        logits, seconds = _scored(network, states, traced.grid)
        blend.add(logits)
        encoder, head = encoder + traced.seconds, head + seconds
    result = _classified(network, blend.result(), pixels.shape[0], pixels.shape[1], head)
    yield replace(result, windows=windows.count, encoder_seconds=encoder)


def _scored(network: Any, states: Tensor, grid: tuple[int, int]) -> tuple[Tensor, float]:
    """States (S, T, C) → logits (K, h, w), and the seconds that it took."""
    head = fast_head(network)
    start = time.perf_counter()
    maps = head_maps(network.config, states, grid)
    logits = (plain_head(network, maps) if head is None else head(maps)).float().cpu()
    return logits, time.perf_counter() - start


def _segment(network: Any, states: Tensor, grid: tuple[int, int], height: int, width: int) -> Segmentation:
    logits, seconds = _scored(network, states, grid)
    return _classified(network, logits, height, width, seconds)


def _classified(network: Any, logits: Tensor, height: int, width: int, head_seconds: float) -> Segmentation:
    start = time.perf_counter()
    known = class_ids(network)
    classes = known[winners(logits, height, width).numpy()]
    end = time.perf_counter()
    counts = np.bincount(classes.ravel(), minlength=256)
    ids = np.argsort(-counts, kind="stable")[: np.count_nonzero(counts)].astype(np.uint8)
    confidence = logits.softmax(0).amax(0)
    return Segmentation(
        classes=classes,
        known=known,
        ids=ids,
        pixels=counts[ids],
        scores=logits.clamp(-6e4, 6e4).numpy().astype(np.float16),
        confidence=(confidence * 255).round().to(torch.uint8).numpy(),
        head_seconds=head_seconds,
        enlarge_seconds=end - start,
    )


def scores_at(result: Segmentation, down: float, across: float, most: int = 5) -> list[tuple[int, float]]:
    """The ``most`` likely classes at a place, each an ADE20K id with its probability; ``down``, ``across`` in 0..1."""
    _, h, w = result.scores.shape
    y, x = min(int(down * h), h - 1), min(int(across * w), w - 1)
    logits = result.scores[:, y, x].astype(np.float64)
    shares = np.exp(logits - logits.max())
    shares /= shares.sum()
    return [(int(result.known[i]), float(shares[i])) for i in np.argsort(-shares, kind="stable")[:most]]
