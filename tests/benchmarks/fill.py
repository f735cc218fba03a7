"""Masked words: filled, and asked what made the difference, against the bare forward pass of the same network."""

from __future__ import annotations

import torch

from core.lab.fill import fillers
from core.lab.lab import Lab
from core.settings import Settings
from core.text.fill import fill
from core.text.fill_reasons import fill_reasons
from core.text.lens import lens
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

            ours, theirs = medians(lambda t=text: lens(loaded, t, (2,)), bare, times=41, warm=5)
            row(f"the lens over {tokens} tokens : bare forward", ours, theirs)
            wanted = "at most 4" if tokens == 16 else ""
            ours, theirs = medians(lambda t=text: fill_reasons(loaded, t, (2,)), bare, times=41, warm=5)
            row(f"reasons in {tokens} tokens : bare forward", ours, theirs, wanted=wanted)
            batch = ids.repeat(tokens, 1)

            def together(batch=batch) -> None:
                with torch.inference_mode():
                    network(batch)

            ours, theirs = medians(lambda t=text: fill_reasons(loaded, t, (2,)), together, times=15, warm=2)
            row(f"the same : bare forward of {tokens} rows at once", ours, theirs)
