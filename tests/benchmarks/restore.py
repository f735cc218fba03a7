"""Masked patches: the whole answer for one picture against one bare forward pass of the same BEiT."""

from __future__ import annotations

import torch
from transformers import BeitForMaskedImageModeling

from core.data.galleries import shipped
from core.models.catalog import find
from core.models.loading import load
from core.networks.classifier import unit
from core.pictures.restore import drawn_mask, restore
from tests.benchmarks._timing import medians, row

ROUNDS = 20  # passes a run: one alone takes milliseconds


def main() -> None:
    """Print the ratio."""
    spec = find("", "masked-patches")
    loaded = load(spec)
    plain = BeitForMaskedImageModeling.from_pretrained(spec.folder, dtype=torch.float32).eval()
    picture, mask = shipped().pixels[0], drawn_mask("blocks", 0, (8, 8))
    values, covered = 2 * unit(picture[None]) - 1, torch.from_numpy(mask).view(1, -1)

    def ours() -> None:
        for _ in range(ROUNDS):
            restore(loaded, picture, mask)

    def theirs() -> None:
        with torch.inference_mode():
            for _ in range(ROUNDS):
                plain(pixel_values=values, bool_masked_pos=covered)

    for threads in (1, 2):
        torch.set_num_threads(threads)
        taken = [seconds / ROUNDS for seconds in medians(ours, theirs, times=15, warm=3)]
        row(f"masked patches, whole answer : one forward, {threads} threads", *taken, wanted="at most 1.5")
