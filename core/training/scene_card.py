"""What the card of ``beit-scenes`` tells beyond figures: mistakes, calibration, and how often each class was seen."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.data.labels import scene_class
from core.training.cards import sentences
from core.training.recipe import Told
from core.training.scene_sets import SceneSet, pictures_of_id, pixels_of_id


def counts_of(sets: list[SceneSet], ids: tuple[int, ...]) -> list[tuple[int, int, int]]:
    """(id, training pictures, training pixels) of each output, the one with the most pictures first."""
    pictures = pictures_of_id(sets)
    pixels: NDArray[np.int64] = np.sum([pixels_of_id(part) for part in sets], axis=0)
    return sorted(((id, int(pictures[id]), int(pixels[id])) for id in ids), key=lambda row: (-row[1], row[0]))


def told(evaluation: dict[str, Any], counts: list[tuple[int, int, int]], start: str | None) -> Told:
    """The card's own part. ``start``: the folder whose weights the training began with, or None."""
    texts = sentences()["scenes"]
    found = evaluation["sets"]["scenes"]
    numbers = {"commonest": len(found["ids"]), "every": found["annotated_ids"]}
    mistakes = [
        f"| {row['true']} | {row['said']} | {row['pixels'] / found['pixels']:.1%} |" for row in found["mistakes"]
    ]
    bins = [
        f"| {row['from']:.1f} to {row['to']:.1f} | {row['count']:,} | {row['confidence']:.2f} | {row['accuracy']:.2f} |"
        for row in found["reliability"]["bins"]
    ]
    seen = [f"| {scene_class(id).name} | {id} | {pictures:,} | {pixels:,} |" for id, pictures, pixels in counts]
    parts = {"mistakes": mistakes, "calibration": bins, "counts": seen}
    sections = "".join(texts[name].format(rows="\n".join(rows)) for name, rows in parts.items())
    begun = texts["start"]["some"].format(name=start) if start is not None else texts["start"]["none"]
    return Told(
        {"outputs": len(counts), "start": begun},
        {name: text.format(**numbers) for name, text in texts["figures"].items()},
        f"{texts['how']}\n\n{sections}",
    )
