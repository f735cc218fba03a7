"""The segmentation BEiT as it is trained: with a linear layer beside its head, and its head on a window at will.

B batch, N patches, C width, K classes; sizes in pixels unless said otherwise.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from core.training.beit import encode

CELLS = 4  # the side layer draws so many cells along a patch's edge
Window = tuple[int, int, int]  # top, left and side in patches, all even


def enlarged(x: Tensor, like: Tensor) -> Tensor:
    """x at the height and width of ``like``, bilinearly."""
    if x.shape[2:] == like.shape[2:]:
        return x
    return nn.functional.interpolate(x, like.shape[2:], mode="bilinear", align_corners=False)


class SideDrawn(nn.Module):
    """The BEiT that is shipped, and the linear layer that only trains it."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.model = model
        self.side = nn.Linear(model.config.hidden_size, model.config.num_labels * CELLS**2)

    def drawn(self, hidden: Tensor, rows: int) -> Tensor:
        """Tokens (B, N + 1, C) → logits (B, K, 4 · rows, 4 · columns)."""
        B, T, _ = hidden.shape
        x = self.side(hidden[:, 1:]).transpose(1, 2)  # (B, K · 16, N)
        return nn.functional.pixel_shuffle(x.view(B, -1, rows, (T - 1) // rows), CELLS)

    def headed(self, levels: list[Tensor], window: Window) -> Tensor:
        """Four grids (B, C, rows, columns) → the UPerNet head's logits inside the window.

        Pooling sees the whole picture, as it does later; only the convolutions keep to the window.
        """
        fpn, head = self.model.fpn, self.model.decode_head
        top, left, side = window
        low, right = top + side, left + side
        cut = [grid[:, :, top:low, left:right] for grid in levels[:3]]  # (B, C, side, side)
        maps = [fpn.fpn1(cut[0]), fpn.fpn2(cut[1]), cut[2]]  # 4, 2 and 1 cells a patch
        laterals = [conv(x) for conv, x in zip(head.lateral_convs, maps, strict=True)]
        pooled = head.psp_forward([fpn.fpn4(levels[3])])  # (B, C, rows / 2, columns / 2)
        laterals.append(pooled[:, :, top // 2 : low // 2, left // 2 : right // 2])
        for i in (3, 2, 1):
            laterals[i - 1] = laterals[i - 1] + enlarged(laterals[i], laterals[i - 1])
        outs = [conv(x) for conv, x in zip(head.fpn_convs, laterals[:3], strict=True)] + laterals[3:]
        logits: Tensor = head.classifier(head.fpn_bottleneck(torch.cat([enlarged(x, outs[0]) for x in outs], dim=1)))
        return logits

    def forward(
        self, pictures: Tensor, with_head: bool = True, window: Window | None = None, joined: float = 1.0
    ) -> tuple[Tensor, Tensor | None]:
        """Pictures (B, 3, size, size) → logits of the side layer and of the head, (B, K, size / 4, size / 4) each.

        With ``window`` the head's are those inside it only, (B, K, 4 · side, 4 · side). ``joined``, 0..1: by what the
        head's gradient is multiplied where it enters the encoder; the values do not depend on it.
        """
        config = self.model.config
        hidden = encode(self.model.beit, pictures)
        rows = pictures.shape[2] // config.patch_size
        side = self.drawn(hidden[-1], rows)
        if not with_head:
            return side, None
        levels = []
        for index in config.out_indices:
            state = hidden[index - 1]
            if joined < 1:
                state = joined * state + (1 - joined) * state.detach()
            x = state[:, 1:].transpose(1, 2)  # (B, C, N)
            grid = x.reshape(len(x), -1, rows, x.shape[2] // rows)
            levels.append(grid.contiguous(memory_format=torch.channels_last))
        return side, self.headed(levels, window or (0, 0, rows))
