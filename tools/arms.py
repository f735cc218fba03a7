"""``python -m tools.arms NAME WITH WITHOUT``: keep what pre-training is worth beside a bundled model's weights.

``WITH`` and ``WITHOUT`` are the folders that two trainings of the same length left, from the pre-trained network and
from random weights; both evaluations must be of the same test examples. It writes ``pretraining.json``.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from core.data.pretraining import FILE
from core.data.recordings import EVALUATION, TRAINING_LOG
from core.models.spec import OURS

LONGER = 0.02  # of the time; more is no fair comparison


def arm(folder: Path) -> dict[str, Any]:
    """One training's figures, its minutes, command and machine."""
    found, log = (json.loads((folder / file).read_text("utf-8")) for file in (EVALUATION, TRAINING_LOG))
    told = {name: log[name] for name in ("command", "minutes", "machine")}
    return {**told, "data": found["data"], "figures": found["figures"]}


def compared(pretrained: dict[str, Any], plain: dict[str, Any]) -> dict[str, Any]:
    """Both arms as they are kept. Raises ValueError where they cannot be compared."""
    if pretrained["data"] != plain["data"]:
        raise ValueError(f"expected the same test examples, got {pretrained['data']} and {plain['data']}")
    longest, shortest = (pick(pretrained["minutes"], plain["minutes"]) for pick in (max, min))
    if longest > shortest * (1 + LONGER):
        raise ValueError(f"expected trainings of one length, got {shortest} and {longest} minutes")
    arms = {"with": pretrained, "without": plain}
    return {
        "data": plain["data"],
        **{name: {key: value for key, value in one.items() if key != "data"} for name, one in arms.items()},
    }


def main() -> None:
    """Read both folders, write the file, and print it."""
    parser = argparse.ArgumentParser(prog="python -m tools.arms", description=__doc__)
    parser.add_argument("name", help="a folder of assets/models")
    parser.add_argument("pretrained", type=Path, help="what the training from the pre-trained network left")
    parser.add_argument("plain", type=Path, help="what the training from random weights left")
    options = parser.parse_args()
    text = json.dumps(compared(arm(options.pretrained), arm(options.plain)), indent=1) + "\n"
    (OURS / options.name / FILE).write_text(text, "utf-8")
    print(text)


if __name__ == "__main__":
    main()
