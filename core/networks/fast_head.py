"""The head of a segmenting BEiT, UPerNet (Xiao et al., 2018, https://arxiv.org/abs/1807.10221), for less arithmetic.

The numbers are those of ``transformers``' head up to rounding; five identities save most of the work:

1. Batch norm in evaluation is a scale and a shift: it goes into the convolution before it.
2. A 1 × 1 convolution straight after a transposed one is one transposed convolution.
3. Enlarging is linear, and so is a convolution: a 3 × 3 convolution of an enlarged map is the sum of its nine taps,
   each a 1 × 1 convolution of the small map, then enlarged, shifted and added (:class:`Enlarged`).
4. The other 3 × 3 convolutions are Winograd's (:mod:`core.networks.winograd`).
5. The auxiliary branch serves training only.

Maps are (rows, columns, channels); h, w is the grid of patches, C the width, K the number of classes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor, nn

from core.networks import winograd


def folded(convolution: Any, norm: Any) -> tuple[Tensor, Tensor]:
    """Weight and bias of a convolution with the batch norm after it; of a transposed one, whose output axis is 1."""
    scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)  # (Cout,)
    bias = norm.bias - norm.running_mean * scale
    if convolution.bias is not None:
        bias = bias + convolution.bias * scale
    axis = 1 if isinstance(convolution, nn.ConvTranspose2d) else 0
    shape = [1, 1, 1, 1]
    shape[axis] = -1
    return convolution.weight * scale.view(shape), bias


def pointwise(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """A 1 × 1 convolution: (Y, X, Cin), weight (Cout, Cin) → (Y, X, Cout)."""
    return nn.functional.linear(x, weight, bias)


class Doubled:
    """A transposed 2 × 2 convolution of stride 2, and a 1 × 1 one after it where given: each pixel becomes four."""

    def __init__(self, weight: Tensor, bias: Tensor, after: tuple[Tensor, Tensor] | None = None) -> None:
        if after is not None:
            mix = after[0].flatten(1)  # (Cout, Cmid)
            weight = torch.einsum("imyx,om->ioyx", weight, mix)  # (Cin, Cout, 2, 2)
            bias = mix @ bias + after[1]
        self.weight = weight.permute(2, 3, 1, 0).flatten(0, 2).contiguous()  # (2 · 2 · Cout, Cin)
        self.bias = bias.repeat(4)

    def __call__(self, x: Tensor) -> Tensor:
        """(Y, X, Cin) → (2Y, 2X, Cout)"""
        Y, X, _ = x.shape
        four = pointwise(x, self.weight, self.bias).view(Y, X, 2, 2, -1)
        return four.transpose(1, 2).reshape(2 * Y, 2 * X, -1)


def enlarged(x: Tensor, like: Tensor) -> Tensor:
    """Bilinear, corners not aligned, to the size of ``like`` (Y, X, …): (y, x, C) → (Y, X, C)."""
    size = like.shape[:2]
    big = nn.functional.interpolate(x.permute(2, 0, 1)[None], size, mode="bilinear", align_corners=False)
    return big[0].permute(1, 2, 0)


def shifted_enlarging(small: int, large: int) -> Tensor:
    """(3, large, small): along one axis, enlarge, then read the neighbour before, the pixel, the neighbour after."""
    plain = nn.functional.interpolate(torch.eye(small)[None], large, mode="linear", align_corners=False)[0].T
    padded = nn.functional.pad(plain, (0, 0, 1, 1))  # (large + 2, small), zeros outside, as the convolution has them
    return torch.stack([padded[t : t + large] for t in range(3)])


class Enlarged:
    """The 3 × 3 convolution of an enlarged map, worked out on the small one."""

    def __init__(self, weight: Tensor) -> None:
        self.taps = weight.permute(2, 3, 0, 1).contiguous()  # (3, 3, Cout, Cin)

    def add_to(self, out: Tensor, x: Tensor) -> None:
        """Add to ``out`` (Y, X, Cout), contiguous, what x (y, x, Cin), enlarged to (Y, X), gives."""
        (Y, X, Cout), (y, small, Cin) = out.shape, x.shape
        down, across = shifted_enlarging(y, Y), shifted_enlarging(small, X)
        across = across.permute(1, 2, 0).reshape(X, small * 3)  # (X, x · 3)
        wide = x.new_empty(3, y, X, Cout)
        for t in range(3):
            taps = x.reshape(-1, Cin) @ self.taps[t].flatten(0, 1).T  # (y · x, 3 · Cout)
            torch.matmul(across, taps.view(y, small * 3, Cout), out=wide[t])  # (y, X, Cout)
        rows = down.transpose(0, 1).reshape(Y, 3 * y)
        out.view(Y, -1).addmm_(rows, wide.view(3 * y, -1))


def tensors_of(value: object) -> Iterator[Tensor]:
    """Every tensor of a head's part, through its attributes, lists and tuples."""
    if isinstance(value, Tensor):
        yield value
    elif isinstance(value, list | tuple):
        for item in value:
            yield from tensors_of(item)
    elif isinstance(value, Doubled | Enlarged | FastHead):
        yield from tensors_of(list(vars(value).values()))


class FastHead:
    """``network.decode_head(network.fpn(maps))`` of a ``BeitForSemanticSegmentation``, for one picture on the CPU."""

    def __init__(self, network: Any) -> None:
        fpn, head = network.fpn, network.decode_head
        C = head.channels
        lateral = [folded(block.convolution, block.normalization) for block in head.lateral_convs]
        self.first = Doubled(*folded(fpn.fpn1.conv_transpose1, fpn.fpn1.normalization))
        self.second = Doubled(fpn.fpn1.conv_transpose2.weight, fpn.fpn1.conv_transpose2.bias, lateral[0])
        self.middle = Doubled(fpn.fpn2.weight, fpn.fpn2.bias, lateral[1])
        self.plain = lateral[2][0].flatten(1), lateral[2][1]
        self.smooth = []
        for block in head.fpn_convs:
            weight, bias = folded(block.convolution, block.normalization)
            self.smooth.append((winograd.filters(weight), bias))
        self.scales = head.pool_scales
        self.pooled = []
        for block in head.psp_modules.blocks:
            weight, bias = folded(block.conv.convolution, block.conv.normalization)
            self.pooled.append((weight.flatten(1), bias))
        weight, self.pyramid_bias = folded(head.psp_bottleneck.convolution, head.psp_bottleneck.normalization)
        self.pyramid = [Enlarged(part) for part in torch.split(weight, C, dim=1)]
        weight, self.joint_bias = folded(head.fpn_bottleneck.convolution, head.fpn_bottleneck.normalization)
        fine, double, *coarse = torch.split(weight, C, dim=1)
        self.fine = [winograd.filters(fine), winograd.filters(double)]
        self.coarse = [Enlarged(part) for part in coarse]
        self.classifier = head.classifier.weight.flatten(1), head.classifier.bias

    def bytes_beside(self, network: nn.Module) -> int:
        """Bytes that this keeps and ``network`` does not: filters that were transformed, folded or laid out anew."""
        theirs = {t.untyped_storage().data_ptr() for t in (*network.parameters(), *network.buffers())}
        ours = {t.untyped_storage().data_ptr(): t.untyped_storage().nbytes() for t in tensors_of(self)}
        return sum(size for place, size in ours.items() if place not in theirs)

    def __call__(self, maps: list[Tensor]) -> Tensor:
        """Four states of the encoder, (h, w, C) each → logits (K, 4h, 4w)."""
        top = self._pyramid(maps[3])  # (h/2, w/2, C)
        level2 = pointwise(maps[2], *self.plain).relu_() + enlarged(top, maps[2])  # (h, w, C)
        level1 = self.middle(maps[1]).relu_()  # (2h, 2w, C)
        level1 += enlarged(level2, level1)
        level0 = self.second(nn.functional.gelu(self.first(maps[0]))).relu_()  # (4h, 4w, C)
        level0 += enlarged(level1, level0)
        fine, double, same = (
            winograd.convolve([level], [u]).add_(bias).relu_()
            for level, (u, bias) in zip((level0, level1, level2), self.smooth, strict=True)
        )
        del level0, level1
        joint = winograd.convolve([fine, enlarged(double, fine)], self.fine).add_(self.joint_bias)
        joint = joint.contiguous()  # (4h, 4w, C)
        for part, small in zip(self.coarse, (same, top), strict=True):
            part.add_to(joint, small)
        logits = pointwise(joint.relu_(), *self.classifier)  # (4h, 4w, K)
        return logits.permute(2, 0, 1).contiguous()

    def _pyramid(self, x: Tensor) -> Tensor:
        """Pyramid pooling (Zhao et al., 2017) of the coarsest level: (h, w, C) → (h/2, w/2, C)."""
        half = nn.functional.max_pool2d(x.permute(2, 0, 1)[None], 2, 2)  # (1, C, h/2, w/2)
        maps = [half[0].permute(1, 2, 0)]
        for scale, (weight, bias) in zip(self.scales, self.pooled, strict=True):
            mean = nn.functional.adaptive_avg_pool2d(half, scale)[0].permute(1, 2, 0)  # (scale, scale, C)
            maps.append(pointwise(mean, weight, bias).relu_())
        out = self.pyramid_bias.expand(*maps[0].shape[:2], -1).clone()
        for part, small in zip(self.pyramid, maps, strict=True):
            part.add_to(out, small)
        return out.relu_()
