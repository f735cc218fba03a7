"""Weights in a quarter of the space: a matrix as 8-bit whole numbers with one scale a row, in a safetensors file.

A row r of a matrix W is kept as round(W[r] / s[r]) with s[r] = max|W[r]| / 127, so no entry is off by more than
s[r] / 2 (and the rounding of s to float16). Vectors stay float16. The names are those of the weights; a matrix ``name``
of int8 has its scales beside it as ``name.scale``, (rows,).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor

SCALE = ".scale"
LARGEST = 127
LEAST = 2.0**-24  # the smallest number of float16: a row of zeros needs a scale too


def rows_to_bytes(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """float32 weights → what the file holds: int8 matrices, their float16 scales, float16 vectors."""
    stored: dict[str, Tensor] = {}
    for name, tensor in state.items():
        if tensor.ndim < 2 or not tensor.is_floating_point():
            stored[name] = tensor.half() if tensor.is_floating_point() else tensor
            continue
        rows = tensor.float().flatten(1)  # (rows, columns)
        scale = (rows.abs().amax(dim=1) / LARGEST).clamp(min=LEAST).half()  # (rows,)
        whole = (rows / scale.float()[:, None]).round().clamp(-LARGEST, LARGEST)
        stored[name] = whole.to(torch.int8).view(tensor.shape)
        stored[name + SCALE] = scale
    return stored


def rows_from_bytes(stored: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The inverse of :func:`rows_to_bytes` up to rounding, in float32; a state without int8 is only widened.

    Raises ValueError for an int8 matrix without scales, or with scales that do not fit its rows.
    """
    state: dict[str, Tensor] = {}
    for name, tensor in stored.items():
        if name.endswith(SCALE) and name.removesuffix(SCALE) in stored:
            continue
        if tensor.dtype != torch.int8:
            state[name] = tensor.float() if tensor.is_floating_point() else tensor
            continue
        scale = stored.get(name + SCALE)
        if scale is None or scale.shape != tensor.shape[:1]:
            found = "no" if scale is None else f"{tuple(scale.shape)}"
            raise ValueError(f"{name} has {tensor.shape[0]} rows, but {found} scales")
        state[name] = tensor.float() * scale.float().view(-1, *[1] * (tensor.ndim - 1))
    return state


def read_weights(path: Path) -> dict[str, Tensor]:
    """The weights of a file of ours, float16 or 8-bit, in float32."""
    return rows_from_bytes(load_file(path))
