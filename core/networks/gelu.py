"""The two forms of GELU."""

from __future__ import annotations

import math

import torch
from torch import Tensor


def gelu_exact(x: Tensor) -> Tensor:
    """x · Φ(x), with Φ the normal distribution function (Hendrycks & Gimpel, 2016)."""
    return x * 0.5 * (1 + torch.erf(x / math.sqrt(2)))


def gelu_tanh(x: Tensor) -> Tensor:
    """The approximation of :func:`gelu_exact` by a hyperbolic tangent."""
    return 0.5 * x * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))


GELUS = {"exact": gelu_exact, "tanh": gelu_tanh}
