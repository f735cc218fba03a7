"""Where a model runs, and in which number format. torch is imported only when somebody asks."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Literal

from core.errors import UnavailableError

if TYPE_CHECKING:
    import torch

Device = Literal["cpu", "cuda"]
HALF_FROM = 300_000_000  # bytes of weights from which half precision on a graphics card is worth its rounding


def zero_gpu() -> bool:
    """Whether this is a Space that borrows its graphics card for each call."""
    return os.environ.get("SPACES_ZERO_GPU", "").lower() in ("1", "t", "true")


def choose_device(wanted: Literal["auto", "cpu", "cuda"]) -> Device:
    """The device of that setting. Raises UnavailableError where CUDA is asked for and there is none."""
    if wanted == "cpu" or zero_gpu():  # a lent card is another process's: see core/engines/zerogpu.py
        return "cpu"
    import torch

    if torch.cuda.is_available():
        return "cuda"
    if wanted == "cuda":
        raise UnavailableError("models.no_cuda")
    return "cpu"


def choose_dtype(device: Device, size: int) -> torch.dtype:
    """float32 on a CPU, where half precision can be two hundred times slower; on CUDA half precision for big models."""
    import torch

    return torch.float16 if device == "cuda" and size >= HALF_FROM else torch.float32


def is_out_of_memory(error: BaseException) -> bool:
    """Whether ``error`` is a graphics card's lack of memory (torch's own class, known by name: torch may be absent)."""
    return type(error).__name__ == "OutOfMemoryError" and "torch" in type(error).__module__


def free(device: str) -> None:
    """Give memory that no tensor uses any more back to the graphics card."""
    if device == "cuda":
        import torch

        torch.cuda.empty_cache()
