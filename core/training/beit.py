"""What both BEiT recipes share: a forward pass that may drop patches, and a start from which training goes fast.

B batch, N patches, K of them kept, T = K + 1 tokens with [CLS], C width, H heads.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import torch
from torch import Tensor, nn


@cache
def offset_rows(height: int, width: int, window: int) -> Tensor:
    """(N + 1, N + 1) the row of a (window × window) relative position table for each pair of tokens.

    A picture of fewer patches than the window uses the middle of the table, distances unchanged; ``transformers``
    would stretch the table instead.
    """
    assert max(height, width) <= window, f"{height} × {width} patches exceed the table's {window} × {window}"
    side = 2 * window - 1
    y, x = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
    y, x = y.flatten(), x.flatten()  # (N,) each
    rows = torch.empty(len(y) + 1, len(y) + 1, dtype=torch.long)
    rows[1:, 1:] = (y[:, None] - y[None] + window - 1) * side + (x[:, None] - x[None] + window - 1)
    rows[0, :] = side * side  # [CLS] looks at a patch
    rows[:, 0] = side * side + 1  # a patch looks at [CLS]
    rows[0, 0] = side * side + 2
    return rows


def encode(beit: Any, pictures: Tensor, kept: Tensor | None = None, masked: Tensor | None = None) -> list[Tensor]:
    """Pictures (B, 3, height, width), indices of kept patches (K,) or None for all → L + 1 hidden states (B, T, C).

    ``masked`` (B, N): where a patch is covered, the mask's own embedding stands for it. Equal to
    ``beit(pictures).hidden_states`` where nothing is dropped and the picture has the configured size.
    """
    patch = beit.config.patch_size
    height, width = pictures.shape[2] // patch, pictures.shape[3] // patch
    window = beit.config.image_size // patch
    rows = offset_rows(height, width, window).to(pictures.device)
    x = beit.embeddings.patch_embeddings(pictures)  # (B, N, C)
    if masked is not None:
        x = torch.where(masked[..., None], beit.embeddings.mask_token.to(x.dtype), x)
    positions = beit.embeddings.position_embeddings
    if positions is not None:
        assert (height, width) == (window, window), "absolute positions serve the configured size only"
        x = x + positions[:, 1:]
    if kept is not None:
        x = x[:, kept]  # (B, K, C)
        places = torch.cat([kept.new_zeros(1), kept + 1]).to(rows.device)  # (T,)
        rows = rows[places][:, places]  # (T, T)
    start = beit.embeddings.cls_token.expand(len(x), -1, -1)  # (B, 1, C)
    x = torch.cat([start if positions is None else start + positions[:, :1], x], dim=1)  # (B, T, C)
    hidden = [x]
    for layer in beit.layers:
        table = layer.relative_position_bias.relative_position_bias_table  # ((2 · window - 1)² + 3, H)
        bias = nn.functional.embedding(rows, table).permute(2, 0, 1)[None]  # (1, H, T, T)
        x = block(layer, x, bias)  # (B, T, C)
        hidden.append(x)
    return hidden


def block(layer: Any, x: Tensor, bias: Tensor) -> Tensor:
    """One encoder layer: x (B, T, C), bias (1, H, T, T) → (B, T, C)."""
    attended = attend(layer.attention, layer.layernorm_before(x), bias)  # (B, T, C)
    x = x + layer.drop_path(layer.lambda_1 * layer.dropout(attended))  # (B, T, C)
    wide = layer.mlp(layer.layernorm_after(x))  # (B, T, C)
    x = x + layer.drop_path(layer.lambda_2 * layer.dropout(wide))  # (B, T, C)
    return x


def spelled_out(q: Tensor, k: Tensor, v: Tensor, bias: Tensor, scale: float) -> Tensor:
    """q, k, v (B, H, T, D), bias (1, H, T, T) → softmax(q kᵀ · scale + bias) v, (B, H, T, D)."""
    scores = torch.matmul(q * scale, k.transpose(2, 3))  # (B, H, T, T)
    return torch.matmul((scores + bias.to(scores.dtype)).softmax(3, dtype=scores.dtype), v)


def attend(attention: Any, x: Tensor, bias: Tensor) -> Tensor:
    """Self-attention of x (B, T, C) with bias (1, H, T, T) on its scores → (B, T, C).

    Spelled out on a CPU: there, PyTorch's fused one takes 2 to 2.5 times as long in bfloat16 where the bias is learned.
    """
    B, T, _ = x.shape
    q, k, v = (
        projected(x).view(B, T, -1, attention.head_dim).transpose(1, 2)
        for projected in (attention.q_proj, attention.k_proj, attention.v_proj)
    )  # (B, H, T, D) each
    if x.device.type == "cpu":
        out = spelled_out(q, k, v, bias, attention.scaling)
    else:
        out = nn.functional.scaled_dot_product_attention(q, k, v, bias.to(q.dtype), scale=attention.scaling)
    mixed: Tensor = attention.o_proj(out.transpose(1, 2).reshape(B, T, -1))
    return mixed


@torch.no_grad()
def start_local(beit: Any, sharpness: float = 0.6) -> None:
    """Let most heads begin as a convolution would: each looks at one neighbour of the patch.

    With a relative bias that falls with the squared distance from an offset, a head is one tap of a filter
    (Cordonnier et al., 2020; d'Ascoli et al., 2021). Every fourth head starts without any preference. Training may
    undo all of it.
    """
    window = beit.config.image_size // beit.config.patch_size
    reach = torch.arange(-(window - 1), window).float()
    taps = [(0, 0), (0, 1), (1, 0), (0, -1), (-1, 0), (1, 1), (-1, -1), (1, -1), (-1, 1)]
    turn = 0
    for layer in beit.layers:
        table = layer.relative_position_bias.relative_position_bias_table  # (rows, H)
        for head in range(table.size(1)):
            if head % 4 == 3:
                continue
            dy, dx = taps[turn % len(taps)]
            turn += 1
            squared = (reach[:, None] + dy) ** 2 + (reach[None] + dx) ** 2  # (side, side)
            table[: squared.numel(), head] = -sharpness * squared.flatten().clamp(max=12)


@torch.no_grad()
def start_whitened(beit: Any, patches: Tensor) -> None:
    """Let the first filters be the principal components of ``patches`` (M, 3 · patch²), each scaled to variance 1."""
    projection = beit.embeddings.patch_embeddings.projection
    values = patches - patches.mean(0)
    covariance = values.T @ values / len(values)  # (P, P)
    power, directions = torch.linalg.eigh(covariance.double())  # ascending
    count = min(projection.out_channels // 2, len(power))
    filters = (directions / (power.clamp(min=1e-4)).sqrt()).flip(1)[:, :count].T.float()  # (count, P)
    shape = (count, *projection.weight.shape[1:])
    projection.weight[:count] = 0.5 * filters.view(shape)
    projection.weight[count : 2 * count] = -0.5 * filters.view(shape)
    projection.bias.zero_()


def cut_patches(pictures: Tensor, patch: int) -> Tensor:
    """(B, 3, height, width) → (B · N, 3 · patch²)."""
    return nn.functional.unfold(pictures, patch, stride=patch).transpose(1, 2).flatten(0, 1)
