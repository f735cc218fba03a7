"""The claims: each is tried on the live model, and its verdict is computed and shown with its sample size."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

import gradio as gr
import numpy as np

from components.page.feedback import shown
from components.page.i18n import language_of
from components.page.viewer import asks, message, packed, viewer
from core.data.galleries import Galleries
from core.data.labels import scene_class
from core.engines.zerogpu import CLAIM, borrow
from core.errors import InputError, LabError
from core.lab.lab import Lab
from core.learn.claims import CLAIMS, Finding, check_claim, check_request, run
from core.learn.claims.claim import Claim, Part
from core.models.catalog import Job
from core.texts import say

PARTS: dict[Part, tuple[Job, str]] = {
    "text": ("attention", ""),
    "sentiment": ("attention", "bert-sentiment"),
    "mlp": ("cifar10-mlp", "mlp-cifar10"),
    "permuted": ("cifar10-mlp", "mlp-cifar10-permuted"),
    "beit": ("cifar10-beit", ""),
    "scene": ("segmentation", ""),
}
MODEL_WORK: dict[str, Any] = {"concurrency_id": "model", "concurrency_limit": 2, "api_visibility": "private"}


def tried(lab: Lab, galleries: Galleries, claim: Claim, count: int, seed: int, report: Any = None) -> Finding:
    """The finding of one claim, from the cache or by the experiment. Errors: those of core."""
    from core.learn.claims.samples import draw

    def compute() -> Finding:
        with ExitStack() as stack:
            models = {part: stack.enter_context(_leased(lab, part, report)) for part in claim.parts}
            return borrow(CLAIM, run, claim.name, models, draw(claim.sample, galleries, count, seed), seed)

    return lab.results.get(("learn", "claim", claim.name, str(count), str(seed)), compute)


def _leased(lab: Lab, part: Part, report: Any) -> Any:
    job, name = PARTS[part]
    return lab.use(name, job, report)


def finding_message(lab: Lab, finding: Finding) -> str:
    """What the page is sent of a finding."""
    conditions = [
        {
            "name": condition.name,
            "value": float(np.float32(condition.value)),
            "low": condition.low,
            "high": condition.high,
            "control": condition.control,
            "fields": dict(condition.fields),
        }
        for condition in finding.conditions
    ]
    classes = dict.fromkeys(id for one in finding.exhibits for id in one.classes)
    titles = [spec.title for name in finding.models for spec in lab.catalog if spec.name == name]
    return message(
        "finding",
        claim=finding.claim,
        verdict=finding.verdict,
        unit=finding.unit,
        conditions=conditions,
        total=finding.total,
        values=dict(finding.values),
        source=finding.source,
        seed=finding.seed,
        models=titles or list(finding.models),
        exhibits=[
            {"name": one.name, "picture": packed(np.frombuffer(one.rgb, np.uint8)), "size": [one.height, one.width]}
            for one in finding.exhibits
        ],
        classes=[{"id": id, "color": scene_class(id).color} for id in classes],
    )


def contents() -> str:
    """All claims, for the page's first drawing."""
    claims = [
        {
            "name": claim.name,
            "sample": claim.sample,
            "count": claim.count,
            "most": claim.most,
            "parts": list(claim.parts),
        }
        for claim in CLAIMS.values()
    ]
    return message("claims", claims=claims)


def build(lab: Lab, view_tab: gr.Tab, demo: gr.Blocks) -> None:
    """Lay the view out and connect it."""
    galleries = lab.galleries
    view = viewer("learn-claims", elem_id="learn-claims", value=contents())

    @shown
    def attempt(event: gr.EventData, request: gr.Request, progress: Any = gr.Progress()) -> str:  # noqa: B008
        ask = event._data if isinstance(event._data, dict) else {}
        language = language_of(request)
        claim = check_claim(ask.get("claim"))
        count, seed = check_request(ask.get("count"), ask.get("seed"), claim.most)

        def report(share: float) -> None:
            progress(share, desc=say(language, "app.loading_model"))

        try:
            return finding_message(lab, tried(lab, galleries, claim, count, seed, report))
        except InputError:
            raise
        except LabError as error:
            return message("failed", claim=claim.name, problem=error.sentence(language), parts=list(claim.parts))

    asks(view, "submit", attempt, None, view, show_progress="minimal", trigger_mode="multiple", **MODEL_WORK)
