"""What experiments look at: test sets of the data folder where there is one, else what comes with the project.

The shipped ones were written for this app: short reviews in four grades, half of them favourable, and pairs.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np

from core.data import scene_examples
from core.data.annotations import decode_annotation
from core.data.datasets import count_rows, load_texts
from core.data.galleries import SHIPPED, Galleries
from core.data.images import decode
from core.data.photographs import Photograph, photographs
from core.data.sentences import GRADES, LABELS, Sentence, sentences
from core.errors import DataError
from core.learn.claims.claim import Sample, Samples, Scene

FILE = Path(__file__).resolve().parents[3] / "assets" / "claims" / "pairs.json"
DATA = "data"
SCENES = ("street_scenes", "facades")


@cache
def shipped_pairs() -> tuple[tuple[str, str], ...]:
    """Two sentences each, of which the second follows the first."""
    return tuple((str(a), str(b)) for a, b in json.loads(FILE.read_text("utf-8"))["pairs"])


def pick(total: int, count: int, seed: int) -> list[int]:
    """min(count, total) different places, in a seeded order."""
    return [int(i) for i in np.random.default_rng(seed).permutation(total)[:count]]


def reviews(root: Path | None, work: Path, count: int, seed: int) -> Samples:
    """Reviews with their labels, 0 negative and 1 positive: IMDB's test split, or the plain sentences."""
    if root is not None:
        try:
            found = load_texts("imdb", "test", root, work)
            places = pick(len(found.texts), count, seed)
            return Samples(DATA, tuple(found.texts[i] for i in places), labels=found.labels[places])
        except DataError:
            pass  # a data folder without reviews: the plain sentences are there
    plain = sentences(grades=("plain",))  # what words alone tell: of harder ones a classifier of reviews knows little
    return written([plain[i] for i in pick(len(plain), count, seed)])


def written(chosen: Sequence[Sentence]) -> Samples:
    """Sentences as samples, with their labels and grades."""
    labels = np.array([LABELS.index(one.label) for one in chosen])
    return Samples(SHIPPED, tuple(one.text for one in chosen), labels=labels, grades=tuple(one.grade for one in chosen))


def graded(count: int, seed: int) -> Samples:
    """Sentences of every grade in turn, so that each has as many as the others, or one more."""
    by_grade = [sentences(grades=(grade,)) for grade in GRADES]
    orders = [pick(len(part), count, seed + place) for place, part in enumerate(by_grade)]
    rounds = range(max(map(len, orders)))
    turns = [part[order[i]] for i in rounds for part, order in zip(by_grade, orders, strict=True) if i < len(order)]
    return written(turns[:count])


def annotated(root: Path | None) -> dict[str, int]:
    """How many annotated scenes of each set the data folder has; none without a folder."""
    return {name: count_rows(name, "test", root) for name in SCENES} if root is not None else {}


def photos() -> list[Photograph]:
    """The photographs of installed packages that are here."""
    return [photographs()[name] for name in scene_examples.PHOTOS if scene_examples.photo_path(name) is not None]


def seen(photo: Photograph) -> Scene:
    """A photograph that is here, with what was drawn over it, unless the package has other bytes by now."""
    assert photo.path is not None, "photos() gives those that are here"
    data = photo.path.read_bytes()
    return Scene(decode(data).pixels, photo.ids() if photo.is_of(data) else None)


def scenes(root: Path | None, count: int, seed: int) -> Samples:
    """Annotated scenes of the data folder, or the photographs of packages that were annotated for this app."""
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
    return Samples(SHIPPED, scenes=tuple(seen(photo) for photo in taken))


def available(kind: Sample, galleries: Galleries) -> int:
    """How many cases of a kind there are to draw from here; 0 for a kind that draws none."""
    root = galleries.root
    if kind == "reviews" and root is not None and (known := count_rows("imdb", "test", root)):
        return known
    if kind == "reviews":
        return len(sentences(grades=("plain",)))
    if kind in ("sentences", "graded"):
        return len(sentences())
    if kind == "pairs":
        return len(shipped_pairs())
    if kind == "scenes":
        return sum(annotated(root).values()) or len(photos())
    return galleries.count(galleries.default) if kind == "pictures" else 0


def draw(kind: Sample, galleries: Galleries, count: int, seed: int) -> Samples:
    """``count`` cases of a kind, fewer where there are fewer; the same seed gives the same cases."""
    if kind == "reviews":
        return reviews(galleries.root, galleries.work, count, seed)
    if kind == "sentences":
        return written([sentences()[i] for i in pick(len(sentences()), count, seed)])
    if kind == "graded":
        return graded(count, seed)
    if kind == "pairs":
        pairs = shipped_pairs()
        return Samples(SHIPPED, pairs=tuple(pairs[i] for i in pick(len(pairs), count, seed)))
    if kind == "scenes":
        return scenes(galleries.root, count, seed)
    if kind == "pictures":
        gallery = galleries.open(galleries.default)
        places = np.array(pick(len(gallery), count, seed))
        pixels = np.ascontiguousarray(gallery.pixels[places])
        return Samples(galleries.default, pixels=pixels, labels=gallery.labels[places].astype(np.int64))
    return Samples("")
