"""What a change of the picture does to a classifier, measured: accuracy against strength.

A claim about a network ("it makes no use of which pixels are neighbours") becomes a curve. B pictures of 32×32.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from core.data.galleries import Pixels
from core.needs import EVALUATION, PICTURE, lent
from core.networks.classifier import BATCH, Classifier, unit
from core.pictures.changes import Change, check_change
from core.pictures.evaluation import PictureSet, check_run, seeded_order
from core.pictures.results import Robustness
from core.pictures.transforms import SEED, TRANSFORMS, as_pixels
from core.stops import Stopped, never

PGD_STEPS = 10
ATTACK_BATCH = 16  # each takes several passes forward and back, and a stop is heard between batches


@cache
def foolbox() -> Any:
    """The library of attacks (Rauber et al., 2017), imported when first needed: it takes a second."""
    os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")  # else its import fails on a machine without git
    import foolbox as library

    return library


def seeded_start(attack: Any, seed: int) -> Any:
    """Let the attack's random start come from a generator of its own, for the same picture each time."""

    def start(x0: Any, epsilon: float) -> Any:
        generator = torch.Generator().manual_seed(seed)
        noise = torch.rand(x0.shape, generator=generator).to(x0.raw.device)  # (B, 3, 32, 32)
        return x0 + (2 * noise - 1) * epsilon

    attack.get_random_start = start
    return attack


def attack(classifier: Classifier, pixels: Pixels, labels: NDArray[np.uint8], name: str, strength: float) -> Pixels:
    """Pictures (B, 32, 32, 3) within ``strength`` of 255 in every value, made to raise this classifier's loss.

    ``fgsm``: one step along the sign of the gradient (Goodfellow et al., 2015). ``pgd``: ten smaller ones from a random
    start, each brought back into reach (Madry et al., 2018). Rounded to whole values, as a file would hold them.
    """
    if strength == 0:
        return pixels.copy()
    library = foolbox()
    made = (
        library.attacks.LinfFastGradientAttack()
        if name == "fgsm"
        else seeded_start(
            library.attacks.LinfProjectedGradientDescentAttack(rel_stepsize=2.5 / PGD_STEPS, steps=PGD_STEPS), SEED
        )
    )
    model = library.PyTorchModel(classifier, bounds=(0, 1), device=classifier.device)
    x, y = unit(pixels).to(classifier.device), torch.from_numpy(labels.astype(np.int64)).to(classifier.device)
    adversarial = made.run(model, x, library.criteria.Misclassification(y), epsilon=strength / 255)  # (B, 3, 32, 32)
    return as_pixels(adversarial)


def changed(
    classifier: Classifier, pixels: Pixels, labels: NDArray[np.uint8], change: Change, strength: float
) -> Pixels:
    """What this classifier is given instead of ``pixels``; only an attack depends on the classifier and the labels."""
    if change.attack:
        return attack(classifier, pixels, labels, change.name, strength)
    return TRANSFORMS[change.name](pixels, strength)


@lent(PICTURE)
def answers_to_changed(
    classifiers: Sequence[Classifier], pixels: Pixels, labels: NDArray[np.uint8], name: str, strength: float
) -> list[tuple[Pixels, NDArray[np.float32]]]:
    """Of each classifier the pictures (n, 32, 32, 3) that it is given, and its probabilities (n, K)."""
    change, checked = check_change(name, strength)
    given = [changed(classifier, pixels, labels, change, checked) for classifier in classifiers]
    return [(these, one.probabilities(these)) for one, these in zip(classifiers, given, strict=True)]


@lent(EVALUATION)
def measure(
    classifiers: Sequence[Classifier],
    pictures: PictureSet,
    name: str,
    count: int,
    seed: int = 0,
    stopped: Stopped = never,
) -> Iterator[Robustness]:
    """Yield a :class:`Robustness` after each strength, weakest first, over the same min(count, available) pictures.

    ``stopped`` is asked before each batch. Raises ``RangeError`` for an unknown change, a count or a seed out of range.
    """
    change, _ = check_change(name, 0)
    count, seed = check_run(count, seed)
    places = seeded_order(len(pictures.labels), count, seed)  # (n,)
    pixels, labels = pictures.pixels[places], pictures.labels[places]  # (n, 32, 32, 3), (n,)
    strengths = change.strengths()  # (S,)
    size = ATTACK_BATCH if change.attack else BATCH
    right = np.zeros((len(classifiers), len(strengths)), np.int64)  # (models, S)
    for s, strength in enumerate(strengths):
        for m, classifier in enumerate(classifiers):
            for start in range(0, len(places), size):
                if stopped():
                    return
                part = slice(start, start + size)
                given = changed(classifier, pixels[part], labels[part], change, float(strength))
                guesses = classifier.probabilities(given).argmax(axis=1)  # (B,)
                right[m, s] += int((guesses == labels[part]).sum())
        models = tuple(classifier.name for classifier in classifiers)
        yield Robustness(
            change.name, pictures.source, len(places), models, strengths[: s + 1], right[:, : s + 1].copy()
        )
