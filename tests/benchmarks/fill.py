"""Masked words: filling them, and asking what made the difference, against the bare forward pass of the same network."""

from __future__ import annotations

import torch

from core.lab.fill import fillers
from core.lab.lab import Lab
from core.settings import Settings
from core.text.fill import fill
from tests.benchmarks._timing import medians, row
from tests.benchmarks.attention import sized

LENGTHS = (16, 128)


def main() -> None:
    """Print every ratio."""
    lab = Lab(Settings(offline=True))
    with lab.use(fillers(lab)[0].name, "attention") as loaded:
        network = loaded.network
        for tokens in LENGTHS:
            text = sized(loaded, tokens)
            ids = torch.tensor([fill(loaded, text).tokens.ids])
            assert ids.shape[1] == tokens, f"expected {tokens} tokens, got {ids.shape[1]}"

            def bare(ids=ids) -> None:
                with torch.inference_mode():
                    network(ids)

            for count in (1, 3):
                covered = tuple(range(2, 2 + count))
                ours, theirs = medians(lambda c=covered, t=text: fill(loaded, t, c), bare, times=41, warm=5)
                row(f"fill {count} of {tokens} tokens : bare forward", ours, theirs, wanted="at most 1.5")
