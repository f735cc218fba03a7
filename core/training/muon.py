"""Muon for the matrices, AdamW for the rest, in one optimiser.

Muon (Jordan et al., 2024) replaces the momentum of a weight matrix by the nearest matrix whose singular values are
all about 1, so that every direction is learned at the same pace. With the step scaled as by Liu et al. (2025,
https://arxiv.org/abs/2502.16982) one learning rate serves both halves.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor, nn

from core.training.precision import fast_bfloat16

COEFFICIENTS = (3.4445, -4.7750, 2.0315)  # of the quintic whose iteration pulls singular values towards 1


def orthogonalised(matrix: Tensor, steps: int = 5) -> Tensor:
    """(rows, columns) → about U Vᵀ of its singular value decomposition, by Newton–Schulz iteration."""
    a, b, c = COEFFICIENTS
    x: Tensor = matrix.bfloat16() if fast_bfloat16(matrix.device) else matrix
    x = x / (x.norm() + 1e-7)
    if turned := matrix.size(0) > matrix.size(1):
        x = x.T
    for _ in range(steps):
        gram = x @ x.T  # (rows, rows)
        x = a * x + (b * gram + c * gram @ gram) @ x  # (rows, columns)
    x = x.T if turned else x
    return x.to(matrix.dtype)


class Muon(torch.optim.Optimizer):
    """Groups with ``matrix`` true are stepped by Muon (weights flattened to two axes), the others by AdamW."""

    def __init__(self, groups: Iterable[dict[str, Any]], lr: float, momentum: float = 0.95) -> None:
        super().__init__(groups, {"lr": lr, "momentum": momentum, "weight_decay": 0.0, "matrix": False})

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> None:  # type: ignore[override]
        """One step; ``closure`` is not supported."""
        assert closure is None, "a closure is not supported"
        for group in self.param_groups:
            for weight in group["params"]:
                if weight.grad is None:
                    continue
                weight.mul_(1 - group["lr"] * group["weight_decay"])
                if group["matrix"]:
                    self._muon(weight, weight.grad, group)
                else:
                    self._adam(weight, weight.grad, group["lr"])

    def _muon(self, weight: Tensor, gradient: Tensor, group: dict[str, Any]) -> None:
        state = self.state[weight]
        momentum: Tensor = state.setdefault("momentum", torch.zeros_like(weight))
        momentum.lerp_(gradient, 1 - group["momentum"])
        ahead = gradient.lerp(momentum, group["momentum"]).flatten(1)  # Nesterov's
        scale = 0.2 * math.sqrt(max(ahead.shape))
        weight.sub_(orthogonalised(ahead).view_as(weight), alpha=group["lr"] * scale)

    def _adam(self, weight: Tensor, gradient: Tensor, rate: float, betas: tuple[float, float] = (0.9, 0.98)) -> None:
        state = self.state[weight]
        if not state:
            state.update(step=0, mean=torch.zeros_like(weight), square=torch.zeros_like(weight))
        state["step"] += 1
        state["mean"].lerp_(gradient, 1 - betas[0])
        state["square"].lerp_(gradient.square(), 1 - betas[1])
        root = (state["square"] / (1 - betas[1] ** state["step"])).sqrt_().add_(1e-8)
        weight.addcdiv_(state["mean"], root, value=-rate / (1 - betas[0] ** state["step"]))


def muon_for(network: nn.Module, lr: float, weight_decay: float, plain: tuple[str, ...]) -> Muon:
    """Muon on the matrices of ``network`` but those whose name holds a word of ``plain``; no decay on vectors."""
    matrices, others, vectors = [], [], []
    for name, weight in network.named_parameters():
        if not weight.requires_grad:
            continue
        if weight.ndim < 2 or min(weight.shape[0], weight[0].numel()) == 1:
            vectors.append(weight)
        elif any(word in name for word in plain):
            others.append(weight)
        else:
            matrices.append(weight)
    groups: list[dict[str, Any]] = [
        {"params": matrices, "matrix": True, "weight_decay": weight_decay},
        {"params": others, "weight_decay": weight_decay},
        {"params": vectors},
    ]
    return Muon([group for group in groups if group["params"]], lr)
