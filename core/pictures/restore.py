"""Covered patches of a picture of 32×32, and the visual tokens that a pre-trained BEiT names in their places.

That is BEiT's masked-image modelling (Bao et al., 2021), shown on one picture: what the tokenizer says of every patch,
what the network says of those that it does not see, and two guesses that need no network, on the same mask.

h, w patches down and across, N = h · w patches, T = N + 1 tokens with [CLS], M covered patches, K visual tokens.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.checks import MAX_SEED, number, whole
from core.data.galleries import Pixels
from core.errors import RangeError
from core.needs import PICTURE, lent
from core.networks import beit
from core.networks.arrays import to_numpy
from core.networks.classifier import unit
from core.networks.patch_masks import SHARE, blockwise, nearest_visible, scattered
from core.networks.visual_tokens import Codebook

Mask = NDArray[np.bool_]  # (h, w), true where a patch is covered
Tokens = NDArray[np.int64]

TOP = 5  # candidates of a patch
FREQUENT = 0  # the commonest token of the training pictures: the codes are in that order
DRAWERS = {"blocks": blockwise, "random": scattered}
DRAWN = re.compile(r"(blocks|random)-([0-9]{1,10})")


class Model(Protocol):
    """What is handed in: a BEiT that names visual tokens, and their codebook as its processor."""

    @property
    def network(self) -> Any: ...
    @property
    def processor(self) -> Any: ...


@dataclass(frozen=True, eq=False)
class Restoration:
    """What stands under the covered patches of one picture, as far as tokens tell. Patches count from 0, row by row.

    ``tokens`` (N,): what the tokenizer says of every patch, the covered ones included. ``covered`` (M,): patches.
    ``candidates`` (M, TOP): the network's tokens, the likeliest first, with their ``probabilities``; ``chance`` (M,):
    the probability that it gives the right one. ``copied`` (M,): the token of the nearest visible patch, None where no
    patch is visible. ``picture`` (32, 32, 3): what is visible as it is, the rest as its likeliest token draws it.
    ``states`` (S, T, C): the embeddings, then the state after each layer.
    """

    mask: Mask
    tokens: Tokens
    covered: Tokens
    candidates: Tokens
    probabilities: NDArray[np.float32]
    chance: NDArray[np.float32]
    copied: Tokens | None
    picture: Pixels
    states: NDArray[np.float32]
    seconds: float

    @property
    def right(self) -> Mask:
        """(M,) whether the likeliest token is the very one."""
        return np.asarray(self.candidates[:, 0] == self.tokens[self.covered])

    @property
    def accuracy(self) -> float | None:
        """Share of the covered patches whose token was named; None where none is covered."""
        return _share(self.right)

    @property
    def baselines(self) -> dict[str, float | None]:
        """The same of the commonest token everywhere, and of a copy of the nearest visible patch's token."""
        true = self.tokens[self.covered]
        copied = None if self.copied is None else _share(self.copied == true)
        return {"most_frequent": _share(true == FREQUENT), "nearest_visible": copied}


def _share(right: Mask) -> float | None:
    return float(right.mean()) if right.size else None


def drawn_mask(kind: str, seed: object, grid: tuple[int, int], share: object = SHARE) -> Mask:
    """A mask that covers ``share`` of the patches, in "blocks" as BEiT's pre-training draws them, or at "random".

    The same ``seed``, 0 to 2³² - 1, draws the same mask everywhere. Errors: RangeError.
    """
    checked = whole("restore.whole", "seed", seed, 0, MAX_SEED)
    part = number("restore.share", "share", share, 0, 1)
    generator = torch.Generator().manual_seed(checked)
    mask: Mask = DRAWERS[kind](*grid, part, generator).numpy()
    return mask


def written_mask(text: object, grid: tuple[int, int]) -> Mask:
    """The mask that a link names: ``blocks-7`` or ``random-7``, by their seed, or one bit a patch, written in base 16.

    The first patch is the highest bit of the first digit. Errors: RangeError.
    """
    if isinstance(text, str):
        if found := DRAWN.fullmatch(text):
            return drawn_mask(found[1], int(found[2]), grid)
        digits = -(-grid[0] * grid[1] // 4)
        if re.fullmatch(f"[0-9a-f]{{{digits}}}", text):
            bits = np.unpackbits(np.frombuffer(bytes.fromhex(text + "0" * (digits % 2)), np.uint8))
            return bits[: grid[0] * grid[1]].astype(np.bool_).reshape(grid)
    raise RangeError("restore.mask", patches=grid[0] * grid[1])


def hexadecimal(mask: Mask) -> str:
    """The inverse of :func:`written_mask` for any mask."""
    return np.packbits(mask.reshape(-1)).tobytes().hex()[: -(-mask.size // 4)]


def grid_of(network: Any) -> tuple[int, int]:
    """h, w: patches down and across."""
    side = network.config.image_size // network.config.patch_size
    return side, side


@lent(PICTURE)
@torch.no_grad()
def restore(model: Model, pixels: Pixels, mask: Mask) -> Restoration:
    """One picture (32, 32, 3) of which the patches of ``mask`` (h, w) are covered, through the network once.

    The network's part equals transformers' ``BeitForMaskedImageModeling``.
    """
    network: Any = model.network
    parameter = next(network.parameters())
    codebook: Codebook = model.processor.to(parameter.device)
    grid = grid_of(network)
    assert mask.shape == grid, f"expected a mask {grid}, got {mask.shape}"
    begun = time.perf_counter()
    given = unit(pixels[None]).to(parameter.device)  # (1, 3, 32, 32)
    covered = torch.from_numpy(mask).to(parameter.device).view(1, -1)  # (1, N)
    x = beit.embed(network.beit, (2 * given - 1).to(parameter.dtype), covered)  # (T, C)
    states = torch.stack([x, *beit.advance(network.beit, x, grid, 0, len(network.beit.layers))])  # (S, T, C)
    hidden = network.beit.layernorm(states[-1, 1:][covered[0]])  # (M, C)
    shares = network.lm_head(network.layernorm(hidden)).float().softmax(-1)  # (M, K)
    tokens = codebook.tokens(given)[0]  # (N,)
    best = shares.topk(min(TOP, len(codebook)), dim=1)
    return Restoration(
        mask,
        tokens.cpu().numpy(),
        covered[0].nonzero()[:, 0].cpu().numpy(),
        best.indices.cpu().numpy(),
        to_numpy(best.values),
        to_numpy(shares.gather(1, tokens[covered[0]][:, None])[:, 0]),
        _copied(tokens.cpu(), mask),
        _restored(codebook, given, covered, best.indices[:, 0]),
        to_numpy(states),
        time.perf_counter() - begun,
    )


def _copied(tokens: Tensor, mask: Mask) -> Tokens | None:
    if mask.all():
        return None
    places = nearest_visible(torch.from_numpy(mask))  # (N,)
    copied: Tokens = tokens[places].numpy()[mask.reshape(-1)]
    return copied


def _restored(codebook: Codebook, given: Tensor, covered: Tensor, named: Tensor) -> Pixels:
    """The picture (32, 32, 3), its covered patches as the ``named`` tokens (M,) draw them."""
    patches = codebook.patches(given)  # (1, N, P)
    patches[covered] = codebook.codes[named]
    return bytes_of(codebook.joined(patches, *given.shape[2:])[0].permute(1, 2, 0))


def bytes_of(values: Tensor) -> NDArray[np.uint8]:
    """Colours in 0..1 → bytes, of the same shape."""
    return (values.float().clamp(0, 1) * 255).round().to(torch.uint8).cpu().numpy()


def code_pictures(codebook: Codebook) -> NDArray[np.uint8]:
    """The small picture of every token, (K, patch, patch, 3)."""
    return bytes_of(codebook.codes.view(len(codebook), 3, codebook.patch, codebook.patch).permute(0, 2, 3, 1))
