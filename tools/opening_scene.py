"""``python -m tools.opening_scene``: record the Scene of the sentence with which a page begins, for the first answer.

Run it after the network of the Scene was trained anew; a test compares what is recorded with what the network says.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from core.lab import verdict
from core.lab.lab import Lab
from core.settings import Settings
from core.texts import say
from server.first_picture import RECORDED

QUIET = 0.01  # changes below it are none, as in scene_said.js


def scene(lab: Lab) -> dict[str, Any]:
    """What is drawn: shares in thousandths as a page gets them, the layer in which [CLS] looks most at the word that
    decides (from 1; the mean of its heads), each word with the change of the probability without it."""
    question = verdict.VerdictQuestion.read(lab, say("en", "attention.scene.opening"), "", [])
    found = verdict.verdict(lab, question)
    looks = np.round(found.heads * 1000).mean(axis=1) / 1000  # (L, W)
    changes = [round(float(p), 5) - round(found.probability, 5) for p in found.left_out]
    layer = int(looks[:, int(np.argmax(np.abs(changes)))].argmax())
    words = [
        {"before": word.before, "text": word.text, "after": word.after, "change": round(change, 5),
         "attention": round(float(share), 4)}
        for word, change, share in zip(found.words, changes, looks[layer], strict=True)
    ]  # fmt: skip
    probability = round(found.probability, 5)
    return {"label": found.label, "probability": probability, "layer": layer + 1, "words": words}


def main() -> None:
    """Write the record. Errors: ValueError where no word changes anything, which is no scene to open with."""
    found = scene(Lab(Settings(offline=True)))
    if max(abs(word["change"]) for word in found["words"]) < QUIET:
        raise ValueError("without any one word the network says the same: choose another opening sentence")
    RECORDED.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    print(f"wrote {RECORDED.name}")


if __name__ == "__main__":
    main()
