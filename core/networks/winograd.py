"""3 × 3 convolutions with a quarter of the multiplications: Winograd's F(4×4, 3×3) (Lavin & Gray, 2016,
https://arxiv.org/abs/1509.09308).

A tile of 4 × 4 outputs needs 6 × 6 inputs d. With the filter g,

    Y = Aᵀ [ (G g Gᵀ) ⊙ (Bᵀ d B) ] A

and ⊙ costs 36 multiplications where the plain sum costs 144. Over channels, ⊙ becomes 36 matrix products. Each
two-sided transform X ↦ M X Mᵀ is one product with the Kronecker matrix M ⊗ M. Maps are (rows, columns, channels).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

B_T = torch.tensor(
    [
        [4, 0, -5, 0, 1, 0],
        [0, -4, -4, 1, 1, 0],
        [0, 4, -4, -1, 1, 0],
        [0, -2, -1, 2, 1, 0],
        [0, 2, -1, -2, 1, 0],
        [0, 4, 0, -5, 0, 1],
    ],
    dtype=torch.float64,
)
G = torch.tensor(
    [
        [1 / 4, 0, 0],
        [-1 / 6, -1 / 6, -1 / 6],
        [-1 / 6, 1 / 6, -1 / 6],
        [1 / 24, 1 / 12, 1 / 6],
        [1 / 24, -1 / 12, 1 / 6],
        [0, 0, 1],
    ],
    dtype=torch.float64,
)
A_T = torch.tensor(
    [
        [1, 1, 1, 1, 1, 0],
        [0, 1, -1, 2, -2, 0],
        [0, 1, 1, 4, 4, 0],
        [0, 1, -1, 8, -8, 1],
    ],
    dtype=torch.float64,
)
INPUT = torch.kron(B_T, B_T).float()  # (36, 36)
OUTPUT = torch.kron(A_T, A_T).float()  # (16, 36)


def filters(weight: Tensor) -> Tensor:
    """G g Gᵀ of each filter: (Cout, Cin, 3, 3) → (36, Cin, Cout)."""
    out, into = weight.shape[:2]
    kernel = torch.kron(G, G).float()  # (36, 9)
    return (kernel @ weight.reshape(-1, 9).T).view(36, out, into).transpose(1, 2).contiguous()


def tile_count(size: int) -> int:
    """How many tiles of 4 cover ``size``."""
    return -(-size // 4)


def transform_input(x: Tensor) -> Tensor:
    """Bᵀ d B of every tile: (Y, X, C) → (36, tiles, C), a row of tiles at a time, so that it stays in the cache."""
    Y, X, C = x.shape
    rows, columns = tile_count(Y), tile_count(X)
    padded = nn.functional.pad(x, (0, 0, 1, 4 * columns + 1 - X, 1, 4 * rows + 1 - Y)).contiguous()
    row, column, _ = padded.stride()
    tile = x.new_empty(6, 6, columns, C)
    out = x.new_empty(36, rows, columns * C)
    for r in range(rows):
        tile.copy_(padded.as_strided((6, 6, columns, C), (row, column, 4 * column, 1), 4 * r * row))
        torch.mm(INPUT, tile.view(36, -1), out=out[:, r])
    return out.view(36, rows * columns, C)


def transform_output(products: Tensor, Y: int, X: int) -> Tensor:
    """Aᵀ m A of every tile: (36, tiles, C) → (Y, X, C)."""
    rows, columns, C = tile_count(Y), tile_count(X), products.size(2)
    by_row = products.view(36, rows, columns * C)
    tile = products.new_empty(16, columns * C)
    out = products.new_empty(rows, 4, columns, 4, C)
    for r in range(rows):
        torch.mm(OUTPUT, by_row[:, r], out=tile)
        out[r].copy_(tile.view(4, 4, columns, C).transpose(1, 2))
    return out.view(4 * rows, 4 * columns, C)[:Y, :X]


def convolve(maps: list[Tensor], transformed: list[Tensor]) -> Tensor:
    """The sum of 3 × 3 convolutions, zeros around: maps (Y, X, Cin) and their ``filters`` → (Y, X, Cout)."""
    products = None
    for x, u in zip(maps, transformed, strict=True):
        v = transform_input(x)  # (36, tiles, Cin)
        products = torch.bmm(v, u) if products is None else products.baddbmm_(v, u)  # (36, tiles, Cout)
    assert products is not None, "there must be at least one map"
    return transform_output(products, *maps[0].shape[:2])
