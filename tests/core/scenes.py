"""Small segmenting BEiTs with random weights, and pictures for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from transformers import BeitConfig, BeitForSemanticSegmentation, BeitImageProcessorPil


@dataclass(frozen=True, eq=False)
class TinyBeit:
    """What ``core.models.loading.Loaded`` is to the analyses."""

    network: Any
    processor: Any


def tiny_beit(seed: int = 0, **changes: Any) -> TinyBeit:
    """A BEiT of 4 layers × 4 heads and 5 classes at 64 pixels, in eval mode, every weight and statistic random."""
    names = dict(enumerate(("building", "sky", "tree", "road", "car")))
    values: dict[str, Any] = {
        "image_size": 64,
        "patch_size": 16,
        "hidden_size": 32,
        "num_hidden_layers": 4,
        "num_attention_heads": 4,
        "intermediate_size": 48,
        "use_relative_position_bias": True,
        "out_indices": [1, 2, 3, 4],
        "auxiliary_channels": 8,
        "id2label": names,
        "label2id": {name: i for i, name in names.items()},
        "attn_implementation": "eager",
    }
    network = BeitForSemanticSegmentation(BeitConfig(**(values | changes))).eval().requires_grad_(False)
    generator = torch.Generator().manual_seed(seed)
    for name, tensor in network.named_parameters():
        spread = 0.3 if tensor.dim() < 2 or "bias_table" in name else (2 / tensor[0].numel()) ** 0.5
        tensor.normal_(std=spread, generator=generator)
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.normal_(std=0.2, generator=generator)
            module.running_var.uniform_(0.5, 2, generator=generator)
            module.weight.uniform_(0.5, 1.5, generator=generator)
    side = network.config.image_size
    processor = BeitImageProcessorPil(size={"height": side, "width": side}, resample=2, do_center_crop=False)
    return TinyBeit(network, processor)


def noise(height: int = 40, width: int = 60, seed: int = 0) -> np.ndarray:
    """A picture (height, width, 3) of blocks of random colours."""
    coarse = np.random.default_rng(seed).integers(0, 256, (5, 6, 3), dtype=np.uint8)
    rows, columns = np.arange(height) * 5 // height, np.arange(width) * 6 // width
    return coarse[rows][:, columns]
