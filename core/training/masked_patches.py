"""A BEiT that names the visual tokens of patches that it does not see.

B pictures, N patches, M of all covered, K visual tokens, C width.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from core.data.datasets import Pictures
from core.networks.patch_masks import SHARE, blockwise
from core.networks.visual_tokens import Codebook
from core.training.beit import encode
from core.training.cifar_beit import PicturesTask, shifted
from core.training.precision import mixed
from core.training.task import Step


def masked_logits(model: Any, pictures: Tensor, masked: Tensor) -> Tensor:
    """Normalised pictures (B, 3, H, W), masked (B, N) → scores of the covered patches alone (M, K).

    Equal to ``BeitForMaskedImageModeling(pictures, masked).logits[masked]``.
    """
    hidden = encode(model.beit, pictures, masked=masked)[-1][:, 1:]  # (B, N, C)
    scores: Tensor = model.lm_head(model.layernorm(hidden[masked]))
    return scores


def masks_for(count: int, rows: int, columns: int, generator: torch.Generator) -> Tensor:
    """``count`` masks in blocks, (count, rows · columns)."""
    return torch.stack([blockwise(rows, columns, SHARE, generator).flatten() for _ in range(count)])


class MaskedPatchesTask(PicturesTask):
    """The network, its pictures in memory, and a store of masks, which are drawn once: drawing is slow."""

    def __init__(
        self, model: Any, codebook: Codebook, train: Pictures, held_out: Pictures, rate: float, batch: int
    ) -> None:
        super().__init__(model, train, held_out, rate, batch, plain="lm_head")
        self.codebook = codebook
        self.rows, self.columns = (side // codebook.patch for side in self.images.shape[2:])
        generator = torch.Generator().manual_seed(0)
        self.masks = masks_for(4096, self.rows, self.columns, generator)
        self.held_masks = masks_for(len(self.held), self.rows, self.columns, generator)
        self.logits = masked_logits

    def to(self, device: torch.device) -> None:
        super().to(device)
        self.codebook = self.codebook.to(device)
        self.masks, self.held_masks = self.masks.to(device), self.held_masks.to(device)

    def compile(self, backend: str = "inductor") -> None:
        self.logits = torch.compile(masked_logits, backend=backend)

    def loss(self, batch: tuple[Tensor, torch.Generator], progress: float) -> Step:
        rows, generator = batch
        pictures = shifted(self.images[rows.to(self.device)], 2, generator)
        masked = self.masks[torch.randint(len(self.masks), (len(rows),), generator=generator).to(self.device)]  # (B, N)
        answers = self.codebook.tokens((pictures + 1) / 2)[masked]  # (M,)
        with mixed(self.device):
            scores = self.logits(self.network, pictures, masked)  # (M, K)
        loss = nn.functional.cross_entropy(scores.float(), answers)
        return Step(loss, (scores.argmax(1) == answers).sum(), len(answers))

    def validate(self, network: nn.Module) -> dict[str, float]:
        loss = hits = 0.0
        total = int(self.held_masks.sum())
        for pictures, masked in zip(torch.split(self.held, 500), torch.split(self.held_masks, 500), strict=True):
            answers = self.codebook.tokens((pictures + 1) / 2)[masked]
            with mixed(self.device):
                scores = masked_logits(network, pictures, masked).float()
            loss += float(nn.functional.cross_entropy(scores, answers, reduction="sum"))
            hits += int((scores.argmax(1) == answers).sum())
        return {"loss": loss / total, "accuracy": hits / total}
