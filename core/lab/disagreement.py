"""The picture on which the two classifiers of the CIFAR-10 lab disagree, found among some. n pictures, K classes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.data.datasets import pixel_hash
from core.data.galleries import Gallery, Pixels
from core.lab.lab import Lab
from core.lab.picture_runs import recordings
from core.lab.pictures import BEIT, MLP, Chosen, chosen, leased, pixels_digest
from core.pictures.recorded import aligned
from core.progress import Progress

Labels = NDArray[np.int64]


def disagreement(lab: Lab, gallery: Gallery, places: Labels, beit: str = "", progress: Progress | None = None) -> int:
    """Of ``places`` (n,) of a gallery, the first whose picture the BEiT names rightly and the MLP does not.

    Without one, the first on which they differ at all; else the first. What they say comes from their recorded runs
    where those hold all of these pictures, else from the models. Errors: those of core for models that are not here.
    """
    parts = chosen(lab, beit)
    if not {MLP, BEIT} <= parts.keys():
        return int(places[0])
    pixels = np.asarray(gallery.pixels[places])
    said = recorded_answers(parts, pixels)
    mlp, other = said if said is not None else _answers(lab, parts, pixels, progress)
    differ = mlp != other
    for wanted in (differ & (other == gallery.labels[places]), differ):
        if wanted.any():
            return int(places[np.flatnonzero(wanted)[0]])
    return int(places[0])


def recorded_answers(parts: Chosen, pixels: Pixels) -> tuple[Labels, Labels] | None:
    """What the MLP's and the BEiT's recorded runs say of pictures (n, 32, 32, 3), each (n,); None where one of the
    pictures or runs is not recorded."""
    found = recordings(parts)
    if not {MLP, BEIT} <= found.keys():
        return None
    mlp, beit = aligned([found[MLP], found[BEIT]])
    rows = {digest: row for row, digest in enumerate(mlp.hashes)}
    wanted = [rows.get(pixel_hash(picture)) for picture in pixels]
    if None in wanted:
        return None
    at = np.array(wanted, np.int64)  # (n,)
    return mlp.predicted[at].astype(np.int64), beit.predicted[at].astype(np.int64)


def _answers(lab: Lab, parts: Chosen, pixels: Pixels, progress: Progress | None) -> tuple[Labels, Labels]:
    """The same from the models, kept for the next page."""

    def compute() -> tuple[Labels, Labels]:
        from core.pictures.classify import classify  # here, as it imports torch

        with leased(lab, {part: parts[part] for part in (MLP, BEIT)}, progress) as classifiers:
            mlp, beit = (lab.engine.run(classify, classifiers[part], pixels) for part in (MLP, BEIT))
        return mlp.probabilities.argmax(axis=1), beit.probabilities.argmax(axis=1)

    key = ("cifar", "disagreement", pixels_digest(pixels), parts[MLP].name, parts[BEIT].name)
    return lab.results.get(key, compute)
