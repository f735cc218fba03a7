"""What experiments look at: reviews of the data folder where there is one, else sentences that ship with the project.

The shipped sentences were written for this purpose: reviews of one line, half of them favourable, and pairs.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from core.claims.claim import Sample, Samples
from core.data import load_texts
from core.errors import DataError
from core.gallery import SHIPPED, Galleries

FILE = Path(__file__).resolve().parents[2] / "assets" / "claims" / "sentences.json"
DATA = "data"


@cache
def shipped() -> dict[str, Any]:
    """``positive`` and ``negative``: sentences; ``pairs``: two sentences each."""
    found: dict[str, Any] = json.loads(FILE.read_text("utf-8"))
    return found


def pick(total: int, count: int, seed: int) -> list[int]:
    """min(count, total) different places, in a seeded order."""
    return [int(i) for i in np.random.default_rng(seed).permutation(total)[:count]]


def reviews(root: Path | None, work: Path, count: int, seed: int) -> Samples:
    """Reviews with their labels, 0 negative and 1 positive: IMDB's test split, or the shipped sentences."""
    if root is not None:
        try:
            found = load_texts("imdb", "test", root, work)
            places = pick(len(found.texts), count, seed)
            return Samples(DATA, tuple(found.texts[i] for i in places), labels=found.labels[places])
        except DataError:
            pass  # a data folder without reviews: the shipped sentences are there
    texts = [*shipped()["negative"], *shipped()["positive"]]
    labels = np.array([0] * len(shipped()["negative"]) + [1] * len(shipped()["positive"]))
    places = pick(len(texts), count, seed)
    return Samples(SHIPPED, tuple(texts[i] for i in places), labels=labels[places])


def draw(kind: Sample, galleries: Galleries, count: int, seed: int) -> Samples:
    """``count`` cases of a kind, fewer where there are fewer; the same seed gives the same cases."""
    if kind == "reviews":
        return reviews(galleries.root, galleries.work, count, seed)
    if kind == "sentences":
        texts = [*shipped()["negative"], *shipped()["positive"]]
        return Samples(SHIPPED, tuple(texts[i] for i in pick(len(texts), count, seed)))
    if kind == "pairs":
        pairs = [(str(a), str(b)) for a, b in shipped()["pairs"]]
        return Samples(SHIPPED, pairs=tuple(pairs[i] for i in pick(len(pairs), count, seed)))
    if kind == "pictures":
        gallery = galleries.open(galleries.default)
        places = np.array(pick(len(gallery), count, seed))
        pixels = np.ascontiguousarray(gallery.pixels[places])
        return Samples(galleries.default, pixels=pixels, labels=gallery.labels[places].astype(np.int64))
    return Samples("")
