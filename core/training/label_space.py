"""What an annotated pixel may be called: sources differ in how finely they name things.

Where a source says "building" of a window too, the pixel may rightly be called either. Each pair of a mask id and the
outputs that it may stand for becomes one code. K outputs, M codes.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.errors import DataError

Allowed = Mapping[tuple[str, int], tuple[int, ...]]  # source and mask id → ADE20K ids that it may stand for


def read_coarse(path: Path) -> dict[tuple[str, int], tuple[int, ...]]:
    """A table with the columns source, mask_id and allowed_ids (divided by blanks); empty where there is no file."""
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        try:
            return {
                (row["source"], int(row["mask_id"])): tuple(int(id) for id in row["allowed_ids"].split())
                for row in csv.DictReader(file)
            }
        except (KeyError, ValueError, AttributeError) as error:
            raise DataError("training.coarse_table", file=path.name) from error


class LabelSpace:
    """The outputs of a network, and which of them each mask id of each source may stand for."""

    def __init__(self, ids: tuple[int, ...], allowed: Allowed, sources: tuple[str, ...]) -> None:
        self.ids, self.allowed, self.sources = ids, dict(allowed), sources
        output = {id: k for k, id in enumerate(ids)}
        codes: dict[tuple[int, frozenset[int]], int] = {}
        tables = np.full((len(sources), 256), -1, dtype=np.int64)
        for s, source in enumerate(sources):
            for id in range(1, 151):
                may = frozenset(output[other] for other in (*allowed.get((source, id), ()), id) if other in output)
                if may:
                    tables[s, id] = codes.setdefault((output.get(id, -1), may), len(codes))
        self.tables = torch.from_numpy(tables)  # (sources, 256) mask id → code, -1: teaches nothing
        self.own = torch.tensor([own for own, _ in codes])  # (M,) the output of the mask id itself, or -1
        self.may = torch.zeros(len(codes), len(ids), dtype=torch.bool)  # (M, K)
        for code, (_, outputs) in enumerate(codes):
            self.may[code, sorted(outputs)] = True

    def to(self, device: torch.device) -> LabelSpace:
        """The same, with its tables on ``device``."""
        self.tables, self.own, self.may = (t.to(device) for t in (self.tables, self.own, self.may))
        return self


def forgiven(said: NDArray[np.uint8], mask: NDArray[np.uint8], allowed: Allowed, source: str) -> NDArray[np.uint8]:
    """ADE20K ids (H, W) as they were said, with the mask's id wherever the mask may stand for what was said."""
    mild = said.copy()
    for id in np.unique(mask):
        if others := allowed.get((source, int(id))):
            here = (mask == id) & np.isin(said, others)
            mild[here] = id
    return mild


def output_weights(space: LabelSpace, pixels: Tensor) -> Tensor:
    """(M,) how much a pixel of each code counts, from the share ``pixels`` (M,) of each: larger for rare outputs.

    1 / ln(1.02 + share) as in ENet (Paszke et al., 2016), at most 8 times the least. A code without an output of its
    own weighs as much as the mean of those that it may stand for.
    """
    share = torch.zeros(len(space.ids), dtype=torch.float64)
    for code, part in enumerate(pixels.tolist()):
        own = int(space.own[code])
        share[space.may[code] if own < 0 else own] += part / (1 if own >= 0 else int(space.may[code].sum()))
    weights = 1 / torch.log(1.02 + share / share.sum().clamp(min=1e-12))
    weights = weights.clamp(max=8 * float(weights.min())) / weights.min()
    rows = [
        weights[int(own)] if own >= 0 else weights[may].mean() for own, may in zip(space.own, space.may, strict=True)
    ]
    return torch.stack(rows).float()
