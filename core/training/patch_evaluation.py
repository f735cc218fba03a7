"""How well covered patches are restored, beside two guesses that need no network. All on the same masks.

B pictures, N patches, M covered ones a picture, K visual tokens.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.networks.patch_masks import nearest_visible
from core.networks.visual_tokens import Codebook

BATCH = 500
RESAMPLED = 2000  # times, for an interval


@dataclass(frozen=True, eq=False)
class Restored:
    """By picture: covered patches whose token was named, covered patches, and squared error of what was drawn there."""

    hits: NDArray[np.int64]  # (B,)
    count: NDArray[np.int64]  # (B,)
    error: NDArray[np.float64]  # (B,) mean over the covered values, in 0..1

    @property
    def accuracy(self) -> float:
        """Share of the covered patches whose token was named."""
        return float(self.hits.sum() / self.count.sum())

    @property
    def psnr(self) -> float:
        """Peak signal-to-noise ratio of the covered patches, in dB: of all together, not a mean of ratios."""
        return decibels(float(np.average(self.error, weights=self.count)))

    def interval(self, name: str, seed: int = 0) -> tuple[float, float]:
        """95 % of ``accuracy`` or ``psnr`` where the pictures are drawn again (percentile bootstrap)."""
        generator = np.random.default_rng(seed)
        found = []
        for _ in range(RESAMPLED):
            rows = generator.integers(len(self.count), size=len(self.count))
            found.append(getattr(Restored(self.hits[rows], self.count[rows], self.error[rows]), name))
        low, high = np.quantile(found, [0.025, 0.975])
        return float(low), float(high)


def decibels(error: float) -> float:
    """A mean squared error of values in 0..1 as PSNR, in dB; infinite where there is none."""
    return -10 * float(np.log10(error)) if error > 0 else float("inf")


@torch.no_grad()
def restored(
    codebook: Codebook, pictures: Tensor, masks: Tensor, guess: Callable[[Tensor, Tensor, Tensor], Tensor]
) -> Restored:
    """Pictures (B, 3, H, W) in 0..1, masks (B, N). ``guess``: pictures, masks, true tokens (B, N) → tokens (B, N)."""
    hits, counts, errors = [], [], []
    for part, masked in zip(torch.split(pictures, BATCH), torch.split(masks, BATCH), strict=True):
        true = codebook.tokens(part)  # (B, N)
        said = guess(part, masked, true)
        off = (codebook.codes[said] - codebook.patches(part)).square().mean(2)  # (B, N)
        count = masked.sum(1)
        hits.append(((said == true) & masked).sum(1))
        counts.append(count)
        errors.append((off * masked).sum(1).double() / count.clamp(min=1))
    return Restored(torch.cat(hits).numpy(), torch.cat(counts).numpy(), torch.cat(errors).numpy())


def most_frequent(codebook: Codebook) -> Callable[[Tensor, Tensor, Tensor], Tensor]:
    """The guess that says the commonest token of the training pictures everywhere: codes are in that order."""
    return lambda pictures, masked, true: torch.zeros_like(true)


def copied(rows: int, columns: int) -> Callable[[Tensor, Tensor, Tensor], Tensor]:
    """The guess that copies the token of the nearest patch that can be seen."""

    def guess(pictures: Tensor, masked: Tensor, true: Tensor) -> Tensor:
        places = torch.stack([nearest_visible(mask.view(rows, columns)) for mask in masked])  # (B, N)
        return true.gather(1, places)

    return guess
