"""(model, picture) → classes of every pixel: the picture's patches through BEiT, then through its head, then enlarged.

A model is whatever carries ``network`` (a ``BeitForSemanticSegmentation`` in eval mode) and ``processor``; see
``core.loading.Loaded``. Networks on the CPU go through :class:`core.upernet.FastHead`, once it was found to agree.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock
from typing import Any, Protocol
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image
from torch import Tensor, nn

from core import beit
from core.enlarging import winners
from core.errors import RangeError
from core.labels import ade20k, ids_by_name
from core.results import Segmentation, Trace
from core.upernet import FastHead

MODES = ("exact", "quick")
AGREEMENT = 0.999  # of the labels, below which the plain head is used
PROBE = 96  # pixels a side of the picture on which the heads are compared


class Model(Protocol):
    """What is handed in."""

    @property
    def network(self) -> Any: ...
    @property
    def processor(self) -> Any: ...


_heads: WeakKeyDictionary[nn.Module, FastHead | None] = WeakKeyDictionary()
_lock = Lock()


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


def depth(config: Any) -> int:
    """How many layers the head needs; it reads the state *before* layer ``i`` (from 1) for each of ``out_indices``."""
    return int(max(config.out_indices)) - 1


@torch.no_grad()
def trace(
    model: Model,
    pixels: npt.NDArray[np.uint8],
    mode: str = "exact",
    change: Callable[[beit.PositionBias], beit.PositionBias] | None = None,
) -> Trace:
    """The picture (H, W, 3) through as many layers as the head reads; see :class:`core.results.Trace`.

    ``change``: see :func:`core.beit.advance`.
    """
    start, side = time.perf_counter(), side_of(model, mode)
    encoder, patch = model.network.beit, model.network.config.patch_size
    grid = (side // patch, side // patch)
    x = beit.embed(encoder, prepare(model, pixels, side))
    states = [x, *beit.advance(encoder, x, grid, 0, depth(model.network.config), change)]
    stacked = torch.stack(states).float().cpu().numpy()
    return Trace(stacked, grid, side, time.perf_counter() - start)


def head_maps(config: Any, states: Tensor, grid: tuple[int, int]) -> list[Tensor]:
    """The four states (h, w, C) that the head reads, from all states (S, T, C)."""
    return [states[i - 1, 1:].view(*grid, -1) for i in config.out_indices]


def plain_head(network: Any, maps: list[Tensor]) -> Tensor:
    """transformers' own neck and head: maps (h, w, C) → logits (K, 4h, 4w). On CUDA channels-last, in its own dtype."""
    layout = torch.channels_last if maps[0].is_cuda else torch.contiguous_format
    levels = tuple(x.permute(2, 0, 1)[None].contiguous(memory_format=layout) for x in maps)
    logits: Tensor = network.decode_head(network.fpn(levels))[0]
    return logits


@torch.no_grad()
def agrees(network: Any, head: FastHead) -> bool:
    """Whether our encoder and ``head`` give the labels of the network's own forward pass on a small noisy picture."""
    generator = torch.Generator().manual_seed(0)
    picture = torch.rand(1, 3, PROBE, PROBE, generator=generator) * 2 - 1
    theirs = network(picture).logits[0]
    patches = PROBE // network.config.patch_size
    x = beit.embed(network.beit, picture)
    states = torch.stack([x, *beit.advance(network.beit, x, (patches, patches), 0, depth(network.config))])
    ours = head(head_maps(network.config, states, (patches, patches)))
    same = (ours.argmax(0) == theirs.argmax(0)).float().mean()
    return bool(same >= AGREEMENT and torch.isfinite(ours).all())


def fast_head(network: Any) -> FastHead | None:
    """The fast head of this network, made and checked at its first use; None where the plain one is to be used."""
    with _lock:
        if network not in _heads:
            parameter = next(network.parameters())
            head = None
            if parameter.device.type == "cpu" and parameter.dtype == torch.float32:
                with torch.no_grad():
                    head = FastHead(network)
                head = head if agrees(network, head) else None
            _heads[network] = head
        return _heads[network]


def head_bytes(network: Any) -> int:
    """Bytes that the fast head of this network keeps beside the network's own weights; it is made now."""
    head = fast_head(network)
    return 0 if head is None else head.bytes_beside(network)


@torch.no_grad()
def segment(model: Model, traced: Trace, height: int, width: int) -> Segmentation:
    """A trace → :class:`core.results.Segmentation` of the picture's own ``height`` × ``width`` pixels."""
    network = model.network
    head = fast_head(network)
    start = time.perf_counter()
    parameter = next(network.parameters())
    states = torch.from_numpy(traced.states).to(parameter.device, parameter.dtype)
    maps = head_maps(network.config, states, traced.grid)
    logits = (plain_head(network, maps) if head is None else head(maps)).float().cpu()
    middle = time.perf_counter()
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
        head_seconds=middle - start,
        enlarge_seconds=end - middle,
    )


def scores_at(result: Segmentation, down: float, across: float, most: int = 5) -> list[tuple[int, float]]:
    """The ``most`` likely classes at a place, each an ADE20K id with its probability; ``down``, ``across`` in 0..1."""
    _, h, w = result.scores.shape
    y, x = min(int(down * h), h - 1), min(int(across * w), w - 1)
    logits = result.scores[:, y, x].astype(np.float64)
    shares = np.exp(logits - logits.max())
    shares /= shares.sum()
    return [(int(result.known[i]), float(shares[i])) for i in np.argsort(-shares, kind="stable")[:most]]
