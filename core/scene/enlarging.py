"""Class scores at a small size → the winning class at a photo's size, without ever holding all enlarged scores.

Enlarging K maps to H × W pixels the plain way takes 4 · K bytes a pixel: 7.2 GB for 150 classes and 12 megapixels.
But a bilinear value is a weighted mean of four corners. Where one class wins at all four, it wins everywhere between
them; only the other cells, on the borders of regions, have to be worked out.

Of 12 million pixels a few have two classes that differ by less than a rounding error. There the order of operations
decides, so these are worked out once more in the very order, and with the very roundings, of torch's own kernel.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

STRIP = 1 << 21  # output pixels at a time
CHUNK = 1 << 14  # border pixels whose K scores are worked out at a time
NEAR = 1e-6  # of the largest score: below this, rounding may decide between two classes


def corners(small: int, large: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Along one axis: lower and upper neighbour (large,), and their weights (large,), corners not aligned."""
    ratio = (torch.tensor(small, dtype=torch.float32) / large).double()
    at = (ratio * (torch.arange(large).double() + 0.5) - 0.5).float().clamp(min=0)  # rounded once, as by an FMA
    low = at.long().clamp(max=small - 1)
    high = (low + 1).clamp(max=small - 1)
    weight = (at - low).clamp(0, 1)
    return low, high, 1 - weight, weight


Blend = Callable[[Tensor, Tensor, Tensor, Tensor], Tensor]


def weighted(a: Tensor, weight_a: Tensor, b: Tensor, weight_b: Tensor) -> Tensor:
    """a · weight_a + b · weight_b, both products rounded."""
    return (a * weight_a).add_(b * weight_b)


def fused(a: Tensor, weight_a: Tensor, b: Tensor, weight_b: Tensor) -> Tensor:
    """a · weight_a + b · weight_b in float32, the second product rounded and the first not: a fused multiply-add."""
    return (a.double() * weight_a + (b * weight_b).double()).float()


def near_ties(values: Tensor, margin: float) -> Tensor:
    """(P, K) → (P,) whether a row holds another value within ``margin`` of its largest."""
    return (values >= values.amax(1, keepdim=True) - margin).sum(1) > 1


def winners(scores: Tensor, height: int, width: int) -> Tensor:
    """(K, h, w) float32 → (height, width) uint8: the index of the largest score of the bilinearly enlarged maps."""
    K, h, w = scores.shape
    assert K <= 256, f"an index of at most 256 classes fits into a byte, got {K}"
    by_place = scores.permute(1, 2, 0).reshape(h * w, K).contiguous()  # (h · w, K)
    top = by_place.argmax(1).to(torch.uint8).view(h, w)
    margin = NEAR * float(scores.abs().max())
    close = near_ties(by_place, margin).view(h, w)
    y0, y1, wy0, wy1 = corners(h, height)
    x0, x1, wx0, wx1 = corners(w, width)
    down, right = torch.arange(1, h + 1).clamp(max=h - 1), torch.arange(1, w + 1).clamp(max=w - 1)
    mixed = (top != top[down]) | (top != top[:, right]) | (top != top[down][:, right])  # (h, w) cells, by first corner
    mixed |= close | close[down] | close[:, right] | close[down][:, right]

    def enlarged(y: Tensor, x: Tensor, blend: Blend) -> Tensor:
        """All scores at P output pixels: (P, K)."""
        upper = blend(by_place[y0[y] * w + x0[x]], wx0[x, None], by_place[y0[y] * w + x1[x]], wx1[x, None])
        lower = blend(by_place[y1[y] * w + x0[x]], wx0[x, None], by_place[y1[y] * w + x1[x]], wx1[x, None])
        return blend(upper, wy0[y, None], lower, wy1[y, None])

    out = torch.empty(height, width, dtype=torch.uint8)
    rows = max(1, STRIP // width)
    for start in range(0, height, rows):
        strip = slice(start, min(height, start + rows))
        out[strip] = top[y0[strip]][:, x0]
        ys, xs = torch.nonzero(mixed[y0[strip]][:, x0], as_tuple=True)
        for some in range(0, len(ys), CHUNK):
            y, x = ys[some : some + CHUNK] + start, xs[some : some + CHUNK]
            value = enlarged(y, x, weighted)
            out[y, x] = value.argmax(1).to(torch.uint8)
            tied = near_ties(value, margin)
            y, x = y[tied], x[tied]
            out[y, x] = enlarged(y, x, fused).argmax(1).to(torch.uint8)
    return out
