"""What a pixel of a street costs: classes, their weights, and buildings that may be told by their parts."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from core.data.datasets import Scenes

IDS = (2, 3, 5, 7, 9, 12, 13, 15, 21, 33, 44, 94, 128)  # ADE20K ids of the 13 classes, in the order of the outputs
BUILDING, PARTS = IDS.index(2), (IDS.index(2), IDS.index(9), IDS.index(15))  # windowpane and door are parts of one


def output_index() -> Tensor:
    """(256,) ADE20K id → output 0..12, or -1 where the id is none of ours."""
    table = torch.full((256,), -1)
    table[torch.tensor(IDS)] = torch.arange(len(IDS))
    return table


def pixel_loss(logits: Tensor, target: Tensor, merged: Tensor, weights: Tensor, strict: float = 0.25) -> Tensor:
    """Weighted cross-entropy; a building may be told by its parts where ``merged``.

    logits (B, 13, H, W), target (B, H, W) with -1 for unlabelled, merged (B,) true for pictures in which windows and
    doors are labelled as building. There a building pixel's probability is that of building, windowpane and door
    together, but for a share ``strict`` of the loss, so that in doubt it is called a building.
    """
    logs = logits.float().log_softmax(1)  # (B, 13, H, W)
    known = target >= 0
    index = target.clamp(min=0)
    own = logs.gather(1, index[:, None])[:, 0]  # (B, H, W)
    together = logs[:, list(PARTS)].logsumexp(1)  # (B, H, W)
    loose = merged[:, None, None] & (index == BUILDING)
    likely = torch.where(loose, (1 - strict) * together + strict * own, own)
    weight = weights[index] * known
    return -(likely * weight).sum() / weight.sum().clamp(min=1)


def class_weights(sets: list[Scenes], shares: list[float]) -> Tensor:
    """(13,) larger for rare classes, 1 / ln(1.02 + share) as in ENet (Paszke et al., 2016), at most 8 times
    the least. Shares of the pixels, each set counted by how often it is drawn.
    """
    share = np.zeros(len(IDS))
    for scenes, part in zip(sets, shares, strict=True):
        counts = np.bincount(np.asarray(scenes.ids), minlength=151)[list(IDS)]
        share += part * counts / max(counts.sum(), 1)
    weights = 1 / np.log(1.02 + share)
    return torch.tensor(np.minimum(weights, 8 * weights.min()) / weights.min(), dtype=torch.float32)


def overlap_loss(logits: Tensor, target: Tensor, merged: Tensor) -> Tensor:
    """1 - the mean soft IoU of the classes that a batch shows, which is what mean IoU asks for.

    Shapes as in :func:`pixel_loss`. With probabilities in place of choices, a class's intersection is Σ p·y and its
    union Σ (p + y - p·y) over the labelled pixels (Rahman & Wang, 2016). Rare classes count as much as common ones,
    without being called too often as weights would have it. Where ``merged``, windows and doors are building.
    """
    p = logits.float().softmax(1)  # (B, 13, H, W)
    together = torch.zeros_like(p)
    others = [i for i in range(len(IDS)) if i not in PARTS]
    together[:, others] = p[:, others]
    together[:, BUILDING] = p[:, list(PARTS)].sum(1)
    p = torch.where(merged[:, None, None, None], together, p)
    known = (target >= 0)[:, None]  # (B, 1, H, W)
    y = nn.functional.one_hot(target.clamp(min=0), len(IDS)).permute(0, 3, 1, 2) * known  # (B, 13, H, W)
    p = p * known
    intersection = (p * y).sum((0, 2, 3))  # (13,)
    union = (p + y).sum((0, 2, 3)) - intersection
    shown = y.sum((0, 2, 3)) > 0
    iou = intersection[shown] / union[shown]
    return 1 - iou.mean() if len(iou) else p.sum() * 0
