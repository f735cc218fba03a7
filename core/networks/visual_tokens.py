"""Visual tokens: each patch of a picture by the number of the code that is nearest to it.

BEiT's words for pictures come from a network of its own (Bao et al., 2021); here they are means of patches that
resemble each other (k-means), so that a token can be looked at: it *is* a small picture.

B pictures, N patches, K codes, P = 3 · patch² values of a patch, in 0..1 and in the order of ``unfold``.
"""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn

FILE = "codebook.safetensors"


class Codebook:
    """The codes of all visual tokens, and the patches that they stand for."""

    def __init__(self, codes: Tensor, patch: int) -> None:
        """``codes``: (K, 3 · patch²) in 0..1."""
        assert codes.dim() == 2, codes.shape
        assert codes.size(1) == 3 * patch * patch, (codes.shape, patch)
        self.codes, self.patch = codes, patch

    @classmethod
    def read(cls, folder: Path) -> Codebook:
        """The codebook of a model folder. Errors: those of the file."""
        codes = load_file(folder / FILE)["codes"].float()  # (K, P)
        return cls(codes, round((codes.size(1) // 3) ** 0.5))

    def __len__(self) -> int:
        return len(self.codes)

    def to(self, device: torch.device) -> Codebook:
        """The same codes there."""
        return Codebook(self.codes.to(device), self.patch)

    def patches(self, pictures: Tensor) -> Tensor:
        """Pictures (B, 3, height, width) → their patches (B, N, P), row by row."""
        return nn.functional.unfold(pictures, self.patch, stride=self.patch).transpose(1, 2)

    def tokens(self, pictures: Tensor) -> Tensor:
        """Pictures (B, 3, height, width) in 0..1 → the number of the nearest code of each patch (B, N)."""
        return nearest(self.patches(pictures).flatten(0, 1), self.codes).view(len(pictures), -1)

    def drawn(self, tokens: Tensor, height: int, width: int) -> Tensor:
        """Tokens (B, N) → the picture (B, 3, height, width) that their codes make."""
        return self.joined(self.codes[tokens], height, width)

    def joined(self, patches: Tensor, height: int, width: int) -> Tensor:
        """The inverse of :meth:`patches`: (B, N, P) → (B, 3, height, width)."""
        return nn.functional.fold(patches.transpose(1, 2), (height, width), self.patch, stride=self.patch)


def nearest(values: Tensor, codes: Tensor, most: int = 1 << 16) -> Tensor:
    """values (M, P), codes (K, P) → the number of the code with the least squared distance, (M,)."""
    half = codes.square().sum(1) / 2  # (K,)
    return torch.cat([(part @ codes.T - half).argmax(1) for part in torch.split(values, most)])
