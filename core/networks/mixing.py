"""How much of whom a layer's attention mixes into whom, by the lengths of what arrives. T tokens, H heads, C width."""

from __future__ import annotations

import torch
from torch import Tensor


def mixed_lengths(weights: Tensor, changes: Tensor, state: Tensor) -> Tensor:
    """(T, T), rows sum to 1: ‖Σₕ aₕ[i, j] zₕ[j]‖, with the token's own state added to its own part (Kobayashi et al.,
    2021, https://arxiv.org/abs/2109.07152, without their layer norm).

    ``weights``: (H, T, T). ``changes``: (T, H, C), what each head would add of each token if it got all of its weight.
    ``state``: (T, C). The squared length is a quadratic form of the heads' products, so that no (T, T, C) is needed.
    """
    gram = changes @ changes.transpose(1, 2)  # (T, H, H)
    by_key = weights.permute(2, 1, 0).contiguous()  # (T of the key, T of the query, H); a view is far slower
    lengths = ((by_key @ gram) * by_key).sum(dim=-1).T.contiguous().clamp_min(0).sqrt()  # (T, T)
    own = torch.einsum("hj,jhc->jc", weights.diagonal(dim1=1, dim2=2), changes) + state  # (T, C)
    lengths.diagonal().copy_(own.norm(dim=-1))
    return lengths / lengths.sum(dim=-1, keepdim=True)
