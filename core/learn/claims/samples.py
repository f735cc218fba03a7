"""What experiments look at: test sets of the data folder where there is one, else what comes with the project.

The shipped sentences were written for this purpose: reviews of one line, half of them favourable, and pairs.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from core.data import scene_examples
from core.data.annotations import decode_annotation
from core.data.datasets import count_rows, load_texts
from core.data.galleries import SHIPPED, Galleries
from core.data.images import decode
from core.errors import DataError
from core.learn.claims.claim import Sample, Samples, Scene

FILE = Path(__file__).resolve().parents[3] / "assets" / "claims" / "sentences.json"
DATA = "data"
SCENES = ("street_scenes", "facades")


@cache
def shipped_sentences() -> dict[str, Any]:
    """``positive`` and ``negative``: sentences; ``pairs``: two sentences each."""
    found: dict[str, Any] = json.loads(FILE.read_text("utf-8"))
    return found


def shipped_texts() -> list[str]:
    """All shipped sentences, the unfavourable ones first."""
    return [*shipped_sentences()["negative"], *shipped_sentences()["positive"]]


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
    texts = shipped_texts()
    labels = np.array([0] * len(shipped_sentences()["negative"]) + [1] * len(shipped_sentences()["positive"]))
    places = pick(len(texts), count, seed)
    return Samples(SHIPPED, tuple(texts[i] for i in places), labels=labels[places])


def annotated(root: Path | None) -> dict[str, int]:
    """How many annotated scenes of each set the data folder has; none without a folder."""
    return {name: count_rows(name, "test", root) for name in SCENES} if root is not None else {}


def photos() -> list[Path]:
    """The photographs of installed packages that are here."""
    return [path for name in scene_examples.PHOTOS if (path := scene_examples.photo_path(name)) is not None]


def scenes(root: Path | None, count: int, seed: int) -> Samples:
    """Annotated scenes of the data folder, or the photographs of installed packages, which nobody annotated."""
    places = [(name, row) for name, rows in annotated(root).items() for row in range(rows)]
    found = []
    for name, row in (places[i] for i in pick(len(places), count, seed)):
        picture, annotation = scene_examples.annotated_scene(name, "test", row, root)
        pixels = decode(picture).pixels
        ids = decode_annotation(annotation, pixels.shape[1], pixels.shape[0])
        found.append(Scene(pixels, ids, plain_buildings=name == "street_scenes"))
    if found:
        return Samples(DATA, scenes=tuple(found))
    there = photos()
    taken = (there[i] for i in pick(len(there), count, seed))
    return Samples(SHIPPED, scenes=tuple(Scene(decode(path.read_bytes()).pixels) for path in taken))


def available(kind: Sample, galleries: Galleries) -> int:
    """How many cases of a kind there are to draw from here; 0 for a kind that draws none."""
    root = galleries.root
    if kind == "reviews" and root is not None and (known := count_rows("imdb", "test", root)):
        return known
    if kind in ("reviews", "sentences"):
        return len(shipped_texts())
    if kind == "pairs":
        return len(shipped_sentences()["pairs"])
    if kind == "scenes":
        return sum(annotated(root).values()) or len(photos())
    return galleries.count(galleries.default) if kind == "pictures" else 0


def draw(kind: Sample, galleries: Galleries, count: int, seed: int) -> Samples:
    """``count`` cases of a kind, fewer where there are fewer; the same seed gives the same cases."""
    if kind == "reviews":
        return reviews(galleries.root, galleries.work, count, seed)
    if kind == "sentences":
        texts = shipped_texts()
        return Samples(SHIPPED, tuple(texts[i] for i in pick(len(texts), count, seed)))
    if kind == "pairs":
        pairs = [(str(a), str(b)) for a, b in shipped_sentences()["pairs"]]
        return Samples(SHIPPED, pairs=tuple(pairs[i] for i in pick(len(pairs), count, seed)))
    if kind == "scenes":
        return scenes(galleries.root, count, seed)
    if kind == "pictures":
        gallery = galleries.open(galleries.default)
        places = np.array(pick(len(gallery), count, seed))
        pixels = np.ascontiguousarray(gallery.pixels[places])
        return Samples(galleries.default, pixels=pixels, labels=gallery.labels[places].astype(np.int64))
    return Samples("")
