"""What the analyses of scenes hand over: frozen, and free of any model. Arrays are numpy's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Trace:
    """What BEiT's encoder went through for one picture. T = h · w + 1 tokens, [CLS] first, then the patches by row."""

    states: Floats  # (S, T, C): the embeddings, then the state after layer 1, 2 …
    grid: tuple[int, int]  # h, w: patches down and across
    side: int  # pixels that the picture was squeezed to, down and across
    seconds: float


@dataclass(frozen=True, eq=False)
class Segmentation:
    """Classes of a picture of H × W pixels, as ADE20K ids (1..150). K = classes that the model knows."""

    classes: npt.NDArray[np.uint8]  # (H, W)
    known: npt.NDArray[np.uint8]  # (K,) the id of each output
    ids: npt.NDArray[np.uint8]  # (found,) those that occur, largest area first
    pixels: npt.NDArray[np.int64]  # (found,) their areas
    scores: npt.NDArray[np.float16]  # (K, h, w) logits, at the size at which the model gives them
    confidence: npt.NDArray[np.uint8]  # (h, w) probability of the first class, 255 = 1
    head_seconds: float  # states → logits
    enlarge_seconds: float  # logits → classes
    windows: int = 1  # into which the picture was cut; their scores are blended
    encoder_seconds: float = 0.0  # of these windows; of a picture that went through whole, its trace has them

    @property
    def shares(self) -> npt.NDArray[np.float64]:
        """(found,) each area as a share of the picture."""
        return np.asarray(self.pixels / self.classes.size, dtype=np.float64)


@dataclass(frozen=True, eq=False)
class PatchAttention:
    """Where one token of one layer looks. H heads, T tokens."""

    layer: int  # from 0
    query: int  # token: 0 is [CLS], patch i is i + 1
    weights: npt.NDArray[np.float32]  # (H, T), rows sum to 1
    rollout: npt.NDArray[np.float32]  # (T,) attention of all layers up to this one together


@dataclass(frozen=True, eq=False)
class Stage:
    """One step from picture to classes: what it makes, and how that looks."""

    name: str
    shape: tuple[int, ...]
    picture: npt.NDArray[np.uint8]  # (y, x, 3)
