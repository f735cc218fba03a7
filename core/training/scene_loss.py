"""What a pixel of a scene costs, where its label may stand for several outputs.

B pictures of H × W cells, K outputs, M codes of a :class:`LabelSpace`; a target holds codes, -1 where nobody annotated.
"""

from __future__ import annotations

import torch
from torch import Tensor

from core.training.label_space import LabelSpace


def pixel_loss(logits: Tensor, target: Tensor, space: LabelSpace, weights: Tensor, strict: float = 0.25) -> Tensor:
    """Weighted cross-entropy, in which the probabilities of all outputs that a label may stand for are summed.

    logits (B, K, H, W), target (B, H, W), weights (M,). Where a label may stand for others, a share ``strict`` of the
    loss asks for its very own output, so that in doubt this one is said.
    """
    known = target >= 0
    code = target[known]  # (P,)
    logs = logits.permute(0, 2, 3, 1)[known].float().log_softmax(1)  # (P, K)
    own = space.own[code]  # (P,)
    likely = logs.gather(1, own.clamp(min=0)[:, None])[:, 0]  # (P,)
    loose = (space.may.sum(1) > (space.own >= 0))[code].nonzero()[:, 0]  # rows with others than their own
    hidden = torch.zeros_like(space.may, dtype=logs.dtype).masked_fill(~space.may, float("-inf"))  # (M, K)
    together = (logs[loose] + hidden[code[loose]]).logsumexp(1)
    kept = torch.where(own[loose] >= 0, strict, 0.0)
    likely = likely.index_put((loose,), (1 - kept) * together + kept * likely[loose])
    weight = weights[code]
    return -(likely * weight).sum() / weight.sum().clamp(min=1)


def overlap_loss(logits: Tensor, target: Tensor, space: LabelSpace) -> Tensor:
    """1 - the mean soft IoU of the outputs that a batch shows, which is what mean IoU asks for.

    Shapes as in :func:`pixel_loss`. With probabilities in place of choices, an output's intersection is Σ p·y and its
    union Σ (p + y - p·y) over the labelled pixels (Rahman & Wang, 2016). Rare classes count as much as common ones,
    without being called too often as weights would have it. What a label may stand for counts as the label's output;
    labels without an output of their own count as unlabelled.
    """
    own = space.own[target.clamp(min=0)]
    known = (target >= 0) & (own >= 0)
    code, own = target[known], own[known]  # (P,)
    p = logits.permute(0, 2, 3, 1)[known].float().softmax(1)  # (P, K)
    if not len(p):
        return logits.float().sum() * 0
    merged = (p * space.may[code]).sum(1)  # (P,) the probability of all that the label may stand for
    hits = torch.zeros(p.shape[1], device=p.device).index_add(0, own, merged)  # (K,)
    count = torch.bincount(own, minlength=p.shape[1])  # (K,)
    wrong = (p * ~space.may[code]).sum(0)  # (K,) said where it may not be said
    shown = count > 0
    return 1 - (hits[shown] / (count + wrong)[shown]).mean()
