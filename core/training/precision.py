"""Where to train, and in which number format to multiply: bfloat16 only where the machine does it in hardware."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

import torch

from core.errors import UnavailableError


def chosen_device(name: str) -> torch.device:
    """The device of ``auto``, ``cpu`` or ``cuda``; ``auto`` is a GPU where there is one.

    Raises UnavailableError where a GPU was asked for and is none.
    """
    if name == "cuda" and not torch.cuda.is_available():
        raise UnavailableError("training.no_gpu")
    return torch.device("cuda" if name != "cpu" and torch.cuda.is_available() else "cpu")


def fast_bfloat16(device: torch.device | str) -> bool:
    """Whether bfloat16 is faster than float32 there; on a CPU without AVX-512 BF16 it is far slower."""
    if torch.device(device).type == "cuda":
        return bool(torch.cuda.is_bf16_supported())
    probe = getattr(torch.cpu, "_is_avx512_bf16_supported", None)
    return bool(probe and probe())


def mixed(device: torch.device | str = "cpu") -> AbstractContextManager[object]:
    """Autocast to bfloat16 where that is fast, else nothing. Weights and sums stay in float32."""
    if fast_bfloat16(device):
        return torch.autocast(torch.device(device).type, dtype=torch.bfloat16)
    return nullcontext()
