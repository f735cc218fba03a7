"""Which head of a segmenting BEiT runs: the plain one of ``transformers``, or ours where it was found to agree.

h, w is the grid of patches, C the width, K the number of classes, S states of T tokens.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from core.networks import beit
from core.networks.fast_head import FastHead

AGREEMENT = 0.999  # of the labels, below which the plain head is used
KEPT = "_fast_head"  # the network's attribute that holds it
PROBE = 96  # pixels a side of the picture on which the heads are compared


def depth(config: Any) -> int:
    """How many layers the head needs; it reads the state *before* layer ``i`` (from 1) for each of ``out_indices``."""
    return int(max(config.out_indices)) - 1


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
    """The fast head of this network, or None where the plain one is to be used.

    Made and checked at its first use, which is its loading, and kept by the network itself: it goes with it.
    """
    kept = vars(network)  # FastHead is no module: it must not become a part of the network's weights
    if KEPT not in kept:
        parameter = next(network.parameters())
        head = None
        if parameter.device.type == "cpu" and parameter.dtype == torch.float32:
            with torch.no_grad():
                head = FastHead(network)
            head = head if agrees(network, head) else None
        kept[KEPT] = head
    found: FastHead | None = kept[KEPT]
    return found


def head_bytes(network: Any) -> int:
    """Bytes that the fast head of this network keeps beside the network's own weights; it is made now."""
    head = fast_head(network)
    return 0 if head is None else head.bytes_beside(network)
