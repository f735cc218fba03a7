"""Pictures with their pixels or patches out of order, moved, turned, blurred. B pictures of 32×32.

Every change is seeded, so that the same request shows the same pictures.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from core.data.galleries import Pixels
from core.networks.classifier import SIDE, unit

PATCH = 4  # the bundled BEiT's
SEED = 0  # of the one permutation that all pictures share


def partial_permutation(count: int, share: float, seed: int = SEED) -> NDArray[np.int64]:
    """(count,) where each place takes its content from: ``share`` of the places shuffled among themselves.

    The places are the first of one seeded order, so a larger share disturbs what a smaller one did, and more.
    """
    rng = np.random.default_rng(seed)
    order = rng.permutation(count)
    moved = np.sort(order[: round(share * count)])
    places = np.arange(count)
    places[moved] = moved[rng.permutation(len(moved))]
    return places


def shuffle_pixels(pixels: Pixels, share: float) -> Pixels:
    """(B, 32, 32, 3), the same permutation of places in every picture and channel."""
    B = len(pixels)
    places = partial_permutation(SIDE * SIDE, share)  # (1024,)
    return pixels.reshape(B, SIDE * SIDE, 3)[:, places].reshape(pixels.shape)


def shuffle_patches(pixels: Pixels, share: float, patch: int = PATCH) -> Pixels:
    """(B, 32, 32, 3) cut into patches of ``patch``², the patches permuted, each kept whole and upright."""
    B, n = len(pixels), SIDE // patch
    places = partial_permutation(n * n, share)  # (n²,)
    cut = pixels.reshape(B, n, patch, n, patch, 3).swapaxes(2, 3).reshape(B, n * n, patch, patch, 3)
    return cut[:, places].reshape(B, n, n, patch, patch, 3).swapaxes(2, 3).reshape(pixels.shape)


def shift(pixels: Pixels, distance: float) -> Pixels:
    """Moved to the right by whole pixels; what comes in on the left mirrors the picture's own border."""
    d = round(distance)
    return np.pad(pixels, ((0, 0), (0, 0), (d, 0), (0, 0)), mode="symmetric")[:, :, : pixels.shape[2]]


def rotate(pixels: Pixels, degrees: float) -> Pixels:
    """Turned about the middle, anticlockwise, bilinear, the border mirrored into the corners."""
    angle = np.deg2rad(degrees)
    turn = torch.tensor([[np.cos(angle), -np.sin(angle), 0.0], [np.sin(angle), np.cos(angle), 0.0]]).float()
    grid = F.affine_grid(turn.expand(len(pixels), 2, 3), [len(pixels), 3, SIDE, SIDE], align_corners=False)
    return as_pixels(F.grid_sample(unit(pixels), grid, padding_mode="reflection", align_corners=False))


def blur(pixels: Pixels, sigma: float) -> Pixels:
    """Convolved with a Gaussian of deviation ``sigma`` pixels, cut at four deviations, the border mirrored."""
    if sigma <= 0:
        return pixels.copy()
    radius = int(4 * sigma + 0.5)
    weights = torch.exp(-(torch.arange(-radius, radius + 1).float() ** 2) / (2 * sigma**2))
    weights = (weights / weights.sum()).expand(3, 1, -1)  # (3, 1, 2r + 1), the same for each channel
    border = ((0, 0), (radius, radius), (radius, radius), (0, 0))
    x = unit(np.pad(pixels, border, mode="symmetric"))  # (B, 3, 32 + 2r, 32 + 2r)
    x = F.conv2d(x, weights[:, :, :, None], groups=3)  # (B, 3, 32, 32 + 2r)
    return as_pixels(F.conv2d(x, weights[:, :, None, :], groups=3))  # (B, 3, 32, 32)


def as_pixels(x: Tensor) -> Pixels:
    """(B, 3, 32, 32) between 0 and 1 → (B, 32, 32, 3) uint8."""
    pixels: Pixels = (x.clamp(0, 1) * 255).round().to(torch.uint8).permute(0, 2, 3, 1).cpu().numpy()
    return pixels


TRANSFORMS: dict[str, Callable[[Pixels, float], Pixels]] = {
    "pixels": shuffle_pixels,
    "patches": shuffle_patches,
    "shift": shift,
    "rotate": rotate,
    "blur": blur,
}
