"""The bundled models: pictures or reviews a second, each against its predecessor in the same process."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import torch

from core.lab.lab import Lab
from core.models.catalog import Job
from core.networks.classifier import Classifier, unit
from core.scene.segment import analyse
from core.settings import Settings
from core.text.attend import attend
from tests.benchmarks._timing import medians, row
from tests.benchmarks.attention import sized
from tests.benchmarks.cifar import BATCH, many
from tests.benchmarks.segmentation import photo

SCENES, CIFAR, REVIEWS = (
    ("beit-scenes", "beit-street"),
    ("beit-cifar10", "mlp-cifar10"),
    ("bert-imdb", "bert-sentiment"),
)
TOKENS = 128
TIMES = 5


def rates(pair: tuple[str, str], works: list[Callable[[], object]], count: int, what: str, unit_: str) -> None:
    """Print how many a second both models of ``pair`` get through; each of ``works`` does ``count``."""
    ours, before = medians(*works, times=TIMES)
    row(f"{pair[0]} : {pair[1]}, {what}", count / ours, count / before, unit_)


def both(stack: ExitStack, lab: Lab, pair: tuple[str, str], jobs: tuple[Job, Job]) -> list:
    """Leases of both models, while ``stack`` lasts."""
    return [stack.enter_context(lab.use(name, job)) for name, job in zip(pair, jobs, strict=True)]


def scenes(lab: Lab) -> None:
    """A photograph to its classes, and a long one, which goes through in windows."""
    usual, long = photo(480, 640), photo(480, 2400)
    with ExitStack() as stack:
        models = both(stack, lab, SCENES, ("segmentation", "segmentation"))
        rates(SCENES, [lambda m=m: analyse(m, usual) for m in models], 1, "a photograph of 4 : 3", "pictures/s")
        rates(SCENES, [lambda m=m: analyse(m, long) for m in models], 1, "a photograph of 5 : 1", "pictures/s")
        new = models[0]
        _, result = analyse(new, long)
        slow, quick = medians(lambda: analyse(new, long), lambda: analyse(new, usual), times=TIMES)
        row(f"{SCENES[0]}: 5 : 1, in {result.windows} windows, : 4 : 3", slow, quick)


def cifar(lab: Lab) -> None:
    """A batch of small pictures to their classes. No predecessor of the BEiT is bundled: its peer is the MLP."""
    x = unit(many(BATCH).pixels[:BATCH])
    with ExitStack() as stack, torch.inference_mode():
        loaded = both(stack, lab, CIFAR, ("cifar10-beit", "cifar10-mlp"))
        classifiers = [Classifier.of(model) for model in loaded]
        works = [lambda c=classifier: c(x) for classifier in classifiers]
        print(f"  (no predecessor of {CIFAR[0]} is bundled: its peer is {CIFAR[1]})")
        rates(CIFAR, works, BATCH, f"batches of {BATCH}", "pictures/s")


def texts(lab: Lab) -> None:
    """A review of ``TOKENS`` tokens, with all its attention, to its sentiment."""
    with ExitStack() as stack:
        loaded = both(stack, lab, REVIEWS, ("attention", "attention"))
        looks = [(model, sized(model, TOKENS)) for model in loaded]
        works = [lambda look=look: attend(*look) for look in looks]
        rates(REVIEWS, works, 1, f"reviews of {TOKENS} tokens", "reviews/s")


def weights(lab: Lab) -> None:
    """How much each weighs on disk."""
    for pair in (SCENES, CIFAR, REVIEWS):
        ours, before = (size_of(lab.find(name).folder) for name in pair)
        row(f"{pair[0]} : {pair[1]}, weights", ours / 1e6, before / 1e6, "MB")


def size_of(folder: Path | None) -> int:
    """Bytes of the weights that a bundled model is loaded from."""
    assert folder is not None, "a bundled model has a folder"
    return (folder / "model.safetensors").stat().st_size


def main() -> None:
    """Print every figure."""
    torch.set_num_threads(2)
    lab = Lab(Settings(offline=True, device="cpu"))
    scenes(lab)
    cifar(lab)
    texts(lab)
    weights(lab)
