"""A claim tried on the live models: which it needs, the samples that are drawn, and the finding, kept."""

from __future__ import annotations

from contextlib import ExitStack

from core.lab.lab import Lab
from core.lab.twins import twins
from core.learn.claims import Finding, run
from core.learn.claims.claim import Claim, Part, Sample, Samples
from core.models.catalog import Job
from core.pictures.recorded import RECORDED
from core.progress import Progress

PARTS: dict[Part, tuple[Job, str]] = {  # job and name; "" for the job's default
    "text": ("attention", ""),
    "sentiment": ("attention", "bert-imdb"),  # the Scene's
    "mlp": ("cifar10-mlp", "mlp-cifar10"),
    "permuted": ("cifar10-mlp", "mlp-cifar10-permuted"),
    "beit": ("cifar10-beit", ""),
    "scene": ("segmentation", ""),
}


def available(lab: Lab, kind: Sample) -> int:
    """How many cases of a kind there are to draw from here; 0 for a kind of which none are drawn."""
    from core.learn.claims import samples

    return samples.available(kind, lab.galleries)


def samples_of(lab: Lab, claim: Claim, count: int, seed: int) -> Samples:
    """What a claim is tried on: ``count`` cases drawn with ``seed``, or every picture of the recorded runs."""
    from core.learn.claims.samples import draw

    if claim.sample == "recorded":
        _, runs = twins(lab)
        return Samples(RECORDED, right={part: run.predicted == run.truth for part, run in runs.items()})
    return draw(claim.sample, lab.galleries, count, seed)


def tried(lab: Lab, claim: Claim, count: int, seed: int, progress: Progress | None = None) -> Finding:
    """The finding of one claim, from the cache or by the experiment; ``count`` cases drawn with ``seed``.

    Errors: those of core for models that are not here and data that cannot be read.
    """

    def compute() -> Finding:
        with ExitStack() as stack:
            needed = ((part, *PARTS[part]) for part in claim.parts)
            models = {part: stack.enter_context(lab.use(name, job, progress)) for part, job, name in needed}
            return lab.engine.run(run, claim.name, models, samples_of(lab, claim, count, seed), seed)

    return lab.results.get(("learn", "claim", claim.name, str(count), str(seed)), compute)
