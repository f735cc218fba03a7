"""``python -m tools.reasons NAME``: measure how far attention and what decides agree in a classifier of reviews.

Every 50th test review, cut to its first words, has each of its words left out in turn. It writes ``reasons.json``
beside the weights and needs the reviews (``LAB_DATA``).
"""

from __future__ import annotations

import argparse
import json
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from core.data.datasets import data_root, load_texts
from core.data.recordings import WEIGHTS, read_evaluation
from core.lab.lab import Lab
from core.settings import Settings
from core.text.reasons import FILE, summed, thickest_decides
from core.text.verdict import verdict

EACH = 50  # th review
WORDS = 30


def measured(model: Any, text: str) -> tuple[float | None, bool, int]:
    """Of one review: rank correlation, whether the thickest line decides, how many words it has."""
    found = verdict(model, " ".join(text.split()[:WORDS]))
    attention = found.heads.mean(axis=(0, 1))  # (W,)
    return found.agreement, thickest_decides(attention, found.left_out - found.probability), len(found.words)


def main() -> None:
    """Measure the model that the command line names; write the file into its folder, and print it."""
    parser = argparse.ArgumentParser(prog="python -m tools.reasons", description=__doc__)
    parser.add_argument("name", help="a bundled classifier of reviews")
    name = parser.parse_args().name
    lab = Lab(Settings(offline=True, device="cpu"))
    folder = lab.find(name, "attention").folder
    assert folder is not None, "a bundled model has a folder"
    with tempfile.TemporaryDirectory() as work, lab.use(name, "attention") as model:
        texts = load_texts("imdb", "test", data_root(), Path(work)).texts[::EACH]
        found = summed([measured(model, text) for text in texts], WORDS)
    content = {"sha256": read_evaluation(folder).hashes[WEIGHTS], "data": "imdb, test", **asdict(found)}
    (folder / FILE).write_text(json.dumps(content, indent=1) + "\n", "utf-8")
    print(json.dumps(content, indent=1))


if __name__ == "__main__":
    main()
