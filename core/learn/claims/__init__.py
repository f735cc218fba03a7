"""Claims about transformers as experiments: each has a control, a sample size, and a verdict that is computed.

``CLAIMS`` is light; the experiments, which import torch, are looked up when one is run.
"""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module

from core.checks import choice
from core.learn.claims.claim import VERDICTS, Claim, Condition, Finding, Models, Samples, check_sample
from core.needs import CLAIM, lent

__all__ = ["CLAIMS", "VERDICTS", "Claim", "Condition", "Finding", "Samples", "check_claim", "check_sample", "run"]

EXPERIMENTS = {
    "text": ("positions", "heads", "segments", "explains"),
    "understanding": ("understands",),
    "picture": ("places", "neighbours", "reach"),
    "scene": ("scene",),
    "structure": ("layers", "stacks", "parallel", "parameters", "twice", "intermediate"),
}

CLAIMS = {
    claim.name: claim
    for claim in (
        Claim("reach", ("beit",), "pictures", 16),
        Claim("layers", ("text",), "none", 1),
        Claim("stacks", ("text",), "sentences", 5),
        Claim("parallel", ("text",), "sentences", 5),
        Claim("positions", ("sentiment",), "reviews", 200),
        Claim("places", ("beit",), "pictures", 200),
        Claim("scene", ("scene",), "scenes", 6, most=24),
        Claim("neighbours", ("mlp", "permuted"), "recorded", 1),
        Claim("heads", ("sentiment",), "reviews", 40, most=200),
        Claim("segments", ("text",), "pairs", 16),
        Claim("explains", ("text",), "sentences", 12),
        Claim("understands", ("sentiment",), "graded", 200, most=200),
        Claim("intermediate", (), "none", 1),
        Claim("parameters", ("mlp",), "none", 1),
        Claim("twice", ("mlp",), "pictures", 200),
    )
}


def check_claim(name: object) -> Claim:
    """The claim of that name. Errors: RangeError, which names the choices."""
    return CLAIMS[choice("learn.unknown_claim", name, CLAIMS)]


@lent(CLAIM)
def run(name: str, models: Models, samples: Samples, seed: int) -> Finding:
    """Try one claim on loaded models, by part, and drawn samples; the same seed gives the same finding."""
    claim = check_claim(name)
    module = next(module for module, names in EXPERIMENTS.items() if name in names)
    finding: Finding = getattr(import_module(f"core.learn.claims.{module}"), claim.name)(models, samples, seed)
    return replace(finding, source=samples.source, seed=seed, models=tuple(m.spec.name for m in models.values()))
